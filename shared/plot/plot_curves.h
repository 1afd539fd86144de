#ifndef PLOT_PLOT_CURVES_H
#define PLOT_PLOT_CURVES_H

#include "plot/plot_scale.h"

#include <stdio.h>

enum {
	PLOT_LABEL_GAP = 18,  /* pixels from one label to the next, at least */
	PLOT_LABEL_LEFT = 34, /* and from the right end of the scale to their text */
};

/*
 * Draws all curves, and near the right end of each its label, cut to MOST columns. Returns 0,
 * or -1 if there was no memory.
 */
int plot_curves_draw(FILE *stream, const struct plot_scale *scale, const struct plot_curve *curves,
		     size_t count, size_t most);

/* Draws a sample of what curve NUMBER looks like, 44 pixels long, from X on. */
void plot_curves_sample(FILE *stream, size_t number, double x, double y);

#endif
