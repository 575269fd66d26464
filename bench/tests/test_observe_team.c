/* What the observer makes of stamps, with a clock that goes on only when a test
 * says so: every term to the nanosecond, and what a reader refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/observe/library/file.h"
#include "bench/observe/library/sums.h"

/* The clock, of the library's part alone. */
static uint64_t clock_ns = 1000;

uint64_t now_ns(void) {
  return clock_ns;
}

static void outlined(void *data) {
  (void)data;
}

static char folder[] = "/tmp/test_observe-XXXXXX", path[sizeof folder + 32];

/* The threads of a team are played one after the other: each in turn is the
 * calling thread. */
static struct thread players[4];
static size_t player;

static void play(size_t next) {
  players[player] = observe_self;
  observe_self = players[next];
  player = next;
}

static struct team *begin_call(void) {
  memset(players, 0, sizeof players);
  player = 0;
  observe_self = players[0];
  struct team *team = team_open(OBSERVED_LIBGOMP, outlined, &folder);
  assert_non_null(team);
  return team;
}

static struct observed_region told;

/* What the call adds to the file; all calls are of one region. */
static void end_call(struct team *team) {
  struct observed before, after;
  bool first = access(path, F_OK) != 0;
  memset(&before, 0, sizeof before);
  if (!first)
    assert_null(observed_read(path, &before));
  play(0);
  team_close(team);
  assert_null(observed_read(path, &after));
  assert_int_equal(after.header.regions, 1);
  told = after.regions[0];
  if (before.header.regions > 0) {
    const struct observed_region *old = before.regions;
    told.core_ns -= old->core_ns;
    told.start_ns -= old->start_ns;
    told.work_ns -= old->work_ns;
    told.dispatch_ns -= old->dispatch_ns;
    told.lock_ns -= old->lock_ns;
    told.task_ns -= old->task_ns;
    told.behind_ns -= old->behind_ns;
    told.release_ns -= old->release_ns;
    told.late_ns -= old->late_ns;
    told.join_ns -= old->join_ns;
    told.late_work_ns -= old->late_work_ns;
    told.late_start_ns -= old->late_start_ns;
    told.late_task_ns -= old->late_task_ns;
    told.critical_ns -= old->critical_ns;
    told.most_work_ns -= old->most_work_ns;
    told.uneven_ns -= old->uneven_ns;
    told.locks -= old->locks;
    told.contended -= old->contended;
    told.chunks -= old->chunks;
    told.chunks_timed -= old->chunks_timed;
  }
  observed_free(&before);
  observed_free(&after);
}

/* OBSERVED_LOCKS, where the file says so; else 0. */
static uint32_t several_locks(void) {
  struct observed file;
  assert_null(observed_read(path, &file));
  uint32_t flag = file.header.flags & OBSERVED_LOCKS;
  observed_free(&file);
  return flag;
}

static void enter(struct team *team, size_t index, uint64_t at_ns) {
  play(index);
  clock_ns = at_ns;
  team_enter(team, index, 2);
}

static void leave(size_t index, uint64_t at_ns) {
  play(index);
  clock_ns = at_ns;
  team_leave();
}

static void a_region_that_is_uneven(void **state) {
  (void)state;
  clock_ns = 10000;
  struct team *team = begin_call();
  enter(team, 0, 10010);
  enter(team, 1, 10030);
  leave(0, 10110);
  leave(1, 10330);
  clock_ns = 10335;
  end_call(team);
  assert_int_equal(told.core_ns, 670);
  assert_int_equal(told.start_ns, 40);
  assert_int_equal(told.work_ns, 400);
  assert_int_equal(told.late_ns, 220);
  assert_int_equal(told.join_ns, 10);
  assert_int_equal(told.late_start_ns, 20);
  assert_int_equal(told.late_work_ns, 200);
  assert_int_equal(told.most_work_ns, 300);
  assert_int_equal(told.uneven_ns, 110);
}

/* Thread 1 comes last to the barrier, at 200; both leave it later. */
static void a_barrier(void **state) {
  (void)state;
  clock_ns = 20000;
  struct team *team = begin_call();
  enter(team, 0, 20000);
  enter(team, 1, 20000);
  play(0);
  clock_ns = 20100;
  team_barrier_begin(team_slot());
  play(1);
  clock_ns = 20200;
  team_barrier_begin(team_slot());
  clock_ns = 20203;
  team_barrier_end(team_slot());
  play(0);
  clock_ns = 20207;
  team_barrier_end(team_slot());
  leave(0, 20300);
  leave(1, 20300);
  end_call(team);
  assert_int_equal(told.behind_ns, 100);
  assert_int_equal(told.release_ns, 10);
  assert_int_equal(told.work_ns, 490);
  assert_int_equal(told.late_ns, 0);
}

/* Thread 0 waits for a single block that thread 1 does from 110 to 200. */
static void a_single_block(void **state) {
  (void)state;
  clock_ns = 25000;
  struct team *team = begin_call();
  enter(team, 0, 25000);
  enter(team, 1, 25000);
  play(0);
  clock_ns = 25100;
  team_single_begin(team_slot());
  play(1);
  team_single_begin(team_slot());
  clock_ns = 25110;
  team_single_end(team_slot(), false);
  clock_ns = 25200;
  team_barrier_begin(team_slot());
  clock_ns = 25205;
  team_barrier_end(team_slot());
  play(0);
  team_single_end(team_slot(), true);
  leave(0, 25300);
  leave(1, 25300);
  end_call(team);
  assert_int_equal(told.behind_ns, 100);
  assert_int_equal(told.release_ns, 10);
  assert_int_equal(told.dispatch_ns, 10);
  assert_int_equal(told.work_ns, 480);
}

/* Thread 0 holds it from 100 to 200, thread 1 asks at 150: nothing is stamped
 * in between, and a lock that is taken twice is let go once. */
static void a_lock_that_is_waited_for(void **state) {
  static char lock;
  (void)state;
  clock_ns = 30000;
  struct team *team = begin_call();
  enter(team, 0, 30000);
  enter(team, 1, 30000);
  play(0);
  clock_ns = 30100;
  team_lock_had(&lock, team_lock_asked());
  team_lock_had(&lock, team_lock_asked());
  play(1);
  clock_ns = 30150;
  uint64_t asked_ns = team_lock_asked();
  play(0);
  clock_ns = 30180;
  team_lock_let_go(team_slot(), &lock);
  clock_ns = 30200;
  team_lock_let_go(team_slot(), &lock);
  play(1);
  clock_ns = 30210;
  team_lock_had(&lock, asked_ns);
  clock_ns = 30300;
  team_lock_let_go(team_slot(), &lock);
  leave(0, 30400);
  leave(1, 30400);
  end_call(team);
  assert_int_equal(told.lock_ns, 50);
  assert_int_equal(told.critical_ns, 200);
  assert_int_equal(told.work_ns, 750);
  assert_int_equal(told.locks, 2);
  assert_int_equal(told.contended, 1);
  assert_int_equal(several_locks(), 0);
}

/* Locks of a process are told apart: of two, no bound follows together. */
static void a_second_lock_is_told(void **state) {
  (void)state;
  static const char first, second;
  clock_ns = 35000;
  struct team *team = begin_call();
  enter(team, 0, 35000);
  enter(team, 1, 35000);
  play(0);
  team_lock_had(&first, 35000);
  team_lock_let_go(team_slot(), &first);
  team_lock_had(&second, 35000);
  team_lock_let_go(team_slot(), &second);
  leave(0, 35400);
  leave(1, 35400);
  end_call(team);
  assert_int_equal(several_locks(), OBSERVED_LOCKS);
}

/* Thread 0 ends at 100 and does a task from 150 to 400, behind thread 1's end.
 */
static void a_task_behind_the_end(void **state) {
  (void)state;
  clock_ns = 40000;
  struct team *team = begin_call();
  enter(team, 0, 40000);
  enter(team, 1, 40000);
  leave(0, 40100);
  leave(1, 40200);
  play(0);
  clock_ns = 40150;
  enum at at = team_task_begin(team_slot());
  clock_ns = 40400;
  team_task_end(team_slot(), at);
  end_call(team);
  assert_int_equal(told.work_ns, 550);
  assert_int_equal(told.late_ns, 250);
  assert_int_equal(told.late_work_ns, 150);
  assert_int_equal(told.late_task_ns, 100);
  assert_int_equal(told.join_ns, 0);
}

/* Chunks of 100 ns, each had after 10: those that are not timed count as the
 * timed ones do. */
static void chunks_that_are_sampled(void **state) {
  enum { CHUNKS = 3200 };
  (void)state;
  clock_ns = 50000;
  struct team *team = begin_call();
  enter(team, 0, 50000);
  for (int i = 0; i < CHUNKS; i++) {
    bool timed = team_chunk_begin(team_slot());
    clock_ns += 10;
    if (timed)
      team_chunk_end(team_slot(), true);
    else
      team_chunk_skipped(team_slot(), true);
    clock_ns += 100;
  }
  play(0);
  while (!team_chunk_begin(team_slot()))
    team_chunk_skipped(team_slot(), true);
  team_chunk_end(team_slot(), false);
  enter(team, 1, clock_ns);
  leave(1, clock_ns);
  leave(0, clock_ns);
  end_call(team);
  assert_true(told.chunks >= CHUNKS && told.chunks < CHUNKS + 32);
  assert_true(told.chunks_timed > CHUNKS / 32 &&
              told.chunks_timed < CHUNKS / 8);
  assert_true(told.dispatch_ns <= 10 * CHUNKS);
  assert_true(told.dispatch_ns >= 10 * (CHUNKS - 32));
}

/* A region in a region, and one of another library. */
static void regions_that_are_not_told(void **state) {
  struct observed observed;
  (void)state;
  clock_ns = 900000;
  struct team *team = begin_call();
  enter(team, 0, 900000);
  assert_null(team_open(OBSERVED_LIBGOMP, outlined, &folder));
  struct slot *slot = team_hide();
  assert_null(team_slot());
  team_show(slot);
  assert_non_null(team_slot());
  enter(team, 1, 900000);
  leave(0, 900100);
  leave(1, 900100);
  end_call(team);
  assert_int_equal(told.core_ns, 200);
  assert_null(observed_read(path, &observed));
  assert_int_equal(observed.header.calls_nested, 1);
  assert_int_equal(observed.header.refusal, OBSERVED_TOLD);
  observed_free(&observed);
  assert_null(team_open(OBSERVED_LIBOMP, NULL, &folder));
  assert_null(team_open(OBSERVED_LIBGOMP, outlined, &folder));
  assert_null(observed_read(path, &observed));
  assert_int_equal(observed.header.refusal, OBSERVED_TWO_RUNTIMES);
  observed_free(&observed);
}

/* ---- the reader ---------------------------------------------------------- */

struct whole {
  struct observed_header header;
  struct observed_module modules[OBSERVED_MODULES];
  struct observed_region regions[OBSERVED_REGIONS];
};
static struct whole good;

static const char *read_changed(const struct whole *changed, size_t bytes) {
  static char why[200];
  char copy[sizeof path + 8];
  struct observed observed;
  snprintf(copy, sizeof copy, "%s.copy", path);
  FILE *file = fopen(copy, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(changed, 1, bytes, file), bytes);
  fclose(file);
  const char *wrong = observed_read(copy, &observed);
  snprintf(why, sizeof why, "%s", wrong ? wrong : "");
  if (!wrong)
    observed_free(&observed);
  unlink(copy);
  return why;
}

static void files_that_are_not_believed(void **state) {
  static struct whole bad;
  (void)state;
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  assert_int_equal(fread(&good, sizeof good, 1, file), 1);
  fclose(file);
  assert_string_equal(read_changed(&good, sizeof good), "");
  for (size_t bytes = 0; bytes < sizeof good.header; bytes += 8)
    assert_string_equal(read_changed(&good, bytes), "it is cut off");
  assert_string_equal(read_changed(&good, sizeof good.header + 8),
                      "it is cut off");
#define WRONG(change, why)                                                     \
  do {                                                                         \
    bad = good;                                                                \
    bad.change;                                                                \
    assert_string_equal(read_changed(&bad, sizeof bad), why);                  \
  } while (0)
  WRONG(header.magic[0] = 'x', "it is no file of an observer");
  WRONG(header.version++, "it is of another version of the observer");
  WRONG(header.region_bytes--, "it is of another version of the observer");
  WRONG(header.regions = OBSERVED_REGIONS + 1, "its tables have another size");
  WRONG(header.modules = UINT32_MAX, "its tables have another size");
  WRONG(header.runtime = OBSERVED_RUNTIMES, "its head holds what cannot be");
  WRONG(header.flags = 1u << 31, "its head holds what cannot be");
  WRONG(header.end_ns = 1, "it ends before it begins");
  WRONG(header.parallel_ns = good.header.end_ns,
        "its regions take longer than the process");
  memset(good.modules[0].path, 'x', sizeof good.modules[0].path);
  WRONG(modules[0].path_cut = 0, "a module's path has no end");
  good.modules[0].path[0] = '\0';
  WRONG(regions[0].module = 7, "a region is of a module that is not there");
  WRONG(regions[0].work_ns += 1000, "a region's terms do not add up");
  WRONG(regions[0].late_work_ns += 1000, "a region's terms do not add up");
  WRONG(regions[0].team_max = 5000, "a region's numbers are out of limits");
  WRONG(regions[0].critical_ns = UINT64_MAX,
        "a region's numbers contradict each other");
  WRONG(regions[0].core_ns = UINT64_MAX,
        "a region's numbers are out of limits");
  bad = good;
  bad.regions[0].sequence |= 1;
  bad.regions[0].join_ns += good.regions[0].longest_ns;
  assert_string_equal(read_changed(&bad, sizeof bad), "");
  bad.regions[0].join_ns += 10 * good.regions[0].core_ns;
  assert_string_equal(read_changed(&bad, sizeof bad),
                      "a region's terms do not add up");
}

static void words_for_each_refusal(void **state) {
  (void)state;
  for (uint32_t i = 0; i < OBSERVED_REFUSALS; i++)
    assert_true(strlen(observed_why_not(i)) > 10);
  assert_non_null(observed_why_not(UINT32_MAX));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_region_that_is_uneven),
      cmocka_unit_test(a_barrier),
      cmocka_unit_test(a_single_block),
      cmocka_unit_test(a_lock_that_is_waited_for),
      cmocka_unit_test(a_second_lock_is_told),
      cmocka_unit_test(a_task_behind_the_end),
      cmocka_unit_test(chunks_that_are_sampled),
      cmocka_unit_test(regions_that_are_not_told),
      cmocka_unit_test(files_that_are_not_believed),
      cmocka_unit_test(words_for_each_refusal),
  };
  if (!mkdtemp(folder))
    return 1;
  snprintf(path, sizeof path, "%s/%ld.0", folder, (long)getpid());
  setenv(OBSERVED_FOLDER, folder, 1);
  file_begin();
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  unlink(path);
  rmdir(folder);
  return failed;
}
