#ifndef DEMOS_APART_H
#define DEMOS_APART_H

#include "demos/narrator.h"

/*
 * Does WORK in a process of its own, with a narrator whose lines come to NARRATOR here. Whatever
 * the process was started with that could disturb the work (signals blocked or ignored, a umask
 * that takes rights from the owner) is as it should be there; a descriptor that it leaves open is a
 * false claim. If it is not done within 3 s it is ended, with all processes that it has made, and
 * that is a false claim too. Where NARRATOR's own time is running out, less is left to it, and what
 * does not end within less than a second is merely skipped, as is what cannot begin. Nothing may be
 * waiting in a stdio buffer.
 */
void apart_run(void (*work)(struct narrator *narrator), struct narrator *narrator);

#endif
