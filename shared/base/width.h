#ifndef BASE_WIDTH_H
#define BASE_WIDTH_H

#include <stddef.h>

/*
 * What is printed for people fits their window. A column is a character of UTF-8, for what this
 * program prints is no wider.
 */

/*
 * The columns of the window that FD writes to: as COLUMNS in the environment says, else as the
 * terminal does, else 80; 20 at least.
 */
int width_of(int fd);

/* The columns that TEXT takes. */
int width_text(const char *text);

/*
 * How many bytes of TEXT go into a line of so many columns: up to a space that is left out, or all;
 * a word that is too long stays whole.
 */
size_t width_line(const char *text, int columns);

/*
 * TEXT in so many columns, 5 at least: where it is longer, "..." stands for its middle. Returns
 * ROOM, of SIZE bytes, or TEXT itself where it fits.
 */
const char *width_shorten(char *room, size_t size, const char *text, int columns);

#endif
