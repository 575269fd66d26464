/* played_fixture.h: a trial's process that is played: it tells what it was
 * told, or does as $ACT says. */
#ifndef CORESWEEP_PLAYED_FIXTURE_H
#define CORESWEEP_PLAYED_FIXTURE_H

#include "bench/record/record.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Prints a record whose error is what is said. */
static inline int print_record(const char *said) {
  struct record record;
  record_clear(&record);
  record.schema = RECORD_SCHEMA;
  record.status = strdup("ok");
  record.input = strdup(said); /* any text will do */
  record.kernel = strdup("cube");
  record.workload = strdup("cube");
  record.variant = strdup("serial");
  record.workers = 1;
  record.size = record.workers_seen = 1;
  record.correct = 1;
  record.digest = strdup("0123456789abcdef");
  record.start_s = record.touch_s = record.finish_s = record.close_s = 0;
  record.setup_s = record.region_first_s = record.region_s = 1e-9;
  record.program_s = 2e-9;
  record.regions_s = (struct numbers){calloc(1, sizeof(double)), 1};
  if (record.regions_s.values)
    *record.regions_s.values = record.region_s;
  char *line = record_format(&record);
  if (line)
    fputs(line, stdout);
  free(line);
  record_free(&record);
  return fflush(stdout);
}

static inline void fill(FILE *out, int kilobytes) {
  for (int i = 0; i < 16 * kilobytes; i++)
    fprintf(out, "%063d\n", i);
  fflush(out);
}

static inline void write_file(const char *name, const char *text) {
  FILE *file = fopen(name, "w");
  if (!file || fputs(text, file) < 0 || fclose(file) != 0)
    _exit(99);
}

/* Leaves a process behind that holds all that it has inherited, and tells in
 * $HEIR who it is; `leaves`: one that is in no group or session of the trial's,
 * and no child of it. */
static inline void leave_heir(bool leaves) {
  int ready[2];
  char text[24];
  if (pipe(ready) != 0)
    _exit(98);
  pid_t child = fork();
  if (child == 0 && leaves && (setsid() < 0 || fork() != 0))
    _exit(0);
  if (child == 0) {
    snprintf(text, sizeof text, "%d", (int)getpid());
    write_file(getenv("HEIR"), text);
    alarm(60); /* should this test itself end before it */
    if (write(ready[1], "", 1) == 1)
      for (;;)
        pause();
    _exit(97);
  }
  if (read(ready[0], text, 1) != 1)
    _exit(96);
}

/* What it has of its parent. */
static inline int print_state(void) {
  char said[100], byte;
  struct sigaction pipe_action, stop_action;
  sigset_t mask;
  sigaction(SIGPIPE, NULL, &pipe_action);
  sigaction(SIGTSTP, NULL, &stop_action);
  sigprocmask(SIG_BLOCK, NULL, &mask);
  snprintf(said, sizeof said, "leads %d, stdin %d, handled %d, blocked %d",
           getpgrp() == getpid(), (int)read(STDIN_FILENO, &byte, 1),
           pipe_action.sa_handler != SIG_DFL ||
               stop_action.sa_handler != SIG_DFL,
           sigismember(&mask, SIGTSTP));
  return print_record(said);
}

static inline int play(int argc, char **argv) {
  const char *act = getenv("ACT");
  char said[2000] = "";
  size_t used = 0;
  for (int i = 0; i < argc; i++)
    used += (size_t)snprintf(said + used, sizeof said - used, "%s%s",
                             i ? " " : "", argv[i]);
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  if (!act)
    return print_record(said);
  if (strcmp(act, "state") == 0)
    return print_state();
  if (strstr(act, "heir"))
    leave_heir(strstr(act, "leaves"));
  if (strstr(act, "late heir"))
    for (;;)
      pause();
  if (strcmp(act, "oom") == 0) {
    write_file(getenv("EVENTS"), "oom_kill 2\n");
    raise(SIGKILL);
  }
  if (strcmp(act, "late") == 0)
    usleep(6000000);
  if (strcmp(act, "die") == 0)
    raise(SIGKILL);
  if (strcmp(act, "fail") == 0) {
    fputs("what went wrong\nand more of it\n", stderr);
    return 3;
  }
  if (strcmp(act, "shout") == 0) /* more than pipes hold, on both */
    fill(stderr, 500);
  if (strcmp(act, "crash") == 0) { /* it has told, and could not go on */
    puts("{\"schema\":3,\"status\":\"failed\",\"error\":\"omp: worker 1 "
         "was killed\",\"kernel\":\"spin\",\"workload\":\"spin\","
         "\"variant\":\"pool:dynamic,4@pipe\",\"workers\":1,\"size\":1,"
         "\"beside\":\"serial\",\"requested\":\"pool:dynamic,4@pipe\","
         "\"shared\":3,\"shared_place\":1}");
    return 1;
  }
  print_record(said);
  for (int i = 1; i < atoi(act); i++) /* so many */
    print_record(i == 1 ? "the second" : "another");
  if (strcmp(act, "linger") == 0) { /* its outputs end before it does */
    fclose(stdout);
    fclose(stderr);
    usleep(100000);
    raise(SIGKILL);
  }
  return 0;
}

#endif
