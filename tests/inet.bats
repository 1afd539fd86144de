#!/usr/bin/env bats
# What IPv4 alone has: addresses of one's own to choose from, ports, urgent bytes, echo loops.

# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper

talk() {
	timeout 20 "$SOCKFAM" talk "$ENDPOINT" "$@"
}

@test "a wildcard datagram listener answers from the address that it was asked at" {
	needs_python
	skip_posix_build "answer a wildcard dgram from the address asked"
	start_server inet+dgram:*:0
	[[ $ENDPOINT =~ ^inet\+dgram:0\.0\.0\.0:[0-9]+$ ]]
	peer datagram_asker.py "inet+dgram:127.0.0.1:${ENDPOINT##*:}" "inet+dgram:127.0.0.2:${ENDPOINT##*:}" \
		"inet+dgram:127.1.2.3:${ENDPOINT##*:}"
	# and so a connected client hears it
	[[ $(echo hello | timeout 20 "$SOCKFAM" talk "inet+dgram:127.0.0.2:${ENDPOINT##*:}") == hello ]]
	stop_server
}

@test "a wildcard stream listener is reached by every address" {
	start_server 'inet:*:0'
	[[ $ENDPOINT == inet+stream:0.0.0.0:* ]]
	local address
	for address in 127.0.0.1 127.0.0.2; do
		[[ $(echo hello | "$SOCKFAM" talk "inet:$address:${ENDPOINT##*:}") == hello ]]
	done
	stop_server
}

@test "an address without prefix or flag that is neither unix nor inet6 is inet" {
	start_server 127.0.0.1:0
	[[ $ENDPOINT == inet+stream:127.0.0.1:* ]]
	[[ $(echo hello | "$SOCKFAM" talk "${ENDPOINT#*:}") == hello ]]
	stop_server
}

@test "no host is loopback" {
	start_server inet::0
	[[ $ENDPOINT == inet+stream:127.0.0.1:* ]]
	[[ $(echo hello | "$SOCKFAM" talk "inet::${ENDPOINT##*:}") == hello ]]
	[[ $(echo hello | "$SOCKFAM" talk -4 ":${ENDPOINT##*:}") == hello ]]
	stop_server
}

@test "several listeners are printed in the order given" {
	start_server inet:127.0.0.3:0 unix:s inet+dgram:127.0.0.2:0 inet:127.0.0.1:0
	[[ ${ENDPOINTS[0]} == inet+stream:127.0.0.3:* && ${ENDPOINTS[1]} == unix+stream:s &&
		${ENDPOINTS[2]} == inet+dgram:127.0.0.2:* && ${ENDPOINTS[3]} == inet+stream:127.0.0.1:* ]]
	for ENDPOINT in "${ENDPOINTS[@]}"; do
		[[ $(echo hello | talk) == hello ]]
	done
	stop_server
}

@test "a port that is taken is not shared" {
	local type
	for type in stream dgram; do
		start_server "inet+$type:127.0.0.1:0"
		fails_with 73 "$SOCKFAM" serve "$ENDPOINT"
		[[ $(< fails.err) == *"$ENDPOINT"* ]]
		[[ $(echo hello | talk) == hello ]]
		stop_server
	done
}

@test "a port can be had again at once, though connections of before are in TIME_WAIT" {
	local endpoint input client
	start_server inet:127.0.0.1:0
	mkfifo input
	exec {input}<> input
	for _ in 1 2 3; do
		endpoint=$ENDPOINT
		# the server ends while a client is connected: it closes first, and its side waits
		"$SOCKFAM" talk "$ENDPOINT" < input > out 2> err 3>&- &
		client=$!
		track "$client"
		echo hello >&"$input"
		wait_until 10 grep -q hello out
		stop_server
		finish "$client"
		((STATUS == 76))
		start_server "$endpoint"
		[[ $ENDPOINT == "$endpoint" ]]
	done
	stop_server
}

@test "datagrams from ports below 1024 are dropped, unless they are allowed" {
	needs_python
	needs_network
	# the port is fixed, but nobody else is in this network
	local clients=("${PYTHON[@]}" "$PEERS/low_port_client.py" 4000 7 19 1023 1024)
	alone bash "$PEERS/while_serving.bash" "$SOCKFAM" '-v inet+dgram:127.0.0.1:4000' -- \
		"${clients[@]}" > dropped 2> serve.err 3>&-
	[[ $(tr '\n' ' ' < dropped) == 'nothing nothing nothing hello ' ]]
	[[ $(grep -c '^drop inet+dgram:127.0.0.1:' serve.err) == 3 ]]
	alone bash "$PEERS/while_serving.bash" "$SOCKFAM" '-v --allow-low-ports inet+dgram:127.0.0.1:4000' -- \
		"${clients[@]}" > allowed 2> serve.err 3>&-
	[[ $(tr '\n' ' ' < allowed) == 'hello hello hello hello ' ]]
}

@test "two echo servers that one forged datagram sets on each other fall silent" {
	needs_python
	needs_network
	skip_posix_build "answer with one hop less"
	# root in its own network may write the sender's address itself
	alone bash "$PEERS/while_serving.bash" "$SOCKFAM" inet+dgram:127.0.0.1:4001 inet+dgram:127.0.0.1:4002 -- \
		"${PYTHON[@]}" "$PEERS/forger.py" inet 4001 4002 > echoes 2> err 3>&-
	cat echoes err
	# it did go back and forth, and no longer than a datagram's hops
	(($(< echoes) > 10 && $(< echoes) < 300))
}

@test "--congestion is set on the listener and taken by its connections" {
	skip_posix_build "name TCP's congestion control"
	local name other
	read -r name < /proc/sys/net/ipv4/tcp_congestion_control
	for other in reno cubic; do
		grep -qw "$other" /proc/sys/net/ipv4/tcp_allowed_congestion_control && name=$other && break
	done
	start_server --congestion "$name" inet:127.0.0.1:0
	[[ $(echo hello | talk --congestion "$name") == hello ]]
	if command -v ss > /dev/null; then
		ss -tlin "sport = :${ENDPOINT##*:}" | grep -qw "$name"
	fi
	stop_server
	fails_with 64 "$SOCKFAM" serve --congestion no-such inet:127.0.0.1:0
}

@test "what is no HOST:PORT is a usage error" {
	local bad
	for bad in 127.0.0.1: 127.0.0.1:65536 127.0.0.1:99999999999 127.0.0.1:-1 127.0.0.1:1x '127.0.0.1 :1' \
		127.0.0.1:1:2 '[127.0.0.1]:1' 'a@b:1' "$(letters 300 h):1"; do
		fails_with 64 "$SOCKFAM" talk "inet:$bad"
		[[ $(< fails.err) == *"$bad"* ]]
	done
}

@test "an address that is not ours cannot be listened on" {
	# TEST-NET-3 of RFC 5737 is nobody's
	fails_with 73 "$SOCKFAM" serve inet:203.0.113.7:0
	[[ $(< fails.err) == *'inet+stream:203.0.113.7:0'* ]]
}
