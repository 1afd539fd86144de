#include "base/statistics.h"

#include "check.h"

#include <float.h>
#include <stdint.h>

static void test_median(void)
{
	double one[] = { 7 }, two[] = { 4, 1 }, three[] = { 9, -5, 2 };
	double four[] = { 100, 3, 1, 2 }, same[] = { 5, 5, 5, 5 };
	check(statistics_median(one, 1) == 7, "of one value it is that");
	check(statistics_median(two, 2) == 2.5, "of two it is half-way between them");
	check(statistics_median(three, 3) == 2,
	      "of three it is the middle one, however they stand");
	check(three[0] == -5 && three[1] == 2 && three[2] == 9, "they are sorted then");
	check(statistics_median(four, 4) == 2.5, "one that is far off does not pull it along");
	check(statistics_median(same, 4) == 5, "of equal ones it is the same");
}

/* Is it as near to the root as a double can be, or one step off? */
static bool is_root(double root, double square)
{
	double low = root * (1 - 2 * DBL_EPSILON), high = root * (1 + 2 * DBL_EPSILON);
	return low * low <= square && square <= high * high;
}

static void test_square_root(void)
{
	static const double squares[] = { 1e-300, 1e-20, 0.01, 0.5, 1, 2, 3, 1e6, 1e18, 1e300 };
	for (size_t i = 0; i < sizeof(squares) / sizeof(*squares); i++)
		check(is_root(statistics_square_root(squares[i]), squares[i]), "the root of %g",
		      squares[i]);
	check(statistics_square_root(144) == 12 && statistics_square_root(0.25) == 0.5,
	      "of a square it is exact");
	check(statistics_square_root(0) == 0 && statistics_square_root(-1) == 0,
	      "of nothing and of less it is 0");
}

static uint32_t state = 2463534242u;

static double uniform(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return (double)state / 4294967296.0;
}

/* Nearly normal: the sum of twelve. */
static double normal(double mean, double deviation)
{
	double sum = -6;
	for (int i = 0; i < 12; i++)
		sum += uniform();
	return mean + deviation * sum;
}

static void fill(double *values, size_t count, double mean, double deviation)
{
	for (size_t i = 0; i < count; i++)
		values[i] = normal(mean, deviation);
}

static void test_ratio(void)
{
	const double base[] = { 100, 100, 100 }, new[] = { 50, 50, 50 }, none[] = { 0, 0 };
	struct interval ratio = statistics_ratio(new, 3, base, 3);
	check(ratio.low == 0.5 && ratio.value == 0.5 && ratio.high == 0.5, "a half, exactly");
	ratio = statistics_ratio(new, 3, none, 2);
	check(ratio.value == 0 && ratio.high == 0, "nothing divided by nothing is told as 0");
}

/* Of a thousand comparisons of ten rounds with a spread of 3 %. */
static void test_alarms(void)
{
	double base[10], new[10];
	int alarms = 0, found = 0;
	for (int i = 0; i < 1000; i++) {
		fill(base, 10, 1000, 30);
		fill(new, 10, 1000, 30);
		struct interval ratio = statistics_ratio(new, 10, base, 10);
		alarms += ratio.high < 1 || ratio.low > 1;
		fill(new, 10, 900, 27);
		ratio = statistics_ratio(new, 10, base, 10);
		found += ratio.high < 1;
	}
	check(alarms >= 20 && alarms <= 75, "about 50 alarms where there is no difference: %d",
	      alarms);
	check(found >= 990, "a tenth slower is found: %d", found);
}

int main(void)
{
	test_median();
	test_square_root();
	test_ratio();
	test_alarms();
	return check_done();
}
