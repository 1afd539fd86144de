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

# Every demonstration alone: it passes, or is skipped with a reason; under 2 s each, 30 s together.
each_runs() { # COMMAND-PREFIX...
	local name began took all=0 status bad=0 ran=0
	for name in $(names); do
		status=0
		began=$(milliseconds)
		"$@" timeout -s KILL 10 "$SOCKFAM" demo --tap "$name" > one.out 2> one.err || status=$?
		took=$(($(milliseconds) - began))
		all=$((all + took))
		ran=$((ran + 1))
		((status == 0 && took < 2000)) && ! grep -q '^not ok' one.out && [[ ! -s one.err ]] &&
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
	run ! grep -Evx '[a-z0-9]+(-[a-z0-9]+)* +(unix|inet|inet6|all) +[^ ].{0,58}' list
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

@test "each alone passes or says why not, under two seconds; all under thirty" {
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
	[[ $(tail -n 1 all.out) =~ ^[0-9]+' demonstrations: '[1-9][0-9]*' claims hold, 0 do not, '[0-9]+' demonstrations skipped'$ ]]
	(($(grep -c '^  skipped: .' all.out || true) == $(sed -n '$s/.* \([0-9]*\) demonstrations skipped$/\1/p' all.out)))
}

@test "no file is left behind" {
	public_folder
	mkdir "$PLACE/t"
	TMPDIR=$PLACE/t "$SOCKFAM" demo --all > all.out
	# it was used, or its being empty would say nothing
	grep -qF "$PLACE/t/" all.out
	[[ -z $(ls -A "$PLACE/t") ]]
}

@test "no descriptor is left open: many runs fit into few" {
	local name i many
	for name in $(names unix); do
		many=()
		for ((i = 0; i < 20; i++)); do
			many+=("$name")
		done
		(ulimit -n 18; "$SOCKFAM" demo --tap "${many[@]}" > many.out) ||
			{ echo "$name:"; grep '^not ok' many.out; return 1; }
	done
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
