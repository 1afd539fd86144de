#include "plot/plot.h"

#include "plot/plot_curves.h"
#include "plot/plot_scale.h"
#include "plot/plot_text.h"

#define INK "#1f2328"
#define FAINT "#59636e"

/* In pixels; a browser scales the picture to the room that there is. */
enum {
	WIDTH = 960,
	EDGE = 24,
	LEFT = 84,
	TOP = 88,
	HEIGHT = 372, /* of the field with the curves, at least: many labels need more */
	BELOW = 66,   /* for the percentiles below that field */
	ROW = 22,     /* of the table */
	COLUMN = 7,   /* of a letter, generously */
	TITLE_COLUMNS = 80,
	LABEL_COLUMNS = 28,
	NAME_COLUMNS = 44,
	FIGURES = 5,
	FIGURE_WIDTH = 84,
};

struct plot {
	FILE *stream;
	const char *title;
	const struct plot_curve *curves;
	size_t count;
	struct plot_scale scale;
	size_t label_columns;
	double table, height;
};

static const struct {
	const char *name;
	double percentile;
} figures[FIGURES] = {
	{ "p50", 50 }, { "p90", 90 }, { "p99", 99 }, { "p99.9", 99.9 }, { "max", 100 },
};

static void lay_out(struct plot *plot)
{
	size_t shown = 0;
	plot->label_columns = 6;
	for (size_t i = 0; i < plot->count; i++) {
		if (plot->curves[i].histogram->count == 0)
			continue;
		size_t width = plot_text_width(plot->curves[i].label);
		shown++;
		if (width > plot->label_columns)
			plot->label_columns = width;
	}
	if (plot->label_columns > LABEL_COLUMNS)
		plot->label_columns = LABEL_COLUMNS;
	double labels = PLOT_LABEL_LEFT + (double)(plot->label_columns * COLUMN);
	double needed = (double)(shown * PLOT_LABEL_GAP);
	plot->scale = (struct plot_scale){
		.left = LEFT,
		.right = WIDTH - EDGE - labels,
		.top = TOP,
		.bottom = TOP + (needed > HEIGHT ? needed : HEIGHT),
	};
	plot_scale_fit(&plot->scale, plot->curves, plot->count);
	plot->table = plot->scale.bottom + BELOW + ROW;
	plot->height = plot->table + (double)(plot->count * ROW) + EDGE;
}

/* All figures in words, for those who hear the picture instead of seeing it. */
static void describe(const struct plot *plot)
{
	char text[PLOT_FIGURE];
	fputs("<title id=\"plot-title\">", plot->stream);
	plot_text_put(plot->stream, plot->title, SIZE_MAX);
	fputs("</title>\n<desc id=\"plot-desc\">Latency by percentile, both on log scales.",
	      plot->stream);
	for (size_t i = 0; i < plot->count; i++) {
		const struct histogram *histogram = plot->curves[i].histogram;
		fputs("\n", plot->stream);
		plot_text_put(plot->stream, plot->curves[i].label, SIZE_MAX);
		if (histogram->count == 0) {
			fputs(": no values.", plot->stream);
			continue;
		}
		fprintf(plot->stream, ": count %s", plot_text_count(text, histogram->count));
		for (size_t j = 0; j < FIGURES; j++) {
			int64_t value = histogram_percentile(histogram, figures[j].percentile);
			fprintf(plot->stream, ", %s %s", figures[j].name,
				plot_text_duration(text, (double)value));
		}
		fputs(".", plot->stream);
	}
	fputs("</desc>\n", plot->stream);
}

static void begin(const struct plot *plot)
{
	fprintf(plot->stream,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"%d\" "
		"height=\"%.0f\" viewBox=\"0 0 %d %.0f\" role=\"img\" "
		"aria-labelledby=\"plot-title plot-desc\" font-family=\"system-ui, -apple-system, "
		"'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif\">\n",
		WIDTH, plot->height, WIDTH, plot->height);
	describe(plot);
	fprintf(plot->stream,
		"<rect x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%.0f\" rx=\"8\" "
		"fill=\"#ffffff\" stroke=\"#d1d9e0\"/>\n",
		WIDTH - 1, plot->height - 1);
	fprintf(plot->stream,
		"<text x=\"%d\" y=\"40\" font-size=\"19\" font-weight=\"600\" "
		"fill=\"" INK "\">",
		EDGE);
	plot_text_put(plot->stream, plot->title, TITLE_COLUMNS);
	fputs("</text>\n", plot->stream);
}

/* For text that needs no escaping. */
static void put_text(const struct plot *plot, double x, double y, const char *text)
{
	fprintf(plot->stream, "<text x=\"%.1f\" y=\"%.1f\">%s</text>\n", x, y, text);
}

static void draw_grid_line(const struct plot *plot, bool strong, double x1, double y1, double x2,
			   double y2)
{
	fprintf(plot->stream, "<path stroke=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n",
		strong ? "#cdd3da" : "#e9ecef", x1, y1, x2, y2);
}

/* A label at each power of ten, and others in between where there is room. */
static void draw_latencies(const struct plot *plot)
{
	const struct plot_scale *scale = &plot->scale;
	double room = (scale->bottom - scale->top) / (scale->highest - scale->lowest);
	char text[PLOT_FIGURE];
	fprintf(plot->stream,
		"<text x=\"%d\" y=\"%.1f\" font-size=\"13\" fill=\"" FAINT "\">"
		"Latency, log scale (lower is better)</text>\n",
		EDGE, scale->top - 18);
	fputs("<g font-size=\"12\" text-anchor=\"end\" fill=\"" INK "\">\n", plot->stream);
	for (int step = scale->lowest; step <= scale->highest; step++) {
		double value = plot_scale_step(step), y = plot_scale_y(scale, value);
		draw_grid_line(plot, step % 3 == 0, scale->left, y, scale->right, y);
		if (step % 3 == 0 || room >= 14)
			put_text(plot, scale->left - 10, y + 4, plot_text_tick(text, value));
	}
	fputs("</g>\n", plot->stream);
}

static void draw_percentile(const struct plot *plot, double x, const char *percentile,
			    const char *rarity)
{
	double y = plot->scale.bottom;
	put_text(plot, x, y + 20, percentile);
	fprintf(plot->stream,
		"<text x=\"%.1f\" y=\"%.1f\" font-size=\"11\" fill=\"" FAINT "\">"
		"%s</text>\n",
		x, y + 36, rarity);
}

static void draw_percentiles(const struct plot *plot)
{
	const struct plot_scale *scale = &plot->scale;
	char percentile[PLOT_FIGURE], rarity[PLOT_FIGURE];
	double inverse = 1, free_from = 0, half = plot_scale_x(scale, 2);
	fputs("<g font-size=\"12\" text-anchor=\"middle\" fill=\"" INK "\">\n", plot->stream);
	draw_grid_line(plot, false, half, scale->top, half, scale->bottom);
	for (unsigned decade = 0; inverse <= scale->limit; decade++, inverse *= 10) {
		double x = plot_scale_x(scale, inverse);
		draw_grid_line(plot, true, x, scale->top, x, scale->bottom);
		plot_text_percentile(percentile, decade);
		plot_text_rarity(rarity, decade);
		size_t columns = plot_text_width(rarity), more = plot_text_width(percentile);
		double needed = (double)(columns > more ? columns : more) * COLUMN / 2;
		if (x - needed < free_from)
			continue;
		draw_percentile(plot, x, percentile, decade ? rarity : "all");
		free_from = x + needed;
		if (decade == 0 && half - scale->left >= 30) {
			draw_percentile(plot, half, "50%", "1 in 2");
			free_from = half + 16;
		}
	}
	fputs("</g>\n", plot->stream);
	fprintf(plot->stream,
		"<text x=\"%.1f\" y=\"%.1f\" font-size=\"13\" text-anchor=\"middle\" "
		"fill=\"" FAINT "\">"
		"Percentile, and one in how many took at least this long</text>\n",
		(scale->left + scale->right) / 2, scale->bottom + 60);
}

static double column_at(size_t figure)
{
	return WIDTH - EDGE - (double)(FIGURES - 1 - figure) * FIGURE_WIDTH;
}

static void draw_row(const struct plot *plot, size_t number, double y)
{
	const struct plot_curve *curve = &plot->curves[number];
	char text[PLOT_FIGURE];
	plot_curves_sample(plot->stream, number, EDGE, y - 4.5);
	fprintf(plot->stream, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"start\">", EDGE + 56, y);
	plot_text_put(plot->stream, curve->label, NAME_COLUMNS);
	fputs("</text>\n", plot->stream);
	if (curve->histogram->count == 0) {
		fprintf(plot->stream,
			"<text x=\"%.1f\" y=\"%.1f\" fill=\"" FAINT "\">"
			"no values</text>\n",
			column_at(0) - FIGURE_WIDTH, y);
		return;
	}
	put_text(plot, column_at(0) - FIGURE_WIDTH, y,
		 plot_text_count(text, curve->histogram->count));
	for (size_t i = 0; i < FIGURES; i++) {
		int64_t value = histogram_percentile(curve->histogram, figures[i].percentile);
		put_text(plot, column_at(i), y, plot_text_duration(text, (double)value));
	}
}

static void draw_nothing(const struct plot *plot)
{
	for (size_t i = 0; i < plot->count; i++)
		if (plot->curves[i].histogram->count > 0)
			return;
	fprintf(plot->stream,
		"<text x=\"%.1f\" y=\"%.1f\" font-size=\"16\" text-anchor=\"middle\" "
		"fill=\"" FAINT "\">no values</text>\n",
		(plot->scale.left + plot->scale.right) / 2,
		(plot->scale.top + plot->scale.bottom) / 2);
}

/* The legend, with each curve's figures. */
static void draw_table(const struct plot *plot)
{
	double y = plot->table;
	if (plot->count == 0)
		return;
	fputs("<g font-size=\"12\" text-anchor=\"end\" fill=\"" FAINT "\">\n", plot->stream);
	put_text(plot, column_at(0) - FIGURE_WIDTH, y, "count");
	for (size_t i = 0; i < FIGURES; i++)
		put_text(plot, column_at(i), y, figures[i].name);
	fprintf(plot->stream, "<path stroke=\"#d1d9e0\" d=\"M%d %.1fH%d\"/>\n</g>\n", EDGE, y + 7,
		WIDTH - EDGE);
	fputs("<g font-size=\"13\" text-anchor=\"end\" fill=\"" INK "\">\n", plot->stream);
	for (size_t i = 0; i < plot->count; i++)
		draw_row(plot, i, y + (double)((i + 1) * ROW) + 2);
	fputs("</g>\n", plot->stream);
}

int plot_write(FILE *stream, const char *title, const struct plot_curve *curves, size_t count)
{
	struct plot plot = { .stream = stream, .title = title, .curves = curves, .count = count };
	lay_out(&plot);
	begin(&plot);
	draw_latencies(&plot);
	draw_percentiles(&plot);
	if (plot_curves_draw(stream, &plot.scale, curves, count, plot.label_columns) == -1)
		return -1;
	draw_nothing(&plot);
	draw_table(&plot);
	fputs("</svg>\n", stream);
	return fflush(stream) == EOF || ferror(stream) ? -1 : 0;
}
