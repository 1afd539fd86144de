#include "base/histogram.h"

#include "check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 100000, TEXT = 1 << 20 };

/* Too large for the stack; every test begins with empty ones. */
static struct histogram one, two, all;
static struct text {
	char bytes[TEXT];
	size_t length;
	int calls, refuse_at; /* 0: never */
} text, again;

static int put(void *to, const char *bytes, size_t length)
{
	struct text *into = to;
	if (++into->calls == into->refuse_at || length >= TEXT - into->length)
		return -1;
	memcpy(into->bytes + into->length, bytes, length);
	into->length += length;
	into->bytes[into->length] = '\0';
	return 0;
}

static void clear(struct text *into)
{
	into->length = 0;
	into->calls = into->refuse_at = 0;
	into->bytes[0] = '\0';
}

static bool same(const struct histogram *a, const struct histogram *b)
{
	return a->count == b->count && a->min == b->min && a->max == b->max &&
	       a->sum.gigaseconds == b->sum.gigaseconds &&
	       a->sum.nanoseconds == b->sum.nanoseconds &&
	       memcmp(a->buckets, b->buckets, sizeof(a->buckets)) == 0;
}

static bool near(double got, double expected, double within)
{
	return got >= expected - within && got <= expected + within;
}

static double square(double value)
{
	return value * value;
}

static int64_t uniform(void)
{
	return 1 + (int64_t)check_random(2000000000);
}

/* A product of many small factors, with its long tail. */
static int64_t lognormal(void)
{
	double value = 20000;
	for (int i = 0; i < 12; i++)
		value *= 0.6 + check_random(1000) / 1000.0;
	return (int64_t)value;
}

static int64_t bimodal(void)
{
	return check_random(10) ? 9000 + (int64_t)check_random(2000)
				: 40000000000 + (int64_t)check_random(1000000000);
}

static int compare(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

static void test_samples(const char *name, int64_t (*sample)(void), uint64_t count)
{
	static const unsigned permilles[] = { 0, 500, 900, 990, 999, 1000 };
	static int64_t samples[SAMPLES];
	int64_t sum = 0;
	histogram_init(&one);
	for (uint64_t i = 0; i < count; i++) {
		samples[i] = sample();
		sum += samples[i];
		histogram_record(&one, samples[i]);
	}
	qsort(samples, count, sizeof(samples[0]), compare);

	for (size_t i = 0; i < sizeof(permilles) / sizeof(permilles[0]); i++) {
		uint64_t rank = (permilles[i] * count + 999) / 1000;
		int64_t exact = samples[rank > 0 ? rank - 1 : 0];
		int64_t got = histogram_percentile(&one, permilles[i] / 10.0);
		bool close = got >= exact && (double)(got - exact) <= (double)exact / 1000;
		check(close && got <= one.max,
		      "%s, %" PRIu64 " values: p%g is %" PRId64 ", exactly %" PRId64, name, count,
		      permilles[i] / 10.0, got, exact);
	}
	check(histogram_percentile(&one, 100) == samples[count - 1],
	      "%s: p100 is the exact maximum", name);
	check(one.count == count && one.min == samples[0] && one.max == samples[count - 1],
	      "%s: count, minimum and maximum", name);

	double mean = (double)sum / (double)count, variance = 0;
	check(near(histogram_mean(&one), mean, 1e-3), "%s: the mean", name);
	for (uint64_t i = 0; i < count; i++)
		variance += square((double)samples[i] - mean) / (double)count;
	double got = histogram_stddev(&one);
	check(near(got * got, variance, variance / 250 + 1e-9), "%s: the standard deviation", name);
}

static void test_empty(void)
{
	struct histogram_bucket bucket = { 0 };
	histogram_init(&one);
	check(histogram_percentile(&one, 0) == -1 && histogram_percentile(&one, 50) == -1 &&
		      histogram_percentile(&one, 100) == -1,
	      "an empty one has no percentiles");
	check(histogram_mean(&one) == -1 && histogram_stddev(&one) == -1, "no mean, no deviation");
	check(!histogram_next(&one, &bucket), "and no buckets to walk over");
	histogram_record_n(&one, 5, 0);
	histogram_init(&two);
	check(same(&one, &two), "a value recorded no times changes nothing");
	check(sizeof(struct histogram) <= 214 * 1024 + 512, "it takes %zu bytes",
	      sizeof(struct histogram));
}

/* Below 2048 ns nothing is rounded: the answer must be the very rank, for all counts. */
static void test_ranks(void)
{
	static const struct {
		double percentile;
		uint64_t numerator, denominator;
	} asked[] = {
		{ 50, 1, 2 },        { 90, 9, 10 },          { 99, 99, 100 },
		{ 99.9, 999, 1000 }, { 99.99, 9999, 10000 }, { 33.3, 333, 1000 },
		{ 7, 7, 100 },       { 0.1, 1, 1000 },       { 14.5, 145, 1000 },
	};
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		uint64_t wrong = 0;
		histogram_init(&one);
		for (uint64_t n = 1; n < 2048 && !wrong; n++) {
			uint64_t rank = (n * asked[i].numerator + asked[i].denominator - 1) /
					asked[i].denominator;
			histogram_record(&one, (int64_t)n);
			if (histogram_percentile(&one, asked[i].percentile) != (int64_t)rank)
				wrong = n;
		}
		check(!wrong, "p%g has the right rank among 1 to 2047 values (wrong: %" PRIu64 ")",
		      asked[i].percentile, wrong);
	}
}

static int64_t width_at(int64_t value)
{
	int64_t width = 1;
	while (value / width >= 2048)
		width *= 2;
	return width;
}

static void test_boundaries(void)
{
	for (int power = 0; power <= 35; power++) {
		bool good = true;
		int64_t middle = INT64_C(1) << power;
		for (int64_t value = middle - 1; value <= middle + 1; value++) {
			struct histogram_bucket bucket = { 0 };
			int64_t width = width_at(value);
			histogram_init(&one);
			histogram_record(&one, value);
			/* so that the maximum does not bound it */
			histogram_record(&one, INT64_MAX);
			good = good && histogram_next(&one, &bucket) && bucket.count == 1 &&
			       bucket.lowest == value / width * width &&
			       bucket.highest == bucket.lowest + width - 1;
		}
		check(good, "the buckets around 2^%d", power);
	}

	histogram_init(&one);
	uint64_t buckets = 0;
	for (int64_t value = 0; value <= HISTOGRAM_TOP; value += width_at(value), buckets++)
		histogram_record(&one, value);
	histogram_record(&one, INT64_MAX);
	check(buckets == HISTOGRAM_BUCKETS - 1, "%" PRIu64 " buckets reach to 60 s", buckets);
	struct histogram_bucket bucket = { 0 };
	int64_t next = 0;
	bool seamless = true;
	while (histogram_next(&one, &bucket)) {
		seamless = seamless && bucket.lowest == next && bucket.count == 1;
		next = bucket.highest == INT64_MAX ? 0 : bucket.highest + 1;
	}
	check(seamless && next == 0 && bucket.total == one.count,
	      "no gap and no overlap between them");
}

static void test_outside(void)
{
	histogram_init(&one);
	histogram_record(&one, HISTOGRAM_TOP);
	check(one.buckets[HISTOGRAM_ABOVE] == 0 && histogram_percentile(&one, 50) == HISTOGRAM_TOP,
	      "60 s is not above the top");
	histogram_record(&one, HISTOGRAM_TOP + 1);
	histogram_record(&one, 3 * HISTOGRAM_TOP);
	check(one.buckets[HISTOGRAM_ABOVE] == 2 && one.count == 3,
	      "what is above is counted as such");
	check(histogram_percentile(&one, 33) == HISTOGRAM_TOP,
	      "what is below is not touched by it");
	check(histogram_percentile(&one, 50) == 3 * HISTOGRAM_TOP,
	      "a percentile above is the maximum");
	check(near(histogram_mean(&one), (5.0 * HISTOGRAM_TOP + 1) / 3, 1e-3),
	      "the mean knows it exactly");

	histogram_init(&one);
	histogram_record(&one, -7);
	histogram_record(&one, INT64_MIN);
	check(one.count == 2 && one.min == 0 && one.max == 0 && one.buckets[0] == 2,
	      "a negative value counts as 0");

	histogram_init(&one);
	histogram_init(&two);
	for (int i = 0; i < 1000; i++)
		histogram_record(&one, INT64_MAX - i % 2);
	histogram_record_n(&two, INT64_MAX - 1, 500);
	histogram_record_n(&two, INT64_MAX, 500);
	check(same(&one, &two), "a sum beyond 64 bits, one by one and at once");
	check(near(histogram_mean(&one), 9223372036854775807.0, 4096), "has the right mean");
	histogram_init(&one);
	histogram_record_n(&one, 1234567, 1000000007);
	check(one.count == 1000000007 && one.sum.nanoseconds == UINT64_C(1234567008641969) &&
		      histogram_percentile(&one, 50) == 1234567,
	      "many at once");
	check(histogram_stddev(&one) == 0, "equal values do not deviate");
	histogram_record(&one, 1234560);
	check(histogram_stddev(&one) < 1, "and one that shares their bucket makes no difference");
}

static void test_merge(void)
{
	histogram_init(&one);
	histogram_init(&two);
	histogram_init(&all);
	for (int i = 0; i < 20000; i++) {
		int64_t value = i % 100 ? bimodal() : HISTOGRAM_TOP * (int64_t)check_random(100000);
		histogram_record(&all, value);
		histogram_record(i % 3 ? &one : &two, value);
	}
	histogram_merge(&one, &two);
	check(same(&one, &all), "two merged are as one that recorded all");
	histogram_init(&two);
	histogram_merge(&one, &two);
	check(same(&one, &all), "an empty one adds nothing");
	histogram_merge(&two, &one);
	check(same(&two, &all), "merging into an empty one copies");
}

static void round_trip(const char *name)
{
	struct error error = { 0 };
	clear(&text);
	histogram_init(&two);
	histogram_record(&two, 77); /* to be forgotten */
	bool good = histogram_write(&one, put, &text) == 0 &&
		    histogram_read(&two, text.bytes, text.length, &error) == 0 && same(&one, &two);
	check(good, "%s, written and read back, is the same (%zu bytes) %s", name, text.length,
	      error.text);
}

static void test_round_trip(void)
{
	histogram_init(&one);
	round_trip("an empty one");
	histogram_record(&one, 0);
	round_trip("a zero");
	histogram_init(&one);
	histogram_record(&one, 50000);
	histogram_record_n(&one, 812, 2);
	round_trip("three values");
	check(strcmp(text.bytes, "count=3 min=812 max=50000 sum=51624 812:2 49984:1") == 0,
	      "the text is as documented: %s", text.bytes);
	histogram_record_n(&one, INT64_MAX, HISTOGRAM_COUNT_MAX - 3);
	round_trip("the largest");
	histogram_init(&one);
	histogram_record_n(&one, 500000000000000000, 2);
	histogram_record(&one, 5);
	round_trip("a sum just beyond 10^18");
	histogram_init(&one);
	for (int i = 0; i < SAMPLES; i++)
		histogram_record(&one, i % 2 ? lognormal() : bimodal() * 2);
	round_trip("a busy one");
	check(text.bytes[strspn(text.bytes, "0123456789:= acimnostux")] == '\0',
	      "JSON takes it as it is");
}

static void test_damaged(void)
{
	static const struct {
		const char *text, *why;
	} damaged[] = {
		{ "", "byte 1: no \"count=\"" },
		{ "count=-1 min=1 max=1 sum=1 1:1", "no number" },
		{ "count=01 min=1 max=1 sum=1 1:1", "leading zero" },
		{ "count=0 min=1 max=1 sum=1", "only a count" },
		{ "count=1 min=1 max=1 sum=1", "less than the count" },
		{ "count=2 min=1 max=1 sum=1 1:1", "less than the count" },
		{ "count=1 min=1 max=1 sum=2 1:2", "more than the count" },
		{ "count=1 min=1 max=1 sum=1 1:1\n", "no \" \"" },
		{ "count=1 min=1 max=1 sum=1 1:0", "an empty bucket" },
		{ "count=2 min=1 max=2 sum=3 2:1 1:1", "do not ascend" },
		{ "count=2 min=1 max=1 sum=2 1:1 1:1", "do not ascend" },
		{ "count=1 min=2049 max=2049 sum=2049 2049:1", "byte 36: no bucket begins" },
		{ "count=1 min=61000000000 max=61000000000 sum=61000000000 61000000000:1",
		  "no bucket begins" },
		{ "count=2 min=2 max=3 sum=5 1:1 3:1", "minimum is not in the first" },
		{ "count=2 min=1 max=2 sum=4 1:1 3:1", "maximum is not in the last" },
		{ "count=1 min=2049 max=2048 sum=2048 2048:1", "contradict" },
		{ "count=1 min=2048 max=2049 sum=2048 2048:1", "contradict" },
		{ "count=2 min=1 max=3 sum=3 1:1 3:1", "cannot have that sum" },
		{ "count=2 min=1 max=3 sum=5 1:1 3:1", "cannot have that sum" },
		{ "count=2 min=1 max=3 sum=10000000000000000004 1:1 3:1", "cannot have that sum" },
		{ "count=1000000000000000001 min=1 max=1 sum=1 1:1",
		  "byte 7: the count is too large" },
		{ "count=9223372036854775808 min=1 max=1 sum=1 1:1", "too large" },
		{ "count=1 min=1 max=99999999999999999999 sum=1 1:1", "too large" },
		{ "count=1 min=1 max=1 sum=99999999999999999999999999999999999999999 1:1",
		  "too large" },
	};
	histogram_init(&two);
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		struct error error = { 0 };
		histogram_record(&one, 1);
		int result = histogram_read(&one, damaged[i].text, strlen(damaged[i].text), &error);
		check(result == -1 && error.status == STATUS_DATA &&
			      strstr(error.text, damaged[i].why) && same(&one, &two),
		      "refused: '%s': %s", damaged[i].text, error.text);
	}
}

/* Whatever is accepted must be what would be written for it: there is no second spelling. */
static bool refused_or_itself(const char *bytes, size_t length, int *refused)
{
	struct error error;
	char *exact = malloc(length + 1); /* so that a sanitizer sees a read behind it */
	memcpy(exact, bytes, length);
	bool refuses = histogram_read(&two, exact, length, &error) == -1;
	free(exact);
	*refused += refuses;
	clear(&again);
	return refuses || (histogram_write(&two, put, &again) == 0 && again.length == length &&
			   memcmp(again.bytes, bytes, length) == 0);
}

static void test_every_byte(void)
{
	static const char others[] = "0123456789 :=-+.,xmn\n\t\"";
	histogram_init(&one);
	histogram_record_n(&one, 812, 12);
	histogram_record(&one, 123456);
	histogram_record(&one, 2 * HISTOGRAM_TOP);
	clear(&text);
	check(histogram_write(&one, put, &text) == 0, "a text to damage: %s", text.bytes);
	bool good = true;
	int refused = 0, tried = 0, cut = 0;
	for (size_t i = 0; i < text.length; i++) {
		char kept = text.bytes[i];
		good = good && refused_or_itself(text.bytes, i, &cut);
		for (size_t j = 0; j < sizeof(others); j++, tried++) { /* the NUL too */
			text.bytes[i] = others[j];
			good = good && refused_or_itself(text.bytes, text.length, &refused);
		}
		text.bytes[i] = kept;
	}
	check(good && refused > tried / 2,
	      "changed at any byte it is refused, or means what it says");
	check(cut == (int)text.length, "no beginning of it is taken for the whole");
}

static void test_hgrm_text(void)
{
	static const char three[] = "       Value     Percentile TotalCount 1/(1-Percentile)\n"
				    "\n"
				    "       0.100 0.000000000000          1           1.00\n"
				    "       0.100 0.100000000000          1           1.11\n"
				    "       0.100 0.200000000000          1           1.25\n"
				    "       0.100 0.300000000000          1           1.43\n"
				    "       0.200 0.400000000000          2           1.67\n"
				    "       0.200 0.500000000000          2           2.00\n"
				    "       0.200 0.550000000000          2           2.22\n"
				    "       0.200 0.600000000000          2           2.50\n"
				    "       0.200 0.650000000000          2           2.86\n"
				    "       0.300 0.700000000000          3           3.33\n"
				    "       0.300 1.000000000000          3\n"
				    "#[Mean    =        0.200, StdDeviation   =        0.082]\n"
				    "#[Max     =        0.300, Total count    =            3]\n"
				    "#[Buckets =           26, SubBuckets     =         2048]\n";
	static const char none[] = "\n\n"
				   "       0.000 1.000000000000          0\n"
				   "#[Mean    =        0.000, StdDeviation   =        0.000]\n"
				   "#[Max     =        0.000, Total count    =            0]\n";
	histogram_init(&one);
	for (int64_t value = 100; value <= 300; value += 100)
		histogram_record(&one, value);
	clear(&text);
	check(histogram_write_hgrm(&one, put, &text) == 0 && strcmp(text.bytes, three) == 0,
	      "hgrm: three values");
	histogram_init(&one);
	clear(&text);
	check(histogram_write_hgrm(&one, put, &text) == 0 && strstr(text.bytes, none),
	      "hgrm: no value");
}

/* Reads the rows as the plotter does: by words, four to a point. */
static void test_hgrm_rows(const char *name, int64_t (*sample)(void), uint64_t count)
{
	histogram_init(&one);
	for (uint64_t i = 0; i < count; i++)
		histogram_record(&one, sample());
	clear(&text);
	histogram_write_hgrm(&one, put, &text);
	double value = 0, before = 0, percentile = 0, percentile_before = -1, inverse;
	uint64_t total = 0, total_before = 0;
	int words = 4, rows = 0;
	bool rising = true, agrees = true;
	for (char *line = strtok(text.bytes, "\n"); line && words == 4; line = strtok(NULL, "\n")) {
		if (*line == '#' || strstr(line, "Value"))
			continue;
		words = sscanf(line, "%lf %lf %" SCNu64 " %lf", &value, &percentile, &total,
			       &inverse);
		rising = rising && value >= before && percentile > percentile_before &&
			 total >= total_before;
		double wanted = (double)histogram_percentile(&one, percentile * 100);
		agrees = agrees && near(value * 1e3, wanted, 0.5) &&
			 (double)total >= percentile * (double)count - 1e-6 &&
			 (words == 3 || near(inverse * (1 - percentile), 1, 0.01));
		before = value;
		percentile_before = percentile;
		total_before = total;
		rows++;
	}
	check(rising, "hgrm, %s: value, percentile and count rise in %d rows", name, rows);
	check(agrees, "hgrm, %s: the columns agree with the percentiles", name);
	check(words == 3 && percentile == 1 && total == count &&
		      near(value * 1e3, (double)one.max, 0.5),
	      "hgrm, %s: the last row has the total, the maximum and no fourth column", name);
}

static void test_put_refuses(int (*write)(const struct histogram *, histogram_put *, void *),
			     const char *name)
{
	histogram_init(&one);
	histogram_record_n(&one, 5000, 3);
	clear(&text);
	bool good = write(&one, put, &text) == 0;
	int calls = text.calls;
	for (int i = 1; i <= calls; i++) {
		clear(&text);
		text.refuse_at = i;
		good = good && write(&one, put, &text) == -1 && text.calls == i;
	}
	check(good, "%s ends with the first -1 of %d calls", name, calls);
}

int main(void)
{
	test_empty();
	test_samples("uniform", uniform, SAMPLES);
	test_samples("lognormal", lognormal, SAMPLES);
	test_samples("bimodal", bimodal, SAMPLES);
	test_samples("few", lognormal, 7);
	test_samples("one", uniform, 1);
	test_ranks();
	test_boundaries();
	test_outside();
	test_merge();
	test_round_trip();
	test_damaged();
	test_every_byte();
	test_hgrm_text();
	test_hgrm_rows("lognormal", lognormal, SAMPLES);
	test_hgrm_rows("bimodal", bimodal, 12345);
	test_hgrm_rows("one value", uniform, 1);
	test_put_refuses(histogram_write, "histogram_write()");
	test_put_refuses(histogram_write_hgrm, "histogram_write_hgrm()");
	return check_done();
}
