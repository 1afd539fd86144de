#ifndef COMMANDS_OPTIONS_ROUTE_H
#define COMMANDS_OPTIONS_ROUTE_H

#include "commands/options.h"
#include "net/route.h"

/* --source, --interface, --dscp, --ttl: the same for every client. */

/* What a struct route is before the options are read. */
#define ROUTE_DEFAULT \
	{ \
		.dscp = ROUTE_UNSAID, .ttl = ROUTE_UNSAID \
	}

/* clang-format off */
#define OPTIONS_ROUTE(route) \
	{ .name = "source", .argument = "ADDRESS[:PORT]", \
	  .help = "send from this address of ours (and port)", \
	  .take = options_route_take, .target = (route) }, \
	{ .name = "interface", .argument = "NAME", .help = "send through this interface alone", \
	  .take = take_text, .target = &(route)->interface }, \
	{ .name = "dscp", .argument = "N", .help = "mark packets with this DSCP, 0 to 63", \
	  .take = take_number, .target = &(route)->dscp, .least = 0, .most = 63 }, \
	{ .name = "ttl", .argument = "N", .help = "so many hops at most, 1 to 255", \
	  .take = take_number, .target = &(route)->ttl, .least = 1, .most = 255 }
/* clang-format on */

/* The target is a struct route, to be freed with route_free(). */
int options_route_take(const char *argument, const struct option_spec *spec, struct error *error);

/*
 * STATUS_USAGE where none of the endpoints can be reached like this. If some can (a name of both
 * IP families, a source of one), the others leave the list.
 */
int options_route_check(const struct route *route, struct endpoint_list *list, struct error *error);

#endif
