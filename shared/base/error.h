#ifndef BASE_ERROR_H
#define BASE_ERROR_H

/*
 * How a failure is told, the same way everywhere: a function that can fail takes a struct
 * error as its last argument, fills it where the cause is known, and returns -1 (or NULL).
 * Only commands/ prints it.
 */

/* What the program exits with: <sysexits.h>'s numbers, which POSIX lacks, and timeout(1)'s 124. */
enum status {
	STATUS_OK = 0,
	STATUS_BAD = 1, /* it ran, but the answer is bad */
	STATUS_USAGE = 64,
	STATUS_DATA = 65,    /* the input is not what was asked for */
	STATUS_NO_HOST = 68, /* the host name is unknown */
	STATUS_NOBODY = 69,  /* refused, no such socket, unreachable */
	STATUS_SYSTEM = 71,  /* another system error */
	STATUS_CANNOT_LISTEN = 73,
	STATUS_OUTPUT = 74,    /* what was to be printed could not be written */
	STATUS_TRY_AGAIN = 75, /* the resolver gave no answer */
	STATUS_PROTOCOL = 76,  /* the peer broke the protocol, or closed early */
	STATUS_NOT_PERMITTED = 77,
	STATUS_TIMED_OUT = 124,
};

struct error {
	enum status status;
	int number;     /* the errno value that caused it, or 0 */
	char text[768]; /* "WHAT ENDPOINT: WHY", one line without its newline */
};

/* Fills the error; returns -1, so that a caller can say `return error_set(...)`. */
int error_set(struct error *error, enum status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Likewise, with ": " and the text of errno value NUMBER appended. */
int error_system(struct error *error, enum status status, int number, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Appends to the text: a hint, or what else was tried. */
void error_append(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
