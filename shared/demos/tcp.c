#include "demos/tcp.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct listed {
	unsigned state, ticks; /* ticks: until its timer, if it has one */
};

/* 1, 0 if there is no such socket, -1 if there is no such list. */
static int find(uint16_t local_port, uint16_t remote_port, struct listed *listed)
{
	char line[256];
	int found = 0;
	FILE *list = fopen("/proc/net/tcp", "r");
	if (!list)
		return -1;
	while (!found && fgets(line, sizeof(line), list)) {
		/*
		 * proc(5): "sl: local:port remote:port state tx:rx timer:ticks ...", numbers in
		 * hexadecimal
		 */
		unsigned local, remote;
		found = sscanf(line, " %*u: %*8x:%4x %*8x:%4x %2x %*8x:%*8x %*2x:%8x", &local,
			       &remote, &listed->state, &listed->ticks) == 4 &&
			local == local_port && remote == remote_port;
	}
	fclose(list);
	return found;
}

const char *demo_tcp_listed(uint16_t local_port, uint16_t remote_port)
{
	struct listed listed;
	int found = find(local_port, remote_port, &listed);
	if (found == -1)
		return NULL;
	return found ? demo_tcp_state_name(listed.state) : "none";
}

double demo_tcp_timer(uint16_t local_port, uint16_t remote_port)
{
	struct listed listed;
	if (find(local_port, remote_port, &listed) != 1)
		return -1;
	return (double)listed.ticks / (double)sysconf(_SC_CLK_TCK);
}

/* The number in FILE that follows WORD; -1 if there is none. */
static long number_after(const char *path, const char *word)
{
	char text[1024];
	long number = -1;
	FILE *file = fopen(path, "r");
	if (!file)
		return -1;
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	const char *place = strstr(text, word);
	if (place)
		sscanf(place + strlen(word), "%ld", &number);
	return number;
}

bool demo_tcp_keeps_time_wait(struct narrator *narrator)
{
	long most = number_after("/proc/sys/net/ipv4/tcp_max_tw_buckets", "");
	long kept = number_after("/proc/net/sockstat", " tw ");
	if (most == -1 || kept < most)
		return true;
	demo_skip(narrator, "TIME_WAIT: net.ipv4.tcp_max_tw_buckets allows no more than %ld", most);
	return false;
}

const char *demo_tcp_state_name(unsigned state)
{
	static const char *const names[] = {
		"unknown",    "ESTABLISHED", "SYN_SENT",     "SYN_RECEIVED", "FIN_WAIT_1",
		"FIN_WAIT_2", "TIME_WAIT",   "CLOSED",       "CLOSE_WAIT",   "LAST_ACK",
		"LISTEN",     "CLOSING",     "SYN_RECEIVED",
	};
	return names[state < sizeof(names) / sizeof(*names) ? state : 0];
}
