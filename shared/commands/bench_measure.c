#include "commands/bench_measure.h"

#include "base/clock.h"
#include "base/signals.h"
#include "commands/bench_files.h"
#include "commands/bench_rounds.h"
#include "commands/own_server.h"

#include <poll.h>
#include <stdio.h>
#include <time.h>

#define CONNECT_TIMEOUT (5 * NSEC_PER_SEC)

static int add_endpoint(struct bench *bench, const struct endpoint *endpoint, const char *name,
			struct error *error)
{
	struct bench_result *result = bench_add(bench, error);
	if (!result)
		return -1;
	result->endpoint = *endpoint;
	if (name)
		snprintf(result->name, sizeof(result->name), "%s", name);
	else
		endpoint_format(endpoint, result->name);
	snprintf(result->family, sizeof(result->family), "%s", endpoint->family->name);
	snprintf(result->type, sizeof(result->type), "%s", endpoint->kind->name);
	return 0;
}

/* Of an operand's addresses the first one where somebody is. */
static int choose(struct bench *bench, const char *operand, const struct endpoint_flags *flags,
		  struct error *error)
{
	struct endpoint_list list = { 0 };
	struct client client;
	int result = endpoint_parse(operand, flags, &list, error);
	if (result == 0)
		result = client_open(&client, &list, &bench->client, error);
	endpoint_list_free(&list);
	if (result == -1)
		return -1;
	client_close(&client);
	return add_endpoint(bench, &client.endpoint, NULL, error);
}

/* What the figures go into is there first: nobody is to load a service for nothing. */
static int open_and_measure(struct bench_rounds *rounds, struct error *error)
{
	if (bench_files_open(rounds->bench, error) == -1)
		return -1;
	return bench_rounds_measure(rounds, error);
}

static int measure_operands(struct bench_rounds *rounds, char **operands,
			    const struct endpoint_flags *flags, const struct shared_secret *secret,
			    struct error *error)
{
	/* first whether all of it makes sense, then whether anybody is there */
	for (char **each = operands; *each; each++) {
		struct endpoint_list list = { 0 };
		int result = endpoint_parse(*each, flags, &list, error);
		if (result == 0)
			result = shared_secret_check(secret, &list, error);
		endpoint_list_free(&list);
		if (result == -1)
			return -1;
	}
	for (; *operands; operands++)
		if (choose(rounds->bench, *operands, flags, error) == -1)
			return -1;
	return open_and_measure(rounds, error);
}

static int measure_own(struct bench_rounds *rounds, const struct endpoint_flags *flags,
		       struct error *error)
{
	struct own_server own;
	struct error why;
	if (own_server_start(&own, rounds->bench->congestion, error) == -1)
		return -1;
	int result = 0;
	for (size_t i = 0; result == 0 && i < own.lanes.count; i++) {
		const struct lane *lane = &own.lanes.items[i];
		const struct endpoint *endpoint = &lane->endpoint;
		char name[40];
		if ((flags->family && endpoint->family != flags->family) ||
		    (flags->kind && endpoint->kind != flags->kind))
			continue;
		snprintf(name, sizeof(name), "%s+%s", endpoint->family->name, endpoint->kind->name);
		if (lane->listening)
			result = add_endpoint(rounds->bench, endpoint, name, error);
		else
			fprintf(stderr, "sockfam: %s: left out\n", lane->why.text);
	}
	if (result == 0 && rounds->bench->count == 0)
		result = error_set(error, STATUS_USAGE,
				   "bench: there is no such family and type here");
	if (result == 0)
		result = open_and_measure(rounds, error);
	if (own_server_stop(&own, &why) == -1 && result == 0) {
		*error = why;
		result = -1;
	}
	return result;
}

/* Load generators on several machines begin together: START is in seconds of the Epoch. */
static int wait_for(double start, int64_t late, int stop, struct error *error)
{
	struct pollfd item = { .fd = stop, .events = POLLIN };
	for (bool waited = false;; waited = true) {
		struct timespec now;
		clock_gettime(CLOCK_REALTIME, &now);
		double left = start - (double)now.tv_sec - (double)now.tv_nsec / 1e9;
		if (left < 0 && !waited && -left * 1e9 <= (double)late)
			fprintf(stderr, "sockfam: bench: --start-at: joins %.3f s late\n", -left);
		else if (left < 0 && !waited)
			return error_set(error, STATUS_USAGE,
					 "bench: --start-at: that was %.3f s ago", -left);
		if (left <= 0 || poll(&item, 1, left > 60 ? 60000 : (int)(left * 1000) + 1) == 1)
			return 0;
	}
}

int bench_measure(struct bench *bench, char **operands, const struct endpoint_flags *flags,
		  const struct shared_secret *secret, double start_at, struct error *error)
{
	struct signals signals;
	struct bench_rounds rounds;
	if (signals_catch(&signals, error) == -1)
		return -1;
	bench->client.timeout = CONNECT_TIMEOUT;
	bench->client.congestion = bench->congestion;
	bench->client.stop = signals.stop;
	if (bench_rounds_begin(&rounds, bench, signals.stop, error) == -1)
		return -1;
	bench->complete = true;
	int result = start_at > 0 ? wait_for(start_at, bench->late, signals.stop, error) : 0;
	circumstances_begin(&bench->circumstances);
	if (result == 0 && bench_rounds_stopped(&rounds))
		bench->complete = false;
	else if (result == 0)
		result = *operands ? measure_operands(&rounds, operands, flags, secret, error)
				   : measure_own(&rounds, flags, error);
	circumstances_end(&bench->circumstances);
	bench_rounds_end(&rounds);
	return result;
}
