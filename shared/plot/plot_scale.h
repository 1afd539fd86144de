#ifndef PLOT_PLOT_SCALE_H
#define PLOT_PLOT_SCALE_H

#include "plot/plot_curve.h"

#include <stdbool.h>

/*
 * Where figures are placed in the picture. At 1 / (1 - p) = N stands what one value in N
 * reaches or exceeds. So a curve runs from its minimum, at 1, to its maximum, at the count of
 * its values, and has nothing to say beyond that.
 */
struct plot_scale {
	double left, right, top, bottom; /* pixels, y downwards; set these first */
	double limit;                    /* 1 / (1 - p) at the right */
	int lowest, highest;             /* steps at the bottom and the top: plot_scale_step() */
	double decades, low, high;       /* the logarithms of that limit and those steps */
};

/*
 * Fits the scale to the curves. To the right it ends where the curve with the fewest values
 * does. Where that would rob the others of their tails, it goes on to 99.9 %, and that one
 * curve ends early. Vertically it has at least three steps.
 */
void plot_scale_fit(struct plot_scale *scale, const struct plot_curve *curves, size_t count);

/* Steps 0, 1, 2, 3... are 1, 2, 5, 10... nanoseconds. */
double plot_scale_step(int step);

double plot_scale_x(const struct plot_scale *scale, double inverse);
double plot_scale_y(const struct plot_scale *scale, double value);

struct plot_point {
	double x, y;
};

enum { PLOT_POINTS = 4096 };

/*
 * A curve in the picture, from left to right and never falling. Points too close to their
 * neighbours to be seen are left out.
 */
struct plot_path {
	size_t count; /* 0 for an empty histogram */
	struct plot_point points[PLOT_POINTS];
};

void plot_scale_path(const struct plot_scale *scale, const struct histogram *histogram,
		     struct plot_path *path);

/* The y of the path at X, which must be within it. */
double plot_scale_between(const struct plot_path *path, double x);

#endif
