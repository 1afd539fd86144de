#include "commands/bench_rounds.h"

#include "base/clock.h"
#include "load/load.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PATIENCE (100 * NSEC_PER_MSEC)
#define GRACE (2 * NSEC_PER_SEC)

static void on_progress(void *context, int64_t elapsed)
{
	const struct bench_rounds *rounds = context;
	double seconds = (double)elapsed / (double)NSEC_PER_SEC;
	if (elapsed < 0)
		fprintf(stderr, "\r\033[K%s: warming up", rounds->at->name);
	else
		fprintf(stderr, "\r\033[K%s: round %" PRId64 " of %" PRId64 ", %.1f s",
			rounds->at->name, rounds->number + 1, rounds->bench->rounds, seconds);
}

int bench_rounds_begin(struct bench_rounds *rounds, struct bench *bench, int stop,
		       struct error *error)
{
	bool show_progress = isatty(STDERR_FILENO);
	*rounds = (struct bench_rounds){ .bench = bench, .show_progress = show_progress };
	rounds->load = (struct load_options){
		.client = bench->client,
		.connections = (unsigned)bench->connections,
		.threads = (unsigned)bench->threads,
		.depth = (unsigned)bench->depth,
		.size = (size_t)bench->size,
		.rate = bench->rate,
		.warmup = bench->warmup,
		.patience = PATIENCE,
		.grace = GRACE,
		.spin = bench->spin,
		.progress = show_progress ? on_progress : NULL,
		.context = rounds,
		.stop = stop,
	};
	rounds->round = malloc(sizeof(*rounds->round));
	return rounds->round ? 0 : error_system(error, STATUS_SYSTEM, errno, "bench");
}

void bench_rounds_end(struct bench_rounds *rounds)
{
	free(rounds->round);
}

/* The share of TOTAL that falls to this round. */
static int64_t share(const struct bench_rounds *rounds, int64_t total)
{
	int64_t count = rounds->bench->rounds;
	return total / count + (rounds->number < total % count);
}

static int measure(struct bench_rounds *rounds, struct bench_result *result, struct error *error)
{
	const struct bench *bench = rounds->bench;
	struct load_options options = rounds->load;
	rounds->at = result;
	options.duration = bench->duration == NEVER ? NEVER : share(rounds, bench->duration);
	options.messages = (uint64_t)share(rounds, bench->messages);
	if (bench->messages > 0 && options.messages == 0)
		return 0; /* fewer messages than rounds */
	int status = load_run(&result->endpoint, &options, rounds->round, error);
	if (rounds->show_progress)
		fputs("\r\033[K", stderr);
	if (status == -1)
		return -1;
	result->rates[result->rounds++] = bench_rate_of(rounds->round);
	load_result_add(&result->load, rounds->round);
	return 0;
}

bool bench_rounds_stopped(const struct bench_rounds *rounds)
{
	struct pollfd item = { .fd = rounds->load.stop, .events = POLLIN };
	return poll(&item, 1, 0) == 1;
}

int bench_rounds_measure(struct bench_rounds *rounds, struct error *error)
{
	struct bench *bench = rounds->bench;
	for (rounds->number = 0; rounds->number < bench->rounds; rounds->number++)
		for (size_t i = 0; i < bench->count; i++) {
			if (bench_rounds_stopped(rounds)) {
				bench->complete = false;
				return 0;
			}
			if (measure(rounds, bench->results[i], error) == 0) {
				if (rounds->round->stopped)
					bench->complete = false;
				continue;
			}
			if (rounds->number == 0 && i == 0)
				return -1;
			/* what was measured until then is shown all the same */
			bench->results[i]->load.trouble = *error;
			bench->results[i]->load.broken++;
			bench->complete = false;
			return 0;
		}
	return 0;
}
