#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include "base/error.h"

/* A folder that nobody else uses, for the files of one process: the paths of unix sockets. */

/* Room for its path with the NUL; 27 bytes of a unix address (sun_path) are left for a name. */
#define FOLDER_TEXT 80

/*
 * Makes one in TMPDIR (in /tmp, where that is not an absolute path or is too long), open to this
 * user alone. The caller removes it.
 */
int folder_make(char folder[FOLDER_TEXT], struct error *error);

/* Removes the folder and the files in it; it has no folders of its own. */
void folder_remove(const char *folder);

#endif
