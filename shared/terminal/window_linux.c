#include "terminal/window.h"

#include <signal.h>
#include <sys/ioctl.h>

size_t window_columns(int terminal)
{
	struct winsize size;
	if (ioctl(terminal, TIOCGWINSZ, &size) == -1 || size.ws_col == 0)
		return WINDOW_COLUMNS;
	return size.ws_col;
}

int window_signal(void)
{
	return SIGWINCH;
}
