#!/usr/bin/env bats
# bench: counts that are exact, times that tell a stall, damage that is found, and what it prints and writes.

# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper
load measure

mapfile -t OWN < <(lanes)

# What bench makes for its own server goes here, so that it is seen whether it is gone.
prepare() {
	mkdir own
	export TMPDIR=$PWD/own
}

# Its output in `out`, its standard error in `err`; it ends with STATUS.
bench_status() { # STATUS ARGUMENT...
	local expected=$1 status=0
	shift
	timeout -s KILL 40 "$SOCKFAM" bench "$@" > out 2> err || status=$?
	[[ $status == "$expected" ]] && return 0
	printf 'bench %s: status %s, expected %s\n' "$*" "$status" "$expected"
	head -c 3000 out
	cat err
	return 1
}

serve_lanes() {
	start_server unix:s unix+dgram:d unix+seqpacket:q inet:127.0.0.1:0 inet+dgram:127.0.0.1:0 \
		'inet6:[::1]:0' 'inet6+dgram:[::1]:0'
}

# In the background; its output will be in NAME.out and NAME.err.
start_bench() { # NAME ARGUMENT... -> BENCH
	local name=$1
	shift
	"$SOCKFAM" bench "$@" > "$name.out" 2> "$name.err" 3>&- &
	BENCH=$!
	track "$BENCH"
}

connected() { # TIMES
	(($(grep -c '^connect ' "$LOG") >= $1))
}

# It used so much of a processor: a load is on.
is_working() { # PID TICKS
	(($(ticks "$1") >= $2))
}

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

# The table in `out`: its rows are NAME..., in that order, each with figures in place and a ratio.
table() { # NAME...
	awk -v names="$*" '
		/^ENDPOINT / { if ($0 !~ /messages\/s +MB\/s +p50 +p90 +p99 +p99\.9 +max +lost +damaged/) exit 1
			columns = NF; ratio = $NF == "ratio"; next }
		!columns { next }
		{ rows[++n] = $1
			for (i = 2; i <= columns; i++) if ($i !~ /^[0-9]+(\.[0-9]+)?%?$/) { print "column", i, $0; bad = 1 }
			if (NF != columns || $2 <= 0) { print; bad = 1 }
			for (i = 5; i <= 8; i++) if ($i + 0 < $(i - 1) + 0) { print "falls:", $0; bad = 1 }
			if ($9 != 0 || $10 != 0) { print "lost or damaged:", $0; bad = 1 }
			rate[n] = $2; got[n] = $NF }
		END {
			count = split(names, expected, " ")
			if (n != count || (ratio != (count > 1))) { print n, "rows, expected", count; bad = 1 }
			for (i = 1; i <= count; i++) if (rows[i] != expected[i]) { print rows[i], "is not", expected[i]; bad = 1 }
			if (count > 1 && got[1] != "1.00") { print "ratio of the first:", got[1]; bad = 1 }
			exit bad
		}' out && return 0
	cat out
	return 1
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

# The percentile text in FILE: columns, a head, a last row that counts all.
hgrm() { # FILE MESSAGES
	awk -v messages="$2" '
		NR == 1 { if ($1 != "Value" || $2 != "Percentile" || $3 != "TotalCount" || $4 != "1/(1-Percentile)") exit 1; next }
		/^#/ { notes++; next }
		NF == 0 { next }
		{ rows++
			if (NF < 3 || $1 + 0 < value || $2 + 0 < percentile || $3 + 0 < total) { print "falls:", $0; bad = 1 }
			value = $1 + 0; percentile = $2 + 0; total = $3 + 0 }
		END { exit bad || rows < 3 || total != messages || percentile != 1 || notes < 3 }' "$1" && return 0
	cat "$1"
	return 1
}

@test "--hgrm: one file each, whose last row counts all" {
	local lane
	start_server inet:127.0.0.1:0
	bench_status 0 -n 777 --warmup 0 --hgrm one.hgrm "$ENDPOINT"
	hgrm one.hgrm 777
	stop_server
	mkdir a.b
	bench_status 0 -n 500 --rounds 2 --warmup 0 --hgrm a.b/times
	for lane in "${OWN[@]}"; do
		hgrm "a.b/times-${lane/+/-}" 500
	done
	(($(find a.b -type f | wc -l) == ${#OWN[@]}))
	bench_status 0 -4 -n 50 --rounds 1 --warmup 0 --hgrm ./times.txt
	hgrm times-inet-stream.txt 50
	hgrm times-inet-dgram.txt 50
}

@test "--hgrm: two endpoints of one family and type have two files" {
	start_server inet:127.0.0.1:0 inet:127.0.0.1:0
	mkdir files
	bench_status 0 -n 50 --warmup 0 --hgrm files/x.hgrm "${ENDPOINTS[@]}"
	(($(find files -type f | wc -l) == 2)) || { ls files; return 1; }
	stop_server
}

@test "--svg: one well-formed picture of all" {
	needs_python
	bench_status 0 -n 500 --rounds 1 --warmup 0 --svg picture.svg
	reader picture.py picture.svg unix+stream unix+dgram unix+seqpacket inet+stream inet6+dgram
	table "${OWN[@]}"
}

@test "--hgrm and --svg where nothing can be written: one line, no zero" {
	start_server inet:127.0.0.1:0
	for option in --hgrm --svg; do
		bench_status 74 -n 5 --warmup 0 "$option" none/x "$ENDPOINT"
		[[ $(wc -l < err) == 1 && $(< err) == 'sockfam: '*none/x* ]]
		bench_status 74 -n 5 --warmup 0 "$option" /dev/full "$ENDPOINT"
		[[ $(wc -l < err) == 1 && $(< err) == 'sockfam: '*/dev/full* ]]
	done
	stop_server
}

@test "--merge: three at once, begun together; sums and histograms exact" {
	local start jobs=() job now
	needs_python
	start_server inet:127.0.0.1:0
	# the next whole second, with time enough to start
	now=${EPOCHREALTIME//[!0-9]/}
	start=$(((now + 1400000) / 1000000))
	for job in 1 2 3; do
		start_bench "$job" --start-at "$start" -n $((job * 500)) -c "$job" --warmup 0.05 --json "$ENDPOINT"
		jobs+=("$BENCH")
	done
	for job in "${jobs[@]}"; do
		finish "$job"
		((STATUS == 0)) || { cat ./*.err; return 1; }
	done
	((${EPOCHREALTIME//[!0-9]/} >= start * 1000000))
	bench_status 0 --merge --json 1.out 2.out 3.out
	holds out "is_sum_of('1.out', '2.out', '3.out')"
	holds out "r[0]['messages'] == 3000" "f['merged'] == 3" "f['complete'] is True" \
		"f['settings']['connections'] == 6" "f['settings']['messages'] == 3000"
	bench_status 0 --merge 1.out 2.out 3.out --hgrm all.hgrm --svg all.svg
	table "$ENDPOINT"
	hgrm all.hgrm 3000
	# the sum is such a file too
	cp out table
	bench_status 0 --merge --json 1.out 2.out
	cp out some
	bench_status 0 --merge --json some 3.out
	holds out "r[0]['messages'] == 3000"
	stop_server
}

@test "--merge: what is no such file is status 65, one line, nothing printed" {
	needs_python
	start_server inet:127.0.0.1:0 unix:s
	bench_status 0 -n 20 --warmup 0 --json "${ENDPOINTS[0]}"
	cp out good
	bench_status 0 -n 20 --warmup 0 -s 65 --json "${ENDPOINTS[0]}"
	cp out other
	stop_server
	printf '' > empty
	some_bytes 3000 > garbage
	head -c 300 good > short
	sed 's|sockfam-bench/1|sockfam-bench/2|' good > schema
	sed 's/"messages": 20, "bytes"/"messages": 21, "bytes"/' good > count
	sed 's/"sent": [0-9]*, //' good > field
	sed 's/"histogram": "count/"histogram": "kount/' good > histogram
	sed 's/"results": .*/"results": 5/' good | sed '/^  {/,/^ \]}/d' > results
	echo '}' >> results
	{ cat good; echo x; } > longer
	echo '{"schema": "sockfam-bench/1", "complete": true}' > bare
	for file in empty short; do
		bench_status 1 --merge good "$file"
		[[ $(< err) == "sockfam: bench: --merge $file: "*": counted as missing" && $(wc -l < err) == 1 ]]
		grep -qx 'partial: of 2 files 1 are missing' out
		bench_status 1 --merge --json "$file" good good
		holds out "f['missing'] == 1" "f['merged'] == 2" "f['complete'] is False" "r[0]['messages'] == 40"
		bench_status 65 --merge "$file"
		[[ ! -s out && $(tail -n 1 err) == *'none of the files'* ]]
	done
	for file in garbage schema count field histogram results longer bare other none .; do
		fails_with 65 "$SOCKFAM" bench --merge good "$file"
		[[ $(< fails.err) == *"$file"* ]]
	done
	head -c 100000 /dev/zero | tr '\0' '[' > deep
	fails_with 65 "$SOCKFAM" bench --merge deep
}

# FILE with other rates of its rounds.
with_rates() { # FILE RATE...
	local rates
	rates=$(printf '%s, ' "${@:2}")
	sed "s/\"rounds_messages_per_second\": \[[^]]*\]/\"rounds_messages_per_second\": [${rates%, }]/" "$1"
}

@test "--start-at next:N is a multiple of N, and --late lets one join" {
	start_server inet:127.0.0.1:0
	local before=$EPOCHSECONDS
	bench_status 0 -n 5 --warmup 0 --start-at next:2 "$ENDPOINT"
	((EPOCHSECONDS / 2 > before / 2)) # it waited for the next even second
	bench_status 0 -n 5 --warmup 0 --start-at "$(($(date +%s) - 3))" --late 1h "$ENDPOINT"
	[[ $(wc -l < err) == 1 && $(< err) == 'sockfam: bench: --start-at: joins '*' s late' ]]
	fails_with 64 "$SOCKFAM" bench -n 5 --start-at "$(($(date +%s) - 3))" --late 1 "$ENDPOINT"
	for bad in next: next:0 next:0.5 next:x next:2d next; do
		fails_with 64 "$SOCKFAM" bench -n 5 --start-at "$bad" "$ENDPOINT"
	done
	stop_server
}

@test "--compare: slower, faster, no difference shown" {
	start_server inet:127.0.0.1:0 unix:s
	"$SOCKFAM" bench -n 20 --warmup 0 --rounds 2 --json "${ENDPOINTS[@]}" > one
	"$SOCKFAM" bench -n 20 --warmup 0 -s 65 --json "${ENDPOINTS[0]}" > other
	stop_server
	with_rates one 1000 1010 990 1005 995 > base
	with_rates one 1003 1012 988 1001 997 > same
	with_rates one 890 900 905 897 893 > slow
	with_rates one 960 965 955 962 958 > slower
	with_rates one 1100 1110 1090 1120 1105 > fast
	with_rates one 700 > single
	bench_status 0 --compare base same
	[[ $(grep -c 'no difference shown$' out) == 2 && $(grep -c '^[iu].*  *\(0\.\|1\.\)[0-9]*  \[[01]\.[0-9]*, [01]\.[0-9]*\]  ' out) == 2 ]] || { cat out; return 1; }
	bench_status 0 --compare base fast
	[[ $(grep -c ' faster$' out) == 2 ]]
	bench_status 1 --compare base same slow
	[[ $(grep -c ' slower$' out) == 2 && $(grep -c 'no difference' out) == 2 ]]
	# within what is tolerated it is said and is no failure
	bench_status 0 --compare base slower
	[[ $(grep -c ' slower$' out) == 2 ]]
	bench_status 1 --compare --tolerance 2.5% base slower
	bench_status 0 --compare base single
	grep -q 'too few rounds' out
	fails_with 64 "$SOCKFAM" bench --compare base
	fails_with 64 "$SOCKFAM" bench --compare --tolerance x base same
	fails_with 65 "$SOCKFAM" bench --compare base none
	: > empty
	fails_with 65 "$SOCKFAM" bench --compare empty base
	bench_status 65 --compare base other
	[[ $(< err) == *'size is not the first file'* ]]
}

@test "--merge: a number out of range is named with its file" {
	local edit name
	start_server inet:127.0.0.1:0
	"$SOCKFAM" bench -n 20 --warmup 0 --json "$ENDPOINT" > good
	stop_server
	while read -r name edit; do
		sed -E "s/$edit/" good > bad
		fails_with 65 "$SOCKFAM" bench --merge good bad
		[[ $(< fails.err) == "sockfam: bench: --merge bad: "*"$name"* ]] || { cat fails.err; return 1; }
	done <<- 'END'
		size "size": 64/"size": -64
		size "size": 64/"size": 7
		connections "connections": 1,/"connections": 0,
		threads "threads": 1,/"threads": 9223372036854775807,
		rate "rate": 0.000/"rate": 1e999
		rate "rate": 0.000/"rate": -1
		elapsed_ns "elapsed_ns": [0-9]+/"elapsed_ns": -1
		bytes "bytes": 1280/"bytes": 9223372036854775807
		bytes "bytes": 1280/"bytes": 1281
		sent "sent": 20/"sent": 1.5
		sent "lost": 0/"lost": 21
		refused "refused": 0/"refused": 1
		warmup_ns "warmup_ns": 0/"warmup_ns": -1
		endpoint "endpoint": "/"endpoint": "\\u001b[2J
		family "family": "inet"/"family": "\\""
	END
}

@test "--merge: files that strangers made wrong are added up right or refused" {
	needs_python
	local file status
	start_server inet:127.0.0.1:0
	"$SOCKFAM" bench -n 20 --warmup 0 --json "$ENDPOINT" > good
	stop_server
	peer mutator.py good 200 1
	for file in mutant.*; do
		status=0
		timeout -s KILL 10 "$SOCKFAM" bench --merge --json good "$file" > out 2> err || status=$?
		[[ $status == [01] || ($status == 65 && ! -s out && $(wc -l < err) == 1 && $(< err) == *"$file"*) ]] ||
			{ echo "$file: status $status"; cat "$file" err; return 1; }
		[[ $status == 65 ]] || reader figures.py out > claims || { cat "$file" claims; return 1; }
	done
}

@test "SIGTERM gets through, whatever the load does" {
	needs_python
	local arguments
	start_server -v inet+dgram:127.0.0.1:0 unix:s
	while read -r arguments; do
		# shellcheck disable=SC2086 # options and an operand
		"$SOCKFAM" $arguments > out 2>&1 3>&- &
		track $!
		kill -0 $!
		wait_until 10 is_catching $!
		kill -TERM $!
		finish $! 5
		((STATUS <= 1)) || { echo "$arguments: $STATUS"; cat out; return 1; }
	done <<- END
		bench -d 60 -R 1G ${ENDPOINTS[0]}
		bench -d 60 -R 1G --threads 4 -c 8 --spin ${ENDPOINTS[1]}
		bench -d 60 -R 0.001 ${ENDPOINTS[0]}
		bench -d 60 --spin --depth 65536 -s 1000 ${ENDPOINTS[1]}
		bench -d 60 --warmup 1h ${ENDPOINTS[1]}
		ping -i 0.000000001 ${ENDPOINTS[0]}
		ping -i 0 --spin ${ENDPOINTS[1]}
		ping -i 24h ${ENDPOINTS[0]}
	END
	stop_server
	# nobody takes the connection
	start_hostile inet+stream full
	for arguments in "ping -W 60" "bench -d 60"; do
		# shellcheck disable=SC2086 # a command and its options
		"$SOCKFAM" $arguments "$ENDPOINT" > out 2>&1 3>&- &
		track $!
		wait_until 10 is_catching $!
		kill -TERM $!
		finish $! 3
		((STATUS == 1))
		[[ $(tail -n 1 out) == 'sockfam: connect '*': '*ancel* ]]
	done
	stop_hostile
}

@test "SIGINT: what there is, and that it is partial" {
	needs_python
	start_server -v inet:127.0.0.1:0
	start_bench json -d 30 --warmup 0.05 --json "$ENDPOINT"
	local json=$BENCH
	start_bench table -d 30 --warmup 0.05 "$ENDPOINT"
	local table=$BENCH
	start_bench rate -R 100 -d 30 --warmup 0.05 --json "$ENDPOINT"
	local rate=$BENCH
	wait_until 10 connected 6
	wait_until 10 is_working "$json" 10
	wait_until 10 is_working "$table" 10
	kill -INT "$json" "$table" "$rate"
	for job in "$json" "$table" "$rate"; do
		finish "$job" 3
		((STATUS == 0))
	done
	holds json.out "f['complete'] is False" "r[0]['messages'] > 0" "r[0]['lost'] == r[0]['damaged'] == 0"
	holds rate.out "f['complete'] is False" "r[0]['messages'] > 0" "r[0]['lost'] == 0"
	tail -n 1 table.out | grep -q '^partial'
	grep -q "^$ENDPOINT" table.out
	stop_server
	bench_status 0 --merge --json json.out
	holds out "f['complete'] is False"
}

own_is_up() {
	[[ -n $(ls own) ]]
}

# The server that a bench of its own started.
child_of() { # PID -> CHILD
	CHILD=$(ps -o pid= --ppid "$1" | tr -d ' ')
	[[ -n $CHILD ]]
}

@test "the own server is gone, and its files with it: by SIGINT, SIGTERM, kill -9" {
	local signal
	for signal in INT TERM KILL; do
		start_bench "$signal" -d 60 --rounds 1
		wait_until 10 own_is_up
		wait_until 10 is_working "$BENCH" 3
		child_of "$BENCH"
		track "$CHILD"
		kill -"$signal" "$BENCH"
		finish "$BENCH" 5
		wait_until 5 is_over "$CHILD"
		[[ -z $(ls own) ]] || { ls -R own; return 1; }
		[[ $signal == KILL ]] || tail -n 1 "$signal.out" | grep -q '^partial'
	done
}

@test "Ctrl-C, which reaches the own server as well: partial, nothing left" {
	needs setsid
	"${BASH}" -c 'set -m; exec "$@"' - setsid "$SOCKFAM" bench -d 60 --rounds 1 > out 2> err 3>&- &
	local group=$!
	track "$group"
	wait_until 10 own_is_up
	wait_until 10 is_working "$group" 3
	kill -INT -- "-$group"
	finish "$group" 5
	tail -n 1 out | grep -q '^partial' || { cat out err; return 1; }
	[[ ! -s err && -z $(ls own) ]]
}

@test "SIGINT while it waits for --start-at: at once" {
	start_server inet:127.0.0.1:0
	start_bench late --start-at $((EPOCHSECONDS + 30)) -n 10 "$ENDPOINT"
	caught() { grep -q '^SigCgt:.*[2367abef]$' "/proc/$BENCH/status"; }
	wait_until 5 caught
	kill -INT "$BENCH"
	finish "$BENCH" 3
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
