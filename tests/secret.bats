#!/usr/bin/env bats
# No branch and no index depends on a secret: memcheck follows every bit of it through the program's code.

load helper

prepare() {
	needs valgrind
	FLOW=$PROGRAMS/secret_flow
	[[ -x $FLOW ]] || { echo "$FLOW is not built"; return 1; }
	local status=0
	"$FLOW" --list > scenarios || status=$?
	((status != 77)) || skip "valgrind/memcheck.h is not installed"
	((status == 0)) || return 1
	if grep -q __asan_init "$FLOW"; then
		skip "valgrind cannot run what a sanitizer is built into"
	fi
	# An older valgrind does not read a newer compiler's debugging information: it can do without.
	if ! valgrind -q "$FLOW" --list > follow.out 2>&1; then
		needs strip
		strip -g -o flow "$FLOW"
		FLOW=./flow
	fi
}

# 0: no error; 99: memcheck has seen one; else the program's own status
follow() { # SCENARIO
	local status=0
	valgrind -q --error-exitcode=99 "$FLOW" "$1" > follow.out 2>&1 3>&- || status=$?
	return $status
}

@test "hash, HMAC, comparison and both proofs: nothing depends on the secret" {
	local scenario count=0
	while read -r scenario; do
		[[ $scenario != caught-* ]] || continue
		follow "$scenario" || { echo "$scenario:"; cat follow.out; return 1; }
		((count += 1))
	done < scenarios
	((count >= 5))
}

@test "a branch, an index and a memcmp on a secret are seen" {
	local scenario status count=0
	while read -r scenario; do
		[[ $scenario == caught-* ]] || continue
		status=0
		follow "$scenario" || status=$?
		echo "$scenario: $status"
		[[ $status == 99 && $(< follow.out) == *uninitialised* ]]
		((count += 1))
	done < scenarios
	((count >= 3))
}
