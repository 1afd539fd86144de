#include "plot/plot.h"
#include "plot/plot_curves.h"
#include "plot/plot_scale.h"
#include "plot/plot_text.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

enum { CURVES = 24, NAME = 32 };

static struct histogram histograms[CURVES];
static struct plot_path path;

/* The picture, which the caller frees; NULL if it could not be made. */
static char *draw(const char *title, const struct plot_curve *curves, size_t count)
{
	char *picture;
	size_t length;
	FILE *stream = open_memstream(&picture, &length);
	if (!stream) {
		perror("open_memstream");
		exit(2);
	}
	int result = plot_write(stream, title, curves, count);
	fclose(stream);
	if (check(result == 0 && strlen(picture) == length, "it is written"))
		return picture;
	free(picture);
	return NULL;
}

static size_t times(const char *text, const char *what)
{
	size_t count = 0;
	while ((text = strstr(text, what))) {
		text += strlen(what);
		count++;
	}
	return count;
}

/* Elements nest, attributes are quoted, no bare & or < is left: what breaks most easily. */
static bool well_formed(const char *text)
{
	char open[8][NAME];
	size_t depth = 0, elements = 0;
	while (*text) {
		if (*text == '&') {
			size_t length = strcspn(text, "; <");
			if (text[length] != ';')
				return false;
		}
		if (*text++ != '<')
			continue;
		bool closing = *text == '/';
		text += closing;
		size_t length = strcspn(text, " />");
		if (length == 0 || length >= NAME || (depth == 0 && elements > 0))
			return false;
		if (closing) {
			if (depth == 0 || strlen(open[--depth]) != length ||
			    memcmp(open[depth], text, length) != 0)
				return false;
		} else if (depth == 8) {
			return false;
		} else {
			memcpy(open[depth], text, length);
			open[depth++][length] = '\0';
			elements++;
		}
		for (text += length; *text && *text != '>'; text++) {
			if (*text == '<')
				return false;
			if (*text == '"' && !(text = strchr(text + 1, '"')))
				return false;
		}
		if (*text++ != '>')
			return false;
		if (!closing && text[-2] == '/')
			depth--;
	}
	return depth == 0 && elements > 0;
}

/* Whether a line's points go to the right and never down, and are all within the field. */
static bool ascends(const char *points, double *end)
{
	double x, y, last_x = 0, last_y = 1e9;
	int used;
	size_t count = 0;
	for (; sscanf(points, " %lf,%lf%n", &x, &y, &used) == 2; points += used, count++) {
		if (x < last_x || y > last_y || x < 80 || x > 960 || y < 87.9 || y > 700)
			return false;
		last_x = x;
		last_y = y;
	}
	*end = last_x;
	return count > 0 && *points == '"';
}

static void check_lines(const char *picture, size_t expected)
{
	size_t good = 0;
	double end;
	for (const char *at = picture; (at = strstr(at, " points=\"")); at++)
		good += ascends(at + strlen(" points=\""), &end);
	check(good == expected, "%zu curves ascend in the field, %zu do", expected, good);
}

static void check_labels(const char *picture, size_t expected)
{
	double x, y, last = -1e9;
	size_t good = 0;
	for (const char *at = picture; (at = strstr(at, "<text class=\"label\"")); at++) {
		good += sscanf(at, "<text class=\"label\" x=\"%lf\" y=\"%lf\"", &x, &y) == 2 &&
			y - last > PLOT_LABEL_GAP - 0.2 && y > 80 && x < 960;
		last = y;
	}
	check(good == expected, "%zu labels stand apart, %zu do", expected, good);
	/* The percentiles are below the field. 0% is the first, and its tag ends with its y. */
	const char *axis = strstr(picture, "\">0%</text>");
	while (axis && axis > picture && *axis != '=')
		axis--;
	check(axis && sscanf(axis, "=\"%lf\"", &y) == 1 && last < y - 12,
	      "and none below the field");
}

/* Products of many factors that are close to 1, and now and then a long wait. */
static void fill(struct histogram *histogram, double middle, int count)
{
	histogram_init(histogram);
	while (count-- > 0) {
		double value = middle;
		for (int i = 0; i < 8; i++)
			value *= 0.9 + check_random(1000) / 4000.0;
		if (check_random(300) == 0)
			value += 1e9 / (300 + check_random(100000));
		histogram_record(histogram, (int64_t)value);
	}
}

static void test_many(size_t count)
{
	struct plot_curve curves[CURVES];
	for (size_t i = 0; i < count; i++) {
		fill(&histograms[i], 5000 + 4000 * (double)(i % 7), 20000 + 500 * (int)i);
		curves[i] = (struct plot_curve){ "lane", &histograms[i] };
	}
	char *picture = draw("Many", curves, count);
	if (!picture)
		return;
	check(well_formed(picture), "%zu curves: well-formed", count);
	check(strstr(picture, "role=\"img\"") && strstr(picture, "viewBox=\"0 0 960 ") &&
		      strstr(picture, ">Many</title>") &&
		      strstr(picture, "lane: count 20,000, p50 "),
	      "with what a screen reader needs");
	check_lines(picture, count);
	check_labels(picture, count);
	free(picture);
}

/* Where they all end at the bottom, the labels can only move up. */
static void test_crowd(size_t count)
{
	struct plot_curve curves[CURVES];
	histogram_init(&histograms[0]);
	histogram_init(&histograms[1]);
	histogram_record_n(&histograms[0], 1000000, 1000);
	histogram_record_n(&histograms[1], 1000, 1000);
	for (size_t i = 0; i < count; i++)
		curves[i] = (struct plot_curve){ "lane", &histograms[i > 0] };
	char *picture = draw("Crowd", curves, count);
	if (!picture)
		return;
	check_lines(picture, count);
	check_labels(picture, count);
	free(picture);
}

static void test_same(void)
{
	fill(&histograms[0], 6000, 5000);
	struct plot_curve curves[] = { { "one", &histograms[0] }, { "two", &histograms[0] } };
	char *picture = draw("Same", curves, 2);
	if (!picture)
		return;
	check_lines(picture, 2);
	check_labels(picture, 2);
	char *first = strstr(picture, "<polyline "), *second = strstr(first + 1, "<polyline ");
	char *points = strstr(first, "points="), *again = strstr(second, "points=");
	check(strncmp(points, again, strcspn(points, ">")) == 0, "equal curves have equal points");
	check(strncmp(first, second, (size_t)(points - first)) != 0, "and look different");
	char *dashes = strstr(first, "dasharray"), *others = strstr(second, "dasharray");
	check(strncmp(dashes, others, strcspn(dashes, "p")) != 0, "even without colours");
	free(picture);
}

static void test_bare(void)
{
	histogram_init(&histograms[0]);
	histogram_init(&histograms[1]);
	histogram_record(&histograms[1], 12345);
	struct plot_curve curves[] = { { "empty", &histograms[0] }, { "lone", &histograms[1] } };
	static const struct {
		const char *what;
		size_t first, count, lines, nothings;
	} rows[] = {
		{ "no curve at all", 0, 0, 0, 1 },
		/* in the middle, in the table and in the description */
		{ "an empty one", 0, 1, 0, 3 },
		{ "a single value", 1, 1, 1, 0 },
		{ "an empty one and a single value", 0, 2, 1, 2 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *picture = draw("Bare", curves + rows[i].first, rows[i].count);
		if (!picture)
			continue;
		check(well_formed(picture) && !strstr(picture, "nan") && !strstr(picture, "inf"),
		      "%s: well-formed", rows[i].what);
		check_lines(picture, rows[i].lines);
		check_labels(picture, rows[i].lines);
		check(times(picture, "no values") == rows[i].nothings, "and named as such");
		check(!rows[i].lines || strstr(picture, "lone: count 1, p50 12.3 us, "),
		      "with its figures");
		free(picture);
	}
}

static void test_extremes(void)
{
	histogram_init(&histograms[0]);
	histogram_record_n(&histograms[0], 0, HISTOGRAM_COUNT_MAX - 1);
	histogram_record(&histograms[0], INT64_MAX);
	struct plot_curve curve = { "all", &histograms[0] };
	char *picture = draw("Extremes", &curve, 1);
	if (!picture)
		return;
	check(well_formed(picture), "from 0 to the last: well-formed");
	check_lines(picture, 1);
	check(strstr(picture, "max 9.22e+09 s."), "its maximum is named");
	free(picture);
}

static void test_escaping(void)
{
	fill(&histograms[0], 6000, 100);
	static const char label[] = "<a href=\"x\">&'\x01\xff\xed\xa0\x80\xc3\xa4\n]]>";
	/* U+FFFD for each broken byte: the three of a surrogate are broken, one by one */
	static const char escaped[] = "&lt;a href=&quot;x&quot;&gt;&amp;&#39;"
				      "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
				      "\xc3\xa4 ]]&gt;";
	struct plot_curve curve = { label, &histograms[0] };
	char *picture = draw("</svg> & more", &curve, 1);
	if (!picture)
		return;
	check(well_formed(picture), "labels of any bytes: well-formed");
	check(times(picture, "&lt;/svg&gt; &amp; more") == 2, "the title is text");
	check(times(picture, escaped) == 3, "so is the label, in all three places");
	free(picture);
}

static void test_cut(void)
{
	static const struct {
		const char *text;
		size_t most;
		const char *wanted;
	} rows[] = {
		{ "abc", 3, "abc" },
		{ "abcd", 3, "ab\xe2\x80\xa6" },
		{ "\xc3\xa4\xc3\xb6\xc3\xbc", 3, "\xc3\xa4\xc3\xb6\xc3\xbc" },
		{ "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f", 3, "\xc3\xa4\xc3\xb6\xe2\x80\xa6" },
		{ "\xe6\x97\xa5\xe6\x9c\xac", 4, "\xe6\x97\xa5\xe6\x9c\xac" },
		{ "\xe6\x97\xa5\xe6\x9c\xac", 3, "\xe6\x97\xa5\xe2\x80\xa6" },
		{ "\xe0\x80\xaf", 9, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" }, /* an overlong / */
		{ "a\xe6\x97", 9, "a\xef\xbf\xbd\xef\xbf\xbd" },
		{ "", 0, "" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *text;
		size_t length;
		FILE *stream = open_memstream(&text, &length);
		if (!stream)
			exit(2);
		plot_text_put(stream, rows[i].text, rows[i].most);
		fclose(stream);
		check(strcmp(text, rows[i].wanted) == 0, "%s within %zu", rows[i].text,
		      rows[i].most);
		free(text);
	}
}

static void test_figures(void)
{
	static const struct {
		double value;
		const char *wanted;
	} rows[] = {
		{ 0, "0 ns" },         { 999, "999 ns" },     { 1000, "1.00 us" },
		{ 9994, "9.99 us" },   { 9996, "10.0 us" },   { 12345, "12.3 us" },
		{ 99949, "99.9 us" },  { 99951, "100 us" },   { 999499, "999 us" },
		{ 999501, "1.00 ms" }, { 59.94e9, "59.9 s" }, { 3600e9, "3600 s" },
	};
	char text[PLOT_FIGURE];
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check(strcmp(plot_text_duration(text, rows[i].value), rows[i].wanted) == 0,
		      "%.0f ns is %s, %s", rows[i].value, rows[i].wanted, text);
	check(strcmp(plot_text_tick(text, 500e3), "500 us") == 0, "a tick: %s", text);
	check(strcmp(plot_text_tick(text, 1e9), "1 s") == 0, "a tick: %s", text);
	check(strcmp(plot_text_count(text, 999), "999") == 0, "a count: %s", text);
	check(strcmp(plot_text_count(text, 10000000), "10,000,000") == 0, "a count: %s", text);
	static const char *const percentiles[] = { "0%", "90%", "99%", "99.9%", "99.99%" };
	for (unsigned i = 0; i < 5; i++)
		check(strcmp(plot_text_percentile(text, i), percentiles[i]) == 0, "%s: %s",
		      percentiles[i], text);
	check(strcmp(plot_text_rarity(text, 5), "1 in 100,000") == 0, "rare: %s", text);
	check(strcmp(plot_text_rarity(text, 7), "1 in 10 million") == 0, "rarer: %s", text);
	check(strcmp(plot_text_rarity(text, 9), "1 in 1 billion") == 0, "rarest: %s", text);
}

static bool near(double a, double b)
{
	return a - b < 1e-6 && b - a < 1e-6;
}

/* Three plateaus: each is one nine wide, and at its edges the curve is exact. */
static void test_scale(void)
{
	struct plot_scale scale = { .left = 100, .right = 400, .top = 0, .bottom = 600 };
	struct plot_curve curve = { "steps", &histograms[0] };
	histogram_init(&histograms[0]);
	histogram_record_n(&histograms[0], 1000, 900);
	histogram_record_n(&histograms[0], 1500, 90);
	histogram_record_n(&histograms[0], 2000, 10);
	plot_scale_fit(&scale, &curve, 1);
	check(near(scale.limit, 1000), "as far as the values go");
	check(scale.highest - scale.lowest >= 3 && plot_scale_step(scale.lowest) <= 1000 &&
		      plot_scale_step(scale.highest) >= 2000,
	      "the scale spans all latencies");
	for (int i = 0; i <= 3; i++) {
		static const double inverses[] = { 1, 10, 100, 1000 };
		check(near(plot_scale_x(&scale, inverses[i]), 100 + 100 * i), "%g stands at %d",
		      inverses[i], 100 + 100 * i);
	}
	double octave = plot_scale_y(&scale, 1000) - plot_scale_y(&scale, 2000);
	check(near(plot_scale_y(&scale, 2000) - plot_scale_y(&scale, 4000), octave),
	      "each doubling takes the same room");
	plot_scale_path(&scale, &histograms[0], &path);
	static const struct {
		double x, value;
	} rows[] = { { 100, 1000 }, { 150, 1000 }, { 250, 1500 }, { 350, 2000 }, { 400, 2000 } };
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		double wanted = plot_scale_y(&scale, rows[i].value);
		double off = plot_scale_between(&path, rows[i].x) - wanted;
		check(off > -1 && off < 1, "%g ns at %g, off by %.3f", rows[i].value, rows[i].x,
		      off);
	}
}

/* The curve with the fewest values ends the scale for all, unless that is too early. */
static void test_limit(void)
{
	static const struct {
		uint64_t first, second;
		double limit;
	} rows[] = {
		{ 5000, 100000, 5000 }, { 40, 100000, 1000 }, { 40, 500, 500 },
		{ 0, 100000, 100000 },  { 0, 0, 1000 },       { 1, 1, 10 },
	};
	struct plot_curve curves[] = { { "a", &histograms[0] }, { "b", &histograms[1] } };
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct plot_scale scale = { .left = 0, .right = 100, .top = 0, .bottom = 100 };
		histogram_init(&histograms[0]);
		histogram_init(&histograms[1]);
		histogram_record_n(&histograms[0], 7000, rows[i].first);
		histogram_record_n(&histograms[1], 7000, rows[i].second);
		plot_scale_fit(&scale, curves, 2);
		check(near(scale.limit, rows[i].limit), "%llu and %llu values: to 1 in %g, not %g",
		      (unsigned long long)rows[i].first, (unsigned long long)rows[i].second,
		      rows[i].limit, scale.limit);
		plot_scale_path(&scale, &histograms[1], &path);
		check((double)rows[i].second < rows[i].limit ||
			      near(path.points[path.count - 1].x, 100),
		      "drawn to its end");
	}
}

static void test_failure(void)
{
	FILE *stream = fopen("/dev/null", "r");
	if (!stream)
		exit(2);
	struct plot_curve curve = { "a", &histograms[0] };
	check(plot_write(stream, "Nowhere", &curve, 1) == -1, "a stream that takes nothing fails");
	fclose(stream);
}

int main(void)
{
	test_many(1);
	test_many(7);
	test_many(CURVES);
	test_crowd(8);
	test_crowd(CURVES);
	test_same();
	test_bare();
	test_extremes();
	test_escaping();
	test_cut();
	test_figures();
	test_scale();
	test_limit();
	test_failure();
	return check_done();
}
