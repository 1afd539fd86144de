#!/usr/bin/env bats
# At the limits: descriptors, queues, silence, peers that do not read, the end.

# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper

talk() {
	timeout 30 "$SOCKFAM" talk "$ENDPOINT" "$@"
}

# Over the next half second the server uses next to no time: one that spins would take 50 ticks.
assert_calm() {
	local before
	before=$(ticks "$PID")
	sleep 0.5
	local used=$(($(ticks "$PID") - before))
	echo "$used ticks"
	((used <= 5))
}

@test "an idle server uses no time" {
	start_server unix:s unix+dgram:d unix+seqpacket:q inet:127.0.0.1:0 inet+dgram:127.0.0.1:0
	for ENDPOINT in "${ENDPOINTS[@]}"; do
		[[ $(echo hello | talk) == hello ]]
	done
	start_clients
	assert_calm
	stop_server
}

@test "at the descriptor limit nobody is lost, and the server does not spin" {
	local i
	SERVER_PREFIX=(bash -c 'ulimit -n 32; exec "$@"' -)
	start_server unix:s
	start_clients
	ask open 60
	[[ $ANSWER == 'open 60' ]]
	for ((i = 0; i < 60; i++)); do
		ask send "$i" "number $i"
	done
	ask hear 0
	[[ $ANSWER == 'number 0' ]]
	# they hold their connections: the others wait, and so does the server
	assert_calm
	ask silent 59
	[[ $ANSWER == silent ]]
	ask close 0
	for ((i = 1; i < 60; i++)); do
		ask hear "$i"
		[[ $ANSWER == "number $i" ]]
		ask close "$i"
	done
	stop_server
	served connections=60 messages=60
}

@test "at the descriptor limit datagrams are served on" {
	local i
	SERVER_PREFIX=(bash -c 'ulimit -n 32; exec "$@"' -)
	start_server unix:s unix+dgram:d
	start_clients
	ask open 60
	[[ $(echo hello | timeout 20 "$SOCKFAM" talk unix+dgram:d) == hello ]]
	kill -KILL "$CLIENTS"
	stop_server
}

@test "--max-connections: one more waits in the queue, and is served when one leaves" {
	local asked
	for asked in unix+stream:s unix+seqpacket:q inet:127.0.0.1:0; do
		start_server --max-connections 2 "$asked"
		start_clients
		ask open 3
		[[ $ANSWER == 'open 3' ]]
		for i in 0 1 2; do
			ask send $i "number $i"
		done
		ask hear 1
		[[ $ANSWER == 'number 1' ]]
		ask hear 0
		[[ $ANSWER == 'number 0' ]]
		ask send 0 again
		ask hear 0
		[[ $ANSWER == again ]]
		# the server has had every chance by now
		ask silent 2
		[[ $ANSWER == silent ]]
		ask close 0
		ask hear 2
		[[ $ANSWER == 'number 2' ]]
		stop_clients
		stop_server
		served connections=3
	done
}

@test "--max-connections: the server that is full does not spin" {
	start_server --max-connections 1 unix:s
	start_clients
	ask open 3
	ask send 0 hello
	ask hear 0
	assert_calm
	stop_server
}

@test "--idle-timeout closes who is silent, and nobody else" {
	local asked i
	for asked in unix+stream:s unix+seqpacket:q; do
		start_server --idle-timeout 0.4 -v "$asked"
		start_clients
		ask open 2
		for i in 1 2 3 4 5 6; do
			ask send 0 hello
			ask hear 0
			[[ $ANSWER == hello ]]
			sleep 0.1
		done
		ask hear 1
		[[ $ANSWER == end ]]
		ask hear 0
		[[ $ANSWER == end ]]
		ask close 0
		ask close 1
		closed() {
			[[ $(grep -c '^close' "$LOG") == 2 ]]
		}
		wait_until 10 closed
		grep -q '^close .*bytes=30: idle' "$LOG"
		grep -q '^close .*bytes=0: idle' "$LOG"
		stop_clients
		stop_server
	done
}

@test "--idle-timeout closes who does not read, too" {
	start_server --idle-timeout 0.3 -v unix:s
	start_clients
	ask open 1
	ask flood 0
	[[ $ANSWER == flooded ]]
	closed() {
		grep -q '^close .*: idle' "$LOG"
	}
	wait_until 10 closed
	stop_server
}

@test "a slow reader does not disturb the others" {
	local asked
	for asked in unix+stream:s unix+seqpacket:q inet:127.0.0.1:0; do
		start_server "$asked"
		start_clients
		ask open 2
		ask flood 0
		[[ $ANSWER == flooded ]]
		ask flood 1
		[[ $ANSWER == flooded ]]
		seq 20000 > in
		talk < in | cmp - in
		# and the server does not ask the deaf ones again and again
		# (for a long record to fit nothing can be waited for but time: unix(7))
		[[ $asked == *seqpacket* ]] || assert_calm
		ask drain 0
		[[ ${ANSWER% of *} == "${ANSWER#* of }" && $ANSWER != 0* ]]
		ask drain 1
		[[ ${ANSWER% of *} == "${ANSWER#* of }" && $ANSWER != 0* ]]
		stop_clients
		stop_server
	done
}

@test "SIGTERM with data in flight: what was received comes back, then the end" {
	local asked
	for asked in unix+stream:s unix+seqpacket:q inet:127.0.0.1:0; do
		start_server "$asked"
		start_clients
		ask open 1
		ask send 0 hello
		ask hear 0
		[[ $ANSWER == hello ]]
		if [[ $asked == unix* ]]; then
			# replies wait for the client, and messages for the replies
			ask flood 0
			[[ $ANSWER == flooded ]]
			kill -TERM "$PID"
		else
			# TCP keeps some of a flood at the sender: this much the receiver has
			kill -STOP "$PID"
			ask burst 0
			kill -TERM "$PID"
			kill -CONT "$PID"
		fi
		# nobody new is let in: so the signal has been seen
		gone() {
			! timeout 5 "$SOCKFAM" talk "$ENDPOINT" < /dev/null > gone.out 2>&1
		}
		wait_until 10 gone
		ask drain 0
		[[ ${ANSWER% of *} == "${ANSWER#* of }" && $ANSWER != 0* ]]
		finish "$PID"
		((STATUS == 0))
		stop_clients
	done
}

@test "SIGTERM in the middle of a flood: an orderly end, no reset" {
	start_server inet:127.0.0.1:0
	start_clients
	ask open 1
	ask flood 0
	kill -TERM "$PID"
	ask drain 0
	[[ $ANSWER =~ ^[1-9][0-9]*\ of\ [0-9]+$ ]]
	finish "$PID"
	((STATUS == 0))
}

@test "SIGTERM: who waits in the queue has its answer, and then the end" {
	start_server unix:s
	start_clients
	kill -STOP "$PID"
	ask open 3
	ask send 0 hello
	ask send 2 there
	kill -TERM "$PID"
	kill -CONT "$PID"
	ask hear 0
	[[ $ANSWER == hello ]]
	ask hear 2
	[[ $ANSWER == there ]]
	ask hear 0
	[[ $ANSWER == end ]]
	ask hear 1
	[[ $ANSWER == end ]]
	finish "$PID"
	((STATUS == 0))
	served connections=3 messages=2
}

@test "an end that is the server's is no reset: the peer may still send, and read what came before" {
	local asked
	for asked in unix+stream:s unix+seqpacket:q inet:127.0.0.1:0; do
		start_server "$asked"
		start_clients
		ask open 1
		ask send 0 hello
		kill -TERM "$PID"
		# from now on the server looks for no more than the peer's own end
		ask told 0
		[[ $ANSWER == told ]]
		ask send 0 late
		[[ $ANSWER == sent ]]
		ask hear 0
		[[ $ANSWER == hello ]]
		ask hear 0
		[[ $ANSWER == end ]]
		finish "$PID"
		((STATUS == 0))
		stop_clients
	done
}

@test "SIGTERM: idle connections do not keep the server" {
	start_server unix:s
	start_clients
	ask open 3
	local began=$EPOCHREALTIME
	stop_server
	# --drain is 10 by default
	((${EPOCHREALTIME//[!0-9]/} - ${began//[!0-9]/} < 5000000))
}

@test "--drain: a peer that never reads does not keep the server longer" {
	local asked began took
	for asked in unix+stream:s unix+seqpacket:q; do
		start_server --drain 0.3 -v "$asked"
		start_clients
		ask open 1
		ask flood 0
		began=$EPOCHREALTIME
		stop_server
		took=$((${EPOCHREALTIME//[!0-9]/} - ${began//[!0-9]/}))
		echo "$took microseconds"
		# not at once, for it might have read; and no longer than was said, but for the machine
		((took > 250000 && took < 3000000))
		grep -q '^close .*: the server ends' "$LOG"
		stop_clients
	done
}

@test "a second SIGTERM hurries" {
	local began
	start_server --drain 60 unix:s
	start_clients
	ask open 1
	ask flood 0
	kill -TERM "$PID"
	gone() {
		[[ ! -e s ]]
	}
	wait_until 10 gone
	began=$EPOCHREALTIME
	stop_server
	((${EPOCHREALTIME//[!0-9]/} - ${began//[!0-9]/} < 5000000))
}

@test "many connections, one after the other, leave nothing behind" {
	local before i
	start_server unix:s
	[[ $(echo hello | talk) == hello ]]
	before=$(ls "/proc/$PID/fd" | wc -l)
	for ((i = 0; i < 50; i++)); do
		echo hello | "$SOCKFAM" talk "$ENDPOINT" > out
	done
	all_closed() {
		(($(ls "/proc/$PID/fd" | wc -l) <= before))
	}
	wait_until 10 all_closed
	stop_server
	served connections=51
}
