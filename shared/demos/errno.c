#include "demos/demo.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* POSIX has texts for errno's values, and no names. */
static const struct {
	int number;
	const char *name;
} names[] = {
	{ EACCES, "EACCES" },
	{ EADDRINUSE, "EADDRINUSE" },
	{ EADDRNOTAVAIL, "EADDRNOTAVAIL" },
	{ EAFNOSUPPORT, "EAFNOSUPPORT" },
	{ EAGAIN, "EAGAIN" },
	{ EALREADY, "EALREADY" },
	{ EBADF, "EBADF" },
	{ ECONNABORTED, "ECONNABORTED" },
	{ ECONNREFUSED, "ECONNREFUSED" },
	{ ECONNRESET, "ECONNRESET" },
	{ EDESTADDRREQ, "EDESTADDRREQ" },
	{ EEXIST, "EEXIST" },
	{ EFAULT, "EFAULT" },
	{ EHOSTUNREACH, "EHOSTUNREACH" },
	{ EINPROGRESS, "EINPROGRESS" },
	{ EINTR, "EINTR" },
	{ EINVAL, "EINVAL" },
	{ EISCONN, "EISCONN" },
	{ EMFILE, "EMFILE" },
	{ EMSGSIZE, "EMSGSIZE" },
	{ ENAMETOOLONG, "ENAMETOOLONG" },
	{ ENETUNREACH, "ENETUNREACH" },
	{ ENOBUFS, "ENOBUFS" },
	{ ENODEV, "ENODEV" },
	{ ENOENT, "ENOENT" },
	{ ENOMEM, "ENOMEM" },
	{ ENOPROTOOPT, "ENOPROTOOPT" },
	{ ENOTCONN, "ENOTCONN" },
	{ ENOTSOCK, "ENOTSOCK" },
	{ EOPNOTSUPP, "EOPNOTSUPP" },
	{ EPERM, "EPERM" },
	{ EPIPE, "EPIPE" },
	{ EPROTONOSUPPORT, "EPROTONOSUPPORT" },
	{ EPROTOTYPE, "EPROTOTYPE" },
	{ ETIMEDOUT, "ETIMEDOUT" },
};

const char *demo_errno(int number)
{
	static _Thread_local char text[128];
	if (number == 0)
		return "0 (no error)";
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (names[i].number == number) {
			snprintf(text, sizeof(text), "%s (%s)", names[i].name, strerror(number));
			return text;
		}
	}
	snprintf(text, sizeof(text), "errno %d (%s)", number, strerror(number));
	return text;
}
