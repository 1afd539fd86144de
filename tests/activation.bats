#!/usr/bin/env bats
# Started by something else: systemd's sockets and readiness, inetd, a shell that waits.

# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper

# The server has sockets passed to it, as by a socket unit of systemd.
pass_sockets() { # [--pid PID] LANE...
	needs_python
	SERVER_PREFIX=("${PYTHON[@]}" "$PEERS/socket_activator.py" "$@" --)
}

talk_to() { # ENDPOINT
	[[ $(echo hello | timeout 20 "$SOCKFAM" talk "$1") == hello ]]
}

@test "LISTEN_FDS: every socket passed is served and printed" {
	pass_sockets unix+stream:s inet+stream unix+dgram:d inet+dgram unix+seqpacket:q
	start_server
	((${#ENDPOINTS[@]} == 5))
	[[ ${ENDPOINTS[0]} == unix+stream:s && ${ENDPOINTS[1]} == inet+stream:127.0.0.1:* &&
		${ENDPOINTS[2]} == unix+dgram:d && ${ENDPOINTS[3]} == inet+dgram:127.0.0.1:* &&
		${ENDPOINTS[4]} == unix+seqpacket:q ]]
	for ENDPOINT in "${ENDPOINTS[@]}"; do
		talk_to "$ENDPOINT"
	done
	stop_server
	# the paths are not ours to remove
	[[ -S s && -S d && -S q ]]
}

@test "LISTEN_FDS: operands are added" {
	pass_sockets unix+stream:s
	start_server unix:mine
	[[ ${ENDPOINTS[*]} == 'unix+stream:s unix+stream:mine' ]]
	talk_to unix:s
	talk_to unix:mine
	stop_server
	[[ -S s && ! -e mine && ! -e mine.lock ]]
}

@test "LISTEN_FDS for another process is not ours" {
	pass_sockets --pid 1 unix+stream:s
	start_server unix:mine
	[[ ${ENDPOINTS[*]} == unix+stream:mine ]]
	stop_server
}

# serve, with the variables of activation set for its own process.
refuses_passed() { # STATUS LISTEN_FDS ERROR [REDIRECTION]
	run -"$1" bash -c "LISTEN_PID=\$\$ LISTEN_FDS='$2' exec '$SOCKFAM' serve unix:mine ${4:-3>&-}"
	[[ $output == "sockfam: "*"$3"* && ${#lines[@]} == 1 ]]
	[[ ! -e mine && ! -e mine.lock ]]
}

@test "LISTEN_FDS that makes no sense is an error that names it, and nothing is served" {
	local bad
	for bad in '' x -1 0 1x 99999999999999999999; do
		refuses_passed 64 "$bad" "LISTEN_FDS=$bad: "
	done
	run -64 bash -c "LISTEN_PID=me LISTEN_FDS=1 exec '$SOCKFAM' serve unix:mine"
	[[ $output == 'sockfam: LISTEN_PID=me: '* ]]
}

@test "a descriptor passed that is no socket, or not one to serve, is an error that names it" {
	refuses_passed 64 1 'descriptor 3, of LISTEN_FDS=1: Bad file descriptor'
	refuses_passed 64 1 'descriptor 3: ' '3< /dev/null'
	needs_python
	run -73 "${PYTHON[@]}" -c '
import os, socket, sys
s = socket.socket(); s.bind(("127.0.0.1", 0)); os.dup2(s.fileno(), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid())); os.execv(sys.argv[1], sys.argv[1:])' "$SOCKFAM" serve
	[[ $output == 'sockfam: descriptor 3: '*'neither listens nor is connected' ]]
}

@test "systemd-socket-activate starts it" {
	needs systemd-socket-activate
	systemd-socket-activate -l "$PWD/s" "$SOCKFAM" serve > out 2> err 3>&- &
	PID=$!
	track "$PID"
	wait_until 10 test -S s
	talk_to unix:s
	grep -q "^listening unix+stream:$PWD/s$" out
	talk_to unix:s
	stop_server
	[[ $(tail -n 1 err) == 'served connections=2 '* ]]
}

@test "NOTIFY_SOCKET is told, once the clients can come" {
	needs_python
	local address
	public_folder
	for address in "$PLACE/notify" "@sockfam-test-notify-$$"; do
		start_peer notify_manager.py "$address" unix+stream:s > notified.out
		wait_until 10 grep -qx ready notified.out
		NOTIFY_SOCKET=$address start_server unix:s
		wait_until 10 grep -qx READY=1 notified.out
		grep -q '^STATUS=.' notified.out
		! grep -q STOPPING notified.out
		stop_server
		finish "$PEER"
		((STATUS == 0))
		grep -qx STOPPING=1 notified.out
		rm notified.out
	done
}

@test "NOTIFY_SOCKET that cannot be used is one warning, and no reason not to serve" {
	local bad
	: > file
	for bad in /nowhere/notify relative "/$(letters 200)" vsock:2:1234 7 "$PWD/file"; do
		NOTIFY_SOCKET=$bad start_server unix:s
		talk_to unix:s
		stop_server
		[[ $(grep -c NOTIFY_SOCKET "$LOG") == 1 ]]
		grep -q '^sockfam: NOTIFY_SOCKET .*: it serves all the same$' "$LOG"
	done
}

@test "--ready-fd: a newline, then the end" {
	mkfifo ready.fifo
	cat ready.fifo > ready.out 3>&- &
	local reader=$!
	track "$reader"
	SERVER_PREFIX=(bash -c 'exec "$@" 9> ready.fifo' -)
	start_server --ready-fd 9 unix:s
	# cat ends only when the server has closed its end
	finish "$reader"
	[[ $(od -An -c ready.out) =~ ^\ *'\n'$ ]]
	[[ $(echo hello | "$SOCKFAM" talk unix:s) == hello ]]
	stop_server
}

@test "--ready-fd that is not open is an error, and nothing is left" {
	run -64 "$SOCKFAM" serve --ready-fd 77 unix:s
	[[ $output == *'sockfam: --ready-fd 77: '* ]]
	[[ ! -e s && ! -e s.lock ]]
}

# A connection of inetd's, and what came over it in `wire`.
inetd() { # TYPE [MESSAGE...] -- PROGRAM...
	timeout 20 "${PYTHON[@]}" "$PEERS/inetd.py" nowait "$@" > wire
}

@test "--inetd: a connection; nothing but the echo on the wire, status 0 at its end" {
	local kind
	needs_python
	for kind in stream seqpacket; do
		inetd "$kind" hello there -- "$SOCKFAM" serve --inetd -v
		[[ $(< wire) == $'hello\nthere' ]]
	done
}

@test "--inetd: not even an error goes over the wire" {
	local status=0
	needs_python
	# too few descriptors for the loop
	inetd stream -- "$BASH" -c 'ulimit -n 8; exec "$0" serve --inetd' "$SOCKFAM" || status=$?
	((status == 71))
	[[ ! -s wire ]]
}

@test "--inetd: a connection that socat accepted" {
	needs socat
	socat -d -d TCP-LISTEN:0,bind=127.0.0.1 EXEC:"$SOCKFAM serve --inetd",nofork 2> socat.err 3>&- &
	local socat=$! port
	track "$socat"
	wait_until 10 grep -q 'listening on' socat.err
	port=$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' socat.err)
	some_bytes 200000 > in
	timeout 20 "$SOCKFAM" talk "inet:127.0.0.1:$port" < in | cmp - in
	# nofork: the program took socat's place
	finish "$socat"
	((STATUS == 0))
}

@test "--inetd: a listening socket, stream or dgram, as descriptor 0" {
	local kind path
	needs_python
	for kind in stream dgram seqpacket; do
		path=zero-$kind
		start_peer inetd.py wait "unix+$kind:$path" -- "$SOCKFAM" serve --inetd > out 2> err
		PID=$PEER
		wait_until 10 test -S "$path"
		# bound, but a datagram may come before the server does: it waits for it
		wait_until 10 talk_to "unix+$kind:$path" 2> tries
		talk_to "unix+$kind:$path"
		stop_server
		[[ ! -s out && ! -s err && -S $path ]]
	done
}

@test "--inetd: descriptor 0 that is no socket" {
	touch file
	INPUT='file' fails_with 64 "$SOCKFAM" serve --inetd
}
