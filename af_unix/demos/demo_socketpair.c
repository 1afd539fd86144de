#include "af_unix/demos/demos.h"

#include "demos/sockets.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* recv(2) of a text, which ends with a NUL; -1 if nothing comes. */
static ssize_t receive(int fd, char *text, size_t size)
{
	text[0] = '\0';
	ssize_t got = demo_receive(fd, text, size - 1, 0);
	text[got > 0 ? got : 0] = '\0';
	return got;
}

/* The child's half: it speaks before it listens, and says whether it saw an end. */
static void be_child(int fd)
{
	char text[32];
	bool heard, ended;
	send(fd, "from the child", 14, MSG_NOSIGNAL);
	heard = receive(fd, text, sizeof(text)) == 15 && strcmp(text, "from the parent") == 0;
	ended = receive(fd, text, sizeof(text)) == 0;
	const char *report = ended ? "saw the end" : "saw no end";
	send(fd, report, strlen(report), MSG_NOSIGNAL);
	close(fd);
	_Exit(heard ? 0 : 1);
}

static void converse(struct narrator *narrator, int fd, pid_t child)
{
	char text[32];
	int status = -1;
	send(fd, "from the parent", 15, MSG_NOSIGNAL);
	demo_say(narrator, "fork() gives each process one end. Both send before they receive:");
	demo_show(narrator, "parent [%d] --- \"from the parent\" --->  child", fd);
	demo_show(narrator, "parent [%d] <--- \"from the child\" ----  child", fd);
	receive(fd, text, sizeof(text));
	demo_claim(narrator, strcmp(text, "from the child") == 0,
		   "what the child sent arrives: recv() gives \"%s\"", text);
	demo_say(narrator,
		 "The parent has nothing more to say: shutdown(SHUT_WR) ends its direction only.");
	demo_must(narrator, shutdown(fd, SHUT_WR), "shutdown");
	receive(fd, text, sizeof(text));
	demo_claim(narrator, strcmp(text, "saw the end") == 0,
		   "the child saw the end, and could still answer: \"%s\"", text);
	ssize_t got = receive(fd, text, sizeof(text));
	status = demo_ended(child);
	demo_claim(narrator, got == 0,
		   "the child has ended, and so has its direction: recv() = %zd", got);
	demo_claim(narrator, WIFEXITED(status) && WEXITSTATUS(status) == 0,
		   "the two directions did not mix: the child heard %s",
		   WIFEXITED(status) && WEXITSTATUS(status) == 0 ? "\"from the parent\""
								 : "something else");
}

void demo_socketpair(struct narrator *narrator)
{
	int ends[2];
	demo_say(narrator,
		 "socketpair() makes two sockets, connected to each other and without a name.");
	if (!demo_must(narrator, socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair"))
		return;
	pid_t child = fork();
	if (child == 0) {
		close(ends[0]);
		be_child(ends[1]);
	}
	close(ends[1]); /* else the end would never come: we would hold it open ourselves */
	if (demo_must(narrator, child, "fork"))
		converse(narrator, ends[0], child);
	close(ends[0]);
}
