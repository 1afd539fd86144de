#!/usr/bin/env bats
# What every family and type promises alike. A lane is a link to this file, named FAMILY-TYPE or
# FAMILY-VARIANT-TYPE; the listing of this folder is the support matrix. What must be known of a family
# beyond what the program says of it stands beside this file, in FAMILY.bash:
#
#   VARIANTS                     other kinds of address than the plain one; none if it is not there
#   address_of TYPE [VARIANT]    prints an address that a test's server can have; port 0, if it has ports
#   greatest_of TYPE             prints the greatest length of a record or datagram; not for streams
#   too_long_for TYPE            prints one that is surely too long; without it, one byte more
#   NAMES_ARE_FOUND              true: to connect is to find that nobody is there, for datagrams too
#   private_path PID             prints the file that a client has as its address, if it has one

# shellcheck disable=SC1090,SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load ../helper

private_path() {
	:
}

too_long_for() { # TYPE
	echo $(($(greatest_of "$1") + 1))
}

prepare() {
	local lane=${BATS_TEST_FILENAME##*/} variant
	lane=${lane%.bats}
	FAMILY=${lane%%-*}
	TYPE=${lane##*-}
	variant=${lane#"$FAMILY"}
	variant=${variant%"-$TYPE"}
	RECORDS=true
	[[ $TYPE != stream ]] || RECORDS=false
	NAMES_ARE_FOUND=false
	. "$TREE/tests/families/$FAMILY.bash" || return 1
	ASKED="$FAMILY+$TYPE:$(address_of "$TYPE" "${variant#-}")"
	GREATEST=3000000
	! $RECORDS || GREATEST=$(greatest_of "$TYPE")
}

talk() {
	timeout 20 "$SOCKFAM" talk "$ENDPOINT" "$@"
}

@test "serve prints the canonical endpoint, whole, and talk takes it" {
	start_server "$ASKED"
	((${#ENDPOINTS[@]} == 1))
	if [[ $ASKED == *:0 ]]; then
		[[ $ENDPOINT =~ ^"${ASKED%0}"[1-9][0-9]*$ ]]
	else
		[[ $ENDPOINT == "$ASKED" ]]
	fi
	[[ $(echo hello | talk) == hello ]]
	stop_server
}

@test "the family and type may be said by flags instead" {
	local flag
	flag=$(flag_of "$FAMILY")
	start_server "${flag:---family=$FAMILY}" -t "$TYPE" "${ASKED#*:}"
	[[ $ENDPOINT == "$FAMILY+$TYPE:"* ]]
	[[ $(echo hello | timeout 20 "$SOCKFAM" talk --family "$FAMILY" --type "$TYPE" "${ENDPOINT#*:}") == hello ]]
	stop_server
}

@test "many messages come back in order" {
	start_server "$ASKED"
	seq 1 3000 > in
	talk < in > out
	cmp in out
	stop_server
	if $RECORDS; then
		served messages=3000 bytes=10893
	else
		served connections=1 bytes=13893
	fi
}

@test "bytes of every value come back" {
	start_server "$ASKED"
	some_bytes 256 > in
	echo >> in
	talk < in > out
	cmp in out
	stop_server
}

@test "the greatest message comes back whole" {
	start_server "$ASKED"
	letters "$GREATEST" > in
	echo >> in
	talk < in > out
	cmp in out
	# and again where there is no newline at the end
	if $RECORDS; then
		head -c "$GREATEST" in | talk > out
		cmp in out
	fi
	stop_server
}

@test "a message longer than any is an error that says where, and the server serves on" {
	start_server "$ASKED"
	if $RECORDS; then
		{
			echo short
			letters "$(too_long_for "$TYPE")"
			echo
		} > in
		local status=0
		talk < in > out 2> err || status=$?
		cat err
		((status == 65))
		[[ $(wc -l < err) == 1 && $(< err) == 'sockfam: talk'*'line 2'* ]]
	else
		# a stream knows no message, and none too long
		some_bytes 5000001 > in
		talk < in | cmp - in
	fi
	[[ $(echo still | talk) == still ]]
	stop_server
}

@test "an empty message comes back" {
	if [[ $TYPE == seqpacket ]]; then
		skip_posix_build "tell an empty record from the end"
	fi
	start_server "$ASKED"
	if $RECORDS; then
		printf '\n\nx\n\n' > in
		talk -w 5 < in > out
		cmp in out
		stop_server
		served messages=4 bytes=1
	else
		# there is none on a stream: nothing in, nothing out, an orderly end
		[[ -z $(talk < /dev/null) ]]
		stop_server
		served connections=1 messages=0 bytes=0
	fi
}

@test "all that was sent before the end comes back" {
	start_server "$ASKED"
	if $RECORDS; then
		seq -f '%0299.0f' 1 1000 > in
	else
		some_bytes 300000 > in
	fi
	talk < in > out
	cmp in out
	stop_server
	$RECORDS || served connections=1 bytes=300000
}

@test "--reply upper" {
	start_server --reply upper "$ASKED"
	printf 'hello, World! \344\366\374 [`{~@z\n' | talk > out
	printf 'HELLO, WORLD! \344\366\374 [`{~@Z\n' | cmp - out
	stop_server
}

@test "several clients at once" {
	local i pid pids=()
	start_server "$ASKED"
	for ((i = 0; i < 8; i++)); do
		seq "$i" 7 4000 > "in.$i"
		talk < "in.$i" > "out.$i" 3>&- &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		finish "$pid"
		((STATUS == 0))
	done
	for ((i = 0; i < 8; i++)); do
		cmp "in.$i" "out.$i"
	done
	stop_server
	[[ $TYPE == dgram ]] || served connections=8
}

@test "a peer that is killed half-way harms nobody else" {
	local victim in out line left
	start_server "$ASKED"
	mkfifo victim.in victim.out
	"$SOCKFAM" talk "$ENDPOINT" < victim.in > victim.out 3>&- &
	victim=$!
	track "$victim"
	exec {in}> victim.in {out}< victim.out
	# it has been served, and has more on its way, which it will not read
	echo hello >&"$in"
	read -r -t 10 -u "$out" line
	[[ $line == hello ]]
	if $RECORDS; then seq -f '%01000.0f' 60; else some_bytes 60000; fi >&"$in"
	left=$(private_path "$victim")
	kill -KILL "$victim"
	finish "$victim"
	((STATUS == 137))
	[[ -z $left ]] || rm -r "${left%/client}"
	exec {in}>&- {out}<&-
	[[ $(echo still | talk) == still ]]
	stop_server
}

@test "SIGTERM: status 0, and no file is left" {
	start_server "$ASKED"
	talk <<< hello > out
	stop_server
	[[ -z $(find . -type s -o -name '*.lock') ]]
	served "connections=$([[ $TYPE == dgram ]] && echo 0 || echo 1)" \
		messages=1 "bytes=$($RECORDS && echo 5 || echo 6)"
	[[ $(wc -l < "$LOG") == 1 ]]
	# nobody is there now
	if [[ $TYPE == dgram ]] && ! $NAMES_ARE_FOUND; then
		echo hello > in # only what is sent can be refused
		INPUT=in fails_with 69 talk
	else
		fails_with 69 talk
	fi
}

@test "SIGINT ends it as well as SIGTERM does" {
	start_server "$ASKED"
	kill -INT "$PID"
	finish "$PID"
	((STATUS == 0))
	served connections=0 messages=0 bytes=0
}

@test "-v tells of each peer" {
	start_server -v "$ASKED"
	talk <<< hello > out
	stop_server
	cat "$LOG"
	if [[ $TYPE == dgram ]]; then
		[[ $(wc -l < "$LOG") == 1 ]]
	else
		[[ $(sed -n 1p "$LOG") == "connect $FAMILY+$TYPE:"* ]]
		peer=$(sed -n 's/^connect //p' "$LOG")
		[[ $(sed -n 2p "$LOG") == "close $peer bytes=$($RECORDS && echo 5 || echo 6)" ]]
	fi
}

@test "the same by four workers" {
	local i pid pids=()
	start_server --workers 4 "$ASKED"
	for ((i = 0; i < 6; i++)); do
		seq "$i" 3 3000 > "in.$i"
		talk < "in.$i" > "out.$i" 3>&- &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		finish "$pid"
		((STATUS == 0))
	done
	for ((i = 0; i < 6; i++)); do
		cmp "in.$i" "out.$i"
	done
	stop_server
}
