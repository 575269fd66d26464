/* interrupt.h: SIGINT, SIGTERM and SIGHUP as a question that can be asked. */
#ifndef CORESWEEP_INTERRUPT_H
#define CORESWEEP_INTERRUPT_H

/* From here on these signals are remembered, and wake system calls up. */
void interrupt_install(void);

/* The signal that came, or 0. */
int interrupt_signal(void);

#endif
