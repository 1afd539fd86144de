#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include "base/clock.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Counts spans of time in a fixed amount of memory, and answers percentiles to three
 * significant digits. The buckets are log-linear, as in Gil Tene's HdrHistogram
 * (hdrhistogram.org): below 2048, every whole nanosecond has a bucket of its own; above, each
 * doubling is cut into 1024 buckets of equal width, so that a bucket is always narrower than
 * 0.1 % of the values in it. Count, minimum, maximum and sum are exact.
 *
 * A histogram belongs to one thread; histogram_merge() brings those of several together.
 */

/* Longer spans are counted too, but in a single bucket: of those only the maximum is known. */
#define HISTOGRAM_TOP (60 * NSEC_PER_SEC)

/* Everything is exact for up to this many values, of any length: more than anybody will count. */
#define HISTOGRAM_COUNT_MAX INT64_C(1000000000000000000)

enum {
	HISTOGRAM_SUB_BUCKETS = 2048,
	/* a doubling adds the upper half alone: the lower one is there already, in finer buckets */
	HISTOGRAM_HALF = HISTOGRAM_SUB_BUCKETS / 2,
	/* 2048 << 25 is the first power of two beyond 60 s */
	HISTOGRAM_DOUBLINGS = 25,
	HISTOGRAM_ABOVE = HISTOGRAM_DOUBLINGS * HISTOGRAM_HALF +
			  (int)(HISTOGRAM_TOP >> HISTOGRAM_DOUBLINGS) + 1,
	HISTOGRAM_BUCKETS = HISTOGRAM_ABOVE + 1,
};

/* Nanoseconds fill 64 bits after 584 years, which is 300 million messages of a minute each. */
struct histogram_sum {
	uint64_t gigaseconds;
	uint64_t nanoseconds; /* below HISTOGRAM_GIGASECOND */
};

#define HISTOGRAM_GIGASECOND UINT64_C(1000000000000000000)

/* 214 KiB: too large for the stack. The caller provides it, and nothing in it needs to be freed. */
struct histogram {
	uint64_t count;
	int64_t min, max; /* INT64_MAX and -1 while it is empty */
	struct histogram_sum sum;
	uint64_t buckets[HISTOGRAM_BUCKETS]; /* the last counts what is above HISTOGRAM_TOP */
};

/* Makes it empty: to begin with, and whenever it is to be used again. */
void histogram_init(struct histogram *histogram);

/* By how many bits a value must be shifted right to be below HISTOGRAM_SUB_BUCKETS. */
static inline unsigned histogram_shift(uint64_t value)
{
#ifdef __GNUC__
	return 53 - (unsigned)__builtin_clzll(value | (HISTOGRAM_SUB_BUCKETS - 1));
#else
	unsigned shift = 0;
	while (value >> shift >= HISTOGRAM_SUB_BUCKETS)
		shift++;
	return shift;
#endif
}

/* The bucket of a value, which must not be negative. */
static inline unsigned histogram_index(int64_t value)
{
	if (value > HISTOGRAM_TOP)
		return HISTOGRAM_ABOVE;
	unsigned shift = histogram_shift((uint64_t)value);
	return shift * HISTOGRAM_HALF + (unsigned)(value >> shift);
}

/* VALUE in nanoseconds; a negative one counts as 0. */
static inline void histogram_record(struct histogram *histogram, int64_t value)
{
	if (value < 0)
		value = 0;
	histogram->buckets[histogram_index(value)]++;
	histogram->count++;
	if (value < histogram->min)
		histogram->min = value;
	if (value > histogram->max)
		histogram->max = value;
	histogram->sum.nanoseconds += (uint64_t)value;
	while (histogram->sum.nanoseconds >= HISTOGRAM_GIGASECOND) {
		histogram->sum.nanoseconds -= HISTOGRAM_GIGASECOND;
		histogram->sum.gigaseconds++;
	}
}

/* As if VALUE were recorded N times. */
void histogram_record_n(struct histogram *histogram, int64_t value, uint64_t n);

/* INTO is then as if it had itself recorded all that FROM has. */
void histogram_merge(struct histogram *into, const struct histogram *from);

/* One step of a walk over the buckets that are not empty, short spans first. Zero it to start. */
struct histogram_bucket {
	unsigned next;           /* the walk's own */
	int64_t lowest, highest; /* nanoseconds, both included; never beyond the maximum */
	uint64_t count;
	uint64_t total; /* the count of this bucket and of all before it */
};

/* Takes one step; returns whether there was another bucket. */
bool histogram_next(const struct histogram *histogram, struct histogram_bucket *bucket);

/*
 * All three are in nanoseconds, and -1 if nothing was recorded.
 *
 * The value at PERCENTILE (0 to 100) is the highest in the first bucket with which that
 * percentage of all values is reached: at most 0.1 % above the exact answer, and never below.
 * At 100, and wherever the answer is above HISTOGRAM_TOP, it is the maximum.
 */
int64_t histogram_percentile(const struct histogram *histogram, double percentile);
double histogram_mean(const struct histogram *histogram);

/*
 * Of the whole population, computed from the middles of the buckets: it can be off by
 * half the width of one.
 */
double histogram_stddev(const struct histogram *histogram);

/* Receives text as it is made. Returns 0, or -1 to get no more of it. TO is the caller's own. */
typedef int histogram_put(void *to, const char *text, size_t length);

/*
 * Writes one line without its newline, in characters that need no escaping in JSON, from which
 * histogram_read() gets everything back:
 *
 *     count=3 min=812 max=50000 sum=51624 812:2 49984:1
 *
 * After the exact figures, each bucket has its lowest value and its count. An empty histogram
 * is `count=0`. Returns -1 if PUT did.
 */
int histogram_write(const struct histogram *histogram, histogram_put *put, void *to);

/*
 * Accepts only what histogram_write() could have written. For anything else it returns -1, with
 * STATUS_DATA and what is wrong, and leaves the histogram empty.
 */
int histogram_read(struct histogram *histogram, const char *text, size_t length,
		   struct error *error);

/*
 * Writes HdrHistogram's percentile text (.hgrm) in microseconds, for the plotter at
 * hdrhistogram.github.io/HdrHistogram/plotFiles.html and others like it: five rows each time
 * the way to 100 % is halved. Returns -1 if PUT did.
 */
int histogram_write_hgrm(const struct histogram *histogram, histogram_put *put, void *to);

#endif
