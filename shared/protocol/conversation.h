#ifndef PROTOCOL_CONVERSATION_H
#define PROTOCOL_CONVERSATION_H

#include "protocol/echo.h"
#include "protocol/proof.h"
#include "protocol/proxy.h"

/*
 * What a server says to one peer, from the first byte to the last: stages that follow one another,
 * here a PROXY header and the proof, where they are asked for, and the echo. The caller need not
 * know which: it hands over what it received, step by step, and does what each step says.
 *
 * To add a stage: its own file, with the same shape; its state in the union below;
 * its turn in conversation.c.
 */

/* The same for all peers of a server. */
struct conversation_plan {
	bool proxy;                      /* it begins with a PROXY header */
	const struct proof_secret *keys; /* NULL: nobody has to prove anything */
	const struct reply_form *form;
};

/* What some stages need, and an idle peer does not keep. */
struct conversation_memory {
	unsigned char nonce[PROOF_NONCE]; /* until the proof begins */
	struct proxy_source source;       /* of the header; PROXY_UNSPEC: the peer itself */
	union {
		struct proxy proxy;
		struct proof proof;
		struct json_validator json;
		struct who who;
	} of;
	struct proxy_more more[]; /* one, where what else the header says is asked for */
};

struct conversation {
	const struct conversation_plan *plan;
	struct conversation_memory *memory;
	struct echo echo;
	bool record;
	enum {
		CONVERSATION_HEADER,
		CONVERSATION_PROVING,
		CONVERSATION_PROVEN,
		CONVERSATION_SERVED
	} state;
};

/* How much memory it needs, with peers that send records or a stream; 0: none. */
size_t conversation_memory_size(const struct conversation_plan *plan, bool record);

/*
 * MEMORY is the caller's (NULL if none is needed), and so is NONCE: random bytes from the
 * kernel, for this peer alone; not read without a proof. The step is what is said before
 * the peer says anything.
 */
struct step conversation_begin(struct conversation *conversation,
			       const struct conversation_plan *plan,
			       struct conversation_memory *memory, bool record,
			       const unsigned char nonce[PROOF_NONCE]);

/* LENGTH bytes were received, or one record. What a step has not used is handed in again. */
struct step conversation_received(struct conversation *conversation, unsigned char *bytes,
				  size_t length);

/* The peer has shut down its sending side. */
struct step conversation_ended(struct conversation *conversation);

/*
 * Has any of a header come, or was none asked for? Whoever ends before that was a health check,
 * which only looked whether somebody listens.
 */
bool conversation_has_begun(const struct conversation *conversation);

/*
 * Is the header whole, or was none asked for? Then memory->source says who the peer
 * is behind a proxy.
 */
bool conversation_is_introduced(const struct conversation *conversation);

/* Is it served yet? Until then it costs more than it has shown to deserve. */
bool conversation_is_served(const struct conversation *conversation);

/*
 * A step's reply is sent, or stands in other memory: a proof that is done is wiped, and makes room
 * for the echo. Does nothing in any other state.
 */
void conversation_leave_proof(struct conversation *conversation);

/* Does it still need its memory? If not, it holds no secret any more. */
bool conversation_still_needs_memory(const struct conversation *conversation);

/* At whatever end: wipes what is secret. */
void conversation_wipe(struct conversation *conversation);

#endif
