#!/usr/bin/env bats
# The demonstrations: listed, found where their family says, and true on this machine.

load helper

FAMILIES='unix inet inet6 all'

names() { # [FAMILY]
	"$SOCKFAM" demo --list | awk -v family="${1:-}" 'family == "" || $2 == family { print $1 }'
}

folder_of() { # FAMILY
	case $1 in
	all) echo shared/demos ;;
	*) echo "af_$1/demos" ;;
	esac
}

milliseconds() {
	echo $((${EPOCHREALTIME//[!0-9]/} / 1000))
}

# Every demonstration alone: it passes, or is skipped with a reason; under 3 s each, 30 s together.
each_runs() { # COMMAND-PREFIX...
	local name began took all=0 status bad=0 ran=0
	for name in $(names); do
		status=0
		began=$(milliseconds)
		"$@" timeout -s KILL 10 "$SOCKFAM" demo --tap "$name" > one.out 2> one.err || status=$?
		took=$(($(milliseconds) - began))
		all=$((all + took))
		ran=$((ran + 1))
		((status == 0 && took < 3000)) && ! grep -q '^not ok' one.out && [[ ! -s one.err ]] &&
			# claims, or the reason why there is none
			grep -Eq "^ok [0-9]+ - $name: (# SKIP )?[^ #]" one.out && continue
		printf '%s: status %s after %s ms\n' "$name" "$status" "$took"
		cat one.out one.err
		bad=1
	done
	echo "$ran demonstrations, $all ms"
	((bad == 0 && ran >= 30 && all < 30000))
}

@test "--list: at least thirty, NAME FAMILY SUMMARY each, no name twice" {
	"$SOCKFAM" demo --list > list
	cat list
	(($(wc -l < list) >= 30))
	run ! grep -Evx '[a-z0-9]+(-[a-z0-9]+)* +(unix|inet|inet6|all) +[^ ].{0,49}' list
	[[ -z $(awk '{ print $1 }' list | sort | uniq -d) ]]
	local family
	for family in $FAMILIES; do
		[[ -n $(names "$family") ]]
	done
}

@test "every demonstration's file is in its family's folder, and every such file is listed" {
	local family folder name function file table
	for family in $FAMILIES; do
		folder=$TREE/$(folder_of "$family")
		table=$(demonstrations "$folder")
		[[ $(cut -d ' ' -f 1 <<< "$table") == "$(names "$family")" ]]
		while read -r name function; do
			grep -qx "void $function(struct narrator \*narrator)" "$folder/$function.c" "$folder/${function}_linux.c" 2> /dev/null ||
				{ echo "$name: $folder has no $function.c with it"; return 1; }
		done <<< "$table"
		for file in "$folder"/demo_*.c; do
			function=$(basename "$file" .c)
			grep -q " ${function%_linux}\$" <<< "$table" || { echo "$file: not listed as $family"; return 1; }
		done
	done
}

@test "the folder and file of a demonstration follow from its name: unix-stale-file is demo_stale_file" {
	local name file
	for name in $(names unix); do
		file=${name#unix-}
		file=$TREE/af_unix/demos/demo_${file//-/_}
		[[ -f $file.c || -f ${file}_linux.c ]] || { echo "$name: no $file.c"; return 1; }
	done
}

@test "an unknown name: usage, one line, and nothing has run" {
	fails_with 64 "$SOCKFAM" demo no-such-thing
	fails_with 64 "$SOCKFAM" demo unix-types no-such-thing
	[[ $(< fails.err) == *no-such-thing* ]]
	fails_with 64 "$SOCKFAM" demo --all unix-types
	fails_with 64 "$SOCKFAM" demo --tap
}

@test "--tap is valid, and each description begins with its demonstration's name" {
	local status=0
	names > listed
	"$SOCKFAM" demo --tap --all > tap || status=$?
	grep '^not ok' tap || true
	((status == 0))
	awk '
		FILENAME == "listed" { known[$1] = 1; next }
		planned { print "behind the plan: " $0; exit bad = 1 }
		/^1\.\.[0-9]+$/ { planned = substr($0, 4); next }
		!/^(not )?ok [0-9]+ - [^ ]+: ./ { print "no test: " $0; exit bad = 1 }
		{
			sub(/^not /, "")
			name = substr($4, 1, length($4) - 1)
			if ($2 != ++count || !(name in known)) { print "number or name: " $0; exit bad = 1 }
			seen[name] = 1
		}
		END {
			for (name in known)
				if (!(name in seen)) { print name " is missing"; bad = 1 }
			exit bad || count == 0 || planned != count
		}' listed tap
	if command -v prove > /dev/null; then
		prove -q -e cat tap
	fi
}

@test "each alone passes or says why not, under three seconds; all under thirty" {
	each_runs env
}

@test "each alone passes or says why not for an unprivileged user too" {
	needs_root "to become another user"
	needs setpriv
	public_folder
	chmod 1777 "$PLACE"
	cp "$SOCKFAM" "$PLACE/sockfam"
	chmod 755 "$PLACE/sockfam"
	SOCKFAM=$PLACE/sockfam each_runs env TMPDIR="$PLACE" setpriv --reuid 65534 --regid 65534 --clear-groups
}

@test "--all ends with a count, and what is skipped is no failure" {
	"$SOCKFAM" demo --all > all.out 2> all.err
	[[ ! -s all.err ]]
	tail -n 1 all.out
	[[ $(tail -n 1 all.out) =~ ^[0-9]+' demonstrations: '[1-9][0-9]*' claims hold, 0 do not, '[0-9]+' skipped'$ ]]
	(($(grep -c '^  skipped: .' all.out || true) == $(sed -n '$s/.* \([0-9]*\) skipped$/\1/p' all.out)))
}

# Nothing that is printed is wider than the window: not the tour's table, not the list, no line of a
# demonstration. What is one word, a path, stays whole; here none is so long.
fits() { # COLUMNS COMMAND...
	local columns=$1
	shift
	COLUMNS=$columns TMPDIR='' "$@" > wide.out
	(($(wc -l < wide.out) > 5))
	awk -v columns="$columns" 'length($0) > columns && $0 !~ /^ *[^ ]+$/ { print; bad = 1 } END { exit bad }' wide.out ||
		{ echo "wider than $columns: $*"; return 1; }
}

@test "tables, list and narration fit windows of 80 and of 60 columns" {
	local columns
	for columns in 80 60; do
		fits "$columns" "$SOCKFAM" demo
		fits "$columns" "$SOCKFAM" demo --list
		fits "$columns" "$SOCKFAM" demo --all
	done
	# the wider one has more of them, so the width was looked at
	COLUMNS=200 "$SOCKFAM" demo > tour
	grep -q '^ENDPOINT  *TYPE  *MESSAGE  *REPLY  *TIME$' tour
	COLUMNS=80 TMPDIR='' "$SOCKFAM" demo > tour
	grep -q '^ENDPOINT  *MESSAGE  *REPLY  *TIME$' tour
	COLUMNS=60 TMPDIR='' "$SOCKFAM" demo > tour
	grep -q '^ENDPOINT  *REPLY  *TIME$' tour
	grep -q '^unix+seqpacket:[^ ]*\.\.\.[^ ]*/seqpacket ' tour
}

@test "where nothing says how wide the window is, it is taken for 80 columns; a terminal says it" {
	env -u COLUMNS "$SOCKFAM" demo udp-overflow > unknown
	COLUMNS=80 "$SOCKFAM" demo udp-overflow > eighty
	diff <(grep '^  [A-Z]' unknown) <(grep '^  [A-Z]' eighty)
	is_posix_build && skip "POSIX has no call that tells a terminal's width"
	needs script
	script -qec "stty cols 50; env -u COLUMNS '$SOCKFAM' demo udp-overflow" /dev/null < /dev/null | tr -d '\r' > terminal
	sed -E 's/\x1b\[[0-9;]*m//g' terminal > plain
	awk 'length($0) > 50 { print; bad = 1 } length($0) > longest { longest = length($0) } END { exit bad || longest < 40 }' plain
}

# A demonstration says why it does not show something; it does not fail for what the machine lacks.
only_skips() { # COMMAND... -> tap
	local status=0
	"$@" timeout -s KILL 10 "$SOCKFAM" demo --all --tap > tap 2> err || status=$?
	grep '^not ok' tap || true
	cat err
	((status == 0))
	grep -q "# SKIP [^ ]" tap
}

@test "without loopback, what needs it is skipped, and the rest holds" {
	unshare -rn true 2> /dev/null || skip "no network namespace can be made here"
	only_skips unshare -rn
	(($(grep -cE '^ok [0-9]+ - (tcp|udp|inet|inet6)-[a-z0-9-]+: # SKIP (127\.0\.0\.1|::1) cannot be reached' tap) >= 20)) ||
		is_posix_build
	! grep -E '^ok [0-9]+ - (tcp|udp|inet|inet6)-[a-z0-9-]+: [^#]' tap
	grep -q '^ok [0-9]* - unix-types: [^#]' tap
}

# SYSCTL=VALUE in a network namespace of its own, with lo up.
with_sysctl() {
	unshare -rn true 2> /dev/null || skip "no network namespace can be made here"
	command -v ip > /dev/null && command -v sysctl > /dev/null || skip "ip or sysctl is missing"
	# shellcheck disable=SC2016
	unshare -rn sh -c 'ip link set lo up && sysctl -qw "$1"' x "$1" || skip "$1 cannot be set here"
	# shellcheck disable=SC2016
	local status=0
	timeout -s KILL 10 unshare -rn sh -c 'ip link set lo up && sysctl -qw "$1" && exec "$2" demo --all --tap' \
		x "$1" "$SOCKFAM" > tap 2> err || status=$?
	grep '^not ok' tap || true
	cat err
	((status == 0))
}

@test "queues of one and of two connections (net.core.somaxconn)" {
	with_sysctl net.core.somaxconn=1
	grep -q '^ok [0-9]* - unix-permissions: [^#]' tap
	with_sysctl net.core.somaxconn=2
}

@test "no TIME_WAIT (net.ipv4.tcp_max_tw_buckets=0): it is skipped" {
	with_sysctl net.ipv4.tcp_max_tw_buckets=0
	is_posix_build || grep -q '^ok [0-9]* - tcp-teardown: # SKIP TIME_WAIT' tap
	grep -q '^ok [0-9]* - tcp-time-wait: # SKIP TIME_WAIT' tap
}

@test "no IPv6: it is skipped" {
	with_sysctl net.ipv6.conf.all.disable_ipv6=1
	grep -q '^ok [0-9]* - inet6-v6only: # SKIP ::1 cannot be reached' tap
	grep -q '^ok [0-9]* - boundaries: # SKIP inet6+stream is not here' tap
}

@test "no folder for files: what needs it is skipped, and the rest holds" {
	TMPDIR=$PWD/none only_skips env
	grep -q '^ok [0-9]* - unix-types: # SKIP no folder for its files: ' tap
	grep -q '^ok [0-9]* - boundaries: inet+stream' tap
}

@test "a umask that takes all rights, signals blocked or ignored, and 12 descriptors: all is as ever" {
	local status=0
	(umask 777; "$SOCKFAM" demo --all --tap > umask.out) || status=1
	(ulimit -n 12; "$SOCKFAM" demo --all --tap > few.out) || status=1
	(trap '' CHLD USR1 ALRM; "$SOCKFAM" demo --all --tap > ignored.out) || status=1
	needs python3
	python3 -c 'import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
os.execv(sys.argv[1], sys.argv[1:])' "$SOCKFAM" demo --all --tap > blocked.out || status=1
	grep '^not ok' ./*.out || true
	((status == 0))
}

@test "no file is left behind" {
	public_folder
	mkdir "$PLACE/t"
	TMPDIR=$PLACE/t "$SOCKFAM" demo --all > all.out
	# it was used, or its being empty would say nothing
	grep -qF "$PLACE/t/" all.out
	[[ -z $(ls -A "$PLACE/t") ]]
}

@test "colour is for a terminal only, and not with NO_COLOR" {
	local escape=$'\e'
	"$SOCKFAM" demo unix-types > piped
	[[ -s piped ]]
	run ! grep -qF "$escape" piped
	needs script
	script -qec "'$SOCKFAM' demo unix-types" /dev/null < /dev/null > terminal
	grep -qF "${escape}[32mok" terminal
	NO_COLOR=1 script -qec "'$SOCKFAM' demo unix-types" /dev/null < /dev/null > plain
	grep -qF 'ok ' plain
	run ! grep -qF "$escape" plain
}
