#ifndef BASE_STATISTICS_H
#define BASE_STATISTICS_H

#include <stddef.h>

/* The little mathematics that figures need; the program links no libm. */

/* The middle one, or half-way between the two in the middle. Sorts VALUES; COUNT is not 0. */
double statistics_median(double *values, size_t count);

/* What is likely to hold a figure's true value, and the figure itself between. */
struct interval {
	double low, value, high;
};

/*
 * The mean of NEW divided by that of BASE, two series measured apart, with its interval of 95 %: the
 * quotient's variance is that of its parts to first order, the degrees of freedom are Welch's.
 */
struct interval statistics_ratio(const double *new, size_t new_count, const double *base,
				 size_t base_count);

/* 0 for what is not above 0. */
double statistics_square_root(double square);

#endif
