#!/usr/bin/env bats
# --misbehave: wrong on purpose, the same way on every family and type, and the same each time.

# shellcheck disable=SC2030,SC2031,SC2034,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper

STREAMS=(unix+stream:s inet+stream:127.0.0.1:0 'inet6+stream:[::1]:0')
DATAGRAMS=(unix+dgram:d inet+dgram:127.0.0.1:0 'inet6+dgram:[::1]:0')
SEQPACKET=unix+seqpacket:q

# The summary's count of FAULT.
count() { # FAULT -> COUNT
	COUNT=$(tail -n 1 "$LOG" | sed -nE "s/^served .* misbehaved( .*)? $1=([0-9]+)( .*)?$/\2/p")
	[[ -n $COUNT ]] || { cat "$LOG"; return 1; }
}

counted() { # FAULT=COUNT...
	local each
	for each; do
		count "${each%%=*}"
		[[ $COUNT == "${each#*=}" ]] || { echo "expected $each"; tail -n 1 "$LOG"; return 1; }
	done
}

# What a client of Python saw: see fault_client.py.
ask() { # BYTES PIECE [stay] -> BACK, CRC, END
	local line
	needs_python
	line=$(peer fault_client.py "$ENDPOINT" "$@")
	echo "$line"
	read -r BACK CRC END _ <<< "$line"
	BACK=${BACK#*=} CRC=${CRC#*=} END=${END#*=}
}

figure() { # NAME FILE
	sed -nE "s/.*\"$1\": ?([0-9]+).*/\1/p" "$2" | head -n 1
}

@test "a part that is wrong is named, with what is allowed there" {
	local bad
	while IFS='|' read -r spec part allowed; do
		fails_with 64 "$SOCKFAM" serve --misbehave "$spec" unix+seqpacket:q
		[[ $(< fails.err) == *"--misbehave"*"'$part'"*"$allowed"* ]] || { cat fails.err; return 1; }
	done << 'END'
los 5%|los 5%|loss, duplicate, reorder, truncate, corrupt, delay, slice, rate, limit, reset, half-close, stall, hang, refuse
loss 5%,||loss
loss|loss|P%, from 0% to 100%
loss 5|loss 5|P%, from 0% to 100%
hang,corrupt 200%|corrupt 200%|P%, from 0% to 100%
delay|delay|TIME
delay 5ms 6ms|delay 5ms 6ms|JITTER not above it
limit ten|limit ten|BYTES
slice 0|slice 0|at least 1
rate 5|rate 5|from 8
stall 1s|stall 1s|TIME after BYTES
loss 1%,loss 2%|loss 2%|already
END
	fails_with 64 "$SOCKFAM" serve --seed -1 unix:s
	fails_with 64 "$SOCKFAM" serve --seed 1.5 unix:s
	[[ ! -e q && ! -e s ]]
}

@test "a fault that can befall none of what is served is a usage error, else it befalls what it can" {
	fails_with 64 "$SOCKFAM" serve --misbehave 'loss 5%' unix:s inet:127.0.0.1:0
	[[ $(< fails.err) == *loss*dgram*seqpacket* ]]
	fails_with 64 "$SOCKFAM" serve --misbehave 'slice 5' unix+dgram:d unix+seqpacket:q
	fails_with 64 "$SOCKFAM" serve --misbehave 'hang' unix+dgram:d
	[[ ! -e s && ! -e d && ! -e q ]]
	start_server --misbehave 'loss 100%' unix:s unix+dgram:d
	[[ $(echo hello | "$SOCKFAM" talk unix:s) == hello ]]
	echo hello > in
	INPUT=in fails_with 124 "$SOCKFAM" talk -w 0.1 unix+dgram:d
	stop_server
	counted loss=1
}

@test "messages: what ping counts is what the server counts" {
	local asked
	for asked in "${DATAGRAMS[@]}" "$SEQPACKET"; do
		start_server --misbehave 'loss 10%,duplicate 10%,reorder 10%,corrupt 10%' --seed 5 "$asked"
		"$SOCKFAM" ping -c 200 -i 0.001 -W 1 --json "$ENDPOINT" > ping.out 2> ping.err || true
		stop_server
		served messages=200 bytes=12800
		counted "loss=$(figure lost ping.out)" "duplicate=$(figure duplicate ping.out)" \
			"reorder=$(figure reordered ping.out)" "corrupt=$(figure damaged ping.out)"
		# and on each lane the same
		tail -n 1 "$LOG" | sed 's/.*misbehaved//' >> counts
	done
	[[ $(sort -u counts | wc -l) == 1 && $(wc -l < counts) == 4 ]]
	[[ $(< counts) != *'=0'* ]]
}

@test "messages: truncate cuts those that are longer" {
	local asked
	for asked in "${DATAGRAMS[@]}" "$SEQPACKET"; do
		start_server --misbehave 'truncate 5' "$asked"
		[[ $(printf 'four\nsixsix\nfive5\na\nseven77\n' | "$SOCKFAM" talk "$ENDPOINT" | tr '\n' ,) == \
			four,sixsi,five5,a,seven, ]]
		stop_server
		counted truncate=2
	done
}

@test "messages: one that is to be overtaken does not wait for ever" {
	local asked
	for asked in "${DATAGRAMS[@]}" "$SEQPACKET"; do
		start_server --misbehave 'reorder 100%' "$asked"
		[[ $(echo alone | "$SOCKFAM" talk -w 5 "$ENDPOINT") == alone ]]
		stop_server
		counted reorder=0
	done
	start_server --misbehave 'reorder 100%' "$SEQPACKET"
	[[ $(printf '%s\n' 1 2 3 4 5 | "$SOCKFAM" talk "$ENDPOINT" | tr '\n' ' ') == '2 1 4 3 5 ' ]]
	stop_server
	counted reorder=2
}

@test "delay: on every family and type, and the order stays" {
	local asked
	for asked in "${STREAMS[@]}" "${DATAGRAMS[@]}" "$SEQPACKET"; do
		start_server --misbehave 'delay 60ms 20ms' "$asked"
		"$SOCKFAM" ping -c 10 -i 0.005 --json "$ENDPOINT" > ping.out
		stop_server
		counted delay=10
		(($(figure min ping.out) >= 40000000))
		[[ $(figure received ping.out) == 10 && $(figure reordered ping.out) == 0 ]]
	done
}

@test "the same seed, the same bytes, in whatever pieces they come and on whatever family" {
	local asked piece
	for asked in "${STREAMS[@]}"; do
		for piece in 100000 1000 77; do
			start_server --misbehave 'corrupt 5%,slice 1000,limit 90000' --seed 42 -v "$asked"
			ask 100000 "$piece"
			[[ $BACK == 90000 ]]
			stop_server
			sed -nE 's/^misbehave .* (corrupt|limit) offset=/\1 /p' "$LOG" > events
			[[ $(wc -l < events) -gt 20 ]]
			counted "corrupt=$(grep -c corrupt events)" slice=90 limit=1
			echo "$CRC $(cksum < events)" >> runs
		done
	done
	[[ $(wc -l < runs) == 9 && $(sort -u runs | wc -l) == 1 ]]
	start_server --misbehave 'corrupt 5%,slice 1000,limit 90000' --seed 43 unix:s
	ask 100000 1000
	! grep -q "^$CRC " runs
	stop_server
}

@test "what befalls one connection does not depend on the others" {
	some_bytes 5000 > in
	start_server --misbehave 'corrupt 30%' unix:s
	"$SOCKFAM" talk unix:s < in > first
	"$SOCKFAM" talk unix:s < in > second
	stop_server
	cmp -s first second && return 1
	start_server -v --misbehave 'corrupt 30%' --workers 3 unix:s unix+dgram:d
	# the first is there when the second comes, and sends when that one is through
	mkfifo hold
	"$SOCKFAM" talk unix:s < hold > first.now 3>&- &
	local client=$!
	track "$client"
	exec {HOLD}> hold
	connected() { grep -q ^connect "$LOG"; }
	wait_until 10 connected
	echo x | "$SOCKFAM" talk unix+dgram:d > dgram.out
	"$SOCKFAM" talk unix:s < in | cmp - second
	cat in >&"$HOLD"
	exec {HOLD}>&-
	finish "$client"
	cmp first first.now
	stop_server
}

@test "streams: limit, reset, half-close, on every family" {
	local asked
	for asked in "${STREAMS[@]}"; do
		start_server --misbehave 'limit 1000' "$asked"
		ask 5000 300
		[[ $BACK == 1000 && $END == end ]]
		ask 999 300
		[[ $BACK == 999 && $END == end ]]
		stop_server
		counted limit=1

		start_server --misbehave 'reset 1000' "$asked"
		ask 5000 5000
		[[ $BACK == 1000 && $END == reset ]]
		stop_server
		counted reset=1

		start_server --misbehave 'half-close 1000' -v "$asked"
		ask 5000 300
		[[ $BACK == 1000 && $END == end ]]
		stop_server
		counted half-close=1
		# all that was sent after that was still taken: no reset
		grep -q '^close .* bytes=[0-9]*$' "$LOG"
	done
}

@test "an end at once, before a byte" {
	local fault asked
	for asked in "${STREAMS[@]}" "$SEQPACKET"; do
		for fault in limit half-close; do
			start_server --misbehave "$fault 0" "$asked"
			ask 10 10
			[[ $BACK == 0 && $END == end ]]
			stop_server
			counted "$fault=1"
		done
		start_server --misbehave 'reset 0' "$asked"
		ask 10 10 stay
		[[ $BACK == 0 && ($END == reset || $asked == unix*) ]]
		stop_server
		counted reset=1
	done
}

@test "seqpacket: no message is cut, the end comes before one that does not fit" {
	start_server --misbehave 'limit 10' "$SEQPACKET"
	[[ $(printf 'four\nfour\nfour\nx\n' | "$SOCKFAM" talk "$ENDPOINT" 2> talk.err | tr '\n' ' ') == 'four four ' ]]
	stop_server
	counted limit=1
}

@test "streams: slice sends in pieces" {
	needs strace
	export ASAN_OPTIONS=detect_leaks=0 # a sanitizer cannot look for leaks in what strace holds
	start_server --misbehave 'slice 7' unix:s
	strace -f -e trace=sendto,sendmsg,write -o trace -p "$PID" 2> strace.err 3>&- &
	local strace=$!
	track "$strace"
	attached() { grep -q attached strace.err || is_over "$strace"; }
	wait_until 10 attached
	is_over "$strace" && skip "strace cannot attach here"
	ask 20 20
	stop_server
	counted slice=2
	grep sendto trace | grep -o '= [0-9]*$' | tr '\n' ' ' | grep -q '^= 7 = 7 = 6 $'
}

@test "streams: rate, stall and delay take their time and lose nothing" {
	local began took fault
	for fault in 'rate 160k:400' 'stall 400ms after 1000:400' 'delay 400ms:400'; do
		start_server --misbehave "${fault%:*}" unix:s
		began=${EPOCHREALTIME//[!0-9]/}
		ask 8000 8000
		took=$(((${EPOCHREALTIME//[!0-9]/} - began) / 1000))
		[[ $BACK == 8000 && $END == end ]]
		echo "$fault: $took ms"
		((took >= ${fault#*:}))
		stop_server
	done
}

@test "hang: nothing comes back, and what is sent is taken" {
	local asked
	for asked in "${STREAMS[@]}" "$SEQPACKET"; do
		start_server --misbehave hang "$asked"
		ask 1000000 1000 stay
		[[ $BACK == 0 && $END == silence ]]
		stop_server
		counted hang=1
		served messages=0 bytes=0
	done
}

@test "hang: an idle time-out and SIGTERM end it" {
	start_server --misbehave hang --idle-timeout 0.2 -v unix:s
	ask 10 10 stay
	[[ $END == end ]]
	stop_server
	grep -q '^close .*: idle$' "$LOG"
	start_server --misbehave hang unix:s
	start_peer fault_client.py "$ENDPOINT" 10 10 stay
	stop_server
}

@test "refuse: so many are closed at once, and the same ones each time" {
	local asked i
	for asked in "${STREAMS[@]}" "$SEQPACKET"; do
		start_server --misbehave 'refuse 40%' --seed 3 "$asked"
		for i in 1 2 3 4 5 6 7 8 9 10; do
			[[ $(echo hello | "$SOCKFAM" talk "$ENDPOINT" 2> talk.err) == hello ]] && printf . || printf x
		done >> pattern
		echo >> pattern
		stop_server
		count refuse
		[[ $(tail -n 1 pattern | tr -d . | tr -d '\n' | wc -c) == "$COUNT" ]]
	done
	[[ $(sort -u pattern | wc -l) == 1 && $(< pattern) == *x* && $(< pattern) == *.* ]]
}

@test "socat and ncat see each end too" {
	needs socat ncat
	start_server --misbehave 'reset 1000' inet:127.0.0.1:0
	some_bytes 1000 > in
	# it does not end its side, and so it reads what comes
	timeout 10 socat -d -,ignoreeof "TCP:${ENDPOINT#*:}" < in > socat.out 2> socat.err
	grep -q 'Connection reset by peer' socat.err
	cmp in socat.out
	local host=${ENDPOINT#*:}
	(cat in; sleep 1) | ncat -v "${host%:*}" "${host#*:}" > ncat.out 2> ncat.err || true
	grep -q 'Connection reset by peer' ncat.err
	cmp in ncat.out
	stop_server
	start_server --misbehave 'limit 1000' inet:127.0.0.1:0
	socat -t 5 - "TCP:${ENDPOINT#*:}" < <(some_bytes 9000) > socat.out 2> socat.err || true
	some_bytes 1000 | cmp - socat.out
	host=${ENDPOINT#*:}
	ncat "${host%:*}" "${host#*:}" < <(some_bytes 9000) > ncat.out 2> ncat.err || true
	some_bytes 1000 | cmp - ncat.out
	stop_server
	start_server --misbehave 'half-close 1000' unix:s
	socat -t 5 - UNIX-CONNECT:s < <(some_bytes 9000) > socat.out
	some_bytes 1000 | cmp - socat.out
	stop_server
	start_server --misbehave 'slice 3,stall 100ms after 500' unix:s
	socat -t 5 - UNIX-CONNECT:s < <(some_bytes 9000) > socat.out
	some_bytes 9000 | cmp - socat.out
	ncat -U s < <(some_bytes 9000) > ncat.out
	some_bytes 9000 | cmp - ncat.out
	stop_server
}

@test "nothing is wrong with the proof, and bytes count from the first reply" {
	(umask 077 && letters 32 > key)
	start_server --misbehave 'limit 5' --secret-file key unix:s unix+seqpacket:q
	[[ $(printf 'hello there' | "$SOCKFAM" talk --secret-file key unix:s 2> talk.err) == hello ]]
	[[ $(printf 'hello\nthere' | "$SOCKFAM" talk --secret-file key unix+seqpacket:q 2> talk.err) == hello ]]
	stop_server
	counted limit=2
}

@test "SIGTERM: what is late is still sent" {
	local asked
	for asked in unix+stream:s unix+seqpacket:q unix+dgram:d inet:127.0.0.1:0; do
		start_server --misbehave 'delay 500ms' "$asked"
		echo hello | "$SOCKFAM" talk "$ENDPOINT" > talk.out 3>&- &
		local client=$!
		track "$client"
		sleep 0.2 # it is on its way; were it not, the test would still be right
		stop_server
		finish "$client"
		[[ $(< talk.out) == hello ]]
	done
}

@test "-v tells each one, and the summary has those that were asked for" {
	start_server -v --misbehave 'loss 50%,corrupt 0%' --seed 2 unix+dgram:d unix+seqpacket:q
	"$SOCKFAM" ping -q -c 30 -i 0.001 -W 0.2 unix+dgram:d > ping.out || true
	"$SOCKFAM" ping -q -c 30 -i 0.001 -W 0.2 unix+seqpacket:q > ping.out || true
	stop_server
	counted "loss=$(grep -cE '^misbehave .* loss message=[0-9]+$' "$LOG")" corrupt=0
	grep -qE '^misbehave unix\+dgram:[^ ]+ loss message=' "$LOG"
	grep -qE '^misbehave unix\+seqpacket:.* loss message=' "$LOG"
	[[ $(tail -n 1 "$LOG") != *' delay='* ]]
	start_server unix:s
	stop_server
	[[ $(tail -n 1 "$LOG") != *misbehaved* ]]
}

@test "clients count what the server did, whatever that was" {
	needs_python
	peer truth.py "$SOCKFAM" 80 11
}
