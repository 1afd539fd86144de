#include "net/notation.h"

#include "check.h"
#include "net/family.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define BELOW "/run/user/7" /* XDG_RUNTIME_DIR, except in the tests about it */

static struct endpoint_flags flags_for(const char *family, const char *type)
{
	struct endpoint_flags flags = { 0 };
	if (family)
		flags.family = family_by_name(family, strlen(family));
	if (type)
		flags.kind = kind_by_name(type, strlen(type));
	return flags;
}

static bool same(const struct endpoint *one, const struct endpoint *other)
{
	return one->family == other->family && one->kind == other->kind &&
	       one->length == other->length &&
	       memcmp(&one->address, &other->address, one->length) == 0;
}

/* OPERAND is one endpoint, printed as WANTED; and that text is the same endpoint again. */
static void accept_one(const char *family, const char *type, const char *operand,
		       const char *wanted)
{
	struct endpoint_flags flags = flags_for(family, type), none = { 0 };
	struct endpoint_list list = { 0 }, again = { 0 };
	struct error error = { .text = "" };
	char text[ENDPOINT_TEXT] = "";
	int result = endpoint_parse(operand, &flags, &list, &error);
	if (result == 0 && list.count == 1)
		endpoint_format(&list.items[0], text);
	bool good = check(strcmp(text, wanted) == 0, "'%s' with %s %s is %s: %s%s", operand,
			  family ? family : "-", type ? type : "-", wanted, text, error.text);
	if (good)
		good = endpoint_parse(text, &none, &again, &error) == 0 && again.count == 1 &&
		       same(&list.items[0], &again.items[0]);
	check(good, "'%s' gives the same address again", wanted);
	endpoint_list_free(&list);
	endpoint_list_free(&again);
}

/* OPERAND is refused with STATUS and a reason, on one line; what the list held before stays. */
static void refuse(const char *family, const char *type, const char *operand, enum status status)
{
	struct endpoint_flags flags = flags_for(family, type), unix_only = flags_for("unix", NULL);
	struct endpoint_list list = { 0 };
	struct error error = { .text = "" };
	endpoint_parse("unix:before", &unix_only, &list, &error);
	int result = endpoint_parse(operand, &flags, &list, &error);
	check(result == -1 && error.status == status && list.count == 1 &&
		      strstr(error.text, ": ") && !strchr(error.text, '\n'),
	      "'%.60s' with %s %s is refused with %d: %d, %d, %.150s", operand,
	      family ? family : "-", type ? type : "-", status, result,
	      result ? (int)error.status : 0, result ? error.text : "taken");
	endpoint_list_free(&list);
}

static void test_prefixes(void)
{
	static const struct {
		const char *operand, *wanted;
	} rows[] = {
		{ "unix+stream:/run/e.sock", "unix+stream:/run/e.sock" },
		{ "unix+seqpacket:/run/e.sock", "unix+seqpacket:/run/e.sock" },
		{ "unix+dgram:/run/e.sock", "unix+dgram:/run/e.sock" },
		{ "unix:/run/e.sock", "unix+stream:/run/e.sock" },
		{ "unix:relative", "unix+stream:relative" },
		{ "unix:../x", "unix+stream:../x" },
		{ "unix:127.0.0.1:7", "unix+stream:127.0.0.1:7" },
		{ "unix:inet:[::1]:7", "unix+stream:inet:[::1]:7" },
		{ "inet+stream:127.0.0.1:40123", "inet+stream:127.0.0.1:40123" },
		{ "inet+dgram:127.0.0.1:0", "inet+dgram:127.0.0.1:0" },
		{ "inet:127.0.0.1:65535", "inet+stream:127.0.0.1:65535" },
		{ "inet:10.1.2.3", "inet+stream:10.1.2.3:8888" },
		{ "inet::7", "inet+stream:127.0.0.1:7" },
		{ "inet:*:7", "inet+stream:0.0.0.0:7" },
		{ "inet6+dgram:[::1]:7", "inet6+dgram:[::1]:7" },
		{ "inet6:[2001:DB8:0:0::1]:7", "inet6+stream:[2001:db8::1]:7" },
		{ "inet6:::1", "inet6+stream:[::1]:8888" },
		{ "inet6:::", "inet6+stream:[::]:8888" },
		{ "inet6::7", "inet6+stream:[::1]:7" },
		{ "inet6:*:7", "inet6+stream:[::]:7" },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		accept_one(NULL, NULL, rows[i].operand, rows[i].wanted);
	refuse(NULL, NULL, "unix+:/x", STATUS_USAGE);
	refuse(NULL, NULL, "unix+raw:/x", STATUS_USAGE);
	refuse(NULL, NULL, "unix+streams:/x", STATUS_USAGE);
	refuse(NULL, NULL, "inet+seqpacket:127.0.0.1:7", STATUS_USAGE);
	refuse(NULL, NULL, "inet6+seqpacket:", STATUS_USAGE);
	refuse(NULL, NULL, "inet:/run/e.sock", STATUS_USAGE);
	refuse(NULL, NULL, "inet:@name", STATUS_USAGE);
	refuse(NULL, NULL, "inet:[::1]:7", STATUS_USAGE);
	refuse(NULL, NULL, "inet:::1", STATUS_USAGE);
	refuse(NULL, NULL, "inet6:127.0.0.1:7", STATUS_USAGE);
	refuse(NULL, NULL, "inet6:127.0.0.1", STATUS_USAGE);
	refuse(NULL, NULL, "inet6:[127.0.0.1]:7", STATUS_USAGE);
	refuse(NULL, NULL, "inet6:/run/e.sock", STATUS_USAGE);
}

static void test_no_prefix(void)
{
	static const struct {
		const char *operand, *wanted;
	} rows[] = {
		{ "/run/e.sock", "unix+stream:/run/e.sock" },
		{ "./e.sock", "unix+stream:./e.sock" },
		{ ".e", "unix+stream:.e" },
		{ "a/b", "unix+stream:a/b" },
		{ "a:b:c/d", "unix+stream:a:b:c/d" },
		{ "./unix:7", "unix+stream:./unix:7" },
		{ "[::1]:7", "inet6+stream:[::1]:7" },
		{ "::1", "inet6+stream:[::1]:8888" },
		{ "2001:db8::7", "inet6+stream:[2001:db8::7]:8888" },
		{ "127.0.0.1:7", "inet+stream:127.0.0.1:7" },
		{ "127.0.0.1", "inet+stream:127.0.0.1:8888" },
		{ ":7", "inet+stream:127.0.0.1:7" },
		{ "*:7", "inet+stream:0.0.0.0:7" },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		accept_one(NULL, NULL, rows[i].operand, rows[i].wanted);
	accept_one(NULL, "dgram", "127.0.0.1:7", "inet+dgram:127.0.0.1:7");
	accept_one(NULL, "dgram", "[::1]:7", "inet6+dgram:[::1]:7");
	accept_one(NULL, "seqpacket", "/x", "unix+seqpacket:/x");
	accept_one(NULL, "dgram", "inet+dgram::7", "inet+dgram:127.0.0.1:7");
	accept_one(NULL, "dgram", "inet::7", "inet+dgram:127.0.0.1:7");
	refuse(NULL, "seqpacket", "127.0.0.1:7", STATUS_USAGE);
	refuse(NULL, "seqpacket", "[::1]:7", STATUS_USAGE);
	refuse(NULL, "dgram", "inet+stream::7", STATUS_USAGE);
	refuse(NULL, "stream", "unix+dgram:/x", STATUS_USAGE);
}

static void test_flags(void)
{
	accept_one("unix", NULL, "name", "unix+stream:name");
	accept_one("unix", NULL, "host:7", "unix+stream:host:7");
	accept_one("unix", NULL, "/x", "unix+stream:/x");
	accept_one("unix", "seqpacket", "unix:/x", "unix+seqpacket:/x");
	accept_one("inet", NULL, "127.0.0.1:7", "inet+stream:127.0.0.1:7");
	accept_one("inet", "dgram", ":7", "inet+dgram:127.0.0.1:7");
	accept_one("inet", NULL, "*:7", "inet+stream:0.0.0.0:7");
	accept_one("inet", NULL, "inet:127.0.0.1", "inet+stream:127.0.0.1:8888");
	accept_one("inet6", NULL, ":7", "inet6+stream:[::1]:7");
	accept_one("inet6", NULL, "*:7", "inet6+stream:[::]:7");
	accept_one("inet6", "dgram", "::1", "inet6+dgram:[::1]:8888");
	static const struct {
		const char *family, *operand;
	} rows[] = {
		{ "unix", "127.0.0.1:7" }, { "unix", "127.0.0.1" },    { "unix", "[::1]:7" },
		{ "unix", "::1" },         { "unix", "inet::7" },      { "unix", "inet6:" },
		{ "inet", "unix:/x" },     { "inet", "inet6::7" },     { "inet", "/x" },
		{ "inet", "./x" },         { "inet", "@x" },           { "inet", "a/b" },
		{ "inet", "[::1]:7" },     { "inet", "::1" },          { "inet6", "unix:" },
		{ "inet6", "inet::7" },    { "inet6", "127.0.0.1:7" }, { "inet6", "127.0.0.1" },
		{ "inet6", "/x" },         { "inet6", "@x" },
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		refuse(rows[i].family, NULL, rows[i].operand, STATUS_USAGE);
	refuse("inet", "seqpacket", ":7", STATUS_USAGE);
	refuse("inet6", "seqpacket", ":7", STATUS_USAGE);
}

static void test_defaults(void)
{
	accept_one(NULL, NULL, "unix:", "unix+stream:" BELOW "/sockfam.sock");
	accept_one(NULL, NULL, "unix+dgram:", "unix+dgram:" BELOW "/sockfam-dgram.sock");
	accept_one("unix", "seqpacket", "unix:", "unix+seqpacket:" BELOW "/sockfam-seqpacket.sock");
	accept_one(NULL, NULL, "inet:", "inet+stream:127.0.0.1:8888");
	accept_one(NULL, "dgram", "inet:", "inet+dgram:127.0.0.1:8888");
	accept_one(NULL, NULL, "inet6:", "inet6+stream:[::1]:8888");
	accept_one(NULL, NULL, "inet6+dgram:", "inet6+dgram:[::1]:8888");
	unsetenv("XDG_RUNTIME_DIR");
	accept_one(NULL, NULL, "unix:", "unix+stream:/tmp/sockfam.sock");
	setenv("XDG_RUNTIME_DIR", "", 1);
	accept_one(NULL, NULL, "unix+dgram:", "unix+dgram:/tmp/sockfam-dgram.sock");
	/* a folder's name is taken as it is: it is not in the notation of endpoints */
	setenv("XDG_RUNTIME_DIR", "/a\\b\\x41", 1);
	accept_one(NULL, NULL, "unix:", "unix+stream:/a\\\\b\\\\x41/sockfam.sock");
	char folder[5000];
	memset(folder, 'd', sizeof(folder));
	folder[0] = '/';
	folder[sizeof(folder) - 1] = '\0';
	setenv("XDG_RUNTIME_DIR", folder, 1);
	refuse(NULL, NULL, "unix:", STATUS_USAGE);
	folder[100] = '\0';
	setenv("XDG_RUNTIME_DIR", folder, 1);
	refuse(NULL, NULL, "unix:", STATUS_USAGE);
	setenv("XDG_RUNTIME_DIR", BELOW, 1);
}

static void test_for_clients(void)
{
	static const struct {
		const char *family, *type, *wanted;
	} rows[] = {
		{ NULL, NULL, "unix+stream:" BELOW "/sockfam.sock" },
		{ NULL, "dgram", "unix+dgram:" BELOW "/sockfam-dgram.sock" },
		{ "unix", "seqpacket", "unix+seqpacket:" BELOW "/sockfam-seqpacket.sock" },
		{ "inet", NULL, "inet+stream:127.0.0.1:8888" },
		{ "inet6", "dgram", "inet6+dgram:[::1]:8888" },
	};
	char one[] = "inet::7", two[] = "inet::8";
	char *none[] = { NULL }, *single[] = { one, NULL }, *both[] = { one, two, NULL };
	struct endpoint_list list = { 0 };
	struct error error;
	char text[ENDPOINT_TEXT];
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct endpoint_flags flags = flags_for(rows[i].family, rows[i].type);
		int result = endpoint_parse_one(none, &flags, &list, "talk", &error);
		check(result == 0 && list.count == 1 &&
			      strcmp(endpoint_format(&list.items[0], text), rows[i].wanted) == 0,
		      "a client without an operand goes to %s", rows[i].wanted);
		endpoint_list_free(&list);
	}
	struct endpoint_flags flags = { 0 };
	check(endpoint_parse_one(single, &flags, &list, "talk", &error) == 0 && list.count == 1 &&
		      strcmp(endpoint_format(&list.items[0], text), "inet+stream:127.0.0.1:7") == 0,
	      "a client takes one operand");
	endpoint_list_free(&list);
	check(endpoint_parse_one(both, &flags, &list, "talk", &error) == -1 &&
		      error.status == STATUS_USAGE && strstr(error.text, "talk") &&
		      strstr(error.text, "::8"),
	      "a second one is a usage error");
	endpoint_list_free(&list);
}

static void test_ports(void)
{
	static const char *const ports[] = {
		"65536",
		"99999",
		"100000",
		"4294967303",
		"18446744073709551623",
		"-1",
		"+7",
		"+65616",
		"-4294967216",
		"7x",
		"0x7",
		" 7",
		"7 ",
		"",
		"7:8",
		"7/8",
		"no-such-service",
	};
	char operand[64];
	for (size_t i = 0; i < COUNT(ports); i++) {
		snprintf(operand, sizeof(operand), "inet:127.0.0.1:%s", ports[i]);
		refuse(NULL, NULL, operand, STATUS_USAGE);
		snprintf(operand, sizeof(operand), "inet6:[::1]:%s", ports[i]);
		refuse(NULL, NULL, operand, STATUS_USAGE);
	}
	refuse(NULL, NULL, ":", STATUS_USAGE);
	refuse(NULL, NULL, "*:", STATUS_USAGE);
	refuse(NULL, NULL, "[::1]7", STATUS_USAGE);
	refuse(NULL, NULL, "[::1", STATUS_USAGE);
	refuse(NULL, NULL, "[]:7", STATUS_USAGE);
	refuse(NULL, NULL, "[::g]:7", STATUS_USAGE);
	refuse(NULL, NULL, "1:2:3:4:5:6:7:8:9", STATUS_USAGE);
	refuse(NULL, NULL, "a b:7", STATUS_USAGE);
	refuse(NULL, NULL, "a\\b:7", STATUS_USAGE);
	refuse(NULL, NULL, "a\nb:7", STATUS_USAGE);
	refuse(NULL, NULL, "[::1\n]:7", STATUS_USAGE);
}

/* A host that is too long is refused, with a reason, however long it is. */
static void test_long_hosts(void)
{
	static const char *const before[] = { "inet:", "inet6:", "inet6:[", "inet6:[::", "" };
	static const size_t lengths[] = { 256, 300, 1000, 100000 };
	char *operand = malloc(100100);
	if (!operand)
		abort();
	for (size_t i = 0; i < COUNT(before); i++) {
		for (size_t j = 0; j < COUNT(lengths); j++) {
			size_t used = (size_t)sprintf(operand, "%s", before[i]);
			memset(operand + used, 'a', lengths[j]);
			strcpy(operand + used + lengths[j], strchr(before[i], '[') ? "]:7" : ":7");
			refuse(NULL, NULL, operand, STATUS_USAGE);
		}
	}
	free(operand);
}

static void test_zones(void)
{
	struct if_nameindex *all = if_nameindex();
	char operand[128], wanted[128];
	if (!all || !all[0].if_name) {
		check_skip("zones by name", "there is no interface");
	} else {
		snprintf(operand, sizeof(operand), "[fe80::1%%%s]:7", all[0].if_name);
		snprintf(wanted, sizeof(wanted), "inet6+stream:[fe80::1%%%s]:7", all[0].if_name);
		accept_one(NULL, NULL, operand, wanted);
		snprintf(operand, sizeof(operand), "inet6:[fe80::1%%%u]:7", all[0].if_index);
		accept_one(NULL, NULL, operand, wanted);
		snprintf(operand, sizeof(operand), "fe80::1%%%s", all[0].if_name);
		snprintf(wanted, sizeof(wanted), "inet6+stream:[fe80::1%%%s]:8888", all[0].if_name);
		accept_one(NULL, NULL, operand, wanted);
	}
	if (all)
		if_freenameindex(all);
	accept_one(NULL, NULL, "[fe80::1%4000000000]:7", "inet6+stream:[fe80::1%4000000000]:7");
	refuse(NULL, NULL, "[fe80::1%nosuchzone]:7", STATUS_NO_HOST);
	refuse(NULL, NULL, "[fe80::1%]:7", STATUS_NO_HOST);
	refuse(NULL, NULL, "[fe80::1%0]:7", STATUS_NO_HOST);
	refuse(NULL, NULL, "[fe80::1%4294967297]:7", STATUS_NO_HOST);
	refuse(NULL, NULL, "[fe80::1%18446744073709551617]:7", STATUS_NO_HOST);
	refuse(NULL, NULL, "[fe80::1%-1]:7", STATUS_NO_HOST);
}

/* A name stands for all its addresses, in the resolver's order. */
static void test_names(void)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;
	struct endpoint_flags none = { 0 };
	struct endpoint_list list = { 0 };
	struct error error;
	bool good;
	if (getaddrinfo("localhost", "7", &hints, &found) != 0) {
		check_skip("localhost", "this system does not resolve it");
		return;
	}
	good = endpoint_parse("localhost:7", &none, &list, &error) == 0;
	size_t count = 0;
	for (struct addrinfo *each = found; each && good; each = each->ai_next, count++)
		good = count < list.count && list.items[count].length == each->ai_addrlen &&
		       memcmp(&list.items[count].address, each->ai_addr, each->ai_addrlen) == 0;
	check(good && count == list.count,
	      "localhost is all that the resolver says, in its order (%zu)", count);
	freeaddrinfo(found);
	endpoint_list_free(&list);
}

static void format_is(const void *address, socklen_t length, const char *wanted)
{
	struct endpoint endpoint;
	char text[ENDPOINT_TEXT] = "";
	const struct family *listener = family_by_name("unix", 4);
	int result = endpoint_from_address(address, length, listener, kind_dgram, &endpoint);
	if (result == 0)
		endpoint_format(&endpoint, text);
	check(result == 0 && strcmp(text, wanted) == 0,
	      "an address of %u bytes is printed as %s: %s", (unsigned)length, wanted, text);
}

static void test_from_the_kernel(void)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(7) };
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct endpoint endpoint;
	const socklen_t head = offsetof(struct sockaddr_un, sun_path);
	inet_pton(AF_INET6, "::ffff:10.1.2.3", &in6.sin6_addr);
	format_is(&in6, sizeof(in6), "inet+dgram:10.1.2.3:7");
	inet_pton(AF_INET6, "2001:db8::7", &in6.sin6_addr);
	format_is(&in6, sizeof(in6), "inet6+dgram:[2001:db8::7]:7");
	format_is(&un, 0, "unix+dgram:");
	format_is(&un, head, "unix+dgram:");
	/* on Linux a path may fill it, without a NUL */
	memset(un.sun_path, 'p', sizeof(un.sun_path));
	char wanted[256] = "unix+dgram:";
	memset(wanted + strlen(wanted), 'p', sizeof(un.sun_path));
	format_is(&un, sizeof(un), wanted);
	format_is(&un, head + 3, "unix+dgram:ppp");
	un.sun_path[2] = '\0';
	format_is(&un, sizeof(un), "unix+dgram:pp");
	struct sockaddr other = { .sa_family = 250 };
	check(endpoint_from_address(&other, sizeof(other), NULL, kind_stream, &endpoint) == -1,
	      "an address of another family is no endpoint");
	check(endpoint_from_address((struct sockaddr *)&un, 0, NULL, kind_stream, &endpoint) == -1,
	      "an address without a domain is of no family, unless a listener says so");

	struct error error = { .text = "" };
	int ends[2];
	if (pipe(ends) == -1)
		abort();
	check(endpoint_of_socket(ends[0], &endpoint, &error) == -1 && error.text[0],
	      "a pipe is no endpoint: %s", error.text);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	char text[ENDPOINT_TEXT] = "";
	if (fd == -1 || bind(fd, (struct sockaddr *)&in, sizeof(in)) == -1)
		abort();
	check(endpoint_of_socket(fd, &endpoint, &error) == 0 &&
		      strncmp(endpoint_format(&endpoint, text), "inet+dgram:127.0.0.1:", 21) == 0 &&
		      strcmp(text + 21, "0") != 0,
	      "a socket has an endpoint of its own: %s", text);
	close(fd);
	close(ends[0]);
	close(ends[1]);
}

/* Two families may share a domain: then a peer is the listener's, and a stranger the first one's. */
static void test_shared_domain(void)
{
	const struct family *first = family_by_name("unix", 4), *inet = family_by_name("inet", 4);
	struct family twin = *first;
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/x" };
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct endpoint endpoint;
	twin.name = "twin";
	check(endpoint_from_address((struct sockaddr *)&un, sizeof(un), &twin, kind_stream,
				    &endpoint) == 0 &&
		      endpoint.family == &twin,
	      "a peer is of its listener's family");
	check(endpoint_from_address((struct sockaddr *)&un, 0, &twin, kind_stream, &endpoint) ==
			      0 &&
		      endpoint.family == &twin,
	      "one without a name too");
	check(endpoint_from_address((struct sockaddr *)&un, sizeof(un), NULL, kind_stream,
				    &endpoint) == 0 &&
		      endpoint.family == first,
	      "else it is the first with that domain");
	check(endpoint_from_address((struct sockaddr *)&in, sizeof(in), &twin, kind_stream,
				    &endpoint) == 0 &&
		      endpoint.family == inet,
	      "another domain is another family's");
}

int main(void)
{
	setenv("XDG_RUNTIME_DIR", BELOW, 1);
	test_prefixes();
	test_no_prefix();
	test_flags();
	test_defaults();
	test_for_clients();
	test_ports();
	test_long_hosts();
	test_zones();
	test_names();
	test_from_the_kernel();
	test_shared_domain();
	return check_done();
}
