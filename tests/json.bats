#!/usr/bin/env bats
# --reply json: what comes back is one JSON value after another (RFC 8259), and of what is none nothing at or
# behind its first wrong byte.

load helper

prepare() {
	# The suite of cases that the project measures itself by, where it is present.
	CASES=${JSON_CASES:-$TREE/../shared/data/json}
}

needs_python() {
	command -v "$PYTHON" > /dev/null || skip "python3 is not installed: the client is a program of it"
}

# Sends standard input in pieces of SIZE bytes (0: at once) and prints all that comes back.
pieces() { # SIZE
	cat > pieces.py <<- 'END'
		import socket, sys, threading
		size, path = int(sys.argv[1]), sys.argv[2]
		data = sys.stdin.buffer.read()
		sock = socket.socket(socket.AF_UNIX)
		sock.settimeout(20)
		sock.connect(path)
		def send():
		    try:
		        for i in range(0, len(data), size or len(data) or 1):
		            sock.sendall(data[i:i + (size or len(data))])
		        sock.shutdown(socket.SHUT_WR)
		    except OSError:
		        pass  # it has ended: what came until then is what counts
		thread = threading.Thread(target=send)
		thread.start()
		while True:
		    try:
		        got = sock.recv(65536)
		    except ConnectionResetError:
		        sys.exit('reset')
		    if not got:
		        break
		    sys.stdout.buffer.write(got)
		thread.join()
	END
	python -SE pieces.py "$1" u
}

# What comes back for INPUT, whole and in pieces; and what the log says of it.
comes_back() { # INPUT OUTPUT [REASON]
	local size
	printf '%b' "$2" > wanted
	for size in 0 1 2 3 7; do
		: > "$LOG"
		printf '%b' "$1" | pieces "$size" > got
		cmp wanted got || { printf 'pieces of %s of %s\n' "$size" "$1"; cat got; return 1; }
		wait_until 5 grep -q ^close "$LOG"
		if [[ -n ${3:-} ]]; then
			grep -q "^close .* bytes=[0-9]*: .*$3" "$LOG" || { cat "$LOG"; return 1; }
		else
			grep -q '^close .* bytes=[0-9]*$' "$LOG" || { cat "$LOG"; return 1; }
		fi
	done
}

@test "values on a stream come back as they came, with and without white space, cut anywhere" {
	needs_python
	start_server -v --reply json unix:u
	comes_back '{"a":[1,2,{"b":null}]}' '{"a":[1,2,{"b":null}]}'
	comes_back '[1]{"a":2}"x"true false null' '[1]{"a":2}"x"true false null'
	comes_back '1 2\t3\n-4.5e+6\r\n"\\u00e9"' '1 2\t3\n-4.5e+6\r\n"\\u00e9"'
	comes_back ' \n\t\r ' ' \n\t\r '
	comes_back '"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"' '"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"'
	comes_back '12[]' '12[]'
	comes_back '' ''
	stop_server
}

@test "on a stream an invalid value ends the connection: nothing at or behind its first wrong byte" {
	needs_python
	start_server -v --reply json unix:u
	comes_back '[1,2] [3,}] "behind"' '[1,2] [3,' 'not JSON at offset 9: .'
	comes_back 'nope' 'n' 'not JSON at offset 1: '
	comes_back '{"a" 1}' '{"a" ' 'not JSON at offset 5: '
	comes_back '"\xc0\xaf"' '"' 'not JSON at offset 1: not UTF-8'
	comes_back '"\xed\xa0\x80"' '"\xed' 'not JSON at offset 2: not UTF-8'
	comes_back '\xef\xbb\xbf1' '' 'not JSON at offset 0: a byte order mark'
	comes_back '"a\nb"' '"a' 'not JSON at offset 2: a control character'
	comes_back '[1] ]' '[1] ' 'not JSON at offset 4: '
	comes_back 'xxxx' '' 'not JSON at offset 0: '
	# the server goes on for others
	comes_back '[1]' '[1]'
	stop_server
}

@test "a stream that ends within a value is no error of any byte, and the log says so" {
	needs_python
	start_server -v --reply json unix:u
	comes_back '[1,2' '[1,2' 'it ended within a value'
	comes_back '"abc' '"abc' 'it ended within a value'
	comes_back '-' '-' 'it ended within a value'
	stop_server
}

@test "three megabytes of values come back, and the offset of what is wrong behind them is right" {
	needs_python
	python -SE - > values <<- 'END'
		import json, sys
		text = ''.join(json.dumps({'n': i, 's': '\u20ac' * (i % 50), 'l': [None, True, -i / 7]}) + '\n' * (i % 2)
		               for i in range(24000))
		sys.stdout.write(text)
	END
	(($(wc -c < values) > 3000000))
	start_server -v --reply json unix:u
	pieces 0 < values > got
	cmp values got
	pieces 997 < values > got
	cmp values got
	{ cat values; printf '[1 2]'; some_bytes 500000; } | pieces 0 > got
	{ cat values; printf '[1 '; } | cmp - got
	wait_until 5 grep -q "not JSON at offset $(($(wc -c < values) + 3)): neither a comma nor" "$LOG"
	stop_server
}

@test "nesting: 1024 deep comes back, one more does not" {
	needs_python
	local open close
	open=$(letters 1024 '[')
	close=$(letters 1024 ']')
	start_server -v --reply json unix:u unix+seqpacket:q
	comes_back "$open$close" "$open$close"
	comes_back "$open[$close]" "$open" 'not JSON at offset 1024: arrays and objects are nested too deep'
	[[ $(printf '%s\n' "$open$close" | "$SOCKFAM" talk unix+seqpacket:q) == "$open$close" ]]
	printf '%s\n' "$open[]$close" > deeper
	: > "$LOG"
	timeout 20 "$SOCKFAM" talk unix+seqpacket:q < deeper > got || true
	[[ ! -s got ]]
	wait_until 5 grep -q '^close .*: not JSON at offset 1024: arrays and objects are nested too deep' "$LOG"
	stop_server
}

@test "on seqpacket each record is one value; one that is not ends the connection" {
	local wrong
	start_server -v --reply json unix+seqpacket:q
	printf '%s\n' '{"a":1}' '12' ' true ' '"x"' > lines
	"$SOCKFAM" talk unix+seqpacket:q < lines > got
	cmp lines got
	for wrong in '[1' '1 2' '[]]' 'nul' ' ' '{"a":}' $'"\xff"'; do
		: > "$LOG"
		printf '%s\n' '[1]' "$wrong" '[2]' > lines
		timeout 20 "$SOCKFAM" talk unix+seqpacket:q < lines > got 2> err || true
		[[ $(< got) == '[1]' ]] || { echo "$wrong:"; cat got; return 1; }
		wait_until 5 grep -q '^close .*: not JSON at offset' "$LOG"
	done
	stop_server
}

@test "an empty record is no value" {
	skip_posix_build "tell an empty record from the end"
	needs_python
	start_server -v --reply json unix+seqpacket:q
	python -SE - > got <<- 'END'
		import socket
		sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		sock.settimeout(10)
		sock.connect('q')
		sock.send(b'[1]')
		print(sock.recv(100))
		sock.send(b'')
		print(sock.recv(100))
	END
	[[ $(< got) == $'b\'[1]\'\nb\'\'' ]]
	wait_until 5 grep -q '^close .*there is no value' "$LOG"
	stop_server
}

@test "datagrams: each is one value, and what is not is dropped" {
	needs_python
	cat > datagrams.py <<- 'END'
		import socket, sys
		lane, where = sys.argv[1].split(':', 1)
		if lane.startswith('unix'):
		    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		    sock.bind('mine')
		else:
		    host, port = where.rsplit(':', 1)
		    where = host.strip('[]'), int(port)
		    sock = socket.socket(socket.AF_INET6 if '6' in lane else socket.AF_INET, socket.SOCK_DGRAM)
		sock.settimeout(10)
		wrong = [b'', b' ', b'[1', b'1 2', b'nul', b'"\xff"', b'[]]', b'[' * 1025 + b']' * 1025]
		for message in wrong:
		    sock.sendto(message, where)
		    # answers come in order: what comes first is the answer to what was wrong, if there is one
		    sock.sendto(b'{"a": 1}', where)
		    print(sock.recv(4096).decode())
	END
	local endpoint
	start_server -v --reply json unix+dgram:d inet+dgram:127.0.0.1:0
	for endpoint in "${ENDPOINTS[@]}"; do
		: > "$LOG"
		python -SE datagrams.py "$endpoint" > got
		[[ $(sort got | uniq -c | tr -s ' ') == ' 8 {"a": 1}' ]] || { cat got; return 1; }
		wait_until 5 eval '(($(grep -c ^drop "$LOG") == 8))' || { cat "$LOG"; return 1; }
	done
	stop_server
	served messages=16
}

@test "behind a proof JSON is JSON" {
	printf 'correct horse battery staple 123' > secret
	chmod 600 secret
	start_server -v --secret-file secret --reply json unix:u
	[[ $(echo '[1] {"a":2}' | "$SOCKFAM" talk --secret-file secret unix:u) == '[1] {"a":2}' ]]
	printf '[1] {"a":2,}' > wrong
	local status=0
	timeout 20 "$SOCKFAM" talk --secret-file secret unix:u < wrong > got || status=$?
	[[ $(< got) == '[1] {"a":2,' ]]
	wait_until 5 grep -q 'not JSON at offset 11: ' "$LOG"
	stop_server
}

@test "the public suite's files: what is JSON comes back whole, what is none does not" {
	needs_python
	[[ -d $CASES ]] || skip "the cases of JSONTestSuite are not here ($CASES)"
	cat > suite.py <<- 'END'
		import glob, os, socket, sys
		def ask(path, kind, data):
		    sock = socket.socket(socket.AF_UNIX, kind)
		    sock.settimeout(10)
		    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)  # some are long for a record
		    sock.connect(path)
		    got = b''
		    try:
		        if kind == socket.SOCK_STREAM:
		            # behind half of it the rest, as a piece of its own
		            for part in data[:len(data) // 2], data[len(data) // 2:]:
		                sock.sendall(part)
		            sock.shutdown(socket.SHUT_WR)
		        else:
		            sock.send(data)
		            return sock.recv(1 << 20)
		        while True:
		            part = sock.recv(1 << 20)
		            if not part:
		                return got
		            got += part
		    except (BrokenPipeError, ConnectionResetError):
		        return got
		    finally:
		        sock.close()
		count = {'y': 0, 'n': 0}
		wrong = 0
		for name in sorted(glob.glob(os.path.join(sys.argv[1], '[yn]_*.json'))):
		    with open(name, 'rb') as file:
		        data = file.read()
		    kind = os.path.basename(name)[0]
		    count[kind] += 1
		    record = ask('q', socket.SOCK_SEQPACKET, data)
		    stream = ask('u', socket.SOCK_STREAM, data)
		    good = record == data and stream == data if kind == 'y' else not record
		    # what came back of a stream is a beginning of it in any case
		    if not good or not data.startswith(stream):
		        wrong += 1
		        print(os.path.basename(name), data[:40], record[:40], stream[:40])
		print(count['y'] > 0, count['n'] > 0, wrong)
	END
	start_server --reply json unix:u unix+seqpacket:q
	python -SE suite.py "$CASES" > got
	tail -n 20 got
	[[ $(tail -n 1 got) == 'True True 0' ]]
	stop_server
}
