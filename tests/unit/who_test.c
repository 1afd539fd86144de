#include "protocol/who.h"

#include "protocol/echo.h"
#include "protocol/json_validator.h"
#include "protocol/proxy.h"

#include "check.h"

#include <string.h>

static char text[WHO_ROOM];

static bool is_json(const char *bytes, size_t length)
{
	static unsigned char copy[WHO_ROOM];
	size_t good;
	const char *reason;
	memcpy(copy, bytes, length);
	return json_validator_record(copy, length, &good, &reason) == JSON_ONE;
}

static struct who_facts nobody(void)
{
	return (struct who_facts){ .family = "f",
				   .type = "t",
				   .pid = WHO_UNKNOWN,
				   .uid = WHO_UNKNOWN,
				   .gid = WHO_UNKNOWN,
				   .ttl = WHO_UNKNOWN,
				   .dscp = WHO_UNKNOWN,
				   .ecn = WHO_UNKNOWN };
}

/* The reply to one message of 5 bytes. */
static size_t reply_to(const struct who_facts *facts, bool newline)
{
	struct who who = { .beginning = text, .text = text, .time = 7 };
	who_begin(facts, text, sizeof(text));
	return who_reply(&who, 5, newline);
}

static void test_object(void)
{
	struct who_facts facts = nobody();
	const char *wanted = "{\"peer\":null,\"local\":null,\"family\":\"f\",\"type\":\"t\","
			     "\"name\":null,\"number\":1,\"length\":5,\"time_ns\":7}";
	size_t length = reply_to(&facts, false);
	check(length == strlen(wanted) && memcmp(text, wanted, length) == 0,
	      "what is not known is null: %.*s", (int)length, text);
	check(is_json(text, length), "and it is JSON");
	length = reply_to(&facts, true);
	check(length == strlen(wanted) + 1 && text[length - 1] == '\n',
	      "with a newline on a stream");

	facts.has_user = facts.has_hops = true;
	facts.uid = 0;
	facts.ecn = 3;
	length = reply_to(&facts, false);
	check(is_json(text, length) && strstr(text, "\"pid\":null,\"uid\":0,\"gid\":null") &&
		      strstr(text, "\"ttl\":null,\"dscp\":null,\"ecn\":3"),
	      "0 is known: %.*s", (int)length, text);

	facts.peer = "unix+stream:\\x0a\"\\\\";
	facts.name = "\x01\x1f\x7f\xc3\xa9";
	length = reply_to(&facts, false);
	check(is_json(text, length) && strstr(text, "\"unix+stream:\\\\x0a\\\"\\\\\\\\\"") &&
		      strstr(text, "\"\\u0001\\u001f\\u007f\xc3\xa9\""),
	      "strings are escaped: %.*s", (int)length, text);
}

static void test_tlvs(void)
{
	static unsigned char bytes[PROXY_TLVS];
	struct who_facts facts = nobody();
	struct who_proxy proxy = { .source = "s", .tlvs = bytes };
	facts.proxy = &proxy;
	size_t length = reply_to(&facts, false);
	check(is_json(text, length) &&
		      strstr(text, "\"proxy\":{\"source\":\"s\",\"destination\":null,\"tlvs\":[]}"),
	      "without TLVs: %.*s", (int)length, text);
	memcpy(bytes, "\x02\0\x02hi\x05\0\0\x09\0\x03no", proxy.length = 13);
	length = reply_to(&facts, false);
	check(is_json(text, length) && strstr(text, "[{\"type\":2,\"length\":2,\"value\":\"6869\"},"
						    "{\"type\":5,\"length\":0,\"value\":\"\"},"
						    "{\"type\":9,\"length\":3,\"value\":null}]"),
	      "the last one is cut: %.*s", (int)length, text);
	bool good = true;
	for (int i = 0; i < 3000 && good; i++) {
		proxy.length = check_random(sizeof(bytes) + 1);
		for (size_t k = 0; k < sizeof(bytes); k++)
			bytes[k] = (unsigned char)(check_random(4) ? 0 : check_random(256));
		length = reply_to(&facts, true);
		good = length < sizeof(text) && is_json(text, length);
	}
	check(good, "whatever TLVs there are, it is JSON, and has room");
}

/* The longest of everything. */
static void test_room(void)
{
	static unsigned char bytes[PROXY_TLVS];
	char name[256], peer[480];
	struct who_proxy proxy = {
		.source = peer, .destination = peer, .tlvs = bytes, .length = sizeof(bytes)
	};
	struct who_facts facts = nobody();
	memset(name, 1, 255);
	memset(peer, '\\', 479);
	name[255] = peer[479] = '\0';
	facts.name = name;
	facts.peer = facts.local = peer;
	facts.proxy = &proxy;
	size_t length = reply_to(&facts, true);
	check(length < sizeof(text) && is_json(text, length), "the longest fits: %zu bytes",
	      length);
}

/* What a stream's pieces are answered with. */
static size_t lines(const char *input, size_t piece, char *output)
{
	struct echo echo;
	struct who who;
	unsigned char bytes[200];
	size_t used = 0, total = strlen(input);
	echo_start_who(&echo, reply_form_by_name("who"), &who, false);
	who.beginning = "{\"a\":1";
	who.text = text;
	for (size_t begin = 0; begin < total; begin += piece) {
		size_t length = total - begin < piece ? total - begin : piece;
		memcpy(bytes, input + begin, length);
		for (size_t done = 0; done < length;) {
			struct step step = echo_received(&echo, bytes + done, length - done);
			done += step.used;
			if (step.answers)
				memcpy(output + used, step.reply, step.length);
			used += step.answers ? step.length : 0;
		}
	}
	struct step step = echo_ended(&echo);
	if (step.answers)
		memcpy(output + used, step.reply, step.length);
	used += step.answers ? step.length : 0;
	output[used] = '\0';
	return used;
}

static void test_lines(void)
{
	const char *input = "one\n\nthree and more\r\nrest";
	const char *wanted = "{\"a\":1,\"number\":1,\"length\":3,\"time_ns\":0}\n"
			     "{\"a\":1,\"number\":2,\"length\":0,\"time_ns\":0}\n"
			     "{\"a\":1,\"number\":3,\"length\":15,\"time_ns\":0}\n"
			     "{\"a\":1,\"number\":4,\"length\":4,\"time_ns\":0}\n";
	for (size_t piece = 1; piece < 30; piece++) {
		char got[1000];
		lines(input, piece, got);
		if (strcmp(got, wanted) != 0)
			check(false, "pieces of %zu: %s", piece, got);
	}
	char got[1000];
	check(lines(input, 100, got) == strlen(wanted) && strcmp(got, wanted) == 0,
	      "a line is a message, in whatever pieces, and the rest at the end: %s", got);
	check(lines("", 1, got) == 0, "nothing is no message");
	check(lines("a\n", 1, got) > 0 && !strstr(got, "\"number\":2"),
	      "nor is what follows the last newline, if nothing does");
}

/* What a header says is kept, of both versions. */
static void test_header(void)
{
	static const char text_header[] = "PROXY TCP4 192.0.2.1 192.0.2.2 50000 7\r\n";
	static const unsigned char binary[] =
		"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x12\xc0\0\x02\x01\xc0\0\x02\x02\xc3\x50\0\x07"
		"\x02\0\x03"
		"abc";
	for (int version = 1; version <= 2; version++) {
		struct proxy proxy;
		struct proxy_more more = { 0 };
		proxy_start(&proxy, false);
		proxy_keep_more(&proxy, &more);
		struct proxy_step step =
			version == 1 ? proxy_received(&proxy, text_header, sizeof(text_header) - 1)
				     : proxy_received(&proxy, binary, sizeof(binary) - 1);
		const struct proxy_source *source = step.source;
		check(step.verdict == PROXY_DONE && source && source->port == 50000 &&
			      more.port == 7 && memcmp(source->address, "\xc0\0\x02\x01", 4) == 0 &&
			      memcmp(more.address, "\xc0\0\x02\x02", 4) == 0,
		      "version %d names both ends", version);
		check(version == 1 ? more.length == 0
				   : more.length == 6 && memcmp(more.tlvs,
								"\x02\0\x03"
								"abc",
								6) == 0,
		      "and its TLVs are kept: %u bytes", more.length);
	}
}

int main(void)
{
	test_object();
	test_tlvs();
	test_room();
	test_lines();
	test_header();
	return check_done();
}
