#ifndef DEMOS_TCP_H
#define DEMOS_TCP_H

#include "demos/demo.h"

#include <stdbool.h>
#include <stdint.h>

/* TCP's states, by RFC 9293's names with an underscore: "SYN_SENT" for SYN-SENT. */

/*
 * The state of the socket between these two ports of this machine (host byte order), as Linux lists
 * it in /proc/net/tcp; also where no process holds it any more. "none" if there is no such socket,
 * NULL if there is no such list.
 */
const char *demo_tcp_listed(uint16_t local_port, uint16_t remote_port);

/* How many seconds that socket's timer has to run, by the same list; -1 if there is none. */
double demo_tcp_timer(uint16_t local_port, uint16_t remote_port);

/* Does this machine keep another connection in TIME_WAIT? If not, that is skipped. */
bool demo_tcp_keeps_time_wait(struct narrator *narrator);

/* The name of a state that Linux's TCP_INFO (tcpi_state) or /proc/net/tcp gives as a number. */
const char *demo_tcp_state_name(unsigned state);

#endif
