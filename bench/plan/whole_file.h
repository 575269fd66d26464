/* whole_file.h: reading a file that has an end.  A pipe that nobody writes
 * would be waited for without end, and a device may have none. */
#ifndef CORESWEEP_WHOLE_FILE_H
#define CORESWEEP_WHOLE_FILE_H

#include <stdio.h>

/* Opens it to read, or returns NULL and in *why what to say behind its name.
 * Never waits. */
FILE *whole_file_open(const char *path, const char **why);

#endif
