#include "load/load_result.h"

#include <stddef.h>
#include <string.h>

void load_result_init(struct load_result *result)
{
	memset(result, 0, offsetof(struct load_result, response));
	histogram_init(&result->response);
	histogram_init(&result->service);
}

bool load_result_refused(const struct load_result *result)
{
	return result->lost > 0 && result->lost == result->sent &&
	       result->lost == result->refused + result->unreachable;
}

void load_result_add(struct load_result *into, const struct load_result *from)
{
	into->messages += from->messages;
	into->bytes += from->bytes;
	into->lost += from->lost;
	into->refused += from->refused;
	into->unreachable += from->unreachable;
	into->damaged += from->damaged;
	into->duplicates += from->duplicates;
	into->warmup += from->warmup;
	into->broken += from->broken;
	into->sent += from->sent;
	if (from->connect > into->connect)
		into->connect = from->connect;
	into->elapsed += from->elapsed;
	into->cpu += from->cpu;
	into->stopped |= from->stopped;
	if (into->trouble.status == STATUS_OK)
		into->trouble = from->trouble;
	histogram_merge(&into->response, &from->response);
	histogram_merge(&into->service, &from->service);
}
