#!/usr/bin/env bats
# The layers, as the #include lines and the calls have them: main -> commands -> {server, load, demos, plot,
# terminal} -> net -> {protocol, base}; families -> net, base, and their demonstrations -> the kit in shared/demos.

load helper

prepare() {
	cd "$TREE" || return 1
}

# Prints the lines of FILE... that match; there must be none.
none() { # PATTERN FILE...
	local pattern=$1
	shift
	# a listing that came out empty would prove nothing
	(($# > 0)) && [[ -f $1 ]] || return 1
	! grep -nE -e "$pattern" "$@"
}

sources() { # FOLDER...
	find "$@" -name '*.[ch]' | sort
}

@test "the top level is what it is to be" {
	local listing
	if git -C "$TREE" rev-parse --is-inside-work-tree > /dev/null 2>&1 && [[ -e .git ]]; then
		listing=$(git ls-files | cut -d / -f 1)
	else
		listing=$(printf '%s\n' * | grep -vx build)
	fi
	listing=$(sort -u <<< "$listing" | grep -v '^\.' | LC_ALL=C sort | tr '\n' ' ')
	echo "$listing"
	[[ $listing == 'Makefile README.md af_inet af_inet6 af_unix shared tests ' ]]
}

@test "every family has a folder, and every folder of a family is in the array" {
	local folder
	for folder in af_*/; do
		folder=${folder%/}
		[[ -f $folder/$folder.c ]]
		grep -qw "&$folder" shared/net/family.c
		grep -qw "extern const struct family $folder;" shared/net/family.h
	done
}

@test "base knows no sockets and no layer above it" {
	local files
	mapfile -t files < <(sources shared/base)
	none '#include <(sys/socket|sys/un|netinet/.*|arpa/.*|netdb|net/.*)\.h>' "${files[@]}"
	none '#include "(net|protocol|commands|af_[a-z0-9]*)/' "${files[@]}"
}

@test "protocol knows no sockets, does no I/O, allocates nothing" {
	local files
	mapfile -t files < <(sources shared/protocol)
	none '#include <(sys/socket|sys/un|netinet/.*|arpa/.*|netdb|net/.*|unistd|poll|sys/uio)\.h>' "${files[@]}"
	none '#include "(net|commands|af_[a-z0-9]*)/' "${files[@]}"
	none '\<(malloc|calloc|realloc|free|strdup|read|write|recv|send|fopen|open)\(' "${files[@]}"
}

@test "net knows no command and no family" {
	local files
	mapfile -t files < <(sources shared/net)
	none '#include "(commands|af_[a-z0-9]*)/' "${files[@]}"
}

# What a family may be called in C: its name as a word, its folder, its number, its address, and what
# the two IP families and a PROXY header call them.
family_words() {
	local name words='AF_[A-Z0-9]+|PF_[A-Z0-9]+|af_[a-z0-9]+|sockaddr_(un|in|in6)|IPv[46]|PROXY_(UNIX|INET6?)'
	for name in $(families); do
		words+="|$name"
	done
	printf '%s' "$words"
}

# FILE without its comments, which may tell what a kernel does; its lines keep their numbers. What no
# family is called is put aside.
code_of() { # FILE
	awk '{
		out = ""
		for (rest = $0; rest != ""; ) {
			if (inside && !(end = index(rest, "*/"))) break
			if (inside) { rest = substr(rest, end + 2); inside = 0; continue }
			if (!(start = index(rest, "/*"))) { out = out rest; break }
			out = out substr(rest, 1, start - 1)
			rest = substr(rest, start + 2)
			inside = 1
		}
		gsub(/AF_UNSPEC/, "", out)
		print out
	}' "$1"
}

@test "shared code names no family, but where it must" {
	local file words bad=0 seen=0
	words=$(family_words)
	while read -r file; do
		case $file in
		shared/net/family.[ch]) ;;                              # the table of them
		shared/net/ip.[ch] | shared/net/hostport.[ch] | shared/net/congestion_*.c) ;; # what IPv4 and IPv6 share
		shared/protocol/proxy*.[ch]) ;;                         # a PROXY header's own numbers
		shared/commands/activation.c) ;;                        # sd_notify(3) is spoken over AF_UNIX
		shared/demos/*) ;;                                      # they show what families do
		*)
			seen=$((seen + 1))
			code_of "$file" | grep -nwE -e "$words" | sed "s|^|$file:|" > "$BATS_TEST_TMPDIR/found"
			[[ ! -s $BATS_TEST_TMPDIR/found ]] || { cat "$BATS_TEST_TMPDIR/found"; bad=1; }
			;;
		esac
	done < <(sources shared)
	((seen > 50 && bad == 0))
}

@test "a family knows net, base and itself, no other family and no command" {
	local folder other files file
	for folder in af_*/; do
		folder=${folder%/}
		mapfile -t files < <(sources "$folder")
		none '#include "(commands|protocol|tests)/' "${files[@]}"
		for file in "${files[@]}"; do
			code_of "$file" > "$BATS_TEST_TMPDIR/code"
			for other in af_*/; do
				other=${other%/}
				# neither its files nor what they define, which begins with its name
				[[ $other == "$folder" ]] || none "\<$other(/|_[a-z0-9_]+|\>)" "$BATS_TEST_TMPDIR/code" ||
					{ echo "in $file"; return 1; }
			done
		done
	done
}

@test "only commands and main print, and only they exit" {
	local files
	mapfile -t files < <(sources shared/base shared/protocol shared/net af_*)
	none '\<(printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|putc|perror|fwrite|dprintf)\(' "${files[@]}"
	none '\<(stdout|stderr)\>' "${files[@]}"
	none '\<(exit|_exit|abort)\(' "${files[@]}"
}

@test "only commands and main read the command line" {
	local files
	mapfile -t files < <(sources shared/base shared/protocol shared/net af_*)
	none '\<(argv|argc|getopt|getopt_long|optarg)\>' "${files[@]}"
}

# Pairs of files of which the first includes the second. NAME.c, NAME.h and a system's NAME_linux.c are one
# file, NAME.
inclusions() { # FOLDER...
	sources "$@" | xargs grep -HoE '^#include "[a-z0-9_/]+\.h"' |
		sed -E 's|^shared/||; s/_(linux|posix|epoll|poll)\.c:/.c:/; s|\.[ch]:#include "| |; s|\.h"$||' |
		awk '$1 != $2' | sort -u
}

@test "no file knows one that knows it: there is no circle" {
	local pairs
	pairs=$(inclusions shared af_*)
	# the longest way down; a circle would be closed by one more pair
	grep -qx 'commands/bench_rounds load/load' <<< "$pairs"
	grep -qx 'load/load load/load_thread' <<< "$pairs"
	grep -qx 'load/load_thread load/load_ledger' <<< "$pairs"
	grep -qx 'af_unix/af_unix net/family' <<< "$pairs"
	tsort <<< "$pairs" > /dev/null
	! tsort <<< "$pairs"$'\nload/load_ledger load/load' > /dev/null
}

# The rooms, and which of them may know which: main -> commands -> {server, load, demos, plot,
# terminal} -> net -> {protocol, base}; families -> net, base, their demonstrations -> the kit.
@test "the rooms know one another downwards only" {
	local from to allowed
	while read -r from to; do
		case $from in
		main) allowed='commands net base' ;; # of net the loop's name alone, for --version
		commands) allowed='server load demos plot terminal net protocol base' ;;
		server | load) allowed='net protocol base' ;;
		demos) allowed='net protocol base' ;;
		plot | terminal) allowed='base' ;;
		net) allowed='protocol base' ;;
		protocol) allowed='base' ;;
		base) allowed='' ;;
		af_*) allowed="net protocol base demos" ;;
		*) echo "no such room: $from"; return 1 ;;
		esac
		[[ " $allowed " == *" $to "* ]] || { echo "$from knows $to"; return 1; }
	done < <(inclusions shared af_* | sed -E 's|/[^ ]*||g' | awk '$1 != $2' | sort -u)
	# a family itself knows no demonstrations but the table of its own
	! grep -n '#include "demos/' af_*/*.[ch]
}

# Else a header could hide a circle: a file would call another, and include a third.
@test "in the load and among the commands a file defines what its header declares" {
	local header name count=0
	while read -r header; do
		while read -r name; do
			grep -qE "^[a-z][^;=]*\<$name\(" "${header%.h}.c" ||
				{ echo "$header declares $name(), which is defined elsewhere"; return 1; }
			count=$((count + 1))
		done < <(sed -nE '/^(static|typedef)/!s/^[a-z][a-z0-9_ ]* \**([a-z0-9_]+)\(.*/\1/p' "$header")
	done < <(sources shared/load shared/commands | grep '\.h$')
	((count > 50)) || { echo "only $count declarations were seen"; return 1; }
}

@test "what is beyond POSIX stands in files named for it, each with a twin" {
	local file files function
	mapfile -t files < <(sources shared af_* | grep -vE '_(linux|epoll)\.c$')
	none '_GNU_SOURCE|_DEFAULT_SOURCE|<sys/epoll\.h>' "${files[@]}"
	while read -r file; do
		case $file in
		*/demos/demo_*_linux.c)
			# one file gives them all, and each says why it is not shown
			function=$(basename "${file%_linux.c}")
			grep -qx "void $function(struct narrator \*narrator)" "${file%/*}/demos_posix.c" ||
				{ echo "$file has no twin in demos_posix.c"; return 1; }
			;;
		*/demos_posix.c)
			while read -r function; do
				[[ -f ${file%/*}/${function}_linux.c ]] || { echo "$file: $function is no twin"; return 1; }
			done < <(sed -n 's/^void \(.*\)(struct narrator \*narrator)$/\1/p' "$file")
			;;
		*_linux.c) [[ -f ${file%_linux.c}_posix.c ]] || { echo "$file has no twin"; return 1; } ;;
		*_epoll.c) [[ -f ${file%_epoll.c}_poll.c ]] || { echo "$file has no twin"; return 1; } ;;
		esac
	done < <(sources shared af_*)
}

@test "no file is longer than 450 lines" {
	local file lines
	while read -r file; do
		lines=$(wc -l < "$file")
		((lines <= 450)) || { echo "$file has $lines lines"; return 1; }
	done < <(sources shared af_*)
}

@test "the lanes of the contract are the families and their types, each in all its variants" {
	local family type variant folders
	folders=(af_*/)
	(($(families | wc -l) == ${#folders[@]} && $(lanes | wc -l) >= ${#folders[@]}))
	contract_lanes | while read -r family type variant; do
		echo "$family${variant:+-$variant}-$type.bats"
	done | sort > "$BATS_TEST_TMPDIR/expected"
	(cd tests/families && printf '%s\n' *.bats) | sort | diff "$BATS_TEST_TMPDIR/expected" -
}
