#ifndef COMMANDS_PING_REPORT_H
#define COMMANDS_PING_REPORT_H

#include "commands/circumstances.h"
#include "load/load_options.h"
#include "load/load_result.h"
#include "net/endpoint.h"

#include <stdbool.h>
#include <stdint.h>

/* What ping prints, and the figures of it that the load does not keep. */
struct ping_report {
	char name[ENDPOINT_TEXT]; /* of the endpoint */
	bool connected;
	int64_t size; /* bytes of a message */
	bool quiet, json, stamps;
	struct circumstances circumstances;
	uint64_t reordered;
	uint64_t next;              /* after the greatest number that came back so far */
	double first, sum, squares; /* of round-trip times, from the first one's: it keeps digits */
};

/*
 * For pings to ENDPOINT. Set by the caller: the size; QUIET: the statistics alone; JSON: one object
 * instead of all; STAMPS: the time before each line.
 */
void ping_report_begin(struct ping_report *report, const struct endpoint *endpoint);

/* load_options.replied, whose context is the report. */
void ping_report_reply(void *report, const struct load_reply *reply);

/* From now on SIGQUIT has the next ping_report_progress() print the statistics so far. */
void ping_report_on_request(void);

/* load_options.progress, whose context is the report. */
void ping_report_progress(void *report, int64_t elapsed, const struct load_result *so_far,
			  double share);

void ping_report_end(const struct ping_report *report, const struct load_result *result);

#endif
