#!/usr/bin/env bats
# What bench writes into files, and what it makes of files: percentiles, pictures, sums, comparisons.

# shellcheck disable=SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2153,SC2317
# (each test is a subshell of its own; the variables are helper.bash's; functions are called by name)

load helper
load measure
load bench

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
