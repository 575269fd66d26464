#include "bench/commands/compare_runs.h"

#include "bench/commands/conclude.h"
#include "bench/plan/json_file.h"
#include "bench/plan/text.h"
#include "bench/report/wrap.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char results[] = "results";

bool runs_are_same(const char *folder, const char *other) {
  struct stat a, b;
  return stat(folder, &a) == 0 && stat(other, &b) == 0 &&
         a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* ---- one ------------------------------------------------------------------
 */

/* Whether it was made before the times of trials were kept, by a program whose
 * records can be analysed anew. */
static bool lacks_times(const struct analysis *analysis) {
  bool any = false;
  for (size_t i = 0; i < analysis->result_count; i++)
    any = any || analysis->results[i].region_times_s.count > 0 ||
          analysis->results[i].program_times_s.count > 0;
  return !any && analysis->run.schema == ANALYSIS_SCHEMA;
}

/* Reads a run's analysis, or makes it from its records. */
static int read_run(const char *folder, struct analysis *analysis,
                    struct problem *problem) {
  char analyzed[RUN_PATH], trials[RUN_PATH];
  struct stat about;
  struct problem reason = {""};
  if (stat(folder, &about) != 0 || !S_ISDIR(about.st_mode))
    return problem_usage(problem,
                         "%.200s: no such folder; a run is a folder with "
                         "trials.jsonl, as `coresweep sweep --out` writes",
                         folder);
  bool done = access(run_path(folder, "analysis.json", analyzed), F_OK) == 0;
  run_path(folder, "trials.jsonl", trials);
  if (!done && access(trials, F_OK) != 0)
    return problem_usage(problem,
                         "%.200s: not a run: it holds neither analysis.json "
                         "nor trials.jsonl",
                         folder);
  int status = done ? analysis_read(analyzed, analysis, &reason)
                    : run_analyze(folder, NULL, analysis, &reason);
  if (!status && done && lacks_times(analysis) && access(trials, F_OK) == 0) {
    analysis_free(analysis);
    status = run_analyze(folder, NULL, analysis, &reason);
  }
  if (status)
    return problem_usage(problem, "%.200s cannot be read: %.300s", folder,
                         reason.text);
  if (analysis->result_count > 0 && analysis->run.rounds > 0)
    return PROBLEM_NONE;
  analysis_free(analysis);
  return problem_usage(problem,
                       "%.200s: no round was measured yet; name a run whose "
                       "sweep came to its rounds",
                       folder);
}

/* ---- the last two -------------------------------------------------------- */

/* Whether it is a run's folder, of whatever command. */
static int is_run(const struct dirent *entry) {
  static const char *const files[] = {"plan.json", "trials.jsonl",
                                      "analysis.json"};
  char folder[RUN_PATH], path[RUN_PATH];
  bool has = false;
  if (entry->d_name[0] == '.' || strcmp(entry->d_name, "latest") == 0 ||
      strcmp(entry->d_name, "examples") == 0)
    return 0;
  run_path(results, entry->d_name, folder);
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    has = has || access(run_path(folder, files[i], path), F_OK) == 0;
  return has;
}

/* Their names are their dates: the order of time. */
static int by_name(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

/* Whether it is of a sweep, of kernels or of programs: other commands keep runs
 * there, too, and what `report --times` writes was not measured. */
static bool is_sweep(const char *folder) {
  char path[RUN_PATH];
  json_t *plan = NULL;
  struct problem ignored;
  if (access(run_path(folder, "prediction.json", path), F_OK) == 0)
    return true;
  (void)json_file_read_if_any(run_path(folder, "plan.json", path), &plan,
                              &ignored);
  const char *command = json_string_value(json_object_get(plan, "command"));
  /* The plan of kernels says its stage alone. */
  bool sweep = json_object_get(plan, "stage") &&
               (!command || strcmp(command, "sweep") == 0);
  json_decref(plan);
  return sweep;
}

/* The one that is chosen first, and what was passed over: sweeps that cannot be
 * read or have no workload of it, and runs of other commands. */
struct choosing {
  struct analysis first;
  bool chosen;
  FILE *said;
  size_t passed, others;
};

/* How many of them are told one by one. */
enum { PASSED_TOLD = 3 };

static bool have_common(const struct analysis *a, const struct analysis *b) {
  bool common = false;
  for (size_t s = 0; s < a->workload_count; s++)
    common = common || versus_workload(b, &a->workloads[s]);
  return common;
}

/* Whether the run can be compared; why it cannot is said. */
static bool is_usable(const char *folder, struct choosing *choosing) {
  struct analysis analysis = {0};
  struct problem why = {""};
  if (!is_sweep(folder)) {
    choosing->others++;
    return false;
  }
  int status = read_run(folder, &analysis, &why);
  if (!status && choosing->chosen &&
      !have_common(&choosing->first, &analysis)) {
    status = problem_usage(&why, "%.200s: it has no workload of the other run",
                           folder);
    analysis_free(&analysis);
  }
  if (!status && choosing->chosen)
    analysis_free(&analysis);
  else if (!status)
    choosing->first = analysis;
  choosing->chosen = choosing->chosen || !status;
  /* What would be right follows the semicolon, and is done. */
  if (status && choosing->passed++ < PASSED_TOLD)
    wrap_format(choosing->said, 2, 0, "Passed over: %.*s.",
                (int)strcspn(why.text, ";"), why.text);
  return !status;
}

static void say_passed(const struct choosing *choosing) {
  if (choosing->passed > PASSED_TOLD)
    fprintf(choosing->said, "Passed over: %zu more like these.\n",
            choosing->passed - PASSED_TOLD);
  if (choosing->others > 0)
    fprintf(choosing->said, "Passed over: %zu run%s of other commands.\n",
            choosing->others, choosing->others == 1 ? "" : "s");
}

static int too_few(const char *given, size_t have, struct problem *problem) {
  if (given)
    return problem_usage(problem,
                         "%s: there is no other run under %s/ to compare it "
                         "with; name a second folder",
                         given, results);
  return problem_usage(problem,
                       "%s/ holds %zu run%s that can be compared, and that "
                       "takes two: name two folders, or measure again (make "
                       "bench)",
                       results, have, have == 1 ? "" : "s");
}

int runs_choose(const char **folders, size_t *count, char found[2][RUN_PATH],
                FILE *said, struct problem *problem) {
  struct dirent **entries = NULL;
  char a[TEXT_SHOWN], b[TEXT_SHOWN];
  const char *given = *count == 1 ? folders[0] : NULL;
  struct choosing choosing = {.said = said};
  size_t wanted = 2 - *count, have = 0;
  struct problem ignored; /* runs_open tells it */
  choosing.chosen = given && read_run(given, &choosing.first, &ignored) == 0;
  int entry_count = scandir(results, &entries, is_run, by_name);
  for (int i = entry_count - 1; i >= 0; i--) {
    if (have < wanted) {
      run_path(results, entries[i]->d_name, found[have]);
      have += !(given && runs_are_same(given, found[have])) &&
              is_usable(found[have], &choosing);
    }
    free(entries[i]);
  }
  free(entries);
  analysis_free(&choosing.first);
  say_passed(&choosing);
  if (have < wanted)
    return too_few(given, have, problem);
  while (have > 0) /* the older one is A */
    folders[(*count)++] = found[--have];
  wrap_format(said, 2, 0, "A is %s, and B is %s: %s under %s/.",
              text_shown(folders[0], a), text_shown(folders[1], b),
              given ? "the newest other run" : "the last two runs", results);
  return PROBLEM_NONE;
}

/* ---- all of them --------------------------------------------------------- */

/* For people: the last part of a folder's path.  Owned. */
static char *own_name(const char *folder) {
  char *path = realpath(folder, NULL);
  const char *slash = path ? strrchr(path, '/') : NULL;
  char *name = text_copy_shown(slash && slash[1] ? slash + 1 : folder);
  free(path);
  return name;
}

static bool is_twice(const struct opened_runs *opened, size_t k) {
  bool twice = false;
  for (size_t other = 0; other < k; other++)
    twice = twice || strcmp(opened->names[other], opened->names[k]) == 0;
  return twice;
}

/* The folders' own names; as given where two are the same. */
static int name_runs(struct opened_runs *opened, struct problem *problem) {
  bool twice = false;
  for (size_t k = 0; k < opened->count; k++) {
    opened->names[k] = own_name(opened->runs[k].folder);
    if (!opened->names[k])
      return problem_failure(problem, "out of memory");
    twice = twice || is_twice(opened, k);
  }
  for (size_t k = 0; k < opened->count; k++) {
    if (twice) {
      free(opened->names[k]);
      opened->names[k] = text_copy_shown(opened->runs[k].folder);
    }
    opened->runs[k].name = opened->names[k] ? opened->names[k] : "?";
  }
  return PROBLEM_NONE;
}

int runs_open(const char *const *folders, size_t count,
              struct opened_runs *opened, struct problem *problem) {
  int status = PROBLEM_NONE;
  for (size_t k = 0; !status && k < count; k++) {
    status = read_run(folders[k], &opened->analyses[k], problem);
    if (status)
      break;
    opened->runs[k].folder = folders[k];
    opened->runs[k].analysis = &opened->analyses[k];
    opened->count++;
  }
  return status ? status : name_runs(opened, problem);
}

void runs_close(struct opened_runs *opened) {
  for (size_t k = 0; k < opened->count; k++) {
    analysis_free(&opened->analyses[k]);
    free(opened->names[k]);
  }
}
