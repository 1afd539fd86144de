#include "protocol/probe.h"

#include <string.h>

/* Bodies of neighbours share no long run: the step is odd, and no small part of the span. */
#define STEP 1663

void probe_init(struct probe *probe, unsigned char *table, size_t size)
{
	uint32_t state = 2463534242u;
	for (size_t i = 0; i < PROBE_SPAN + size;
	     i++) { /* xorshift (Marsaglia 2003), always the same */
		state ^= state << 13;
		state ^= state >> 17;
		state ^= state << 5;
		table[i] = (unsigned char)(state >> 24);
	}
	*probe = (struct probe){ .size = size, .table = table };
}

static const unsigned char *body(const struct probe *probe, uint64_t number)
{
	return probe->table + number * STEP % PROBE_SPAN;
}

/* Written out, here and in probe_number(), compilers make one store or load of it. */
static void write_number(uint64_t number, unsigned char *bytes)
{
	bytes[0] = (unsigned char)(number >> 56);
	bytes[1] = (unsigned char)(number >> 48);
	bytes[2] = (unsigned char)(number >> 40);
	bytes[3] = (unsigned char)(number >> 32);
	bytes[4] = (unsigned char)(number >> 24);
	bytes[5] = (unsigned char)(number >> 16);
	bytes[6] = (unsigned char)(number >> 8);
	bytes[7] = (unsigned char)number;
}

void probe_write(const struct probe *probe, uint64_t number, unsigned char *message)
{
	write_number(number, message);
	memcpy(message + PROBE_LEAST, body(probe, number) + PROBE_LEAST, probe->size - PROBE_LEAST);
}

uint64_t probe_number(const unsigned char *message)
{
	return (uint64_t)message[0] << 56 | (uint64_t)message[1] << 48 |
	       (uint64_t)message[2] << 40 | (uint64_t)message[3] << 32 |
	       (uint64_t)message[4] << 24 | (uint64_t)message[5] << 16 | (uint64_t)message[6] << 8 |
	       (uint64_t)message[7];
}

unsigned char probe_byte(const struct probe *probe, uint64_t number, size_t offset)
{
	unsigned char head[PROBE_LEAST];
	write_number(number, head);
	return offset < PROBE_LEAST ? head[offset] : body(probe, number)[offset];
}

size_t probe_alike(const struct probe *probe, uint64_t number, const unsigned char *bytes,
		   size_t length)
{
	unsigned char head[PROBE_LEAST];
	const unsigned char *rest = body(probe, number);
	size_t most = length < probe->size ? length : probe->size;
	size_t alike = 0;
	write_number(number, head);
	for (size_t i = 0; i < most && i < PROBE_ALIKE; i++)
		alike += bytes[i] == (i < PROBE_LEAST ? head[i] : rest[i]);
	return alike;
}

static size_t equal(const unsigned char *a, const unsigned char *b, size_t length)
{
	if (memcmp(a, b, length) == 0)
		return length;
	size_t i = 0;
	while (a[i] == b[i])
		i++;
	return i;
}

size_t probe_check(const struct probe *probe, uint64_t number, size_t from,
		   const unsigned char *bytes, size_t length)
{
	size_t done = 0;
	if (from == 0 && length >= PROBE_LEAST && probe_number(bytes) == number) {
		done = PROBE_LEAST;
	} else if (from < PROBE_LEAST) {
		unsigned char head[PROBE_LEAST];
		size_t part = PROBE_LEAST - from < length ? PROBE_LEAST - from : length;
		write_number(number, head);
		done = equal(head + from, bytes, part);
		if (done < part)
			return done;
	}
	return done + equal(body(probe, number) + from + done, bytes + done, length - done);
}
