#include "net/sock.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static enum status open_status(int number)
{
	return number == EACCES || number == EPERM ? STATUS_NOT_PERMITTED : STATUS_SYSTEM;
}

static enum status listen_status(int number)
{
	switch (number) {
	case EADDRINUSE:
	case EADDRNOTAVAIL:
	case EAFNOSUPPORT:
	case ENODEV:
	case EINVAL: /* a link-local address without its zone */
		return STATUS_CANNOT_LISTEN;
	default:
		return open_status(number);
	}
}

/* Before a full backlog is tried again. */
#define BACKLOG_PAUSE (10 * NSEC_PER_MSEC)

static enum status connect_status(int number)
{
	switch (number) {
	case ECONNREFUSED:
	case ENOENT:
	case ENOTDIR:
	case ELOOP:
	case ENOTSOCK:
	case EPROTOTYPE: /* somebody, but of another type */
	case EHOSTUNREACH:
	case EHOSTDOWN:
	case ENETUNREACH:
	case ENETDOWN:
	case EADDRNOTAVAIL:
	case EAFNOSUPPORT:
	case ENODEV:
	case EINVAL:
		return STATUS_NOBODY;
	case ECONNRESET:
		return STATUS_PROTOCOL;
	case ETIMEDOUT:
		return STATUS_TIMED_OUT;
	case ECANCELED: /* the user did not want to wait */
		return STATUS_BAD;
	default:
		return open_status(number);
	}
}

/* WHAT could not be done to the endpoint. */
static int tell(struct error *error, enum status status, int number, const char *what,
		const struct endpoint *endpoint)
{
	char text[ENDPOINT_TEXT];
	const char *hint =
		family_hint(endpoint->family, (const struct sockaddr *)&endpoint->address, number);
	error_system(error, status, number, "%s %s", what, endpoint_format(endpoint, text));
	if (hint)
		error_append(error, " (%s)", hint);
	return -1;
}

void sock_suggest(struct error *error, const char *endpoint, int number)
{
	if (number == ECONNREFUSED || number == ENOENT)
		error_append(error, " (is a server running there? sockfam serve %s)", endpoint);
	else if (number == EPROTOTYPE)
		error_append(error, " (a socket of another type is there: -t TYPE)");
}

static int fail(int fd, struct error *error, enum status status, int number, const char *what,
		const struct endpoint *endpoint)
{
	close(fd);
	return tell(error, status, number, what, endpoint);
}

static int make_ours(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	if (flags == -1 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) == -1)
		return -1;
	return 0;
}

int sock_adopt(int fd, const struct endpoint *endpoint, struct error *error)
{
	if (make_ours(fd) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "descriptor %d", fd);
	return family_adjust(endpoint->family, fd, endpoint->kind, error);
}

static int open_socket(const struct endpoint *endpoint, struct error *error)
{
	int fd = socket(endpoint->family->domain, endpoint->kind->socktype, 0);
	if (fd == -1) {
		char text[ENDPOINT_TEXT];
		enum status status = errno == EAFNOSUPPORT ? STATUS_NOBODY : open_status(errno);
		return error_system(error, status, errno, "socket %s",
				    endpoint_format(endpoint, text));
	}
	if (sock_adopt(fd, endpoint, error) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

static int claim_name(int fd, const struct endpoint *endpoint, const struct listen_options *options,
		      struct claim **claim, struct error *error)
{
	if (endpoint->family->claim)
		return endpoint->family->claim(fd, endpoint, options, claim, error);
	if (bind(fd, (const struct sockaddr *)&endpoint->address, endpoint->length) == -1)
		return tell(error, listen_status(errno), errno, "listen", endpoint);
	return 0;
}

static int set_congestion(int fd, const struct endpoint *endpoint, const char *name,
			  struct error *error)
{
	if (!name || endpoint->kind != kind_stream || !endpoint->family->congestion)
		return 0;
	return endpoint->family->congestion(fd, name, error);
}

int sock_listen(struct endpoint *endpoint, const struct listen_options *options,
		struct claim **claim, struct error *error)
{
	const struct family *family = endpoint->family;
	*claim = NULL;
	int fd = open_socket(endpoint, error);
	if (fd == -1) {
		if (error->status == STATUS_NOBODY)
			error->status = STATUS_CANNOT_LISTEN;
		return -1;
	}
	if ((family->adjust_listener &&
	     family->adjust_listener(fd, endpoint, options, error) == -1) ||
	    (!endpoint->kind->connected && family->ask && family->ask(fd, endpoint, error) == -1) ||
	    set_congestion(fd, endpoint, options->congestion, error) == -1 ||
	    claim_name(fd, endpoint, options, claim, error) == -1) {
		close(fd);
		return -1;
	}
	struct endpoint bound = *endpoint;
	bound.length = sizeof(bound.address);
	if ((!endpoint->kind->connected || listen(fd, options->backlog) == 0) &&
	    getsockname(fd, (struct sockaddr *)&bound.address, &bound.length) == 0) {
		*endpoint = bound;
		return fd;
	}
	int number = errno;
	family_release(family, *claim);
	*claim = NULL;
	return fail(fd, error, listen_status(number), number, "listen", endpoint);
}

int sock_accept(int listener, const struct endpoint *at, struct sockaddr_storage *peer,
		socklen_t *length)
{
	struct error ignored; /* a connection that broke meanwhile; the next recv(2) says how */
	*length = sizeof(*peer);
	int fd = accept(listener, (struct sockaddr *)peer, length);
	if (fd == -1)
		return -1;
	if (make_ours(fd) == -1) {
		int number = errno;
		close(fd);
		errno = number;
		return -1;
	}
	family_adjust(at->family, fd, at->kind, &ignored);
	return fd;
}

int sock_wait(int fd, short events, int64_t until, int stop)
{
	for (;;) {
		struct pollfd items[] = { { .fd = fd, .events = events },
					  { .fd = stop, .events = POLLIN } };
		int ready = poll(items, stop > 0 ? 2 : 1, clock_poll_timeout(until));
		if (ready == -1 && errno == EINTR)
			continue;
		if (ready > 0 && items[1].revents) {
			errno = ECANCELED;
			return -1;
		}
		return ready;
	}
}

/* Returns 0 once connected, else an errno value. */
static int finish_connect(int fd, const struct endpoint *endpoint, int64_t until, int stop)
{
	for (;;) {
		if (connect(fd, (const struct sockaddr *)&endpoint->address, endpoint->length) == 0)
			return 0;
		if (errno == EISCONN)
			return 0;
		if (errno == EINTR || errno == EALREADY || errno == EINPROGRESS)
			break;
		if (errno != EAGAIN)
			return errno;
		/* unix: the backlog is full, and poll(2) cannot wait for it */
		if (clock_now() >= until)
			return ETIMEDOUT;
		if (sock_wait(-1, 0, clock_now() + BACKLOG_PAUSE, stop) == -1)
			return errno;
	}
	int ready = sock_wait(fd, POLLOUT, until, stop);
	if (ready <= 0)
		return ready == 0 ? ETIMEDOUT : errno;
	int number;
	socklen_t length = sizeof(number);
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &length) == -1)
		return errno;
	return number;
}

static int give_own_address(int fd, const struct endpoint *endpoint, struct claim **claim,
			    struct error *error)
{
	if (endpoint->kind->connected || !endpoint->family->own_address)
		return 0;
	return endpoint->family->own_address(fd, claim, error);
}

int sock_connect(const struct endpoint *endpoint, const char *congestion, const struct route *route,
		 int64_t timeout, int stop, struct claim **claim, struct error *error)
{
	int64_t until = timeout == NEVER ? NEVER : clock_now() + timeout;
	*claim = NULL;
	int fd = open_socket(endpoint, error);
	if (fd == -1)
		return -1;
	if (set_congestion(fd, endpoint, congestion, error) == -1 ||
	    route_take(route, fd, endpoint, error) == -1 ||
	    give_own_address(fd, endpoint, claim, error) == -1) {
		close(fd);
		return -1;
	}
	int number = finish_connect(fd, endpoint, until, stop);
	if (number == 0)
		return fd;
	family_release(endpoint->family, *claim);
	*claim = NULL;
	char text[ENDPOINT_TEXT];
	fail(fd, error, connect_status(number), number, "connect", endpoint);
	if (number == EADDRNOTAVAIL && route && route->fixed)
		error_append(error, " (--source %s: a connection from this port ended just now)",
			     route->source_text);
	else
		sock_suggest(error, endpoint_format(endpoint, text), number);
	return -1;
}
