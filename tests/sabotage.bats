#!/usr/bin/env bats
# A demonstration must notice when its subject does nothing: each claim that is looked at here holds,
# and no longer does once the system only pretends.

load helper

prepare() {
	preloads sabotage
}

demo() { # SABOTAGE NAME -> OUT, STATUS
	STATUS=0
	OUT=$(SABOTAGE=$1 LD_PRELOAD=$PWD/sabotage.so timeout -s KILL 20 "$SOCKFAM" demo --tap "$2") || STATUS=$?
}

# The sabotage turns a claim of NAME that matches CLAIM from ok to not ok; the status tells so too.
notices() { # SABOTAGE NAME CLAIM
	demo none "$2"
	if [[ $OUT =~ "# SKIP "([^$'\n']*) ]]; then
		skip "$2: ${BASH_REMATCH[1]}"
	fi
	if ((STATUS != 0)) || grep '^not ok' <<< "$OUT" || ! grep -Eq "^ok [0-9]+ - $2: .*$3" <<< "$OUT"; then
		printf 'without sabotage, status %s:\n%s\n' "$STATUS" "$OUT"
		return 1
	fi
	demo "$1" "$2"
	if ((STATUS != 1)) || ! grep -Eq "^not ok [0-9]+ - $2: .*$3" <<< "$OUT"; then
		printf '%s did nothing, status %s:\n%s\n' "$1" "$STATUS" "$OUT"
		return 1
	fi
}

@test "the library without an order changes nothing" {
	demo '' unix-backlog
	((STATUS == 0))
	[[ $OUT == *'ok '* ]]
	run ! grep '^not ok' <<< "$OUT"
}

@test "no SCM_RIGHTS: unix-descriptor-passing notices" {
	notices rights unix-descriptor-passing 'a descriptor arrived'
}

@test "credentials that are not sent: unix-credentials notices" {
	notices claimed unix-credentials 'the kernel checks them'
}

@test "a backlog that is not the one asked for: unix-backlog notices" {
	notices backlog unix-backlog 'holds one more than it says'
}

@test "a backlog that is not the one asked for: tcp-backlog notices" {
	notices backlog tcp-backlog 'its SYN is dropped'
}

@test "no shutdown: unix-reset notices" {
	notices shutdown unix-reset 'the client sees the end'
}

@test "no shutdown: unix-socketpair notices" {
	notices shutdown unix-socketpair 'the child saw the end'
}

@test "no shutdown: tcp-half-close notices" {
	notices shutdown tcp-half-close 'then the end'
}

@test "no shutdown: tcp-urgent notices" {
	notices shutdown tcp-urgent 'and then'
}

@test "no shutdown: proof-relay notices" {
	notices shutdown proof-relay 'reads its end'
}

@test "no SO_PASSCRED: unix-empty-record notices" {
	notices passcred unix-empty-record 'the empty record brings a control message'
}

@test "no SO_PASSCRED: unix-credentials notices" {
	notices passcred unix-credentials 'the byte says it came from the child'
}

@test "no SO_REUSEADDR: tcp-time-wait notices" {
	notices reuseaddr tcp-time-wait 'with SO_REUSEADDR'
}

@test "no SO_REUSEPORT: inet-reuseport notices" {
	notices reuseport inet-reuseport 'it listens too'
}

@test "no SO_OOBINLINE: tcp-urgent notices" {
	notices oobinline tcp-urgent 'in its place'
}

@test "no SO_BROADCAST: inet-broadcast notices" {
	notices broadcast inet-broadcast 'a receiver bound to 0.0.0.0 gets it'
}

@test "no SO_LINGER: tcp-reset notices" {
	notices linger tcp-reset 'recv\(\) fails'
}

@test "no SO_RCVBUF: udp-overflow notices" {
	notices rcvbuf udp-overflow 'SO_RCVBUF says how many'
}

@test "no SO_SNDBUF: unix-largest notices" {
	notices sndbuf unix-largest "the sender's buffer sets the limit"
}

@test "no SO_RCVTIMEO: socket-settings notices" {
	notices rcvtimeo socket-settings 'SO_RCVTIMEO 40 ms'
}

@test "no SO_KEEPALIVE: socket-settings notices" {
	notices keepalive socket-settings 'SO_KEEPALIVE'
}

@test "no TCP_NODELAY: tcp-nagle notices" {
	notices nodelay tcp-nagle ''
}

@test "no TCP_DEFER_ACCEPT: tcp-handshake notices" {
	notices defer tcp-handshake 'SYN_RECEIVED'
}

@test "no IP_PKTINFO: inet-answer-from notices" {
	notices pktinfo inet-answer-from 'the answer is from 127'
}

@test "no source of the sender's choice: inet-answer-from notices" {
	notices source inet-answer-from 'only this one'
}

@test "no IP_ADD_MEMBERSHIP: inet-multicast notices" {
	notices join inet-multicast 'a member receives'
}

@test "no IP_DROP_MEMBERSHIP: inet-multicast notices" {
	notices leave inet-multicast 'having left'
}

@test "IP_MULTICAST_ALL stays on: inet-multicast notices" {
	notices multicast_all inet-multicast 'without IP_MULTICAST_ALL'
}

@test "IP_MULTICAST_LOOP stays on: inet-multicast notices" {
	notices multicast_loop inet-multicast 'without IP_MULTICAST_LOOP'
}

@test "no IPV6_JOIN_GROUP: inet6-multicast notices" {
	notices join6 inet6-multicast 'reached both'
}

@test "IPV6_MULTICAST_ALL stays on: inet6-multicast notices" {
	notices multicast_all6 inet6-multicast 'nothing from before it joined itself'
}

@test "no IPV6_RECVPKTINFO: inet6-answer-from notices" {
	notices pktinfo6 inet6-answer-from 'it is told so'
}

@test "no IPV6_RECVHOPLIMIT: inet6-hop-limit notices" {
	notices hoplimit inet6-hop-limit "the sender's default"
}

@test "no IPV6_UNICAST_HOPS: inet6-hop-limit notices" {
	notices hops inet6-hop-limit 'by IPV6_UNICAST_HOPS'
}

@test "no send: boundaries notices" {
	notices send boundaries 'the 9 bytes'
}

@test "no empty message: empty-message notices" {
	notices empty empty-message 'it arrives'
}

@test "no MSG_OOB: tcp-urgent notices" {
	notices urgent tcp-urgent 'POLLPRI'
}

@test "no MSG_PEEK: peek-and-truncate notices" {
	notices peek peek-and-truncate 'the same 8 bytes'
}

@test "no MSG_TRUNC: udp-truncation notices" {
	notices truncated udp-truncation 'and says in msg_flags'
}

@test "bytes in another order: lanes notices" {
	notices relay lanes 'all 1048576 bytes of the burst'
}

@test "bytes in another order: hmac-challenge notices" {
	notices relay hmac-challenge 'a client with the secret'
}

@test "no chmod: unix-permissions notices" {
	notices chmod unix-permissions 'mode 0(666|000)'
}

@test "no unlink: unix-stale-file notices" {
	notices unlink unix-stale-file 'unlink\(\) solves it'
}

@test "no rename: unix-rename notices" {
	notices rename unix-rename 'nobody is at'
}

@test "O_NONBLOCK that is not set: those that need it notice" {
	local name
	for name in unix-backlog tcp-backlog tcp-handshake nonblocking-connect socket-settings; do
		demo none "$name"
		[[ ! $OUT =~ "# SKIP" ]] || continue
		demo nonblock "$name"
		((STATUS == 1))
		grep '^not ok' <<< "$OUT"
	done
}

@test "a descriptor that stays open: it is told of every demonstration" {
	local name
	for name in unix-types tcp-half-close inet6-v6only boundaries; do
		demo leak "$name"
		((STATUS == 1)) && grep -E "^not ok [0-9]+ - $name: every descriptor is closed again" <<< "$OUT" ||
			[[ $OUT =~ "# SKIP" ]]
	done
}

# What the kernel does not do is waited for: but all of it is over within 10 s.
@test "--all ends within 10 s where sends, ends or modes do nothing, or a call waits for ever" {
	local sabotage status
	for sabotage in send shutdown nonblock unlink hang; do
		status=0
		SABOTAGE=$sabotage LD_PRELOAD=$PWD/sabotage.so timeout -s KILL 10 "$SOCKFAM" demo --all --tap > all.out 2> all.err ||
			status=$?
		tail -n 2 all.err
		((status == 1)) || { echo "$sabotage: status $status"; return 1; }
		grep -q '^not ok' all.out
		[[ $(tail -n 1 all.out) == 1..* ]]
	done
	# those of the last one are told to be late, and by name
	grep -E '^not ok [0-9]+ - [a-z0-9-]+: did not end within 3 s$' all.out
}

@test "no IPV6_V6ONLY: a demonstration of inet6 notices" {
	local name names reason='' sound=0
	names=$("$SOCKFAM" demo --list | awk '$2 == "inet6" { print $1 }')
	[[ -n $names ]]
	for name in $names; do
		demo none "$name"
		((STATUS == 0))
		if [[ $OUT =~ "# SKIP "([^$'\n']*) ]]; then
			reason="$name: ${BASH_REMATCH[1]}"
			continue
		fi
		sound=$((sound + 1))
		demo v6only "$name"
		if grep -E "^not ok [0-9]+ - $name: ." <<< "$OUT"; then
			((STATUS == 1))
			return
		fi
	done
	((sound > 0)) || skip "$reason"
	echo "none of them noticed: $names"
	return 1
}
