#ifndef PLOT_PLOT_TEXT_H
#define PLOT_PLOT_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* How many columns TEXT takes: the wide letters of East Asia two, all others one. */
size_t plot_text_width(const char *text);

/* As XML character data, cut with an ellipsis where it has more than MOST columns. */
void plot_text_put(FILE *stream, const char *text, size_t most);

enum { PLOT_FIGURE = 40 };

/* Nanoseconds: a tick's value as it is, a measured one to three digits. Return TEXT. */
const char *plot_text_tick(char text[PLOT_FIGURE], double value);
const char *plot_text_duration(char text[PLOT_FIGURE], double value);

/* With its thousands set apart. */
const char *plot_text_count(char text[PLOT_FIGURE], uint64_t count);

/* Both labels of the percentile at which one of 10^DECADE is left: "99.9%", "1 in 1,000". */
const char *plot_text_percentile(char text[PLOT_FIGURE], unsigned decade);
const char *plot_text_rarity(char text[PLOT_FIGURE], unsigned decade);

#endif
