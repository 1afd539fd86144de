#include "commands/options_route.h"

int options_route_take(const char *argument, const struct option_spec *spec, struct error *error)
{
	return route_read_source(spec->target, argument, error);
}

int options_route_check(const struct route *route, struct endpoint_list *list, struct error *error)
{
	size_t kept = 0;
	for (size_t i = 0; i < list->count; i++)
		if (route_check(route, &list->items[i], error) == 0)
			list->items[kept++] = list->items[i];
	if (kept == 0 && list->count > 0)
		return -1;
	list->count = kept;
	return 0;
}
