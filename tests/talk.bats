#!/usr/bin/env bats
# The client: a pipe, and a person at a prompt.

# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper

talk() {
	timeout 30 "$SOCKFAM" talk "$ENDPOINT" "$@"
}

@test "10 MB go through, both ways at once, and come back the same" {
	some_bytes 10000000 > in
	local asked
	for asked in unix:s inet:127.0.0.1:0; do
		start_server "$asked"
		# the pipe is held up on the reading side too
		talk < in | { head -c 1; cat; } > out
		cmp in out
		stop_server
		served connections=1 bytes=10000000
	done
}

@test "input that is a file, a pipe, empty, without a newline at the end" {
	local type
	for type in stream dgram seqpacket; do
		start_server "unix+$type:s"
		printf 'one\ntwo' > in
		talk < in > out
		if [[ $type == stream ]]; then cmp in out; else [[ $(cat -A out) == $'one$\ntwo$' ]]; fi
		# shellcheck disable=SC2002 # a pipe it shall be
		[[ $(cat in | talk) == $'one\ntwo' ]]
		[[ -z $(talk < /dev/null) ]]
		stop_server
	done
}

@test "what was typed is answered at once, before the end of input" {
	local type in out line client reply
	mkfifo in.fifo out.fifo
	for type in stream dgram seqpacket; do
		start_server "unix+$type:s"
		"$SOCKFAM" talk "$ENDPOINT" < in.fifo > out.fifo 3>&- &
		client=$!
		track "$client"
		exec {in}> in.fifo {out}< out.fifo
		for line in one two three; do
			echo "$line" >&"$in"
			read -r -t 10 -u "$out" reply
			[[ $reply == "$line" ]]
		done
		exec {in}>&-
		finish "$client"
		((STATUS == 0))
		exec {out}<&-
		stop_server
	done
}

@test "the peer may end late: half-close, then all that comes" {
	needs_python
	start_peer half_closer.py late > late.out
	wait_until 10 grep -qx ready late.out
	[[ $(echo hello | timeout 20 "$SOCKFAM" talk unix:late) == 'heard hello' ]]
}

@test "-w counts silence, not the whole time" {
	start_server unix:s
	mkfifo in.fifo
	"$SOCKFAM" talk -w 0.4 "$ENDPOINT" < in.fifo > out 2> err 3>&- &
	local client=$! i in began
	track "$client"
	exec {in}> in.fifo
	# eight words a while apart, longer than that in all; each is the event that ends the silence
	for i in 1 2 3 4 5 6 7 8; do
		echo "$i" >&"$in"
		wait_until 10 grep -q "$i" out
		sleep 0.1
	done
	began=$EPOCHREALTIME
	finish "$client" 10
	((STATUS == 124))
	[[ $(< err) == 'sockfam: talk unix+stream:s: '*0.4* ]]
	# the silence was no shorter than -w less the last pause
	((${EPOCHREALTIME//[!0-9]/} - ${began//[!0-9]/} > 200000))
	stop_server
}

@test "a datagram client's own address is gone with it" {
	needs_python
	local path
	start_peer datagram_server.py s > answer.out
	wait_until 10 grep -qx ready answer.out
	[[ $(echo hello | "$SOCKFAM" talk unix+dgram:s) == hello ]]
	finish "$PEER"
	path=$(tail -n 1 answer.out)
	[[ $path == /* && ! -e $path && ! -e ${path%/*}/client ]]
	[[ $(sed -n 2p answer.out) == "$(is_posix_build && echo file || echo abstract)" ]]
}

@test "a name with several addresses: each is tried, in order" {
	needs_python
	# a resolver of our own is not to be had: localhost has the addresses that the system gives it
	local addresses port
	addresses=$(python -c 'import socket
print(*sorted({each[4][0] for each in socket.getaddrinfo("localhost", 1, type=socket.SOCK_STREAM)}))')
	start_server inet:127.0.0.1:0
	[[ " $addresses " == *' 127.0.0.1 '* ]] || skip "localhost is not 127.0.0.1 here: $addresses"
	port=${ENDPOINT##*:}
	# where it is ::1 too, that one refuses, and the next is taken
	[[ $(echo hello | "$SOCKFAM" talk "localhost:$port") == hello ]]
	stop_server
	fails_with 69 "$SOCKFAM" talk "localhost:$port"
}

@test "a name is looked up in the family that was asked for" {
	start_server inet:127.0.0.1:0
	[[ $(echo hello | "$SOCKFAM" talk -4 "localhost:${ENDPOINT##*:}") == hello ]]
	stop_server
}

# The prompt.

# Types what `dialogue` says at a terminal, and shows what is seen there in `screen`.
# Each text is waited for before the next line is typed: nothing is left to luck. The terminal edits
# the lines; tests/terminal.bats has those that the program edits itself.
at_prompt() { # [ARGUMENT...] < dialogue
	needs_python
	TERM=dumb peer typist.py dialogue screen "$SOCKFAM" talk "$@"
}

@test "prompt: each line is a message, exit leaves" {
	local type
	printf '>>> |hello\\n\n>>> |how are you?\\n\n>>> |exit\\n\n' > dialogue
	for type in stream dgram seqpacket; do
		start_server "unix+$type:s"
		at_prompt "$ENDPOINT"
		cat -A screen
		# what the terminal echoes, and what comes back, each on a line of its own
		[[ $(grep -c '^hello$' screen) == 1 && $(grep -c '^how are you?$' screen) == 1 ]]
		[[ $(grep -c '^>>> ' screen) == 3 ]]
		grep -q '^>>> hello$' screen
		grep -q '^>>> exit$' screen
		stop_server
		if [[ $type == stream ]]; then served bytes=17; else served messages=2 bytes=17; fi
	done
}

@test "prompt: the end of input leaves as well" {
	start_server unix:s
	printf '>>> |hello\\n\n>>> |\\x04\n' > dialogue
	at_prompt "$ENDPOINT"
	[[ $(tail -c 1 screen | wc -l) == 1 ]]
	stop_server
	served bytes=5
}

@test "prompt: an empty line is not sent on a stream, and that is said" {
	start_server unix:s
	printf '>>> |\\n\nempty|\n>>> |hello\\n\n>>> |exit\\n\n' > dialogue
	at_prompt "$ENDPOINT"
	grep -qi empty screen
	grep -q '^hello$' screen
	stop_server
	served messages=1 bytes=5
}

@test "prompt: an empty line is a message on dgram and seqpacket, with an empty reply" {
	local type
	for type in dgram seqpacket; do
		if [[ $type == seqpacket ]] && is_posix_build; then
			continue
		fi
		start_server "unix+$type:s"
		printf '>>> |\\n\n>>> |hello\\n\n>>> |exit\\n\n' > dialogue
		at_prompt "$ENDPOINT"
		cat -A screen
		# the empty line typed, the empty reply, the next prompt
		[[ $(sed -n '/^>>> /p; /^$/p' screen | head -n 3 | cat -A) == $'>>> $\n$\n>>> hello$' ]]
		stop_server
		served messages=2 bytes=5
	done
}

@test "prompt: a peer that dies meanwhile is told of, status 76" {
	local type status
	for type in stream seqpacket; do
		start_server "unix+$type:s"
		printf '>>> |hello\\n\n>>> |!kill -KILL %s\n' "$PID" > dialogue
		status=0
		at_prompt "$ENDPOINT" || status=$?
		((status == 76))
		[[ $(tail -n 1 screen) == "sockfam: talk unix+$type:s: "* ]]
		finish "$PID"
	done
}

@test "an end of input that the peer cannot be told is an error, not a wait without end" {
	local type
	preloads failing
	for type in stream seqpacket; do
		start_server "unix+$type:s"
		# after 107, ENOTCONN, a real connection would be over; this one is not
		while read -r number status; do
			echo hello > in
			STATUS=0
			FAILING="shutdown 1 $number" LD_PRELOAD=$PWD/failing.so timeout -s KILL 20 \
				"$SOCKFAM" talk -w 15 "$ENDPOINT" < in > out 2> err || STATUS=$?
			[[ $STATUS == "$status" && $(wc -l < err) == 1 && $(< err) == "sockfam: talk $ENDPOINT: "* ]] ||
				{ cat out err; return 1; }
		done <<< $'107 69\n22 71'
		stop_server
	done
}

@test "prompt: -w, a reply that does not come" {
	start_server unix:s
	printf '>>> |!kill -STOP %s\n|hello\\n\nno reply|\n>>> |!kill -CONT %s\n|exit\\n\n' "$PID" "$PID" > dialogue
	at_prompt -w 0.1 "$ENDPOINT"
	grep -q '(no reply)' screen
	stop_server
}

@test "prompt: pasted lines come back as the lines that they were" {
	local type
	# as the terminal echoes them, and as they come back
	printf '>>> |1\\n22\\nthree\\n4\\n5\\n6\\n7\\neight\\n\neight|\neight|\n>>> |exit\\n\n' > dialogue
	for type in stream dgram seqpacket; do
		start_server "unix+$type:s"
		at_prompt "$ENDPOINT"
		cat -A screen
		# in some order, for the terminal echoes the one while the other comes back
		[[ $(sed -E '1d; s/^(>>> )+//' screen | sort | uniq -c | tr -s ' \n' ' ') == \
			' 2 1 2 22 2 4 2 5 2 6 2 7 2 eight 1 exit 2 three ' ]]
		stop_server
		[[ $type == stream ]] || served messages=8
	done
}

@test "prompt: a paste longer than what the sockets hold" {
	local type line
	line=$(letters 3000)
	{
		printf '>>> |'
		for _ in {1..300}; do printf '%s\\n' "$line"; done
		printf 'last\\n\nlast|\nlast|\n>>> |exit\\n\n'
	} > dialogue
	for type in stream dgram seqpacket; do
		start_server "unix+$type:s"
		at_prompt "$ENDPOINT"
		stop_server
		served bytes=900004
	done
}

@test "prompt: a line that the terminal cut is not sent, and that is said" {
	# another system's terminal may cut it elsewhere
	[[ $(uname -s) == Linux ]] || skip "the limit of Linux's terminals"
	local length
	for length in 4094 4095 6000; do
		start_server unix+seqpacket:s
		printf '>>> |%s\\n\n|hello\\n\nhello|\nhello|\n>>> |exit\\n\n' "$(letters "$length")" > dialogue
		at_prompt "$ENDPOINT"
		if ((length < 4095)); then
			! grep -q 4,095 screen
		else
			grep -q 'cuts lines at 4,095 bytes.*nothing was sent' screen
		fi
		stop_server
		served "messages=$((length < 4095 ? 2 : 1))"
	done
}

@test "prompt: by script(1), which is another terminal's make" {
	needs script
	start_server unix:s
	printf 'hello\nexit\n' | script -qec "'$SOCKFAM' talk '$ENDPOINT'" /dev/null > screen
	tr -d '\r' < screen > seen
	cat -A seen
	grep -q '^hello$' seen
	grep -q '>>> ' seen
	stop_server
}
