#ifndef BASE_STATISTICS_H
#define BASE_STATISTICS_H

#include <stddef.h>

/* The little mathematics that figures need; the program links no libm. */

/* The middle one, or half-way between the two in the middle. Sorts VALUES; COUNT is not 0. */
double statistics_median(double *values, size_t count);

/* 0 for what is not above 0. */
double statistics_square_root(double square);

#endif
