#include "commands/tour.h"

#include "base/clock.h"
#include "base/statistics.h"
#include "base/folder.h"
#include "base/window.h"
#include "commands/lanes.h"
#include "commands/standard.h"
#include "commands/wrap.h"
#include "server/background.h"
#include "net/client.h"
#include "net/record.h"
#include "net/sock.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROUNDS 100
#define PATIENCE (5 * NSEC_PER_SEC)

/*
 * The widths of the table's columns, in characters; 0 is one that is left out. In a narrow window
 * TYPE goes first, for the endpoint names it, then MESSAGE, for its reply shows it; after that the
 * endpoints lose their middle.
 */
struct columns {
	int window, endpoint, type, message, reply;
};

enum { TIME = 9, LEAST_ENDPOINT = 20 };

#define MESSAGE_TEXT 32

static int receive_reply(int fd, const struct kind *kind, char *reply, size_t room, size_t expected,
			 size_t *length, struct error *error)
{
	int64_t until = clock_now() + PATIENCE;
	for (*length = 0; *length < expected;) {
		size_t count;
		if (sock_wait(fd, POLLIN, until, 0) <= 0)
			return error_set(error, STATUS_TIMED_OUT, "no reply");
		switch (record_receive(fd, kind, reply + *length, room - *length, &count)) {
		case RECORD_NONE:
			continue;
		case RECORD_MESSAGE:
			*length += count;
			if (kind->records)
				return 0;
			continue;
		default:
			return error_set(error, STATUS_PROTOCOL, "the reply broke off");
		}
	}
	return 0;
}

/* One message and its reply; how long that took. */
static int exchange(const struct client *client, const char *message, char *reply, size_t room,
		    double *taken, struct error *error)
{
	size_t length = strlen(message), got;
	int64_t start = clock_now();
	if (send(client->fd, message, length, MSG_NOSIGNAL) != (ssize_t)length)
		return error_system(error, STATUS_SYSTEM, errno, "send");
	if (receive_reply(client->fd, client->endpoint.kind, reply, room - 1, length, &got,
			  error) == -1)
		return -1;
	*taken = (double)(clock_now() - start);
	reply[got] = '\0';
	return 0;
}

static void make_message(char message[MESSAGE_TEXT], const struct lane *lane)
{
	snprintf(message, MESSAGE_TEXT, "hello %s", lane->endpoint.family->name);
}

static int wider(int width, const char *text)
{
	int columns = window_text(text);
	return columns > width ? columns : width;
}

static int needed(const struct columns *columns)
{
	const int widths[] = { columns->endpoint, columns->type, columns->message, columns->reply };
	int all = TIME;
	for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++)
		all += widths[i] > 0 ? widths[i] + 1 : 0;
	return all;
}

static struct columns plan(const struct lane_list *lanes)
{
	char endpoint[ENDPOINT_TEXT], message[MESSAGE_TEXT];
	struct columns columns = { window_columns(STDOUT_FILENO), 8, 4, 7, 5 }; /* the headings */
	for (size_t i = 0; i < lanes->count; i++) {
		const struct lane *lane = &lanes->items[i];
		make_message(message, lane);
		columns.endpoint =
			wider(columns.endpoint, endpoint_format(&lane->endpoint, endpoint));
		columns.type = wider(columns.type, lane->endpoint.kind->name);
		columns.message = wider(columns.message, message);
		columns.reply = wider(columns.reply, message);
	}
	if (needed(&columns) > columns.window)
		columns.type = 0;
	if (needed(&columns) > columns.window)
		columns.message = 0;
	int left = columns.endpoint - (needed(&columns) - columns.window);
	if (left < columns.endpoint)
		columns.endpoint = left > LEAST_ENDPOINT ? left : LEAST_ENDPOINT;
	return columns;
}

static void print_cell(int width, const char *text)
{
	if (width > 0)
		printf("%-*s ", width, text);
}

/* The row without its end. */
static void print_start(const struct columns *columns, const char *endpoint, const char *type,
			const char *message)
{
	char room[ENDPOINT_TEXT];
	print_cell(columns->endpoint,
		   window_shorten(room, sizeof(room), endpoint, columns->endpoint));
	print_cell(columns->type, type);
	print_cell(columns->message, message);
}

/* Prints the lane's row. */
static int visit(const struct lane *lane, const struct columns *columns, struct error *error)
{
	char text[ENDPOINT_TEXT], message[MESSAGE_TEXT], expected[MESSAGE_TEXT], reply[64] = "";
	double taken[ROUNDS]; /* nanoseconds */
	struct client client;
	struct endpoint_list list = { 0 };
	const struct client_options options = { .timeout = PATIENCE };

	make_message(message, lane);
	snprintf(expected, sizeof(expected), "%s", message);
	reply_form_by_name("upper")->apply((unsigned char *)expected, strlen(expected));
	print_start(columns, endpoint_format(&lane->endpoint, text), lane->endpoint.kind->name,
		    message);
	if (endpoint_list_add(&list, &lane->endpoint, error) == -1)
		return -1;
	int result = client_open(&client, &list, &options, error);
	endpoint_list_free(&list);
	if (result == 0) {
		for (int i = 0; result == 0 && i < ROUNDS; i++) {
			result = exchange(&client, message, reply, sizeof(reply), &taken[i], error);
			if (result == 0 && strcmp(reply, expected) != 0)
				result = error_set(error, STATUS_BAD, "not the reply: %s", reply);
		}
		client_close(&client);
	}
	if (result == -1) {
		printf("not ok: %s\n", error->text);
		return -1;
	}
	print_cell(columns->reply, reply);
	printf("%*.1f us\n", TIME - 3, statistics_median(taken, ROUNDS) / 1000);
	return 0;
}

static struct columns print_head(const struct lane_list *lanes)
{
	char text[256];
	const struct columns columns = plan(lanes);
	snprintf(text, sizeof(text),
		 "One server listens on every family and type; a client sends each a message, %d "
		 "times. The server answers in upper case; the time is the median of sending the "
		 "message and getting its reply.",
		 ROUNDS);
	wrap_print(text, columns.window, 0, 0);
	putchar('\n');
	print_start(&columns, "ENDPOINT", "TYPE", "MESSAGE");
	print_cell(columns.reply, "REPLY");
	printf("%*s\n", TIME, "TIME");
	return columns;
}

static int visit_all(struct server *server, const struct lane_list *lanes, struct error *error)
{
	char text[sizeof(((struct error *)0)->text) + 16];
	struct server_totals totals;
	struct error why;
	struct background *background = background_start(server, error);
	if (!background)
		return -1;
	const struct columns columns = print_head(lanes);
	size_t good = 0, bad = 0;
	for (size_t i = 0; i < lanes->count; i++) {
		if (!lanes->items[i].listening) {
			snprintf(text, sizeof(text), "skipped: %s", lanes->items[i].why.text);
			wrap_print(text, columns.window, 0, 2);
		} else if (visit(&lanes->items[i], &columns, &why) == -1) {
			bad++;
		} else {
			good++;
		}
		standard_push();
	}
	background_stop(background, &totals);
	snprintf(text, sizeof(text),
		 "%zu of %zu answered; the server counted %" PRIu64 " messages and %" PRIu64
		 " bytes.",
		 good, lanes->count, totals.messages, totals.bytes);
	putchar('\n');
	wrap_print(text, columns.window, 0, 0);
	if (bad > 0 || good == 0)
		return error_set(error, STATUS_BAD, "demo: %zu of %zu did not answer as they must",
				 bad, lanes->count);
	return 0;
}

static int serve_and_visit(struct server *server, const char *folder, struct error *error)
{
	struct lane_list lanes = { 0 };
	int result = lanes_listen(server, folder, &lanes, error);
	if (result == -1)
		server_free(server);
	else
		result = visit_all(server, &lanes, error);
	lanes_free(&lanes);
	return result;
}

int tour(struct error *error)
{
	static const struct server_options template = {
		.listening = { .backlog = SOMAXCONN, .mode = 0600 },
		.max_connections = INT32_MAX,
		.workers = 1,
		.spin = SERVER_SPIN,
		.drain = NSEC_PER_SEC,
	};
	struct server_options options = template;
	char folder[FOLDER_TEXT];
	options.plan.form = reply_form_by_name("upper");
	if (folder_make(folder, error) == -1)
		return -1;
	struct server *server = server_new(&options, error);
	int result = server ? serve_and_visit(server, folder, error) : -1;
	if (rmdir(folder) == -1 && result == 0)
		result = error_system(error, STATUS_SYSTEM, errno, "demo: %s", folder);
	return result;
}
