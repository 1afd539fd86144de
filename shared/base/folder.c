#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "/sockfam.XXXXXX"

int folder_make(char folder[FOLDER_TEXT], struct error *error)
{
	const char *above = getenv("TMPDIR");
	if (!above || *above != '/' || strlen(above) + sizeof(NAME) > FOLDER_TEXT)
		above = "/tmp";
	snprintf(folder, FOLDER_TEXT, "%s" NAME, above);
	/* the umask might take rights from this user, too */
	if (!mkdtemp(folder) || chmod(folder, 0700) == -1)
		return error_system(error, STATUS_SYSTEM, errno, "%s", folder);
	return 0;
}

void folder_remove(const char *folder)
{
	DIR *files = opendir(folder);
	if (files) {
		for (const struct dirent *entry; (entry = readdir(files)) != NULL;)
			unlinkat(dirfd(files), entry->d_name, 0); /* "." and ".." stay */
		closedir(files);
	}
	rmdir(folder);
}
