#ifndef PLOT_PLOT_H
#define PLOT_PLOT_H

#include "plot/plot_curve.h"

#include <stddef.h>
#include <stdio.h>

/*
 * Percentile curves of latency as one picture in SVG 1.1 (w3.org/TR/SVG11). Percentiles go from
 * left to right, on a log scale of 1 / (1 - p), so that each further nine (90 %, 99 %, 99.9 %)
 * takes the same room; latency goes upwards, on a log scale too. Curves differ in colour,
 * dashes and markers at once.
 */

/* Everything stays the caller's. Returns 0, or -1 if writing failed or there was no memory. */
int plot_write(FILE *stream, const char *title, const struct plot_curve *curves, size_t count);

#endif
