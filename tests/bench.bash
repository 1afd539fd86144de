# shellcheck shell=bash
# For the tests of bench: how it is run, and what its table must look like.

# shellcheck disable=SC2034,SC2154 # the variables are the tests' and helper.bash's
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
