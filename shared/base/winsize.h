#ifndef BASE_WINSIZE_H
#define BASE_WINSIZE_H

/* The columns of the terminal that FD is; 0 where it is none, or does not tell. */
int winsize_columns(int fd);

/* The signal that says that they have changed; 0: there is none. */
int winsize_signal(void);

#endif
