# Prints a table, or with what=goals what became of the goals, from the samples that tests/bench/run wrote. Lines:
#
#     # TABLE BUILD DATE ROUNDS WANTED BUDGET SECONDS
#     TABLE LANE LOAD NAME ROUND FIGURE VALUE

BEGIN {
	FS = OFS = "\t"
	lanes = split("tcp tcp6 udp udp6 unix unix-dgram unix-seqpacket", lane, " ")
	titles = "one: one connection, 64 bytes, a client that sleeps|spin: one connection, 64 bytes, a client that spins|"
	titles = titles "processor: server and client on one processor; four of each on all; idle|hundred: 100 connections, 64 bytes|"
	titles = titles "bulk: one connection, large messages|datagrams: datagrams and records, 64 bytes|"
	titles = titles "twin: the program and a server written by hand with the same spin, 64 bytes|"
	titles = titles "client: clients on one and the same server, 64 bytes|growth: from 1 to 10,000 connections, 64 bytes"
}

$1 == "#" {
	rounds_note[$2] = $5 " of " $6 " rounds, " $8 " of " $7 " s" ($5 < $6 ? ": reduced to keep the time" : "") ", " $4
	next
}

{
	key = $1 SUBSEP $2 SUBSEP $3 SUBSEP $4
	block = $2 SUBSEP $3 SUBSEP $1
	if (!(block in seen_block)) {
		seen_block[block] = 1
		blocks[++block_count] = block
	}
	if (!(key in seen)) {
		seen[key] = 1
		names[block] = names[block] " " $4
	}
	if ($6 == "state") {
		state[key] = $7
		next
	}
	value[key, $6, $5] = $7
	has[key, $6] = 1
	has_block[block, $6] = 1
	if ($5 > last) last = $5
}

# Sets median, low, high, used from list[1..n].
function settle(list, n,   i, j, t) {
	used = n
	if (!n) return 0
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && list[j] < list[j - 1]; j--) {
			t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
		}
	low = list[1]; high = list[n]
	median = n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
	return 1
}

function spread(key, figure,   i, n, list) {
	for (i = 0; i <= last; i++)
		if ((key, figure, i) in value) list[++n] = value[key, figure, i] + 0
	return settle(list, n + 0)
}

function ratio(a, b, figure,   i, n, list) {
	for (i = 0; i <= last; i++)
		if ((a, figure, i) in value && (b, figure, i) in value && value[b, figure, i] > 0)
			list[++n] = value[a, figure, i] / value[b, figure, i]
	return settle(list, n + 0)
}

function id(table, at, load, name) { return table SUBSEP at SUBSEP load SUBSEP name }

function cell(key, figure, scale, format) {
	if (!spread(key, figure)) return "-"
	return sprintf(format " (" format ".." format ")", median / scale, low / scale, high / scale)
}

function print_block(block,   part, list, n, i, key, first, column, line) {
	split(block, part, SUBSEP)
	n = split(substr(names[block], 2), list, " ")
	first = id(what, part[1], part[2], "sockfam")
	printf "\n  %s, %s\n  %-22s", part[1], part[2], what == "client" ? "client" : "server"
	for (i = 1; i <= shown; i++)
		if ((block, figures[i]) in has_block) printf " %24s", heads[i]
	column = (block, "p50") in has_block ? "p50" : "rate"
	if (first in seen && n > 1) printf " %20s", column == "p50" ? "its p50 / sockfam" : "sockfam / its rate"
	print ""
	for (i = 1; i <= n; i++) {
		key = id(what, part[1], part[2], list[i])
		if (key in state) {
			printf "  %-22s %s\n", list[i], state[key]
			continue
		}
		printf "  %-22s", list[i]
		for (line = 1; line <= shown; line++)
			if ((block, figures[line]) in has_block)
				printf " %24s", cell(key, figures[line], scales[line], formats[line])
		if (first in seen && n > 1 && (column == "p50" ? ratio(key, first, column) : ratio(first, key, column)))
			printf " %20s", sprintf("%.2f (%.2f..%.2f)", median, low, high)
		print ""
	}
}

function column(figure, head, scale, format) {
	figures[++shown] = figure; heads[shown] = head; scales[shown] = scale; formats[shown] = format
}

function print_table(   i, title, n) {
	column("rate", "messages/s", 1, "%.0f"); column("p50", "p50 us", 1000, "%.1f")
	column("cpu", "server CPU us each", 1000, "%.2f"); column("calls", "system calls each", 1, "%.2f")
	if (what == "growth") {
		column("connects", "connects/s", 1, "%.0f"); column("idle_memory", "idle KiB", 1024, "%.0f")
		column("memory", "KiB", 1024, "%.0f"); column("idle_cpu", "idle CPU us/s", 1000, "%.0f")
	}
	if (what == "datagrams") column("lost", "lost", 1, "%.0f")
	column("idle", "CPU us in an idle second", 1000, "%.0f")
	n = split(titles, title, "|")
	for (i = 1; i <= n; i++)
		if (index(title[i], what ":") == 1) printf "\n%s (%s)\n", title[i], rounds_note[what]
	for (i = 1; i <= block_count; i++) print_block(blocks[i])
}

# One line of the closing table, from median, low, high and used.
function judge(where, sign, bound,   met, near, text) {
	goal_count++
	if (!used) {
		printf "%-4s %-52s %-15s %-24s %s %-6s %s\n", number, subject, where, "not measured", sign, bound, "-"
		row_text[row] = row_text[row] ", " where " -"
		return
	}
	met = sign == "<=" ? median <= bound : median >= bound
	near = low <= bound && bound <= high
	text = median >= 20 ? "%.0f" : "%.2f"
	printf "%-4s %-52s %-15s %-24s %s %-6s %s%s\n", number, subject, where, \
		sprintf(text " (" text ".." text ")", median, low, high), sign, bound, met ? "yes" : "NO", near ? " ~" : ""
	judged++
	row_judged[row]++
	if (met) { met_count++; row_met[row]++ }
	text = sprintf(median >= 20 ? "%.0f" : "%.2f", median) (near ? "~" : "")
	row_text[row] = row_text[row] ", " where " " (met ? text : "**" text "**")
}

function about(goal, text, bound) {
	number = goal; subject = text
	row_head[++row] = "| " goal " | " text " | " bound
}

# Each lane's: FIGURE of OURS over that of the reference, which for udp may be another.
function for_lanes(table, load, ours, figure, reference, udp, sign, bound,   i, other) {
	for (i = 1; i <= lanes; i++) {
		other = udp && lane[i] ~ /^udp/ ? udp : reference
		ratio(id(table, lane[i], load, ours), id(table, lane[i], load, other), figure)
		judge(lane[i], sign, bound)
	}
}

function best(table, at, load, candidates,   list, n, i, name, most) {
	n = split(candidates, list, " ")
	for (i = 1; i <= n; i++)
		if (spread(id(table, at, load, list[i]), "rate") && median > most) {
			most = median
			name = list[i]
		}
	return name
}

function against(table, at, load, other, figure, sign, bound, where) {
	ratio(id(table, at, load, "sockfam"), id(table, at, load, other), figure)
	judge(where ? where : at, sign, bound)
}

function goals_of_latency() {
	about(1, "p50 / server-spins floor", "<= 1.05")
	for_lanes("one", "blocking client", "sockfam", "p50", "floor-server-connected", "floor-server-unconnected", "<=", 1.05)
	about(1, "CPU an echo / plain loop with the same spin", "<= 1.1")
	for_lanes("one", "blocking client", "sockfam", "cpu", "loop-spin", "", "<=", 1.1)
	about(2, "spinning client: p50 / both-spin floor", "<= 1.05")
	for_lanes("spin", "spinning client", "sockfam", "p50", "floor-both-connected", "floor-both-unconnected", "<=", 1.05)
}

function goals_of_processors(   i) {
	about(3, "one processor: rate / rate without spin", ">= 0.98")
	for_lanes("processor", "one processor", "sockfam", "rate", "sockfam-0", "", ">=", 0.98)
	about(3, "four servers and clients: rate / rate without spin", ">= 1")
	for_lanes("processor", "four servers, four clients", "sockfam", "rate", "sockfam-0", "", ">=", 1)
	about(3, "idle: CPU us in a second", "<= 0")
	for (i = 1; i <= lanes; i++) {
		if (spread(id("processor", lane[i], "idle", "sockfam"), "idle")) { median /= 1000; low /= 1000; high /= 1000 }
		judge(lane[i], "<=", 0)
	}
}

function goals_of_throughput(   i, j, load, at, peer, size) {
	split("tcp unix", at, " ")
	about(4, "100 connections: rate / best of libuv, libevent, io_uring", ">= 1.05")
	for (i = 1; i <= 2; i++)
		for (j = 1; j <= 16; j += 15) {
			load = "100 connections, " j " deep"
			peer = best("hundred", at[i], load, "libuv libevent io_uring")
			against("hundred", at[i], load, peer, "rate", ">=", 1.05, at[i] " " j (peer ? " " peer : ""))
		}
	about(4, "100 connections: CPU an echo / plain loop", "<= 1.02")
	for (i = 1; i <= 2; i++)
		for (j = 1; j <= 16; j += 15)
			against("hundred", at[i], "100 connections, " j " deep", "loop", "cpu", "<=", 1.02, at[i] " " j)
	split("64 1024", size, " ")
	about(5, "bulk: rate / floor", ">= 0.95")
	for (i = 1; i <= 2; i++)
		for (j = 1; j <= 2; j++)
			against("bulk", at[i], size[j] " KiB", "floor", "rate", ">=", 0.95, at[i] " " size[j] "K")
	about(5, "bulk: CPU a message / copying loop", "<= 0.6")
	for (j = 1; j <= 2; j++) against("bulk", "tcp", size[j] " KiB", "loop", "cpu", "<=", 0.6, "tcp " size[j] "K")
}

function goals_of_datagrams(   i, at, load) {
	load = "8 connections, 16 deep"
	about(6, "udp: rate / libuv", ">= 1.3"); against("datagrams", "udp", load, "libuv", "rate", ">=", 1.3)
	about(6, "udp: rate / socat", ">= 100"); against("datagrams", "udp", load, "socat", "rate", ">=", 100)
	about(6, "udp: rate / xinetd", ">= 30"); against("datagrams", "udp", load, "xinetd", "rate", ">=", 30)
	split("unix-dgram unix-seqpacket", at, " ")
	load = "8 connections, 1 deep"
	about(6, "rate / plain loop", ">= 1")
	for (i = 1; i <= 2; i++) against("datagrams", at[i], load, "loop", "rate", ">=", 1)
	about(6, "CPU an echo / plain loop", "<= 1.05")
	for (i = 1; i <= 2; i++) against("datagrams", at[i], load, "loop", "cpu", "<=", 1.05)
}

function goals_of_size(   i, at) {
	split("tcp unix", at, " ")
	about(7, "10,000 idle connections: bytes of memory each", "<= 128")
	for (i = 1; i <= 2; i++) {
		if (spread(id("growth", at[i], "10000 active", "sockfam"), "idle_memory")) { median /= 10000; low /= 10000; high /= 10000 }
		judge(at[i], "<=", 128)
	}
	about(7, "10,000 active: CPU an echo / plain loop", "<= 1.05")
	for (i = 1; i <= 2; i++) against("growth", at[i], "10000 active", "loop", "cpu", "<=", 1.05)
}

function goals_of_clients(   i, at, load) {
	load = "100 connections, plain loop as server"
	split("tcp unix", at, " ")
	about(8, "bench: rate / plain generator", ">= 1")
	for (i = 1; i <= 2; i++) {
		ratio(id("client", at[i], load, "bench"), id("client", at[i], load, "plain"), "rate")
		judge(at[i], ">=", 1)
	}
	about(8, "bench: rate / rust_echo_bench", ">= 1.5")
	ratio(id("client", "tcp", load, "bench"), id("client", "tcp", load, "rust_echo_bench"), "rate")
	judge("tcp", ">=", 1.5)
	about(8, "ping: p50 / blocking floor", "<= 1.02")
	for_lanes("client", "blocking, floor as server", "ping", "p50", "floor", "", "<=", 1.02)
	about(8, "ping --spin: p50 / both-spin floor", "<= 1.05")
	for_lanes("client", "spinning, floor as server", "ping", "p50", "floor", "", "<=", 1.05)
}

function goals_of_families() {
	about(9, "rate / hand-written server with the same spin", ">= 0.98")
	for_lanes("twin", "8 connections, 1 deep", "sockfam", "rate", "loop-spin", "", ">=", 0.98)
	about(9, "CPU an echo / the same", "<= 1.02")
	for_lanes("twin", "8 connections, 1 deep", "sockfam", "cpu", "loop-spin", "", "<=", 1.02)
}

function print_markdown(   i) {
	print "| | what | goal | met | median of each lane |" >markdown
	print "| --- | --- | --- | --- | --- |" >markdown
	for (i = 1; i <= row; i++) {
		sub(/<=/, "≤", row_head[i]); sub(/>=/, "≥", row_head[i]); sub(/ \/ /, " ÷ ", row_head[i])
		print row_head[i] " | " (row_judged[i] ? row_met[i] + 0 " of " row_judged[i] : "-") " | " substr(row_text[i], 3) " |" >markdown
	}
}

END {
	if (what != "goals") {
		print_table()
		exit
	}
	printf "\ngoals (~: the bound lies within the spread of the rounds)\n"
	printf "%-4s %-52s %-15s %-24s %-9s %s\n", "goal", "what", "lane", "figure", "wanted", "met"
	goals_of_latency(); goals_of_processors(); goals_of_throughput(); goals_of_datagrams()
	goals_of_size(); goals_of_clients(); goals_of_families()
	printf "%d of %d met, %d not measured\n", met_count, judged, goal_count - judged
	if (markdown) print_markdown()
}
