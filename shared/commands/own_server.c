#include "commands/own_server.h"

#include "base/clock.h"
#include "base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * What the child says to its parent before it serves; so many lanes follow. Both are
 * one program: pointers hold.
 */
struct report {
	bool listening;
	struct error error; /* why not */
	size_t count;
};

static int write_all(int fd, const void *bytes, size_t length)
{
	for (size_t sent = 0; sent < length;) {
		ssize_t count = write(fd, (const char *)bytes + sent, length - sent);
		if (count == -1 && errno != EINTR)
			return -1;
		sent += count > 0 ? (size_t)count : 0;
	}
	return 0;
}

static int read_all(int fd, void *bytes, size_t length)
{
	for (size_t got = 0; got < length;) {
		ssize_t count = read(fd, (char *)bytes + got, length - got);
		if (count == 0 || (count == -1 && errno != EINTR))
			return -1;
		got += count > 0 ? (size_t)count : 0;
	}
	return 0;
}

static void tell(int fd, const struct report *report, const struct lane *lanes)
{
	if (write_all(fd, report, sizeof(*report)) == -1 ||
	    write_all(fd, lanes, report->count * sizeof(*lanes)) == -1)
		_exit(STATUS_SYSTEM);
	close(fd);
}

/* The child: serves until the parent closes its end of STOP. */
static int be_server(int stop, int report_fd, const char *congestion)
{
	struct report report = { 0 };
	struct lane_list lanes = { 0 };
	const struct server_options options = {
		.listening = { .backlog = SOMAXCONN, .mode = 0600, .congestion = congestion },
		.answers = { .low_ports = false },
		.plan = { .form = reply_form_echo },
		.max_connections = INT32_MAX,
		.workers = 1,
		.spin = SERVER_SPIN,
		.drain = NSEC_PER_SEC,
	};
	char folder[FOLDER_TEXT] = "";
	struct server_totals totals;
	struct server *server = NULL;
	int never[2];
	if (pipe(never) == -1)
		error_system(&report.error, STATUS_SYSTEM, errno, "pipe");
	else if (folder_make(folder, &report.error) == 0)
		server = server_new(&options, &report.error);
	const struct signals signals = { .stop = stop, .end = -1, .hurry = never[0] };
	if (server)
		report.listening = lanes_listen(server, folder, &lanes, &report.error) == 0 &&
				   server_prepare(server, &signals, &report.error) == 0;
	report.count = report.listening ? lanes.count : 0;
	tell(report_fd, &report, lanes.items);
	lanes_free(&lanes);
	if (report.listening)
		server_run(server, &totals);
	int result = report.listening ? 0 : -1;
	if (server)
		server_free(server);
	if (*folder)
		rmdir(folder);
	return result == -1 ? STATUS_SYSTEM : STATUS_OK;
}

static int hear(int fd, struct own_server *own, struct error *error)
{
	struct report report;
	own->lanes = (struct lane_list){ 0 };
	if (read_all(fd, &report, sizeof(report)) == -1)
		return error_set(error, STATUS_SYSTEM, "bench: the server did not start");
	if (!report.listening) {
		*error = report.error;
		return -1;
	}
	own->lanes.items = calloc(report.count, sizeof(*own->lanes.items));
	if (!own->lanes.items)
		return error_system(error, STATUS_SYSTEM, errno, "bench");
	own->lanes.count = report.count;
	if (read_all(fd, own->lanes.items, report.count * sizeof(*own->lanes.items)) == -1)
		return error_set(error, STATUS_SYSTEM, "bench: the server did not start");
	return 0;
}

int own_server_start(struct own_server *own, const char *congestion, struct error *error)
{
	int stop[2], report[2];
	if (pipe(stop) == -1 || pipe(report) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "pipe");
	own->pid = fork();
	if (own->pid == -1)
		return error_system(error, STATUS_SYSTEM, errno, "fork");
	if (own->pid == 0) {
		/* Ctrl-C at a terminal reaches both of us: the parent says when it is over */
		signal(SIGINT, SIG_IGN);
		close(stop[1]);
		close(report[0]);
		_exit(be_server(stop[0], report[1], congestion));
	}
	close(stop[0]);
	close(report[1]);
	own->stop = stop[1];
	fcntl(own->stop, F_SETFD, FD_CLOEXEC);
	int result = hear(report[0], own, error);
	close(report[0]);
	if (result == -1) {
		struct error ignored; /* why it did not start is the better reason */
		own_server_stop(own, &ignored);
	}
	return result;
}

int own_server_stop(struct own_server *own, struct error *error)
{
	int status;
	lanes_free(&own->lanes);
	close(own->stop);
	while (waitpid(own->pid, &status, 0) == -1)
		if (errno != EINTR)
			return error_system(error, STATUS_SYSTEM, errno, "waitpid");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return error_set(error, STATUS_SYSTEM, "bench: the server ended with wait status %d",
			 status);
}
