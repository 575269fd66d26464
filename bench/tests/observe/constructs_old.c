/* What compilers before GCC 4.9 called: the opener runs the function itself,
 * between two calls.  libgomp alone. */
#include <stdbool.h>

#include "constructs.h"

typedef void outlined(void *data);
void GOMP_parallel_start(outlined *fn, void *data, unsigned threads);
void GOMP_parallel_loop_static_start(outlined *fn, void *data, unsigned threads,
                                     long first, long last, long step,
                                     long chunk);
void GOMP_parallel_loop_dynamic_start(outlined *fn, void *data,
                                      unsigned threads, long first, long last,
                                      long step, long chunk);
void GOMP_parallel_loop_guided_start(outlined *fn, void *data, unsigned threads,
                                     long first, long last, long step,
                                     long chunk);
void GOMP_parallel_loop_runtime_start(outlined *fn, void *data,
                                      unsigned threads, long first, long last,
                                      long step);
void GOMP_parallel_sections_start(outlined *fn, void *data, unsigned threads,
                                  unsigned count);
void GOMP_parallel_end(void);
bool GOMP_loop_static_next(long *first, long *last);
bool GOMP_loop_dynamic_next(long *first, long *last);
bool GOMP_loop_guided_next(long *first, long *last);
bool GOMP_loop_runtime_next(long *first, long *last);
void GOMP_loop_end_nowait(void);
unsigned GOMP_sections_next(void);
void GOMP_sections_end_nowait(void);

enum { ITERATIONS = 16 };

static void work(void *data) {
  (void)data;
  enter();
  spin(WORK_US * (1 + omp_get_thread_num()));
  leave();
}

static void old_plain(void) {
  uint64_t fork = now();
  GOMP_parallel_start(work, NULL, 0);
  work(NULL);
  GOMP_parallel_end();
  add(fork, now(), 0);
}

static void inner(void *data) {
  (void)data;
  spin(WORK_US);
}

/* One inside of another of that kind. */
static void outer(void *data) {
  (void)data;
  enter();
  GOMP_parallel_start(inner, NULL, 2);
  inner(NULL);
  GOMP_parallel_end();
  leave();
}

static void old_nested(void) {
  uint64_t fork = now();
  GOMP_parallel_start(outer, NULL, 0);
  outer(NULL);
  GOMP_parallel_end();
  add(fork, now(), 0);
}

/* Time from one iteration to the next, and after the last, is the runtime's. */
static void work_chunks(bool (*next)(long *, long *)) {
  long first, last;
  enter();
  while (next(&first, &last))
    for (; first < last; first++) {
      self()->dispatch += now() - self()->mark;
      spin(WORK_US / 4);
      self()->mark = now();
    }
  GOMP_loop_end_nowait();
  self()->dispatch += now() - self()->mark;
  leave();
}

static void static_chunks(void *data) {
  (void)data;
  work_chunks(GOMP_loop_static_next);
}

static void old_static(void) {
  uint64_t fork = now();
  GOMP_parallel_loop_static_start(static_chunks, NULL, 0, 0, ITERATIONS, 1, 1);
  static_chunks(NULL);
  GOMP_parallel_end();
  add(fork, now(), 36);
}

static void dynamic_chunks(void *data) {
  (void)data;
  work_chunks(GOMP_loop_dynamic_next);
}

static void old_dynamic(void) {
  uint64_t fork = now();
  GOMP_parallel_loop_dynamic_start(dynamic_chunks, NULL, 0, 0, ITERATIONS, 1,
                                   1);
  dynamic_chunks(NULL);
  GOMP_parallel_end();
  add(fork, now(), 36);
}

static void guided_chunks(void *data) {
  (void)data;
  work_chunks(GOMP_loop_guided_next);
}

static void old_guided(void) {
  uint64_t fork = now();
  GOMP_parallel_loop_guided_start(guided_chunks, NULL, 0, 0, ITERATIONS, 1, 1);
  guided_chunks(NULL);
  GOMP_parallel_end();
  add(fork, now(), 36);
}

static void runtime_chunks(void *data) {
  (void)data;
  work_chunks(GOMP_loop_runtime_next);
}

static void old_runtime(void) {
  uint64_t fork = now();
  GOMP_parallel_loop_runtime_start(runtime_chunks, NULL, 0, 0, ITERATIONS, 1);
  runtime_chunks(NULL);
  GOMP_parallel_end();
  add(fork, now(), 36);
}

static void some_sections(void *data) {
  unsigned section;
  (void)data;
  enter();
  while ((section = GOMP_sections_next()) != 0) {
    self()->dispatch += now() - self()->mark;
    spin(WORK_US * (int)section);
    self()->mark = now();
  }
  GOMP_sections_end_nowait();
  self()->dispatch += now() - self()->mark;
  leave();
}

static void old_sections(void) {
  uint64_t fork = now();
  GOMP_parallel_sections_start(some_sections, NULL, 0, 3);
  some_sections(NULL);
  GOMP_parallel_end();
  add(fork, now(), 10);
}

const struct construct constructs_of_old[] = {
    {"old_plain", old_plain, "all"},       {"old_nested", old_nested, "all"},
    {"old_static", old_static, "all"},     {"old_dynamic", old_dynamic, "all"},
    {"old_guided", old_guided, "all"},     {"old_runtime", old_runtime, "all"},
    {"old_sections", old_sections, "all"}, {NULL, NULL, NULL},
};
