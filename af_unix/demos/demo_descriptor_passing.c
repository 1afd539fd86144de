#include "af_unix/demos/demos.h"

#include "af_unix/demos/scene.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the receiving process tells about the descriptor it got. */
struct report {
	int fd; /* -1: none came */
	dev_t device;
	ino_t inode;
	char word[8];
};

/* A descriptor travels beside at least one byte of data, in a control message. */
static int pass(int socket, int fd)
{
	_Alignas(struct cmsghdr) unsigned char control[CMSG_SPACE(sizeof(fd))] = { 0 };
	char byte = 'x';
	struct iovec vector = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &vector,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
	rights->cmsg_level = SOL_SOCKET;
	rights->cmsg_type = SCM_RIGHTS;
	rights->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(rights), &fd, sizeof(fd));
	return sendmsg(socket, &message, MSG_NOSIGNAL) == -1 ? -1 : 0;
}

static int take(int socket)
{
	_Alignas(struct cmsghdr) unsigned char control[CMSG_SPACE(sizeof(int))];
	char byte;
	int fd = -1;
	struct iovec vector = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = { .msg_iov = &vector,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	if (!demo_readable(socket) || recvmsg(socket, &message, 0) != 1)
		return -1;
	const struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
	if (rights && rights->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(rights), sizeof(fd));
	return fd;
}

static void be_child(int socket)
{
	struct stat file = { 0 };
	struct report report = { .fd = take(socket) };
	if (report.fd != -1 && fstat(report.fd, &file) == 0 &&
	    read(report.fd, report.word, 5) == 5) {
		report.device = file.st_dev;
		report.inode = file.st_ino;
	}
	send(socket, &report, sizeof(report), MSG_NOSIGNAL);
	_Exit(0);
}

static void compare(struct narrator *narrator, int fd, int socket)
{
	struct stat ours = { 0 };
	struct report theirs = { .fd = -1 };
	fstat(fd, &ours);
	demo_say(narrator, "The parent opens a file, \"first second\", and passes descriptor %d.",
		 fd);
	if (!demo_must(narrator, pass(socket, fd), "sendmsg with SCM_RIGHTS"))
		return;
	demo_receive(socket, &theirs, sizeof(theirs), 0);
	demo_show(narrator, "parent: descriptor %d --.", fd);
	demo_show(narrator, "                         >-- one open file, one offset");
	demo_show(narrator, "child:  descriptor %d --'", theirs.fd);
	if (!demo_claim(narrator, theirs.fd != -1, "a descriptor arrived, as number %d", theirs.fd))
		return;
	demo_claim(narrator, theirs.device == ours.st_dev && theirs.inode == ours.st_ino,
		   "it is the same file: inode %llu here, %llu there",
		   (unsigned long long)ours.st_ino, (unsigned long long)theirs.inode);
	demo_say(narrator, "The child has read five bytes from it: \"%.5s\".", theirs.word);
	off_t offset = lseek(fd, 0, SEEK_CUR);
	demo_claim(narrator, offset == 5, "and that moved the parent's offset too, from 0 to %lld",
		   (long long)offset);
	demo_say(narrator, "What was sent is not the number but the open file, as by dup(), and "
			   "with it the right to use it.");
}

void demo_descriptor_passing(struct narrator *narrator)
{
	struct demo_scene scene;
	struct sockaddr_un path;
	int ends[2], fd;
	if (!demo_scene_open(narrator, &scene))
		return;
	demo_scene_address(&scene, "file", &path);
	demo_say(narrator, "A child is forked first, so that it inherits nothing of what follows.");
	if (demo_must(narrator, socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair")) {
		pid_t child = fork();
		if (child == 0) {
			close(ends[0]);
			be_child(ends[1]);
		}
		close(ends[1]);
		fd = open(path.sun_path, O_RDWR | O_CREAT | O_EXCL, 0600);
		if (demo_must(narrator, child, "fork") && demo_must(narrator, fd, "open") &&
		    demo_must(narrator, pwrite(fd, "first second", 12, 0), "pwrite"))
			compare(narrator, fd, ends[0]);
		close(ends[0]); /* a child that still waits ends now */
		demo_close(fd);
		if (child != -1)
			demo_ended(child);
	}
}
