#include "demos/demos.h"

#include "base/sha256.h"
#include "demos/flight.h"
#include "demos/sockets.h"

#include <string.h>
#include <sys/socket.h>

#define CHALLENGE 32

static const char secret[] = "only the two of us know this";
static const char guess[] = "letmein";

/* RFC 2104: H(key ^ 5c5c.. | H(key ^ 3636.. | message)), the key filled up with zeros. */
static void hmac_by_hand(const char *key, const void *message, size_t length,
			 unsigned char digest[SHA256_DIGEST])
{
	struct sha256 inner, outer;
	unsigned char block[SHA256_BLOCK] = { 0 };
	memcpy(block, key, strlen(key));
	for (size_t i = 0; i < SHA256_BLOCK; i++)
		block[i] ^= 0x36;
	sha256_start(&inner);
	sha256_feed(&inner, block, sizeof(block));
	sha256_feed(&inner, message, length);
	sha256_finish(&inner, digest);

	for (size_t i = 0; i < SHA256_BLOCK; i++)
		block[i] ^= 0x36 ^ 0x5c;
	sha256_start(&outer);
	sha256_feed(&outer, block, sizeof(block));
	sha256_feed(&outer, digest, SHA256_DIGEST);
	sha256_finish(&outer, digest);
}

static void sign(const char *key, const void *message, size_t length,
		 unsigned char digest[SHA256_DIGEST])
{
	struct hmac_sha256 hmac;
	hmac_sha256_start(&hmac, key, strlen(key));
	hmac_sha256_feed(&hmac, message, length);
	hmac_sha256_finish(&hmac, digest);
}

static void explain(struct narrator *narrator)
{
	/* RFC 4231, test case 2 */
	static const char message[] = "what do ya want for nothing?";
	static const unsigned char published[] = { 0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e,
						   0x6a, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7,
						   0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39, 0x83,
						   0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43 };
	unsigned char ours[SHA256_DIGEST], by_hand[SHA256_DIGEST];
	char text[FLIGHT_TEXT];
	demo_say(narrator,
		 "A password that is sent can be overheard. So the server sends a question "
		 "instead, 32 random bytes, that only a holder of the secret can answer: with "
		 "their HMAC, a digest of the question and the secret together. The question and "
		 "the answer do not give the secret away, unless it can be guessed.");
	demo_show(narrator, "client                             server");
	demo_show(narrator, "  | <---------- 32 random bytes ----- |");
	demo_show(narrator, "  | - HMAC-SHA256(secret, those) ---> |  computes the same, compares");
	sign("Jefe", message, strlen(message), ours);
	hmac_by_hand("Jefe", message, strlen(message), by_hand);
	demo_claim(narrator,
		   memcmp(ours, published, sizeof(ours)) == 0 &&
			   memcmp(by_hand, published, sizeof(ours)) == 0,
		   "HMAC(\"Jefe\", \"%s\") is as RFC 4231 has it: %s", message,
		   flight_text(text, by_hand, sizeof(by_hand)));
}

/* The server's part: it says "welcome", or ends its side without a word. */
static void judge(int server, const unsigned char question[CHALLENGE],
		  const unsigned char answer[SHA256_DIGEST])
{
	unsigned char expected[SHA256_DIGEST];
	sign(secret, question, CHALLENGE, expected);
	/* not memcmp(3): how long that takes tells how many bytes were right */
	if (secret_equal(answer, expected, sizeof(expected)))
		send(server, "welcome", 7, MSG_NOSIGNAL);
	else
		shutdown(server, SHUT_WR);
}

struct visit {
	unsigned char question[CHALLENGE], answer[SHA256_DIGEST];
	char greeting[16];       /* what the client reads at the end */
	unsigned char wire[128]; /* all that went over the connection, either way */
	size_t length;
};

/* recv(2) of all of LENGTH, which is noted down: what one can overhear. */
static ssize_t overhear(struct visit *visit, int fd, void *bytes, size_t length, int flags)
{
	ssize_t count = demo_receive(fd, bytes, length, flags);
	for (ssize_t i = 0; i < count && visit->length < sizeof(visit->wire); i++)
		visit->wire[visit->length++] = ((const unsigned char *)bytes)[i];
	return count;
}

static bool on_the_wire(const struct visit *visit, const void *bytes, size_t length)
{
	for (size_t i = 0; i + length <= visit->length; i++)
		if (memcmp(visit->wire + i, bytes, length) == 0)
			return true;
	return false;
}

/* A connection: the client answers by KEY, or with an answer that it has RECORDED. */
static bool visit(struct narrator *narrator, const char *key, const unsigned char *recorded,
		  struct visit *visit)
{
	struct demo_pair pair;
	unsigned char asked[CHALLENGE] = { 0 }, answer[SHA256_DIGEST] = { 0 };
	*visit = (struct visit){ .greeting = "" };
	if (!flight_random(narrator, visit->question, sizeof(visit->question)) ||
	    !demo_pair_open(narrator, SOCK_STREAM, &pair))
		return false;

	send(pair.server, visit->question, sizeof(visit->question), MSG_NOSIGNAL);
	overhear(visit, pair.client, asked, sizeof(asked), MSG_WAITALL);
	if (recorded)
		memcpy(visit->answer, recorded, sizeof(visit->answer));
	else
		sign(key, asked, sizeof(asked), visit->answer);
	send(pair.client, visit->answer, sizeof(visit->answer), MSG_NOSIGNAL);
	overhear(visit, pair.server, answer, sizeof(answer), MSG_WAITALL);
	judge(pair.server, visit->question, answer);
	ssize_t count =
		overhear(visit, pair.client, visit->greeting, sizeof(visit->greeting) - 1, 0);
	demo_pair_close(&pair);
	if (count == 0)
		strcpy(visit->greeting, "the end");
	return demo_must(narrator, count == -1 ? -1 : 0, "recv");
}

static void show(struct narrator *narrator, const char *who, const struct visit *visit)
{
	char question[FLIGHT_TEXT], answer[FLIGHT_TEXT];
	demo_show(narrator, "%-10s asked %s  answers %s  gets \"%s\"", who,
		  flight_text(question, visit->question, sizeof(visit->question)),
		  flight_text(answer, visit->answer, sizeof(visit->answer)), visit->greeting);
}

void demo_hmac_challenge(struct narrator *narrator)
{
	struct visit friend, stranger, replay;
	explain(narrator);
	demo_say(narrator, "Three clients over TCP, a new question for each:");
	if (!visit(narrator, secret, NULL, &friend) || !visit(narrator, guess, NULL, &stranger) ||
	    !visit(narrator, NULL, friend.answer, &replay))
		return;
	show(narrator, "friend", &friend);
	show(narrator, "stranger", &stranger);
	show(narrator, "recording", &replay);
	demo_claim(narrator, strcmp(friend.greeting, "welcome") == 0,
		   "a client with the secret is let in: it reads \"%s\"", friend.greeting);
	bool answered = on_the_wire(&friend, friend.answer, sizeof(friend.answer));
	bool leaked = on_the_wire(&friend, secret, strlen(secret));
	demo_claim(narrator, answered && !leaked,
		   "in the %zu bytes that went over the wire the answer is found: %s, the secret: "
		   "%s",
		   friend.length, answered ? "yes" : "no", leaked ? "yes" : "no");
	demo_claim(narrator, strcmp(stranger.greeting, "the end") == 0,
		   "one with another is not, and is not told why: it reads %s", stranger.greeting);
	demo_claim(narrator,
		   memcmp(replay.answer, friend.answer, SHA256_DIGEST) == 0 &&
			   memcmp(replay.question, friend.question, CHALLENGE) != 0 &&
			   strcmp(replay.greeting, "the end") == 0,
		   "the friend's own answer, recorded, is no answer to a new question: it reads %s",
		   replay.greeting);
	demo_say(narrator,
		 "What is missing: the client does not learn who is asking, and would answer "
		 "anybody. See proof-relay for what comes of that, and proof-mutual.");
}
