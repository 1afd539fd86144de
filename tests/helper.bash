# shellcheck shell=bash
# Servers for tests: started, waited for by their `ready` line, ended in order, never by luck.
#
# Every test runs in a folder of its own, which is the current one: relative unix paths keep within
# the 107 bytes of sun_path, wherever the temporary files are.

TREE=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
SOCKFAM=${SOCKFAM:-$TREE/build/sockfam}
[[ $SOCKFAM == /* ]] || SOCKFAM=$TREE/$SOCKFAM
SERVERS=()
ENDPOINTS=()

# For tests/exact.c and other helpers of ours that are programs: where they were built.
PROGRAMS=${PROGRAMS:-${SOCKFAM%/*}/tests}

# shellcheck disable=SC2034 # the variables are for the tests
start_server() { # ARGUMENT... -> PID, ENDPOINTS, ENDPOINT (the first), LOG (its standard error)
	local line tag=${#SERVERS[@]} deadline=$((SECONDS + 20)) out
	LOG=$PWD/server.$tag.err
	mkfifo "server.$tag.out"
	"${SERVER_PREFIX[@]}" "$SOCKFAM" serve "$@" > "server.$tag.out" 2> "$LOG" 3>&- &
	PID=$!
	SERVERS+=("$PID")
	ENDPOINTS=()
	exec {out}< "server.$tag.out"
	while read -r -t $((deadline - SECONDS)) -u "$out" line; do
		case $line in
		'listening '*) ENDPOINTS+=("${line#listening }") ;;
		ready)
			exec {out}<&-
			ENDPOINT=${ENDPOINTS[0]}
			return 0
			;;
		*) printf 'unexpected from serve: %s\n' "$line" ;;
		esac
	done
	exec {out}<&-
	printf 'serve %s did not become ready:\n' "$*"
	cat "$LOG"
	return 1
}

# The families as the program lists them: a line each, NAME TYPE|TYPE FORM, and its flag if it has one.
family_lines() {
	"$SOCKFAM" serve --help | sed -nE 's/^  ([a-z0-9]+)\+([a-z|]+):([^ ]+)( -.)?$/\1 \2 \3\4/p'
}

families() {
	family_lines | cut -d ' ' -f 1
}

types_of() { # FAMILY
	family_lines | sed -nE "s/^$1 ([a-z|]+).*/\1/p" | tr '|' '\n'
}

lanes() { # FAMILY+TYPE, a line each
	local family
	for family in $(families); do
		types_of "$family" | sed "s/^/$family+/"
	done
}

# The lanes of the contract (tests/families), FAMILY TYPE VARIANT a line each: every type with every kind
# of address, the plain one being without a name.
contract_lanes() {
	local family type variant
	for family in $(families); do
		(
			VARIANTS=()
			# shellcheck source=/dev/null
			. "$TREE/tests/families/$family.bash" || exit
			for variant in '' "${VARIANTS[@]}"; do
				for type in $(types_of "$family"); do
					echo "$family $type $variant"
				done
			done
		)
	done
}

flag_of() { # FAMILY
	family_lines | sed -nE "s/^$1 [^ ]+ [^ ]+ (-.)$/\1/p"
}

# Asks again until COMMAND is true, SECONDS at most.
wait_until() { # SECONDS COMMAND...
	local deadline=$((${EPOCHREALTIME//[!0-9]/} + $1 * 1000000))
	shift
	until "$@"; do
		if ((${EPOCHREALTIME//[!0-9]/} > deadline)); then
			printf 'waited in vain for: %s\n' "$*"
			return 1
		fi
		sleep 0.02
	done
}

is_over() { # PID
	! kill -0 "$1" 2> /dev/null
}

# It has a handler of its own for SIGTERM (bit 14 of the mask).
is_catching() { # PID
	local caught
	caught=$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$1/status")
	((0x${caught:-0} & 0x4000))
}

# Waits for a background job of ours; its status is in STATUS.
finish() { # PID [SECONDS]
	STATUS=0
	wait_until "${2:-20}" is_over "$1" || return 1
	wait "$1" || STATUS=$?
}

stop_server() { # [PID]: SIGTERM must end it with status 0
	local pid=${1:-$PID}
	kill -TERM "$pid" || return 1
	finish "$pid" || return 1
	((STATUS == 0)) && return 0
	printf 'serve ended with status %s:\n' "$STATUS"
	cat server.*.err
	return 1
}

# A job that a test starts besides servers, to be ended with the test whatever happens.
track() { # PID
	SERVERS+=("$1")
}

# A folder with a short name that others may enter: PLACE.
public_folder() {
	PLACE=$(mktemp -d /tmp/sockfam-test.XXXXXX)
	chmod 755 "$PLACE"
}

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	SERVER_PREFIX=()
	if [[ $(type -t prepare) == function ]]; then
		prepare
	fi
}

teardown() {
	local pid
	for pid in "${SERVERS[@]}"; do
		kill -CONT "$pid" 2> /dev/null
		kill -KILL "$pid" 2> /dev/null
	done
	wait 2> /dev/null
	[[ -z ${PLACE:-} ]] || rm -rf "$PLACE"
	return 0
}

# The demonstrations of a folder as its table has them: NAME FUNCTION, a line each.
demonstrations() { # FOLDER
	tr '\n\t' '  ' < "$1/demos.c" | grep -oE '\{ +"[^"]+", +"[^"]+", +demo_[a-z0-9_]+ \}' |
		sed -E 's/^\{ +"([^"]+)", .* (demo_[a-z0-9_]+) \}$/\1 \2/'
}

is_posix_build() {
	[[ $("$SOCKFAM" --version) == *'(poll)'* ]]
}

skip_posix_build() { # WHAT
	if is_posix_build; then
		skip "a POSIX build cannot: $1"
	fi
}

needs() { # PROGRAM...
	local program
	for program; do
		command -v "$program" > /dev/null || skip "$program is not installed"
	done
}

# The system's own, if it is there: a wrapper that chooses one takes longer than most tests. So does what
# -S and -E leave out; -B writes nothing into the tree.
PYTHON=(/usr/bin/python3 -SEB)
[[ -x ${PYTHON[0]} ]] || PYTHON[0]=python3

python() {
	"${PYTHON[@]}" "$@"
}

needs_python() {
	command -v "${PYTHON[0]}" > /dev/null || skip "python3 is not installed: the peers are programs of it"
}

# Programs that play the other side; the first lines of each say what it does.
PEERS=$TREE/tests/peers

peer() { # PROGRAM ARGUMENT...
	python "$PEERS/$1" "${@:2}"
}

# The same in the background. The job is the program itself: a function's would be a shell that waits for it,
# and ended in its place.
start_peer() { # PROGRAM ARGUMENT... -> PEER
	"${PYTHON[@]}" "$PEERS/$1" "${@:2}" 3>&- &
	PEER=$!
	track "$PEER"
}

# Clients that a test steers: it asks them, a line each, and has a line for an answer. What they can be asked
# is said in steered_clients.py.
start_clients() { # -> TO_CLIENTS, FROM_CLIENTS
	needs_python
	mkfifo clients.in clients.out
	# not by start_peer: a pipe's opening waits for its other end
	"${PYTHON[@]}" "$PEERS/steered_clients.py" "$ENDPOINT" < clients.in > clients.out 3>&- &
	CLIENTS=$!
	track "$CLIENTS"
	exec {TO_CLIENTS}> clients.in {FROM_CLIENTS}< clients.out
}

stop_clients() {
	exec {TO_CLIENTS}>&- {FROM_CLIENTS}<&-
	finish "$CLIENTS"
	rm clients.in clients.out
}

ask() { # COMMAND -> ANSWER
	echo "$*" >&"$TO_CLIENTS"
	read -r -t 25 -u "$FROM_CLIENTS" ANSWER
	echo "$*: $ANSWER"
}

# Programs that read what ours wrote.
READERS=$TREE/tests/readers

reader() { # PROGRAM ARGUMENT...
	python "$READERS/$1" "${@:2}"
}

# Builds tests/sabotage/NAME.c as NAME.so, for LD_PRELOAD.
preloads() { # NAME
	needs cc ldd
	# an ldd without a program to name fails as for a static one: then nothing could be shown
	local libraries
	libraries=$(ldd "$SOCKFAM" 2>&1) || skip "a static program: LD_PRELOAD does not reach it"
	[[ $libraries != *musl* ]] || skip "a library built by cc does not go with musl's"
	if [[ $libraries =~ lib[a-z]*san\.so ]] || grep -aq __asan_init "$SOCKFAM"; then
		skip "a sanitizer's build: its own library must come first"
	fi
	cc -std=c11 -shared -fPIC -o "$1.so" "$TREE/tests/sabotage/$1.c" -ldl
}

# COMMAND in a network of its own, where only loopback is; there we are root.
alone() { # COMMAND...
	unshare -rn sh -c 'ip link set lo up && exec "$@"' - "$@"
}

needs_network() {
	needs unshare ip
	alone true 2> /dev/null || skip "no network namespace can be made here"
}

needs_root() { # WHY
	((EUID == 0)) || skip "needs root: $1"
}

# COMMAND, with the file INPUT as standard input, ends with STATUS, says one line on standard error
# that begins as it should, and nothing on standard output.
fails_with() { # STATUS COMMAND...
	local expected=$1 status=0 lines
	shift
	# one that does not end fails with 137
	[[ $(type -t "$1") != file ]] || set -- timeout -s KILL 20 "$@"
	"$@" > fails.out 2> fails.err < "${INPUT:-/dev/null}" || status=$?
	lines=$(wc -l < fails.err)
	[[ $status == "$expected" && $lines == 1 && $(< fails.err) == 'sockfam: '* &&
		! -s fails.out ]] && return 0
	printf '%s\nstatus %s, expected %s; %s lines on standard error:\n' "$*" "$status" "$expected" "$lines"
	cat fails.err
	printf 'on standard output:\n'
	head -c 1000 fails.out
	return 1
}

# Names a server's summary line must hold: connections, messages, bytes.
served() { # WORD...
	local summary word
	summary=$(tail -n 1 "$LOG")
	[[ $summary == 'served connections='*' messages='*' bytes='* ]] || { cat "$LOG"; return 1; }
	for word; do
		[[ " $summary " == *" $word "* ]] && continue
		printf 'expected %s in: %s\n' "$word" "$summary"
		return 1
	done
}

# Bytes of every value, LENGTH of them (deterministic, and fast).
some_bytes() { # LENGTH
	if [[ ! -s all-bytes ]]; then
		local i
		for ((i = 0; i < 256; i++)); do
			# shellcheck disable=SC2059 # the format is the byte
			printf "\\x$(printf %x "$i")"
		done > all-bytes
		for ((i = 0; i < 8; i++)); do
			cat all-bytes all-bytes > more-bytes
			mv more-bytes all-bytes
		done
	fi
	local left=$1
	while ((left > 65536)); do
		cat all-bytes
		left=$((left - 65536))
	done
	head -c "$left" all-bytes
}

# LENGTH bytes without a newline.
letters() { # LENGTH
	head -c "$1" /dev/zero | tr '\0' "${2:-x}"
}

# Clock ticks that a process has used so far.
ticks() { # PID
	local -a fields
	read -r -a fields < "/proc/$1/stat"
	printf '%d' $((fields[13] + fields[14]))
}
