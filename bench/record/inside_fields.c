/* The table of what a record tells of a program's inside, in the order in which
 * it has them. */
#include "bench/plan/cpulist.h"
#include "bench/record/record.h"

#define AT(member) offsetof(struct record_inside, member)

/* Of each region, over all its calls and threads. */
#define EACH(key, member, meaning)                                             \
  { key, FIELD_REALS, AT(member), "s", meaning, true, &limits_core_s }
#define LATE(key, member, meaning)                                             \
  { key, FIELD_REALS, AT(member), "s", meaning, true, &late }

static const char *const untold_words[] = {"tasks",    "nested", "chunks",
                                           "doacross", "locks",  NULL};
static const struct limits untold = {.words = untold_words};
static const struct limits processes = {1, 1e6, NULL};
/* The last one may have had less of something than the others. */
static const struct limits late = {-1e7 * (CPULIST_MAX_INDEX + 1),
                                   1e7 * (CPULIST_MAX_INDEX + 1), NULL};

const struct field inside_fields[] = {
    {"open_s", FIELD_REAL, AT(open_s), "s",
     "wall time with a parallel region open, in any of its threads; the rest "
     "of "
     "program_s is serial",
     true, &limits_time_s},
    {"processes", FIELD_INTEGER, AT(processes), "",
     "that had regions, one after another: all that follows is of all of them",
     true, &processes},
    {"calls_nested", FIELD_INTEGER, AT(calls_nested), "",
     "calls of regions inside of others, which are work of the thread that "
     "opened them",
     true, &limits_count},
    {"untold", FIELD_WORDS, AT(untold), "",
     "what could not be told apart: `tasks` (bodies of some are in what their "
     "thread waited for), `nested` (more threads than the team's were there), "
     "`chunks` (dispatch is in work), `doacross` (its waits are in work), "
     "`locks` (there were several: critical_s is of all of them)",
     false, &untold},
    {"regions", FIELD_WORDS, AT(regions), "",
     "of the source, by file and line where that is known; what follows has a "
     "number for each, over all its calls and threads",
     true, &limits_name},
    {"calls", FIELD_INTEGERS, AT(calls), "", "calls", true, &limits_count},
    {"team", FIELD_INTEGERS, AT(team), "", "threads of the largest team", true,
     &limits_workers},
    EACH("wall_s", wall_s, "from fork to join"),
    EACH("core_s", core_s, "threads times that: the sum of the 14 that follow"),
    EACH("start_s", start_s, "from the fork to where a thread begins"),
    EACH("work_s", work_s,
         "from there to its end, but for what follows: all that cannot be told "
         "apart is in it, and time on no CPU"),
    EACH("dispatch_s", dispatch_s,
         "waiting for the next chunk or section, or making a task"),
    EACH("lock_s", lock_s,
         "waiting for a critical section, a lock, or one's turn"),
    EACH("task_s", task_s, "waiting for tasks, without their bodies"),
    EACH("behind_s", behind_s, "at barriers inside, until the last one came"),
    EACH("release_s", release_s, "at these barriers, from then on"),
    EACH("join_s", join_s, "from the last thread's end to the join, of all"),
    LATE("late_start_s", late_start_s,
         "waiting for the last one at the region's end, as it began later than "
         "the others"),
    LATE("late_work_s", late_work_s, "as it worked for longer"),
    LATE("late_dispatch_s", late_dispatch_s, "as it waited longer for chunks"),
    LATE("late_lock_s", late_lock_s, "for locks"),
    LATE("late_task_s", late_task_s, "for tasks"),
    LATE("late_barrier_s", late_barrier_s, "at barriers"),
    EACH(
        "uneven_s", uneven_s,
        "what of wall_s perfect balance would save: behind and late, shared by "
        "the team of each call"),
    EACH("critical_s", critical_s,
         "of work_s, in critical and ordered sections and with locks held"),
    {NULL, FIELD_TEXT, 0, NULL, NULL, false, NULL},
};
