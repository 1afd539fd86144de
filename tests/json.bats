#!/usr/bin/env bats
# --reply json: what comes back is one JSON value after another (RFC 8259), and of what is none nothing at or
# behind its first wrong byte.

load helper

prepare() {
	# The suite of cases that the project measures itself by, where it is present.
	CASES=${JSON_CASES:-$TREE/../shared/data/json}
}

# Sends standard input in pieces of SIZE bytes (0: at once) and prints all that comes back.
pieces() { # SIZE
	peer pieces_client.py u "$1"
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
	python -c 'import json
for i in range(24000):
    print(json.dumps({"n": i, "s": "\u20ac" * (i % 50), "l": [None, True, -i / 7]}), end="\n" * (i % 2))' > values
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
	peer record_client.py q '[1]' '' > got
	[[ $(< got) == $'b\'[1]\'\nb\'\'' ]]
	wait_until 5 grep -q '^close .*there is no value' "$LOG"
	stop_server
}

@test "datagrams: each is one value, and what is not is dropped" {
	needs_python
	local endpoint
	start_server -v --reply json unix+dgram:d inet+dgram:127.0.0.1:0
	for endpoint in "${ENDPOINTS[@]}"; do
		: > "$LOG"
		peer json_datagram_client.py "$endpoint" > got
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
	start_server --reply json unix:u unix+seqpacket:q
	peer json_suite_client.py "$CASES" u q > got
	tail -n 20 got
	[[ $(tail -n 1 got) == 'True True 0' ]]
	stop_server
}
