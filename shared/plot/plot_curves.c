#include "plot/plot_curves.h"

#include "plot/plot_text.h"

#include <stdlib.h>

/*
 * Dashes and markers alone tell the curves apart, for those who print without colours
 * or do not see them. The colours differ in lightness too, which keeps them apart
 * under protanopia and deuteranopia.
 */
static const struct look {
	const char *colour, *dashes, *marker; /* the marker's path starts from its centre */
	bool hollow;
} looks[] = {
#define CIRCLE "m-4.3 0a4.3 4.3 0 1 0 8.6 0a4.3 4.3 0 1 0-8.6 0z"
#define SQUARE "m-3.9-3.9h7.8v7.8h-7.8z"
#define TRIANGLE "m0-5.2l5 8.8h-10z"
#define DIAMOND "m0-5.6l5 5.6l-5 5.6l-5-5.6z"
#define POINTER "m0 5.2l5-8.8h-10z"
	{ "#004fb0", "none", CIRCLE, false },
	{ "#e07b00", "9 4", SQUARE, false },
	{ "#00805a", "2.5 3", TRIANGLE, false },
	{ "#c85ca8", "12 3 2.5 3", DIAMOND, false },
	{ "#222222", "5 3", POINTER, false },
	{ "#48a4e0", "16 4", CIRCLE, true },
	{ "#8a1c3c", "7 3 2 3 2 3", SQUARE, true },
	{ "#95951a", "14 3 6 3", TRIANGLE, true },
	{ "#7a3fd0", "1.5 2", DIAMOND, true },
	{ "#8a8a8a", "10 3 2 3 2 3 2 3", POINTER, true },
};

enum { LOOKS = sizeof(looks) / sizeof(*looks), MARKERS = 6 };

/* Where there are more curves than looks, the parts of those are combined anew. */
static struct look look_of(size_t number)
{
	const struct look *marker = &looks[(number + number / LOOKS * 3) % LOOKS];
	struct look look = looks[number % LOOKS];
	look.dashes = looks[(number + number / LOOKS) % LOOKS].dashes;
	look.marker = marker->marker;
	look.hollow = marker->hollow;
	return look;
}

static void begin_markers(FILE *stream, const struct look *look)
{
	fprintf(stream, "<path fill=\"%s\" stroke=\"%s\" stroke-width=\"%s\" d=\"",
		look->hollow ? "#ffffff" : look->colour, look->hollow ? look->colour : "#ffffff",
		look->hollow ? "1.8" : "1");
}

static void draw_line(FILE *stream, const struct look *look, const struct plot_path *path)
{
	fprintf(stream, "<polyline stroke=\"%s\" stroke-dasharray=\"%s\" points=\"", look->colour,
		look->dashes);
	for (size_t i = 0; i < path->count; i++)
		fprintf(stream, "%s%.1f,%.1f", i ? " " : "", path->points[i].x, path->points[i].y);
	fputs("\"/>\n", stream);
}

/* Each curve's markers are at places of its own, so that equal curves do not hide each other's. */
static void draw_markers(FILE *stream, const struct plot_scale *scale, const struct plot_path *path,
			 size_t number, size_t count)
{
	struct look look = look_of(number);
	double apart = (scale->right - scale->left) / MARKERS;
	double x = scale->left + apart * ((double)number + 0.5) / (double)count;
	struct plot_point end = path->points[path->count - 1];
	begin_markers(stream, &look);
	if (x > end.x)
		fprintf(stream, "M%.1f %.1f%s", end.x, end.y, look.marker);
	for (; x <= end.x; x += apart)
		fprintf(stream, "M%.1f %.1f%s", x, plot_scale_between(path, x), look.marker);
	fputs("\"/>\n", stream);
}

struct label {
	size_t number; /* of its curve */
	struct plot_point end;
	double y;
};

static int compare(const void *left, const void *right)
{
	const struct label *a = left, *b = right;
	if (a->end.y < b->end.y || a->end.y > b->end.y)
		return a->end.y < b->end.y ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

/*
 * Sorts the labels and moves them apart, as little as possible (isotonic regression by pooling
 * adjacent violators): those that would overlap form a group, around the mean of the places
 * where they want to be.
 */
static void spread(const struct plot_scale *scale, struct label *labels, size_t count)
{
	qsort(labels, count, sizeof(*labels), compare);
	for (size_t i = 0; i < count; i++)
		labels[i].y = labels[i].end.y - (double)(i * PLOT_LABEL_GAP);
	for (size_t i = 1; i < count; i++) {
		size_t first = i;
		double sum = labels[i].y, mean = sum;
		while (first > 0 && labels[first - 1].y > mean) {
			/* All of that one's group are at the same place by now. */
			sum += labels[--first].y;
			mean = sum / (double)(i - first + 1);
		}
		for (size_t j = first; j <= i; j++)
			labels[j].y = mean;
	}
	double most = scale->bottom - (double)(count * PLOT_LABEL_GAP) + PLOT_LABEL_GAP;
	for (size_t i = 0; i < count; i++) {
		double y = labels[i].y > most ? most : labels[i].y;
		labels[i].y = (y < scale->top ? scale->top : y) + (double)(i * PLOT_LABEL_GAP);
	}
}

static void draw_leader(FILE *stream, const struct plot_scale *scale, const struct label *label)
{
	fprintf(stream, "<path stroke=\"%s\" d=\"M%.1f %.1fH%.1fL%.1f %.1f\"/>\n",
		look_of(label->number).colour, label->end.x, label->end.y, scale->right + 3,
		scale->right + PLOT_LABEL_LEFT - 12, label->y);
}

static void draw_label(FILE *stream, const struct plot_scale *scale, const struct label *label,
		       const char *text, size_t most)
{
	struct look look = look_of(label->number);
	double x = scale->right + PLOT_LABEL_LEFT;
	begin_markers(stream, &look);
	fprintf(stream, "M%.1f %.1f%s\"/>\n", x - 10, label->y, look.marker);
	fprintf(stream, "<text class=\"label\" x=\"%.1f\" y=\"%.1f\">", x, label->y + 4.2);
	plot_text_put(stream, text, most);
	fputs("</text>\n", stream);
}

static size_t draw_lines(FILE *stream, const struct plot_scale *scale,
			 const struct plot_curve *curves, size_t count, struct plot_path *path,
			 struct label *labels)
{
	size_t used = 0;
	fputs("<g fill=\"none\" stroke-width=\"2\" stroke-linejoin=\"round\">\n", stream);
	for (size_t i = 0; i < count; i++) {
		plot_scale_path(scale, curves[i].histogram, path);
		if (path->count == 0)
			continue;
		struct look look = look_of(i);
		draw_line(stream, &look, path);
		labels[used++] = (struct label){
			.number = i,
			.end = path->points[path->count - 1],
		};
	}
	fputs("</g>\n", stream);
	return used;
}

int plot_curves_draw(FILE *stream, const struct plot_scale *scale, const struct plot_curve *curves,
		     size_t count, size_t most)
{
	struct plot_path *path = malloc(sizeof(*path));
	struct label *labels = calloc(count ? count : 1, sizeof(*labels));
	if (!path || !labels) {
		free(path);
		free(labels);
		return -1;
	}
	size_t used = draw_lines(stream, scale, curves, count, path, labels);
	spread(scale, labels, used);
	fputs("<g fill=\"none\" stroke-dasharray=\"1 2\">\n", stream);
	for (size_t i = 0; i < used; i++)
		draw_leader(stream, scale, &labels[i]);
	fputs("</g>\n", stream);
	for (size_t i = 0; i < count; i++) {
		plot_scale_path(scale, curves[i].histogram, path);
		if (path->count > 0)
			draw_markers(stream, scale, path, i, count);
	}
	fputs("<g font-size=\"13\" fill=\"#1f2328\">\n", stream);
	for (size_t i = 0; i < used; i++)
		draw_label(stream, scale, &labels[i], curves[labels[i].number].label, most);
	fputs("</g>\n", stream);
	free(path);
	free(labels);
	return 0;
}

void plot_curves_sample(FILE *stream, size_t number, double x, double y)
{
	struct look look = look_of(number);
	fprintf(stream,
		"<path fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\" "
		"d=\"M%.1f %.1fh44\"/>\n",
		look.colour, look.dashes, x, y);
	begin_markers(stream, &look);
	fprintf(stream, "M%.1f %.1f%s\"/>\n", x + 22, y, look.marker);
}
