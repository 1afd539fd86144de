#ifndef PLOT_PLOT_CURVE_H
#define PLOT_PLOT_CURVE_H

#include "base/histogram.h"

/* What is drawn: one histogram, by its name in the legend. */
struct plot_curve {
	const char *label; /* any bytes: what XML cannot hold is replaced by U+FFFD */
	const struct histogram *histogram;
};

#endif
