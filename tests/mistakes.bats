#!/usr/bin/env bats
# What people type wrong: a table each kind, STATUS | ARGUMENTS | what the one line must say. fails_with()
# holds each to its status, to one line on standard error, and to nothing on standard output.

load helper

# Reads such a table; all rows that fail are told of. The arguments are words of the shell, unexpanded.
mistakes() {
	local expected arguments wanted words count=0 bad=0
	while IFS='|' read -r expected arguments wanted; do
		expected=${expected// /}
		[[ $expected ]] || continue
		read -r -a words <<< "$arguments"
		wanted=${wanted# }
		count=$((count + 1))
		fails_with "$expected" "$SOCKFAM" "${words[@]}" && [[ $(< fails.err) == *"$wanted"* ]] && continue
		printf 'sockfam%s: wanted %s with: %s\n' "$arguments" "$expected" "$wanted"
		cat fails.err
		bad=1
	done
	((count > 0 && bad == 0))
}

@test "a host is a name or a whole address: a port alone is not one" {
	mistakes <<- 'END'
		64 | serve 8888                   | 8888: a port alone is :8888
		64 | talk 8888                    | a port alone is :8888
		64 | ping inet:8888               | a port alone is :8888
		64 | talk -4 7                    | a port alone is :7
		64 | bench inet6:8888             | a port alone is :8888
		64 | serve 70000                  | 70000 is no host
		64 | serve 8888:9999              | 8888 is no host
		64 | serve [8888]:7               | 8888 is no host
		64 | serve 127.0.0.1:8888:9       | neither HOST:PORT nor an IPv6 address
		64 | serve inet:127.0.0.1:1:2     | not HOST:PORT
		64 | talk localhost 8888          | (localhost:8888?)
		64 | ping ./s ./t                 | one endpoint, not more: ./t
	END
}

@test "an IPv4 address is whole, and decimal" {
	mistakes <<- 'END'
		64 | talk 127.1                   | 127.0.0.1?
		64 | talk 127.1:8888              | 127.0.0.1?
		64 | talk 0177.0.0.1:8            | 127.0.0.1?
		64 | serve 0x7f000001             | 127.0.0.1?
		64 | serve 0x7f.0.0.1:0           | 127.0.0.1?
		64 | serve 1.2.3                  | 1.2.0.3?
		64 | talk 010.0.0.1:7             | 10.0.0.1? (in octal that is 8.0.0.1)
		64 | talk 127.000.000.001         | 127.0.0.1?
		64 | talk 256.1.1.1               | four decimal numbers up to 255
		64 | talk 1.2.3.4.5:7             | four decimal numbers up to 255
		64 | talk 127.0.0.1.              | four decimal numbers up to 255
		64 | talk example.0x7             | four decimal numbers up to 255
	END
}

@test "an IPv6 address has brackets where a port follows" {
	mistakes <<- 'END'
		64 | talk ::1:8888                | [::1]:8888?
		64 | talk ::1:8888                | (without a port: [::1:8888])
		64 | serve fe80::1%lo:8888        | [fe80::1%lo]:8888?
		64 | talk 2001:db8:0:0:0:0:0:1:80 | [2001:db8:0:0:0:0:0:1]:80?
		64 | talk ::ffff:127.0.0.1:80     | [::ffff:127.0.0.1]:80?
		64 | talk ::1:http                | [::1]:http?
		64 | talk inet:::1:8888           | an IPv6 address, not an IPv4 one
		64 | talk inet:[::1]:8888         | an IPv6 address, not an IPv4 one
	END
	# these can be meant in one way only
	local each
	for each in ::1 ::ffff:127.0.0.1 2001:db8::1 fe80::1:a; do
		run "$SOCKFAM" talk -t seqpacket "inet6:$each"
		[[ $output == *'inet6 has no seqpacket sockets' ]] || { echo "$each: $output"; return 1; }
	done
}

@test "prefixes of other programs and of URLs: the right one is named" {
	mistakes <<- 'END'
		64 | talk tcp:127.0.0.1:8888      | no family 'tcp' (
		64 | talk tcp:127.0.0.1:8888      | inet:127.0.0.1:8888?
		64 | talk tcp:8888                | inet::8888?
		64 | talk tcp6:[::1]:8888         | inet6:[::1]:8888?
		64 | talk tcp:[::1]:8888          | inet6:[::1]:8888?
		64 | talk udp:127.0.0.1:53        | inet+dgram:127.0.0.1:53?
		64 | ping udp:localhost:53        | inet+dgram:localhost:53?
		64 | serve udp6::0                | inet6+dgram::0?
		64 | serve udp+dgram:h:7          | inet+dgram:h:7?
		64 | talk ipv4:127.0.0.1          | inet:127.0.0.1?
		64 | talk ip6:[::1]:7             | inet6:[::1]:7?
		64 | talk tcp://h:8888            | inet:h:8888?
		64 | talk udp://127.0.0.1:8888    | inet+dgram:127.0.0.1:8888?
		64 | talk http://127.0.0.1:8888/  | no URL: inet:127.0.0.1:8888?
		64 | talk https://localhost/x     | no URL: localhost?
		64 | talk foo://bar:80            | no URL: bar:80?
		64 | serve unix:///run/e.sock     | unix:/run/e.sock?
		64 | serve unix://./e.sock        | unix:./e.sock?
		64 | serve inet://127.0.0.1:8888  | inet:127.0.0.1:8888?
		64 | talk file:///tmp/x           | unix:/tmp/x?
		64 | serve uds:./s                | unix:./s?
		64 | serve unixgram:/tmp/s        | unix+dgram:/tmp/s?
		64 | serve UNIX:./s               | unix:./s?
		64 | serve INET:0                 | inet::0?
		64 | serve unx:./s                | unix:./s?
		64 | serve inte6:[::1]:8          | inet6:[::1]:8?
		64 | serve dgram:127.0.0.1:7      | inet+dgram:127.0.0.1:7?
		64 | serve seqpacket:@x           | unix+seqpacket:@x?
		64 | serve stream:localhost:7     | -t stream localhost:7?
		64 | serve x25+dgram:h:7          | no family 'x25'
		64 | serve unix+stram:s           | no type 'stram': stream?
		64 | serve inet+tcp:127.0.0.1:1   | no type 'tcp': stream?
		64 | serve unix+raw:s             | stream, dgram or seqpacket
	END
	[[ -z $(find . -type s) ]]
}

@test "what looks like a prefix and is a host, or a path, is taken for that" {
	# a host may be called so, and its port is a port
	local each
	for each in int:7 stdin:7 local:80 tcp-proxy:80; do
		run timeout 20 "$SOCKFAM" talk -t seqpacket "$each"
		[[ $output == *'only unix has seqpacket sockets' ]] || { echo "$each: $output"; return 1; }
	done
	mkdir 'unx:.'
	start_server ./unx:./s unix+stream:.//t
	[[ ${ENDPOINTS[*]} == 'unix+stream:./unx:./s unix+stream:.//t' ]]
	stop_server
}

@test "a path needs ./" {
	start_server ./echosock ./a:b
	mistakes <<- 'END'
		64 | talk echo.sock               | a path needs ./: ./echo.sock?
		64 | serve new.socket             | a path needs ./: ./new.socket?
		64 | talk echosock                | a path needs ./: ./echosock?
		64 | ping a:b                     | a path needs ./: ./a:b?
	END
	# any other file may have a host's name
	touch localhost no-such-host
	run timeout 60 "$SOCKFAM" talk no-such-host
	[[ ($status == 68 || $status == 75) && $output == *'(it was taken for a host'*'./no-such-host)' ]]
	stop_server
}

@test "the nearest word is named: commands, demonstrations, forms, families, types" {
	mistakes <<- 'END'
		64 | help                         | no such command: sockfam --help?
		64 | version                      | no such command: sockfam --version?
		64 | -V                           | no such option: sockfam --version?
		64 | -v                           | no such option: sockfam --version?
		64 | --hepl                       | no such option: sockfam --help?
		64 | srve                         | no such command: sockfam serve?
		64 | server                       | sockfam serve?
		64 | Talk                         | sockfam talk?
		64 | pnig                         | sockfam ping?
		64 | xyzzy                        | xyzzy: no such command (sockfam --help)
		64 | demo tcp-handshak            | 'tcp-handshak': tcp-handshake?
		64 | demo tcp_handshake           | tcp-handshake?
		64 | demo handshake               | tcp-handshake?
		64 | demo nothing-like-it         | (sockfam demo --list)
		64 | serve --reply ecoh           | is none of echo, upper, json
		64 | serve --reply ecoh           | : echo?
		64 | serve --reply josn           | : json?
		64 | serve --family unx           | : unix?
		64 | serve --family tcp           | : inet?
		64 | serve --family IPv6          | : inet6?
		64 | serve --type datagram        | : dgram?
		64 | serve --type straem          | : stream?
		64 | talk -t seqpaket             | : seqpacket?
	END
}

@test "an unknown option, a missing argument and an unwanted one are told apart" {
	mistakes <<- 'END'
		64 | serve --bakclog 5            | serve: no such option: --bakclog: --backlog? (sockfam serve --help)
		64 | ping --cuont=3               | no such option: --cuont: --count?
		64 | bench --connection-count 3   | no such option: --connection-count
		64 | talk -Z                      | no such option: -Z (sockfam talk --help)
		64 | ping -jsno                   | no such option: -jsno: --json?
		64 | ping -qZ                     | no such option: -Z
		64 | ping -count 3                | (--count?)
		64 | serve --re who               | --re: which of --reply, --ready-fd
		64 | serve --backlog              | --backlog needs an argument: N
		64 | talk -t                      | -t needs an argument: TYPE
		64 | serve --both=yes             | --both takes no argument
		64 | serve --help=x               | --help takes no argument
	END
}

@test "numbers: the range is told in the units that are taken" {
	mistakes <<- 'END'
		64 | ping -c 0                    | is not a whole number from 1 up (
		64 | ping -c -5                   | from 1 up
		64 | ping -s 2Mi                  | from 8 to 1Mi (
		64 | ping -i 2d                   | from 0s to 24h (in seconds, or with us ms s m h)
		64 | ping -i 25h                  | from 0s to 24h
		64 | bench -c 200k                | from 1 to 100k (
		64 | bench -n many                | from 1 up
		64 | bench --depth 1M             | from 1 to 64Ki (
		64 | bench --warmup 2h            | from 0s to 1h
		64 | serve --spin 2s              | from 0s to 1s (in microseconds,
		64 | serve --mode 999             | is not an octal number from 0 to 777
	END
}

@test "users and groups have names" {
	mistakes <<- 'END'
		64 | serve --allow-uid no-such-user ./s     | --allow-uid no-such-user: there is no user 'no-such-user' here
		64 | serve --allow-uid 0,,1 ./s             | there is no user of that name
		64 | serve --allow-uid root, ./s            | there is no user of that name
		64 | serve --allow-uid 4294967295 ./s       | there is no user '4294967295' here
		64 | serve --allow-gid no-such-group ./s    | there is no group 'no-such-group' here
		64 | serve --allow-gid -1 ./s               | there is no group '-1'
		64 | talk --server-uid no-such-user ./s     | there is no user 'no-such-user'
	END
	[[ ! -e s ]]
	skip_posix_build "say who a peer is: the names of users that there are"
	start_server --allow-uid "$(id -un)" ./u
	[[ $(echo hello | "$SOCKFAM" talk --server-uid "$(id -un)" "$ENDPOINT") == hello ]]
	stop_server
	start_server --allow-gid "99999,$(id -gn)" ./g
	[[ $(echo hello | "$SOCKFAM" talk "$ENDPOINT") == hello ]]
	stop_server
}

@test "--both and an IPv4 endpoint" {
	mistakes <<- 'END'
		64 | serve --both inet::0         | contradicts --both: an inet6 listener also takes IPv4
		64 | serve --both ./s 127.0.0.1:0 | contradicts --both
		64 | serve -4 --both :0           | contradicts --both
	END
	[[ ! -e s ]]
}

@test "nobody there: how a server is started" {
	mistakes <<- 'END'
		69 | talk ./none                  | No such file or directory (is a server running there? sockfam serve unix+stream:./none)
		69 | bench ./none                 | (is a server running there? sockfam serve unix+stream:./none)
		69 | talk 127.0.0.1:1             | Connection refused (is a server running there? sockfam serve inet+stream:127.0.0.1:1)
		69 | bench 127.0.0.1:1            | sockfam serve inet+stream:127.0.0.1:1)
	END
	start_server unix:s
	mistakes <<- 'END'
		69 | talk unix+seqpacket:s        | (a socket of another type is there: -t TYPE)
	END
	stop_server
}

@test "a port that is taken: :0, or another; nothing is listened on, without operands either" {
	start_server inet::0
	mistakes <<- END
		73 | serve ./s $ENDPOINT          | Address already in use (another program has it; port :0 is a free one, or choose one of your own)
		73 | serve inet:203.0.113.1:0     | (this machine does not have that address)
	END
	stop_server
	[[ ! -e s ]]
	needs_network
	export XDG_RUNTIME_DIR=$PWD
	# shellcheck disable=SC2016 # the inner shell expands
	run -73 alone bash -c '"$0" serve inet::8888 > out & until grep -qs ready out; do sleep 0.02; done
		"$0" serve; status=$?; kill $!; wait $! 2> /dev/null; exit $status' "$SOCKFAM"
	[[ $output == *'8888: Address already in use (another program has it; port :0 '* && $output != *listening* ]]
	[[ ! -e sockfam.sock ]]
}

@test "descriptors that are not there are told of before anything is bound" {
	local status
	fails_with 64 "$SOCKFAM" serve --ready-fd 99 ./s
	[[ $(< fails.err) == *'--ready-fd 99: not open for writing (99>FILE)' && ! -e s.lock ]]
	fails_with 64 bash -c 'exec "$0" serve --ready-fd 5 ./s 5< /dev/null' "$SOCKFAM"
	[[ $(< fails.err) == *'--ready-fd 5: not open for writing'* ]]
	needs strace
	# a sanitizer cannot look for leaks in what strace holds
	ASAN_OPTIONS=detect_leaks=0 run -74 bash -c 'exec timeout 20 strace -f -e trace=bind,listen -o trace "$0" serve ./s >&-' "$SOCKFAM"
	[[ $(grep -c 'bind(' trace) == 0 ]]
}

@test "bench's files: what cannot be written is told of before the load, or at its end; nothing is half there" {
	local file
	start_server -v ./s
	mkdir closed dir
	mistakes <<- 'END'
		74 | bench --svg ./none/x.svg ./s       | ./none/x.svg: No such file or directory
		74 | bench --hgrm ./none/x.hgrm ./s     | ./none/x.hgrm: No such file or directory
		74 | bench --svg ./dir ./s              | ./dir: Is a directory
		74 | bench --svg ./s/x.svg ./s          | ./s/x.svg: Not a directory
		74 | bench --hgrm ./dir/../none/x -U    | No such file or directory
	END
	# it was seen before the load: these connections ended without a byte
	[[ $(grep -c '^close .* bytes=0' "$LOG") == 4 ]]
	if [[ -c /dev/full ]]; then
		echo old > old.svg
		run -74 bash -c '"$0" bench -n 20 --warmup 0 --svg /dev/full ./s 2>&1 > out' "$SOCKFAM"
		[[ $output == 'sockfam: /dev/full: No space left on device' ]]
		run -74 bash -c '"$0" bench -n 20 --warmup 0 --json --svg old.svg ./s 2>&1 > /dev/full' "$SOCKFAM"
		[[ $output == 'sockfam: standard output: No space left on device' ]]
	fi
	"$SOCKFAM" bench -n 20 --warmup 0 --svg new.svg --hgrm new.hgrm ./s > out
	[[ $(head -c 4 new.svg) == '<svg' || $(head -c 5 new.svg) == '<?xml' ]]
	[[ $(stat -c %a new.svg) == $(printf %o $((0666 & ~$(umask)))) && -s new.hgrm ]]
	ln -s new.svg link.svg
	"$SOCKFAM" bench -n 20 --warmup 0 --svg link.svg ./s > out
	[[ -L link.svg && -f new.svg ]]
	for file in *; do
		[[ $file != *.??????  || $file == server.* ]] || { echo "$file is left"; return 1; }
	done
	stop_server
}
