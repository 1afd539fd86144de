#include "terminal/raw_mode.h"

#include "base/winsize.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Pasted text comes in brackets, so that what is in it is not taken for keys (xterm). */
static const char brackets_on[] = "\x1b[?2004h";
/* A signal may come while the line is shown: what is printed next begins on a row of its own. */
static const char brackets_off[] = "\x1b[?2004l", brackets_off_below[] = "\x1b[?2004l\r\n";

static struct termios before, raw;
static int terminal_in = -1, terminal_out = -1;
static int pipe_ends[2] = { -1, -1 };
static volatile sig_atomic_t active, changed, continued;

static const int deadly[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGALRM, SIGABRT,
			      SIGUSR1, SIGUSR2, SIGSEGV, SIGBUS,  SIGFPE,  SIGILL };

static void send_text(const char *text)
{
	/* nothing can be done if it fails: the terminal is gone */
	ssize_t written = write(terminal_out, text, strlen(text));
	(void)written;
}

static void enter(void)
{
	/* what was typed before belongs to us as well: it is not flushed */
	tcsetattr(terminal_in, TCSADRAIN, &raw);
	send_text(brackets_on);
}

/* In the background the terminal is another's, and we would be stopped for touching it. */
static void leave(const char *text)
{
	if (!active || tcgetpgrp(terminal_in) != getpgrp())
		return;
	send_text(text);
	tcsetattr(terminal_in, TCSADRAIN, &before);
}

static void tell(volatile sig_atomic_t *what)
{
	*what = 1;
	ssize_t written = write(pipe_ends[1], "", 1);
	(void)written; /* a full pipe is readable, too */
}

/* Ends or stops the program as if the signal had not been caught; returns if it was stopped. */
static void obey(int number)
{
	struct sigaction caught, standard = { .sa_handler = SIG_DFL };
	sigset_t set, old;
	sigemptyset(&standard.sa_mask);
	sigaction(number, &standard, &caught);
	raise(number);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, &old);
	/* here it stands still */
	sigprocmask(SIG_SETMASK, &old, NULL);
	sigaction(number, &caught, NULL);
}

static void on_end(int number)
{
	int saved = errno;
	leave(brackets_off_below);
	active = 0;
	obey(number);
	errno = saved;
}

static void on_stop(int number)
{
	int saved = errno;
	bool was_active = active;
	leave(brackets_off_below);
	active = 0;
	obey(number);
	if (was_active) {
		enter(); /* in the background it waits here until it is fetched */
		active = 1;
		tell(&continued);
	}
	errno = saved;
}

/* After SIGSTOP, which cannot be caught, the shell has set the terminal as it likes it. */
static void on_continue(int number)
{
	int saved = errno;
	(void)number;
	if (active) {
		enter();
		tell(&continued);
	}
	errno = saved;
}

static void on_window(int number)
{
	int saved = errno;
	(void)number;
	tell(&changed);
	errno = saved;
}

/* A signal that whoever started us has ignored stays so. */
static int handle(int number, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART }, old;
	if (sigaction(number, NULL, &old) == -1)
		return -1;
	if (old.sa_handler == SIG_IGN)
		return 0;
	sigemptyset(&action.sa_mask);
	return sigaction(number, &action, NULL);
}

static int handle_all(bool on)
{
	int result = 0;
	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		result |= handle(deadly[i], on ? on_end : SIG_DFL);
	result |= handle(SIGTSTP, on ? on_stop : SIG_DFL);
	result |= handle(SIGCONT, on ? on_continue : SIG_DFL);
	if (winsize_signal() != 0)
		result |= handle(winsize_signal(), on ? on_window : SIG_DFL);
	return result;
}

static int make_pipe(void)
{
	if (pipe(pipe_ends) == -1)
		return -1;
	for (int i = 0; i < 2; i++)
		if (fcntl(pipe_ends[i], F_SETFD, FD_CLOEXEC) == -1 ||
		    fcntl(pipe_ends[i], F_SETFL, O_NONBLOCK) == -1)
			return -1;
	return 0;
}

int raw_mode_begin(int input, int output, int *news, struct error *error)
{
	terminal_in = input;
	terminal_out = output;
	if (tcgetattr(input, &before) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "terminal");
	raw = before;
	raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | IGNCR | INLCR | INPCK | ISTRIP | IXON);
	raw.c_oflag |= OPOST | ONLCR; /* a newline as what is printed means it */
	raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	if (make_pipe() == -1 || handle_all(true) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "terminal");
	active = 1;
	if (tcsetattr(input, TCSADRAIN, &raw) == -1) {
		error_system(error, STATUS_SYSTEM, errno, "terminal");
		raw_mode_end();
		return -1;
	}
	send_text(brackets_on);
	*news = pipe_ends[0];
	return 0;
}

void raw_mode_end(void)
{
	if (!active)
		return;
	leave(brackets_off);
	active = 0;
	handle_all(false);
	close(pipe_ends[0]);
	close(pipe_ends[1]);
}

enum raw_mode_news raw_mode_news(void)
{
	char bytes[64];
	while (read(pipe_ends[0], bytes, sizeof(bytes)) > 0)
		continue;
	if (continued) {
		continued = changed = 0;
		return RAW_MODE_CONTINUED;
	}
	if (changed) {
		changed = 0;
		return RAW_MODE_WINDOW;
	}
	return RAW_MODE_NOTHING;
}
