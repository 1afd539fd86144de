/* TIOCGWINSZ and SIGWINCH are not in POSIX.1-2008: ioctl_tty(2). */
#define _GNU_SOURCE

#include "base/winsize.h"

#include <signal.h>
#include <sys/ioctl.h>

int winsize_columns(int fd)
{
	struct winsize window;
	return ioctl(fd, TIOCGWINSZ, &window) == -1 ? 0 : window.ws_col;
}

int winsize_signal(void)
{
	return SIGWINCH;
}
