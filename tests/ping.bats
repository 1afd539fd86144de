#!/usr/bin/env bats
# ping: its lines, its options, its status, its signals.

# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper
load measure
load ping

@test "every lane, every line" {
	local endpoint
	start_server "${LANES[@]}"
	((${#ENDPOINTS[@]} == ${#LANES[@]}))
	for endpoint in "${ENDPOINTS[@]}"; do
		ping_status 0 -c 5 -i 0.002 "$endpoint"
		well_formed "$endpoint" 64 5 || { cat out; return 1; }
		[[ ! -s err ]]
	done
	stop_server
}

@test "without operand: the default endpoint, of unix or of the family named" {
	export XDG_RUNTIME_DIR=$PWD
	start_server -U
	ping_status 0 -c 1
	well_formed "unix+stream:$PWD/sockfam.sock" 64 1
	ping_status 69 -c 1 -u
	stop_server
	start_server -u -U
	ping_status 0 -c 1 -u
	well_formed "unix+dgram:$PWD/sockfam-dgram.sock" 64 1
	stop_server
}

@test "-i: between messages" {
	local start taken
	start_server inet+dgram:127.0.0.1:0
	start=${EPOCHREALTIME//[!0-9]/}
	ping_status 0 -c 6 -i 0.1 "$ENDPOINT"
	taken=$((${EPOCHREALTIME//[!0-9]/} - start))
	echo "$taken us"
	# the POSIX build's clock tick is a millisecond
	((taken >= 498000 && taken < 2000000))
	well_formed "$ENDPOINT" 64 6
	start=${EPOCHREALTIME//[!0-9]/}
	ping_status 0 -c 2 "$ENDPOINT"
	taken=$((${EPOCHREALTIME//[!0-9]/} - start))
	((taken >= 998000 && taken < 3000000))
	stop_server
}

@test "-i 0: each as the last one is back" {
	start_server "${LANES[@]}"
	for endpoint in "${ENDPOINTS[@]}"; do
		ping_status 0 -c 300 -i 0 "$endpoint"
		well_formed "$endpoint" 64 300
	done
	stop_server
	served messages=$((300 * ${#LANES[@]}))
}

@test "-s: of a message, from 8 bytes up to what the type takes" {
	local size endpoint
	start_server unix:s unix+dgram:d unix+seqpacket:q inet:127.0.0.1:0 inet+dgram:127.0.0.1:0 \
		'inet6:[::1]:0' 'inet6+dgram:[::1]:0'
	for endpoint in "${ENDPOINTS[@]}"; do
		for size in 8 9 1000 65507; do
			ping_status 0 -c 3 -i 0.001 -s "$size" "$endpoint"
			well_formed "$endpoint" "$size" 3
		done
	done
	for endpoint in "${ENDPOINTS[0]}" "${ENDPOINTS[3]}" "${ENDPOINTS[5]}"; do
		ping_status 0 -c 5 -i 0 -s 1048576 "$endpoint"
		well_formed "$endpoint" 1048576 5
	done
	for endpoint in "${ENDPOINTS[1]}" "${ENDPOINTS[2]}"; do
		ping_status 0 -c 3 -i 0.01 -s 212960 "$endpoint"
		well_formed "$endpoint" 212960 3
	done
	stop_server
}

@test "-s: more than a datagram holds is status 65, and says so" {
	start_server inet+dgram:127.0.0.1:0 'inet6+dgram:[::1]:0'
	for endpoint in "${ENDPOINTS[@]}"; do
		ping_status 65 -c 2 -i 0.01 -W 0.3 -s 65537 "$endpoint"
		[[ $(wc -l < err) == 1 && $(< err) == 'sockfam: '*'essage too long'* ]]
	done
	stop_server
}

@test "usage: status 64, one line" {
	local arguments
	for arguments in '-s 7' '-s 0' '-s 0.0101k' '-s 64b' '-s 1048577' '-s x' '-c 0' '-c -1' '-i -1' '-i 1e-9' '-i 0.0000000001' '-i 1e308' '-W x' '-W 0' '-i' '--no-such' \
		'unix:a unix:b' '-4 unix:a'; do
		# shellcheck disable=SC2086 # options and operands
		fails_with 64 "$SOCKFAM" ping $arguments
	done
}

@test "-s: bytes as people write them" {
	start_server inet:127.0.0.1:0
	while read -r text bytes; do
		"$SOCKFAM" ping -c 1 -s "$text" "$ENDPOINT" > out
		[[ $(head -n 1 out) == "PING $ENDPOINT $bytes bytes of data" ]] || { cat out; return 1; }
	done <<< $'64 64\n64B 64\n1k 1000\n4Ki 4096\n4KiB 4096\n0.5MiB 524288'
	stop_server
}

@test "-q: the statistics alone" {
	start_server inet:127.0.0.1:0
	ping_status 0 -q -c 20 -i 0.001 "$ENDPOINT"
	lacks seq=
	counts 20 20 0 0 0 0
	grep -v '^connected' out > kept
	[[ $(wc -l < kept) == 4 || $(wc -l < kept) == 3 ]]
	times_rise "$(tail -n 1 out)"
	stop_server
}

@test "--spin: the same, without sleeping" {
	start_server "${LANES[@]}"
	for endpoint in "${ENDPOINTS[@]}"; do
		ping_status 0 --spin -c 10 -i 0.001 "$endpoint"
		well_formed "$endpoint" 64 10
	done
	stop_server
}

@test "--json: one strict object, every field" {
	needs_python
	start_server "${LANES[@]}"
	for endpoint in "${ENDPOINTS[@]}"; do
		ping_status 0 --json -c 10 -i 0.001 "$endpoint"
		holds out "f['endpoint'] == '$endpoint'" "f['sent'] == f['received'] == 10" "f['lost'] == 0" \
			"f['duplicate'] == f['reordered'] == f['damaged'] == 0" "f['rtt_ns']['min'] > 0" \
			"f['rtt_ns']['min'] <= f['rtt_ns']['avg'] <= f['rtt_ns']['max']"
	done
	stop_server
	start_hostile inet+dgram silent
	ping_status 1 --json -c 2 -i 0.01 -W 0.1 "$ENDPOINT"
	holds out "f['sent'] == f['lost'] == 2" "f['received'] == 0" "f['rtt_ns'] is None"
	start_hostile 'unix+stream:a"b\c' echo
	ping_status 0 --json -c 1 'unix:a"b\\c'
	holds out "f['endpoint'] == 'unix+stream:a\"b\\\\\\\\c'"
}

@test "69: nobody there" {
	start_server inet:127.0.0.1:0
	stop_server
	ping_status 69 -c 1 "$ENDPOINT"
	ping_status 69 -c 1 unix:none
	ping_status 69 -c 1 unix+dgram:none
	ping_status 69 -c 1 unix+seqpacket:@none
	[[ $(wc -l < err) == 1 && $(< err) == 'sockfam: '*none* ]]
}

@test "1: no reply at all" {
	local start=$SECONDS
	needs_python
	for lane in inet+stream unix+dgram:d; do
		start_hostile "$lane" silent
		ping_status 1 -c 3 -i 0.05 -W 0.2 "$ENDPOINT"
		counts 3 0 3 0 0 0
		lacks rtt
		[[ $(wc -l < err) == 1 ]]
	done
	((SECONDS - start < 15))
}

@test "69: every datagram is refused; the lost ones by what is known of them" {
	needs_python
	local address
	for address in inet+dgram:127.0.0.1:0 'inet6+dgram:[::1]:0'; do
		start_server "$address"
		stop_server
		ping_status 69 -c 3 -i 0.05 -W 60 "$ENDPOINT" # no patience is needed for what is refused
		counts 3 0 3 0 0 0
		grep -qx 'of the lost 3 refused, 0 unreachable, 0 silent' out
		[[ $(< err) == *'Connection refused'* ]]
		ping_status 69 --json -c 2 -i 0.05 "$ENDPOINT"
		holds out "f['refused'] == f['lost'] == 2" "f['unreachable'] == f['silent'] == 0"
		"$SOCKFAM" bench -n 3 --warmup 0 "$ENDPOINT" > out 2> err || STATUS=$?
		[[ $STATUS == 69 && $(wc -l < err) == 1 && $(< err) == *'Connection refused' ]]
	done
	# one that loses some, and then goes
	start_hostile unix+dgram:d drop 2
	"$SOCKFAM" ping -i 0.1 -W 0.2 -c 12 "$ENDPOINT" > out 2> err 3>&- &
	track $!
	wait_until 10 grep -q seq=3 out
	stop_hostile
	finish $! 10
	((STATUS == 0))
	awk '/ sent, / { lost = $5 } /^of the lost/ { good = $4 > 0 && $8 > 0 && $6 == 0 && $4 + $6 + $8 == lost }
		END { exit !good }' out || { cat out; return 1; }
}

@test "76: the peer ends it" {
	needs_python
	for lane in inet+stream inet6+stream unix+stream:s unix+seqpacket:q; do
		start_hostile "$lane" close 150
		ping_status 76 -c 5 -i 0.02 -W 1 "$ENDPOINT"
		# the third reply never was whole
		counts 3 2 1 0 0 0
	done
	start_hostile inet+stream close 0
	ping_status 76 -c 5 -i 0.02 -W 1 "$ENDPOINT"
	counts 1 0 1 0 0 0
	[[ $(wc -l < err) == 1 ]]
}

@test "124: nobody takes the connection" {
	needs_python
	for lane in inet+stream unix+stream:s unix+seqpacket:q; do
		start_hostile "$lane" full
		ping_status 124 -c 1 -W 0.3 "$ENDPOINT"
		[[ $(wc -l < err) == 1 && $(< err) == *"$ENDPOINT"* ]]
	done
}

@test "SIGINT and SIGTERM: the statistics so far" {
	local signal replies
	start_server inet+dgram:127.0.0.1:0 inet:127.0.0.1:0
	for signal in INT TERM; do
		for endpoint in "${ENDPOINTS[@]}"; do
			"$SOCKFAM" ping -i 0.01 "$endpoint" > out 2> err 3>&- &
			track $!
			wait_until 10 grep -q 'seq=10 ' out
			kill -"$signal" $!
			finish $! 5
			[[ $STATUS == 0 && ! -s err ]] || { echo "status $STATUS"; cat out err; return 1; }
			replies=$(grep -c seq= out)
			well_formed "$endpoint" 64 "$replies" || { cat out; return 1; }
		done
	done
	stop_server
}

@test "SIGINT with a reply outstanding: at once, not when the patience is over" {
	needs_python
	start_hostile inet+dgram drop 2
	"$SOCKFAM" ping -i 0.05 -W 8 "$ENDPOINT" > out 2> err 3>&- &
	track $!
	wait_until 10 grep -q 'seq=5 ' out
	kill -INT $!
	finish $! 3
	[[ $STATUS == 0 ]]
	awk '/ sent, / { exit !($5 >= 2 && $1 == $3 + $5) }' out
	tail -n 1 out | grep -q ^rtt
}

@test "SIGQUIT: the statistics so far, and on it goes" {
	start_server unix:s
	"$SOCKFAM" ping -i 0.05 -c 60 unix:s > out 2> err 3>&- &
	local pid=$!
	track "$pid"
	wait_until 20 grep -q 'seq=3 ' out
	kill -QUIT "$pid"
	wait_until 20 test -s err
	kill -INT "$pid"
	finish "$pid"
	cat err
	((STATUS == 0))
	[[ $(< err) =~ ^[0-9]+' sent, '([0-9]+)' received, 0 lost, 0 duplicate, 0 reordered, 0 damaged, rtt min/avg/max = '[0-9./]+' ms'$ ]]
	((BASH_REMATCH[1] >= 3))
	[[ $(grep -c 'ping statistics' out) == 1 && $(grep -c ' received, 0 lost,' out) == 1 ]]
	stop_server
}

@test "-w: a deadline for the whole, replies or not" {
	start_server unix:s
	ping_status 0 -w 0.3 -i 0.05 unix:s
	[[ $(< out) =~ ([0-9]+)' sent, '([0-9]+)' received' ]]
	((BASH_REMATCH[1] >= 1 && BASH_REMATCH[1] <= 7))
	stop_server
	# one that never answers: what is on its way is lost, and is not waited for
	needs_python
	start_hostile inet+dgram silent
	ping_status 1 -w 0.2 -i 0.05 -W 3600 "$ENDPOINT"
	[[ $(< out) =~ ([0-9]+)' sent, 0 received, '([0-9]+)' lost' && ${BASH_REMATCH[1]} == "${BASH_REMATCH[2]}" ]]
	ping_status 1 -w 0.2 -c 1 -W 3600 "$ENDPOINT"
}

@test "-D: seconds of the Epoch before each line" {
	local before now
	start_server unix:s
	before=$EPOCHSECONDS
	"$SOCKFAM" ping -D -c 2 -i 0.01 unix:s > out
	now=$EPOCHSECONDS
	[[ $(sed -n 2p out) =~ ^\[([0-9]+)\.[0-9]{6}\]\ 64\ bytes\ from ]]
	((before <= BASH_REMATCH[1] && BASH_REMATCH[1] <= now))
	[[ $(grep -c '^\[' out) == 2 ]]
	stop_server
}

@test "^C at a terminal: the statistics begin on a line of their own" {
	needs_python
	start_server unix:s
	printf '%s\n' 'seq=2 |\x1c' 'rtt min/avg/max|\x03' > dialogue
	peer typist.py dialogue screen "$SOCKFAM" ping -i 0.02 unix:s
	cat screen
	grep -q '^--- unix+stream:s ping statistics ---' screen
	stop_server
}
