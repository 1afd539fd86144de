#!/usr/bin/env bats
# Which users are let in over unix, and whose server a client takes.

load helper
load proof

@test "--allow-uid and --allow-gid let in, and keep out" {
	skip_posix_build "it does not know who a peer is"
	needs setpriv
	needs_root "to be two users"
	local nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups) option type
	public_folder
	cp "$SOCKFAM" "$PLACE/sockfam"
	chmod 755 "$PLACE/sockfam"
	echo payload > payload
	for type in stream seqpacket; do
		for option in --allow-uid --allow-gid; do
			start_server -v --mode 666 "$option" 7,65534 "unix+$type:$PLACE/s"
			[[ $(echo hello | "${nobody[@]}" "$PLACE/sockfam" talk "$ENDPOINT") == hello ]]
			# root is not in the list
			ping_fails_with 76 "$SOCKFAM" ping -q -c 1 "$ENDPOINT"
			logged "$LOG" 'bytes=0: its user and group are not allowed'
			stop_server
			start_server -v --mode 666 "$option" 0 "unix+$type:$PLACE/s"
			[[ $(echo hello | "$SOCKFAM" talk "$ENDPOINT") == hello ]]
			INPUT=payload fails_with 76 "${nobody[@]}" "$PLACE/sockfam" talk "$ENDPOINT"
			stop_server
		done
	done
}

@test "--allow-uid is about unix peers alone" {
	skip_posix_build "it does not know who a peer is"
	start_server --allow-uid $((EUID + 1)) unix:u inet:127.0.0.1:0
	ping_fails_with 76 "$SOCKFAM" ping -q -c 1 "${ENDPOINTS[0]}"
	[[ $(echo hello | "$SOCKFAM" talk "${ENDPOINTS[1]}") == hello ]]
	stop_server
}

@test "a build that does not know who a peer is takes no list of users" {
	is_posix_build || skip "this build knows"
	# to let everybody in would be the opposite of what was asked for
	fails_with 64 "$SOCKFAM" serve --allow-uid "$EUID" unix:u
}

@test "a list of users is one of numbers" {
	local list
	for list in '' x 1, ,1 1,,2 -1 4294967296 '1 2'; do
		fails_with 64 "$SOCKFAM" serve --allow-uid "$list" unix:u
		fails_with 64 "$SOCKFAM" serve --allow-gid "$list" unix:u
	done
}

@test "--server-uid: the right user, and another" {
	skip_posix_build "it does not know who a peer is"
	local command endpoint
	start_server unix:u unix+seqpacket:q
	echo payload > payload
	for endpoint in "${ENDPOINTS[@]}"; do
		clients_get_in "$endpoint" --server-uid "$EUID"
		clients_are_refused "$endpoint" --server-uid $((EUID + 1))
		grep -qF "its server is user $EUID, not $((EUID + 1))" fails.err
	done
	stop_server
	start_server inet:127.0.0.1:0
	for command in talk ping bench; do
		ping_fails_with 64 "$SOCKFAM" "$command" --server-uid "$EUID" "$ENDPOINT"
	done
	stop_server
}
