#include "protocol/reply.h"

#include <stdio.h>
#include <string.h>

static void raise(unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		bytes[i] = (unsigned char)(bytes[i] - 'a') < 26 ? bytes[i] - 32 : bytes[i];
}

/* ASCII letters only, whatever the locale. In blocks of a fixed size, which compilers vectorise. */
static void upper(unsigned char *bytes, size_t length)
{
	enum { BLOCK = 64 };
	for (; length >= BLOCK; bytes += BLOCK, length -= BLOCK)
		raise(bytes, BLOCK);
	raise(bytes, length);
}

const struct reply_form reply_forms[] = {
	{ .name = "echo" },
	{ .name = "upper", .apply = upper },
	{ .name = "json", .values = true },
	{ .name = "who", .who = true },
	{ .name = NULL },
};

const struct reply_form *reply_form_by_name(const char *name)
{
	for (const struct reply_form *form = reply_forms; form->name; form++)
		if (strcmp(form->name, name) == 0)
			return form;
	return NULL;
}

const char *reply_form_names(char *text, size_t size)
{
	text[0] = '\0';
	for (const struct reply_form *form = reply_forms; form->name; form++) {
		size_t used = strlen(text);
		snprintf(text + used, size - used, "%s%s", used ? ", " : "", form->name);
	}
	return text;
}
