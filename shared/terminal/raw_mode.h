#ifndef TERMINAL_RAW_MODE_H
#define TERMINAL_RAW_MODE_H

#include "base/error.h"

/*
 * The terminal gives every byte as it is typed, and obeys none: what a line editor needs.
 * However the program ends or is stopped, by raw_mode_end() or by a signal, the terminal is as
 * it was before; SIGKILL and SIGSTOP alone cannot be met.
 *
 * One at a time: signals are the whole program's. *NEWS becomes a descriptor that is readable
 * once the window has changed, or the program was stopped and goes on; raw_mode_news() says
 * which. INPUT and OUTPUT are the same terminal, opened for the one and the other.
 */
int raw_mode_begin(int input, int output, int *news, struct error *error);
void raw_mode_end(void);

enum raw_mode_news { RAW_MODE_NOTHING, RAW_MODE_WINDOW, RAW_MODE_CONTINUED };
enum raw_mode_news raw_mode_news(void);

#endif
