# shellcheck shell=bash
# For ping.bats and bench.bats: hostile.py as the server, figures.py as the reader.

needs_python() {
	command -v "$PYTHON" > /dev/null || skip "python3 is not installed: hostile.py and figures.py need it"
}

# shellcheck disable=SC2034 # ENDPOINT is for the tests
start_hostile() { # LANE MODE [NUMBER...] -> HOSTILE, ENDPOINT
	local log=hostile.${#SERVERS[@]}
	# not by the function, whose subshell would be ended in its place
	"$PYTHON" -SE "$TREE/tests/hostile.py" "$@" > "$log" 2> "$log.err" 3>&- &
	HOSTILE=$!
	track "$HOSTILE"
	wait_until 20 grep -qx ready "$log" || { cat "$log.err"; return 1; }
	ENDPOINT=$(head -n 1 "$log")
}

stop_hostile() { # [PID]
	kill -KILL "${1:-$HOSTILE}"
	wait "${1:-$HOSTILE}" 2> /dev/null || true
}

# Every CLAIM about the object in FILE is true, and the object is what it should be.
holds() { # FILE CLAIM...
	python -SE "$TREE/tests/figures.py" "$@" && return 0
	head -c 2000 "$1"
	return 1
}
