#ifndef DEMOS_DEMO_H
#define DEMOS_DEMO_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A demonstration: one behaviour of sockets, narrated in a dozen lines, done with real ones on the
 * running kernel, each of its claims checked. One file each, in the folder of the family whose
 * behaviour it is (af_*\/demo_NAME.c), or in shared/demos/ if it compares families; its descriptor
 * stands at the end of the file, and one line in that folder's list (demos.c).
 *
 * The code is part of the lesson: plain system calls, no helper that hides the subject. No fixed
 * port (port 0), no sleeping for luck (poll, or wait for the state with demo_eventually), at most
 * two seconds, and whatever was opened is closed on every way out.
 */

struct narrator; /* demos/narrator.h; a demonstration only hands it on */

struct demo {
	const char *name;    /* lower case and dashes: what the command line calls it */
	const char *summary; /* one line, under 60 bytes: the claim it makes */
	void (*run)(struct narrator *narrator);
};

#define DEMO_PRINTF(position) __attribute__((format(printf, position, position + 1)))

/* What is done next, and why it is worth seeing. */
void demo_say(struct narrator *narrator, const char *format, ...) DEMO_PRINTF(2);

/* What was seen: a call with its result, a value, a state; or a line of a diagram. */
void demo_show(struct narrator *narrator, const char *format, ...) DEMO_PRINTF(2);

/*
 * The claim: something observed compared with something expected. The text says what must hold, and
 * ends with what was seen, so that a false one explains itself. Returns HOLDS.
 */
bool demo_claim(struct narrator *narrator, bool holds, const char *format, ...) DEMO_PRINTF(3);

/* What this system or user cannot do, and why: all of it, or one part of several. */
void demo_skip(struct narrator *narrator, const char *format, ...) DEMO_PRINTF(2);

/*
 * A call that only prepares the scene: claims that it worked if it did not (RESULT is -1; errno is
 * told), and is silent otherwise. Returns whether it worked.
 */
bool demo_must(struct narrator *narrator, int result, const char *call);

/* "ECONNREFUSED (Connection refused)", in a buffer of the calling thread; "0 (no error)" for 0. */
const char *demo_errno(int number);

/*
 * Asks until HAPPENED(CONTEXT) is true, for at most a second: for what the kernel does a moment
 * later. Returns whether it did.
 */
bool demo_eventually(bool (*happened)(void *context), void *context);

#endif
