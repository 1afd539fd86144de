#ifndef TERMINAL_WIDTH_H
#define TERMINAL_WIDTH_H

#include <stdint.h>

/*
 * How many cells of a terminal's row a printable character takes: 0 (it joins the one before
 * it), 1 or 2. wcwidth(3) would need the right locale, which may not be installed.
 */
int width_of(uint32_t character);

#endif
