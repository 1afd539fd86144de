#include "terminal/window.h"

#include <stdlib.h>

size_t window_columns(int terminal)
{
	const char *columns = getenv("COLUMNS");
	unsigned long value = columns ? strtoul(columns, NULL, 10) : 0;
	(void)terminal;
	return value > 0 && value <= 10000 ? value : WINDOW_COLUMNS;
}

int window_signal(void)
{
	return 0;
}
