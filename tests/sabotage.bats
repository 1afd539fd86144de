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

@test "a backlog that is not the one asked for: unix-backlog notices" {
	notices backlog unix-backlog 'holds one more than it says'
}

@test "no shutdown: unix-reset notices" {
	notices shutdown unix-reset 'the client sees the end'
}

@test "no shutdown: unix-socketpair notices" {
	notices shutdown unix-socketpair 'the child saw the end'
}

@test "no SO_PASSCRED: unix-empty-record notices" {
	notices passcred unix-empty-record 'the empty record brings a control message'
}

@test "no SO_PASSCRED: unix-credentials notices" {
	notices passcred unix-credentials 'the byte says it came from the child'
}

@test "no shutdown: tcp-half-close notices" {
	notices shutdown tcp-half-close 'then the end'
}

@test "a backlog that is not the one asked for: tcp-backlog notices" {
	notices backlog tcp-backlog 'its SYN is dropped'
}

@test "no SO_REUSEADDR: tcp-time-wait notices" {
	notices reuseaddr tcp-time-wait 'with SO_REUSEADDR'
}

@test "no SO_OOBINLINE: tcp-urgent notices" {
	notices oobinline tcp-urgent 'in its place'
}

@test "no TCP_NODELAY: tcp-nagle notices" {
	notices nodelay tcp-nagle ''
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
