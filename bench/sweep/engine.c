#include "bench/sweep/engine.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void engine_begin(struct engine *engine) {
  engine->begin_s = engine->executor->now_s(engine->executor);
}

double engine_elapsed_s(const struct engine *engine) {
  double used_s = engine->finished ? engine->finished->used_s : 0;
  return used_s + engine->executor->now_s(engine->executor) - engine->begin_s;
}

void engine_free(struct engine *engine) {
  free(engine->verified);
  engine->verified = NULL;
  engine->verified_count = 0;
}

struct trial_request engine_request(const struct engine *engine,
                                    const struct point *point) {
  return (struct trial_request){
      .workload = point->workload,
      .variant = point->variant,
      .workers = point->workers,
      .usable_cpus = engine->usable_cpus,
      .size = point->size,
      .seed = engine->seed,
      .repeat = point->repeat,
      .warmups = point->warmups,
      .iterations = point->iterations,
      .beside = point->beside,
      .blocks = point->blocks,
      .cpus = engine->cpus,
      .nodes = engine->nodes,
      .builders = point->region_alone ? engine->usable_cpus : 1,
      .serial_touch = engine->serial_touch,
      .stampless = point->stampless,
      .weigh = point->weigh,
      .profile = point->profile,
      .observed = point->observed,
  };
}

uint32_t so_far_rounds(const struct so_far *so_far) {
  int64_t last = so_far->last_round;
  for (size_t i = 0; i < so_far->records->count; i++)
    if (so_far->records->list[i].round > last)
      last = so_far->records->list[i].round;
  return (uint32_t)last;
}

/* ---- one trial ----------------------------------------------------------- */

/* Appends the record of a point, to the file and in memory; it is the caller's
 * no more. */
static int keep_record(struct engine *engine, const struct point *point,
                       uint32_t round, struct record *record,
                       struct problem *problem) {
  int status = PROBLEM_NONE;
  free(record->phase);
  record->phase = strdup(point->phase);
  record->order = ++engine->ordered;
  if (round)
    record->round = round;
  engine->fresh++;
  if (engine->fd >= 0)
    status = record_append(engine->fd, engine->path, record, problem);
  record_settle(record);
  if (!status)
    status = records_add(engine->records, record, problem);
  if (status)
    record_free(record);
  return status;
}

/* Points that are measured together: one, or those that share a trial. */
struct together {
  const struct point *points[TRIAL_SHARERS];
  size_t indices[TRIAL_SHARERS]; /* of their records */
  uint32_t count;
};

/* Runs their trial, and keeps their records.  records: room for all of them. */
static int run_trial(struct engine *engine, struct together *together,
                     uint32_t round, struct record *records,
                     struct problem *problem) {
  const struct point *point = together->points[0];
  struct trial_request request = engine_request(engine, point);
  struct variant_spec also[TRIAL_SHARERS];
  uint32_t counts[TRIAL_SHARERS] = {point->workers};
  for (uint32_t i = 1; i < together->count; i++) {
    also[i - 1] = together->points[i]->variant;
    counts[i] = together->points[i]->workers;
  }
  request.also = also;
  request.counts = counts;
  request.also_count = together->count - 1;
  request.first_cpu = round % point->workers;
  if (point->over_cpus > 0) {
    uint32_t skipped = (2 * round + point->first_cpu) % point->over_cpus;
    request.cpus += skipped;
    request.nodes += request.nodes ? skipped : 0;
    request.usable_cpus = 1;
  }
  request.expect = point->verify ? "" : engine_digest(engine, point);
  if (point->wait_policy)
    setenv("OMP_WAIT_POLICY", point->wait_policy, 1);
  int status =
      engine->executor->run(engine->executor, &request, records, problem);
  if (status)
    return status;
  for (uint32_t i = 0; i < together->count; i++) {
    if (status)
      record_free(&records[i]);
    else
      status =
          keep_record(engine, together->points[i], round, &records[i], problem);
    together->indices[i] = engine->records->count - 1;
  }
  return status;
}

/* The same; a record is large, and a stack is not. */
static int run_together(struct engine *engine, struct together *together,
                        uint32_t round, struct problem *problem) {
  struct record *records = calloc(together->count, sizeof *records);
  if (!records)
    return problem_failure(problem, "out of memory");
  int status = run_trial(engine, together, round, records, problem);
  free(records);
  return status;
}

/* A trial that is none: failed or wrong. */
static void count_bad(struct engine *engine, const struct record *record,
                      bool taken) {
  bool failed = strcmp(record->status, "failed") == 0;
  if (taken && failed && engine->retry) {
    engine->retried++;
    return;
  }
  engine->failed += failed;
  engine->old += taken;
  bool ours = strcmp(record->variant, record_program) != 0;
  if (engine->bad++ == 0)
    snprintf(engine->first_error, sizeof engine->first_error,
             "%s, %s%s%" PRId64 " worker%s: %s", record->workload,
             ours ? record->variant : "", ours ? ", " : "", record->workers,
             record->workers == 1 ? "" : "s",
             record->error ? record->error : record->status);
}

static int begin_first(struct engine *engine, struct problem *problem) {
  double begin_s = engine_elapsed_s(engine);
  int status = engine->first(engine->context, problem);
  engine->taken_s -= engine_elapsed_s(engine) - begin_s;
  return status;
}

static int note_trial(struct engine *engine, const struct point *point,
                      size_t index, bool taken, struct problem *problem) {
  const struct record *record = &engine->records->list[index];
  if (taken && isfinite(record->wall_s))
    engine->taken_s += record->wall_s;
  if (!record_is_ok(record) && !point->observed)
    count_bad(engine, record, taken);
  return engine_remember_digest(engine, point, index, problem);
}

/* Runs it, or takes it from the run that is gone on with: of points that share
 * one, those that are missing run together. */
static int one_trial(struct engine *engine, struct together *together,
                     uint32_t round, struct problem *problem) {
  struct together missing = {.count = 0};
  bool taken[TRIAL_SHARERS];
  int status = PROBLEM_NONE;
  for (uint32_t i = 0; i < together->count; i++) {
    const struct point *point = together->points[i];
    taken[i] = engine->finished && finished_take(engine->finished, point, round,
                                                 &together->indices[i]);
    if (!taken[i])
      missing.points[missing.count++] = point;
  }
  if (missing.count > 0 && engine->fresh == 0 && engine->first)
    status = begin_first(engine, problem);
  if (!status && missing.count > 0)
    status = run_together(engine, &missing, round, problem);
  for (uint32_t i = 0, next = 0; !status && i < together->count; i++) {
    if (!taken[i])
      together->indices[i] = missing.indices[next++];
    status = note_trial(engine, together->points[i], together->indices[i],
                        taken[i], problem);
  }
  return status;
}

/* ---- a batch ------------------------------------------------------------- */

/* A batch while it runs. */
struct course {
  const struct batch *batch;
  uint32_t rounds; /* those of the batch, and those in place of failed ones */
  uint32_t *order; /* see engine_order */
  size_t *last;    /* [room], see struct so_far */
  uint32_t *last_points;
  size_t last_count, room;
  double begin_s; /* elapsed */
};

static double round_s(const struct engine *engine, const struct batch *batch) {
  return engine->timed_rounds ? engine->timed_s / engine->timed_rounds
                              : batch->round_s;
}

static void tell(const struct engine *engine, const struct course *course,
                 const struct point *point, uint32_t round, size_t done) {
  const struct batch *batch = course->batch;
  double trials = (double)course->rounds * (double)batch->count;
  double elapsed_s = engine_elapsed_s(engine);
  double trial_s = round_s(engine, batch) / (double)batch->count;
  if (!engine->report)
    return;
  if (!(trial_s > 0))
    trial_s = done ? (elapsed_s - course->begin_s) / (double)done : (double)NAN;
  double left_s = (trials - (double)done) * trial_s + batch->then_s;
  const struct engine_progress progress = {
      .point = point,
      .round = batch->unnumbered ? 0 : round,
      .rounds = batch->first_round + course->rounds - 1,
      .share = elapsed_s / (elapsed_s + left_s),
      .left_s = left_s,
  };
  engine->report(&progress);
}

/* The points that are measured together from place i of the round's order on.
 */
static struct together next_together(const struct course *course, size_t i) {
  const struct point *points = course->batch->points;
  const struct point *first = &points[course->order[i]], *point = first;
  struct together together = {.count = 0};
  do {
    together.points[together.count++] = point;
    point = ++i < course->batch->count ? &points[course->order[i]] : NULL;
  } while (point && first->sharers > 1 && point->unit == first->unit &&
           together.count < TRIAL_SHARERS);
  return together;
}

static int one_round(struct engine *engine, struct course *course,
                     uint32_t round, struct problem *problem) {
  const struct batch *batch = course->batch;
  size_t before = (round - batch->first_round) * batch->count;
  engine_order(batch, engine->seed, round, course->order);
  for (size_t i = 0; i < batch->count;) {
    struct together together = next_together(course, i);
    tell(engine, course, together.points[0], round, before + i);
    int status =
        one_trial(engine, &together, batch->unnumbered ? 0 : round, problem);
    if (status)
      return status;
    for (uint32_t k = 0; k < together.count; k++, i++) {
      size_t index = together.indices[k];
      if (batch->needed && !together.points[k]->observed &&
          !record_is_ok(&engine->records->list[index]))
        return problem_failure(problem, "%s", engine->first_error);
      course->last_points[course->last_count] = course->order[i];
      course->last[course->last_count++] = index;
    }
  }
  return PROBLEM_NONE;
}

/* Of the budget, for rounds that are wanted. */
static const double stretch = 1.25;

/* Whether the budget ends before another round does.  Only the clock ends a
 * batch early, never what was measured; a round that has begun is finished. */
static bool is_late(const struct engine *engine, const struct batch *batch,
                    uint32_t round) {
  bool begun = engine->finished && finished_has(engine->finished, batch->points,
                                                batch->count, round);
  double limit_s = engine->budget_s * (round <= batch->wanted ? stretch : 1);
  return engine->budget_s > 0 && !begun && batch->least > 0 &&
         !batch->unnumbered && round > batch->least &&
         engine_elapsed_s(engine) + round_s(engine, batch) > limit_s;
}

/* For so many rounds more. */
static int make_room(struct course *course, uint32_t rounds) {
  course->rounds += rounds;
  size_t trials = course->batch->count * course->rounds + 1;
  if (trials <= course->room && course->last && course->last_points)
    return 0;
  size_t *last = reallocarray(course->last, trials, sizeof *last);
  if (last)
    course->last = last;
  uint32_t *points = reallocarray(course->last_points, trials, sizeof *points);
  if (points)
    course->last_points = points;
  if (!last || !points)
    return -1;
  course->room = trials;
  return 0;
}

static int run_rounds(struct engine *engine, struct course *course,
                      struct so_far *so_far, struct problem *problem) {
  const struct batch *batch = course->batch;
  for (uint32_t r = 0; r < course->rounds; r++) {
    uint32_t round = batch->first_round + r;
    uint32_t retried = engine->retried;
    so_far->cut = is_late(engine, batch, round);
    if (so_far->cut) {
      engine->cuts++;
      break;
    }
    double begin_s = engine_elapsed_s(engine);
    engine->taken_s = 0;
    int status = one_round(engine, course, round, problem);
    if (status)
      return status;
    if (engine->retried > retried && make_room(course, 1) != 0)
      return problem_failure(problem, "out of memory");
    so_far->last_round = round;
    engine->timed_s += engine->taken_s + engine_elapsed_s(engine) - begin_s;
    engine->timed_rounds++;
  }
  return PROBLEM_NONE;
}

static int run_batch(struct engine *engine, const struct batch *batch,
                     struct course *course, struct so_far *so_far,
                     struct problem *problem) {
  free(course->order);
  course->order = calloc(4 * batch->count + 1, sizeof *course->order);
  course->batch = batch;
  course->rounds = 0;
  course->last_count = 0;
  if (!course->order || make_room(course, batch->rounds) != 0)
    return problem_failure(problem, "out of memory");
  course->begin_s = engine_elapsed_s(engine);
  engine->timed_s = 0;
  engine->timed_rounds = 0;
  so_far->last_round = batch->first_round - 1;
  return run_rounds(engine, course, so_far, problem);
}

int engine_run(struct engine *engine, struct planner *planner,
               struct problem *problem) {
  struct so_far so_far = {.records = engine->records};
  struct course course = {.order = NULL};
  int status = PROBLEM_NONE;
  while (!status) {
    struct batch batch = {.first_round = 1};
    so_far.elapsed_s = engine_elapsed_s(engine);
    status = planner->next(planner, &so_far, &batch, problem);
    if (status || batch.count == 0)
      break;
    status = run_batch(engine, &batch, &course, &so_far, problem);
    so_far.last = course.last;
    so_far.last_points = course.last_points;
    so_far.last_count = course.last_count;
    so_far.round_s = round_s(engine, &batch);
  }
  free(course.order);
  free(course.last);
  free(course.last_points);
  return status;
}

static int next_once(struct planner *self, const struct so_far *so_far,
                     struct batch *batch, struct problem *problem) {
  struct planner_once *once = (struct planner_once *)self; /* first member */
  (void)so_far;
  (void)problem;
  *batch = once->batch;
  once->batch.count = 0;
  return PROBLEM_NONE;
}

struct planner_once planner_once(const struct batch *batch) {
  return (struct planner_once){.base = {.next = next_once}, .batch = *batch};
}
