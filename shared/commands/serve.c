#include "base/clock.h"
#include "base/signals.h"
#include "commands/activation.h"
#include "commands/command.h"
#include "commands/options.h"
#include "commands/secret.h"
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

/* --allow-uid and --allow-gid may name so many. */
#define ALLOWED_MOST 64

struct serve_options {
	struct endpoint_flags flags;
	const char *reply;
	const char *congestion;
	int64_t backlog, max_connections, workers, mode, ready_fd;
	int64_t idle, spin, drain;
	bool both, low_ports, inetd, proxy, verbose;
	struct secret secret;
	const char *allow_uids, *allow_gids;
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

static const struct server_observer logger = { log_connected, log_closed, log_dropped };

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

/* What is asked of connections cannot be asked of datagrams. */
static int check_kinds(const struct serve_options *options, const struct endpoint_list *list,
		       struct error *error)
{
	char text[ENDPOINT_TEXT];
	for (size_t i = 0; options->proxy && i < list->count; i++)
		if (!list->items[i].kind->connected)
			return error_set(
				error, STATUS_USAGE,
				"%s: --proxy-protocol is for connections, and datagrams have none",
				endpoint_format(&list->items[i], text));
	return secret_check(&options->secret, list, error);
}

static void print_listener(const struct endpoint *endpoint)
{
	char text[ENDPOINT_TEXT];
	printf("listening %s\n", endpoint_format(endpoint, text));
}

static int listen_all(struct server *server, const struct endpoint_list *list, struct error *error)
{
	for (size_t i = 0; i < list->count; i++) {
		struct endpoint endpoint = list->items[i];
		if (server_listen(server, &endpoint, error) == -1)
			return -1;
		print_listener(&endpoint);
	}
	return 0;
}

/*
 * Nothing was asked for by name: a family that this system does not have is told of and left out.
 */
static int listen_defaults(struct server *server, const struct serve_options *options,
			   struct error *error)
{
	const struct endpoint_flags *flags = &options->flags;
	const struct kind *kind = flags->kind ? flags->kind : kind_stream;
	size_t listening = 0;
	for (const struct family *const *each = families; *each; each++) {
		struct endpoint_list list = { 0 };
		if ((flags->family && *each != flags->family) || !family_has(*each, kind))
			continue;
		int result = (*each)->resolve("", kind, &list, error);
		if (result == 0)
			result = check_kinds(options, &list, error);
		if (result == 0)
			result = listen_all(server, &list, error);
		endpoint_list_free(&list);
		if (result == 0) {
			listening++;
			continue;
		}
		if (flags->family ||
		    (error->number != EADDRNOTAVAIL && error->number != EAFNOSUPPORT))
			return -1;
		fprintf(stderr, "sockfam: %s: left out\n", error->text);
	}
	if (listening == 0 && flags->family)
		return error_set(error, STATUS_USAGE, "serve: %s has no %s sockets",
				 flags->family->name, kind->name);
	return listening > 0 ? 0 : -1;
}

static int listen_operands(struct server *server, const struct serve_options *options,
			   char **operands, struct error *error)
{
	struct endpoint_list list = { 0 };
	int result = 0;
	for (; *operands && result == 0; operands++)
		result = endpoint_parse(*operands, &options->flags, &list, error);
	if (result == 0)
		result = check_kinds(options, &list, error);
	if (result == 0)
		result = listen_all(server, &list, error);
	endpoint_list_free(&list);
	return result;
}

static int adopt(struct server *server, int fd, const struct serve_options *options, bool *listens,
		 struct error *error)
{
	struct endpoint endpoint;
	struct endpoint_list list = { .items = &endpoint, .count = 1 };
	if (server_adopt(server, fd, &endpoint, listens, error) == -1 ||
	    check_kinds(options, &list, error) == -1)
		return -1;
	if (*listens && !options->inetd)
		print_listener(&endpoint);
	return 0;
}

/*
 * The sockets in the order: what was passed to us, then what was asked for; or else the defaults.
 */
static int open_listeners(struct server *server, const struct serve_options *options,
			  char **operands, struct error *error)
{
	bool listens;
	int passed = activation_listen_fds();
	if (options->inetd) {
		int fd = activation_inetd(error);
		return fd == -1 ? -1 : adopt(server, fd, options, &listens, error);
	}
	for (int i = 0; i < passed; i++) {
		if (adopt(server, ACTIVATION_FIRST + i, options, &listens, error) == -1)
			return -1;
	}
	if (*operands)
		return listen_operands(server, options, operands, error);
	return passed > 0 ? 0 : listen_defaults(server, options, error);
}

/* Says that it is ready to everybody who wants to know, each in its own way. */
static int announce(const struct serve_options *options, struct error *error)
{
	if (!options->inetd) {
		puts("ready");
		if (command_flush(stdout, error) == -1)
			return -1;
	}
	if (options->ready_fd >= 0 && activation_ready_fd((int)options->ready_fd, error) == -1)
		return -1;
	return activation_notify("READY=1\n", error);
}

static int serve(const struct serve_options *options, const struct server_options *server_options,
		 char **operands, struct error *error)
{
	struct signals signals;
	struct server_totals totals;
	if (signals_catch(&signals, error) == -1)
		return -1;
	struct server *server = server_new(server_options, error);
	if (!server)
		return -1;
	int result = open_listeners(server, options, operands, error);
	if (result == 0)
		result = announce(options, error);
	if (result == 0)
		result = server_run(server, signals.stop, signals.hurry, &totals, error);
	server_free(server);
	if (result == 0 && !options->inetd)
		fprintf(stderr,
			"served connections=%" PRIu64 " messages=%" PRIu64 " bytes=%" PRIu64 "\n",
			totals.connections, totals.messages, totals.bytes);
	return result;
}

static int check(const struct serve_options *options, struct server_options *server_options,
		 char **operands, struct error *error)
{
	char names[80];
	server_options->plan.form = reply_form_by_name(options->reply);
	if (!server_options->plan.form)
		return error_set(error, STATUS_USAGE, "serve: --reply %s: is none of %s",
				 options->reply, reply_form_names(names, sizeof(names)));
	server_options->plan.proxy = options->proxy;
	if (options->inetd && *operands)
		return error_set(error, STATUS_USAGE,
				 "serve: --inetd serves descriptor 0, and no endpoint");
	if (options->inetd && options->ready_fd >= 0 && options->ready_fd <= 2)
		return error_set(error, STATUS_USAGE,
				 "serve: --ready-fd %d: --inetd writes nothing there",
				 (int)options->ready_fd);
	return 0;
}

/* "0,1000,33" into numbers. */
static int read_ids(const char *list, const char *option, unsigned long *ids, size_t *count,
		    struct error *error)
{
	for (*count = 0; list && *list; (*count)++) {
		char *end;
		if (*count == ALLOWED_MOST || !strchr("0123456789", *list))
			break;
		errno = 0;
		ids[*count] = strtoul(list, &end, 10);
		if (errno || ids[*count] >= UINT32_MAX || (*end && (*end != ',' || !end[1])))
			break;
		list = *end ? end + 1 : end;
	}
	if (list && *list)
		return error_set(error, STATUS_USAGE,
				 "serve: %s: not a list of at most %d numbers: %s", option,
				 ALLOWED_MOST, list);
	return 0;
}

/* Where the system cannot tell who a unix peer is, nobody could be let in. */
static int check_identity(struct error *error)
{
	const struct family *family = family_by_domain(AF_UNIX);
	struct identity who;
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "serve: --allow-uid");
	int result = family->identify ? family->identify(pair[0], &who) : -1;
	close(pair[0]);
	close(pair[1]);
	if (result == -1)
		return error_set(
			error, STATUS_USAGE,
			"serve: --allow-uid, --allow-gid: this system does not tell who a peer is");
	return 0;
}

static int read_allowed(const struct serve_options *options, struct server_options *server_options,
			struct error *error)
{
	static uid_t uids[ALLOWED_MOST];
	static gid_t gids[ALLOWED_MOST];
	static struct allowed allowed = { .uids = uids, .gids = gids };
	unsigned long ids[ALLOWED_MOST];
	if (read_ids(options->allow_uids, "--allow-uid", ids, &allowed.uid_count, error) == -1)
		return -1;
	for (size_t i = 0; i < allowed.uid_count; i++)
		uids[i] = (uid_t)ids[i];
	if (read_ids(options->allow_gids, "--allow-gid", ids, &allowed.gid_count, error) == -1)
		return -1;
	for (size_t i = 0; i < allowed.gid_count; i++)
		gids[i] = (gid_t)ids[i];
	if (!options->allow_uids && !options->allow_gids)
		return 0;
	server_options->allowed = &allowed;
	return check_identity(error);
}

/* In the words of the family that can. */
static const char *both_help(void)
{
	for (const struct family *const *each = families; *each; each++)
		if ((*each)->both)
			return (*each)->both;
	return "no family here takes another one's peers";
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
		.spin = SERVER_SPIN,
		.drain = 10 * NSEC_PER_SEC,
	};
	/* what is typed, what it means, what is done with it */
	/* clang-format off */
	const struct option_spec specs[] = {
		OPTIONS_ENDPOINT(&options.flags),
		{ .name = "reply", .argument = "FORM",
		  .help = "echo (default), upper or json: how a message is answered",
		  .take = take_text, .target = &options.reply },
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
		{ .name = "drain", .argument = "SECONDS",
		  .help = "deadline of the orderly end (default 10)",
		  .take = take_seconds, .target = &options.drain, .least = 0, .most = INT32_MAX },
		OPTIONS_SECRET(&options.secret),
		{ .name = "proxy-protocol",
		  .help = "connections begin with a PROXY header, v1 or v2; not for dgram",
		  .take = take_true, .target = &options.proxy },
		{ .name = "allow-uid", .argument = "LIST",
		  .help = "%s peers let in: users by number, with commas",
		  .families = family_identifies, .take = take_text, .target = &options.allow_uids },
		{ .name = "allow-gid", .argument = "LIST",
		  .help = "%s peers let in: groups by number, with commas",
		  .families = family_identifies, .take = take_text, .target = &options.allow_gids },
		{ .name = "allow-low-ports",
		  .help = "answer datagrams from source ports below 1024 too",
		  .take = take_true, .target = &options.low_ports },
		{ .name = "inetd", .help = "serve the socket that is descriptor 0",
		  .take = take_true, .target = &options.inetd },
		{ .name = "ready-fd", .argument = "N",
		  .help = "write a newline there and close it, once ready",
		  .take = take_number, .target = &options.ready_fd, .least = 0, .most = INT32_MAX },
		{ .name = "congestion", .argument = "NAME", .help = "TCP congestion control",
		  .take = take_text, .target = &options.congestion },
		{ .name = "both", .help = both_help(),
		  .take = take_true, .target = &options.both },
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
	unsigned descriptors = raise_descriptor_limit();
	struct server_options server_options = {
		.listening = { .backlog = (int)options.backlog,
			       .mode = (mode_t)options.mode,
			       .both = options.both,
			       .congestion = options.congestion },
		.answers = { .low_ports = options.low_ports },
		.max_connections =
			options.max_connections ? (unsigned)options.max_connections : descriptors,
		.workers = (unsigned)options.workers,
		.idle = options.idle,
		.spin = options.spin,
		.drain = options.drain,
		.observer = options.verbose && !options.inetd ? &logger : NULL,
	};
	int result = check(&options, &server_options, argv + operands, &error);
	if (result == 0)
		result = read_allowed(&options, &server_options, &error);
	if (result == 0)
		result = secret_load(&options.secret, &server_options.plan.keys, &error);
	if (result == 0)
		result = serve(&options, &server_options, argv + operands, &error);
	secret_forget(&options.secret);
	return result == -1 ? command_fail(&error) : STATUS_OK;
}

const struct command command_serve = {
	.name = "serve",
	.operands = "[ENDPOINT...]",
	.summary = "echo server on any number of endpoints",
	.run = run,
};
