#ifndef DEMOS_PATIENCE_H
#define DEMOS_PATIENCE_H

/*
 * How long a demonstration waits for what should come at once. What comes after all costs nothing;
 * but where the kernel does not do what it should, one wait after the other runs out. So the first
 * may take 1.5 s, and each that ran out leaves the later ones a quarter, 10 ms at least.
 */

/* What the next wait may take, in milliseconds. */
int patience_left(void);

/* One has run out. */
void patience_lost(void);

/* What was left to a process that took its turn before: each demonstration is one of its own. */
void patience_set(int milliseconds);

#endif
