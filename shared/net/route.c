#include "net/route.h"

#include "net/endpoint.h"
#include "net/family.h"
#include "net/hostport.h"

#include <errno.h>

static bool is_said(const struct route *route)
{
	return route && (route->source_text || route->interface || route->dscp != ROUTE_UNSAID ||
			 route->ttl != ROUTE_UNSAID);
}

int route_read_source(struct route *route, const char *text, struct error *error)
{
	endpoint_list_free(&route->source);
	route->source_text = text;
	return hostport_source(text, &route->source, &route->fixed, error);
}

void route_free(struct route *route)
{
	endpoint_list_free(&route->source);
}

/* The first one of the endpoint's family. */
static const struct endpoint *find_source(const struct route *route,
					  const struct endpoint *endpoint)
{
	for (size_t i = 0; i < route->source.count; i++)
		if (route->source.items[i].family->domain == endpoint->family->domain)
			return &route->source.items[i];
	return NULL;
}

static const char *name_option(const struct route *route)
{
	return route->source_text            ? "--source"
	       : route->interface            ? "--interface"
	       : route->dscp != ROUTE_UNSAID ? "--dscp"
					     : "--ttl";
}

static bool is_marked(const struct family *family, const struct kind *kind)
{
	(void)kind;
	return family->mark != NULL;
}

int route_check(const struct route *route, const struct endpoint *endpoint, struct error *error)
{
	char text[ENDPOINT_TEXT], names[200];
	if (!is_said(route))
		return 0;
	endpoint_format(endpoint, text);
	if (!endpoint->family->mark)
		return error_set(error, STATUS_USAGE, "%s: %s is for %s alone", text,
				 name_option(route),
				 family_names(names, sizeof(names), " and ", is_marked, NULL));
	if (route->source_text && !find_source(route, endpoint))
		return error_set(error, STATUS_USAGE, "%s: --source %s is of another family", text,
				 route->source_text);
	return 0;
}

static int bind_source(const struct route *route, int fd, const struct endpoint *endpoint,
		       struct error *error)
{
	const struct endpoint *source = find_source(route, endpoint);
	int on = 1;
	if (!source)
		return route_check(route, endpoint, error);
	/* what is left of the port's last connection (TIME_WAIT) is no reason to refuse it */
	if (route->fixed && endpoint->kind->connected &&
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "SO_REUSEADDR");
	if (bind(fd, (const struct sockaddr *)&source->address, source->length) == 0)
		return 0;
	enum status status = errno == EACCES || errno == EPERM ? STATUS_NOT_PERMITTED
			     : errno == EADDRINUSE || errno == EADDRNOTAVAIL || errno == EINVAL
				     ? STATUS_CANNOT_LISTEN
				     : STATUS_SYSTEM;
	error_system(error, status, errno, "--source %s", route->source_text);
	if (errno == EADDRNOTAVAIL)
		error_append(error, " (no address of this machine)");
	return -1;
}

int route_take(const struct route *route, int fd, const struct endpoint *endpoint,
	       struct error *error)
{
	if (!is_said(route))
		return 0;
	if (route_check(route, endpoint, error) == -1 ||
	    (route->interface && route_device(fd, route->interface, error) == -1) ||
	    endpoint->family->mark(fd, (int)route->dscp, (int)route->ttl, error) == -1)
		return -1;
	return route->source_text ? bind_source(route, fd, endpoint, error) : 0;
}
