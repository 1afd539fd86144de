#include "commands/circumstances.h"

#include "base/version.h"
#include "commands/json_text.h"

#include <sys/utsname.h>
#include <unistd.h>

void circumstances_begin(struct circumstances *circumstances)
{
	*circumstances = (struct circumstances){ 0 };
	clock_gettime(CLOCK_REALTIME, &circumstances->started);
}

void circumstances_end(struct circumstances *circumstances)
{
	clock_gettime(CLOCK_REALTIME, &circumstances->ended);
}

/* RFC 3339 in UTC, with milliseconds. */
static void write_time(FILE *stream, const char *name, const struct timespec *time)
{
	struct tm utc;
	char text[40] = "";
	if (!gmtime_r(&time->tv_sec, &utc) ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc) == 0)
		fprintf(stream, ", \"%s\": null", name);
	else
		fprintf(stream, ", \"%s\": \"%s.%03ldZ\"", name, text, time->tv_nsec / 1000000);
}

void circumstances_write(FILE *stream, const struct circumstances *circumstances)
{
	struct utsname system;
	if (uname(&system) == -1)
		system = (struct utsname){ .sysname = "?" };
	fprintf(stream, "\"version\": \"" VERSION "\", \"host\": ");
	json_text_write_string(stream, system.nodename);
	fprintf(stream, ", \"kernel\": ");
	char kernel[sizeof(system.sysname) + sizeof(system.release)];
	snprintf(kernel, sizeof(kernel), "%s %s", system.sysname, system.release);
	json_text_write_string(stream, kernel);
	fprintf(stream, ", \"processors\": %ld", sysconf(_SC_NPROCESSORS_ONLN));
	write_time(stream, "started", &circumstances->started);
	if (circumstances->ended.tv_sec != 0)
		write_time(stream, "ended", &circumstances->ended);
}

void circumstances_write_unknown(FILE *stream)
{
	fputs("\"version\": \"" VERSION "\", \"host\": null, \"kernel\": null, "
	      "\"processors\": null, \"started\": null, \"ended\": null",
	      stream);
}
