#!/usr/bin/env bats
# How bench ends before its time: by a signal, whatever it does, and with nothing left.

# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper
load measure
load bench

@test "SIGTERM gets through, whatever the load does" {
	needs_python
	local arguments
	start_server -v inet+dgram:127.0.0.1:0 unix:s
	while read -r arguments; do
		# shellcheck disable=SC2086 # options and an operand
		"$SOCKFAM" $arguments > out 2>&1 3>&- &
		track $!
		kill -0 $!
		wait_until 10 is_catching $!
		kill -TERM $!
		finish $! 5
		((STATUS <= 1)) || { echo "$arguments: $STATUS"; cat out; return 1; }
	done <<- END
		bench -d 60 -R 1G ${ENDPOINTS[0]}
		bench -d 60 -R 1G --threads 4 -c 8 --spin ${ENDPOINTS[1]}
		bench -d 60 -R 0.001 ${ENDPOINTS[0]}
		bench -d 60 --spin --depth 65536 -s 1000 ${ENDPOINTS[1]}
		bench -d 60 --warmup 1h ${ENDPOINTS[1]}
		ping -i 0.000000001 ${ENDPOINTS[0]}
		ping -i 0 --spin ${ENDPOINTS[1]}
		ping -i 24h ${ENDPOINTS[0]}
	END
	stop_server
	# nobody takes the connection
	start_hostile inet+stream full
	for arguments in "ping -W 60" "bench -d 60"; do
		# shellcheck disable=SC2086 # a command and its options
		"$SOCKFAM" $arguments "$ENDPOINT" > out 2>&1 3>&- &
		track $!
		wait_until 10 is_catching $!
		kill -TERM $!
		finish $! 3
		((STATUS == 1))
		[[ $(tail -n 1 out) == 'sockfam: connect '*': '*ancel* ]]
	done
	stop_hostile
}

@test "SIGINT: what there is, and that it is partial" {
	needs_python
	start_server -v inet:127.0.0.1:0
	start_bench json -d 30 --warmup 0.05 --json "$ENDPOINT"
	local json=$BENCH
	start_bench table -d 30 --warmup 0.05 "$ENDPOINT"
	local table=$BENCH
	start_bench rate -R 100 -d 30 --warmup 0.05 --json "$ENDPOINT"
	local rate=$BENCH
	wait_until 10 connected 6
	wait_until 10 is_working "$json" 10
	wait_until 10 is_working "$table" 10
	kill -INT "$json" "$table" "$rate"
	for job in "$json" "$table" "$rate"; do
		finish "$job" 3
		((STATUS == 0))
	done
	holds json.out "f['complete'] is False" "r[0]['messages'] > 0" "r[0]['lost'] == r[0]['damaged'] == 0"
	holds rate.out "f['complete'] is False" "r[0]['messages'] > 0" "r[0]['lost'] == 0"
	tail -n 1 table.out | grep -q '^partial'
	grep -q "^$ENDPOINT" table.out
	stop_server
	bench_status 0 --merge --json json.out
	holds out "f['complete'] is False"
}

own_is_up() {
	[[ -n $(ls own) ]]
}

# The server that a bench of its own started.
child_of() { # PID -> CHILD
	CHILD=$(ps -o pid= --ppid "$1" | tr -d ' ')
	[[ -n $CHILD ]]
}

@test "the own server is gone, and its files with it: by SIGINT, SIGTERM, kill -9" {
	local signal
	for signal in INT TERM KILL; do
		start_bench "$signal" -d 60 --rounds 1
		wait_until 10 own_is_up
		wait_until 10 is_working "$BENCH" 3
		child_of "$BENCH"
		track "$CHILD"
		kill -"$signal" "$BENCH"
		finish "$BENCH" 5
		wait_until 5 is_over "$CHILD"
		[[ -z $(ls own) ]] || { ls -R own; return 1; }
		[[ $signal == KILL ]] || tail -n 1 "$signal.out" | grep -q '^partial'
	done
}

@test "Ctrl-C, which reaches the own server as well: partial, nothing left" {
	needs setsid
	"${BASH}" -c 'set -m; exec "$@"' - setsid "$SOCKFAM" bench -d 60 --rounds 1 > out 2> err 3>&- &
	local group=$!
	track "$group"
	wait_until 10 own_is_up
	wait_until 10 is_working "$group" 3
	kill -INT -- "-$group"
	finish "$group" 5
	tail -n 1 out | grep -q '^partial' || { cat out err; return 1; }
	[[ ! -s err && -z $(ls own) ]]
}

@test "SIGINT while it waits for --start-at: at once" {
	start_server inet:127.0.0.1:0
	start_bench late --start-at $((EPOCHSECONDS + 30)) -n 10 "$ENDPOINT"
	caught() { grep -q '^SigCgt:.*[2367abef]$' "/proc/$BENCH/status"; }
	wait_until 5 caught
	kill -INT "$BENCH"
	finish "$BENCH" 3
	stop_server
}
