# The PROXY header in front of connections, also as a real HAProxy sends it.

load helper

# Sends standard input to a stream endpoint of inet, and half-closes.
say() {
	timeout 5 socat -t 5 - "TCP:${1#inet+stream:}"
}

# A header of version 2 for TCP over IPv4, from 192.0.2.7:50000.
version2() {
	printf '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07\xc0\0\x02\x02\xc3\x50\0\x07'
}

@test "PROXY version 1: the echo begins behind it, and the log names who is behind the proxy" {
	needs socat
	start_server -v --proxy-protocol inet:127.0.0.1:0
	[ "$(printf 'PROXY TCP4 192.0.2.1 192.0.2.2 50000 7\r\nhello' | say "$ENDPOINT")" = hello ]
	stop_server
	grep -qx 'connect inet+stream:192.0.2.1:50000' "$LOG"
	grep -qx 'close inet+stream:192.0.2.1:50000 bytes=5' "$LOG"
}

@test "PROXY version 2, and an IPv6 peer in version 1" {
	needs socat
	start_server -v --proxy-protocol inet:127.0.0.1:0
	[ "$({ version2; printf hello; } | say "$ENDPOINT")" = hello ]
	[ "$(printf 'PROXY TCP6 2001:db8::1 2001:db8::2 50000 7\r\nsix' | say "$ENDPOINT")" = six ]
	stop_server
	grep -qx 'connect inet+stream:192.0.2.7:50000' "$LOG"
	grep -qx 'connect inet6+stream:\[2001:db8::1\]:50000' "$LOG"
}

@test "PROXY: who sends no header gets nothing, and the log says why" {
	needs socat
	start_server -v --proxy-protocol inet:127.0.0.1:0
	[ -z "$(printf 'hello' | say "$ENDPOINT" 2> /dev/null)" ]
	stop_server
	grep -q 'bytes=0: ' "$LOG"
}

@test "PROXY: a header in pieces, the last of them with the first message" {
	needs socat
	start_server --proxy-protocol inet:127.0.0.1:0
	[ "$({ printf 'PROXY TCP4 192.0.2.1 '; sleep 0.1; printf '192.0.2.2 50000 7\r'; sleep 0.1
		printf '\nhello'; } | say "$ENDPOINT")" = hello ]
	stop_server
}

@test "PROXY, then the proof, then the echo" {
	needs_python
	head -c 32 /dev/urandom > key
	chmod 600 key
	needs socat
	start_server --proxy-protocol --secret-file key --auth simple inet:127.0.0.1:0
	run peer proxied_prover.py "$ENDPOINT" key
	[ "$output" = hello ]
	stop_server
}

@test "PROXY for datagrams is a usage error, also as one of several" {
	fails_with 64 "$SOCKFAM" serve --proxy-protocol inet:127.0.0.1:0 inet+dgram:127.0.0.1:0
}

@test "PROXY as HAProxy sends it, both versions" {
	needs haproxy
	local version port
	needs socat
	start_server -v --proxy-protocol unix:./echo
	for version in send-proxy send-proxy-v2; do
		cat > "$version.cfg" << CFG
defaults
	mode tcp
	timeout connect 5s
	timeout client 5s
	timeout server 5s
frontend f
	bind unix@$PWD/$version.front
	default_backend b
backend b
	server s unix@$PWD/echo $version
CFG
		haproxy -db -f "$version.cfg" 2> "$version.err" 3>&- &
		track $!
		wait_until 10 test -S "$version.front"
		[ "$(printf 'through %s' "$version" | timeout 5 socat -t 5 - "UNIX-CONNECT:$version.front")" = "through $version" ]
	done
	stop_server
	[ "$(grep -c '^connect ' "$LOG")" -ge 2 ]
}
