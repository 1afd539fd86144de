#include "protocol/proxy.h"

/* What the next byte is. */
enum stage {
	FIRST, /* tells the versions apart */
	TEXT,
	BINARY,
	NONE_REFUSED,
};

_Static_assert(sizeof(struct proxy) <= 200, "each waiting connection has one");

/* NULL: right so far. */
static const char *on_byte(struct proxy *proxy, unsigned char byte)
{
	if (proxy->stage == FIRST && byte == 'P') {
		proxy->stage = TEXT;
		proxy_text_start(&proxy->text, proxy->more);
	} else if (proxy->stage == FIRST) {
		proxy->stage = BINARY;
		proxy_binary_start(&proxy->binary, proxy->more);
	}
	return proxy->stage == TEXT ? proxy_text_byte(&proxy->text, byte)
				    : proxy_binary_byte(&proxy->binary, byte);
}

static bool is_done(const struct proxy *proxy)
{
	return (proxy->stage == TEXT && proxy_text_is_whole(&proxy->text)) ||
	       (proxy->stage == BINARY && proxy_binary_is_whole(&proxy->binary));
}

static struct proxy_step done(const struct proxy *proxy, size_t used)
{
	bool told = proxy->source.family != PROXY_UNSPEC;
	return (struct proxy_step){ .verdict = PROXY_DONE,
				    .used = used,
				    .source = told ? &proxy->source : NULL };
}

static struct proxy_step refused(struct proxy *proxy, size_t used, const char *reason)
{
	proxy->stage = NONE_REFUSED;
	return (struct proxy_step){ .verdict = PROXY_REFUSED, .used = used, .reason = reason };
}

void proxy_start(struct proxy *proxy, bool record)
{
	*proxy = (struct proxy){ .record = record, .stage = FIRST };
}

void proxy_keep_more(struct proxy *proxy, struct proxy_more *more)
{
	proxy->more = more;
}

struct proxy_step proxy_received(struct proxy *proxy, const void *bytes, size_t length)
{
	if (is_done(proxy))
		return done(proxy, 0);
	if (proxy->stage == NONE_REFUSED)
		return refused(proxy, 0, "it was refused before");
	const unsigned char *each = bytes;
	size_t used = 0;
	while (used < length && !is_done(proxy)) {
		const char *wrong = on_byte(proxy, each[used++]);
		if (wrong)
			return refused(proxy, used, wrong);
	}
	if (proxy->record && !is_done(proxy))
		return refused(proxy, used, "a record that ends within its PROXY header");
	if (proxy->record && used < length)
		return refused(proxy, used, "a record that goes on behind its PROXY header");
	if (is_done(proxy))
		return done(proxy, used);
	return (struct proxy_step){ .verdict = PROXY_MORE, .used = used };
}

bool proxy_has_begun(const struct proxy *proxy)
{
	return proxy->stage != FIRST;
}

const char *proxy_ended(const struct proxy *proxy)
{
	if (is_done(proxy))
		return "it ended after its PROXY header";
	return proxy_has_begun(proxy) ? "it ended within its PROXY header"
				      : "it ended before its PROXY header";
}
