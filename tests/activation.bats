#!/usr/bin/env bats
# Started by something else: systemd's sockets and readiness, inetd, a shell that waits.

# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper

# A socket unit's work without systemd: makes the sockets, passes them from descriptor 3 on.
#   pass.py PROGRAM... with $SOCKETS, a list of FAMILY+TYPE:PATH or :0; prints where they are to `passed`
write_pass() {
	needs python3
	cat > pass.py << 'END'
import os, socket, sys
kinds = {"stream": socket.SOCK_STREAM, "dgram": socket.SOCK_DGRAM, "seqpacket": socket.SOCK_SEQPACKET}
passed = []
for each in os.environ["SOCKETS"].split():
    family, rest = each.split("+")
    kind, path = rest.split(":", 1)
    made = socket.socket(socket.AF_UNIX if family == "unix" else socket.AF_INET, kinds[kind])
    made.bind(path if family == "unix" else ("127.0.0.1", 0))
    if kind != "dgram":
        made.listen()
    passed.append(made)
fds = [os.dup2(made.fileno(), 20 + i) for i, made in enumerate(passed)]
for i, fd in enumerate(fds):
    os.dup2(fd, 3 + i, inheritable=True)
os.environ["LISTEN_FDS"] = str(len(fds))
os.environ["LISTEN_PID"] = os.environ.get("WRONG_PID") or str(os.getpid())
os.execv(sys.argv[1], sys.argv[1:])
END
	SERVER_PREFIX=("$PYTHON" pass.py)
}

talk_to() { # ENDPOINT
	[[ $(echo hello | timeout 20 "$SOCKFAM" talk "$1") == hello ]]
}

@test "LISTEN_FDS: every socket passed is served and printed" {
	write_pass
	export SOCKETS='unix+stream:s inet+stream:0 unix+dgram:d inet+dgram:0 unix+seqpacket:q'
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
	write_pass
	export SOCKETS='unix+stream:s'
	start_server unix:mine
	[[ ${ENDPOINTS[*]} == 'unix+stream:s unix+stream:mine' ]]
	talk_to unix:s
	talk_to unix:mine
	stop_server
	[[ -S s && ! -e mine && ! -e mine.lock ]]
}

@test "LISTEN_FDS for another process is not ours" {
	write_pass
	export SOCKETS='unix+stream:s' WRONG_PID=1
	start_server unix:mine
	[[ ${ENDPOINTS[*]} == unix+stream:mine ]]
	stop_server
}

@test "LISTEN_FDS that is no number is nothing" {
	local bad
	for bad in '' x -1 0 1x 99999999999999999999; do
		LISTEN_PID=$BASHPID LISTEN_FDS=$bad start_server unix:mine
		[[ ${ENDPOINTS[*]} == unix+stream:mine ]]
		stop_server
	done
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
	needs python3
	cat > notified.py << 'END'
import socket, sys
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind("\0" + sys.argv[1][1:] if sys.argv[1].startswith("@") else sys.argv[1])
manager.settimeout(10)
print("waits", flush=True)
message = manager.recv(1000).decode()
client = socket.socket(socket.AF_UNIX)
client.settimeout(10)
client.connect("s")
client.sendall(b"hello")
assert client.recv(100) == b"hello"
print(message, flush=True)
END
	local address receiver
	public_folder
	for address in "$PLACE/notify" "@sockfam-test-notify-$$"; do
		"$PYTHON" notified.py "$address" > notified.out 3>&- &
		receiver=$!
		track "$receiver"
		wait_until 10 grep -q waits notified.out
		NOTIFY_SOCKET=$address start_server unix:s
		finish "$receiver"
		((STATUS == 0))
		grep -qx READY=1 notified.out
		stop_server
		rm notified.out
	done
}

@test "NOTIFY_SOCKET that is not there is an error, and nothing is left" {
	NOTIFY_SOCKET=/nowhere/notify run -71 "$SOCKFAM" serve unix:s
	[[ $output == *'sockfam: NOTIFY_SOCKET /nowhere/notify: '* ]]
	[[ ! -e s && ! -e s.lock ]]
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
	run -71 "$SOCKFAM" serve --ready-fd 77 unix:s
	[[ $output == *'sockfam: --ready-fd 77: '* ]]
	[[ ! -e s && ! -e s.lock ]]
}

# What inetd does, with its own socket on 0, 1 and 2: the program's status, and what came over the wire.
write_inetd() {
	needs python3
	cat > inetd.py << 'END'
import os, socket, sys
# inetd.py KIND PROGRAM...: `wire` is what came, the status the program's
kinds = {"stream": socket.SOCK_STREAM, "seqpacket": socket.SOCK_SEQPACKET}
here, there = socket.socketpair(socket.AF_UNIX, kinds[sys.argv[1]])
here.settimeout(10)
pid = os.fork()
if pid == 0:
    here.close()
    for fd in (0, 1, 2):
        os.dup2(there.fileno(), fd)
    os.execv(sys.argv[2], sys.argv[2:])
there.close()
with open("wire", "wb") as wire:
    for message in (b"hello\n", b"there\n"):
        here.send(message)
        wire.write(here.recv(100))
    here.shutdown(socket.SHUT_WR)
    while True:
        piece = here.recv(100)
        if not piece:
            break
        wire.write(piece)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
}

@test "--inetd: a connection; nothing but the echo on the wire, status 0 at its end" {
	local kind
	write_inetd
	for kind in stream seqpacket; do
		timeout 20 "$PYTHON" inetd.py "$kind" "$SOCKFAM" serve --inetd -v
		[[ $(< wire) == $'hello\nthere' ]]
	done
}

@test "--inetd: not even an error goes over the wire" {
	write_inetd
	local status=0
	cat > inetd-error.py << 'END'
import os, socket, sys
here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
here.settimeout(10)
pid = os.fork()
if pid == 0:
    here.close()
    for fd in (0, 1, 2):
        os.dup2(there.fileno(), fd)
    there.close()
    os.environ["NOTIFY_SOCKET"] = "/nowhere/notify"
    os.execv(sys.argv[1], sys.argv[1:])
there.close()
open("wire", "wb").write(here.recv(1000))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
	timeout 20 "$PYTHON" inetd-error.py "$SOCKFAM" serve --inetd || status=$?
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
	needs python3
	cat > zero.py << 'END'
import os, socket, sys
kinds = {"stream": socket.SOCK_STREAM, "dgram": socket.SOCK_DGRAM, "seqpacket": socket.SOCK_SEQPACKET}
made = socket.socket(socket.AF_UNIX, kinds[sys.argv[1]])
made.bind("zero-" + sys.argv[1])
if sys.argv[1] != "dgram":
    made.listen()
os.dup2(made.fileno(), 0)
os.execv(sys.argv[2], sys.argv[2:])
END
	for kind in stream dgram seqpacket; do
		path=zero-$kind
		"$PYTHON" zero.py "$kind" "$SOCKFAM" serve --inetd > out 2> err 3>&- &
		PID=$!
		track "$PID"
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
