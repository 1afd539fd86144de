#!/usr/bin/env bats
# The path of a unix socket: whose it is, who may use it, what becomes of it.

# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper

talk() {
	timeout 20 "$SOCKFAM" talk "$ENDPOINT" "$@"
}

mode_of() {
	stat -c %a "$1"
}

@test "a path has the mode that was asked for, whatever the umask" {
	local mask mode
	for mask in 000 022 077 777; do
		for mode in default 600 660 666 777 000; do
			SERVER_PREFIX=(bash -c "umask $mask; exec \"\$@\"" -)
			if [[ $mode == default ]]; then
				start_server unix:s
				[[ $(mode_of s) == 600 ]]
			else
				start_server --mode "$mode" unix:s
				[[ $(mode_of s) == "$((10#$mode))" ]]
			fi
			stop_server
		done
	done
}

@test "a path is never wider than its mode, not even for a moment" {
	needs_python
	# who looks for it all the time sees the name appear with its mode
	start_peer mode_watcher.py s enough > seen
	local watcher=$PEER i
	for i in 1 2 3 4 5 6 7 8; do
		SERVER_PREFIX=(bash -c 'umask 000; exec "$@"' -)
		start_server unix:s
		stop_server
	done
	touch enough
	finish "$watcher"
	((STATUS == 0))
	[[ $(< seen) == 600 ]]
}

@test "a default ACL does not widen a path" {
	needs setfacl
	mkdir folder
	setfacl -d -m u::rwx,g::rwx,o::rwx folder || skip "this file system has no ACL"
	start_server unix:folder/s
	[[ $(mode_of folder/s) == 600 ]]
	stop_server
}

@test "what kill -9 left behind is taken over" {
	local type
	for type in stream dgram seqpacket; do
		start_server "unix+$type:s"
		kill -KILL "$PID"
		finish "$PID"
		[[ -S s ]]
		start_server "unix+$type:s"
		[[ $(echo hello | talk) == hello ]]
		stop_server
		[[ ! -e s && ! -e s.lock ]]
	done
}

@test "a stale socket of another type is taken over too" {
	start_server unix+stream:s
	kill -KILL "$PID"
	finish "$PID"
	start_server unix+dgram:s
	[[ $(echo hello | talk) == hello ]]
	stop_server
}

@test "a live server is not robbed of its path" {
	local type other
	for type in stream dgram seqpacket; do
		start_server "unix+$type:s"
		for other in stream dgram seqpacket; do
			fails_with 73 "$SOCKFAM" serve "unix+$other:s"
			[[ $(< fails.err) == *"unix+$other:s"* ]]
		done
		[[ $(echo hello | talk) == hello ]]
		stop_server
	done
}

@test "a server of another make, without our lock, is not robbed either" {
	needs socat
	socat UNIX-LISTEN:s,fork EXEC:cat 3>&- &
	track $!
	wait_until 10 test -S s
	fails_with 73 "$SOCKFAM" serve unix:s
	[[ -S s && $(echo hello | socat - UNIX-CONNECT:s) == hello ]]
}

@test "whoever holds the lock has the path, even while nothing is there yet" {
	needs_python
	start_peer lock_holder.py s.lock > hold.out
	wait_until 10 grep -qx ready hold.out
	fails_with 73 "$SOCKFAM" serve unix:s
	[[ ! -e s && -e s.lock ]]
	kill "$PEER"
	finish "$PEER"
	# the file that is left is no lock any more
	start_server unix:s
	stop_server
	[[ ! -e s.lock ]]
}

@test "an abstract name has one server" {
	start_server "@sockfam-test-$$-one"
	fails_with 73 "$SOCKFAM" serve "@sockfam-test-$$-one"
	[[ $(< fails.err) == *"unix+stream:@sockfam-test-$$-one"* ]]
	stop_server
}

@test "of eight starters on one path exactly one serves" {
	local i pid pids served refused
	for _ in 1 2 3; do
		# what was left by a killed server makes it a race
		start_server unix:s
		kill -KILL "$PID"
		finish "$PID"
		pids=()
		for i in 1 2 3 4 5 6 7 8; do
			"$SOCKFAM" serve unix:s > "out.$i" 2> "err.$i" 3>&- &
			pids+=($!)
			track $!
		done
		all_decided() {
			local each decided=0
			for each in 1 2 3 4 5 6 7 8; do
				[[ -s err.$each || $(tail -n 1 "out.$each") == ready ]] && decided=$((decided + 1))
			done
			((decided == 8))
		}
		wait_until 20 all_decided
		[[ $(echo hello | "$SOCKFAM" talk unix:s) == hello ]]
		served=0 refused=0
		for i in "${!pids[@]}"; do
			pid=${pids[i]}
			if [[ -s err.$((i + 1)) ]]; then
				finish "$pid"
				((STATUS == 73))
				refused=$((refused + 1))
			else
				stop_server "$pid"
				served=$((served + 1))
			fi
		done
		((served == 1 && refused == 7))
		[[ ! -e s && ! -e s.lock ]]
	done
}

@test "a file, a folder and a symbolic link are never removed" {
	echo precious > file
	mkdir folder
	ln -s file link
	ln -s nowhere dangling
	mkfifo pipe
	local path
	for path in file folder link dangling pipe; do
		fails_with 73 "$SOCKFAM" serve "unix:$path"
		[[ $(< fails.err) == *"unix+stream:$path"* ]]
		[[ -e $path || -L $path ]]
	done
	[[ $(< file) == precious && -d folder && -L link && -L dangling && -p pipe ]]
}

@test "a symbolic link to a dead socket is not removed, nor is the socket" {
	start_server unix:real
	kill -KILL "$PID"
	finish "$PID"
	ln -s real link
	fails_with 73 "$SOCKFAM" serve unix:link
	[[ -L link && -S real ]]
}

@test "a path that was replaced while we ran is not ours to remove" {
	start_server unix:s
	mv s elsewhere
	echo precious > s
	stop_server
	[[ $(< s) == precious ]]
}

@test "a folder that is missing or is none" {
	fails_with 73 "$SOCKFAM" serve unix:missing/s
	[[ $(< fails.err) == *'unix+stream:missing/s'* ]]
	touch file
	fails_with 73 "$SOCKFAM" serve unix:file/s
}

@test "a folder where one may not write, a socket where one may not connect" {
	needs_root "to become somebody who may not"
	needs setpriv
	local as_nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	public_folder
	cp "$SOCKFAM" "$PLACE/sockfam"
	chmod 755 "$PLACE/sockfam"
	start_server "$PLACE/s"
	fails_with 77 "${as_nobody[@]}" "$PLACE/sockfam" serve "$PLACE/mine"
	fails_with 77 "${as_nobody[@]}" "$PLACE/sockfam" talk "$PLACE/s"
	stop_server
}

@test "107 bytes of path fit, 108 are a usage error" {
	# the paths are relative: so their length is the same wherever this runs
	local path
	path=$(letters 107 p)
	start_server "unix:$path"
	[[ $ENDPOINT == "unix+stream:$path" && -S $path ]]
	[[ $(echo hello | talk) == hello ]]
	stop_server
	[[ -z $(compgen -G 'ppp*') ]]
	fails_with 64 "$SOCKFAM" serve "unix:p$path"
	fails_with 64 "$SOCKFAM" talk "unix:p$path"
	[[ -z $(compgen -G 'ppp*') ]]
}

@test "an abstract name of 107 bytes fits, one of 108 does not" {
	local name
	name=$(letters 80 n)-$(printf '%026d' $$)
	start_server "@$name"
	[[ $ENDPOINT == "unix+stream:@$name" ]]
	[[ $(echo hello | talk) == hello ]]
	stop_server
	fails_with 64 "$SOCKFAM" serve "@n$name"
}

@test "a byte that cannot be printed is \\xHH, in and out" {
	start_server 'unix:a\x0ab\\c\xc3\xa9 d'
	[[ $ENDPOINT == 'unix+stream:a\x0ab\\c\xc3\xa9 d' ]]
	[[ -S $'a\nb\\c\xc3\xa9 d' ]]
	[[ $(echo hello | talk) == hello ]]
	stop_server
	# as bytes, too
	start_server $'unix:\xc3\xa9'
	[[ $ENDPOINT == 'unix+stream:\xc3\xa9' ]]
	[[ $(echo hello | talk) == hello ]]
	stop_server
	# a path that begins with @ is told from an abstract name
	start_server 'unix:\x40file'
	[[ $ENDPOINT == 'unix+stream:\x40file' && -S @file ]]
	[[ $(echo hello | talk) == hello ]]
	stop_server
	# an abstract name may hold a NUL
	start_server "@sockfam-$$\\x00b"
	[[ $ENDPOINT == "unix+stream:@sockfam-$$\\x00b" ]]
	[[ $(echo hello | talk) == hello ]]
	stop_server
}

@test "what is no escape is a usage error" {
	local bad
	for bad in 'a\' 'a\n' 'a\x' 'a\x1' 'a\xg0' 'a\x00b' '@'; do
		fails_with 64 "$SOCKFAM" talk "unix:$bad"
	done
}

@test "a relative path is printed as it was given" {
	local path
	mkdir -p a/b
	for path in ./s a/b/s a//b/../b/s; do
		start_server "$path"
		[[ $ENDPOINT == "unix+stream:$path" ]]
		[[ $(echo hello | talk) == hello ]]
		stop_server
	done
}

@test "without an operand the path is in XDG_RUNTIME_DIR" {
	local type name
	public_folder
	export XDG_RUNTIME_DIR=$PLACE
	for type in stream dgram seqpacket; do
		name=sockfam-$type.sock
		[[ $type != stream ]] || name=sockfam.sock
		start_server -U -t "$type"
		[[ $ENDPOINT == "unix+$type:$XDG_RUNTIME_DIR/$name" && -S $PLACE/$name ]]
		[[ $(echo hello | "$SOCKFAM" talk -t "$type") == hello ]]
		[[ $(echo hello | "$SOCKFAM" talk "unix+$type:") == hello ]]
		stop_server
	done
	[[ -z $(ls "$PLACE") ]]
	start_server -U -u
	[[ $ENDPOINT == "unix+dgram:$XDG_RUNTIME_DIR/sockfam-dgram.sock" ]]
	stop_server
}

@test "a datagram client without an address is dropped, and told of once" {
	needs_python
	start_server -v unix+dgram:s
	python -c 'import socket
for _ in range(5):
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"hello", "s")'
	[[ $(echo hello | talk) == hello ]]
	stop_server
	cat "$LOG"
	[[ $(grep -c '^drop' "$LOG") == 1 ]]
	served messages=1
}

@test "a datagram client with a path is answered there" {
	needs_python
	start_server unix+dgram:s
	peer datagram_asker.py --bind c unix+dgram:s
	stop_server
}

@test "a datagram client that does not read holds up nobody" {
	needs_python
	start_server unix+dgram:s
	start_peer deaf_client.py s deaf > deaf.out
	wait_until 10 grep -qx ready deaf.out
	seq 1000 > in
	talk -w 5 < in | cmp - in
	stop_server
}

@test "descriptors that a peer passes do not pile up in the server" {
	needs_python
	local before after
	start_server unix+stream:s unix+dgram:d unix+seqpacket:q
	before=$(ls "/proc/$PID/fd" | wc -l)
	# two connections are open
	after=$(peer descriptor_passer.py "$PID" "${ENDPOINTS[@]}")
	echo "$before descriptors before, $after after"
	((after == before + 2))
	stop_server
}

@test "confused deputy: a client's path that became a link leads nowhere" {
	needs_root "to serve as another user than the client"
	needs setpriv
	needs_python
	skip_posix_build "identify peers"
	public_folder
	mkdir "$PLACE/private" "$PLACE/nobody"
	chmod 700 "$PLACE/private"
	chown 65534 "$PLACE/nobody"
	start_server -v --mode 0666 "unix+dgram:$PLACE/s"
	peer symlink_attacker.py "$PLACE"
	stop_server
	cat "$LOG"
	grep -q '^drop' "$LOG"
}

@test "-v names a peer that has no address by its process and user" {
	skip_posix_build "identify peers"
	start_server -v unix:s
	talk <<< hello > out
	stop_server
	cat "$LOG"
	[[ $(head -n 1 "$LOG") =~ ^'connect unix+stream:(pid='[0-9]+",uid=$EUID,gid="[0-9]+')'$ ]]
}
