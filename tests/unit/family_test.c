/* A family that has the six members alone, and what the others' absence means. */
#include "net/family.h"

#include "check.h"
#include "net/batch.h"

#include <string.h>

static const struct family bare = { .name = "bare",
				    .domain = AF_UNIX,
				    .types = KIND_STREAM | KIND_DGRAM };

static void test_bare(void)
{
	struct sockaddr_storage peer = { .ss_family = AF_UNIX };
	char control[8];
	struct msghdr message = { .msg_name = &peer,
				  .msg_namelen = 20,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	const struct answer_rules rules = { 0 };
	struct error error;
	int hold = -1;
	check(family_has(&bare, kind_stream) && family_has(&bare, kind_dgram) &&
		      !family_has(&bare, kind_seqpacket),
	      "it has the types that it says, and no other");
	check(family_adjust(&bare, 0, kind_stream, &error) == 0, "no options are set");
	family_release(&bare, NULL);
	family_release(&bare, (struct claim *)control);
	check(true, "nothing is given up");
	check(batch_of(&bare) == 1, "datagrams are taken one at a time");
	check(!family_answer(&bare, &message, &rules, &hold) && message.msg_name == &peer &&
		      message.msg_namelen == 20 && !message.msg_control &&
		      message.msg_controllen == 0 && hold == -1,
	      "an answer goes to where the datagram came from, without control messages");
	message.msg_namelen = sizeof(sa_family_t);
	check(family_answer(&bare, &message, &rules, &hold) != NULL,
	      "there is none without an address");
}

static void test_too_much(void)
{
	struct family greedy = bare;
	struct datagram item;
	greedy.burst = 1000;
	check(batch_of(&greedy) == BATCH_MOST, "no more at once than there is room for");
	greedy.burst = -1;
	check(batch_of(&greedy) == 1, "and no fewer than one");
	datagram_reset(&item, NULL, 0, 100000);
	check(item.header.msg_controllen == sizeof(item.control),
	      "control messages within their room");
}

static void names_are(const char *last, bool (*which)(const struct family *, const struct kind *),
		      const struct kind *kind, size_t size, const char *wanted)
{
	char text[64] = "";
	check(strcmp(family_names(text, size, last, which, kind), wanted) == 0, "'%s': '%s'",
	      wanted, text);
}

static void test_names(void)
{
	names_are(" or ", family_any, NULL, 64, "unix, inet or inet6");
	names_are(", ", family_any, NULL, 64, "unix, inet, inet6");
	names_are(" and ", family_has, kind_seqpacket, 64, "unix");
	names_are(" and ", family_has, kind_dgram, 64, "unix, inet and inet6");
	names_are(" or ", family_claims, NULL, 64, "unix");
	names_are(" or ", family_any, NULL, 8, "unix, i");
	names_are(" or ", family_any, NULL, 1, "");
}

/* What family.h asks of every family. */
static void test_all(void)
{
	for (const struct family *const *each = families; *each; each++) {
		const struct family *family = *each;
		check(family->name && strlen(family->name) <= 15 && family->domain &&
			      family->types && family->resolve && family->format && family->fresh,
		      "%s has what it must", family->name);
		check(family_by_name(family->name, strlen(family->name)) == family &&
			      (!family->flag || family_by_flag(family->flag) == family),
		      "no other has its name or its flag");
	}
	check(!family_by_name("uni", 3) && !family_by_name("unixx", 5) && !family_by_flag('\0') &&
		      !family_by_domain(250),
	      "there is no other");
}

int main(void)
{
	test_bare();
	test_too_much();
	test_names();
	test_all();
	return check_done();
}
