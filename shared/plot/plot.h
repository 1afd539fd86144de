#ifndef PLOT_PLOT_H
#define PLOT_PLOT_H

#include "base/histogram.h"

#include <stddef.h>
#include <stdio.h>

/*
 * Percentile curves of latency as one SVG 1.1 picture (w3.org/TR/SVG11): percentiles from left to
 * right on the scale of 1 / (1 - p), so that each further nine takes the same room; latency
 * upwards, on a log scale. Each curve differs from the others by colour, dashes and markers at
 * once.
 */
struct plot_curve {
	const char *label; /* bytes of any kind: what XML cannot hold is replaced by U+FFFD */
	const struct histogram *histogram;
};

/* All is the caller's. 0, or -1 where writing failed or memory did. */
int plot_write(FILE *stream, const char *title, const struct plot_curve *curves, size_t count);

#endif
