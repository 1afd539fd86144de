#include "demos/patience.h"

enum { FIRST = 1500, LEAST = 10 }; /* milliseconds */

static int left = FIRST;

int patience_left(void)
{
	return left;
}

void patience_lost(void)
{
	patience_set(left / 4);
}

void patience_set(int milliseconds)
{
	left = milliseconds < LEAST ? LEAST : milliseconds;
}
