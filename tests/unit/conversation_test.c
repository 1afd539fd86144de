#include "protocol/conversation.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

/*
 * The server's side of a conversation. What a client would say is computed in advance:
 * the nonces are known, so the claim is too. What comes back is compared as a whole,
 * wherever the input was cut.
 */

enum { CLAIM = 72, DIGEST = 32, ANSWER = 33 };

static const char header[] = "PROXY TCP4 192.0.2.1 192.0.2.2 50000 7\r\n";
static unsigned char server_nonce[PROOF_NONCE], client_nonce[PROOF_NONCE];
static unsigned char claim[CLAIM], digest[DIGEST], answer[ANSWER];
static struct proof_secret mutual, simple, other;

static void make(struct proof_secret *keys, enum proof_form form, const char *secret)
{
	struct error error;
	if (proof_secret_make(keys, form, secret, strlen(secret), "echo", &error) == -1)
		check(false, "%s", error.text);
}

static void prepare(void)
{
	struct proof client, server;
	for (unsigned i = 0; i < PROOF_NONCE; i++) {
		server_nonce[i] = (unsigned char)i;
		client_nonce[i] = (unsigned char)(0x80 + i);
	}
	make(&mutual, PROOF_MUTUAL, "correct horse battery staple 123");
	make(&simple, PROOF_SIMPLE, "correct horse battery staple 123");
	make(&other, PROOF_MUTUAL, "correct horse battery staple 124");
	proof_dial(&client, &mutual, false, client_nonce);
	memcpy(claim, proof_received(&client, server_nonce, PROOF_NONCE).reply, CLAIM);
	proof_serve(&server, &mutual, false, server_nonce);
	memcpy(answer, proof_received(&server, claim, CLAIM).reply, ANSWER);
	proof_dial(&client, &simple, false, NULL);
	memcpy(digest, proof_received(&client, server_nonce, PROOF_NONCE).reply, DIGEST);
}

struct text {
	unsigned char bytes[512];
	size_t length;
};

static void add(struct text *text, const void *bytes, size_t length)
{
	if (length > 0)
		memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
}

static bool is_same(const struct text *one, const struct text *another)
{
	return one->length == another->length &&
	       memcmp(one->bytes, another->bytes, one->length) == 0;
}

static bool holds(const void *memory, size_t size, const void *bytes, size_t length)
{
	for (size_t i = 0; i + length <= size; i++)
		if (memcmp((const unsigned char *)memory + i, bytes, length) == 0)
			return true;
	return false;
}

/* Even half of a tag would be too much to leave behind. */
static bool holds_secret(const struct conversation_memory *memory)
{
	return holds(memory, sizeof(*memory), claim + 40, 16) ||
	       holds(memory, sizeof(*memory), digest, 16) ||
	       holds(memory, sizeof(*memory), answer + 1, 16);
}

/* One conversation, as a connection has it. */
struct peer {
	struct conversation conversation;
	struct conversation_memory *memory; /* NULL once it was given back */
	struct step last;
	struct text got;
	bool leaked; /* memory was given back with a secret in it */
};

static void take(struct peer *peer, struct step step)
{
	peer->last = step;
	if (step.answers)
		add(&peer->got, step.reply, step.length);
	if (!peer->memory || !conversation_is_served(&peer->conversation))
		return;
	conversation_leave_proof(&peer->conversation);
	if (conversation_still_needs_memory(&peer->conversation))
		return;
	peer->leaked = holds_secret(peer->memory);
	free(peer->memory); /* a sanitizer finds whoever still reads it */
	peer->memory = NULL;
	peer->conversation.memory = NULL;
}

static void begin(struct peer *peer, const struct conversation_plan *plan, bool record)
{
	memset(peer, 0, sizeof(*peer));
	size_t size = conversation_memory_size(plan, record);
	if (size > 0)
		peer->memory = calloc(1, size);
	take(peer,
	     conversation_begin(&peer->conversation, plan, peer->memory, record, server_nonce));
}

/* Each piece is in memory of its own: nobody may read it once the next one is there. */
static void hand_in(struct peer *peer, const void *bytes, size_t length)
{
	unsigned char *piece = malloc(length ? length : 1), *next = piece;
	if (length > 0)
		memcpy(piece, bytes, length);
	do {
		take(peer, conversation_received(&peer->conversation, next, length));
		next += peer->last.used;
		length -= peer->last.used;
	} while (length > 0 && peer->last.verdict == STEP_ON);
	free(piece);
}

static void leave(struct peer *peer)
{
	if (peer->memory)
		conversation_wipe(&peer->conversation);
	free(peer->memory);
}

struct script {
	const char *name;
	struct conversation_plan plan;
	const char *said, *wanted; /* to and from the echo */
	enum verdict verdict;
	uint64_t offset;
};

/* What the peer says, and what it is told, stage by stage. */
static void compose(const struct script *script, struct text *said, struct text *wanted)
{
	const struct proof_secret *keys = script->plan.keys;
	said->length = wanted->length = 0;
	if (script->plan.proxy)
		add(said, header, sizeof(header) - 1);
	if (keys)
		add(wanted, server_nonce, PROOF_NONCE);
	if (keys == &mutual) {
		add(said, claim, CLAIM);
		add(wanted, answer, ANSWER);
	} else if (keys) {
		add(said, digest, DIGEST);
	}
	add(said, script->said, strlen(script->said));
	add(wanted, script->wanted, strlen(script->wanted));
}

static bool goes_well(const struct script *script, const struct text *wanted, struct peer *peer)
{
	bool keeps = script->plan.form->values; /* the validator of a stream stays */
	return is_same(&peer->got, wanted) && peer->last.verdict == script->verdict &&
	       (script->verdict != STEP_BROKEN || peer->last.offset == script->offset) &&
	       !peer->leaked && (peer->memory != NULL) == keeps;
}

static void test_cuts(const struct script *script)
{
	struct text said, wanted;
	struct peer peer;
	size_t bad = 0;
	compose(script, &said, &wanted);
	for (size_t cut = 1; cut <= said.length; cut++) {
		begin(&peer, &script->plan, false);
		hand_in(&peer, said.bytes, cut);
		if (cut < said.length && peer.last.verdict == STEP_ON)
			hand_in(&peer, said.bytes + cut, said.length - cut);
		bad += !goes_well(script, &wanted, &peer);
		leave(&peer);
	}
	check(bad == 0, "%s: the same wherever it is cut (%zu of %zu differ)", script->name, bad,
	      said.length);
	for (size_t size = 1; size <= 3; size++) {
		begin(&peer, &script->plan, false);
		for (size_t i = 0; i < said.length && peer.last.verdict == STEP_ON; i += size)
			hand_in(&peer, said.bytes + i,
				size < said.length - i ? size : said.length - i);
		check(goes_well(script, &wanted, &peer), "%s: in pieces of %zu", script->name,
		      size);
		leave(&peer);
	}
}

static void test_order(void)
{
	const struct conversation_plan plan = {
		.proxy = true,
		.keys = &mutual,
		.form = reply_form_echo,
	};
	struct peer peer;
	begin(&peer, &plan, false);
	check(peer.got.length == 0 && !conversation_is_introduced(&peer.conversation),
	      "before the header nothing is said, not even the challenge");
	check(!conversation_has_begun(&peer.conversation), "and it has not begun");
	hand_in(&peer, header, 1);
	check(conversation_has_begun(&peer.conversation), "but has with the header's first byte");
	hand_in(&peer, header + 1, sizeof(header) - 3);
	check(peer.got.length == 0, "nor before its last byte");
	hand_in(&peer, "\n", 1);
	check(conversation_is_introduced(&peer.conversation) && peer.got.length == PROOF_NONCE &&
		      memcmp(peer.got.bytes, server_nonce, PROOF_NONCE) == 0,
	      "then the challenge");
	check(peer.memory && peer.memory->source.family == PROXY_INET &&
		      peer.memory->source.port == 50000,
	      "and it is known who the peer is");
	hand_in(&peer, claim, CLAIM - 1);
	check(peer.got.length == PROOF_NONCE && !conversation_is_served(&peer.conversation),
	      "without the claim's last byte it is not served");
	check(peer.memory && holds(peer.memory, sizeof(*peer.memory), claim + 40, 16),
	      "and the memory holds the tag (or looking for it would prove nothing)");
	hand_in(&peer, claim + CLAIM - 1, 1);
	check(conversation_is_served(&peer.conversation) && peer.got.length == PROOF_NONCE + ANSWER,
	      "with it, it is, and gets the answer");
	check(conversation_has_begun(&peer.conversation), "what has begun stays so");
	check(!peer.memory && !peer.leaked, "its memory was given back, wiped");
	hand_in(&peer, claim, CLAIM);
	check(peer.got.length == PROOF_NONCE + ANSWER + CLAIM &&
		      memcmp(peer.got.bytes + PROOF_NONCE + ANSWER, claim, CLAIM) == 0,
	      "another claim is a message like any other");
	leave(&peer);
}

static void test_refused(void)
{
	const struct conversation_plan plan = { .keys = &other, .form = reply_form_echo };
	const struct conversation_plan proxied = {
		.proxy = true,
		.keys = &mutual,
		.form = reply_form_echo,
	};
	struct text said = { .length = 0 };
	struct peer peer;
	add(&said, claim, CLAIM);
	add(&said, "payload", 7);
	begin(&peer, &plan, false);
	hand_in(&peer, said.bytes, said.length);
	check(peer.last.verdict == STEP_REFUSED && !peer.last.answers && peer.last.reason,
	      "another secret is refused, with a reason and no reply");
	check(peer.got.length == PROOF_NONCE && !conversation_is_served(&peer.conversation),
	      "and what follows the claim is not looked at");
	check(peer.memory && !holds_secret(peer.memory), "no tag of it is left in memory");
	leave(&peer);
	begin(&peer, &proxied, false);
	hand_in(&peer, claim, CLAIM);
	check(peer.last.verdict == STEP_REFUSED && peer.got.length == 0,
	      "a claim in place of the header is refused, before any challenge");
	leave(&peer);
}

static void test_wipe(void)
{
	const struct conversation_plan plan = { .keys = &mutual, .form = reply_form_echo };
	for (size_t length = 60; length < CLAIM; length += 11) {
		struct peer peer;
		begin(&peer, &plan, false);
		hand_in(&peer, claim, length);
		bool before = holds(peer.memory, sizeof(*peer.memory), claim + 40, 16);
		conversation_wipe(&peer.conversation);
		check(before && !holds_secret(peer.memory),
		      "an end after %zu bytes of the claim leaves none of them", length);
		leave(&peer);
	}
	struct conversation conversation;
	struct conversation_memory *memory = calloc(1, sizeof(*memory));
	conversation_begin(&conversation, &plan, memory, false, server_nonce);
	conversation_received(&conversation, claim, CLAIM);
	bool before = holds_secret(memory);
	conversation_wipe(&conversation);
	check(before && !holds_secret(memory), "nor one with the answer still to be sent");
	free(memory);
}

static void test_records(void)
{
	const struct conversation_plan plan = {
		.proxy = true,
		.keys = &mutual,
		.form = reply_form_echo,
	};
	const struct conversation_plan proof = { .keys = &mutual, .form = reply_form_echo };
	struct text joined = { .length = 0 };
	struct peer peer;
	begin(&peer, &plan, true);
	hand_in(&peer, header, sizeof(header) - 1);
	hand_in(&peer, claim, CLAIM);
	hand_in(&peer, "", 0);
	check(peer.last.answers && peer.last.length == 0 && peer.last.verdict == STEP_ON,
	      "a record for each stage, and then an empty one is answered");
	hand_in(&peer, "text", 4);
	check(peer.got.length == PROOF_NONCE + ANSWER + 4, "as is another");
	leave(&peer);
	add(&joined, claim, CLAIM);
	add(&joined, "x", 1);
	for (int length = 0; length <= CLAIM + 1; length++) {
		if (length == CLAIM)
			continue;
		begin(&peer, &proof, true);
		hand_in(&peer, joined.bytes, (size_t)length);
		if (peer.last.verdict != STEP_REFUSED || peer.got.length != PROOF_NONCE)
			check(false, "a record of %d bytes for a claim is refused", length);
		leave(&peer);
	}
	check(true, "a record of any other length than the claim's was tried");
	begin(&peer, &plan, true);
	hand_in(&peer, "PROXY UNKNOWN\r\nx", 16);
	check(peer.last.verdict == STEP_REFUSED, "a header's record holds nothing else");
	leave(&peer);
}

static enum verdict end_after(const struct conversation_plan *plan, const void *bytes,
			      size_t length, const char **reason)
{
	struct peer peer;
	begin(&peer, plan, false);
	if (length > 0)
		hand_in(&peer, bytes, length);
	struct step step = conversation_ended(&peer.conversation);
	*reason = step.answers ? "a reply" : step.reason;
	leave(&peer);
	return step.verdict;
}

static void test_end(void)
{
	struct conversation_plan plan = {
		.proxy = true,
		.keys = &mutual,
		.form = reply_form_by_name("json"),
	};
	struct text said = { .length = 0 };
	const char *reason;
	add(&said, header, sizeof(header) - 1);
	add(&said, claim, CLAIM);
	for (size_t length = 0; length < said.length; length++)
		if (end_after(&plan, said.bytes, length, &reason) != STEP_REFUSED || !reason ||
		    strcmp(reason, "a reply") == 0)
			check(false, "an end after %zu bytes is refused", length);
	check(end_after(&plan, said.bytes, said.length, &reason) == STEP_OVER && !reason,
	      "an end is in order once all stages before the echo are through, and not before");
	add(&said, "[1", 2);
	check(end_after(&plan, said.bytes, said.length, &reason) == STEP_OVER && reason,
	      "within a value it has a reason");
	plan = (struct conversation_plan){ .form = reply_form_echo };
	check(end_after(&plan, NULL, 0, &reason) == STEP_OVER && !reason,
	      "without stages before the echo it is in order from the beginning");
	struct peer peer;
	begin(&peer, &plan, false);
	check(conversation_has_begun(&peer.conversation), "and has begun, without a byte");
	leave(&peer);
}

static void test_memory(void)
{
	const struct reply_form *json = reply_form_by_name("json");
	for (int i = 0; i < 16; i++) {
		struct conversation_plan plan = {
			.proxy = i & 1,
			.keys = i & 2 ? &mutual : NULL,
			.form = i & 4 ? json : reply_form_echo,
		};
		bool record = i & 8;
		bool wanted = (i & 3) || ((i & 4) && !record);
		check((conversation_memory_size(&plan, record) > 0) == wanted,
		      "%s%s%s%s: memory is %sneeded", i & 1 ? "header, " : "",
		      i & 2 ? "proof, " : "", i & 4 ? "JSON" : "echo", record ? " of records" : "",
		      wanted ? "" : "not ");
	}
}

int main(void)
{
	prepare();
	const struct reply_form *upper = reply_form_by_name("upper");
	const struct reply_form *json = reply_form_by_name("json");
	const char values[] = "[1,{\"a\":2}] \"x\" 3", wrong[] = "[1] {\"a\":2,} [3]";
	const struct script scripts[] = {
		{ "echo", { false, NULL, reply_form_echo }, "Text", "Text", STEP_ON, 0 },
		{ "header, echo", { true, NULL, upper }, "Text", "TEXT", STEP_ON, 0 },
		{ "mutual, echo", { false, &mutual, upper }, "Text", "TEXT", STEP_ON, 0 },
		{ "simple, echo", { false, &simple, upper }, "Text", "TEXT", STEP_ON, 0 },
		{ "header, mutual, echo", { true, &mutual, upper }, "Text", "TEXT", STEP_ON, 0 },
		{ "header, simple, echo", { true, &simple, upper }, "Text", "TEXT", STEP_ON, 0 },
		{ "mutual, JSON", { false, &mutual, json }, values, values, STEP_ON, 0 },
		{ "simple, JSON", { false, &simple, json }, values, values, STEP_ON, 0 },
		{ "header, JSON", { true, NULL, json }, values, values, STEP_ON, 0 },
		{
			.name = "mutual, wrong JSON",
			.plan = { .keys = &mutual, .form = json },
			.said = wrong,
			.wanted = "[1] {\"a\":2,",
			.verdict = STEP_BROKEN,
			.offset = 11,
		},
		{
			.name = "header, simple, wrong JSON",
			.plan = { .proxy = true, .keys = &simple, .form = json },
			.said = wrong,
			.wanted = "[1] {\"a\":2,",
			.verdict = STEP_BROKEN,
			.offset = 11,
		},
	};
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++)
		test_cuts(&scripts[i]);
	test_order();
	test_refused();
	test_wipe();
	test_records();
	test_end();
	test_memory();
	return check_done();
}
