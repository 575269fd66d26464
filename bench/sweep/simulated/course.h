/* course.h: one trial on a simulated machine as it goes, and its
 * regions. */
#ifndef CORESWEEP_SIMULATED_COURSE_H
#define CORESWEEP_SIMULATED_COURSE_H

#include "bench/sweep/simulated/cores.h"
#include "bench/sweep/simulated/region.h"
#include "bench/trial/trial.h"
#include "bench/trial/variants/variant.h"

/* A trial's draws by number; its regions have two each from here on. */
enum { SIMULATED_REGIONS = 8 };

/* A region that counts. */
struct simulated_timed {
  uint32_t number;
  int64_t begin_ns; /* on the virtual clock */
};

/* One of the points of a trial. */
struct simulated_point {
  struct trial_request order;
  uint64_t chunk; /* items; resolved */
  struct trial_result result;
  struct simulated_timed timed[TRIAL_ITERATIONS];
};

/* Room for one trial. */
struct simulated_scratch {
  struct simulated_point points[TRIAL_SHARERS];
  struct simulated_cores cores;
  struct simulated_worker workers[TRIAL_WORKERS];
  struct trial_worker stamps[TRIAL_WORKERS];
  struct worker_slot slots[TRIAL_WORKERS];
  double profile_s[TRIAL_PROFILE];
};

/* One trial as it goes. */
struct simulated_course {
  struct executor_simulated *self;
  const struct trial_request *order;
  const struct variant *variant;
  struct simulated_states states;
  struct simulated_team team; /* its now_ns: what has passed so far */
  uint32_t workers;           /* that the team has now */
  uint64_t stream;            /* of its draws */
  double noise;               /* of all its times */
  int64_t total_ns, stolen_ns, throttled_ns;
};

static inline double simulated_s(int64_t ns) {
  return (double)ns * 1e-9;
}

/* The team is at that point from here on, with its workers.  Cannot fail. */
void simulated_choose(struct simulated_course *course, uint32_t place);

/* Runs all regions of the trial, with their times in the points' results;
 * team.now_ns goes on.  Cannot fail. */
void simulated_regions(struct simulated_course *course);

/* Takes the profile of its first point, if one is asked for, in the scratch;
 * team.now_ns goes on.  Cannot fail. */
void simulated_profile(struct simulated_course *course);

/* Has the stamps of the region whose time is the point's once more, in the
 * scratch's workers, and its time in the result; the team is at the point.
 * Cannot fail. */
void simulated_run_again(struct simulated_course *course,
                         struct simulated_point *point);

#endif
