#ifndef BASE_VERSION_H
#define BASE_VERSION_H

/* Of the program: here alone. The Makefile reads it for the manual and for `make dist`. */
#define VERSION "0.1"

#endif
