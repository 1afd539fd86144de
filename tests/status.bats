#!/usr/bin/env bats
# The table of exit statuses, each row provoked. fails_with() also holds every failure to one line on
# standard error that begins with `sockfam: `, and to silence on standard output.

# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper

@test "0: help and version, to standard output" {
	local command
	for command in '' serve talk; do
		# shellcheck disable=SC2086 # an empty command is none
		"$SOCKFAM" $command --help > out 2> err
		[[ $(head -n 1 out) == "usage: sockfam ${command:-COMMAND}"* && ! -s err ]]
	done
	"$SOCKFAM" --version > out 2> err
	[[ $(< out) =~ ^sockfam\ [0-9.]+\ \((epoll|poll)\)$ && ! -s err ]]
}

@test "help names every option of the contract" {
	local option
	"$SOCKFAM" serve --help > serve.out
	for option in -U -4 -6 --family -u -t --type --reply --backlog --max-connections --idle-timeout \
		--workers --spin --mode --drain --allow-low-ports --inetd --ready-fd --congestion --both -v; do
		grep -q -e "$option\\b" serve.out || { echo "$option is missing"; return 1; }
	done
	"$SOCKFAM" talk --help > talk.out
	for option in -U -4 -6 --family -u -t --type -w --timeout; do
		grep -q -e "$option\\b" talk.out || { echo "$option is missing"; return 1; }
	done
}

@test "64: no command, or one that there is not" {
	local status=0
	"$SOCKFAM" > out 2> err || status=$?
	((status == 64))
	[[ ! -s out && $(< err) == usage:* ]]
	fails_with 64 "$SOCKFAM" no-such-command
	fails_with 64 "$SOCKFAM" --no-such-option
}

@test "64: options" {
	fails_with 64 "$SOCKFAM" serve --no-such-option
	[[ $(< fails.err) == *--no-such-option* ]]
	fails_with 64 "$SOCKFAM" talk -Z
	[[ $(< fails.err) == *-Z* ]]
	fails_with 64 "$SOCKFAM" serve --reply
	fails_with 64 "$SOCKFAM" serve --reply=sideways
	[[ $(< fails.err) == *sideways* ]]
	fails_with 64 "$SOCKFAM" serve --both=yes
	fails_with 64 "$SOCKFAM" serve --family x25
	fails_with 64 "$SOCKFAM" serve --type raw
	fails_with 64 "$SOCKFAM" talk --reply echo
}

@test "64: numbers" {
	local bad
	for bad in '--backlog -1' '--backlog x' '--backlog 1.5' '--backlog 99999999999999999999' \
		'--max-connections 0' '--workers 0' '--workers 1000000' '--mode 8' '--mode 1000' '--mode -1' \
		'--mode 0x1' '--idle-timeout -1' '--idle-timeout nan' '--idle-timeout inf' '--idle-timeout 0x1p3' \
		'--drain -0.1' '--drain 1x' '--drain 1e99' '--drain 1s2m' '--drain 0.1ns' \
		'--drain 0.0000000001' '--spin -1' '--spin 1,5' '--ready-fd -1' \
		'--ready-fd 1x'; do
		# shellcheck disable=SC2086 # an option and its argument
		fails_with 64 "$SOCKFAM" serve $bad unix:s
		[[ $(< fails.err) == *"${bad#* }"* ]]
	done
	fails_with 64 "$SOCKFAM" serve --mode '' unix:s
	for bad in -1 x '' 1d; do
		fails_with 64 "$SOCKFAM" talk -w "$bad" unix:s
	done
	[[ ! -e s ]]
}

@test "64: a flag, a prefix and an address that contradict each other" {
	local bad
	for bad in '-4 -6' '-U --family inet' '-u -t stream' '-t dgram -t seqpacket' '-4 unix:s' \
		'-6 inet:127.0.0.1:1' '-U inet:127.0.0.1:1' '-u inet+stream:127.0.0.1:1' \
		'-t stream unix+dgram:s' '-4 [::1]:1' '-6 127.0.0.1:1' 'inet:[::1]:1' 'inet6:127.0.0.1:1' \
		'-4 /tmp/s' '-6 @name'; do
		# shellcheck disable=SC2086 # options and operands
		fails_with 64 "$SOCKFAM" talk $bad
		# shellcheck disable=SC2086
		fails_with 64 "$SOCKFAM" serve $bad
	done
}

@test "a flag that says what the prefix says is no contradiction" {
	start_server -U -U -u -t dgram --family unix unix+dgram:s
	[[ $ENDPOINT == unix+dgram:s ]]
	[[ $(echo hello | "$SOCKFAM" talk -U -u unix:s) == hello ]]
	stop_server
}

@test "64: endpoints" {
	local bad
	for bad in inet+seqpacket:127.0.0.1:1 'inet6+seqpacket:[::1]:1' unix+raw:s unix+:s x25:s inet+tcp:127.0.0.1:1; do
		fails_with 64 "$SOCKFAM" talk "$bad"
		fails_with 64 "$SOCKFAM" serve "$bad"
		[[ $(< fails.err) == *"${bad%%:*}"* ]]
	done
	fails_with 64 "$SOCKFAM" talk ''
	fails_with 64 "$SOCKFAM" serve ''
	fails_with 64 "$SOCKFAM" serve -4 -t seqpacket
	fails_with 64 "$SOCKFAM" talk unix:a unix:b
	# all operands are read before anything is listened on
	fails_with 64 "$SOCKFAM" serve unix:s inet:127.0.0.1:70000
	[[ ! -e s ]]
}

@test "64: --inetd with an endpoint, or without a socket" {
	fails_with 64 "$SOCKFAM" serve --inetd unix:s
	fails_with 64 "$SOCKFAM" serve --inetd
}

@test "65: a line longer than any message" {
	local type
	letters 3000000 > in
	for type in dgram seqpacket; do
		start_server "unix+$type:s"
		INPUT=in fails_with 65 "$SOCKFAM" talk "$ENDPOINT"
		stop_server
	done
}

@test "68 or 75: a host that is unknown, by a resolver that knows or cannot say" {
	local status=0
	# RFC 6761: .invalid never exists
	timeout 60 "$SOCKFAM" talk inet:no-such-host.invalid:1 > out 2> err < /dev/null || status=$?
	cat err
	((status == 68 || status == 75))
	[[ ! -s out && $(wc -l < err) == 1 && $(< err) == 'sockfam: '*no-such-host.invalid* ]]
}

@test "69: refused, no such socket, dead, of another type" {
	local type
	echo hello > in
	INPUT=in
	for type in stream dgram; do
		start_server "inet+$type:127.0.0.1:0"
		stop_server
		fails_with 69 "$SOCKFAM" talk "$ENDPOINT"
		[[ $(< fails.err) == *"$ENDPOINT"* ]]
	done
	for type in stream dgram seqpacket; do
		fails_with 69 "$SOCKFAM" talk "unix+$type:nobody"
		[[ $(< fails.err) == *"unix+$type:nobody"* ]]
		fails_with 69 "$SOCKFAM" talk "unix+$type:@nobody-$$"
		fails_with 69 "$SOCKFAM" talk "unix+$type:in"
		fails_with 69 "$SOCKFAM" talk "unix+$type:in/s"
		start_server "unix+$type:dead"
		kill -KILL "$PID"
		finish "$PID"
		fails_with 69 "$SOCKFAM" talk "unix+$type:dead"
	done
	start_server unix+stream:s
	fails_with 69 "$SOCKFAM" talk unix+dgram:s
	fails_with 69 "$SOCKFAM" talk unix+seqpacket:s
	stop_server
}

@test "74: standard output that takes nothing" {
	[[ -c /dev/full ]] || skip "there is no /dev/full"
	full() {
		"$@" > /dev/full
	}
	fails_with 74 full "$SOCKFAM" --help
	fails_with 74 full "$SOCKFAM" --version
	fails_with 74 full "$SOCKFAM" serve --help
	fails_with 74 full "$SOCKFAM" serve unix:s
	[[ ! -e s && ! -e s.lock ]]
	local type
	echo hello > in
	INPUT=in
	for type in stream dgram seqpacket; do
		start_server "unix+$type:s"
		fails_with 74 full "$SOCKFAM" talk "$ENDPOINT"
		stop_server
	done
}

@test "71: standard input that cannot be read" {
	local type
	for type in stream dgram seqpacket; do
		start_server "unix+$type:s"
		INPUT=. fails_with 71 "$SOCKFAM" talk "$ENDPOINT"
		stop_server
	done
}

@test "73: cannot listen" {
	start_server unix:s inet:127.0.0.1:0
	fails_with 73 "$SOCKFAM" serve unix:s
	fails_with 73 "$SOCKFAM" serve "${ENDPOINTS[1]}"
	fails_with 73 "$SOCKFAM" serve unix:missing/s
	stop_server
}

@test "73: if one of several cannot be had, none is kept" {
	touch taken
	local status=0
	"$SOCKFAM" serve unix:first unix:taken > out 2> err || status=$?
	((status == 73))
	[[ ! -s out && $(< err) == 'sockfam: '*taken* ]]
	[[ ! -e first && ! -e first.lock ]]
}

@test "76: the peer ends while input is left" {
	local type peer input
	mkfifo input
	exec {input}<> input
	for type in stream seqpacket; do
		start_server "unix+$type:s"
		"$SOCKFAM" talk "$ENDPOINT" < input > out 2> err 3>&- &
		peer=$!
		track "$peer"
		echo hello >&"$input"
		wait_until 10 grep -q hello out
		stop_server
		finish "$peer"
		cat err
		((STATUS == 76))
		[[ $(wc -l < err) == 1 && $(< err) == 'sockfam: talk unix+'"$type"':s: '* ]]
	done
}

@test "77: not permitted" {
	needs setpriv
	needs_root "to become somebody who may not"
	public_folder
	chmod 700 "$PLACE"
	start_server "$PLACE/s"
	cp "$SOCKFAM" ./sockfam
	# opened before the folders above are out of reach
	fails_with 77 setpriv --reuid 65534 --regid 65534 --clear-groups -- \
		bash -c 'exec "$0" "$@" <&4' /proc/self/fd/5 talk "$PLACE/s" 4< /dev/null 5< ./sockfam
	stop_server
}

@test "124: -w, a peer that never answers" {
	local type
	echo hello > in
	INPUT=in
	for type in unix+stream unix+dgram unix+seqpacket inet+stream inet+dgram; do
		if [[ $type == inet* ]]; then start_server "$type:127.0.0.1:0"; else start_server "$type:s"; fi
		kill -STOP "$PID"
		fails_with 124 timeout 20 "$SOCKFAM" talk -w 0.1 "$ENDPOINT"
		[[ $(< fails.err) == *"$ENDPOINT"* ]]
		kill -CONT "$PID"
		stop_server
	done
}

@test "124: -w, a listener whose queue is full" {
	local input
	start_server --backlog 0 unix:s
	kill -STOP "$PID"
	mkfifo input
	exec {input}<> input
	for _ in 1 2 3; do
		"$SOCKFAM" talk unix:s < input > /dev/null 2>&1 3>&- &
		track $!
	done
	full() {
		local status=0
		timeout 20 "$SOCKFAM" talk -w 0.1 unix:s < /dev/null > out 2> err || status=$?
		[[ $status == 124 && $(< err) == *connect* ]]
	}
	wait_until 10 full
	kill -CONT "$PID"
	stop_server
}
