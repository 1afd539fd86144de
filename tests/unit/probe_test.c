#include "protocol/probe.h"

#include "check.h"

#include <string.h>

enum { LARGE = 100000 };

static unsigned char table[PROBE_SPAN + LARGE], message[LARGE], other[LARGE];

static const uint64_t numbers[] = {
	0, 1, 2, 255, 256, 4095, 4096, 65536, UINT64_C(1) << 32, INT64_MAX, UINT64_MAX,
};

static struct probe probe_of(size_t size)
{
	struct probe probe;
	probe_init(&probe, table, size);
	return probe;
}

static void check_number(void)
{
	struct probe probe = probe_of(PROBE_LEAST);
	static const unsigned char big_endian[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		probe_write(&probe, numbers[i], message);
		check(probe_number(message) == numbers[i], "number %llu comes back",
		      (unsigned long long)numbers[i]);
	}
	probe_write(&probe, UINT64_C(0x0102030405060708), message);
	check(memcmp(message, big_endian, 8) == 0, "the number is big-endian");
}

/* A message stays within its size, and what is written is what is expected back. */
static void check_whole(size_t size)
{
	struct probe probe = probe_of(size);
	bool right = true, bytes = true;
	size_t step = size > 1000 ? 997 : 1;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		memset(message, 0xa5, sizeof(message));
		probe_write(&probe, numbers[i], message);
		right = right && probe_check(&probe, numbers[i], 0, message, size) == size &&
			(size == LARGE || message[size] == 0xa5);
		for (size_t at = 0; at < size; at += step)
			bytes = bytes && probe_byte(&probe, numbers[i], at) == message[at];
	}
	check(right, "%zu bytes: right, and not one more is written", size);
	check(bytes, "%zu bytes: each, asked for alone, is what was written", size);
}

/* The first wrong byte is found wherever it is, and from wherever the comparison begins. */
static void check_wrong(size_t size)
{
	struct probe probe = probe_of(size);
	bool found = true;
	probe_write(&probe, 77, message);
	for (size_t wrong = 0; wrong < size; wrong++) {
		message[wrong] ^= 1;
		for (size_t from = 0; from < size; from++) {
			size_t right = from <= wrong ? wrong - from : size - from;
			found = found &&
				probe_check(&probe, 77, from, message + from, size - from) == right;
		}
		message[wrong] ^= 1;
	}
	check(found, "%zu bytes: the first wrong one is found from any offset", size);
}

/* Pieces of any size, as a stream gives them. */
static void check_pieces(void)
{
	struct probe probe = probe_of(LARGE);
	bool right = true;
	probe_write(&probe, 12345, message);
	for (int round = 0; round < 20; round++)
		for (size_t at = 0; at < LARGE;) {
			size_t length = check_random(round % 2 ? 20000 : 11) + 1;
			if (length > LARGE - at)
				length = LARGE - at;
			right = right &&
				probe_check(&probe, 12345, at, message + at, length) == length;
			at += length;
		}
	check(right, "pieces of any size are right");
	check(probe_check(&probe, 12345, 500, message, 0) == 0, "no bytes, none right");
	check(probe_check(&probe, 12345, LARGE, message, 0) == 0, "no bytes, at the end");
}

static size_t alike(const unsigned char *a, const unsigned char *b, size_t size)
{
	size_t count = 0;
	for (size_t i = PROBE_LEAST; i < size; i++)
		count += a[i] == b[i];
	return count;
}

static bool has_run(const unsigned char *haystack, const unsigned char *run, size_t size,
		    size_t length)
{
	for (size_t at = PROBE_LEAST; at + length <= size; at++)
		if (memcmp(haystack + at, run, length) == 0)
			return true;
	return false;
}

/* No reply can pass for another, in place or shifted, among as many as may be in flight. */
static void check_bodies(void)
{
	enum { SIZE = 64, NEIGHBOURS = 64 };
	struct probe probe = probe_of(SIZE);
	size_t most = 0;
	bool shifted = false;
	probe_write(&probe, 1000, message);
	for (uint64_t number = 1001; number < 1000 + PROBE_SPAN; number++) {
		probe_write(&probe, number, other);
		size_t count = alike(message, other, SIZE);
		most = count > most ? count : most;
		if (number <= 1000 + NEIGHBOURS)
			shifted = shifted || has_run(message, other + PROBE_LEAST, SIZE, 16);
	}
	check(most < (SIZE - PROBE_LEAST) / 4,
	      "of %d bodies none is like another: at most %zu of %d bytes are", PROBE_SPAN, most,
	      SIZE - PROBE_LEAST);
	check(!shifted, "neighbours share no run of 16 bytes");
	probe_write(&probe, 1000 + PROBE_SPAN, other);
	check(memcmp(message + PROBE_LEAST, other + PROBE_LEAST, SIZE - PROBE_LEAST) == 0 &&
		      probe_check(&probe, 1000, 0, other, SIZE) < PROBE_LEAST,
	      "where bodies repeat, the number tells them apart");
}

static void check_values(void)
{
	bool seen[256] = { false };
	int count = 0;
	struct probe probe = probe_of(4096);
	probe_write(&probe, 0, message);
	for (size_t i = PROBE_LEAST; i < 4096; i++)
		seen[message[i]] = true;
	for (int i = 0; i < 256; i++)
		count += seen[i];
	check(count == 256, "bytes of every value are sent: %d", count);
}

int main(void)
{
	static const size_t sizes[] = { 8, 9, 15, 16, 64, 1000, 4096, 4097, LARGE };
	check_number();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		check_whole(sizes[i]);
	check_wrong(8);
	check_wrong(9);
	check_wrong(64);
	check_wrong(300);
	check_pieces();
	check_bodies();
	check_values();
	return check_done();
}
