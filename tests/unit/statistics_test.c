#include "base/statistics.h"

#include "check.h"

#include <float.h>

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

int main(void)
{
	test_median();
	test_square_root();
	return check_done();
}
