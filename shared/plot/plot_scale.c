#include "plot/plot_scale.h"

/*
 * The logarithm of 1 or more, by the series of the inverse hyperbolic tangent: this alone is
 * not worth linking libm for.
 */
static double log10_of(double value)
{
	const double root = 3.1622776601683795, twice_per_ln10 = 0.8685889638065036;
	double log = 0;
	for (; value >= 10; value /= 10)
		log++;
	if (value > root) {
		value /= root;
		log += 0.5;
	}
	double z = (value - 1) / (value + 1), power = z, sum = 0;
	for (int i = 1; power > 1e-12; i += 2, power *= z * z)
		sum += power / i;
	return log + twice_per_ln10 * sum;
}

/* A walk along a curve, with two points for each bucket: where it begins and where it ends. */
struct walk {
	const struct histogram *histogram;
	struct histogram_bucket bucket;
	bool end_is_next;
};

static bool walk_next(struct walk *walk, double *inverse, double *value)
{
	const struct histogram *histogram = walk->histogram;
	struct histogram_bucket *bucket = &walk->bucket;
	bool end = walk->end_is_next;
	if (!end && !histogram_next(histogram, bucket))
		return false;
	/* Where a bucket holds a single value, the two are one. */
	end = end || bucket->count == 1;
	walk->end_is_next = !end;
	int64_t low = bucket->lowest > histogram->min ? bucket->lowest : histogram->min;
	uint64_t before = end ? bucket->total - 1 : bucket->total - bucket->count;
	*inverse = (double)histogram->count / (double)(histogram->count - before);
	*value = (double)(end ? bucket->highest : low);
	return true;
}

/* The first value that is not left of the limit. */
static double reached(const struct histogram *histogram, double limit)
{
	struct walk walk = { .histogram = histogram };
	double inverse, value = 0;
	while (walk_next(&walk, &inverse, &value))
		if (inverse >= limit)
			break;
	return value;
}

double plot_scale_step(int step)
{
	static const double first[] = { 1, 2, 5 };
	double value = first[step % 3];
	for (; step >= 3; step -= 3)
		value *= 10;
	return value;
}

static void fit_limit(struct plot_scale *scale, const struct plot_curve *curves, size_t count)
{
	const double enough = 1000;
	double fewest = 0, most = 0;
	for (size_t i = 0; i < count; i++) {
		double values = (double)curves[i].histogram->count;
		if (values > 0 && (fewest <= 0 || values < fewest))
			fewest = values;
		if (values > most)
			most = values;
	}
	if (most <= 0)
		most = enough;
	if (fewest < enough)
		fewest = most < enough ? most : enough;
	scale->limit = fewest > 10 ? fewest : 10;
}

void plot_scale_fit(struct plot_scale *scale, const struct plot_curve *curves, size_t count)
{
	double low = 0, high = 0;
	fit_limit(scale, curves, count);
	for (size_t i = 0; i < count; i++) {
		const struct histogram *histogram = curves[i].histogram;
		if (histogram->count == 0)
			continue;
		double top = reached(histogram, scale->limit);
		if (low <= 0 || (double)histogram->min < low)
			low = histogram->min > 0 ? (double)histogram->min : 1;
		if (top > high)
			high = top;
	}
	if (low <= 0) { /* nothing to show: an axis as most pictures have it */
		low = 1e3;
		high = 1e6;
	}
	scale->lowest = 0;
	while (plot_scale_step(scale->lowest + 1) <= low)
		scale->lowest++;
	scale->highest = scale->lowest + 1;
	while (plot_scale_step(scale->highest) < high)
		scale->highest++;
	while (scale->highest - scale->lowest < 3) {
		scale->highest++;
		if (scale->lowest > 0)
			scale->lowest--;
	}
	scale->decades = log10_of(scale->limit);
	scale->low = log10_of(plot_scale_step(scale->lowest));
	scale->high = log10_of(plot_scale_step(scale->highest));
}

double plot_scale_x(const struct plot_scale *scale, double inverse)
{
	return scale->left + (scale->right - scale->left) * log10_of(inverse) / scale->decades;
}

double plot_scale_y(const struct plot_scale *scale, double value)
{
	double log = value > 1 ? log10_of(value) : 0;
	double part = (log - scale->low) / (scale->high - scale->low);
	return scale->bottom - (scale->bottom - scale->top) * part;
}

static bool apart(struct plot_point a, struct plot_point b)
{
	const double seen = 1.5;
	return b.x - a.x >= seen || a.y - b.y >= seen;
}

static void add(struct plot_path *path, struct plot_point point)
{
	if (path->count < PLOT_POINTS)
		path->points[path->count++] = point;
}

static struct plot_point cut(struct plot_point from, struct plot_point to, double x)
{
	double part = to.x > from.x ? (x - from.x) / (to.x - from.x) : 1;
	return (struct plot_point){ x, from.y + (to.y - from.y) * part };
}

void plot_scale_path(const struct plot_scale *scale, const struct histogram *histogram,
		     struct plot_path *path)
{
	struct walk walk = { .histogram = histogram };
	struct plot_point last = { 0 }, point;
	double inverse, value;
	path->count = 0;
	for (; walk_next(&walk, &inverse, &value); last = point) {
		point = (struct plot_point){
			.x = plot_scale_x(scale, inverse),
			.y = plot_scale_y(scale, value),
		};
		bool beyond = inverse > scale->limit;
		if (beyond)
			point = cut(last, point, scale->right);
		if (path->count == 0 || apart(path->points[path->count - 1], point))
			add(path, point);
		if (beyond)
			break;
	}
	/* The end is exact, even if it is close to the point before. */
	if (path->count > 1)
		path->points[path->count - 1] = inverse > scale->limit ? point : last;
}

double plot_scale_between(const struct plot_path *path, double x)
{
	for (size_t i = 1; i < path->count; i++)
		if (path->points[i].x >= x)
			return cut(path->points[i - 1], path->points[i], x).y;
	return path->points[path->count - 1].y;
}
