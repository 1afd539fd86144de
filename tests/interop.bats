#!/usr/bin/env bats
# With programs of other makes at either end. Where a case is bounded, it is by them: socat moves 8192
# bytes at a time and cuts what is longer, datagram clients end by a time-out of their own.

# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper

talk() {
	timeout 20 "$SOCKFAM" talk "$ENDPOINT" "$@"
}

# Serves on every lane and puts the endpoints' addresses into STREAM, DGRAM, ...
serve_all() {
	start_server unix:s unix+dgram:d unix+seqpacket:q "unix:@interop-$$" inet:127.0.0.1:0 \
		inet+dgram:127.0.0.1:0 'inet6:[::1]:0' 'inet6+dgram:[::1]:0'
	TCP4=${ENDPOINTS[4]##*:} UDP4=${ENDPOINTS[5]##*:} TCP6=${ENDPOINTS[6]##*:} UDP6=${ENDPOINTS[7]##*:}
}

# The port that a program says it listens on, in its log by the pattern.
await_port() { # FILE PATTERN -> PORT
	wait_until 10 grep -q "$2" "$1"
	PORT=$(sed -n "s/.*$2.*[: ]\\([0-9][0-9]*\\)\$/\\1/p" "$1" | head -n 1)
	[[ $PORT =~ ^[0-9]+$ ]]
}

@test "socat as client: streams, 1 MB whole and in order" {
	local to
	needs socat
	serve_all
	some_bytes 1000000 > in
	for to in UNIX-CONNECT:s "ABSTRACT-CONNECT:interop-$$" "TCP4:127.0.0.1:$TCP4" "TCP6:[::1]:$TCP6"; do
		timeout 20 socat -t 10 - "$to" < in > out
		cmp in out
	done
	stop_server
}

@test "socat as client: a message of each size up to its 8192 bytes" {
	local to size
	needs socat
	serve_all
	for to in UNIX-CONNECT:q,socktype=5 "UDP4:127.0.0.1:$UDP4" "UDP6:[::1]:$UDP6" \
		UNIX-SENDTO:d,bind=c; do
		for size in 1 1000 8192; do
			letters "$size" > in
			# it ends when for a while nothing more comes
			timeout 20 socat -t 0.1 - "$to" < in > out
			cmp in out
			rm -f c
		done
	done
	stop_server
}

@test "ncat as client: streams" {
	needs ncat
	serve_all
	some_bytes 1000000 > in
	timeout 20 ncat -U s < in > out
	cmp in out
	timeout 20 ncat 127.0.0.1 "$TCP4" < in > out
	cmp in out
	timeout 20 ncat -6 ::1 "$TCP6" < in > out
	cmp in out
	stop_server
}

# COMMAND gets `in`, and the end of its input only when all of it has come back: ncat loses what is
# still on its way then.
held_open() { # COMMAND...
	local client input
	[[ -p held ]] || mkfifo held
	exec {input}<> held
	"$@" < held > out 2> held.err 3>&- {input}>&- &
	client=$!
	track "$client"
	timeout 15 cat in >&"$input"
	wait_until 15 cmp -s in out
	exec {input}>&-
	kill "$client" 2> /dev/null || true
	finish "$client"
}

@test "ncat as client: datagrams" {
	needs ncat
	serve_all
	letters 1000 > in
	held_open ncat -u 127.0.0.1 "$UDP4"
	held_open ncat -6 -u ::1 "$UDP6"
	stop_server
}

@test "nc of OpenBSD as client" {
	needs nc
	nc -h 2>&1 | grep -q OpenBSD || skip "this nc is not OpenBSD's"
	serve_all
	some_bytes 1000000 > in
	timeout 20 nc -N 127.0.0.1 "$TCP4" < in > out
	cmp in out
	timeout 20 nc -N ::1 "$TCP6" < in > out
	cmp in out
	timeout 20 nc -N -U s < in > out
	cmp in out
	letters 1000 > in
	timeout 20 nc -u -w 1 127.0.0.1 "$UDP4" < in > out
	cmp in out
	stop_server
}

@test "bash's own /dev/tcp and /dev/udp as clients" {
	local line peer
	serve_all
	exec {peer}<> "/dev/tcp/127.0.0.1/$TCP4"
	echo hello >&"$peer"
	read -r -t 10 -u "$peer" line
	[[ $line == hello ]]
	exec {peer}>&-
	exec {peer}<> "/dev/udp/127.0.0.1/$UDP4"
	echo hello >&"$peer"
	# its read takes a byte at a time, and a datagram's rest is lost by that
	line=$(timeout 10 dd bs=100 count=1 status=none <&"$peer")
	[[ $line == hello ]]
	exec {peer}>&-
	stop_server
}

@test "python as client: every lane, from its own sockets" {
	needs_python
	serve_all
	peer echo_client.py "${ENDPOINTS[@]}"
	stop_server
}

@test "talk to socat: streams" {
	needs socat
	some_bytes 1000000 > in
	socat -d -d TCP4-LISTEN:0,bind=127.0.0.1,fork EXEC:cat 2> tcp.err 3>&- &
	track $!
	socat UNIX-LISTEN:other,fork EXEC:cat 3>&- &
	track $!
	socat "ABSTRACT-LISTEN:interop-other-$$,fork" EXEC:cat 3>&- &
	track $!
	await_port tcp.err 'listening on'
	wait_until 10 test -S other
	for ENDPOINT in "inet:127.0.0.1:$PORT" unix:other "unix:@interop-other-$$"; do
		talk < in > out
		cmp in out
	done
}

@test "talk to socat: messages" {
	needs socat
	socat -d -d UDP4-RECVFROM:0,bind=127.0.0.1,fork EXEC:cat 2> udp.err 3>&- &
	track $!
	socat UNIX-LISTEN:other,socktype=5,fork EXEC:cat 3>&- &
	track $!
	wait_until 10 test -S other
	letters 8192 > in
	echo >> in
	ENDPOINT=unix+seqpacket:other
	talk -w 10 < in > out
	cmp in out
	if wait_until 1 grep -q 'AF=2 127.0.0.1:[1-9]' udp.err; then
		ENDPOINT=inet+dgram:127.0.0.1:$(sed -n 's/.*AF=2 127.0.0.1:\([0-9]*\).*/\1/p' udp.err | head -n 1)
		talk < in | cmp in -
	fi
}

# Over a path alone: ncat does not say which port it was given for 0. And no more than a pipe holds:
# with more on its way ncat waits to write to its program while that waits to write to ncat, for good.
@test "talk to ncat" {
	needs ncat
	some_bytes 50000 > in
	ncat -l -U other -e "$(command -v cat)" 3>&- 2> ncat.err &
	track $!
	wait_until 10 test -S other
	held_open "$SOCKFAM" talk unix:other
}

@test "talk to an echo in python, on every type" {
	needs_python
	start_peer echo_server.py unix+stream:es unix+dgram:ed unix+seqpacket:eq inet+stream inet+dgram \
		inet6+stream inet6+dgram > echo.out
	wait_until 10 grep -qx ready echo.out
	seq 500 > in
	letters 60000 >> in
	echo >> in
	local lanes=0
	while read -r ENDPOINT; do
		[[ $ENDPOINT != ready ]] || break
		echo "$ENDPOINT"
		talk -w 10 < in > out
		cmp in out
		lanes=$((lanes + 1))
	done < echo.out
	((lanes == 7))
}
