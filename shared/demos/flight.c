#include "demos/flight.h"

#include "base/random.h"
#include "demos/waits.h"

#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

bool flight_random(struct narrator *narrator, void *bytes, size_t length)
{
	struct error error;
	int fd = random_open(&error);
	if (fd == -1)
		return demo_claim(narrator, false, "random bytes can be had: %s", error.text);
	bool works = demo_must(narrator, random_bytes(fd, bytes, length), "/dev/urandom");
	close(fd);
	return works;
}

void flight_send(int fd, const struct proof_step *step)
{
	if (step->length > 0)
		send(fd, step->reply, step->length, MSG_NOSIGNAL);
	if (step->verdict == PROOF_REFUSED)
		shutdown(fd, SHUT_WR);
}

struct proof_step flight_receive(int fd, struct proof *proof)
{
	unsigned char bytes[FLIGHT_MOST];
	size_t missing = proof_missing(proof);
	ssize_t count = demo_receive(fd, bytes, missing, MSG_WAITALL);
	if (count == (ssize_t)missing)
		return proof_received(proof, bytes, missing);
	return (struct proof_step){ .verdict = PROOF_REFUSED, .reason = proof_ended(proof) };
}

const char *flight_text(char text[FLIGHT_TEXT], const void *bytes, size_t length)
{
	const unsigned char *byte = bytes;
	int used = 0;
	text[0] = '\0';
	for (size_t i = 0; i < length; i++) {
		if (length > 8 && i == 4)
			used += snprintf(text + used, (size_t)(FLIGHT_TEXT - used), "..");
		if (length <= 8 || i < 4 || i >= length - 2)
			used += snprintf(text + used, (size_t)(FLIGHT_TEXT - used), "%02x",
					 byte[i]);
	}
	return text;
}

bool flight_rejected(const struct proof_step *step)
{
	return step->verdict == PROOF_REFUSED && step->used > 0;
}

const char *flight_verdict(const struct proof_step *step)
{
	if (step->verdict == PROOF_REFUSED)
		return step->reason;
	return step->verdict == PROOF_DONE ? "proven" : "not done";
}
