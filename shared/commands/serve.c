#include "base/clock.h"
#include "base/nearest.h"
#include "base/signals.h"
#include "commands/activation.h"
#include "commands/allow.h"
#include "commands/command.h"
#include "commands/options.h"
#include "commands/serve_listen.h"
#include "commands/shared_secret.h"
#include "commands/standard.h"
#include "server/server.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* Descriptors that are not connections: the standard ones, pipes, loops, a few to spare. */
#define RESERVED_DESCRIPTORS 64

/* Room for a host's name: POSIX's _POSIX_HOST_NAME_MAX is 255. */
#define HOST_NAME 256

/* The longest --name, in bytes. */
#define NAME 255

struct serve_options {
	struct serve_listening listening;
	struct allow allow;
	const char *reply, *name;
	char host[HOST_NAME];
	const char *congestion;
	int64_t backlog, max_connections, workers, mode, ready_fd;
	int64_t idle, spin, grace, drain;
	int64_t seed;
	bool low_ports, verbose;
};

static void log_connected(const char *peer)
{
	fprintf(stderr, "connect %s\n", peer);
}

static void log_closed(const char *peer, uint64_t bytes, const char *reason)
{
	fprintf(stderr, "close %s bytes=%" PRIu64 "%s%s\n", peer, bytes, reason ? ": " : "",
		reason ? reason : "");
}

static void log_dropped(const char *peer, const char *reason)
{
	fprintf(stderr, "drop %s: %s\n", peer, reason);
}

static void log_misbehaved(const char *peer, enum fault fault, bool message, uint64_t place)
{
	fprintf(stderr, "misbehave %s %s %s=%" PRIu64 "\n", peer, fault_name(fault),
		message ? "message" : "offset", place);
}

static const struct server_observer logger = { log_connected, log_closed, log_dropped,
					       log_misbehaved };

/* As many descriptors as we may have; how many connections that makes. */
static unsigned raise_descriptor_limit(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return RESERVED_DESCRIPTORS;
	if (limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &limit) == -1)
			getrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur > INT32_MAX)
		return INT32_MAX;
	/*
	 * a tiny limit leaves a few for connections all the same; accept(2) says when none is left
	 */
	return limit.rlim_cur > 2 * RESERVED_DESCRIPTORS
		       ? (unsigned)limit.rlim_cur - RESERVED_DESCRIPTORS
		       : (unsigned)limit.rlim_cur;
}

/* Announces where it listens and that it is ready: on standard output, to systemd, to --ready-fd. */
static int announce(const struct serve_options *options, const struct endpoint_list *bound,
		    struct error *error)
{
	char text[ENDPOINT_TEXT];
	struct error warning;
	if (!options->listening.inetd) {
		for (size_t i = 0; i < bound->count; i++)
			printf("listening %s\n", endpoint_format(&bound->items[i], text));
		puts("ready");
		if (standard_flush(error) == -1)
			return -1;
	}
	if (options->ready_fd >= 0 && activation_ready_fd((int)options->ready_fd, error) == -1)
		return -1;
	if (activation_notify("READY=1\nSTATUS=Serving\n", &warning) == -1)
		fprintf(stderr, "sockfam: %s: it serves all the same\n", warning.text);
	return 0;
}

static void on_stopping(void)
{
	struct error ignored; /* told of when it was ready */
	activation_notify("STOPPING=1\nSTATUS=Ending in order\n", &ignored);
}

/* The sum, in one line: of the faults those that were asked for. */
static void print_totals(const struct server_totals *totals, const struct misbehave_plan *plan)
{
	fprintf(stderr, "served connections=%" PRIu64 " messages=%" PRIu64 " bytes=%" PRIu64,
		totals->connections, totals->messages, totals->bytes);
	if (plan->faults)
		fputs(" misbehaved", stderr);
	for (unsigned left = plan->faults; left != 0; left &= left - 1) {
		enum fault fault = fault_first(left);
		fprintf(stderr, " %s=%" PRIu64, fault_name(fault), totals->faults[fault]);
	}
	fputc('\n', stderr);
}

/* It becomes a JSON string, and those are UTF-8: what JSON says of one in quotes, is so of it. */
static int take_name(const char *argument, const struct option_spec *spec, struct error *error)
{
	unsigned char quoted[NAME + 2] = { '"' };
	size_t length = strlen(argument), good;
	const char *reason;
	for (size_t i = 0; i < length && i < NAME; i++)
		quoted[i + 1] = strchr("\"\\", argument[i]) || (unsigned char)argument[i] < ' '
					? 'x'
					: (unsigned char)argument[i];
	quoted[length < NAME ? length + 1 : NAME + 1] = '"';
	if (length == 0 || length > NAME ||
	    json_validator_record(quoted, length + 2, &good, &reason) != JSON_ONE)
		return error_set(error, STATUS_USAGE, "is not 1 to %d bytes of UTF-8", NAME);
	*(const char **)spec->target = argument;
	return 0;
}

static int take_misbehave(const char *argument, const struct option_spec *spec, struct error *error)
{
	return misbehave_plan_read(argument, spec->target, error);
}

/* What it is to write to is looked at before anything is bound. */
static int check_outputs(const struct serve_options *options, struct error *error)
{
	int fd = (int)options->ready_fd;
	if (fd >= ACTIVATION_FIRST && fd < ACTIVATION_FIRST + options->listening.passed)
		return error_set(error, STATUS_USAGE,
				 "--ready-fd %d: that is a socket of LISTEN_FDS", fd);
	if (fd >= 0 && activation_check_ready_fd(fd, error) == -1)
		return -1;
	return options->listening.inetd ? 0 : standard_check(error);
}

static int serve(struct serve_options *options, const struct server_options *server_options,
		 char **operands, struct error *error)
{
	struct signals signals;
	struct server_totals totals;
	struct endpoint_list bound = { 0 };
	options->listening.passed = activation_listen_fds(error);
	if (options->listening.passed == -1 || check_outputs(options, error) == -1 ||
	    (options->grace > 0 ? signals_catch_graceful : signals_catch)(&signals, error) == -1)
		return -1;
	struct server *server = server_new(server_options, error);
	if (!server)
		return -1;
	/* nobody is told anything before all that serving needs is there */
	int result = serve_listen(server, &options->listening, operands, &bound, error);
	if (result == 0)
		result = server_prepare(server, &signals, error);
	if (result == 0)
		result = announce(options, &bound, error);
	if (result == 0)
		server_run(server, &totals);
	endpoint_list_free(&bound);
	server_free(server);
	if (result == 0 && !options->listening.inetd)
		print_totals(&totals, &server_options->misbehave);
	return result;
}

static int refuse_form(const char *name, struct error *error)
{
	char names[80];
	struct nearest nearest;
	nearest_begin(&nearest, name, strlen(name));
	for (const struct reply_form *form = reply_forms; form->name; form++)
		nearest_try(&nearest, form->name);
	error_set(error, STATUS_USAGE, "serve: --reply %s: is none of %s", name,
		  reply_form_names(names, sizeof(names)));
	if (nearest.best)
		error_append(error, ": %s?", nearest.best);
	return -1;
}

static int check(const struct serve_options *options, struct server_options *server_options,
		 char **operands, struct error *error)
{
	server_options->plan.form = reply_form_by_name(options->reply);
	if (!server_options->plan.form)
		return refuse_form(options->reply, error);
	server_options->plan.proxy = options->listening.proxy;
	server_options->misbehave.seed = (uint64_t)options->seed;
	if (options->listening.inetd && *operands)
		return error_set(error, STATUS_USAGE,
				 "serve: --inetd serves descriptor 0, and no endpoint");
	if (options->listening.inetd && options->ready_fd >= 0 && options->ready_fd <= 2)
		return error_set(error, STATUS_USAGE,
				 "serve: --ready-fd %d: --inetd writes nothing there",
				 (int)options->ready_fd);
	return 0;
}

static int run(int argc, char **argv)
{
	struct error error;
	struct serve_options options = {
		.reply = "echo",
		.backlog = SOMAXCONN,
		.workers = 1,
		.mode = 0600,
		.ready_fd = -1,
		.seed = 1,
		.spin = SERVER_SPIN,
		.drain = 10 * NSEC_PER_SEC,
	};
	/* what is typed, what it means, what is done with it */
	/* clang-format off */
	const struct option_spec specs[] = {
		OPTIONS_ENDPOINT(&options.listening.flags),
		{ .name = "reply", .argument = "FORM",
		  .help = "echo (default), upper, json or who: how a message is answered",
		  .take = take_text, .target = &options.reply },
		{ .name = "name", .argument = "TEXT",
		  .help = "how --reply who calls this server (default: the host)",
		  .take = take_name, .target = &options.name },
		{ .name = "backlog", .argument = "N",
		  .help = "length of the listen queue (default: SOMAXCONN)",
		  .take = take_number, .target = &options.backlog, .least = 0, .most = INT32_MAX },
		{ .name = "max-connections", .argument = "N",
		  .help = "at most so many at once; more wait in the listen queue",
		  .take = take_number, .target = &options.max_connections,
		  .least = 1, .most = INT32_MAX },
		{ .name = "idle-timeout", .argument = "SECONDS",
		  .help = "close a connection that is silent so long (0: never)",
		  .take = take_seconds, .target = &options.idle, .least = 0, .most = INT32_MAX },
		{ .name = "workers", .argument = "N", .help = "threads (default 1)",
		  .take = take_number, .target = &options.workers, .least = 1, .most = 256 },
		{ .name = "spin", .argument = "MICROSECONDS",
		  .help = "poll so long before sleeping, while busy (default 50)",
		  .take = take_microseconds, .target = &options.spin, .least = 0, .most = 1000000 },
		{ .name = "mode", .argument = "OCTAL",
		  .help = "permission of a %s path (default 0600)", .families = family_claims,
		  .take = take_octal, .target = &options.mode, .least = 0, .most = 0777 },
		{ .name = "grace", .argument = "SECONDS",
		  .help = "after SIGTERM serve those who are there so long (default 0)",
		  .take = take_seconds, .target = &options.grace, .least = 0, .most = INT32_MAX },
		{ .name = "drain", .argument = "SECONDS",
		  .help = "deadline of the orderly end (default 10)",
		  .take = take_seconds, .target = &options.drain, .least = 0, .most = INT32_MAX },
		{ .name = "misbehave", .argument = "SPEC",
		  .help = "wrong on purpose: 'loss 5%,delay 20ms', 'reset 4096', ...",
		  .take = take_misbehave, .target = &options.listening.misbehave },
		{ .name = "seed", .argument = "N", .help = "the same seed, the same faults (default 1)",
		  .take = take_number, .target = &options.seed, .least = 0, .most = INT64_MAX },
		OPTIONS_SECRET(&options.listening.secret),
		{ .name = "proxy-protocol",
		  .help = "connections begin with a PROXY header, v1 or v2; not for dgram",
		  .take = take_true, .target = &options.listening.proxy },
		{ .name = "allow-uid", .argument = "LIST",
		  .help = "%s peers let in: users, by name or number, with commas",
		  .families = family_identifies, .take = take_text, .target = &options.allow.uid_list },
		{ .name = "allow-gid", .argument = "LIST",
		  .help = "%s peers let in: groups, by name or number, with commas",
		  .families = family_identifies, .take = take_text, .target = &options.allow.gid_list },
		{ .name = "allow-low-ports",
		  .help = "answer datagrams from source ports below 1024 too",
		  .take = take_true, .target = &options.low_ports },
		{ .name = "inetd", .help = "serve the socket that is descriptor 0",
		  .take = take_true, .target = &options.listening.inetd },
		{ .name = "ready-fd", .argument = "N",
		  .help = "write a newline there and close it, once ready",
		  .take = take_number, .target = &options.ready_fd, .least = 0, .most = INT32_MAX },
		{ .name = "congestion", .argument = "NAME", .help = "TCP congestion control",
		  .take = take_text, .target = &options.congestion },
		{ .name = "both", .help = family_both(),
		  .take = take_true, .target = &options.listening.both },
		{ .letter = 'v', .name = "verbose",
		  .help = "tell of each connection on standard error",
		  .take = take_true, .target = &options.verbose },
		OPTIONS_END,
	};
	/* clang-format on */
	int operands;
	switch (options_parse(argc, argv, &command_serve, specs, &operands, &error)) {
	case PARSED_HELP:
		return STATUS_OK;
	case PARSED_WRONG:
		return command_fail(&error);
	case PARSED:
		break;
	}
	if (gethostname(options.host, sizeof(options.host)) == -1)
		options.host[0] = '\0';
	options.host[HOST_NAME - 1] = '\0';
	unsigned descriptors = raise_descriptor_limit();
	struct server_options server_options = {
		.listening = { .backlog = (int)options.backlog,
			       .mode = (mode_t)options.mode,
			       .both = options.listening.both,
			       .congestion = options.congestion },
		.answers = { .low_ports = options.low_ports },
		.max_connections =
			options.max_connections ? (unsigned)options.max_connections : descriptors,
		.workers = (unsigned)options.workers,
		.idle = options.idle,
		.spin = options.spin,
		.misbehave = options.listening.misbehave,
		.grace = options.grace,
		.drain = options.drain,
		.stopping = on_stopping,
		.name = options.name    ? options.name
			: *options.host ? options.host
					: NULL,
		.observer = options.verbose && !options.listening.inetd ? &logger : NULL,
	};
	int result = check(&options, &server_options, argv + operands, &error);
	if (result == 0)
		result = allow_read(&options.allow, &server_options.allowed, &error);
	if (result == 0)
		result = shared_secret_load(&options.listening.secret, &server_options.plan.keys,
					    &error);
	if (result == 0)
		result = serve(&options, &server_options, argv + operands, &error);
	shared_secret_forget(&options.listening.secret);
	if (result == 0)
		return STATUS_OK;
	bool unheard = options.listening.inetd && activation_speaks_to_peer();
	return unheard ? (int)error.status : command_fail(&error);
}

const struct command command_serve = {
	.name = "serve",
	.operands = "[ENDPOINT...]",
	.summary = "echo server on any number of endpoints",
	.run = run,
};
