#ifndef PLOT_PLOT_SCALE_H
#define PLOT_PLOT_SCALE_H

#include "plot/plot.h"

#include <stdbool.h>

/*
 * Where figures stand in the picture. One of N values is at least as long as the value at 1 / (1 -
 * p) = N, so a curve runs from its minimum at 1 to its maximum at its count, and says nothing
 * beyond.
 */
struct plot_scale {
	double left, right, top, bottom; /* pixels, y downwards; set these first */
	double limit;                    /* 1 / (1 - p) at the right */
	int lowest, highest;             /* steps at the bottom and the top: plot_scale_step() */
	double decades, low, high;       /* logarithms of these */
};

/*
 * To the right it goes as far as the curve of the fewest values does, or to 99.9 % where that one
 * would rob the others of their tails: it ends earlier then. Vertically it has three steps at
 * least.
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
 * A curve in the picture, from left to right and never falling, without points too near to be seen.
 */
struct plot_path {
	size_t count; /* 0 for an empty histogram */
	struct plot_point points[PLOT_POINTS];
};

void plot_scale_path(const struct plot_scale *scale, const struct histogram *histogram,
		     struct plot_path *path);

/* Its y at X, which is within the path. */
double plot_scale_between(const struct plot_path *path, double x);

#endif
