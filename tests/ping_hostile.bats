#!/usr/bin/env bats
# What ping finds wrong with a server that does not echo right (hostile_server.py).

# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper
load measure
load ping

# A server that does MODE, and COUNT pings of it, over each LANE: the line of counts.
# What is sent in turn, each message when the last one is back, arrives in turn on the slowest machine; a
# stream's two messages are never one read then. Records need no such order, and may not come back at all.
hostile_counts() { # MODE LANES COUNT STATUS NUMBER...
	local lane lanes=$2 count=$3 status=$4 mode=$1
	shift 4
	for lane in $lanes; do
		rm -f s d q
		# shellcheck disable=SC2086 # the mode has its numbers
		start_hostile "$lane" $mode
		local interval=0.005
		[[ $lane != *+stream* ]] || interval=0
		ping_status "$status" -c "$count" -i "$interval" -W 0.2 "$ENDPOINT"
		counts "$@" || { echo "$lane $mode"; return 1; }
		stop_hostile
	done
}

RECORDS='inet+dgram inet6+dgram unix+dgram:d unix+seqpacket:q'
STREAMS='inet+stream inet6+stream unix+stream:s'

@test "the fixture echoes where it is told to" {
	needs_python
	hostile_counts echo "$RECORDS $STREAMS" 5 0 5 5 0 0 0 0
}

@test "a byte that is another" {
	needs_python
	hostile_counts 'flip 20 3' "$RECORDS" 9 1 9 9 0 0 0 3
	[[ $(< err) == 'sockfam: '*' wrong at offset 20: 0x'*', not 0x'* && $(wc -l < err) == 1 ]]
	[[ $(grep -c 'seq=[369] .*DAMAGED$' out) == 3 && $(grep -c DAMAGED out) == 3 ]]
	# 64 * 4 + 33: within the fifth message
	hostile_counts 'flip 289 1' "$STREAMS" 9 1 9 9 0 0 0 1
	[[ $(< err) == 'sockfam: '*' wrong at offset 33: 0x'*', not 0x'* ]]
	grep -q 'seq=5 .*DAMAGED$' out
}

@test "a number that is another, so that the reply looks like one that was here before" {
	needs_python
	hostile_counts 'flip 7 2' "$RECORDS" 8 1 8 8 0 0 0 4
}

@test "messages cut or too long" {
	needs_python
	hostile_counts 'truncate 3' "$RECORDS" 9 1 9 9 0 0 0 3
	grep -q 'not its length of 64 bytes' err
	hostile_counts 'extra 3' "$RECORDS" 9 1 9 9 0 0 0 3
	grep -q 'not its length of 64 bytes' err
}

@test "a byte too many in a stream" {
	needs_python
	hostile_counts 'extra 3' "$STREAMS" 9 1 3 3 0 0 0 1
	[[ $(< err) == *'bytes came back that were not sent'* ]]
}

@test "duplicates" {
	needs_python
	hostile_counts 'duplicate 3' "$RECORDS" 10 0 10 10 0 3 0 0
	[[ $(grep -c 'seq=[369] .*DUPLICATE$' out) == 3 && $(grep -c DUPLICATE out) == 3 ]]
	[[ ! -s err ]]
}

@test "bytes that nobody sent, beside the right reply" {
	needs_python
	hostile_counts 'forge 4' "$RECORDS" 5 1 5 5 0 1 0 1
}

@test "each message is counted once, whatever becomes of its copies" {
	needs_python
	hostile_counts 'plan 419263859471' "$RECORDS" 12 1 12 10 2 7 0 5
	hostile_counts 'plan 942193943921' 'inet+dgram unix+dgram:d unix+seqpacket:q' 12 1 12 8 4 4 0 4
}

@test "out of order" {
	needs_python
	hostile_counts reorder "$RECORDS" 10 0 10 10 0 0 5 0
}

@test "lost" {
	needs_python
	hostile_counts 'drop 10' "$RECORDS" 20 0 20 18 2 0 0 0
	lacks 'seq=[12]0 '
	hostile_counts 'drop 1' 'inet+dgram unix+dgram:d' 3 1 3 0 3 0 0 0
}

@test "a late reply is not lost" {
	needs_python
	for lane in inet+dgram unix+dgram:d; do
		start_hostile "$lane" delay 500 3
		ping_status 0 -c 10 -i 0.1 -W 0.25 "$ENDPOINT"
		counts 10 10 0 0 1 0
		awk -F '[= ]' '/seq=3 / { exit !($8 >= 498) }' out || { cat out; return 1; }
	done
}

@test "the reply to another message" {
	needs_python
	hostile_counts previous "$STREAMS" 5 1 5 5 0 0 0 4
	# all but the last one come, each a turn late, and the first one twice
	hostile_counts previous "$RECORDS" 5 0 5 4 1 1 0 0
}

@test "a stream in small pieces of odd sizes is right" {
	needs_python
	hostile_counts pieces "$STREAMS" 5 0 5 5 0 0 0 0
	start_hostile inet+stream pieces
	ping_status 0 -c 2 -i 0 -s 30000 "$ENDPOINT"
	well_formed "$ENDPOINT" 30000 2
}

@test "a server that does not echo is damaged, at its first byte that differs" {
	start_server --reply upper unix:s unix+dgram:d unix+seqpacket:q inet:127.0.0.1:0
	for endpoint in "${ENDPOINTS[@]}"; do
		ping_status 1 -c 3 -i 0.01 -s 1000 "$endpoint"
		counts 3 3 0 0 0 3
		[[ $(wc -l < err) == 1 && $(< err) =~ wrong\ at\ offset\ [0-9]+:\ 0x[45].,\ not\ 0x[67].$ ]]
	done
	stop_server
}
