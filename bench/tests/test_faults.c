/* test_faults.c: workers, servers and parents that are killed or stopped from
 * outside, at moments from a fixed list.
 *
 * Starts the real program ($CORESWEEP; default build/coresweep) and finds its
 * children through /proc.  What a program leaves behind becomes a child of
 * this one, so nothing that outlives it is missed.  $FAULTS: how many kills of
 * workers (200).  A kill that comes after the work is done may find a correct
 * result; whatever comes earlier must be named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/program_fixture.h"

#include <sys/prctl.h>

enum {
  WORKERS = 3,
  CARRIED = 3, /* teams whose results travel, by a server if need be */
  TEAMS = 4,
  TRANSPORTS = 4,
  TRIALS = TEAMS * TRANSPORTS
};

static const char *const teams[TEAMS] = {"pool", "fork", "pool:apply",
                                         "copies"};
static const char *const transports[TRANSPORTS] = {"shm", "pipe", "queue",
                                                   "socket"};

/* What the workers are at. */
static const struct work {
  const char *kernel, *size, *schedule;
} minutes = {"latency/sleep_us=10000000", "100", "static"}, /* chunks of them */
    starting = {"latency/sleep_us=10000000", "100", "dynamic,1"}, /* as those */
    steady = {"latency/sleep_us=400", "200000",
              "dynamic,1"},                /* ever reporting */
    brief = {"spin", "3000", "dynamic,3"}, /* done within milliseconds */
    brief_apply = {"spin", "100", "apply"};

/* One trial, and which of its processes something happens to, and when. */
enum moment {
  AS_IT_STARTS, /* the moment a worker exists */
  IN_A_CHUNK,   /* before or in a chunk that would take minutes */
  AMONG_MANY,   /* while the others report one result after the other */
  ANYWHERE,     /* before, in and between short chunks and regions, or after */
  MOMENTS
};

struct strike {
  const char *team, *transport;
  enum moment moment;
  int signal;
  bool at_server;
  const char *timeout;
  int servers; /* processes of the transport's own: 0 or 1 */
  struct program program;
  char who[40]; /* the victim, as messages call it */
};

/* The i-th of all teams and transports, or of all teams with a server. */
static struct strike strike_of(int i, enum moment moment, bool at_server) {
  int team = at_server ? i % CARRIED : i / TRANSPORTS % TEAMS;
  const char *transport = transports[team >= CARRIED ? 0
                                     : at_server     ? TRANSPORTS - 1
                                                     : i % TRANSPORTS];
  return (struct strike){.team = teams[team],
                         .transport = transport,
                         .moment = moment,
                         .signal = SIGKILL,
                         .at_server = at_server,
                         .timeout = "60s",
                         .servers = strcmp(transport, "socket") == 0};
}

/* A number from a fixed list, below `below`. */
static unsigned drawn(unsigned below) {
  static uint64_t state = 20240229;
  state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
  return (unsigned)(state >> 33) % below;
}

static int faults(void) {
  const char *text = getenv("FAULTS");
  int count = text ? atoi(text) : 0;
  return count > 0 ? count : 200;
}

static bool is_fork(const struct strike *strike) {
  return strcmp(strike->team, "fork") == 0;
}

/* Each has all of the work: no chunks are dealt out. */
static bool is_copies(const struct strike *strike) {
  return strcmp(strike->team, "copies") == 0;
}

static void start_trial(struct strike *strike) {
  static const struct work *const works[MOMENTS] = {&starting, &minutes,
                                                    &steady, &brief};
  bool apply = strchr(strike->team, ':') != NULL;
  const struct work *work = works[strike->moment];
  if (apply && work == &brief)
    work = &brief_apply;
  /* A team that leaves is killed in its first region, or not at all. */
  const char *more = is_fork(strike) ? "0" : "3";
  char variant[80];
  snprintf(variant, sizeof variant, "%s%s%s@%s", strike->team, apply ? "" : ":",
           apply               ? ""
           : is_copies(strike) ? "static"
                               : work->schedule,
           strike->transport);
  const char *arguments[] = {
      "coresweep", "trial",         "--variant",       variant,  "--workers",
      "3",         "--kernel",      work->kernel,      "--size", work->size,
      "--timeout", strike->timeout, "--warmups",       "0",      "--iterations",
      more,        "--json",        "--oversubscribe", NULL};
  strike->program = program_start(arguments);
}

/* Starts the trial, and signals one of its processes at the moment. */
static void run_strike(struct strike *strike) {
  pid_t children[CHILDREN];
  int first = strike->at_server ? 0 : strike->servers, count;
  start_trial(strike);
  pid_t parent = strike->program.pid;
  if (strike->moment == AS_IT_STARTS) {
    count = program_await_children(parent, first + 1, children);
  } else {
    count = program_await_children(parent, WORKERS + strike->servers, children);
    usleep(drawn(strike->moment == ANYWHERE ? 20000 : 8000));
  }
  snprintf(strike->who, sizeof strike->who, "%s",
           strike->at_server ? "the server " : "worker ");
  if (count <= first)
    return; /* it has ended */
  int victim = first;
  if (!strike->at_server)
    victim += strike->moment == AS_IT_STARTS
                  ? count - first - 1
                  : (int)drawn((unsigned)(count - first));
  /* Which worker it is, unless some have left already: worker 0 is born last.
   */
  if (!strike->at_server && (!is_fork(strike) || strike->moment != ANYWHERE))
    snprintf(strike->who, sizeof strike->who, "worker %d ",
             WORKERS - 1 - (victim - strike->servers));
  kill(children[victim], strike->signal);
}

/* Correct after all, or failed with who and what in its record and on stderr.
 * Returns whether it failed. */
static bool assert_failed(const struct strike *strike, const char *what) {
  struct ending ending;
  unsigned long long begin, end;
  program_await_end(&strike->program, &ending);
  if (ending.ok && ending.status == 0 && strike->moment == ANYWHERE)
    return false;
  if (!WIFEXITED(ending.status) || WEXITSTATUS(ending.status) != 1 ||
      !ending.failed || !strstr(ending.error, strike->who) ||
      !strstr(ending.error, what) || !strstr(ending.err, ending.error))
    fail_msg("%s@%s: exit status 1, a failed record with '%s', '%s', and the "
             "same on stderr expected, got status %x, error '%s', stderr '%s'",
             strike->team, strike->transport, strike->who, what, ending.status,
             ending.error, ending.err);
  const char *chunk = strstr(ending.error, "in chunk ");
  if (chunk) {
    assert_int_equal(sscanf(chunk, "in chunk [%llu, %llu)", &begin, &end), 2);
    assert_true(begin < end && end <= 200000);
  } else if (!strike->at_server) {
    assert_true(strstr(ending.error, "before its first chunk") ||
                strstr(ending.error, "between chunks"));
  }
  return true;
}

static void kill_many(int count, bool at_server) {
  int failed = 0;
  largest_ms = 0;
  for (int i = 0; i < count; i++) {
    struct strike strike =
        strike_of(i, (enum moment)(i / TRIALS % MOMENTS), at_server);
    char what[40];
    strike.signal = drawn(4) ? SIGKILL : SIGSEGV;
    snprintf(what, sizeof what, "was killed by signal %d ", strike.signal);
    run_strike(&strike);
    failed += assert_failed(&strike, what);
    assert_none_left(true);
  }
  print_message("%d kills, %d of them too late; from kill to end at most %.0f "
                "ms\n",
                count, count - failed, largest_ms);
  assert_true(failed >= count / 2);
}

static void test_killed_worker(void **state) {
  (void)state;
  kill_many(faults(), false);
}

static void test_killed_server(void **state) {
  (void)state;
  kill_many(faults() / 4, true);
}

/* All workers one right after the other, in either order, with or without the
 * server: a transport that has nobody left must not hide why. */
static void test_killed_team(void **state) {
  (void)state;
  for (int i = 0; i < faults() / 5; i++) {
    struct strike strike = strike_of(i, IN_A_CHUNK, false);
    pid_t children[CHILDREN];
    bool backwards = drawn(2), spared = drawn(2);
    start_trial(&strike);
    int count = program_await_children(strike.program.pid,
                                       WORKERS + strike.servers, children);
    usleep(drawn(8000));
    for (int k = spared ? strike.servers : 0; k < count; k++)
      kill(children[backwards ? count - 1 - (k - (spared ? strike.servers : 0))
                              : k],
           SIGKILL);
    strike.at_server = !spared;
    snprintf(strike.who, sizeof strike.who, spared ? "worker " : "er ");
    assert_failed(&strike, "was killed by signal 9 ");
    assert_none_left(true);
  }
}

/* All trials at once, since each waits for its time-out. */
static void stop_many(enum moment moment, bool at_server) {
  struct strike strikes[TRIALS];
  for (int i = 0; i < TRIALS; i++) {
    strikes[i] = strike_of(i, moment, at_server);
    strikes[i].signal = SIGSTOP;
    strikes[i].timeout = "1s";
    run_strike(&strikes[i]);
  }
  for (int i = 0; i < TRIALS; i++)
    assert_failed(&strikes[i], "was not done after 1 s (--timeout)");
  assert_none_left(true);
}

static void test_stopped(void **state) {
  (void)state;
  for (int i = 0; i < 1 + faults() / 1000; i++) {
    stop_many(AS_IT_STARTS, false);
    stop_many(IN_A_CHUNK, false);
    stop_many(IN_A_CHUNK, true);
    stop_many(AMONG_MANY, false);
    stop_many(ANYWHERE, false);
  }
}

/* The program itself ends by a signal, at any moment of its life; or before it,
 * where this test slept for longer than it wanted to. */
static void test_ended_program(void **state) {
  static const int signals[] = {SIGKILL, SIGKILL, SIGINT, SIGTERM, SIGHUP};
  int late = 0;
  (void)state;
  largest_ms = 0;
  for (int i = 0; i < faults(); i++) {
    struct strike strike = strike_of(i, (enum moment)drawn(ANYWHERE), false);
    int signal_number = signals[i / TRIALS % 5], status;
    pid_t children[CHILDREN];
    start_trial(&strike);
    if (drawn(2))
      program_await_children(strike.program.pid, WORKERS + strike.servers,
                             children);
    usleep(drawn(10000));
    kill(strike.program.pid, signal_number);
    assert_int_equal(waitpid(strike.program.pid, &status, 0),
                     strike.program.pid);
    late += status == 0;
    if (status != 0 && status != signal_number &&
        !(WIFEXITED(status) && WEXITSTATUS(status) == 128 + signal_number)) {
      char said[OUTPUT_BYTES];
      program_read(strike.program.err, said);
      fail_msg("%s@%s: an end by signal %d expected, got status %x: %s",
               strike.team, strike.transport, signal_number, status, said);
    }
    program_close(&strike.program);
    assert_none_left(false);
  }
  print_message("%d of %d too late; the last of a team was gone %.1f ms after "
                "the program, at most\n",
                late, faults(), largest_ms);
  assert_true(late <= faults() / 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(test_killed_worker, program_kill_all),
      cmocka_unit_test_teardown(test_killed_server, program_kill_all),
      cmocka_unit_test_teardown(test_killed_team, program_kill_all),
      cmocka_unit_test_teardown(test_stopped, program_kill_all),
      cmocka_unit_test_teardown(test_ended_program, program_kill_all),
  };
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  if (!program_lists_children()) {
    puts("(this kernel does not list children: no faults injected)");
    return 0;
  }
  return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
