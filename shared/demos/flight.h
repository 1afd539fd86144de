#ifndef DEMOS_FLIGHT_H
#define DEMOS_FLIGHT_H

#include "demos/demo.h"
#include "protocol/proof.h"

/* What the demonstrations of the proof repeat: its flights over real sockets, and bytes as text. */

#define FLIGHT_TEXT 32
#define FLIGHT_MOST 72 /* bytes: the claim of PROOF_MUTUAL */

/* Two ends of a unix stream, on which no call waits for more than a second. */
struct flight_pair {
	int client, server;
};

/* Whether it worked; if not, that has been claimed and nothing is open. */
bool flight_pair_open(struct narrator *narrator, struct flight_pair *pair);
void flight_pair_close(struct flight_pair *pair);

/* LENGTH random bytes from the kernel. Whether it worked; if not, that has been claimed. */
bool flight_random(struct narrator *narrator, void *bytes, size_t length);

/* Sends what a side says, if it says something, and then its end if it refuses. */
void flight_send(int fd, const struct proof_step *step);

/*
 * Receives the flight that PROOF awaits and hands it over. If it does not come whole, that is a
 * refusal.
 */
struct proof_step flight_receive(int fd, struct proof *proof);

/* "3fa20b1c..9c77" of many bytes; all of them if they are few. Returns TEXT. */
const char *flight_text(char text[FLIGHT_TEXT], const void *bytes, size_t length);

/* Did the flight come whole, and was it refused? What did not come is no proof of anything. */
bool flight_rejected(const struct proof_step *step);

/* "proven", or why not. */
const char *flight_verdict(const struct proof_step *step);

#endif
