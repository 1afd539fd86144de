#!/usr/bin/env bats
# --grace: no new peers, and those that are there stay until they leave.

# shellcheck disable=SC2030,SC2031,SC2034,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper

# Nobody new is let in: so the signal has been seen.
closed() {
	! timeout 5 "$SOCKFAM" talk "$ENDPOINT" < /dev/null > closed.out 2>&1
}

# Client NUMBER is still answered.
served_on() { # NUMBER
	ask send "$1" hello
	ask hear "$1"
	[[ $ANSWER == hello ]]
}

@test "those that are there are served until they leave, then the server ends" {
	local asked
	for asked in unix+stream:s unix+seqpacket:q inet:127.0.0.1:0 inet6:[::1]:0; do
		start_server --grace 60 "$asked"
		start_clients
		ask open 2
		served_on 0
		kill -TERM "$PID"
		wait_until 10 closed
		served_on 0
		served_on 1
		ask close 0
		served_on 1
		is_over "$PID" && return 1
		ask close 1
		finish "$PID"
		((STATUS == 0))
		stop_clients
	done
}

@test "at most so long, and then the orderly end" {
	local began=$EPOCHREALTIME
	start_server --grace 0.4 -v unix:s
	start_clients
	ask open 1
	served_on 0
	kill -TERM "$PID"
	wait_until 10 closed
	served_on 0
	ask hear 0
	[[ $ANSWER == end ]]
	finish "$PID"
	((STATUS == 0 && ${EPOCHREALTIME//[!0-9]/} - ${began//[!0-9]/} > 400000))
	grep -q '^close .*: the server ends$' "$LOG"
}

@test "SIGINT, or a second SIGTERM, skips it" {
	local skip
	for skip in 'kill -INT "$PID"' 'kill -TERM "$PID"; wait_until 10 closed; served_on 0; kill -TERM "$PID"' \
		'kill -TERM "$PID"; wait_until 10 closed; kill -INT "$PID"'; do
		start_server --grace 600 --drain 60 unix:s
		start_clients
		ask open 1
		served_on 0
		eval "$skip"
		ask hear 0
		[[ $ANSWER == end ]]
		finish "$PID"
		((STATUS == 0))
		stop_clients
	done
}

@test "one signal more hurries the end that follows" {
	start_server --grace 600 --drain 600 unix:s
	start_clients
	ask open 1
	ask flood 0
	kill -TERM "$PID"
	wait_until 10 closed
	# two that come at once may be one to the kernel, so it is told until it hears
	hurried() {
		kill -TERM "$PID" 2> /dev/null
		is_over "$PID"
	}
	wait_until 10 hurried
	finish "$PID"
	((STATUS == 0))
}

@test "without it SIGTERM is what it was" {
	start_server unix:s
	start_clients
	ask open 1
	served_on 0
	kill -TERM "$PID"
	ask hear 0
	[[ $ANSWER == end ]]
	finish "$PID"
	((STATUS == 0))
}

@test "every worker keeps its peers" {
	start_server --grace 60 --workers 3 unix:s inet:127.0.0.1:0
	start_clients
	ask open 6
	kill -TERM "$PID"
	wait_until 10 closed
	for i in 0 1 2 3 4 5; do
		served_on $i
		ask close $i
	done
	finish "$PID"
	((STATUS == 0))
	served connections=6
}

@test "datagrams are answered until none has come for a second" {
	local asked
	for asked in unix+dgram:d inet+dgram:127.0.0.1:0; do
		start_server --grace 60 "$asked"
		"$SOCKFAM" ping -c 15 -i 0.1 -q "$ENDPOINT" > ping.out 3>&- &
		local ping=$!
		track "$ping"
		sleep 0.3 # some before the signal, most after
		kill -TERM "$PID"
		finish "$ping"
		cat ping.out
		grep -q '^15 sent, 15 received, 0 lost, ' ping.out
		finish "$PID"
		((STATUS == 0))
	done
}

@test "a grace that is none" {
	fails_with 64 "$SOCKFAM" serve --grace -1 unix:s
	fails_with 64 "$SOCKFAM" serve --grace soon unix:s
	[[ ! -e s ]]
}

# What HAProxy says of server NAME: UP or DOWN.
haproxy_says() { # NAME STATUS
	echo 'show stat' | socat - UNIX-CONNECT:stats 2> haproxy.err |
		awk -F , -v name="$1" -v status="$2" '$2 == name { said = $18 } END { exit said !~ "^" status }'
}

@test "a server behind HAProxy goes under load, and no message is lost" {
	local i pids=()
	needs haproxy socat
	{
		printf '%s\n' 'global' ' stats socket unix@./stats' 'defaults' ' mode tcp' ' timeout connect 2s' \
			' timeout client 30s' ' timeout server 30s' ' retries 3' ' option redispatch 1' \
			'frontend front' ' bind unix@./front' ' default_backend back' \
			'backend back' ' balance roundrobin'
		for i in 0 1 2; do
			start_server --grace 60 inet:127.0.0.1:0 >&2
			pids+=("$PID")
			echo " server s$i ${ENDPOINT#*:} check inter 50ms fall 1"
		done
	} > haproxy.cfg
	haproxy -f haproxy.cfg -db > haproxy.log 2>&1 3>&- &
	track $!
	wait_until 10 haproxy_says s1 UP || { cat haproxy.log; return 1; }
	"$SOCKFAM" bench -c 12 -d 3 --warmup 0 --json unix:./front > bench.out 3>&- &
	local bench=$!
	track "$bench"
	under_load() {
		(($(echo 'show stat' | socat - UNIX-CONNECT:stats 2> haproxy.err | awk -F , '$2 == "s1" { print $5 }') >= 4))
	}
	wait_until 10 under_load
	kill -TERM "${pids[1]}"
	# the health check finds nobody any more, while connections are served on
	wait_until 10 haproxy_says s1 DOWN
	for i in 1 2 3 4 5 6; do
		[[ $(echo "new $i" | timeout 10 "$SOCKFAM" talk unix:./front) == "new $i" ]]
	done
	is_over "${pids[1]}" && return 1
	finish "$bench"
	cat bench.out
	((STATUS == 0))
	grep -qE '"lost": ?0,' bench.out
	grep -qE '"damaged": ?0,' bench.out
	# its clients have left, and so does it
	finish "${pids[1]}"
	((STATUS == 0))
	stop_server "${pids[0]}"
	stop_server "${pids[2]}"
}
