#ifndef COMMANDS_TOUR_H
#define COMMANDS_TOUR_H

#include "base/error.h"

/*
 * One server on every family and type in this process, messages through each, and a table of
 * what came back and how fast. -1 where it could not be done, or where a reply was not what it
 * had to be (STATUS_BAD).
 */
int tour(struct error *error);

#endif
