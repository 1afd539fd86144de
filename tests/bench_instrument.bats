#!/usr/bin/env bats
# `make bench`, the instrument: a tiny table, the closing table's form, and a server that dies.

load helper

prepare() {
	local name
	needs cc awk timeout
	mkdir bench
	for name in floor epoll_echo epoll_load single_load; do
		cc -std=c11 -o "bench/$name" "$TREE/tests/bench/$name.c" \
			"$TREE"/tests/bench/{place,exchange,usage}.c
	done
}

bench() { # ARGUMENT...: one round, as short as can be
	PEERS=sockfam ROUNDS=1 SECONDS_EACH=0.01 QUICK=1 SOCKFAM=$SOCKFAM PROGRAMS=$PWD/bench RESULTS=$PWD/results \
		timeout 60 "$TREE/tests/bench/run" "$@" > out 2> err || { cat out err; return 1; }
}

@test "a table has the program and its reference, and every goal a line in the closing table" {
	local goal measured=14
	is_posix_build && measured=10 # a POSIX build cannot choose TCP's congestion control, and is not measured on TCP
	bench twin
	grep -qE '^  sockfam +[0-9]+ \([0-9]+\.\.[0-9]+\)' out
	grep -qE '^  loop-spin +[0-9]+ \([0-9]+\.\.[0-9]+\)' out
	grep -q '^twin: .*(1 of 1 rounds, ' out
	for goal in 1 2 3 4 5 6 7 8; do
		grep -qE "^$goal .* not measured +[<>]= [0-9.]+ +-\$" out || { echo "goal $goal"; cat out; return 1; }
	done
	(($(grep -cE '^9 +.* [0-9.]+ \([0-9.]+\.\.[0-9.]+\) +[<>]= [0-9.]+ +(yes|NO)( ~)?$' out) == measured)) || { cat out; return 1; }
	grep -qE "^[0-9]+ of $measured met, [0-9]+ not measured\$" out
	(($(grep -cE '^\| [1-9] \| ' results/goals.md) == $(grep -E '^[1-9]    ' out | cut -c 1-56 | sort -u | wc -l)))
}

@test "a server that does not start, and one that dies, are named, and nothing waits for them" {
	cat > mortal <<- 'END'
		#!/bin/bash
		# answers until it is asked by a hundred
		"$1" tcp "$2" & trap 'kill $!' EXIT
		sleep 0.1
		until (($(ls /proc/$!/fd | wc -l) > 50)); do :; done
		echo "a hundred are too many" >&2
	END
	chmod +x mortal
	BENCH_PEER='false AT' bench hundred
	grep -qx '  peer  *did not start' out
	BENCH_PEER="$PWD/mortal $PWD/bench/epoll_echo AT" bench hundred
	grep -qE '^  peer +died: a hundred are too many' out || { cat out; return 1; }
}

@test "a table that is not there is an error that lists those that are" {
	local status=0
	SOCKFAM=$SOCKFAM PROGRAMS=$PWD/bench RESULTS=$PWD/results "$TREE/tests/bench/run" nothing > out 2> err || status=$?
	((status == 64))
	grep -q "no table 'nothing': one spin " err
}
