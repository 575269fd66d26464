/* interrupt.h: SIGINT, SIGTERM and SIGHUP as a question that can be asked. */
#ifndef CORESWEEP_INTERRUPT_H
#define CORESWEEP_INTERRUPT_H

#include <sys/types.h>

/* From here on these signals are remembered, and wake system calls up; but for
 * SIGHUP where whoever started the program has it ignored. */
void interrupt_remember(void);

/* So, and a broken pipe is an error of write, and SIGTSTP stops what
 * interrupt_hold says as well. */
void interrupt_install(void);

/* The signal that came, or 0. */
int interrupt_signal(void);

/* That process group stops and goes on with this process when it is stopped
 * from the terminal (SIGTSTP); 0: none does. */
void interrupt_hold(pid_t group);

#endif
