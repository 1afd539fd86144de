#include "base/statistics.h"

#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

double statistics_median(double *values, size_t count)
{
	size_t half = count / 2;
	qsort(values, count, sizeof(*values), by_value);
	return count % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/* Newton's method from above, down to where it stops falling. */
double statistics_square_root(double square)
{
	if (square <= 0)
		return 0;
	double next = square > 1 ? square : 1, root;
	do {
		root = next;
		next = (root + square / root) / 2;
	} while (next < root);
	return root;
}
