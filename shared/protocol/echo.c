#include "protocol/echo.h"

struct step echo_received(struct echo *echo, unsigned char *bytes, size_t length)
{
	if (echo->form->apply)
		echo->form->apply(bytes, length);
	return (struct step){ .reply = bytes, .length = length, .answers = true };
}

struct step echo_ended(struct echo *echo)
{
	(void)echo;
	return (struct step){ .over = true };
}
