/* Names of unix sockets: every byte, in and out, and how long they may be. */
#include "net/notation.h"

#include "check.h"
#include "net/family.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	HEAD = offsetof(struct sockaddr_un, sun_path),
	ROOM = sizeof(((struct sockaddr_un *)0)->sun_path),
};

static const struct endpoint_flags none;

/*
 * Fills NAME with the bytes of sun_path that OPERAND becomes; returns how many, without a
 * path's NUL. -1: it was refused as a usage error; -2 and -3: what must not happen.
 */
static int name_of(const char *operand, unsigned char name[ROOM], char text[ENDPOINT_TEXT])
{
	struct endpoint_list list = { 0 };
	struct error error = { .status = STATUS_OK };
	struct sockaddr_un un;
	if (endpoint_parse(operand, &none, &list, &error) == -1)
		return error.status == STATUS_USAGE && strstr(error.text, ": ") ? -1 : -2;
	int length = (int)list.items[0].length - HEAD;
	memcpy(&un, &list.items[0].address, sizeof(un));
	memcpy(name, un.sun_path, ROOM);
	endpoint_format(&list.items[0], text);
	endpoint_list_free(&list);
	if (un.sun_path[0] != '\0' && un.sun_path[--length] != '\0')
		return -3; /* a path ends with its NUL, within its length */
	return length;
}

static void accept_name(const char *operand, const char *bytes, int length, const char *wanted)
{
	unsigned char name[ROOM];
	char text[ENDPOINT_TEXT] = "";
	int seen = name_of(operand, name, text);
	check(seen == length && memcmp(name, bytes, (size_t)length) == 0 &&
		      strcmp(text, wanted) == 0,
	      "'%s' has %d bytes and is printed as %s: %d, %s", operand, length, wanted, seen,
	      text);
}

static void refuse_name(const char *operand, const char *why)
{
	unsigned char name[ROOM];
	char text[ENDPOINT_TEXT];
	int seen = name_of(operand, name, text);
	check(seen == -1, "'%.40s' is a usage error, %s (%d)", operand, why, seen);
}

static void test_escapes(void)
{
	accept_name("unix:/a\\x41\\x7a", "/aAz", 4, "unix+stream:/aAz");
	accept_name("unix:/\\xfF\\xAb", "/\xff\xab", 3, "unix+stream:/\\xff\\xab");
	accept_name("unix:/a\\\\b", "/a\\b", 4, "unix+stream:/a\\\\b");
	accept_name("unix:/a\\\\x41", "/a\\x41", 6, "unix+stream:/a\\\\x41");
	accept_name("unix:/a b~", "/a b~", 5, "unix+stream:/a b~");
	accept_name("unix:/\n\x7f\x1b", "/\n\x7f\x1b", 4, "unix+stream:/\\x0a\\x7f\\x1b");
	accept_name("unix:/\xc3\xb6", "/\xc3\xb6", 3, "unix+stream:/\\xc3\\xb6");
	accept_name("unix:\\x40name", "@name", 5, "unix+stream:\\x40name");
	accept_name("unix:a@b", "a@b", 3, "unix+stream:a@b");
	refuse_name("unix:/a\\", "an escape that ends early");
	refuse_name("unix:/a\\x", "an escape that ends early");
	refuse_name("unix:/a\\x4", "an escape that ends early");
	refuse_name("unix:/a\\x4g", "not two digits");
	refuse_name("unix:/a\\xg4", "not two digits");
	refuse_name("unix:/a\\X41", "not that letter");
	refuse_name("unix:/a\\n", "no such escape");
	refuse_name("unix:/a\\x00b", "a path holds no NUL");
	refuse_name("unix:\\x00b", "a path holds no NUL");
}

static void test_abstract(void)
{
#ifdef __linux__
	accept_name("@name", "\0name", 5, "unix+stream:@name");
	accept_name("unix+dgram:@n", "\0n", 2, "unix+dgram:@n");
	accept_name("@a\\x00b", "\0a\0b", 4, "unix+stream:@a\\x00b");
	accept_name("@\\x00", "\0\0", 2, "unix+stream:@\\x00");
	accept_name("@a/b", "\0a/b", 4, "unix+stream:@a/b");
	accept_name("@\\\\", "\0\\", 2, "unix+stream:@\\\\");
	accept_name("@\\x40", "\0@", 2, "unix+stream:@\\x40");
	refuse_name("@", "a name needs a byte");
	refuse_name("unix:@", "a name needs a byte");
#else
	refuse_name("@name", "Linux alone has abstract names");
#endif
}

/* PREFIX, and after it COUNT times PIECE. */
static const char *repeat(const char *prefix, const char *piece, int count)
{
	static char operand[4 * 100000 + 64];
	size_t used = (size_t)sprintf(operand, "%s", prefix);
	while (count-- > 0)
		used += (size_t)sprintf(operand + used, "%s", piece);
	return operand;
}

static void test_lengths(void)
{
	static const char *const pieces[] = { "n", "\\x01", "\\\\" };
	unsigned char name[ROOM];
	char text[ENDPOINT_TEXT];
	const int most = ROOM - 1;
	for (size_t i = 0; i < 3; i++) {
		check(name_of(repeat("unix:", pieces[i], most), name, text) == most,
		      "a path of %d bytes fits, written as %s", most, pieces[i]);
		refuse_name(repeat("unix:", pieces[i], most + 1), "one byte too long");
		refuse_name(repeat("unix:", pieces[i], 100000), "far too long");
#ifdef __linux__
		check(name_of(repeat("unix+seqpacket:@", pieces[i], most), name, text) == most + 1,
		      "an abstract name of %d bytes fits, written as %s", most, pieces[i]);
		refuse_name(repeat("unix:@", pieces[i], most + 1), "one byte too long");
#endif
	}
}

/* Is an address with a random name of LENGTH bytes printed so that its text gives it back? */
static bool returns(int length, bool abstract, const char **why)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct endpoint endpoint;
	struct endpoint_list list = { 0 };
	struct error error;
	char text[ENDPOINT_TEXT + 8];
	/* bytes with a meaning of their own are more frequent than others */
	static const char special[] = "\\x0@/.:[]% \n\"'";
	for (int i = 0; i < length; i++) {
		int byte = check_random(2) ? special[check_random(sizeof(special))]
					   : (int)check_random(256);
		un.sun_path[abstract + i] = (char)(byte == 0 && !abstract ? 'n' : byte);
	}
	memset(text, 'g', sizeof(text));
	socklen_t size = (socklen_t)(HEAD + length + 1);
	*why = "endpoint_from_address";
	if (endpoint_from_address((struct sockaddr *)&un, size, NULL, kind_seqpacket, &endpoint) ==
	    -1)
		return false;
	endpoint_format(&endpoint, text);
	*why = "no room";
	if (text[ENDPOINT_TEXT] != 'g' || !memchr(text, '\0', ENDPOINT_TEXT))
		return false;
	*why = "not printable";
	for (const char *byte = text; *byte; byte++)
		if (*byte < ' ' || *byte > '~')
			return false;
	*why = "its text is refused";
	if (endpoint_parse(text, &none, &list, &error) == -1)
		return false;
	*why = "another address";
	bool good = list.count == 1 && list.items[0].length == size &&
		    list.items[0].kind == kind_seqpacket &&
		    memcmp(&list.items[0].address, &un, size) == 0;
	endpoint_list_free(&list);
	return good;
}

static void test_round_trip(void)
{
	const char *why = "";
	bool good = true;
	int tried = 0;
	for (; tried < 20000 && good; tried++)
		good = returns(1 + (int)check_random(ROOM - 1), false, &why);
	check(good, "the text of a path of any bytes gives it back (%d tried) %s", tried,
	      good ? "" : why);
#ifdef __linux__
	for (tried = 0; tried < 20000 && good; tried++)
		good = returns(1 + (int)check_random(ROOM - 1), true, &why);
	check(good, "that of an abstract name too (%d tried) %s", tried, good ? "" : why);
#endif
}

/* The name that a socket was bound to is the one that the kernel tells of it. */
static void test_bound(void)
{
#ifdef __linux__
	char operand[128], text[ENDPOINT_TEXT] = "";
	struct endpoint_list list = { 0 };
	struct endpoint endpoint;
	struct error error;
	snprintf(operand, sizeof(operand), "unix+dgram:@unit-%d\\x00\\x0a\\\\", (int)getpid());
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	bool good =
		fd != -1 && endpoint_parse(operand, &none, &list, &error) == 0 &&
		bind(fd, (struct sockaddr *)&list.items[0].address, list.items[0].length) == 0 &&
		endpoint_of_socket(fd, &endpoint, &error) == 0;
	check(good && strcmp(endpoint_format(&endpoint, text), operand) == 0,
	      "bound, it is called %s: %s", operand, text);
	endpoint_list_free(&list);
	close(fd);
#endif
}

int main(void)
{
	test_escapes();
	test_abstract();
	test_lengths();
	test_round_trip();
	test_bound();
	return check_done();
}
