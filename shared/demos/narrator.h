#ifndef DEMOS_NARRATOR_H
#define DEMOS_NARRATOR_H

#include <stdbool.h>

/* The other side of demo.h: for the command that runs demonstrations and prints what they say. */

enum demo_line { DEMO_SAID, DEMO_SHOWN, DEMO_HOLDS, DEMO_FAILS, DEMO_SKIPS };

struct narrator {
	/* Called with each line as it comes; TEXT has no newline, and is the caller's. */
	void (*print)(void *context, enum demo_line line, const char *text);
	void *context;
	unsigned held, failed; /* claims */
	bool skipped;          /* all or a part of it */
};

#endif
