# The README's examples, pasted as they stand. They use default endpoints and ports, so each runs in a
# network namespace and a folder of its own.

load helper

setup_file() {
	unshare -rn true 2> /dev/null || skip "no network namespace can be made here"
}

# The Nth block of shell in the README.
example() {
	awk -v wanted="$1" '/^```sh$/ { n++; on = n == wanted; next } /^```/ { on = 0 } on' \
		"$BATS_TEST_DIRNAME/../README.md"
}

# Runs it with `sockfam` on the PATH; what it started ends with it.
paste() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p bin
	ln -sf "$SOCKFAM" bin/sockfam
	example "$1" > example
	[ -s example ]
	# shellcheck disable=SC2016
	PATH=$PWD/bin:$PATH XDG_RUNTIME_DIR=$PWD timeout 20 unshare -rn --kill-child --pid --fork --mount-proc bash -c '
		ip link set lo up
		sleep() { command sleep 1; } # the example waits for its server; here that is slower
		source ./example 2> errors' 3>&- > output
}

@test "README: the default endpoints" {
	command -v ip > /dev/null || skip "ip is missing"
	# the client may come before the server listens: paste it line by line, as a person would
	cd "$BATS_TEST_TMPDIR"
	example 1 > lines
	sed -i 's/^sockfam serve &$/&\nsleep 0.2/' lines
	example() { cat lines; }
	paste 1
	[ "$(grep -c '^hello$' output)" = 3 ]
}

@test "README: a server for a test" {
	paste 2
	grep -q '^through unix+stream:./echo.sock$' output
	grep -q '^through inet+stream:127.0.0.1:' output
	grep -q '^through inet6+dgram:\[::1\]:' output
	grep -qx 'the server ended in order' output
}

@test "README: boundaries are kept" {
	is_posix_build && skip "POSIX cannot tell an empty record from the end"
	paste 3
	[ "$(tail -n 3 output)" = "$(printf 'one\n\nthree')" ]
}

@test "README: half-close" {
	paste 4
	[ "$(tail -n 1 output | tr -d ' ')" = 300000 ]
}

@test "README: measuring what was named" {
	paste 5
	grep -q '^3 sent, 3 received, 0 lost, 0 duplicate, 0 reordered, 0 damaged$' output
	grep -q '^10 connections, 4 in flight\|10 connections, 4 in flight on each' output
	grep -q '^unix+stream:./echo.sock ' output
}

@test "README: who holds the secret gets in" {
	paste 6
	grep -qx hello output
	grep -qx 'with another: status 76' output
}

@test "README: fail on purpose" {
	paste 7
	# the same seed, the same faults: what the README shows is what comes
	awk '/^200 sent/ { on = 1 } /^```/ { on = 0 } on' "$BATS_TEST_DIRNAME/../README.md" > wanted
	[ "$(wc -l < wanted)" = 2 ]
	while read -r line; do
		grep -qxF "$line" output || { cat output; return 1; }
	done < wanted
}

@test "README: every demonstration stands under one topic, in whose folder it is" {
	local name row folder listed=0
	while read -r name _; do
		row=$(grep -F "\`$name\`" "$BATS_TEST_DIRNAME/../README.md" | grep '^| \[')
		[ "$(grep -c . <<< "$row")" = 1 ] || { echo "$name is not once in the table"; return 1; }
		folder=$(sed -E 's/^\| \[[^]]*\]\(([^)]*)\).*/\1/' <<< "$row")
		demonstrations "$BATS_TEST_DIRNAME/../$folder" | grep -q "^$name "
		listed=$((listed + 1))
	done < <("$SOCKFAM" demo --list)
	[ "$listed" -ge 30 ]
	[ "$(grep '^| \[.*/demos)' "$BATS_TEST_DIRNAME/../README.md" | grep -o '`' | wc -l)" = $((2 * listed)) ]
}

@test "README: the layout has every room, and no other" {
	local rooms
	rooms=$(sed -nE 's/^\| `(shared\/[a-z0-9]+\/)`.*/\1/p' "$BATS_TEST_DIRNAME/../README.md" | sort)
	[ -n "$rooms" ]
	[ "$rooms" = "$(cd "$BATS_TEST_DIRNAME/.." && printf '%s\n' shared/*/ | sort)" ]
}

@test "README: every link leads somewhere" {
	local link count=0
	while read -r link; do
		[ -e "$BATS_TEST_DIRNAME/../$link" ] || { echo "$link is not there"; return 1; }
		count=$((count + 1))
	done < <(grep -oE '\]\([^)]+\)' "$BATS_TEST_DIRNAME/../README.md" | sed 's/^](//; s/)$//' | grep -v '^http')
	((count > 20))
}

@test "README: the tour is what the program prints" {
	command -v "$SOCKFAM" > /dev/null
	shape() { sed -E 's/sockfam\.[A-Za-z0-9]+/sockfam.X/; s/:[0-9]+ +/:N /; s/ +[0-9.]+ us$/ T/'; }
	local wanted
	wanted=$(TMPDIR='' COLUMNS='' "$SOCKFAM" demo | shape)
	[ "$(awk '/^One server listens/ { on = 1 } /^```/ { on = 0 } on' "$BATS_TEST_DIRNAME/../README.md" | shape)" = "$wanted" ]
}
