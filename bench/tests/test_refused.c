/* test_refused.c: a sandbox refuses a system call.  The program ends, by
 * itself, with a result that was checked or with a message; a library that
 * would ask for ever is not called.
 *
 * From outside ($CORESWEEP; default build/coresweep), behind a seccomp filter,
 * which anybody may set. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* What is refused to the program that is started next, and how; 0: nothing. */
static uint32_t refused, answer;

static int refuse(void) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | answer),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  /* A sanitizer's search for leaks takes calls of its own. */
  setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
  if (answer == 0)
    return 0;
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
#define PROGRAM_PREPARE() refuse()

#include "bench/tests/program_fixture.h"
#include "bench/tests/tree_fixture.h"

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* Runs it with a call refused. */
static struct ending run(long call, int error, const char *const *arguments) {
  struct ending ending;
  refused = (uint32_t)call;
  answer = (uint32_t)error;
  struct program program = program_start(arguments);
  program_await_end(&program, &ending);
  answer = 0;
  if (!WIFEXITED(ending.status))
    fail_msg("call %ld, error %d: ended by signal %d: %s", call, error,
             WTERMSIG(ending.status), ending.err);
  return ending;
}

static void assert_says(const struct ending *ending, int status,
                        const char *words) {
  if (WEXITSTATUS(ending->status) != status || !strstr(ending->err, words))
    fail_msg("status %d, \"%s\" expected, got status %d, %s", status, words,
             WEXITSTATUS(ending->status), ending->err);
}

#define POINT "--kernel", "cube", "--size", "300"

/* hwloc would ask for the affinity again and again. */
static void test_affinity_cannot_be_asked_for(void **state) {
  static const char *const trial[] = {"coresweep", "trial", POINT, NULL};
  static const char *const doctor[] = {"coresweep", "doctor", "--quick", NULL};
  static const char *const listed[] = {"coresweep", "trial",  POINT, "--cpus",
                                       "0",         "--json", NULL};
  static const int errors[] = {EPERM, ENOSYS};
  (void)state;
  for (size_t i = 0; i < LENGTH(errors); i++) {
    struct ending ending = run(SYS_sched_getaffinity, errors[i], trial);
    assert_says(&ending, 1, "sched_getaffinity is refused");
    ending = run(SYS_sched_getaffinity, errors[i], doctor);
    assert_says(&ending, 1, "sched_getaffinity is refused");
  }
  struct ending ending = run(SYS_sched_getaffinity, EPERM, listed);
  assert_says(&ending, 2, "--cpus 0: workers cannot be bound");
}

/* Known before the first trial, and what to do instead. */
static void test_workers_cannot_be_bound(void **state) {
  static const char *const trial[] = {"coresweep", "trial", POINT, NULL};
  static const char *const sweep[] = {
      "coresweep", "sweep", "--kernels",         "cube",
      "--size",    "300",   "--out=/nowhere/at", NULL};
  static const char *const probe[] = {"coresweep", "probe", "--out=/nowhere/at",
                                      NULL};
  static const char *const free_trial[] = {
      "coresweep", "trial", POINT, "--bind", "none", "--json", NULL};
  (void)state;
  struct ending ending = run(SYS_sched_setaffinity, EPERM, trial);
  assert_says(&ending, 2, "--bind cores: workers cannot be bound");
  assert_says(&ending, 2, "use --bind none");
  ending = run(SYS_sched_setaffinity, EPERM, sweep);
  assert_says(&ending, 2, "use --bind none");
  ending = run(SYS_sched_setaffinity, EPERM, probe);
  assert_says(&ending, 2, "sched_setaffinity is refused");
  ending = run(SYS_sched_setaffinity, EPERM, free_trial);
  assert_true(ending.ok);
}

/* What a trial asks the system for, and could do without or not. */
static const struct {
  const char *name;
  long call;
} calls[] = {
#define CALL(name)                                                             \
  { #name, SYS_##name }
    CALL(prctl),           CALL(futex),       CALL(madvise),
    CALL(getrusage),       CALL(sigaltstack), CALL(setitimer),
    CALL(prlimit64),       CALL(uname),       CALL(clone),
    CALL(clone3),          CALL(pipe2),       CALL(socketpair),
    CALL(waitid),          CALL(kill),        CALL(umask),
    CALL(gettid),          CALL(getuid),      CALL(getcpu),
    CALL(clock_nanosleep), CALL(sched_yield), CALL(getrandom),
    CALL(rt_sigprocmask),
#ifdef SYS_pidfd_open
    CALL(pidfd_open),
#endif
#ifdef SYS_close_range
    CALL(close_range),
#endif
};

static void test_a_trial_ends_whatever_is_refused(void **state) {
  static const char *const variants[] = {
      "omp:static", "pool:static", "pool:dynamic@pipe", "pool:dynamic@queue"};
  static const int errors[] = {EPERM, ENOSYS};
  (void)state;
  for (size_t i = 0; i < LENGTH(calls) * LENGTH(variants); i++) {
    const char *arguments[] = {"coresweep",
                               "trial",
                               POINT,
                               "--workers",
                               "2",
                               "--oversubscribe",
                               "--timeout",
                               "5s",
                               "--json",
                               "--variant",
                               variants[i % LENGTH(variants)],
                               NULL};
    const char *name = calls[i / LENGTH(variants)].name;
    for (size_t k = 0; k < LENGTH(errors); k++) {
      struct ending ending =
          run(calls[i / LENGTH(variants)].call, errors[k], arguments);
      int status = WEXITSTATUS(ending.status);
      bool good = ending.ok && status == 0;
      bool told = status > 0 && status < 127 && *ending.err && !ending.ok;
      if (!good && !told)
        fail_msg("%s: %s: status %d, %s%s", name, arguments[13], status,
                 ending.err, ending.out);
    }
  }
  assert_none_left(true);
}

/* The sweep's own: without what tells that a child ends, it looks. */
static void test_a_sweep_does_without(void **state) {
  static const char *const sweep[] = {
      "coresweep", "sweep", "--kernels",  "cube", "--size",      "300",
      "--rounds",  "6",     "--variants", "pool", "--no-probes", "--workers",
      "1",         "--out", NULL,         NULL};
  static const struct {
    long call;
    int error;
  } refusals[] = {{SYS_prctl, EPERM},
#ifdef SYS_pidfd_open
                  {SYS_pidfd_open, EPERM},
                  {SYS_pidfd_open, ENOSYS},
#endif
                  {SYS_setpgid, EPERM},
                  {SYS_waitid, EPERM}}; /* the last: it cannot */
  (void)state;
  for (size_t i = 0; i < LENGTH(refusals); i++) {
    const char *arguments[LENGTH(sweep)];
    char root[TREE_ROOT], out[TREE_ROOT + 8];
    tree_create(root);
    snprintf(out, sizeof out, "%s/run", root);
    memcpy(arguments, sweep, sizeof sweep);
    arguments[LENGTH(sweep) - 2] = out;
    struct ending ending = run(refusals[i].call, refusals[i].error, arguments);
    tree_remove(root);
    if (refusals[i].call == SYS_waitid)
      assert_says(&ending, 1, "a trial could not be waited for");
    else if (WEXITSTATUS(ending.status) != 0)
      fail_msg("refusal %zu: status %d, %s", i, WEXITSTATUS(ending.status),
               ending.err);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(test_affinity_cannot_be_asked_for,
                                program_kill_all),
      cmocka_unit_test_teardown(test_workers_cannot_be_bound, program_kill_all),
      cmocka_unit_test_teardown(test_a_trial_ends_whatever_is_refused,
                                program_kill_all),
      cmocka_unit_test_teardown(test_a_sweep_does_without, program_kill_all),
  };
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  if (!program_lists_children()) {
    puts("(this kernel does not list children: nothing refused)");
    return 0;
  }
  return cmocka_run_group_tests_name("refused", tests, NULL, NULL);
}
