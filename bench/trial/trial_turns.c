/* The turns of a trial in blocks: which there are, whose they are, and what
 * they say. */
#include "bench/plan/workload.h"
#include "bench/trial/trial.h"

#include <math.h>
#include <stdlib.h>

/* As struct trial_turns has them: the other form's, which begin a block and end
 * it, and a point's own, which end with its workers' clocks: right after their
 * regions these are as fast as they were then.  Warm-up turns have no end. */
struct pattern {
  const char *beside, *own;
  bool ends;
};
static const struct pattern warm = {"ss", "pp", false},
                            compute = {"S", "PPc", true},
                            memory = {"sS", "pPPc", true};

/* So many points stand between two turns of the other form: what is compared
 * has to lie close together. */
enum { BETWEEN = 2 };

static const struct pattern *block_of(const struct trial_request *request) {
  return workload_moves_memory(request->workload) ? &memory : &compute;
}

static uint32_t count_own(const struct pattern *pattern) {
  uint32_t own = 0;
  for (const char *form = pattern->own; *form; form++)
    own += *form == 'P';
  return own;
}

uint32_t trial_iterations(const struct trial_request *request) {
  return request->beside ? request->blocks * count_own(block_of(request))
                         : request->iterations;
}

/* A trial's turns as they are gone through. */
struct walk {
  const struct trial_request *request;
  trial_take_turn *take;
  void *context;
  uint32_t points;
  uint32_t team; /* its workers now */
  bool backwards;
};

/* Those of the points from begin to end. */
static int go_through(const struct walk *walk, const char *forms,
                      uint32_t begin, uint32_t end) {
  struct trial_turn turn = {.first = begin, .points = end - begin};
  int status = 0;
  for (; !status && *forms; forms++) {
    turn.form = *forms;
    status = walk->take(walk->context, &turn);
  }
  return status;
}

/* Where the places of points with as many workers as that one's end. */
static uint32_t count_end(const struct walk *walk, uint32_t begin) {
  uint32_t end = begin;
  while (end < walk->points && trial_workers(walk->request, end) ==
                                   trial_workers(walk->request, begin))
    end++;
  return end;
}

/* A point's own.  Threads that the team has only just got again are as those of
 * a cold one: the first region after that does not count. */
static int go_own(struct walk *walk, const struct pattern *pattern,
                  uint32_t place) {
  uint32_t workers = trial_workers(walk->request, place);
  bool grew = workers > walk->team && *pattern->own == 'P';
  walk->team = workers;
  int status = grew ? go_through(walk, "p", place, place + 1) : 0;
  return status ? status : go_through(walk, pattern->own, place, place + 1);
}

/* Those of one worker count, of several, with one pair of the form beside
 * around all. */
static int go_count(struct walk *walk, const struct pattern *pattern,
                    uint32_t begin, uint32_t end) {
  int status = 0;
  for (uint32_t i = begin; !status && i < end; i++)
    status = go_own(walk, pattern, walk->backwards ? begin + end - 1 - i : i);
  return status;
}

static int go_counts(struct walk *walk, const struct pattern *pattern) {
  int status = go_through(walk, pattern->beside, 0, walk->points);
  for (uint32_t begin = 0; !status && begin < walk->points;) {
    uint32_t end = count_end(walk, begin);
    status = go_count(walk, pattern, begin, end);
    begin = end;
  }
  if (!status && pattern->ends)
    status = go_through(walk, pattern->beside, 0, walk->points);
  return status;
}

/* The form beside has its turns for points at these places of the walk, which
 * may be backwards. */
static int go_beside(const struct walk *walk, const struct pattern *pattern,
                     uint32_t begin, uint32_t end) {
  return walk->backwards ? go_through(walk, pattern->beside, walk->points - end,
                                      walk->points - begin)
                         : go_through(walk, pattern->beside, begin, end);
}

/* One count of workers: so many points between two of the form beside. */
static int go_pairs(struct walk *walk, const struct pattern *pattern) {
  uint32_t between = pattern->ends ? BETWEEN : walk->points, before = 0;
  int status = 0;
  for (uint32_t begin = 0; !status && begin < walk->points; begin += between) {
    uint32_t left = walk->points - begin;
    uint32_t end = begin + (left < between ? left : between);
    status = go_beside(walk, pattern, before, end);
    for (uint32_t i = begin; !status && i < end; i++)
      status =
          go_own(walk, pattern, walk->backwards ? walk->points - 1 - i : i);
    before = begin;
  }
  if (!status && pattern->ends)
    status = go_beside(walk, pattern, before, walk->points);
  return status;
}

static int go_block(struct walk *walk, const struct pattern *pattern) {
  int status = trial_has_counts(walk->request) ? go_counts(walk, pattern)
                                               : go_pairs(walk, pattern);
  return status ? status : go_through(walk, "|", 0, walk->points);
}

int trial_turns_go(const struct trial_request *request, trial_take_turn *take,
                   void *context) {
  struct walk walk = {.request = request,
                      .take = take,
                      .context = context,
                      .points = 1 + request->also_count,
                      .team = trial_workers(request, 0)};
  int status = 0;
  for (uint32_t i = 0; !status && i < request->warmups; i++)
    status = go_block(&walk, &warm);
  for (uint32_t i = 0; !status && i < request->blocks; i++) {
    walk.backwards = i % 2;
    status = go_block(&walk, block_of(request));
  }
  return status;
}

/* Of one point, as they are listed. */
struct list {
  uint32_t place;
  char *end;
};

static int list_turn(void *context, const struct trial_turn *turn) {
  struct list *list = context;
  if (turn->first <= list->place && list->place < turn->first + turn->points)
    *list->end++ = turn->form;
  return 0;
}

int trial_turns_make(const struct trial_request *request,
                     struct trial_turns *turns) {
  enum { LONGEST = 9 }; /* "sSpPPcsS|"; after a growth "SpPPcS|" */
  size_t room = LONGEST * ((size_t)request->warmups + request->blocks) + 1;
  turns->forms = calloc(room, 1);
  turns->times_s = calloc(room, sizeof *turns->times_s);
  turns->cpus = calloc(room, sizeof *turns->cpus);
  turns->clocks_hz = calloc((size_t)request->blocks * request->workers + 1,
                            sizeof *turns->clocks_hz);
  if (!turns->forms || !turns->times_s || !turns->cpus || !turns->clocks_hz)
    return -1;
  struct list list = {request->place, turns->forms};
  return trial_turns_go(request, list_turn, &list);
}

void trial_turns_free(struct trial_turns *turns) {
  free(turns->forms);
  free(turns->times_s);
  free(turns->cpus);
  free(turns->clocks_hz);
  *turns = (struct trial_turns){.count = 0};
}

/* ---- what they say ---------------------------------------------------------
 */

static int compare_values(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values, uint32_t count) {
  qsort(values, count, sizeof *values, compare_values);
  return count == 0 ? (double)NAN
                    : (values[(count - 1) / 2] + values[count / 2]) / 2;
}

double trial_turns_ratio(const char *forms, const double *times_s) {
  double values[TRIAL_BLOCKS], log_s[2] = {0, 0};
  uint32_t counts[2] = {0, 0}, blocks = 0;
  for (; blocks < TRIAL_BLOCKS; forms++) {
    if (*forms == 'S' || *forms == 'P') {
      log_s[*forms == 'P'] += log(*times_s);
      counts[*forms == 'P']++;
    } else if ((*forms == '|' || !*forms) && counts[0] && counts[1]) {
      values[blocks++] = log_s[0] / counts[0] - log_s[1] / counts[1];
    }
    if (*forms == '|') {
      log_s[0] = log_s[1] = 0;
      counts[0] = counts[1] = 0;
    } else if (!*forms)
      break;
    else
      times_s++;
  }
  return exp(median(values, blocks));
}
