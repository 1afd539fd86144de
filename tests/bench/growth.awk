# Draws the samples of the table growth as SVG: from 1 to 10,000 connections, messages a second, processor time an
# echo, memory.

BEGIN {
	FS = "\t"
	split("tcp sockfam,tcp loop,unix sockfam,unix loop", curve, ",")
	split("#0b62a4 #0b62a4 #c2410c #c2410c", colour, " ")
	split("none 6,4 none 6,4", dash, " ")
}

$3 ~ /^[0-9]+ active$/ && $6 ~ /^(rate|cpu|idle_memory)$/ {
	split($3, load, " ")
	key = $2 " " $4 SUBSEP load[1] SUBSEP $6
	list[key, ++count[key]] = $7
}

function middle(key,   i, j, t, n) {
	n = count[key] + 0
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && list[key, j] + 0 < list[key, j - 1] + 0; j--) {
			t = list[key, j]; list[key, j] = list[key, j - 1]; list[key, j - 1] = t
		}
	return list[key, int((n + 1) / 2)] + 0
}

function round_up(value,   step) {
	for (step = 1; step * 10 < value; step *= 10);
	return value <= 2 * step ? 2 * step : value <= 5 * step ? 5 * step : 10 * step
}

function text(x, y, anchor, words) {
	printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, words
}

function panel(left, figure, scale, title, logarithmic,   c, e, n, v, most, x, y, points, i) {
	for (c = 1; c <= 4; c++)
		for (n = 1; n <= 10000; n *= 10)
			if ((v = middle(curve[c] SUBSEP n SUBSEP figure) / scale) > most) most = v
	most = round_up(most)
	text(left, 44, "start", title)
	for (i = 0; i <= 4; i++) {
		y = 260 - i * 50
		v = logarithmic ? most * 10 ^ (i - 4) : most * i / 4
		printf "<path d=\"M%d %dH%d\" stroke=\"#ddd\"/>\n", left, y, left + 240
		text(left - 6, y + 4, "end", sprintf("%.4g", v))
	}
	for (e = 0; e <= 4; e++) text(left + e * 60, 278, "middle", e == 4 ? "10,000" : e == 3 ? "1,000" : 10 ^ e)
	for (c = 1; c <= 4; c++) {
		points = ""
		for (e = 0; e <= 4; e++) {
			v = middle(curve[c] SUBSEP 10 ^ e SUBSEP figure) / scale
			if (!((curve[c] SUBSEP 10 ^ e SUBSEP figure) in count)) continue
			y = logarithmic ? (v > 0 ? log(v / most) / log(10) + 4 : 0) * 50 : v / most * 200
			points = points sprintf("%s%d,%.1f", points ? " " : "", left + e * 60, 260 - (y < 0 ? 0 : y))
		}
		printf "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/>\n", \
			points, colour[c], dash[c]
	}
}

END {
	print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 330\" font-family=\"sans-serif\" font-size=\"12\">"
	print "<rect width=\"1000\" height=\"330\" fill=\"#fff\"/>"
	text(500, 20, "middle", "From 1 to 10,000 connections, each with a message of 64 bytes on its way; medians")
	panel(70, "rate", 1000, "thousand messages a second", 0)
	panel(400, "cpu", 1000, "microseconds of the server&#39;s processor an echo", 0)
	panel(730, "idle_memory", 1024, "KiB of the server&#39;s memory, all idle", 1)
	for (c = 1; c <= 4; c++) {
		printf "<path d=\"M%d 309h40\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/>\n", c * 210 - 120, colour[c], dash[c]
		name = curve[c]
		sub(/loop/, "plain loop", name)
		text(c * 210 - 72, 313, "start", name)
	}
	print "</svg>"
}
