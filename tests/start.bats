#!/usr/bin/env bats
# What is there before anybody is told that it is ready, and what happens where it cannot be had; standard
# input, output and error as they were given to the program.

load helper

# The status that PROGRAM has in `PROGRAM | head -n 1`; what it says on standard error is in `piped.err`.
into_head() { # PROGRAM...
	local statuses
	timeout 20 "$@" 2> piped.err < /dev/null | head -n 1 > /dev/null
	statuses=("${PIPESTATUS[@]}")
	STATUS=${statuses[0]}
}

@test "an endpoint that cannot be had: nothing is printed of the others, and nothing is left" {
	touch file
	fails_with 73 "$SOCKFAM" serve unix:first inet:127.0.0.1:0 unix:file
	[[ $(ls) == $'fails.err\nfails.out\nfile' ]]
}

@test "too few descriptors: an error that says what to raise, and never ready" {
	local most ready=0
	for most in 5 6 7 8 9 10 11 12 13 14 15 16; do
		(
			ulimit -n "$most"
			exec 3>&-
			exec timeout --foreground -s TERM 1 "$SOCKFAM" serve unix:s > out 2> err
		) || STATUS=$?
		[[ -s err ]] || continue # not even timeout(1) could be started
		if grep -qx ready out; then
			ready=$((ready + 1))
		else
			[[ ! -s out ]]
			grep -q 'ulimit -n\|shared libraries\|failed to run' err
			[[ ! -e s ]]
		fi
	done
	# with enough of them it serves, or the others would prove nothing
	((ready > 0))
}

@test "whatever the umask: the next server takes over after a crash" {
	local mask
	for mask in 777 077 000; do
		umask "$mask"
		start_server unix:s
		kill -KILL "$PID"
		finish "$PID"
		# as root could open any file, the mode itself is looked at
		[[ $(stat -c %a s.lock) == 600 && $(stat -c %a s) == 600 ]]
		start_server unix:s
		stop_server
		umask 022
		[[ ! -e s && ! -e s.lock ]]
		rm -f server.*
	done
}

@test "the same path twice in one command is refused, and a lock is not lost by it" {
	fails_with 73 "$SOCKFAM" serve unix:s "unix:$PWD/s"
	[[ $(< fails.err) == *'this server holds it already' ]]
	[[ ! -e s && ! -e s.lock ]]
}

@test "standard input that is closed is no socket's" {
	start_server unix:s unix+dgram:d
	run -71 timeout -s KILL 10 bash -c '"$0" talk unix:s <&-' "$SOCKFAM"
	[[ $output == 'sockfam: standard input: Bad file descriptor' ]]
	# and without it the others do their work
	timeout 20 bash -c '"$0" ping -c 1 unix:s <&-' "$SOCKFAM" > out
	grep -q '^1 sent, 1 received' out
	stop_server
	start_server unix:t <&-
	[[ $(echo hello | "$SOCKFAM" talk unix:t) == hello ]]
	stop_server
}

@test "standard output that is closed or full is status 74, with its true reason" {
	local command
	start_server unix:s unix+dgram:d
	for command in 'ping -c 2 -i 0 unix:s' 'ping -c 2 -i 0 -q --json unix:s' 'bench -n 10 --warmup 0 unix:s' \
		'bench -n 10 --warmup 0 --json unix:s' 'talk unix:s' 'talk unix+dgram:d' 'demo --list' 'demo unix-types' \
		'demo' '--help' '--version' 'bench --help' 'serve unix:new'; do
		# shellcheck disable=SC2086 # the words are arguments
		run -74 bash -c 'echo hello | timeout -s KILL 20 "$0" $1 >&-' "$SOCKFAM" "$command"
		[[ $output == 'sockfam: standard output: Bad file descriptor' ]] || { echo "$command: $output"; return 1; }
		run -74 bash -c 'echo hello | timeout -s KILL 20 "$0" $1 > /dev/full' "$SOCKFAM" "$command"
		[[ $output == 'sockfam: standard output: No space left on device' ]] || { echo "$command: $output"; return 1; }
	done
	[[ ! -e new && ! -e new.lock ]]
	stop_server
}

@test "a pipe that nobody reads any more ends the program by SIGPIPE, without a word" {
	local command
	start_server unix:s
	for command in 'ping -i 0.01 unix:s' 'demo --all' 'demo --all --tap'; do
		# shellcheck disable=SC2086 # the words are arguments
		into_head "$SOCKFAM" $command
		((STATUS == 141)) || { echo "$command: $STATUS"; return 1; }
		[[ ! -s piped.err ]]
	done
	# where whoever started it has SIGPIPE ignored, it is an error like another
	run -74 bash -c 'trap "" PIPE; set -o pipefail; "$0" ping -i 0.01 unix:s | head -n 1 > /dev/null' "$SOCKFAM"
	[[ $output == 'sockfam: standard output: Broken pipe' ]]
	stop_server
}

@test "records go whole through an output that does not block" {
	needs_python
	start_server unix+seqpacket:q
	for ((i = 0; i < 3000; i++)); do printf '%d %0100d\n' "$i" 0; done > lines
	# a pipe without O_NONBLOCK cleared, read slowly
	"${PYTHON[@]}" -c '
import os, subprocess, sys, time
ours, theirs = os.pipe()
os.set_blocking(theirs, False)
talk = subprocess.Popen(sys.argv[1:], stdin=open("lines"), stdout=theirs)
os.close(theirs)
time.sleep(0.3)
sys.stdout.buffer.write(open(ours, "rb").read())
sys.exit(talk.wait())' "$SOCKFAM" talk unix+seqpacket:q > got
	cmp lines got
	stop_server
}
