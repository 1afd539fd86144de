#!/usr/bin/env bats
# What IPv6 alone has: IPv4 in it or not, zones, brackets.

# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper

prepare() {
	grep -q '^0*1 ' /proc/net/if_inet6 2> /dev/null || skip "this system has no ::1"
}

talk() {
	timeout 20 "$SOCKFAM" talk "$ENDPOINT" "$@"
}

talk_to() { # ENDPOINT
	[[ $(echo hello | timeout 20 "$SOCKFAM" talk "$1") == hello ]]
}

@test "an inet6 listener leaves IPv4 alone: both wildcards share one port" {
	local type port
	for type in stream dgram; do
		start_server "inet6+$type:*:0"
		[[ $ENDPOINT =~ ^inet6\+"$type":\[::\]:[0-9]+$ ]]
		port=${ENDPOINT##*:}
		INPUT=in
		echo hello > in
		fails_with 69 "$SOCKFAM" talk "inet+$type:127.0.0.1:$port"
		start_server "inet+$type:*:$port"
		talk_to "inet+$type:127.0.0.1:$port"
		talk_to "inet6+$type:[::1]:$port"
		stop_server "${SERVERS[-1]}"
		stop_server "${SERVERS[-2]}"
	done
}

@test "--both takes IPv4 too, and names such a peer by its IPv4 address" {
	start_server --both -v 'inet6:*:0'
	talk_to "inet:127.0.0.1:${ENDPOINT##*:}"
	talk_to "inet6:[::1]:${ENDPOINT##*:}"
	stop_server
	cat "$LOG"
	grep -q '^connect inet+stream:127\.0\.0\.1:[0-9]*$' "$LOG"
	grep -q '^close inet+stream:127\.0\.0\.1:[0-9]* bytes=6$' "$LOG"
	grep -q '^connect inet6+stream:\[::1\]:[0-9]*$' "$LOG"
	[[ $(< "$LOG") != *ffff* ]]
}

@test "--both answers datagrams over IPv4, from the address asked" {
	start_server --both 'inet6+dgram:*:0'
	talk_to "inet+dgram:127.0.0.1:${ENDPOINT##*:}"
	talk_to "inet6+dgram:[::1]:${ENDPOINT##*:}"
	if ! is_posix_build; then
		talk_to "inet+dgram:127.0.0.2:${ENDPOINT##*:}"
	fi
	stop_server
}

@test "a wildcard datagram listener answers from the address that it was asked at" {
	needs_python
	needs_network
	skip_posix_build "answer a wildcard dgram from the address asked"
	local status=0
	# shellcheck disable=SC2016 # for the shell in there
	alone sh -c 'ip addr add fd00::5/128 dev lo nodad && ip addr add fd00::6/128 dev lo nodad || exit 99
		exec "$@"' - bash "$PEERS/while_serving.bash" "$SOCKFAM" 'inet6+dgram:*:4000' -- \
		"${PYTHON[@]}" "$PEERS/datagram_asker.py" 'inet6+dgram:[::1]:4000' 'inet6+dgram:[fd00::5]:4000' \
		'inet6+dgram:[fd00::6]:4000' > inside.out 2>&1 3>&- || status=$?
	cat inside.out
	((status != 99)) || skip "no IPv6 address can be added here"
	((status == 0))
}

@test "two echo servers that one forged datagram sets on each other fall silent" {
	needs_python
	needs_network
	skip_posix_build "answer with one hop less"
	alone bash "$PEERS/while_serving.bash" "$SOCKFAM" 'inet6+dgram:[::1]:4001' 'inet6+dgram:[::1]:4002' -- \
		"${PYTHON[@]}" "$PEERS/forger.py" inet6 4001 4002 > echoes 2> err 3>&-
	cat echoes err
	(($(< echoes) > 10 && $(< echoes) < 300))
}

@test "a link-local address without its zone: the error says what is missing" {
	local address
	for address in '[fe80::1]:7' fe80::1 'inet6+dgram:[fe80::1]:7' 'inet6+dgram:[ff02::1]:7'; do
		fails_with 73 "$SOCKFAM" serve "$address"
		[[ $(< fails.err) == *'%ZONE]:PORT)' ]]
		fails_with 69 "$SOCKFAM" talk "$address"
		[[ $(< fails.err) == *'%ZONE]:PORT)' ]]
		fails_with 69 "$SOCKFAM" ping --json "$address"
		fails_with 69 "$SOCKFAM" bench -n 1 "$address"
		[[ $(< fails.err) == *'%ZONE]:PORT)' ]]
	done
}

@test "a zone as it stands in a URL, %25 for the percent sign, is taken" {
	start_server 'inet6:[::1%25lo]:0'
	[[ $ENDPOINT == 'inet6+stream:[::1]:'* ]]
	[[ $(echo hi | "$SOCKFAM" talk "[::1%25lo]:${ENDPOINT##*:}") == hi ]]
	stop_server
	fails_with 68 "$SOCKFAM" talk '[fe80::1%25no-such]:7'
}

@test "a zone may be said where there is one, and is printed" {
	local status=0
	start_server 'inet6:[::1%lo]:0'
	talk_to "$ENDPOINT"
	talk_to "inet6:[::1]:${ENDPOINT##*:}"
	stop_server
	# a link-local address needs it
	local address zone
	read -r address zone < <(sed -n 's/^\(fe80[0-9a-f]*\) .* \([^ ]*\)$/\1 \2/p' /proc/net/if_inet6)
	if [[ -n $address ]]; then
		address=$(sed 's/..../&:/g; s/:$//' <<< "$address")
		start_server "inet6:[$address%$zone]:0"
		[[ $ENDPOINT == 'inet6+stream:[fe80:'*"%$zone]:"* ]]
		talk_to "$ENDPOINT"
		stop_server
		start_server "inet6+dgram:[$address%$zone]:0"
		[[ $ENDPOINT == 'inet6+dgram:[fe80:'*"%$zone]:"* ]]
		talk_to "$ENDPOINT"
		stop_server
		fails_with 73 "$SOCKFAM" serve "inet6:[$address]:0"
	fi
	fails_with 68 "$SOCKFAM" talk 'inet6:[fe80::1%no-such]:7'
	[[ $(< fails.err) == *no-such* ]]
}

@test "brackets: what fits and what does not" {
	start_server '[::1]:0'
	[[ $ENDPOINT == 'inet6+stream:[::1]:'* ]]
	talk_to "[::1]:${ENDPOINT##*:}"
	talk_to "[0:0:0:0:0:0:0:1]:${ENDPOINT##*:}"
	talk_to "inet6::${ENDPOINT##*:}"
	stop_server
	local bad
	for bad in '[::1' '[::1]7' '[::1]:' '[::1]:65536' '[::1]:x y' '[]:7' '[127.0.0.1]:7' '[::1]]:7' '::1]' \
		'[::g]:7' '[::1::2]:7' '[1:2:3:4:5:6:7:8:9]:7' '[:]:7' 'fe80:::1'; do
		fails_with 64 "$SOCKFAM" talk "inet6:$bad"
		[[ $(< fails.err) == *"$bad"* ]]
	done
	fails_with 64 "$SOCKFAM" talk inet6:127.0.0.1:7
}

@test "an address is printed in its shortest form" {
	start_server 'inet6:[0000:0::0001]:0'
	[[ $ENDPOINT == 'inet6+stream:[::1]:'* ]]
	stop_server
	# an IPv4 address in an IPv6 one is an IPv4 peer
	start_server inet:127.0.0.1:0
	fails_with 64 "$SOCKFAM" talk -6 "inet:${ENDPOINT#*:}"
	talk_to "inet6:[::ffff:127.0.0.1]:${ENDPOINT##*:}"
	stop_server
}
