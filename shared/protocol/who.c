#include "protocol/who.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What a message's own members take at most, and what one of the others may. */
#define OWN 200
#define TLVS (16 << 10)

struct writer {
	char *text;
	size_t used, room;
};

static void put(struct writer *writer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void put(struct writer *writer, const char *format, ...)
{
	va_list arguments;
	size_t left = writer->room - writer->used;
	va_start(arguments, format);
	int length = vsnprintf(writer->text + writer->used, left, format, arguments);
	va_end(arguments);
	writer->used += length < 0 ? 0 : (size_t)length < left ? (size_t)length : left - 1;
}

/* With its quotes; NULL is null. */
static void put_string(struct writer *writer, const char *text)
{
	if (!text) {
		put(writer, "null");
		return;
	}
	put(writer, "\"");
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;
		if (byte == '"' || byte == '\\')
			put(writer, "\\%c", byte);
		else if (byte < ' ' || byte == 0x7f)
			put(writer, "\\u%04x", byte);
		else
			put(writer, "%c", byte);
	}
	put(writer, "\"");
}

static void put_number(struct writer *writer, const char *name, int64_t number)
{
	if (number == WHO_UNKNOWN)
		put(writer, ",\"%s\":null", name);
	else
		put(writer, ",\"%s\":%" PRId64, name, number);
}

static void put_tlv(struct writer *writer, unsigned type, size_t length, const unsigned char *value)
{
	put(writer, "{\"type\":%u,\"length\":%zu,\"value\":", type, length);
	if (!value) {
		put(writer, "null}");
		return;
	}
	put(writer, "\"");
	for (size_t i = 0; i < length; i++)
		put(writer, "%02x", value[i]);
	put(writer, "\"}");
}

/* Each is a type, its length in two bytes, and a value. */
static void put_tlvs(struct writer *writer, const unsigned char *bytes, size_t length)
{
	size_t at = 0, stop = writer->used + TLVS;
	put(writer, ",\"tlvs\":[");
	while (length - at >= 3) {
		size_t size = (size_t)bytes[at + 1] << 8 | bytes[at + 2];
		bool whole = size <= length - at - 3 && writer->used + 2 * size < stop;
		put(writer, at > 0 ? "," : "");
		put_tlv(writer, bytes[at], size, whole ? bytes + at + 3 : NULL);
		if (!whole)
			break;
		at += 3 + size;
	}
	put(writer, "]");
}

static void put_proxy(struct writer *writer, const struct who_proxy *proxy)
{
	put(writer, ",\"proxy\":{\"source\":");
	put_string(writer, proxy->source);
	put(writer, ",\"destination\":");
	put_string(writer, proxy->destination);
	put_tlvs(writer, proxy->tlvs, proxy->length);
	put(writer, "}");
}

size_t who_begin(const struct who_facts *facts, char *text, size_t room)
{
	struct writer writer = { .text = text, .room = room - OWN };
	put(&writer, "{\"peer\":");
	put_string(&writer, facts->peer);
	put(&writer, ",\"local\":");
	put_string(&writer, facts->local);
	put(&writer, ",\"family\":");
	put_string(&writer, facts->family);
	put(&writer, ",\"type\":");
	put_string(&writer, facts->type);
	put(&writer, ",\"name\":");
	put_string(&writer, facts->name);
	if (facts->has_user) {
		put_number(&writer, "pid", facts->pid);
		put_number(&writer, "uid", facts->uid);
		put_number(&writer, "gid", facts->gid);
	}
	if (facts->has_hops) {
		put_number(&writer, "ttl", facts->ttl);
		put_number(&writer, "dscp", facts->dscp);
		put_number(&writer, "ecn", facts->ecn);
	}
	if (facts->proxy)
		put_proxy(&writer, facts->proxy);
	return writer.used;
}

size_t who_reply(struct who *who, uint64_t length, bool newline)
{
	size_t begun = strlen(who->beginning);
	who->number++;
	if (who->text != who->beginning)
		memcpy(who->text, who->beginning, begun);
	int own = snprintf(who->text + begun, WHO_ROOM - begun,
			   ",\"number\":%" PRIu64 ",\"length\":%" PRIu64 ",\"time_ns\":%" PRId64
			   "}%s",
			   who->number, length, who->time, newline ? "\n" : "");
	return begun + (size_t)own;
}
