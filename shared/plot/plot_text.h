#ifndef PLOT_PLOT_TEXT_H
#define PLOT_PLOT_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* How many columns TEXT takes: two for each of East Asia's wide letters, one for any other. */
size_t plot_text_width(const char *text);

/* Writes TEXT as XML character data, cut with an ellipsis where it has more than MOST columns. */
void plot_text_put(FILE *stream, const char *text, size_t most);

enum { PLOT_FIGURE = 40 };

/*
 * Nanoseconds as text, a tick's value as it is, a measured one to three digits. Like the other
 * functions below, they return TEXT.
 */
const char *plot_text_tick(char text[PLOT_FIGURE], double value);
const char *plot_text_duration(char text[PLOT_FIGURE], double value);

/* A count with its thousands set apart: "1,000". */
const char *plot_text_count(char text[PLOT_FIGURE], uint64_t count);

/* The two labels of the percentile that leaves one value in 10^DECADE: "99.9%", "1 in 1,000". */
const char *plot_text_percentile(char text[PLOT_FIGURE], unsigned decade);
const char *plot_text_rarity(char text[PLOT_FIGURE], unsigned decade);

#endif
