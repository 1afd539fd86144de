#include "commands/bench_advice.h"

#include "net/family.h"

#include <stdio.h>

/* Of one endpoint's rounds: its rate divided by the first endpoint's in the same round. */
struct span {
	double least, most;
};

static struct span ratios(const struct bench_result *result, const struct bench_result *first)
{
	struct span span = { 0, 0 };
	for (unsigned i = 0; i < result->rounds && i < first->rounds; i++) {
		double ratio = first->rates[i] > 0 ? result->rates[i] / first->rates[i] : 0;
		span.least = i == 0 || ratio < span.least ? ratio : span.least;
		span.most = ratio > span.most ? ratio : span.most;
	}
	return span;
}

/* The fastest but for EXCEPT, which may be NULL. */
static const struct bench_result *fastest(const struct bench *bench,
					  const struct bench_result *except)
{
	const struct bench_result *best = NULL, *first = bench->results[0];
	for (size_t i = 0; i < bench->count; i++) {
		const struct bench_result *each = bench->results[i];
		if (each != except &&
		    (!best || bench_ratio(each, first) > bench_ratio(best, first)))
			best = each;
	}
	return best;
}

static void print_fastest(const struct bench *bench)
{
	const struct bench_result *first = bench->results[0];
	const struct bench_result *best = fastest(bench, NULL), *next = fastest(bench, best);
	struct span one = ratios(best, first), other = ratios(next, first);
	double slower = bench_ratio(next, first);
	printf("\nFastest: %s", best->name);
	if (slower > 0)
		printf(", %.2f times as fast as\n%s, the next", bench_ratio(best, first) / slower,
		       next->name);
	if (bench->rounds < 2)
		puts(".\nOne round shows no difference: --rounds 5 would.");
	else if (one.least > other.most)
		printf(". All %lld rounds show it.\n", (long long)bench->rounds);
	else
		printf(". The rounds do not show it:\nto the first, %.2f to %.2f and %.2f to "
		       "%.2f.\n",
		       one.least, one.most, other.least, other.most);
}

/* Is there a result of this kind whose family is, or is not, reliable in datagrams? */
static bool has(const struct bench *bench, const struct kind *kind, bool reliable)
{
	for (size_t i = 0; i < bench->count; i++) {
		const struct endpoint *endpoint = &bench->results[i]->endpoint;
		if (endpoint->kind == kind && endpoint->family->reliable == reliable)
			return true;
	}
	return false;
}

void bench_advice_print(const struct bench *bench)
{
	if (bench->count < 2 || !bench->complete || bench->merged || bench->rate > 0)
		return;
	print_fastest(bench);
	if (has(bench, kind_stream, true) || has(bench, kind_stream, false))
		puts("  stream     every byte, in order; no boundaries between messages");
	if (has(bench, kind_seqpacket, true) || has(bench, kind_seqpacket, false))
		puts("  seqpacket  every message, in order, with its boundaries");
	if (has(bench, kind_dgram, true))
		puts("  dgram      on one machine: every message, in order, with its boundaries");
	if (has(bench, kind_dgram, false))
		puts("  dgram      over IP: boundaries alone; may be lost, doubled or overtaken");
}
