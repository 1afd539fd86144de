#include "server/connections.h"

#include "base/clock.h"
#include "base/random.h"

#include <unistd.h>

/* How long a peer has to introduce and prove itself, however it spends that time. */
#define OPENING (5 * NSEC_PER_SEC)

/*
 * When the server ends, how long nothing must come from a peer before that is taken for all. One
 * EAGAIN is not enough: more may be on its way, held back by a window that was closed until now.
 */
#define QUIET (30 * NSEC_PER_MSEC)

/* How long a server that ends goes on with a peer that is never quiet. */
#define PATIENCE (500 * NSEC_PER_MSEC)

/* How long a peer that was told of the end may take to end too. */
#define LINGERING (500 * NSEC_PER_MSEC)

/* How soon to look again where no event will come. */
#define AGAIN NSEC_PER_MSEC

int connections_init(struct connections *all, struct service *service, struct error *error)
{
	*all = (struct connections){ .service = service, .random = -1 };
	timeline_init(&all->opening, OPENING);
	timeline_init(&all->idle, service->options->idle);
	timeline_init(&all->draining, QUIET);
	timeline_init(&all->lingering, LINGERING);
	timeline_init(&all->again, AGAIN);
	if (!service->options->plan.keys)
		return 0;
	all->random = random_open(error);
	return all->random == -1 ? -1 : 0;
}

void connections_free(struct connections *all)
{
	agenda_free(&all->late);
	if (all->random != -1)
		close(all->random);
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t connections_next(const struct connections *all)
{
	int64_t next = earlier(agenda_next(&all->late), timeline_next(&all->opening));
	next = earlier(next, timeline_next(&all->idle));
	next = earlier(next, timeline_next(&all->draining));
	next = earlier(next, timeline_next(&all->lingering));
	return earlier(next, timeline_next(&all->again));
}

void connections_set_patience(struct connections *all)
{
	int64_t half = all->service->options->drain / 2;
	all->patience = clock_now() + (half < PATIENCE ? half : PATIENCE);
}
