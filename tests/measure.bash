# shellcheck shell=bash
# For the tests of ping and bench: hostile_server.py as the peer, figures.py as the reader.

# shellcheck disable=SC2034 # ENDPOINT is for the tests
start_hostile() { # LANE MODE [NUMBER...] -> HOSTILE, ENDPOINT
	local log=hostile.${#SERVERS[@]}
	start_peer hostile_server.py "$@" > "$log" 2> "$log.err"
	HOSTILE=$PEER
	wait_until 20 grep -qx ready "$log" || { cat "$log.err"; return 1; }
	ENDPOINT=$(head -n 1 "$log")
}

stop_hostile() { # [PID]
	kill -KILL "${1:-$HOSTILE}"
	wait "${1:-$HOSTILE}" 2> /dev/null || true
}

# Every CLAIM about the object in FILE is true, and the object is what it should be.
holds() { # FILE CLAIM...
	reader figures.py "$@" && return 0
	head -c 2000 "$1"
	return 1
}
