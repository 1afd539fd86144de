/* A histogram as text: written and read back, damaged, and as HdrHistogram's plotter takes it. */
#include "histogram_samples.h"

#include <inttypes.h>
#include <stdlib.h>

enum { TEXT = 1 << 20 };

/* Too large for the stack; every test begins with empty ones. */
static struct histogram one, two;
static struct text {
	char bytes[TEXT];
	size_t length;
	int calls, refuse_at; /* 0: never */
} text, again;

static int put(void *to, const char *bytes, size_t length)
{
	struct text *into = to;
	if (++into->calls == into->refuse_at || length >= TEXT - into->length)
		return -1;
	memcpy(into->bytes + into->length, bytes, length);
	into->length += length;
	into->bytes[into->length] = '\0';
	return 0;
}

static void clear(struct text *into)
{
	into->length = 0;
	into->calls = into->refuse_at = 0;
	into->bytes[0] = '\0';
}

static void round_trip(const char *name)
{
	struct error error = { 0 };
	clear(&text);
	histogram_init(&two);
	histogram_record(&two, 77); /* to be forgotten */
	bool good = histogram_write(&one, put, &text) == 0 &&
		    histogram_read(&two, text.bytes, text.length, &error) == 0 && same(&one, &two);
	check(good, "%s, written and read back, is the same (%zu bytes) %s", name, text.length,
	      error.text);
}

static void test_round_trip(void)
{
	histogram_init(&one);
	round_trip("an empty one");
	histogram_record(&one, 0);
	round_trip("a zero");
	histogram_init(&one);
	histogram_record(&one, 50000);
	histogram_record_n(&one, 812, 2);
	round_trip("three values");
	check(strcmp(text.bytes, "count=3 min=812 max=50000 sum=51624 812:2 49984:1") == 0,
	      "the text is as documented: %s", text.bytes);
	histogram_record_n(&one, INT64_MAX, HISTOGRAM_COUNT_MAX - 3);
	round_trip("the largest");
	histogram_init(&one);
	histogram_record_n(&one, 500000000000000000, 2);
	histogram_record(&one, 5);
	round_trip("a sum just beyond 10^18");
	histogram_init(&one);
	for (int i = 0; i < SAMPLES; i++)
		histogram_record(&one, i % 2 ? lognormal() : bimodal() * 2);
	round_trip("a busy one");
	check(text.bytes[strspn(text.bytes, "0123456789:= acimnostux")] == '\0',
	      "JSON takes it as it is");
}

static void test_damaged(void)
{
	static const struct {
		const char *text, *why;
	} damaged[] = {
		{ "", "byte 1: no \"count=\"" },
		{ "count=-1 min=1 max=1 sum=1 1:1", "no number" },
		{ "count=01 min=1 max=1 sum=1 1:1", "leading zero" },
		{ "count=0 min=1 max=1 sum=1", "only a count" },
		{ "count=1 min=1 max=1 sum=1", "less than the count" },
		{ "count=2 min=1 max=1 sum=1 1:1", "less than the count" },
		{ "count=1 min=1 max=1 sum=2 1:2", "more than the count" },
		{ "count=1 min=1 max=1 sum=1 1:1\n", "no \" \"" },
		{ "count=1 min=1 max=1 sum=1 1:0", "an empty bucket" },
		{ "count=2 min=1 max=2 sum=3 2:1 1:1", "do not ascend" },
		{ "count=2 min=1 max=1 sum=2 1:1 1:1", "do not ascend" },
		{ "count=1 min=2049 max=2049 sum=2049 2049:1", "byte 36: no bucket begins" },
		{ "count=1 min=61000000000 max=61000000000 sum=61000000000 61000000000:1",
		  "no bucket begins" },
		{ "count=2 min=2 max=3 sum=5 1:1 3:1", "minimum is not in the first" },
		{ "count=2 min=1 max=2 sum=4 1:1 3:1", "maximum is not in the last" },
		{ "count=1 min=2049 max=2048 sum=2048 2048:1", "contradict" },
		{ "count=1 min=2048 max=2049 sum=2048 2048:1", "contradict" },
		{ "count=2 min=1 max=3 sum=3 1:1 3:1", "cannot have that sum" },
		{ "count=2 min=1 max=3 sum=5 1:1 3:1", "cannot have that sum" },
		{ "count=2 min=1 max=3 sum=10000000000000000004 1:1 3:1", "cannot have that sum" },
		{ "count=1000000000000000001 min=1 max=1 sum=1 1:1",
		  "byte 7: the count is too large" },
		{ "count=9223372036854775808 min=1 max=1 sum=1 1:1", "too large" },
		{ "count=1 min=1 max=99999999999999999999 sum=1 1:1", "too large" },
		{ "count=1 min=1 max=1 sum=99999999999999999999999999999999999999999 1:1",
		  "too large" },
	};
	histogram_init(&two);
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		struct error error = { 0 };
		histogram_record(&one, 1);
		int result = histogram_read(&one, damaged[i].text, strlen(damaged[i].text), &error);
		check(result == -1 && error.status == STATUS_DATA &&
			      strstr(error.text, damaged[i].why) && same(&one, &two),
		      "refused: '%s': %s", damaged[i].text, error.text);
	}
}

/* Whatever is accepted must be what would be written for it: there is no second spelling. */
static bool refused_or_itself(const char *bytes, size_t length, int *refused)
{
	struct error error;
	char *exact = malloc(length + 1); /* so that a sanitizer sees a read beyond it */
	memcpy(exact, bytes, length);
	bool refuses = histogram_read(&two, exact, length, &error) == -1;
	free(exact);
	*refused += refuses;
	clear(&again);
	return refuses || (histogram_write(&two, put, &again) == 0 && again.length == length &&
			   memcmp(again.bytes, bytes, length) == 0);
}

static void test_every_byte(void)
{
	static const char others[] = "0123456789 :=-+.,xmn\n\t\"";
	histogram_init(&one);
	histogram_record_n(&one, 812, 12);
	histogram_record(&one, 123456);
	histogram_record(&one, 2 * HISTOGRAM_TOP);
	clear(&text);
	check(histogram_write(&one, put, &text) == 0, "a text to damage: %s", text.bytes);
	bool good = true;
	int refused = 0, tried = 0, cut = 0;
	for (size_t i = 0; i < text.length; i++) {
		char kept = text.bytes[i];
		good = good && refused_or_itself(text.bytes, i, &cut);
		for (size_t j = 0; j < sizeof(others); j++, tried++) { /* the NUL too */
			text.bytes[i] = others[j];
			good = good && refused_or_itself(text.bytes, text.length, &refused);
		}
		text.bytes[i] = kept;
	}
	check(good && refused > tried / 2,
	      "changed at any byte it is refused, or means what it says");
	check(cut == (int)text.length,
	      "no part of it, from the beginning on, passes for the whole");
}

static void test_hgrm_text(void)
{
	static const char three[] = "       Value     Percentile TotalCount 1/(1-Percentile)\n"
				    "\n"
				    "       0.100 0.000000000000          1           1.00\n"
				    "       0.100 0.100000000000          1           1.11\n"
				    "       0.100 0.200000000000          1           1.25\n"
				    "       0.100 0.300000000000          1           1.43\n"
				    "       0.200 0.400000000000          2           1.67\n"
				    "       0.200 0.500000000000          2           2.00\n"
				    "       0.200 0.550000000000          2           2.22\n"
				    "       0.200 0.600000000000          2           2.50\n"
				    "       0.200 0.650000000000          2           2.86\n"
				    "       0.300 0.700000000000          3           3.33\n"
				    "       0.300 1.000000000000          3\n"
				    "#[Mean    =        0.200, StdDeviation   =        0.082]\n"
				    "#[Max     =        0.300, Total count    =            3]\n"
				    "#[Buckets =           26, SubBuckets     =         2048]\n";
	static const char none[] = "\n\n"
				   "       0.000 1.000000000000          0\n"
				   "#[Mean    =        0.000, StdDeviation   =        0.000]\n"
				   "#[Max     =        0.000, Total count    =            0]\n";
	histogram_init(&one);
	for (int64_t value = 100; value <= 300; value += 100)
		histogram_record(&one, value);
	clear(&text);
	check(histogram_write_hgrm(&one, put, &text) == 0 && strcmp(text.bytes, three) == 0,
	      "hgrm: three values");
	histogram_init(&one);
	clear(&text);
	check(histogram_write_hgrm(&one, put, &text) == 0 && strstr(text.bytes, none),
	      "hgrm: no value");
}

/* Reads the rows as the plotter does: by words, four to a point. */
static void test_hgrm_rows(const char *name, int64_t (*sample)(void), uint64_t count)
{
	histogram_init(&one);
	for (uint64_t i = 0; i < count; i++)
		histogram_record(&one, sample());
	clear(&text);
	histogram_write_hgrm(&one, put, &text);
	double value = 0, before = 0, percentile = 0, percentile_before = -1, inverse;
	uint64_t total = 0, total_before = 0;
	int words = 4, rows = 0;
	bool rising = true, agrees = true;
	for (char *line = strtok(text.bytes, "\n"); line && words == 4; line = strtok(NULL, "\n")) {
		if (*line == '#' || strstr(line, "Value"))
			continue;
		words = sscanf(line, "%lf %lf %" SCNu64 " %lf", &value, &percentile, &total,
			       &inverse);
		rising = rising && value >= before && percentile > percentile_before &&
			 total >= total_before;
		double wanted = (double)histogram_percentile(&one, percentile * 100);
		agrees = agrees && near(value * 1e3, wanted, 0.5) &&
			 (double)total >= percentile * (double)count - 1e-6 &&
			 (words == 3 || near(inverse * (1 - percentile), 1, 0.01));
		before = value;
		percentile_before = percentile;
		total_before = total;
		rows++;
	}
	check(rising, "hgrm, %s: value, percentile and count rise in %d rows", name, rows);
	check(agrees, "hgrm, %s: the columns agree with the percentiles", name);
	check(words == 3 && percentile == 1 && total == count &&
		      near(value * 1e3, (double)one.max, 0.5),
	      "hgrm, %s: the last row has the total, the maximum and no fourth column", name);
}

static void test_put_refuses(int (*write)(const struct histogram *, histogram_put *, void *),
			     const char *name)
{
	histogram_init(&one);
	histogram_record_n(&one, 5000, 3);
	clear(&text);
	bool good = write(&one, put, &text) == 0;
	int calls = text.calls;
	for (int i = 1; i <= calls; i++) {
		clear(&text);
		text.refuse_at = i;
		good = good && write(&one, put, &text) == -1 && text.calls == i;
	}
	check(good, "%s stops at a -1 from any of its %d calls", name, calls);
}

int main(void)
{
	test_round_trip();
	test_damaged();
	test_every_byte();
	test_hgrm_text();
	test_hgrm_rows("lognormal", lognormal, SAMPLES);
	test_hgrm_rows("bimodal", bimodal, 12345);
	test_hgrm_rows("one value", uniform, 1);
	test_put_refuses(histogram_write, "histogram_write()");
	test_put_refuses(histogram_write_hgrm, "histogram_write_hgrm()");
	return check_done();
}
