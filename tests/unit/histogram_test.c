#include "histogram_samples.h"

#include <inttypes.h>
#include <stdlib.h>

/* Too large for the stack; every test begins with empty ones. */
static struct histogram one, two, all;

static double square(double value)
{
	return value * value;
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

/* Below 2048 ns nothing is rounded: the answer has exactly the right rank, for all counts. */
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
	      "what is below is not affected by it");
	check(histogram_percentile(&one, 50) == 3 * HISTOGRAM_TOP,
	      "a percentile above is the maximum");
	check(near(histogram_mean(&one), (5.0 * HISTOGRAM_TOP + 1) / 3, 1e-3),
	      "the mean counts it exactly");

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
	check(same(&one, &all), "two merged are like one that recorded everything");
	histogram_init(&two);
	histogram_merge(&one, &two);
	check(same(&one, &all), "an empty one adds nothing");
	histogram_merge(&two, &one);
	check(same(&two, &all), "merging into an empty one copies");
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
	return check_done();
}
