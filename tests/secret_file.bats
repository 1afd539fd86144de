#!/usr/bin/env bats
# --secret-file: which files are taken, and what a secret is for.

load helper
load proof

# serve and all clients refuse a secret file in the same way.
file_is_refused() { # STATUS WHY FILE
	local command
	for command in serve talk ping bench; do
		fails_with "$1" "$SOCKFAM" "$command" --secret-file "$3" unix:u
		[[ $(< fails.err) == "sockfam: --secret-file $3: "*"$2"* ]] || { cat fails.err; return 1; }
	done
	[[ ! -e u ]]
}

@test "a secret file that is missing, or is no file" {
	file_is_refused 65 'No such file' missing
	mkfifo fifo
	mkdir folder
	chmod 600 fifo
	chmod 700 folder
	file_is_refused 77 'not a regular file' fifo
	file_is_refused 77 'not a regular file' folder
	file_is_refused 77 'not a regular file' /dev/zero
}

@test "a secret file behind a symbolic link" {
	ln -s secret link
	file_is_refused 77 'symbolic link' link
}

@test "a secret file that others may use" {
	local mode
	for mode in 640 620 610 604 602 601 666 777; do
		chmod "$mode" secret
		file_is_refused 77 "$mode" secret
	done
	chmod 400 secret
	start_server --secret-file secret unix:u
	stop_server
}

@test "a secret has 16 to 4096 bytes, whatever they are" {
	local length
	for length in 0 15 4097 100000; do
		letters "$length" > secret
		file_is_refused 65 '16 to 4096 bytes' secret
	done
	for length in 16 17 4095 4096; do
		some_bytes "$length" > secret
		start_server --secret-file secret unix:u
		[[ $(echo hello | "$SOCKFAM" talk --secret-file secret unix:u) == hello ]]
		# the last byte counts
		some_bytes "$((length - 1))" > another
		printf '\n' >> another
		fails_with 76 "$SOCKFAM" talk --secret-file another unix:u
		stop_server
	done
}

@test "a newline at the end is part of the secret" {
	{ cat secret; echo; } > another
	start_server --secret-file secret unix:u
	fails_with 76 "$SOCKFAM" talk --secret-file another unix:u
	stop_server
}

@test "a secret file of another user" {
	needs setpriv
	needs_root "to be two users"
	local nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	public_folder
	cp "$SOCKFAM" "$PLACE/sockfam"
	chmod 755 "$PLACE/sockfam"
	local SOCKFAM=$PLACE/sockfam
	install -m 600 -o 65534 -g 65534 secret "$PLACE/theirs"
	install -m 600 -o 65533 -g 65534 secret "$PLACE/third"
	# root could read them: that does not make them good
	file_is_refused 77 'another user (uid 65534)' "$PLACE/theirs"
	file_is_refused 77 'another user (uid 65533)' "$PLACE/third"
	# what is root's, and not to be read, is not permitted either
	install -m 600 secret "$PLACE/roots"
	fails_with 77 "${nobody[@]}" "$SOCKFAM" ping -c 1 --secret-file "$PLACE/roots" unix:u
	# one's own is good
	ping_fails_with 69 "${nobody[@]}" "$SOCKFAM" ping -c 1 --secret-file "$PLACE/theirs" "unix:$PLACE/u"
}

@test "the secret is neither in the arguments nor in the environment" {
	[[ -r /proc/self/environ ]] || skip "no /proc here"
	start_server --secret-file secret unix:u
	! tr '\0' '\n' < "/proc/$PID/cmdline" | grep -qF "$(< secret)"
	! tr '\0' '\n' < "/proc/$PID/environ" | grep -qF "$(< secret)"
	tr '\0' '\n' < "/proc/$PID/cmdline" | grep -qx secret
	stop_server
}

@test "a secret is not for datagrams" {
	local command
	for command in serve talk ping bench; do
		fails_with 64 "$SOCKFAM" "$command" --secret-file secret unix+dgram:d
		grep -q 'unix+dgram:d: .*datagrams' fails.err
		fails_with 64 "$SOCKFAM" "$command" -u --secret-file secret inet:127.0.0.1:9
		grep -q '127.0.0.1:9: .*datagrams' fails.err
	done
	for command in serve bench; do
		fails_with 64 "$SOCKFAM" "$command" --secret-file secret unix:u unix+seqpacket:q inet+dgram:127.0.0.1:0
		grep -q 'inet+dgram:127.0.0.1:0: .*datagrams' fails.err
	done
	fails_with 64 "$SOCKFAM" serve -u --secret-file secret
	[[ ! -e u && ! -e q && ! -e d ]]
}

@test "--auth and --auth-name need a secret, and --auth a form" {
	local command
	for command in serve talk ping bench; do
		fails_with 64 "$SOCKFAM" "$command" --auth mutual unix:u
		fails_with 64 "$SOCKFAM" "$command" --auth-name x unix:u
		fails_with 64 "$SOCKFAM" "$command" --secret-file secret --auth none unix:u
	done
}
