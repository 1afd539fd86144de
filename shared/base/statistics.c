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

/* Student's t for 95 % on both sides; between two rows the one with fewer degrees holds. */
static double student(double degrees)
{
	static const struct {
		double degrees, t;
	} table[] = {
		{ 1, 12.706 }, { 2, 4.303 },  { 3, 3.182 },  { 4, 2.776 },  { 5, 2.571 },
		{ 6, 2.447 },  { 7, 2.365 },  { 8, 2.306 },  { 9, 2.262 },  { 10, 2.228 },
		{ 12, 2.179 }, { 15, 2.131 }, { 20, 2.086 }, { 30, 2.042 }, { 60, 2.000 },
	};
	double t = table[0].t;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (degrees >= table[i].degrees)
			t = table[i].t;
	return t;
}

static double mean_of(const double *values, size_t count)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return count > 0 ? sum / (double)count : 0;
}

/* Of the mean of so many values; 0 with less than two. */
static double variance_of_mean(const double *values, size_t count, double mean)
{
	double squares = 0;
	for (size_t i = 0; i < count; i++)
		squares += (values[i] - mean) * (values[i] - mean);
	return count > 1 ? squares / (double)(count - 1) / (double)count : 0;
}

struct interval statistics_ratio(const double *new, size_t new_count, const double *base,
				 size_t base_count)
{
	double top = mean_of(new, new_count), bottom = mean_of(base, base_count);
	if (top <= 0 || bottom <= 0)
		return (struct interval){ 0, 0, 0 };
	double ratio = top / bottom;
	if (new_count < 2 || base_count < 2)
		return (struct interval){ ratio, ratio, ratio };
	/* relative to their means, which makes the quotient's variance their sum */
	double first = variance_of_mean(new, new_count, top) / (top * top);
	double second = variance_of_mean(base, base_count, bottom) / (bottom * bottom);
	double both = first + second;
	double degrees = both > 0 ? both * both /
					    (first * first / (double)(new_count - 1) +
					     second * second / (double)(base_count - 1))
				  : (double)(new_count + base_count - 2);
	double reach = ratio * student(degrees) * statistics_square_root(both);
	return (struct interval){ ratio - reach, ratio, ratio + reach };
}
