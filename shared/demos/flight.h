#ifndef DEMOS_FLIGHT_H
#define DEMOS_FLIGHT_H

#include "demos/demo.h"
#include "protocol/proof.h"

/*
 * What the demonstrations of the proof repeat: its flights, a message of one side each, over real
 * sockets; and bytes as text.
 */

#define FLIGHT_TEXT 32
#define FLIGHT_MOST 72 /* bytes: the claim of PROOF_MUTUAL, the longest flight */

/* LENGTH random bytes from the kernel. Returns whether it worked; if not, that has been claimed. */
bool flight_random(struct narrator *narrator, void *bytes, size_t length);

/* Sends what a side says, if it says something, and then its end if it refuses. */
void flight_send(int fd, const struct proof_step *step);

/* Receives the flight that PROOF awaits, for it to judge; one that is not whole is refused. */
struct proof_step flight_receive(int fd, struct proof *proof);

/* "3fa20b1c..9c77" of more than eight bytes, else all of them. Returns TEXT. */
const char *flight_text(char text[FLIGHT_TEXT], const void *bytes, size_t length);

/* Did the flight come whole, and was it refused? What did not come is no proof of anything. */
bool flight_rejected(const struct proof_step *step);

/* "proven", or why not. */
const char *flight_verdict(const struct proof_step *step);

#endif
