#include "load/load_ledger.h"

#include "base/clock.h"

#include <errno.h>
#include <stddef.h>

int64_t load_ledger_due_time(const struct load_connection *connection, uint64_t number)
{
	const struct load_options *options = connection->ledger->options;
	double place = (double)number * options->connections + connection->index;
	return connection->ledger->begin - options->warmup +
	       (int64_t)(place / options->rate * (double)NSEC_PER_SEC);
}

static bool within(const struct load_ledger *ledger, int64_t due)
{
	return due >= ledger->begin && due < ledger->end;
}

unsigned load_ledger_due(struct load_connection *connection, int64_t now, unsigned most)
{
	struct load_ledger *ledger = connection->ledger;
	unsigned room = ledger->options->depth - connection->in_flight;
	if (ledger->over || connection->in_flight >= ledger->options->depth)
		return 0;
	if (ledger->options->rate > 0) {
		uint64_t allowed = connection->allowed - connection->sent;
		room = allowed < room ? (unsigned)allowed : room;
	} else if (now >= ledger->end) {
		ledger->over = true;
		return 0;
	}
	if (ledger->options->messages > 0 && now >= ledger->begin && room > ledger->left)
		room = (unsigned)ledger->left;
	return room < most ? room : most;
}

void load_ledger_sent(struct load_connection *connection, int64_t now)
{
	struct load_ledger *ledger = connection->ledger;
	uint64_t number = connection->sent++;
	struct load_message *message = &connection->messages[number & connection->mask];
	if (message->waiting && message->counts && !message->loss)
		ledger->waiting--; /* so old that its place is needed: lost for good */
	int64_t due = ledger->options->rate > 0 ? load_ledger_due_time(connection, number) : now;
	*message = (struct load_message){ .number = number,
					  .due = due,
					  .sent = now,
					  .waiting = true,
					  .counts = within(ledger, due) };
	connection->in_flight++;
	if (!message->counts) {
		ledger->result.warmup++;
		return;
	}
	ledger->counted++;
	ledger->waiting++;
	if (ledger->options->messages > 0 && --ledger->left == 0)
		ledger->over = true;
}

enum load_loss load_ledger_loss(int number)
{
	switch (number) {
	case ECONNREFUSED:
	case ECONNRESET: /* a unix socket's: the peer was there, and closed */
	case ENOTCONN:   /* the same, told again */
	case EPIPE:      /* it shut down its receiving side */
		return LOSS_REFUSED;
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENETDOWN:
	case EADDRNOTAVAIL: /* ours went away */
	case EPERM:         /* a firewall of this machine's does not let it out */
	case EACCES:
		return LOSS_UNREACHABLE;
	default:
		return LOSS_UNKNOWN;
	}
}

static uint64_t *account(struct load_result *result, enum load_loss loss)
{
	return loss == LOSS_REFUSED ? &result->refused : &result->unreachable;
}

void load_ledger_failed(struct load_connection *connection, enum load_loss loss)
{
	struct load_ledger *ledger = connection->ledger;
	uint64_t oldest = load_ledger_oldest(connection);
	for (uint64_t each = connection->sent; loss && each-- > oldest;) {
		struct load_message *message = load_ledger_waiting(connection, each);
		if (!message || message->loss)
			continue;
		message->loss = loss;
		if (!message->late)
			connection->in_flight--;
		message->late = true; /* in case its reply still comes */
		if (message->counts) {
			ledger->waiting--;
			*account(&ledger->result, loss) += 1;
		}
		return;
	}
}

/* For options->replied. STATE is one of struct load_reply's. */
static void reply(const struct load_ledger *ledger, uint64_t number, int64_t service, int state)
{
	struct load_reply reply = { .number = number, .service = service, .state = state };
	if (ledger->options->replied)
		ledger->options->replied(ledger->options->context, &reply);
}

void load_ledger_returned(struct load_connection *connection, struct load_message *message,
			  bool right, int64_t now)
{
	struct load_ledger *ledger = connection->ledger;
	struct load_result *result = &ledger->result;
	message->waiting = false;
	if (!message->late)
		connection->in_flight--;
	if (message->counts && message->loss)
		*account(&ledger->result, message->loss) -= 1;
	else if (message->counts)
		ledger->waiting--;
	if (!right) {
		result->damaged++;
		ledger->strays += !message->counts;
	}
	reply(ledger, message->number, now - message->sent, right ? LOAD_RIGHT : LOAD_DAMAGED);
	if (!message->counts)
		return;
	if (!right) {
		ledger->counted--; /* it is not lost */
		return;
	}
	result->messages++;
	result->bytes += ledger->probe.size;
	histogram_record(&result->response, now - message->due);
	histogram_record(&result->service, now - message->sent);
	ledger->last = now;
}

void load_ledger_duplicated(struct load_connection *connection, uint64_t number, int64_t now)
{
	const struct load_message *old = &connection->messages[number & connection->mask];
	int64_t service = old->number == number ? now - old->sent : 0;
	connection->ledger->result.duplicates++;
	reply(connection->ledger, number, service, LOAD_DUPLICATE);
}

void load_ledger_strayed(struct load_connection *connection, int got)
{
	connection->ledger->result.damaged++;
	connection->ledger->strays++;
	load_ledger_damaged(connection, connection->sent, 0, got);
}

void load_ledger_damaged(struct load_connection *connection, uint64_t number, size_t offset,
			 int got)
{
	struct load_ledger *ledger = connection->ledger;
	struct error *trouble = &ledger->result.trouble;
	bool first = trouble->status == STATUS_OK;
	load_ledger_trouble(connection, "damaged");
	if (!first)
		return;
	if (got == -1)
		error_append(trouble, ": the reply to message %llu has not its length of %zu bytes",
			     (unsigned long long)number + 1, ledger->probe.size);
	else if (number == connection->sent)
		error_append(trouble, ": bytes came back that were not sent, the first is 0x%02x",
			     got);
	else
		error_append(
			trouble,
			": the reply to message %llu is wrong at offset %zu: 0x%02x, not 0x%02x",
			(unsigned long long)number + 1, offset, got,
			probe_byte(&ledger->probe, number, offset));
}

void load_ledger_trouble(struct load_connection *connection, const char *what)
{
	struct error *trouble = &connection->ledger->result.trouble;
	char text[ENDPOINT_TEXT];
	if (trouble->status == STATUS_OK)
		error_set(trouble, STATUS_BAD, "%s: %s",
			  endpoint_format(&connection->client.endpoint, text), what);
}

void load_ledger_broke(struct load_connection *connection, const char *why)
{
	struct load_ledger *ledger = connection->ledger;
	for (uint64_t number = load_ledger_oldest(connection); number < connection->sent;
	     number++) {
		struct load_message *message = &connection->messages[number & connection->mask];
		if (message->number == number && message->waiting && message->counts &&
		    !message->loss)
			ledger->waiting--;
		message->waiting = false;
	}
	ledger->result.broken++;
	load_ledger_trouble(connection, why);
	load_ledger_close(connection);
}

void load_ledger_close(struct load_connection *connection)
{
	loop_remove(connection->ledger->loop, &connection->watch);
	client_close(&connection->client);
	connection->open = false;
	connection->ledger->open--;
}

void load_ledger_give_up(struct load_connection *connection, int64_t now)
{
	bool contiguous = true;
	connection->oldest = load_ledger_oldest(connection);
	for (uint64_t number = connection->oldest; number < connection->sent; number++) {
		struct load_message *message = load_ledger_waiting(connection, number);
		if (message && !message->late &&
		    now - message->sent >= connection->ledger->options->patience) {
			message->late = true;
			connection->in_flight--;
		}
		contiguous = contiguous && !message;
		if (contiguous)
			connection->oldest = number + 1;
	}
}

/* The first message from FROM on that is due at TIME or later. */
static uint64_t first_due(const struct load_connection *connection, uint64_t from, int64_t time)
{
	uint64_t step = 1, before = from;
	while (load_ledger_due_time(connection, before + step) < time) {
		before += step;
		step *= 2;
	}
	if (load_ledger_due_time(connection, from) >= time)
		return from;
	while (step > 0) { /* BEFORE is due before TIME, BEFORE + 2 * STEP is not */
		if (load_ledger_due_time(connection, before + step) < time)
			before += step;
		step /= 2;
	}
	return before + 1;
}

uint64_t load_ledger_unsent(const struct load_connection *connection)
{
	const struct load_ledger *ledger = connection->ledger;
	uint64_t first = first_due(connection, connection->sent, ledger->begin);
	return first_due(connection, first, ledger->end) - first;
}

uint64_t load_ledger_oldest(const struct load_connection *connection)
{
	uint64_t ring = connection->mask + 1;
	uint64_t least = connection->sent > ring ? connection->sent - ring : 0;
	return connection->oldest > least ? connection->oldest : least;
}
