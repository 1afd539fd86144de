#include "protocol/conversation.h"

#include <string.h>

static bool echo_needs_memory(const struct conversation_plan *plan, bool record)
{
	return (plan->form->values && !record) || plan->form->who;
}

static bool asks_for_more(const struct conversation_plan *plan)
{
	return plan->proxy && plan->form->who;
}

size_t conversation_memory_size(const struct conversation_plan *plan, bool record)
{
	if (!plan->proxy && !plan->keys && !echo_needs_memory(plan, record))
		return 0;
	return sizeof(struct conversation_memory) +
	       (asks_for_more(plan) ? sizeof(struct proxy_more) : 0);
}

static void serve(struct conversation *conversation)
{
	const struct reply_form *form = conversation->plan->form;
	bool memory = echo_needs_memory(conversation->plan, conversation->record);
	conversation->state = CONVERSATION_SERVED;
	if (form->who)
		echo_start_who(&conversation->echo, form, &conversation->memory->of.who,
			       conversation->record);
	else
		echo_start(&conversation->echo, form,
			   memory ? &conversation->memory->of.json : NULL);
}

static struct step of_proof(const struct proof_step *proof)
{
	return (struct step){
		.reply = proof->reply,
		.length = proof->length,
		.used = proof->used,
		.answers = proof->length > 0,
		.reason = proof->reason,
		.verdict = proof->verdict == PROOF_REFUSED ? STEP_REFUSED : STEP_ON,
	};
}

/* The proof, or without one the echo at once. */
static struct step begin_proof(struct conversation *conversation)
{
	struct conversation_memory *memory = conversation->memory;
	if (!conversation->plan->keys) {
		serve(conversation);
		return (struct step){ .verdict = STEP_ON };
	}
	conversation->state = CONVERSATION_PROVING;
	struct proof_step challenge = proof_serve(&memory->of.proof, conversation->plan->keys,
						  conversation->record, memory->nonce);
	return of_proof(&challenge);
}

struct step conversation_begin(struct conversation *conversation,
			       const struct conversation_plan *plan,
			       struct conversation_memory *memory, bool record,
			       const unsigned char nonce[PROOF_NONCE])
{
	*conversation = (struct conversation){ .plan = plan, .memory = memory, .record = record };
	if (plan->keys)
		memcpy(memory->nonce, nonce, PROOF_NONCE);
	if (!plan->proxy)
		return begin_proof(conversation);
	conversation->state = CONVERSATION_HEADER;
	proxy_start(&memory->of.proxy, record);
	if (asks_for_more(plan))
		proxy_keep_more(&memory->of.proxy, memory->more);
	return (struct step){ .verdict = STEP_ON };
}

static struct step header_received(struct conversation *conversation, const unsigned char *bytes,
				   size_t length)
{
	struct conversation_memory *memory = conversation->memory;
	struct proxy_step header = proxy_received(&memory->of.proxy, bytes, length);
	struct step step = { .verdict = STEP_ON };
	if (header.verdict == PROXY_REFUSED) {
		step.verdict = STEP_REFUSED;
		step.reason = header.reason;
	} else if (header.verdict == PROXY_DONE) {
		if (header.source)
			memory->source = *header.source;
		step = begin_proof(conversation);
	}
	step.used = header.used;
	return step;
}

void conversation_leave_proof(struct conversation *conversation)
{
	if (conversation->state != CONVERSATION_PROVEN)
		return;
	proof_wipe(&conversation->memory->of.proof);
	serve(conversation);
}

static struct step claim_received(struct conversation *conversation, const unsigned char *bytes,
				  size_t length)
{
	struct proof_step claim = proof_received(&conversation->memory->of.proof, bytes, length);
	if (claim.verdict == PROOF_DONE)
		conversation->state = CONVERSATION_PROVEN;
	return of_proof(&claim);
}

struct step conversation_received(struct conversation *conversation, unsigned char *bytes,
				  size_t length)
{
	conversation_leave_proof(conversation);
	if (conversation->state == CONVERSATION_SERVED)
		return echo_received(&conversation->echo, bytes, length);
	if (conversation->state == CONVERSATION_HEADER)
		return header_received(conversation, bytes, length);
	return claim_received(conversation, bytes, length);
}

struct step conversation_ended(struct conversation *conversation)
{
	if (conversation->state == CONVERSATION_HEADER)
		return (struct step){ .verdict = STEP_REFUSED,
				      .reason = proxy_ended(&conversation->memory->of.proxy) };
	if (conversation->state == CONVERSATION_PROVING)
		return (struct step){ .verdict = STEP_REFUSED,
				      .reason = proof_ended(&conversation->memory->of.proof) };
	conversation_leave_proof(conversation);
	return echo_ended(&conversation->echo);
}

bool conversation_has_begun(const struct conversation *conversation)
{
	return conversation->state != CONVERSATION_HEADER ||
	       proxy_has_begun(&conversation->memory->of.proxy);
}

bool conversation_is_introduced(const struct conversation *conversation)
{
	return conversation->state != CONVERSATION_HEADER;
}

bool conversation_is_served(const struct conversation *conversation)
{
	return conversation->state >= CONVERSATION_PROVEN;
}

bool conversation_still_needs_memory(const struct conversation *conversation)
{
	return conversation->state != CONVERSATION_SERVED || conversation->echo.json ||
	       conversation->echo.who;
}

void conversation_wipe(struct conversation *conversation)
{
	if (conversation->memory && conversation->state != CONVERSATION_SERVED)
		proof_wipe(&conversation->memory->of.proof);
}
