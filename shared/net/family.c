#include "net/family.h"

#include <string.h>

/* In this order they are listed, tried and shown. */
const struct family *const families[FAMILY_COUNT] = { &af_unix, &af_inet, &af_inet6 };

const struct family *family_by_name(const char *name, size_t length)
{
	for (size_t i = 0; i < FAMILY_COUNT; i++)
		if (strlen(families[i]->name) == length &&
		    memcmp(families[i]->name, name, length) == 0)
			return families[i];
	return NULL;
}

const struct family *family_by_domain(int domain)
{
	for (size_t i = 0; i < FAMILY_COUNT; i++)
		if (families[i]->domain == domain)
			return families[i];
	return NULL;
}

bool family_has(const struct family *family, const struct kind *kind)
{
	return kind != kind_seqpacket || family->seqpacket;
}
