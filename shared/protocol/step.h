#ifndef PROTOCOL_STEP_H
#define PROTOCOL_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verdict {
	STEP_ON,      /* it goes on */
	STEP_OVER,    /* nothing follows the reply: it ends in order */
	STEP_BROKEN,  /* the peer broke the rules: after the reply it ends */
	STEP_REFUSED, /* the peer may not be served: close, and say nothing */
};

/* What a stage of a conversation wants done with what it was given. */
struct step {
	const unsigned char *reply; /* valid until the stage is given something more */
	size_t length;
	size_t used;  /* of what was given; the rest is for a step of its own */
	bool answers; /* there is a reply, perhaps an empty record */
	enum verdict verdict;
	const char *reason; /* for the log, where it did not end in order; static text */
	uint64_t offset;    /* of the first wrong byte, with STEP_BROKEN */
};

#endif
