#ifndef TERMINAL_WINDOW_H
#define TERMINAL_WINDOW_H

#include <stddef.h>

#define WINDOW_COLUMNS 80 /* where it is unknown */

/* The width of the window that a terminal is in. POSIX knows COLUMNS alone, and no change of it. */
size_t window_columns(int terminal);

/* The signal that says that it has changed; 0: there is none. */
int window_signal(void);

#endif
