#include "base/quantity.h"

#include "base/clock.h"

#include "check.h"

#include <string.h>

static void time_is(const char *text, int64_t wanted)
{
	int64_t got = -1;
	int result = quantity_time(text, NSEC_PER_SEC, &got);
	check(result == 0 && got == wanted, "'%s' is %lld ns: %lld", text, (long long)wanted,
	      (long long)got);
}

static void test_times(void)
{
	static const char *const none[] = {
		"",    "s",    "-1s",  "+1",  "1x",    "1 s",    "1ss",
		"1s2", "1s1m", "1s1s", "0x1", "1e3",   "1,5",    ".",
		"nan", "inf",  "1sm",  "1h1", "0.1ns", "1m30s ", "99999999999999999999"
	};
	int64_t got;
	time_is("0", 0);
	time_is("2", 2 * NSEC_PER_SEC);
	time_is("0.25", NSEC_PER_SEC / 4);
	time_is(".5", NSEC_PER_SEC / 2);
	time_is("250us", 250000);
	time_is("0.5us", 500);
	time_is("1.5ms", 1500000);
	time_is("3s", 3 * NSEC_PER_SEC);
	time_is("1m30s", 90 * NSEC_PER_SEC);
	time_is("1h2m3s4ms5us", 3723 * NSEC_PER_SEC + 4005000);
	time_is("0.000000001", 1);
	time_is("1.9999999999", 1999999999);
	time_is("9223372036.854775807s", INT64_MAX);
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		check(quantity_time(none[i], NSEC_PER_SEC, &got) == -1, "'%s' is no time", none[i]);
	check(quantity_time("9223372036.854775808s", NSEC_PER_SEC, &got) == -1, "one ns too much");
	check(quantity_time("0.0000000001", NSEC_PER_SEC, &got) == -1, "nothing is left of it");
	check(quantity_time("0ms", NSEC_PER_SEC, &got) == 0 && got == 0, "zero is zero");
	check(quantity_time("7", NSEC_PER_USEC, &got) == 0 && got == 7000,
	      "the unit is the caller's");
}

static void count_is(const char *text, const char *unit, int64_t wanted)
{
	int64_t got = -1;
	int result = quantity_count(text, unit, &got);
	check(result == 0 && got == wanted, "'%s' is %lld: %lld", text, (long long)wanted,
	      (long long)got);
}

static void test_counts(void)
{
	static const char *const none[] = { "",
					    "k",
					    "-1",
					    "1.5",
					    "1K",
					    "1ki",
					    "1kk",
					    "1 k",
					    "0x1",
					    "1e3",
					    "1kiB",
					    "1b",
					    "1Mib",
					    "1T",
					    "9223372036854775808",
					    "9007199254740992Ki",
					    "0.0001k",
					    "1.2345k",
					    "0.0000000000001",
					    "1.00000000000001G" };
	int64_t got;
	count_is("0", NULL, 0);
	count_is("12", "B", 12);
	count_is("12B", "B", 12);
	count_is("1k", NULL, 1000);
	count_is("1.5k", NULL, 1500);
	count_is("64Ki", "B", 65536);
	count_is("64KiB", "B", 65536);
	count_is("2M", NULL, 2000000);
	count_is("2Mi", NULL, 2 << 20);
	count_is("3G", NULL, 3000000000);
	count_is("1Gi", NULL, 1 << 30);
	count_is("8kbit", "bit", 8000);
	count_is("9223372036854775807", NULL, INT64_MAX);
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		check(quantity_count(none[i], "B", &got) == -1, "'%s' is no number", none[i]);
	check(quantity_count("1B", NULL, &got) == -1, "a unit where there is none");
}

static void test_reals(void)
{
	static const char *const none[] = { "",    "-1",  "1e3",
					    "nan", "inf", "1kk",
					    "1 ",  "0x1", "0.0000000000001" };
	double got = -1;
	check(quantity_real("0.25", &got) == 0 && got == 0.25, "a quarter");
	check(quantity_real("1.5k", &got) == 0 && got == 1500, "1.5k");
	check(quantity_real("0", &got) == 0 && got == 0, "zero");
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		check(quantity_real(none[i], &got) == -1, "'%s' is no number", none[i]);
}

static void test_percent(void)
{
	static const char *const none[] = { "",
					    "%",
					    "5",
					    "101%",
					    "100.1%",
					    "-1%",
					    "1%%",
					    "x%",
					    "1 %",
					    "0.0000000000001%",
					    "100.00000000000001%" };
	double part = -1;
	check(quantity_percent("0%", &part) == 0 && part == 0, "0%%");
	check(quantity_percent("100%", &part) == 0 && part == 1, "100%%");
	check(quantity_percent("12.5%", &part) == 0 && part == 0.125, "12.5%%");
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		check(quantity_percent(none[i], &part) == -1, "'%s' is no percentage", none[i]);
}

static void test_format(void)
{
	static const char *const texts[] = { "0s", "1us", "15ms", "3s", "90s", "2m", "1h", "61us" };
	char text[QUANTITY_TEXT];
	int64_t span;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		check(quantity_time(texts[i], 1, &span) == 0, "%s is read", texts[i]);
		quantity_format_time(span, text);
		check(strcmp(text, texts[i]) == 0, "and written: %s", text);
	}
	check(strcmp(quantity_format_time(1500, text), "1.500us") == 0, "with a fraction: %s",
	      text);
}

int main(void)
{
	test_times();
	test_counts();
	test_reals();
	test_percent();
	test_format();
	return check_done();
}
