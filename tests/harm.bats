#!/usr/bin/env bats
# No peer, however slow, hostile or many, harms another; and nobody loses a byte at the server's end.

load helper

prepare() {
	needs_python
	printf 'correct horse battery staple 123' > secret
	chmod 600 secret
}

@test "clients that never read do not mute a unix datagram listener" {
	skip_posix_build 'POSIX does not tell what is unread'
	local hogs
	start_server unix+dgram:s
	# one; many small messages; several; large messages; as many as fit into a queue
	for hogs in '1 4000 1000' '1 4000 1' '12 600 1000' '3 40 100000' '--bound 8 100 1000'; do
		# shellcheck disable=SC2086 # the words are arguments
		set -- $hogs
		if [[ $1 == --bound ]]; then
			shift
			run -0 peer dgram_hog.py --bound s "$@" 8
		else
			run -0 peer dgram_hog.py s "$@" 8
		fi
		echo "$hogs: $output"
		[[ $output == '8 of 8' ]]
	done
	stop_server
}

@test "the greatest datagram comes back beside a client that never reads" {
	skip_posix_build 'POSIX does not tell what is unread'
	start_server unix+dgram:s
	mkfifo go
	"${PYTHON[@]}" "$PEERS/dgram_hog.py" --stay s 1 4000 1000 8 < go > hog 3>&- &
	track $!
	exec {go}> go
	wait_until 20 grep -q ' of ' hog
	[[ $(letters 150000 | timeout 10 "$SOCKFAM" talk -w 5 unix+dgram:s | wc -c) == 150001 ]]
	exec {go}>&-
	stop_server
}

@test "a flood at the door does not keep out whoever comes from elsewhere, and answers late" {
	local workers
	[[ -d /proc/sys/net/ipv4 ]] || skip 'needs 127.0.0.2, which is Linux'
	for workers in 1 4; do
		start_server --workers "$workers" --secret-file secret inet:127.0.0.1:0
		run -0 peer far_clients.py "${ENDPOINT##*:}" secret 3000 0.05 20
		echo "$workers workers: $output"
		[[ $output == '20 of 20, rate='* ]]
		# it was a flood: more than the door has places for, within the time of one answer
		((${output##*=} > 64 * 20))
		stop_server
	done
}

@test "nor does it behind a proxy, where the header tells who comes from elsewhere" {
	local workers
	for workers in 1 4; do
		start_server --workers "$workers" --proxy-protocol --secret-file secret inet:127.0.0.1:0
		run -0 peer far_clients.py "${ENDPOINT##*:}" secret 3000 0.05 20 proxied
		echo "$workers workers: $output"
		[[ $output == '20 of 20, rate='* ]]
		((${output##*=} > 64 * 20))
		stop_server
	done
}

@test "64 may be at the door, whatever the number of workers" {
	local workers
	for workers in 3 100; do
		start_server -v --workers "$workers" --secret-file secret unix:u
		mkfifo stop
		"${PYTHON[@]}" "$PEERS/prover.py" flood "$ENDPOINT" mutual secret echo 70 once < stop > flood 3>&- &
		track $!
		exec {stop}> stop
		wait_until 20 grep -qx 'at the door' flood
		wait_until 10 eval '(($(grep -c ^connect "$LOG") == 70))'
		wait_until 10 eval '(($(grep -c "^close .*one of too many" "$LOG") == 6))'
		exec {stop}>&-
		stop_server
		rm stop
	done
}

@test "header and proof together have one deadline" {
	local seconds
	start_server -v --proxy-protocol --secret-file secret unix:u
	seconds=$SECONDS
	# the header after three seconds, then silence
	{ sleep 3; printf 'PROXY UNKNOWN\r\n'; sleep 10; } | socat -t 20 - UNIX-CONNECT:u > said 3>&- &
	track $!
	wait_until 9 grep -q ' in time$' "$LOG"
	((SECONDS - seconds <= 7))
	stop_server
}

@test "whoever is in the middle of something when the server is told to end gets everything back" {
	local endpoint
	for endpoint in inet:127.0.0.1:0 'inet6:[::1]:0' unix:s; do
		[[ $endpoint != inet6* || -e /proc/net/if_inet6 ]] || continue
		start_server "$endpoint"
		run -0 peer mid_sentence.py 100 "$PID" "$ENDPOINT"
		echo "$ENDPOINT: $output"
		[[ $output == '100 of 100' ]]
		finish "$PID"
		((STATUS == 0))
	done
}

@test "a datagram listener is left at once while streams still drain" {
	start_server -v --drain 5 unix:s unix+dgram:d
	# a client that does not read holds the stream's end up
	socat -u EXEC:'head -c 8000000 /dev/zero' UNIX-CONNECT:s,shut-none < /dev/null 3>&- &
	track $!
	wait_until 10 grep -q ^connect "$LOG"
	kill -TERM "$PID"
	wait_until 2 eval '[[ ! -e d ]]'
	kill -0 "$PID"
	finish "$PID"
	((STATUS == 0))
}
