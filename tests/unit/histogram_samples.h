#ifndef UNIT_HISTOGRAM_SAMPLES_H
#define UNIT_HISTOGRAM_SAMPLES_H

#include "base/histogram.h"

#include "check.h"

#include <string.h>

/* Latencies of several shapes to fill a histogram with, and what to compare two histograms by. */

enum { SAMPLES = 100000 };

static inline bool same(const struct histogram *a, const struct histogram *b)
{
	return a->count == b->count && a->min == b->min && a->max == b->max &&
	       a->sum.gigaseconds == b->sum.gigaseconds &&
	       a->sum.nanoseconds == b->sum.nanoseconds &&
	       memcmp(a->buckets, b->buckets, sizeof(a->buckets)) == 0;
}

static inline bool near(double got, double expected, double within)
{
	return got >= expected - within && got <= expected + within;
}

static inline int64_t uniform(void)
{
	return 1 + (int64_t)check_random(2000000000);
}

/* A product of many small factors, which has a long tail. */
static inline int64_t lognormal(void)
{
	double value = 20000;
	for (int i = 0; i < 12; i++)
		value *= 0.6 + check_random(1000) / 1000.0;
	return (int64_t)value;
}

static inline int64_t bimodal(void)
{
	return check_random(10) ? 9000 + (int64_t)check_random(2000)
				: 40000000000 + (int64_t)check_random(1000000000);
}

#endif
