#ifndef DEMOS_DEMO_H
#define DEMOS_DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * A demonstration: one behaviour of sockets, narrated in a dozen lines, done with real sockets on
 * the running kernel, and every claim that it makes is checked.
 *
 * To add one, in the demos/ of the family whose behaviour it is, or here in shared/demos if it is
 * to compare families:
 *
 *   demo_NAME.c    defines `void demo_NAME(struct narrator *narrator)`, and all else static.
 *                  What needs more than POSIX is in demo_NAME_linux.c.
 *   demos.h        declares the function.
 *   demos.c        has its name and summary, once, with the function: a line of the table, which
 *                  --list, --all and the completions take from there.
 *   demos_posix.c  where the file is a *_linux.c: the same function for a build without Linux's
 *                  calls, which skips with the reason.
 *   README.md      lists it in its table.
 *
 * The code is part of the lesson: plain system calls, and no helper that hides the subject. No
 * fixed port (port 0), no sleeping for luck, no wait but those of waits.h and demo_eventually(), so
 * that it ends whatever the kernel does, and whatever was opened is closed on every way out. It
 * must pass for root and for any other user; what this machine or user cannot do is skipped with
 * the reason. Whoever makes a child process has it end by itself, or calls demo_ended().
 *
 * Around its subject it may use sockets.h, and lane.h to do the same on every family. What several
 * demonstrations of one family share is in that family's scene.h.
 */

struct narrator; /* demos/narrator.h; a demonstration only hands it on */

struct demo {
	const char *name; /* lower case and dashes: what the command line calls it */
	const char *
		summary; /* the claim it makes, in 50 bytes at most: a line of --list fits 80 columns */
	void (*run)(struct narrator *narrator);
};

#define DEMO_PRINTF(position) __attribute__((format(printf, position, position + 1)))

/*
 * Four kinds of text, 1023 bytes at most and without a newline. Whoever prints it breaks it into
 * lines that fit the window; a line of a diagram keeps to 74 columns, to stay whole in one of 80.
 */

/* What is done next, and why it is worth seeing. */
void demo_say(struct narrator *narrator, const char *format, ...) DEMO_PRINTF(2);

/* What was seen: a call with its result, a value, a state; or a line of a diagram. */
void demo_show(struct narrator *narrator, const char *format, ...) DEMO_PRINTF(2);

/*
 * The claim: something observed compared with something expected. The text says what must hold, and
 * ends with what was seen, so that a false one explains itself. Returns HOLDS.
 */
bool demo_claim(struct narrator *narrator, bool holds, const char *format, ...) DEMO_PRINTF(3);

/* What this system or user cannot do, and why: the whole demonstration, or one part of several. */
void demo_skip(struct narrator *narrator, const char *format, ...) DEMO_PRINTF(2);

/*
 * For a call that only sets the scene: silent if it worked; if RESULT is -1, a false claim that
 * tells errno, or a skip where the limit on descriptors was in the way. Returns whether it worked.
 */
bool demo_must(struct narrator *narrator, ssize_t result, const char *call);

/* What a call that returned RESULT says: 0, or errno where RESULT is -1. */
int demo_error(ssize_t result);

/*
 * "ECONNREFUSED (Connection refused)", and for 0 "0 (no error)"; in a buffer of the calling thread,
 * which the next call overwrites.
 */
const char *demo_errno(int number);

/*
 * Asks HAPPENED(CONTEXT) every millisecond until it is true, for 1.5 s at most (patience.h): for
 * what the kernel does a moment later. Returns whether it happened.
 */
bool demo_eventually(bool (*happened)(void *context), void *context);

/* The median of COUNT values, one at least, which are sorted for that. */
int64_t demo_median(int64_t *values, size_t count);

/*
 * The folder of the demonstration that runs, for its files: nobody else uses it, and it is removed
 * with what is in it. NULL, after a skip with the reason, where none can be had.
 */
const char *demo_folder(struct narrator *narrator);

/*
 * Runs it in a process of its own (apart.h), and adds its claims up in a narrator that begins with
 * zeros. One that neither claims anything nor is skipped has failed, and so has one that does not
 * end in time. Nothing may be waiting in a stdio buffer.
 */
void demo_run(const struct demo *demo, struct narrator *narrator);

#endif
