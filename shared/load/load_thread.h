#ifndef LOAD_LOAD_THREAD_H
#define LOAD_LOAD_THREAD_H

#include "load/load_ledger.h"

/* One thread of a load: its connections, its schedule, and when it ends. */
struct load_thread {
	struct load_ledger ledger;
	struct watch stop;
	struct load_connection *connections;
	unsigned count;
	unsigned cursor;                 /* the schedule: whose turn is next, ... */
	uint64_t turn;                   /* ... with which of its messages */
	int64_t done;                    /* when all that is to be sent was; 0: not yet */
	bool hurried;                    /* somebody waits for the end */
	const struct load_thread *first; /* the one that reports progress */
};

/* For a connection that is open, and for options->stop. -1 with errno. */
int load_thread_watch(struct load_thread *thread, struct load_connection *connection);
int load_thread_watch_stop(struct load_thread *thread);

/* Until its end; what came of it is in the ledger's result. */
void load_thread_run(struct load_thread *thread);

#endif
