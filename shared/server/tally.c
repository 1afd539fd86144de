#include "server/tally.h"

static uint64_t place_of(enum fault fault, const struct misbehave_step *step, bool message)
{
	if (fault == FAULT_REORDER)
		return step->released;
	if (fault == FAULT_CORRUPT && !message)
		return step->damaged;
	return step->place;
}

void tally_step(struct service *service, const char *peer, const struct misbehave_step *step,
		bool message)
{
	const struct server_observer *observer = service->options->observer;
	for (unsigned left = step->faults; left != 0; left &= left - 1) {
		enum fault fault = fault_first(left);
		service->totals.faults[fault]++;
		if (observer && peer)
			observer->misbehaved(peer, fault, message, place_of(fault, step, message));
	}
}
