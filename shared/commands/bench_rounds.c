#include "commands/bench_rounds.h"

#include "base/clock.h"
#include "load/load.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PATIENCE (100 * NSEC_PER_MSEC)
#define GRACE (2 * NSEC_PER_SEC)

/* Before the line is drawn anew: more often than that nobody can read it. */
#define REDRAW (100 * NSEC_PER_MSEC)

/* How much of this turn is done: of its time, or of its messages. */
static double part_done(const struct bench_rounds *rounds, int64_t elapsed, double messages)
{
	const struct load_options *turn = &rounds->turn;
	double part = turn->messages > 0 ? messages / (double)turn->messages : 0;
	double passed = turn->duration == NEVER ? 0 : (double)elapsed / (double)turn->duration;
	part = passed > part ? passed : part;
	return elapsed < 0 || part < 0 ? 0 : part > 1 ? 1 : part;
}

/* One line: what is measured, how much of the whole is done, how fast it goes, how long it takes yet. */
static void on_progress(void *context, int64_t elapsed, const struct load_result *so_far,
			double share)
{
	struct bench_rounds *rounds = context;
	const struct bench *bench = rounds->bench;
	int64_t now = clock_now();
	double turns = (double)bench->rounds * (double)bench->count;
	double messages = (double)so_far->messages / share;
	double part = ((double)rounds->turns_done + part_done(rounds, elapsed, messages)) / turns;
	double passed = (double)(now - rounds->begun) / (double)NSEC_PER_SEC;
	if (now < rounds->redraw)
		return;
	rounds->redraw = now + REDRAW;
	fprintf(stderr, "\r\033[K%.*s: %3.0f %%", 40, rounds->at->name, part * 100);
	if (elapsed > 0)
		fprintf(stderr, ", %.0f/s", messages * (double)NSEC_PER_SEC / (double)elapsed);
	else
		fprintf(stderr, ", warming up");
	if (part > 0.01)
		fprintf(stderr, ", %.0f s left", passed / part - passed);
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

static int measure(struct bench_rounds *rounds, size_t place, struct error *error)
{
	struct bench_result *result = rounds->bench->results[place];
	const struct bench *bench = rounds->bench;
	struct load_options options = rounds->load;
	rounds->at = result;
	rounds->turns_done = rounds->number * (int64_t)bench->count + (int64_t)place;
	options.duration = bench->duration == NEVER ? NEVER : share(rounds, bench->duration);
	options.messages = (uint64_t)share(rounds, bench->messages);
	if (bench->messages > 0 && options.messages == 0)
		return 0; /* fewer messages than rounds */
	rounds->turn = options;
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
	rounds->begun = clock_now();
	for (rounds->number = 0; rounds->number < bench->rounds; rounds->number++)
		for (size_t i = 0; i < bench->count; i++) {
			if (bench_rounds_stopped(rounds)) {
				bench->complete = false;
				return 0;
			}
			if (measure(rounds, i, error) == 0) {
				if (rounds->round->stopped)
					bench->complete = false;
				continue;
			}
			if (rounds->number == 0 && i == 0)
				return -1;
			/* what was measured until then is still shown */
			bench->results[i]->load.trouble = *error;
			bench->results[i]->load.broken++;
			bench->complete = false;
			return 0;
		}
	return 0;
}
