#!/usr/bin/env bats
# bench: counts that are exact, times that tell a stall, damage that is found, and its table.

# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper
load measure
load bench

@test "-n counts over connections and rounds, and the server has as many" {
	needs_python
	serve_lanes
	# one in flight: on a stream each is one read of the server's, and one message of its summary
	bench_status 0 -n 1001 -c 3 --rounds 2 --warmup 0.02 --json "${ENDPOINTS[@]}"
	holds out "len(r) == 7" "[x['messages'] for x in r] == [1001] * 7" "f['complete'] is True" \
		"all(x['sent'] == 1001 and x['lost'] == x['damaged'] == x['duplicate'] == 0 for x in r)" \
		"all(x['warmup_messages'] > 0 for x in r)" "f['settings']['duration_ns'] is None" \
		"[x['endpoint'] for x in r] == '${ENDPOINTS[*]}'.split()" \
		"all(len(x['rounds_messages_per_second']) == 2 for x in r)"
	stop_server
	sum=$(python -c 'import json
print(sum(each["messages"] + each["warmup_messages"] for each in json.load(open("out"))["results"]))')
	served "messages=$sum" "bytes=$((64 * sum))"
}

@test "-n: fewer than rounds, fewer than connections" {
	needs_python
	start_server inet:127.0.0.1:0
	bench_status 0 -n 1 -c 4 --threads 4 --rounds 3 --warmup 0 --json "$ENDPOINT"
	holds out "r[0]['messages'] == 1" "r[0]['warmup_messages'] == 0"
	bench_status 0 -n 5 -c 2 --rounds 3 --warmup 0 --json "$ENDPOINT"
	holds out "r[0]['messages'] == 5"
	stop_server
	served messages=6
}

@test "-d: so long, behind the warm-up" {
	local start taken
	needs_python
	start_server inet:127.0.0.1:0 unix+dgram:d
	start=${EPOCHREALTIME//[!0-9]/}
	bench_status 0 -d 0.4 --rounds 2 --warmup 0.1 --json "${ENDPOINTS[@]}"
	taken=$((${EPOCHREALTIME//[!0-9]/} - start))
	holds out "all(0.35e9 <= x['elapsed_ns'] <= 0.45e9 for x in r)" "all(x['messages'] > 100 for x in r)" \
		"f['settings']['duration_ns'] == 400000000" "f['settings']['warmup_ns'] == 100000000"
	((taken >= 1200000 && taken < 6000000)) || { echo "$taken us"; return 1; }
	stop_server
}

@test "-R: a server that stops for 600 ms is seen in the response time, not in the service time" {
	needs_python
	start_server -v inet:127.0.0.1:0
	start_bench open -R 500 -d 2 --warmup 0.1 --json "$ENDPOINT"
	local open=$BENCH
	start_bench closed -d 2 --warmup 0.1 --json "$ENDPOINT"
	local closed=$BENCH
	# each connects once to see that somebody is there, and once for the load
	wait_until 10 connected 4
	wait_until 10 is_working "$closed" 20
	kill -STOP "$PID"
	sleep 0.6
	kill -CONT "$PID"
	finish "$open"
	((STATUS == 0))
	finish "$closed"
	((STATUS == 0))
	holds open.out "r[0]['messages'] in (999, 1000, 1001)" "r[0]['lost'] == 0" \
		"r[0]['response_ns']['p99'] >= 400e6" "r[0]['service_ns']['p99'] < r[0]['response_ns']['p99'] / 2" \
		"r[0]['response_ns']['max'] >= 590e6" "r[0]['service_ns']['max'] >= 590e6"
	holds closed.out "r[0]['service_ns']['p99'] < r[0]['service_ns']['max'] / 2" "r[0]['service_ns']['max'] >= 590e6" \
		"h[0] == s[0]"
	stop_server
}

@test "-R: what is due is sent, all of it" {
	needs_python
	serve_lanes
	bench_status 0 -R 2000 -d 0.25 --warmup 0.05 --rounds 1 -c 2 --json "${ENDPOINTS[@]}"
	holds out "all(499 <= x['messages'] <= 501 and x['lost'] == 0 for x in r)" \
		"all(99 <= x['warmup_messages'] <= 101 for x in r)"
	bench_status 0 -R 3000 -d 0.3 --warmup 0 --threads 2 -c 3 "$ENDPOINT"
	grep -q 'due at even intervals' out
	grep -q '^  service time ' out
	stop_server
}

@test "a flipped byte is found, with its offset" {
	needs_python
	for lane in inet+stream unix+stream:s; do
		start_hostile "$lane" flip $((64 * 10 + 20)) 1
		bench_status 1 -n 100 --warmup 0 --json "$ENDPOINT"
		holds out "r[0]['damaged'] == 1" "r[0]['messages'] == 99" "r[0]['sent'] == 100"
		[[ $(< err) == "sockfam: bench $ENDPOINT: damaged: the reply to message 11 is wrong at offset 20: 0x"* ]]
		[[ $(wc -l < err) == 1 ]]
	done
	for lane in inet+dgram unix+dgram:d unix+seqpacket:q; do
		start_hostile "$lane" flip 63 50
		bench_status 1 -n 100 --depth 4 --warmup 0 --json "$ENDPOINT"
		holds out "r[0]['damaged'] == 2" "r[0]['messages'] == 98" "r[0]['sent'] == 100"
		grep -q ' wrong at offset 63: 0x' err
	done
	start_server --reply upper inet:127.0.0.1:0
	bench_status 1 -n 100 -s 1000 --warmup 0 "$ENDPOINT"
	grep -q ' wrong at offset ' err
	stop_server
}

@test "damage that is in the warm-up is damage" {
	needs_python
	start_hostile inet+stream flip 20 1
	bench_status 1 -d 0.1 --warmup 0.1 --json "$ENDPOINT"
	holds out "r[0]['damaged'] == 1"
}

@test "a byte too many, and a stream that breaks, are status 1" {
	needs_python
	start_hostile inet+stream extra 50
	bench_status 1 -d 0.3 --warmup 0 "$ENDPOINT"
	grep -q 'bytes came back that were not sent' err
	for lane in inet+stream unix+seqpacket:q; do
		start_hostile "$lane" close 6400
		bench_status 1 -n 1000 --warmup 0 --json "$ENDPOINT"
		holds out "r[0]['broken'] == 1" "r[0]['messages'] == 100" "r[0]['lost'] == 1"
		grep -q 'the peer ended it' err
	done
}

@test "each message is counted once, whatever becomes of its copies, many in flight" {
	needs_python
	local lane
	for lane in inet+dgram unix+dgram:d unix+seqpacket:q; do
		rm -f d q
		start_hostile "$lane" plan 419263859471
		bench_status 1 -n 12 --depth 12 --warmup 0 --rounds 1 --json "$ENDPOINT"
		holds out "r[0]['sent'] == 12" "r[0]['lost'] == 2" "r[0]['damaged'] == 5" \
			"r[0]['duplicate'] == 7" "r[0]['messages'] == 5" || return 1
		stop_hostile
	done
}

@test "datagrams that are lost are a result: a tenth, status 0" {
	needs_python
	start_hostile inet+dgram drop 10
	bench_status 0 -R 1000 -d 0.5 --warmup 0 --depth 64 --json "$ENDPOINT"
	holds out "r[0]['sent'] == 500" "0.08 <= r[0]['lost'] / r[0]['sent'] <= 0.12" "r[0]['damaged'] == 0" \
		"r[0]['messages'] + r[0]['lost'] == 500"
}

# What can only be seen by waiting, side by side. Nothing comes back for ten seconds: that is the end
# of a bench that has none in time. A ping that is to wait longer does so.
@test "a server that answers nothing ends every bench, and a long interval no ping" {
	local lane kind job start=$SECONDS jobs=() names=()
	needs_python
	start_server inet+dgram:127.0.0.1:0
	timeout 30 "$SOCKFAM" ping -c 2 -i 10.5 -W 0.5 "$ENDPOINT" > ping.out 2>&1 3>&- &
	local ping=$!
	track "$ping"
	for lane in inet+stream inet+dgram unix+dgram:d unix+seqpacket:q; do
		start_hostile "$lane" silent
		kind=${lane%%:*}
		start_bench "$kind.d" -d 0.3 --warmup 0.1 --depth 4 --json "$ENDPOINT"
		jobs+=("$BENCH")
		start_bench "$kind.n" -n 100 -c 2 --warmup 0 "$ENDPOINT"
		jobs+=("$BENCH")
		start_bench "$kind.R" -R 100 -n 100 --warmup 0 "$ENDPOINT"
		jobs+=("$BENCH")
	done
	start_hostile unix+stream:deaf deaf
	start_bench deaf.d -d 0.3 --warmup 0 -s 1000000 --depth 4 "$ENDPOINT"
	jobs+=("$BENCH")
	for job in "${jobs[@]}"; do
		finish "$job" $((16 - SECONDS + start))
		((STATUS == 1)) || { tail -n 3 ./*.out; return 1; }
	done
	for kind in inet+stream inet+dgram unix+dgram unix+seqpacket; do
		holds "$kind.d.out" "r[0]['messages'] == r[0]['messages_per_second'] == 0" \
			"r[0]['response_ns'] is r[0]['service_ns'] is None" "r[0]['lost'] == r[0]['sent']"
	done
	finish "$ping"
	grep -q '^2 sent, 2 received, 0 lost' ping.out || { cat ping.out; return 1; }
}

@test "nobody there: status 69, one line, no table" {
	start_server inet:127.0.0.1:0
	stop_server
	fails_with 69 "$SOCKFAM" bench -n 1 "$ENDPOINT"
	fails_with 69 "$SOCKFAM" bench -n 1 unix:none
	fails_with 69 "$SOCKFAM" bench -n 1 unix+dgram:none
}

@test "usage: status 64, one line" {
	local arguments
	for arguments in '-s 7' '-s 1048577' '-c 0' '--depth 0' '-d -1' '-d 0' '-n 0' '-R 0' '-R -5' '-R x' '-R 1e99' \
		'-R 1e-300' '-R 0.0009' '-R 0x10' '-d 0.0000000001' '-d 1e308' '-d 99999999999999999999' '-c +1' \
		'-R nan' '-R inf' '--rounds 0' '--threads 0' '--merge' '--start-at 1' '-t seqpacket -4' \
		'-4 unix:a' '--no-such'; do
		# shellcheck disable=SC2086 # options and operands
		fails_with 64 "$SOCKFAM" bench $arguments
	done
}

@test "without operand: every family and type, side by side" {
	bench_status 0 --rounds 2 -d 0.4 --warmup 0.05
	table "${OWN[@]}"
	[[ -z $(ls own) ]]
	[[ ! -s err ]] || { cat err; return 1; }
}

@test "flags choose among them; more than one family or type has a ratio" {
	bench_status 0 -n 300 --warmup 0.01 -6
	table inet6+stream inet6+dgram
	bench_status 0 -n 300 --warmup 0.01 -u
	table unix+dgram inet+dgram inet6+dgram
	bench_status 0 -n 300 --warmup 0.01 -t seqpacket
	table unix+seqpacket
	[[ -z $(ls own) ]]
}

@test "the ratio is of the rounds, one by one" {
	needs_python
	start_server inet:127.0.0.1:0 unix:s
	# at a rate it is known what the ratio is to be
	bench_status 0 -R 500 -n 100 --warmup 0 "${ENDPOINTS[@]}"
	table_ratio=$(awk '$1 ~ /^unix\+stream/ { print $NF }' out)
	awk -v ratio="$table_ratio" 'BEGIN { exit !(ratio >= 0.95 && ratio <= 1.05) }'
	stop_server
}

@test "many in flight on many connections: every lane whole" {
	needs_python
	bench_status 0 --depth 16 -c 8 -n 4000 --rounds 1 --warmup 0.02 --json
	holds out "len(r) == ${#OWN[@]}" "all(x['messages'] == 4000 and x['damaged'] == x['broken'] == 0 for x in r)" \
		"all(x['lost'] == 0 for x in r)"
}

@test "--threads, --spin: the same counts" {
	needs_python
	bench_status 0 --threads 2 -c 4 --depth 4 -n 2001 --rounds 1 --warmup 0.01 --json
	holds out "len(r) == ${#OWN[@]}" "all(x['messages'] == 2001 and x['lost'] == 0 for x in r)" \
		"f['settings']['threads'] == 2"
	bench_status 0 --spin -n 500 --rounds 1 --warmup 0.01 --json
	holds out "len(r) == ${#OWN[@]}" "all(x['messages'] == 500 and x['lost'] == 0 for x in r)" "f['settings']['spin']"
	bench_status 0 --spin --threads 2 -c 2 -R 2000 -d 0.2 --warmup 0 -4 --rounds 1 --json
	holds out "all(399 <= x['messages'] <= 401 for x in r)"
}

@test "large messages: 1 MiB on streams, the greatest datagram and record" {
	needs_python
	serve_lanes
	bench_status 0 -s 1048576 -n 20 --depth 3 --warmup 0 --rounds 1 --json "${ENDPOINTS[0]}" \
		"${ENDPOINTS[3]}" "${ENDPOINTS[5]}"
	holds out "all(x['messages'] == 20 and x['bytes'] == 20 << 20 for x in r)"
	bench_status 0 -s 65507 -n 50 --warmup 0 --rounds 1 --json "${ENDPOINTS[4]}" "${ENDPOINTS[6]}"
	holds out "all(x['messages'] == 50 for x in r)"
	bench_status 0 -s 212960 -n 50 --warmup 0 --rounds 1 --json "${ENDPOINTS[1]}" "${ENDPOINTS[2]}"
	holds out "all(x['messages'] == 50 for x in r)"
	stop_server
}

@test "a message too long for the type says so" {
	start_server inet+dgram:127.0.0.1:0
	bench_status 65 -s 65508 -n 5 --warmup 0 "$ENDPOINT"
	[[ $(wc -l < err) == 1 && $(< err) == *'essage too long'* ]]
	stop_server
}

@test "--json: every field, strictly" {
	needs_python
	start_server -v inet:127.0.0.1:0 unix+dgram:d
	bench_status 0 -n 100 -c 2 --depth 3 -s 100 --rounds 2 --warmup 0.01 --json "${ENDPOINTS[@]}"
	holds out "f['schema'] == 'sockfam-bench/1'" "f['complete'] is True" "f['settings']['connections'] == 2" \
		"f['settings']['depth'] == 3" "f['settings']['size'] == 100" "f['settings']['messages'] == 100" \
		"f['settings']['rounds'] == 2" "r[0]['family'] == 'inet' and r[0]['type'] == 'stream'" \
		"r[1]['endpoint'] == 'unix+dgram:d'" "all(x['client_cpu_ns'] > 0 for x in r)"
	stop_server
}

# A service of another make on PORT, or at `peer`.
await_listening() { # FILE -> PORT
	wait_until 10 grep -q 'listening on' "$1"
	PORT=$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' "$1" | head -n 1)
}

@test "socat as the service" {
	needs socat
	needs_python
	socat -d -d TCP4-LISTEN:0,bind=127.0.0.1,fork PIPE 2> socat.log 3>&- &
	track $!
	await_listening socat.log
	bench_status 0 -n 500 -c 2 --depth 2 --warmup 0 --json "inet:127.0.0.1:$PORT"
	holds out "r[0]['messages'] == 500" "r[0]['damaged'] == 0"
	socat UNIX-LISTEN:peer,fork PIPE 2> /dev/null 3>&- &
	track $!
	wait_until 10 test -S peer
	bench_status 0 -n 500 -s 5000 --warmup 0 --json unix:peer
	holds out "r[0]['messages'] == 500" "r[0]['damaged'] == 0"
}

@test "ncat as the service" {
	needs ncat
	needs_python
	ncat -l -U -k -e /bin/cat peer 2> /dev/null 3>&- &
	track $!
	wait_until 10 test -S peer
	bench_status 0 -n 500 -c 2 --warmup 0 --json unix:peer
	holds out "r[0]['messages'] == 500" "r[0]['damaged'] == 0"
}

@test "a stream in small pieces of odd sizes is right" {
	needs_python
	start_hostile inet+stream pieces
	bench_status 0 -n 200 -c 2 --depth 8 -s 100 --warmup 0 --json "$ENDPOINT"
	holds out "r[0]['messages'] == 200" "r[0]['damaged'] == 0"
}
