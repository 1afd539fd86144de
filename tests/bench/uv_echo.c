/* An echo server in a few lines of libuv: uv_echo KIND WHERE. */
#define _GNU_SOURCE /* libuv's header needs more than C11 */
#include "place.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

static char buffer[64 << 10];

static void give(uv_handle_t *handle, size_t wanted, uv_buf_t *space)
{
	(void)handle, (void)wanted;
	*space = uv_buf_init(buffer, sizeof(buffer));
}

static void closed(uv_handle_t *handle)
{
	free(handle);
}

static void written(uv_write_t *request, int status)
{
	(void)status;
	free(request->data);
	free(request);
}

static void received(uv_stream_t *stream, ssize_t got, const uv_buf_t *space)
{
	if (got < 0) {
		uv_close((uv_handle_t *)stream, closed);
		return;
	}
	uv_buf_t rest = uv_buf_init(space->base, (unsigned)got);
	int sent = uv_try_write(stream, &rest, 1);
	if (sent == got)
		return;
	rest.len -= sent > 0 ? (size_t)sent : 0;
	uv_write_t *request = malloc(sizeof(*request));
	request->data = memcpy(malloc(rest.len), space->base + (sent > 0 ? sent : 0), rest.len);
	rest.base = request->data;
	uv_write(request, stream, &rest, 1, written);
}

static void connected(uv_stream_t *listener, int status)
{
	union uv_any_handle *handle = calloc(1, sizeof(*handle));
	if (status < 0 || !handle)
		fail("uv_listen");
	if (listener->type == UV_TCP)
		uv_tcp_init(listener->loop, &handle->tcp);
	else
		uv_pipe_init(listener->loop, &handle->pipe, 0);
	uv_accept(listener, &handle->stream);
	uv_read_start(&handle->stream, give, received);
}

static void datagram(uv_udp_t *udp, ssize_t got, const uv_buf_t *space, const struct sockaddr *peer,
		     unsigned flags)
{
	(void)flags;
	uv_buf_t reply = uv_buf_init(space->base, (unsigned)got);
	if (got >= 0 && peer)
		uv_udp_try_send(udp, &reply, 1, peer);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 64;
	struct place place = place_read(argv[1], argv[2]);
	int fd = place_listen(&place);
	union uv_any_handle handle;
	uv_loop_t *loop = uv_default_loop();
	if (place.type == SOCK_DGRAM) {
		uv_udp_init(loop, &handle.udp);
		uv_udp_open(&handle.udp, fd);
		uv_udp_recv_start(&handle.udp, give, datagram);
	} else {
		if (place.address.ss_family == AF_UNIX) {
			uv_pipe_init(loop, &handle.pipe, 0);
			uv_pipe_open(&handle.pipe, fd);
		} else {
			uv_tcp_init(loop, &handle.tcp);
			uv_tcp_open(&handle.tcp, fd);
		}
		uv_listen(&handle.stream, SOMAXCONN, connected);
	}
	return uv_run(loop, UV_RUN_DEFAULT);
}
