/* program.h: the sweep over somebody else's programs. */
#ifndef CORESWEEP_COMMANDS_PROGRAM_H
#define CORESWEEP_COMMANDS_PROGRAM_H

/* As command_sweep, for command lines that program_options_are about. */
int program_sweep(int argc, char **argv);

#endif
