#ifndef DEMOS_NARRATOR_H
#define DEMOS_NARRATOR_H

#include <stdbool.h>
#include <stdint.h>

/* The other side of demo.h: for the command that runs demonstrations and prints what they say. */

enum demo_line { DEMO_SAID, DEMO_SHOWN, DEMO_HOLDS, DEMO_FAILS, DEMO_SKIPS };

struct narrator {
	/* Called with each line as it comes; TEXT has no newline, and is the caller's. */
	void (*print)(void *context, enum demo_line line, const char *text);
	void *context;
	int64_t until;         /* when all of the run is to be over, by clock_now(); 0: no matter */
	unsigned held, failed; /* claims */
	unsigned skipped;      /* all of it, or parts */
};

/* Has it printed, and counted if it is a claim or was skipped. */
void narrator_tell(struct narrator *narrator, enum demo_line line, const char *text);

#endif
