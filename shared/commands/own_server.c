#include "commands/own_server.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child says to its parent before it serves. Both are one program: pointers hold. */
struct report {
	int count; /* -1: see the error */
	struct error error;
	struct lane lanes[LANES_MOST];
};

static void tell(int fd, const struct report *report)
{
	const char *bytes = (const char *)report;
	for (size_t sent = 0; sent < sizeof(*report);) {
		ssize_t count = write(fd, bytes + sent, sizeof(*report) - sent);
		if (count == -1 && errno != EINTR)
			_exit(STATUS_SYSTEM);
		sent += count > 0 ? (size_t)count : 0;
	}
	close(fd);
}

/* The child: serves until the parent closes its end of STOP. */
static int be_server(int stop, int report_fd, const char *congestion)
{
	static struct report report;
	const struct server_options options = {
		.listening = { .backlog = SOMAXCONN, .mode = 0600, .congestion = congestion },
		.answers = { .low_ports = false },
		.plan = { .form = reply_form_echo },
		.max_connections = INT32_MAX,
		.workers = 1,
		.spin = SERVER_SPIN,
		.drain = NSEC_PER_SEC,
	};
	char folder[LANES_FOLDER] = "";
	struct server_totals totals;
	struct server *server = NULL;
	int never[2];
	report.count = -1;
	if (pipe(never) == -1)
		error_system(&report.error, STATUS_SYSTEM, errno, "pipe");
	else if (lanes_make_folder(folder, &report.error) == 0)
		server = server_new(&options, &report.error);
	if (server)
		report.count = lanes_listen(server, folder, report.lanes, &report.error);
	if (report.count > 0 && server_prepare(server, stop, never[0], &report.error) == -1)
		report.count = -1;
	tell(report_fd, &report);
	int result = report.count;
	if (result > 0)
		server_run(server, &totals);
	if (server)
		server_free(server);
	if (*folder)
		rmdir(folder);
	return result == -1 ? STATUS_SYSTEM : STATUS_OK;
}

static int hear(int fd, struct own_server *own, struct error *error)
{
	static struct report report;
	size_t got = 0;
	while (got < sizeof(report)) {
		ssize_t count = read(fd, (char *)&report + got, sizeof(report) - got);
		if (count == -1 && errno == EINTR)
			continue;
		if (count <= 0)
			return error_set(error, STATUS_SYSTEM, "bench: the server did not start");
		got += (size_t)count;
	}
	if (report.count == -1) {
		*error = report.error;
		return -1;
	}
	own->count = report.count;
	memcpy(own->lanes, report.lanes, sizeof(own->lanes));
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
	close(own->stop);
	while (waitpid(own->pid, &status, 0) == -1)
		if (errno != EINTR)
			return error_system(error, STATUS_SYSTEM, errno, "waitpid");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return error_set(error, STATUS_SYSTEM, "bench: the server ended with wait status %d",
			 status);
}
