/* open_page.h: showing a file in the desktop's own browser. */
#ifndef CORESWEEP_OPEN_PAGE_H
#define CORESWEEP_OPEN_PAGE_H

/* Opens the file with xdg-open, as $PATH has it, and does not wait: a browser
 * may stay for longer than this program.  Where there is none, or it cannot be
 * started, it prints what to do instead. */
void open_page(const char *path);

#endif
