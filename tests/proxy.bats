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

# A header of version 2 with LOCAL and a checksum, but for the last byte of that, which is \x8f.
checksummed() {
	printf '\r\n\r\n\0\r\nQUIT\n\x20\0\0\x07\x03\0\x04\xa9\xb8\x7e'
}

@test "PROXY: a wrong checksum is refused, and the log says so" {
	needs socat
	start_server -v --proxy-protocol inet:127.0.0.1:0
	[ "$({ checksummed; printf '\x8fright'; } | say "$ENDPOINT")" = right ]
	[ -z "$({ checksummed; printf '\x8ewrong'; } | say "$ENDPOINT" 2> /dev/null)" ]
	stop_server
	[ "$(grep -c 'bytes=0: a PROXY header whose checksum is wrong$' "$LOG")" = 1 ]
	served connections=2 messages=1
}

descriptors() { # PID
	local all=("/proc/$1/fd/"*)
	echo "${#all[@]}"
}

has_descriptors() { # PID COUNT
	[ "$(descriptors "$1")" = "$2" ]
}

@test "PROXY: a health check, which connects and goes without a byte, is no event" {
	needs python3
	local before
	start_server -v --proxy-protocol inet:127.0.0.1:0 unix:./stream unix+seqpacket:./seqpacket
	before=$(descriptors "$PID")
	python - "${ENDPOINT##*:}" << 'PY'
import socket, struct, sys
inet, stream, seqpacket = ((socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", int(sys.argv[1]))),
    (socket.AF_UNIX, socket.SOCK_STREAM, "stream"), (socket.AF_UNIX, socket.SOCK_SEQPACKET, "seqpacket"))
def go(to, said=b"", reset=False):
    s = socket.socket(to[0], to[1])
    s.settimeout(10)
    s.connect(to[2])
    if reset:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if said:
        s.sendall(said)
    return s
def end(s):
    s.shutdown(socket.SHUT_WR)
    assert s.recv(1) == b""
    s.close()
for to in inet, stream, seqpacket:
    go(to).close()
    end(go(to))
go(inet, reset=True).close()
end(go(inet, b"PROXY"))
# who comes later is accepted later
for to in inet, stream, seqpacket:
    s = go(to, b"PROXY UNKNOWN\r\n")
    s.send(b"hello")
    assert s.recv(100) == b"hello"
    end(s)
PY
	wait_until 10 has_descriptors "$PID" "$before"
	stop_server
	served connections=4 messages=3
	[ "$(grep -c '^connect ' "$LOG")" = 4 ]
	[ "$(grep -c '^close ' "$LOG")" = 4 ]
	[ "$(grep -c 'bytes=0: it ended within its PROXY header$' "$LOG")" = 1 ]
}

# HAProxy at the socket `front`; SERVER is what its `server` line says of ours.
start_haproxy() { # SERVER -> HAPROXY
	cat > haproxy.cfg << CFG
global
	stats socket unix@$PWD/stats
defaults
	mode tcp
	timeout connect 5s
	timeout client 5s
	timeout server 5s
frontend f
	bind unix@$PWD/front
	unique-id-format %pid-%rt
	default_backend b
backend b
	server s $1
CFG
	haproxy -db -f haproxy.cfg 2> haproxy.err 3>&- &
	HAPROXY=$!
	track "$HAPROXY"
	wait_until 10 test -S front
}

# Has a check gone well? The 37th field of its statistics (management.txt, 9.1) is check_status.
is_checked() {
	local status
	status=$(echo 'show stat' | timeout 5 socat - UNIX-CONNECT:stats | grep '^b,s,' | cut -d , -f 37)
	[ "$status" = L4OK ]
}

@test "PROXY: HAProxy's checksum and unique-id, and the checksum of its health checks" {
	needs haproxy socat
	start_server -v --proxy-protocol unix:./echo
	start_haproxy "unix@$PWD/echo send-proxy-v2 proxy-v2-options crc32c,unique-id check inter 50ms"
	wait_until 10 is_checked
	[ "$(printf through | timeout 5 socat -t 5 - UNIX-CONNECT:front)" = through ]
	wait_until 10 grep -q '^close unix+stream:.* bytes=0$' "$LOG"
	stop_server
	run ! grep '^close .*: .*PROXY header' "$LOG"
	grep -q '^close unix+stream:.* bytes=7$' "$LOG"
}

@test "PROXY: HAProxy's plain health check is no event" {
	needs haproxy socat
	local before
	start_server -v --proxy-protocol unix:./echo
	before=$(descriptors "$PID")
	# an address of their own: so the checks bring no header
	start_haproxy "unix@$PWD/echo send-proxy-v2 check addr unix@$PWD/echo inter 50ms"
	wait_until 10 is_checked
	[ "$(printf through | timeout 5 socat -t 5 - UNIX-CONNECT:front)" = through ]
	kill "$HAPROXY"
	finish "$HAPROXY"
	wait_until 10 has_descriptors "$PID" "$before"
	stop_server
	served connections=1 messages=1 bytes=7
	[ "$(grep -c '^connect ' "$LOG")" = 1 ]
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
