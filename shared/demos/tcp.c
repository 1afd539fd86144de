#include "demos/tcp.h"

#include <stdio.h>

const char *demo_tcp_listed(uint16_t local_port, uint16_t remote_port)
{
	char line[256];
	const char *found = "none";
	FILE *list = fopen("/proc/net/tcp", "r");
	if (!list)
		return NULL;
	while (fgets(line, sizeof(line), list)) {
		/* proc(5): "sl: local:port remote:port state ...", numbers in hexadecimal */
		unsigned local, remote, state;
		if (sscanf(line, " %*u: %*8x:%4x %*8x:%4x %2x", &local, &remote, &state) == 3 &&
		    local == local_port && remote == remote_port)
			found = demo_tcp_state_name(state);
	}
	fclose(list);
	return found;
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
