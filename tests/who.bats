#!/usr/bin/env bats
# serve --reply who: each message is answered by who asks.

# shellcheck disable=SC2030,SC2031,SC2034,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper

SCHEMA=$TREE/shared/install/schema/who.json

fits() { # FILE
	reader schema.py "$SCHEMA" < "$1"
}

# The figure or text of a member, in line NUMBER of a file.
member() { # NAME FILE [LINE]
	sed -n "${3:-1}p" "$2" | sed -nE "s/.*\"$1\":(\"([^\"]*)\"|[0-9]+|null)[,}].*/\1/p" | tr -d '"'
}

@test "every family and type: one object a message, which the schema describes" {
	local asked family type empty
	needs_python
	for asked in unix+stream:s unix+dgram:d unix+seqpacket:q inet+stream:127.0.0.1:0 inet+dgram:127.0.0.1:0 \
		'inet6+stream:[::1]:0' 'inet6+dgram:[::1]:0'; do
		# POSIX cannot tell an empty record from the end
		if is_posix_build && [[ $asked == *seqpacket* ]]; then empty=x; else empty=; fi
		start_server --reply who --name "it's me" "$asked"
		printf 'one\n%s\nthree' "$empty" | "$SOCKFAM" talk "$ENDPOINT" > out
		stop_server
		cat out
		[[ $(wc -l < out) == 3 ]]
		fits out
		family=${asked%%+*} type=${asked%%:*} type=${type#*+}
		[[ $(member family out) == "$family" && $(member type out) == "$type" ]]
		[[ $(member name out) == "it's me" && $(member local out) == "$ENDPOINT" ]]
		[[ $(member length out 1),$(member length out 2),$(member length out 3) == "3,${#empty},5" ]]
		[[ $(member number out 1),$(member number out 3) == 1,3 ]]
		(($(member time_ns out 3) / 1000000000 - EPOCHSECONDS <= 0))
		(($(member time_ns out 3) / 1000000000 - EPOCHSECONDS > -60))
		case $asked in
		unix*) [[ $(< out) == *'"pid":'*'"uid":'*'"gid":'* && $(< out) != *'"ttl"'* ]] ;;
		*dgram*) [[ $(< out) == *'"ttl":'*'"dscp":'*'"ecn":'* && $(< out) != *'"pid"'* ]] ;;
		*) [[ $(< out) != *'"pid"'* && $(< out) != *'"ttl"'* ]] ;;
		esac
		# messages count as long as they are, whatever the replies'
		if [[ $asked == *stream* ]]; then served bytes=10; else served messages=3 bytes=$((8 + ${#empty})); fi
		[[ $(< out) != *'"proxy"'* ]]
	done
}

@test "unix: the kernel says who it is" {
	skip_posix_build "tell who a peer is"
	start_server --reply who unix:s unix+dgram:d unix+seqpacket:q
	for ENDPOINT in "${ENDPOINTS[@]}"; do
		# the shell becomes the client: its number is the client's
		bash -c 'echo $$ > pid; exec "$@"' - "$SOCKFAM" talk "$ENDPOINT" <<< hello > out
		[[ $(member pid out),$(member uid out),$(member gid out) == $(< pid),$EUID,$(id -g) ]]
	done
	stop_server
}

@test "datagrams over IP: what their header says" {
	skip_posix_build "tell what an IP header says"
	needs_python
	start_server --reply who inet+dgram:127.0.0.1:0 'inet6+dgram:[::1]:0' 'inet+dgram:*:0' 'inet6+dgram:*:0'
	local port
	for ENDPOINT in "${ENDPOINTS[@]}"; do
		port=${ENDPOINT##*:}
		case $ENDPOINT in
		inet6*) ENDPOINT="inet6+dgram:[::1]:$port" ;;
		*) ENDPOINT="inet+dgram:127.0.0.1:$port" ;;
		esac
		peer tos_asker.py "$ENDPOINT" 33 46 1 > out
		cat out
		[[ $(member ttl out),$(member dscp out),$(member ecn out) == 33,46,1 ]]
		# of an endpoint for all addresses, the one that was asked
		[[ $(member local out) == "$ENDPOINT" ]]
		fits out
	done
	stop_server
}

@test "an IPv4 peer of a socket for both is one of IPv4" {
	needs_python
	start_server --reply who --both 'inet6+dgram:*:0'
	echo hello | "$SOCKFAM" talk "inet+dgram:127.0.0.1:${ENDPOINT##*:}" > out
	[[ $(member family out) == inet && $(member peer out) == inet+dgram:127.0.0.1:* ]]
	fits out
	stop_server
}

@test "a line may come in pieces, and lines together" {
	needs_python
	start_server --reply who unix:s
	printf 'one\ntwo\n\nfour and five' | peer pieces_client.py s 1 | sed 's/"time_ns":[0-9]*//' > out.1
	printf 'one\ntwo\n\nfour and five' | peer pieces_client.py s 0 | sed 's/"time_ns":[0-9]*//' > out.all
	cat out.1
	[[ $(wc -l < out.1) == 4 && $(member length out.1 4) == 13 ]]
	diff <(sed 's/"pid":[0-9]*//' out.1) <(sed 's/"pid":[0-9]*//' out.all)
	some_bytes 500000 | tr -d '\n' | "$SOCKFAM" talk unix:s > out
	[[ $(wc -l < out) == 1 && $(member length out) == $(some_bytes 500000 | tr -d '\n' | wc -c) ]]
	stop_server
}

@test "behind a PROXY header: whom it names, and its TLVs" {
	needs_python
	start_server --reply who --proxy-protocol unix:s
	printf 'PROXY TCP6 2001:db8::1 2001:db8::2 50000 7\r\nhello\n' | "$SOCKFAM" talk unix:s > out
	fits out
	[[ $(< out) == *'"proxy":{"source":"inet6+stream:[2001:db8::1]:50000","destination":"inet6+stream:[2001:db8::2]:7","tlvs":[]}'* ]]
	printf 'PROXY UNKNOWN\r\nhello\n' | "$SOCKFAM" talk unix:s > out
	fits out
	[[ $(< out) == *'"proxy":{"source":null,"destination":null,"tlvs":[]}'* ]]
	printf '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x15\xc0\0\x02\x01\xc0\0\x02\x02\xc3\x50\0\x07\x02\0\x06my.name\n' |
		tr -d 'X' | "$SOCKFAM" talk unix:s > out
	fits out
	[[ $(< out) == *'"source":"inet+stream:192.0.2.1:50000","destination":"inet+stream:192.0.2.2:7"'* ]]
	[[ $(< out) == *'"tlvs":[{"type":2,"length":6,"value":"6d792e6e616d"}]'* ]]
	# what follows the header is the line
	[[ $(member length out) == 1 ]]
	stop_server
}

@test "HAProxy's header is told, its TLVs too" {
	needs haproxy
	needs_python
	start_server --reply who --proxy-protocol unix:./echo
	printf '%s\n' 'defaults' ' mode tcp' ' timeout connect 2s' ' timeout client 9s' ' timeout server 9s' \
		'frontend front' ' bind unix@./front' ' default_backend back' 'backend back' \
		' server s unix@./echo send-proxy-v2 proxy-v2-options crc32c' > haproxy.cfg
	haproxy -f haproxy.cfg -db > haproxy.log 2>&1 3>&- &
	track $!
	bound() { [[ -S front ]]; }
	wait_until 10 bound
	echo hello | "$SOCKFAM" talk unix:./front > out
	cat out
	fits out
	grep -q '"tlvs":\[{"type":3,"length":4,"value":"[0-9a-f]\{8\}"}' out
	stop_server
}

@test "a proof comes first, and is no message" {
	(umask 077 && letters 32 > key)
	start_server --reply who --secret-file key unix:s unix+seqpacket:q
	for ENDPOINT in "${ENDPOINTS[@]}"; do
		echo hello | "$SOCKFAM" talk --secret-file key "$ENDPOINT" > out
		[[ $(wc -l < out) == 1 && $(member number out) == 1 && $(member length out) == 5 ]]
	done
	stop_server
}

@test "--name: any text becomes a JSON string, and what is none is refused" {
	local name
	needs_python
	for name in 'a "b" \c' $'tab\tand\nline' 'größer' "$(letters 255)"; do
		start_server --reply who --name "$name" unix:s
		echo hello | "$SOCKFAM" talk unix:s > out
		stop_server
		fits out
		[[ $(python -c 'import json; print(json.load(open("out"))["name"])') == "$name" ]]
	done
	start_server --reply who unix:s
	echo hello | "$SOCKFAM" talk unix:s > out
	stop_server
	[[ $(member name out) == "$(uname -n)" ]]
	for name in '' $'\xff' "$(letters 256)"; do
		fails_with 64 "$SOCKFAM" serve --reply who --name "$name" unix:s
	done
}

@test "wrong on purpose it can be as well" {
	start_server --reply who --misbehave 'limit 40,slice 3' unix:s
	[[ $(echo hello | "$SOCKFAM" talk unix:s 2> talk.err | wc -c) == 40 ]]
	stop_server
	start_server --reply who --misbehave 'loss 100%' unix+dgram:d
	echo hello > in
	INPUT=in fails_with 124 "$SOCKFAM" talk -w 0.1 unix+dgram:d
	stop_server
	served messages=1 bytes=5
}
