#include "net/endpoint_list.h"

#include <errno.h>
#include <stdlib.h>

int endpoint_list_add(struct endpoint_list *list, const struct endpoint *endpoint,
		      struct error *error)
{
	struct endpoint *items = realloc(list->items, (list->count + 1) * sizeof(*items));
	if (!items)
		return error_system(error, STATUS_SYSTEM, errno, "endpoints");
	list->items = items;
	list->items[list->count++] = *endpoint;
	return 0;
}

void endpoint_list_free(struct endpoint_list *list)
{
	free(list->items);
	*list = (struct endpoint_list){ 0 };
}
