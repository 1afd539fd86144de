#include "base/histogram.h"

#include "base/statistics.h"

#include <float.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void histogram_init(struct histogram *histogram)
{
	memset(histogram, 0, sizeof(*histogram));
	histogram->min = INT64_MAX;
	histogram->max = -1;
}

static void sum_add(struct histogram_sum *sum, struct histogram_sum more)
{
	sum->gigaseconds += more.gigaseconds;
	sum->nanoseconds += more.nanoseconds;
	if (sum->nanoseconds >= HISTOGRAM_GIGASECOND) {
		sum->nanoseconds -= HISTOGRAM_GIGASECOND;
		sum->gigaseconds++;
	}
}

/* Adds VALUE N times, by doubling: their product would not fit into 64 bits. */
static void sum_add_n(struct histogram_sum *sum, int64_t value, uint64_t n)
{
	struct histogram_sum part = {
		.gigaseconds = (uint64_t)value / HISTOGRAM_GIGASECOND,
		.nanoseconds = (uint64_t)value % HISTOGRAM_GIGASECOND,
	};
	for (; n; n >>= 1) {
		if (n & 1)
			sum_add(sum, part);
		sum_add(&part, part);
	}
}

static bool sum_less(struct histogram_sum a, struct histogram_sum b)
{
	return a.gigaseconds != b.gigaseconds ? a.gigaseconds < b.gigaseconds
					      : a.nanoseconds < b.nanoseconds;
}

void histogram_record_n(struct histogram *histogram, int64_t value, uint64_t n)
{
	if (n == 0)
		return;
	if (value < 0)
		value = 0;
	histogram->buckets[histogram_index(value)] += n;
	histogram->count += n;
	if (value < histogram->min)
		histogram->min = value;
	if (value > histogram->max)
		histogram->max = value;
	sum_add_n(&histogram->sum, value, n);
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
		into->buckets[i] += from->buckets[i];
	into->count += from->count;
	if (from->min < into->min)
		into->min = from->min;
	if (from->max > into->max)
		into->max = from->max;
	sum_add(&into->sum, from->sum);
}

static int64_t lowest(unsigned index)
{
	if (index == HISTOGRAM_ABOVE)
		return HISTOGRAM_TOP + 1;
	if (index < HISTOGRAM_SUB_BUCKETS)
		return index;
	unsigned shift = index / HISTOGRAM_HALF - 1;
	return (int64_t)(index - shift * HISTOGRAM_HALF) << shift;
}

bool histogram_next(const struct histogram *histogram, struct histogram_bucket *bucket)
{
	unsigned index = bucket->next;
	while (index < HISTOGRAM_BUCKETS && histogram->buckets[index] == 0)
		index++;
	if (index == HISTOGRAM_BUCKETS)
		return false;
	bucket->next = index + 1;
	bucket->lowest = lowest(index);
	bucket->highest = index == HISTOGRAM_ABOVE ? INT64_MAX : lowest(index + 1) - 1;
	if (bucket->highest > histogram->max)
		bucket->highest = histogram->max;
	bucket->count = histogram->buckets[index];
	bucket->total += bucket->count;
	return true;
}

int64_t histogram_percentile(const struct histogram *histogram, double percentile)
{
	if (histogram->count == 0 || percentile >= 100)
		return histogram->max;
	/*
	 * 99.9 % of 1000 must be 999, but is a little more in binary: take that little off, or
	 * the answer would be one value too far.
	 */
	double share = percentile / 100 * (double)histogram->count * (1 - 4 * DBL_EPSILON);
	struct histogram_bucket bucket = { 0 };
	while (histogram_next(histogram, &bucket))
		if ((double)bucket.total >= share)
			return bucket.highest;
	return histogram->max;
}

double histogram_mean(const struct histogram *histogram)
{
	if (histogram->count == 0)
		return -1;
	return ((double)histogram->sum.gigaseconds * (double)HISTOGRAM_GIGASECOND +
		(double)histogram->sum.nanoseconds) /
	       (double)histogram->count;
}

static double middle(const struct histogram *histogram, const struct histogram_bucket *bucket)
{
	int64_t from = bucket->lowest > histogram->min ? bucket->lowest : histogram->min;
	return ((double)from + (double)bucket->highest) / 2;
}

double histogram_stddev(const struct histogram *histogram)
{
	if (histogram->count == 0)
		return -1;
	/* Around the mean of the middles, so that many values in one bucket do not seem to vary. */
	double mean = 0, variance = 0;
	for (struct histogram_bucket bucket = { 0 }; histogram_next(histogram, &bucket);)
		mean += middle(histogram, &bucket) * (double)bucket.count /
			(double)histogram->count;
	for (struct histogram_bucket bucket = { 0 }; histogram_next(histogram, &bucket);) {
		double off = middle(histogram, &bucket) - mean;
		variance += off * off * (double)bucket.count / (double)histogram->count;
	}
	return statistics_square_root(variance);
}

static int put_format(histogram_put *put, void *to, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int put_format(histogram_put *put, void *to, const char *format, ...)
{
	char text[256];
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return put(to, text, (size_t)length);
}

int histogram_write(const struct histogram *histogram, histogram_put *put, void *to)
{
	if (histogram->count == 0)
		return put_format(put, to, "count=0");
	if (put_format(put, to, "count=%" PRIu64 " min=%" PRId64 " max=%" PRId64 " sum=",
		       histogram->count, histogram->min, histogram->max) == -1)
		return -1;
	const struct histogram_sum *sum = &histogram->sum;
	if ((sum->gigaseconds ? put_format(put, to, "%" PRIu64 "%018" PRIu64, sum->gigaseconds,
					   sum->nanoseconds)
			      : put_format(put, to, "%" PRIu64, sum->nanoseconds)) == -1)
		return -1;
	for (struct histogram_bucket bucket = { 0 }; histogram_next(histogram, &bucket);)
		if (put_format(put, to, " %" PRId64 ":%" PRIu64, bucket.lowest, bucket.count) == -1)
			return -1;
	return 0;
}

struct scan {
	const char *start, *at, *end;
	const char *item; /* where the last word or number begins, for the error */
	struct error *error;
};

static int refuse(const struct scan *scan, const char *why)
{
	error_set(scan->error, STATUS_DATA, "histogram text, byte %td: %s",
		  scan->item - scan->start + 1, why);
	return -1;
}

static int scan_word(struct scan *scan, const char *word)
{
	size_t length = strlen(word);
	scan->item = scan->at;
	if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0) {
		char why[32];
		snprintf(why, sizeof(why), "no \"%s\"", word);
		return refuse(scan, why);
	}
	scan->at += length;
	return 0;
}

static bool is_digit(const struct scan *scan)
{
	return scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9';
}

static int scan_sum(struct scan *scan, struct histogram_sum *sum)
{
	*sum = (struct histogram_sum){ 0 };
	scan->item = scan->at;
	if (!is_digit(scan))
		return refuse(scan, "no number");
	for (; is_digit(scan); scan->at++) {
		if (*scan->item == '0' && scan->at > scan->item)
			return refuse(scan, "a number with a leading zero");
		if (sum->gigaseconds >= UINT64_MAX / 10)
			return refuse(scan, "the number is too large");
		const uint64_t tenth = HISTOGRAM_GIGASECOND / 10;
		sum->gigaseconds = sum->gigaseconds * 10 + sum->nanoseconds / tenth;
		sum->nanoseconds = sum->nanoseconds % tenth * 10 + (uint64_t)(*scan->at - '0');
	}
	return 0;
}

static int scan_number(struct scan *scan, int64_t *number)
{
	struct histogram_sum sum;
	if (scan_sum(scan, &sum) == -1)
		return -1;
	if (sum.gigaseconds > 9 ||
	    sum.gigaseconds * HISTOGRAM_GIGASECOND + sum.nanoseconds > (uint64_t)INT64_MAX)
		return refuse(scan, "the number is too large");
	*number = (int64_t)(sum.gigaseconds * HISTOGRAM_GIGASECOND + sum.nanoseconds);
	return 0;
}

static int scan_buckets(struct scan *scan, struct histogram *histogram)
{
	uint64_t left = histogram->count;
	unsigned next = 0;
	while (scan->at < scan->end) {
		int64_t value, count;
		if (scan_word(scan, " ") == -1 || scan_number(scan, &value) == -1)
			return -1;
		unsigned index = histogram_index(value);
		if (lowest(index) != value)
			return refuse(scan, "no bucket begins with this value");
		if (index < next)
			return refuse(scan, "the values do not ascend");
		if (scan_word(scan, ":") == -1 || scan_number(scan, &count) == -1)
			return -1;
		if (count == 0)
			return refuse(scan, "an empty bucket");
		if ((uint64_t)count > left)
			return refuse(scan, "the buckets hold more than the count says");
		histogram->buckets[index] = (uint64_t)count;
		left -= (uint64_t)count;
		next = index + 1;
	}
	return left ? refuse(scan, "the buckets hold less than the count says") : 0;
}

/* Whether values that lie in these buckets can have that minimum, maximum and sum. */
static int check_figures(const struct histogram *histogram, struct error *error)
{
	struct histogram_sum least = { 0 }, most = { 0 };
	struct histogram_bucket bucket = { 0 };
	unsigned first = HISTOGRAM_BUCKETS, last = HISTOGRAM_BUCKETS;
	while (histogram_next(histogram, &bucket)) {
		int64_t low = bucket.lowest > histogram->min ? bucket.lowest : histogram->min;
		sum_add_n(&least, low, bucket.count);
		sum_add_n(&most, bucket.highest, bucket.count);
		last = bucket.next - 1;
		if (first == HISTOGRAM_BUCKETS)
			first = last;
	}
	const char *why = NULL;
	if (histogram_index(histogram->min) != first)
		why = "the minimum is not in the first bucket";
	else if (histogram_index(histogram->max) != last)
		why = "the maximum is not in the last bucket";
	else if (histogram->min > histogram->max ||
		 (histogram->count == 1 && histogram->min != histogram->max))
		why = "the minimum and the maximum contradict each other";
	else if (sum_less(histogram->sum, least) || sum_less(most, histogram->sum))
		why = "the buckets cannot have that sum";
	return why ? error_set(error, STATUS_DATA, "histogram text: %s", why) : 0;
}

static int scan_histogram(struct scan *scan, struct histogram *histogram)
{
	int64_t count;
	if (scan_word(scan, "count=") == -1 || scan_number(scan, &count) == -1)
		return -1;
	if (count == 0)
		return scan->at == scan->end ? 0
					     : refuse(scan, "an empty histogram has only a count");
	if (count > HISTOGRAM_COUNT_MAX)
		return refuse(scan, "the count is too large");
	histogram->count = (uint64_t)count;
	if (scan_word(scan, " min=") == -1 || scan_number(scan, &histogram->min) == -1 ||
	    scan_word(scan, " max=") == -1 || scan_number(scan, &histogram->max) == -1 ||
	    scan_word(scan, " sum=") == -1 || scan_sum(scan, &histogram->sum) == -1)
		return -1;
	return scan_buckets(scan, histogram) == -1 ? -1 : check_figures(histogram, scan->error);
}

int histogram_read(struct histogram *histogram, const char *text, size_t length,
		   struct error *error)
{
	struct scan scan = { .start = text, .at = text, .end = text + length, .error = error };
	histogram_init(histogram);
	if (scan_histogram(&scan, histogram) == 0)
		return 0;
	histogram_init(histogram);
	return -1;
}

/* In whole numbers, so that a row is never off by one value, and without overflow. */
static uint64_t tenths_of(uint64_t count, unsigned tenths)
{
	return count / 10 * tenths + count % 10 * tenths / 10;
}

static int put_rows(const struct histogram *histogram, histogram_put *put, void *to)
{
	struct histogram_bucket bucket = { 0 };
	for (unsigned tick = 0; bucket.total < histogram->count; tick++) {
		/* Tenths of the way that is left to 100 %, which halves with every fifth tick. */
		unsigned halvings = tick / 5, tenths = 10 - tick % 5;
		uint64_t beyond = tenths_of(histogram->count, tenths) >> halvings;
		while (bucket.total == 0 || bucket.total < histogram->count - beyond)
			if (!histogram_next(histogram, &bucket))
				return 0;
		double inverse = (double)(UINT64_C(1) << halvings) * 10 / tenths;
		if (put_format(put, to, "%12.3f %2.12f %10" PRIu64 " %14.2f\n",
			       (double)bucket.highest / 1e3, 1 - 1 / inverse, bucket.total,
			       inverse) == -1)
			return -1;
	}
	return 0;
}

int histogram_write_hgrm(const struct histogram *histogram, histogram_put *put, void *to)
{
	bool empty = histogram->count == 0;
	double max = empty ? 0 : (double)histogram->max / 1e3;
	if (put_format(put, to, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount",
		       "1/(1-Percentile)") == -1 ||
	    put_rows(histogram, put, to) == -1 ||
	    put_format(put, to, "%12.3f %2.12f %10" PRIu64 "\n", max, 1.0, histogram->count) == -1)
		return -1;
	return put_format(put, to,
			  "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n"
			  "#[Max     = %12.3f, Total count    = %12" PRIu64 "]\n"
			  "#[Buckets = %12d, SubBuckets     = %12d]\n",
			  empty ? 0 : histogram_mean(histogram) / 1e3,
			  empty ? 0 : histogram_stddev(histogram) / 1e3, max, histogram->count,
			  HISTOGRAM_DOUBLINGS + 1, HISTOGRAM_SUB_BUCKETS);
}
