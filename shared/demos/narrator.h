#ifndef DEMOS_NARRATOR_H
#define DEMOS_NARRATOR_H

#include "demos/demo.h"

/* The other side of demo.h: for who runs demonstrations and shows what they say. */

enum demo_line { DEMO_SAID, DEMO_SHOWN, DEMO_HOLDS, DEMO_FAILS, DEMO_SKIPS };

struct narrator {
	void (*print)(void *context, enum demo_line line, const char *text);
	void *context;
	unsigned held, failed;
	bool skipped;
};

/* Runs it. A demonstration without any claim, that is not skipped either, has failed. */
void demo_run(const struct demo *demo, struct narrator *narrator);

#endif
