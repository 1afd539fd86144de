#!/usr/bin/env bats
# Calls that fail: the server says so where somebody listens, goes on, and asks no more often than makes sense.

# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper

# A server that is started here can be made to fail: tests/sabotage/failing.c says how.
prepare() {
	needs_python
	preloads failing
	SERVER_PREFIX=(env "LD_PRELOAD=$PWD/failing.so")
}

fail() { # CALL ERROR [GOOD]: it fails from now on; the first GOOD of those that are counted do not
	ln -s "$(python -c "import errno; print(errno.$2)")+${3:-0}" "fail.$1"
}

work() { # CALL: it does so again
	rm "fail.$1"
}

count() { # CALL: its calls are counted from now on
	: > "count.$1"
}

is_called() { # CALL...: was it, since the counting began?
	local call
	for call; do
		wait_until 10 test -s "count.$call" || return 1
	done
}

make_secret() {
	printf 'correct horse battery staple 123' > secret
	chmod 600 secret
}

# Client I says TEXT, and hears it again.
echoes() { # I TEXT
	ask send "$1" "$2"
	ask hear "$1"
	[[ $ANSWER == "$2" ]]
}

is_logged() { # PATTERN
	wait_until 10 grep -qE "$1" "$LOG" || { cat "$LOG"; return 1; }
}

now_ms() {
	echo $((${EPOCHREALTIME//[!0-9]/} / 1000))
}

@test "while no peer can be accepted the others are served, and the server does not ask again and again" {
	local error begin calls i
	for error in EMFILE ENFILE ENOBUFS ENOMEM; do
		start_server unix:s
		start_clients
		ask open 1
		echoes 0 here
		fail accept "$error"
		count accept
		ask open 2
		ask send 1 'number 1'
		ask send 2 'number 2'
		is_called accept
		count accept
		begin=$(now_ms)
		for i in 1 2 3 4 5; do
			echoes 0 "again $i"
			sleep 0.1
		done
		calls=$(stat -c %s count.accept)
		echo "$error: $calls calls in $(($(now_ms) - begin)) ms"
		((calls >= 1 && calls <= ($(now_ms) - begin) / 50 + 2))
		ask silent 1
		[[ $ANSWER == silent ]]
		work accept
		ask hear 1
		[[ $ANSWER == 'number 1' ]]
		ask hear 2
		[[ $ANSWER == 'number 2' ]]
		stop_clients
		stop_server
		served connections=3
		rm count.*
	done
}

@test "a listener that cannot be watched again is tried again" {
	skip_posix_build 'poll(2) is told each time what to watch'
	start_server unix:s
	start_clients
	fail accept EMFILE
	count accept
	ask open 1
	ask send 0 hello
	is_called accept
	fail epoll_ctl ENOSPC
	count epoll_ctl
	work accept
	is_called epoll_ctl
	work epoll_ctl
	ask hear 0
	[[ $ANSWER == hello ]]
	stop_server
}

@test "what waits to be sent is sent, though the connection could not be watched for it at first" {
	skip_posix_build 'poll(2) is told each time what to watch'
	local asked
	for asked in unix:s unix+seqpacket:q inet:127.0.0.1:0; do
		start_server "$asked"
		start_clients
		ask open 1
		echoes 0 here
		fail send EAGAIN
		fail epoll_ctl ENOSPC
		count epoll_ctl
		ask send 0 hello
		is_called epoll_ctl
		work epoll_ctl
		work send
		ask hear 0
		[[ $ANSWER == hello ]]
		echoes 0 'and more'
		stop_clients
		stop_server
		rm count.*
	done
}

@test "a peer that is told of the end has no longer for its own because it could not be watched at first" {
	skip_posix_build 'poll(2) is told each time what to watch'
	start_server -v --reply json unix:s
	start_clients
	ask open 1
	fail send EAGAIN
	count send
	ask send 0 '[1,x'
	is_called send
	# its reply waits: now that can be sent, but the end of the peer cannot be waited for
	fail epoll_ctl ENOSPC
	count epoll_ctl
	work send
	is_called epoll_ctl
	work epoll_ctl
	is_logged '^close .*not JSON at offset 3: '
	ask hear 0
	[[ $ANSWER == '[1,' ]]
	ask hear 0
	[[ $ANSWER == end ]]
	stop_server
}

@test "--idle-timeout closes who does not read records, too" {
	start_server -v --idle-timeout 2 unix+seqpacket:s
	start_clients
	ask open 1
	fail send EAGAIN
	ask send 0 hello
	is_logged '^close .*bytes=5: idle: it does not read$'
	work send
	stop_server
}

@test "a wrong byte ends the connection once the good ones before it are sent, though they had to wait" {
	start_server -v --reply json unix:s
	start_clients
	ask open 1
	fail send EAGAIN
	count send
	ask send 0 '[1,x'
	is_called send
	# what it sends now is not looked at, and no reason to reset it
	ask send 0 'and more'
	work send
	ask hear 0
	[[ $ANSWER == '[1,' ]]
	ask hear 0
	[[ $ANSWER == end ]]
	ask close 0
	is_logged '^close .*bytes=4: not JSON at offset 3: '
	stop_server
}

@test "a reply waits behind an answer that waits already" {
	make_secret
	start_server --secret-file secret unix:s
	count send
	fail send EAGAIN 1 # the challenge is sent
	start_peer prover.py joined "$ENDPOINT" mutual secret echo 'the text' > said
	wait_until 10 eval '(($(stat -c %s count.send) >= 2))'
	work send
	finish "$PEER"
	((STATUS == 0))
	[[ $(< said) == 'the text' ]]
	stop_server
}

says_hello() { # [OPTION...] -> what comes back
	echo hello | timeout 10 "$SOCKFAM" talk "$@" "$ENDPOINT" 2> /dev/null
}

says_json() {
	echo '"hello"' | timeout 10 "$SOCKFAM" talk "$ENDPOINT" 2> /dev/null | tr -d '"'
}

says_header() {
	printf 'PROXY TCP4 192.0.2.1 192.0.2.2 50000 7\r\nhello' | timeout 10 "$SOCKFAM" talk "$ENDPOINT" 2> /dev/null
}

# Wherever memory ends on the way of a new peer to being served, it is closed for that reason, and OLD,
# client 0, is served on. CLIENT prints hello if it is served; at least LEAST times memory is asked for.
memory_ends_anywhere() { # LEAST OLD|none CLIENT...
	local number
	for ((number = 0; ; number++)); do
		((number < 20))
		count malloc
		fail malloc ENOMEM "$number"
		[[ $("${@:3}") == hello ]] && break
		[[ $2 == none ]] || echoes 0 "$2"
		work malloc
		wait_until 10 eval '(($(grep -c "^close .* bytes=0: Cannot allocate memory$" "$LOG") == number + 1))'
	done
	work malloc
	echo "$number times"
	((number >= $1))
	stop_server
	(($(grep -c ^connect "$LOG") == $(grep -c ^close "$LOG")))
}

@test "a peer for whom there is no memory is closed for that reason, and the others are served on" {
	local asked options least client
	while read -r asked least client options; do
		echo "$asked $options"
		# shellcheck disable=SC2086 # several words
		start_server -v $options "$asked"
		start_clients
		ask open 1
		echoes 0 12
		memory_ends_anywhere "$least" 12 "$client"
		stop_clients
	done <<- END
		unix:s 2 says_hello
		unix+seqpacket:s 2 says_hello
		inet:127.0.0.1:0 2 says_hello
		unix:s 3 says_json --reply json
	END
}

@test "nor is there memory for a header or a proof" {
	make_secret
	start_server -v --proxy-protocol unix:s
	memory_ends_anywhere 4 none says_header
	start_server -v --secret-file secret unix:s
	memory_ends_anywhere 3 none says_hello --secret-file secret
}

@test "a reply that must wait, and has no memory for that, ends the connection for that reason" {
	start_server -v unix:s
	start_clients
	ask open 2
	echoes 0 here
	echoes 1 'here too'
	fail send EAGAIN
	fail malloc ENOMEM
	ask send 0 hello
	is_logged '^close .*bytes=9: Cannot allocate memory$'
	work send
	echoes 1 'still here'
	ask hear 0
	[[ $ANSWER == end ]]
	stop_server
}

# The server has all of the client's datagrams in its queue, and the client is gone, before it sees one.
datagrams_come() { # COUNT LENGTH -> CLIENT, its address
	rm -f mine
	kill -STOP "$PID"
	CLIENT=$(peer datagram_sender.py "$ENDPOINT" "$@")
	kill -CONT "$PID"
}

# That many datagrams of the client's were told of as dropped, for that reason.
are_dropped() { # COUNT REASON
	local count=$1 line="drop $CLIENT: $2"
	wait_until 10 eval '(($(grep -cxF "$line" "$LOG") == count))' || { sort "$LOG" | uniq -c; return 1; }
}

@test "a datagram whose answer cannot be sent is told of, and the next is answered" {
	local asked
	for asked in unix+dgram:s inet+dgram:127.0.0.1:0; do
		start_server -v "$asked"
		fail sendmsg EPERM
		datagrams_come 5 10
		are_dropped 5 'Operation not permitted'
		work sendmsg
		[[ $(says_hello) == hello ]]
		stop_server
		(($(grep -c ^drop "$LOG") == 5))
		served messages=1
	done
}

@test "a datagram from somebody who is gone is told of" {
	start_server -v unix+dgram:s
	datagrams_come 5 10
	are_dropped 5 'Connection refused'
	stop_server
	(($(grep -c ^drop "$LOG") == 5))
}

@test "a datagram whose answer must wait is told of where it has no memory, no place, or waits in vain" {
	start_server -v inet+dgram:127.0.0.1:0
	fail sendmsg EAGAIN
	fail malloc ENOMEM
	datagrams_come 3 10
	are_dropped 3 'no memory'
	work malloc
	datagrams_come 140 10
	are_dropped 12 'it does not read, and too many wait already'
	are_dropped 128 'it does not read'
	work sendmsg
	[[ $(says_hello) == hello ]]
	stop_server
	(($(grep -c ^drop "$LOG") == 143))
	served messages=1
}

@test "a datagram or a record that is too long is told of, and the next is answered" {
	local status=0
	start_server -v unix+dgram:s unix+seqpacket:q
	CLIENT=$(peer datagram_sender.py "$ENDPOINT" 2 1048577) || status=$?
	((status != 3)) || skip 'needs CAP_NET_ADMIN, to send more than the system allows'
	are_dropped 2 'a message longer than the greatest that fits'
	[[ $(says_hello) == hello ]]
	ENDPOINT=${ENDPOINTS[1]}
	python -c 'import socket
client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
client.setsockopt(socket.SOL_SOCKET, 32, 1 << 22)  # SO_SNDBUFFORCE
client.connect("q")
client.send(b"x" * ((1 << 20) + 1))
client.recv(1)'
	is_logged '^close unix\+seqpacket:.* bytes=0: a record longer than the greatest that fits$'
	[[ $(says_hello) == hello ]]
	stop_server
	(($(grep -c ^drop "$LOG") == 2))
}

@test "a listener that cannot receive is told of once, and serves on when it can" {
	local asked before
	for asked in unix+dgram:s inet+dgram:127.0.0.1:0; do
		start_server -v "$asked"
		# one without an address is told of once, too: that is another matter
		[[ $asked != unix* ]] || python -c 'import socket
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"hello", "s")'
		fail recvmsg ENOMEM
		count recvmsg
		datagrams_come 1 10
		wait_until 10 eval '(($(stat -c %s count.recvmsg) > 5))'
		work recvmsg
		[[ $(says_hello) == hello ]]
		fail recvmsg ENOMEM
		datagrams_come 1 10
		wait_until 10 eval '(($(grep -cxF "drop $ENDPOINT: Cannot allocate memory" "$LOG") == 2))'
		work recvmsg
		[[ $(says_hello) == hello ]]
		stop_server
		(($(grep -cxF "drop $ENDPOINT: Cannot allocate memory" "$LOG") == 2))
	done
}

@test "header, proof and first bytes, cut wherever: each stage leaves to the next what is not its own" {
	skip_posix_build 'tell what is unread'
	local form header reply count text=12345 options
	make_secret
	fail urandom ENOENT
	for form in none mutual simple; do
		for header in none v1 v2; do
			for reply in echo json; do
				options=(-v --reply "$reply")
				[[ $form == none ]] || options+=(--secret-file secret --auth "$form")
				[[ $header == none ]] || options+=(--proxy-protocol)
				start_server "${options[@]}" unix:s
				run -0 peer stages_client.py "$ENDPOINT" "$form" secret "$header" "$text"
				echo "$form $header $reply: $output"
				count=${output% of *}
				[[ $output == "$count of $count" ]]
				stop_server
				# what is counted is the text alone: in four of the ways in two, in one in five pieces
				served connections="$count" messages=$((count + 8)) bytes=$((count * 5))
				(($(grep -c '^close .* bytes=5$' "$LOG") == count))
			done
		done
	done
}
