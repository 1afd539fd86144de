#ifndef LOAD_LOAD_H
#define LOAD_LOAD_H

#include "base/error.h"
#include "load/load_options.h"
#include "load/load_result.h"
#include "net/endpoint.h"

/*
 * Load on an echo service, ours or not: connections that each keep some messages in flight, every
 * byte of every reply verified, every message timed.
 *
 * With a rate, a message's response time counts from the moment it was due, whether it could be
 * sent then or not (an open loop): a service that stalls delays all that falls due meanwhile, and
 * this shows. Its service time counts from when it was really sent. Without a rate the next message
 * is due when one comes back, and the two are the same (a closed loop).
 */

/* RESULT is filled also by a run that was stopped. -1 where it could not begin. */
int load_run(const struct endpoint *endpoint, const struct load_options *options,
	     struct load_result *result, struct error *error);

#endif
