# shellcheck shell=bash
# For the tests of the proof and its secret, and of who is let in.

# shellcheck disable=SC2034,SC2154 # the variables are the tests' and helper.bash's
prepare() {
	printf 'correct horse battery staple 123' > secret
	printf 'correct horse battery staple 124' > another
	chmod 600 secret another
	LANES=(unix+stream:u unix+seqpacket:q inet:127.0.0.1:0 'inet6:[::1]:0')
}

prover() { # COMMAND ENDPOINT [ARGUMENT...], with AUTH, SECRET and SERVICE
	peer prover.py "${@:1:2}" "${AUTH:-mutual}" "${SECRET:-secret}" "${SERVICE:-echo}" "${@:3}"
}

# A server that asks for a proof as well, AUTH and SECRET its form and secret.
start_prover() { # COMMAND LANE [ARGUMENT...] -> PROVER, ENDPOINT
	local log=prover.${#SERVERS[@]}
	start_peer proof_server.py "${@:1:2}" "${AUTH:-mutual}" "${SECRET:-secret}" "${SERVICE:-echo}" "${@:3}" \
		> "$log" 2> "$log.err"
	PROVER=$PEER
	wait_until 20 grep -qx ready "$log" || { cat "$log.err"; return 1; }
	ENDPOINT=$(head -n 1 "$log")
}

stop_prover() {
	kill -KILL "$PROVER"
	wait "$PROVER" 2> /dev/null || true
	rm -f u q
}

start_lanes() { # ARGUMENT...
	local lanes=("${LANES[@]}")
	[[ -e /proc/net/if_inet6 ]] || unset 'lanes[3]'
	start_server -v --secret-file secret "$@" "${lanes[@]}"
}

# Each sockfam client says hello and is served.
clients_get_in() { # ENDPOINT OPTION...
	local endpoint=$1
	shift
	[[ $(echo hello | timeout 20 "$SOCKFAM" talk "$@" "$endpoint") == hello ]]
	timeout 20 "$SOCKFAM" ping -q -c 3 -i 0 "$@" "$endpoint" > ping.out
	grep -q '^3 sent, 3 received, 0 lost' ping.out
	timeout 20 "$SOCKFAM" bench -c 2 -n 100 --warmup 0 "$@" "$endpoint" > bench.out
	grep -qF "$endpoint" bench.out
}

# As fails_with, but ping says before it connects whom it asks, and at the end that nothing came.
ping_fails_with() { # STATUS COMMAND...
	local expected=$1 status=0
	shift
	timeout -s KILL 20 "$@" > fails.out 2> fails.err < /dev/null || status=$?
	[[ $status == "$expected" && $(wc -l < fails.err) == 1 && $(< fails.err) == 'sockfam: '* ]] &&
		! grep -q ' bytes from ' fails.out && return 0
	printf '%s\nstatus %s, expected %s\n' "$*" "$status" "$expected"
	cat fails.err fails.out
	return 1
}

# Each sockfam client is refused with 76 and one line, and hands on nothing that it was told.
clients_are_refused() { # ENDPOINT OPTION...
	local endpoint=$1
	shift
	echo payload > payload
	INPUT=payload fails_with 76 "$SOCKFAM" talk "$@" "$endpoint"
	ping_fails_with 76 "$SOCKFAM" ping -q -c 1 "$@" "$endpoint"
	fails_with 76 "$SOCKFAM" bench -n 10 --warmup 0 "$@" "$endpoint"
}

logged() { # LOG TEXT: once the server has come to it
	wait_until 5 grep -qF -- "$2" "$1" || { tail -n 20 "$1"; return 1; }
}
