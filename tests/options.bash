# shellcheck shell=bash
# For the tests of the manual and of the completions: what the program's own help lists.

# shellcheck disable=SC2034,SC2154 # the variables are the tests' and helper.bash's
prepare() {
	FILES=$TREE/shared/install
	# the program as `sockfam`, for completions that ask it
	mkdir -p "$BATS_FILE_TMPDIR/bin"
	ln -sf "$SOCKFAM" "$BATS_FILE_TMPDIR/bin/sockfam"
	PATH=$BATS_FILE_TMPDIR/bin:$PATH
}

same() { # WHAT EXPECTED GOT: as lists, a line each, in any order
	diff <(sort -u <<< "$2") <(sort -u <<< "$3") > difference && return 0
	printf '%s: < the program, > what it should match\n' "$1"
	cat difference
	return 1
}

# The commands that `sockfam --help` lists.
commands() {
	"$SOCKFAM" --help | sed -nE 's/^  ([a-z]+) .*/\1/p'
}

# A line for each option of COMMAND: its forms, as --help has them.
option_lines() { # COMMAND
	"$SOCKFAM" "$1" --help | sed -nE 's/^  (-[A-Za-z0-9])?(,? *)(--[a-z0-9-]+)?( .*)?$/\1 \3/p' |
		grep -e -
}

options() { # COMMAND
	option_lines "$1" | grep -oE -e '--?[A-Za-z0-9][a-z0-9-]*'
}

# For each command, OPTIONS_OF COMMAND prints what --help lists.
agrees() { # WHAT OPTIONS_OF
	local command bad=0 count=0
	for command in $(commands); do
		count=$((count + 1))
		same "$1, $command" "$(options "$command")" "$("$2" "$command")" || bad=1
	done
	((count >= 5 && bad == 0))
}

# Of endpoints.
prefixes() {
	families | sed 's/$/:/'
	lanes | sed 's/$/:/'
}

demo_names() {
	"$SOCKFAM" demo --list | cut -d ' ' -f 1
}

# Those that choose a family.
flags() {
	family_lines | sed -nE 's/.* (-.)$/\1/p'
}
