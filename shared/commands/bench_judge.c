#include "commands/bench_judge.h"

#include <stdio.h>

/* A client that used so much of its processors was the limit itself. */
#define BUSY 0.95

void bench_judge_comment(const struct bench *bench)
{
	for (size_t i = 0; i < bench->count; i++) {
		const struct bench_result *result = bench->results[i];
		const struct load_result *load = &result->load;
		double threads = (double)(bench->threads < bench->connections ? bench->threads
									      : bench->connections);
		double used =
			load->elapsed > 0 ? (double)load->cpu / (double)load->elapsed / threads : 0;
		if (load->trouble.status)
			fprintf(stderr, "sockfam: bench %s\n", load->trouble.text);
		if (used >= BUSY && !bench->spin && !bench->merged && bench->rate == 0)
			fprintf(stderr,
				"sockfam: bench %s: the client was busy for %.0f %% of the time: "
				"it, not the service, may have been the limit (--threads)\n",
				result->name, used * 100);
		if (bench->rate > 0 && bench->complete && load->lost > 0 &&
		    bench_rate(result) < 0.95 * bench->rate)
			fprintf(stderr,
				"sockfam: bench %s: %.10g messages/s were due, %.10g were "
				"answered\n",
				result->name, bench->rate, bench_rate(result));
	}
}

int bench_judge_status(const struct bench *bench)
{
	bool refused = bench->count > 0;
	for (size_t i = 0; i < bench->count; i++)
		refused = refused && load_result_refused(&bench->results[i]->load);
	if (refused)
		return STATUS_NOBODY;
	if (bench->missing > 0)
		return STATUS_BAD;
	for (size_t i = 0; i < bench->count; i++) {
		const struct bench_result *result = bench->results[i];
		const struct load_result *load = &result->load;
		bool reached = bench->complete || result->rounds > 0;
		if (load->trouble.status == STATUS_DATA)
			return STATUS_DATA;
		if (load->damaged > 0 || load->broken > 0 || (load->messages == 0 && reached))
			return STATUS_BAD;
	}
	return STATUS_OK;
}

int bench_judge_refusal(const struct bench *bench, struct error *error)
{
	for (size_t i = 0; i < bench->count; i++)
		if (bench->results[i]->load.messages > 0 || bench->results[i]->load.broken == 0)
			return 0;
	if (!bench->simple || bench->count == 0)
		return 0;
	return error_set(error, STATUS_PROTOCOL,
			 "bench %s: it ended before any echo: perhaps it refuses the proof",
			 bench->results[0]->name);
}
