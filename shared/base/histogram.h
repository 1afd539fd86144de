#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include "base/clock.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Counts spans of time, and answers percentiles to three significant digits, in a fixed space. The
 * buckets are log-linear, as in Gil Tene's HdrHistogram (hdrhistogram.org): every whole nanosecond
 * below 2048 has its own; above, each doubling is cut into 1024 of equal width. So a bucket is
 * always narrower than 0.1 % of what is in it. Count, minimum, maximum and sum are exact.
 *
 * It is one thread's own; histogram_merge() brings those of several together.
 */

/*
 * What is longer is counted too, but in a single bucket: of its values only the maximum is known.
 */
#define HISTOGRAM_TOP (60 * NSEC_PER_SEC)

/* All is exact up to so many values, of any length; nobody is there to count further. */
#define HISTOGRAM_COUNT_MAX INT64_C(1000000000000000000)

enum {
	HISTOGRAM_SUB_BUCKETS = 2048,
	/* the lower half stands finer in the doubling before */
	HISTOGRAM_HALF = HISTOGRAM_SUB_BUCKETS / 2,
	/* 2048 << 25 is the first power of two beyond 60 s */
	HISTOGRAM_DOUBLINGS = 25,
	HISTOGRAM_ABOVE = HISTOGRAM_DOUBLINGS * HISTOGRAM_HALF +
			  (int)(HISTOGRAM_TOP >> HISTOGRAM_DOUBLINGS) + 1,
	HISTOGRAM_BUCKETS = HISTOGRAM_ABOVE + 1,
};

/* 64 bits of nanoseconds are full after 584 years: 300 million messages of a minute each. */
struct histogram_sum {
	uint64_t gigaseconds;
	uint64_t nanoseconds; /* below HISTOGRAM_GIGASECOND */
};

#define HISTOGRAM_GIGASECOND UINT64_C(1000000000000000000)

/* 214 KiB: not for the stack. The owner's, and nothing in it needs to be freed. */
struct histogram {
	uint64_t count;
	int64_t min, max; /* INT64_MAX and -1 while it is empty */
	struct histogram_sum sum;
	uint64_t buckets[HISTOGRAM_BUCKETS]; /* the last counts what is above HISTOGRAM_TOP */
};

/* Makes it empty, at first and again. */
void histogram_init(struct histogram *histogram);

/* By how many bits a value is shifted until it is below HISTOGRAM_SUB_BUCKETS. */
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

/* The bucket of a value that is not negative. */
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

/* INTO is then as if it had recorded all that FROM has. */
void histogram_merge(struct histogram *into, const struct histogram *from);

/* One step of a walk over the buckets that are not empty, from short to long. Zero it to start. */
struct histogram_bucket {
	unsigned next;           /* the walk's own */
	int64_t lowest, highest; /* nanoseconds, both included; never beyond the maximum */
	uint64_t count;
	uint64_t total; /* with all buckets before */
};

/* Whether there was another one. */
bool histogram_next(const struct histogram *histogram, struct histogram_bucket *bucket);

/*
 * In nanoseconds, and -1 all of them, if nothing was recorded.
 *
 * The value at PERCENTILE (0 to 100) is the highest one of the first bucket with which at least so
 * many of a hundred are counted: at most 0.1 % above the exact answer, and never below. At 100, and
 * wherever the answer is above HISTOGRAM_TOP, it is the maximum.
 */
int64_t histogram_percentile(const struct histogram *histogram, double percentile);
double histogram_mean(const struct histogram *histogram);

/*
 * Of the whole population, from the middles of the buckets: it can be off by half a bucket's width.
 */
double histogram_stddev(const struct histogram *histogram);

/* Takes text as it is made: 0, or -1 to have no more of it. TO is the caller's. */
typedef int histogram_put(void *to, const char *text, size_t length);

/*
 * One line without its newline, of characters that JSON does not escape, from which
 * histogram_read() gets all of it back:
 *
 *     count=3 min=812 max=50000 sum=51624 812:2 49984:1
 *
 * Behind the exact figures stands for each bucket its lowest value and its count; an empty
 * histogram is `count=0`. Returns -1 if PUT did.
 */
int histogram_write(const struct histogram *histogram, histogram_put *put, void *to);

/*
 * Takes only what histogram_write() could have written; else -1 with STATUS_DATA and the place, and
 * an empty histogram.
 */
int histogram_read(struct histogram *histogram, const char *text, size_t length,
		   struct error *error);

/*
 * HdrHistogram's percentile text (.hgrm) in microseconds, for its plotter at
 * hdrhistogram.github.io/HdrHistogram/plotFiles.html and others: five rows for each halving of the
 * way to 100 %. Returns -1 if PUT did.
 */
int histogram_write_hgrm(const struct histogram *histogram, histogram_put *put, void *to);

#endif
