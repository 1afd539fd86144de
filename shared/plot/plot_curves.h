#ifndef PLOT_PLOT_CURVES_H
#define PLOT_PLOT_CURVES_H

#include "plot/plot_scale.h"

enum {
	PLOT_LABEL_GAP = 18,  /* pixels from one label to the next, whatever their curves do */
	PLOT_LABEL_LEFT = 34, /* and from the right end of the scale to their text */
};

/* All curves, and each one's label, cut to MOST columns, near its right end. -1 without memory. */
int plot_curves_draw(FILE *stream, const struct plot_scale *scale, const struct plot_curve *curves,
		     size_t count, size_t most);

/* What the curve of that number looks like, 44 pixels from X on. */
void plot_curves_sample(FILE *stream, size_t number, double x, double y);

#endif
