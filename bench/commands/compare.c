/* coresweep compare: runs side by side. */
#include "bench/report/compare.h"
#include "bench/report/class.h"

#include "bench/commands/command.h"
#include "bench/commands/compare_limits.h"
#include "bench/commands/compare_runs.h"
#include "bench/commands/conclude.h"
#include "bench/commands/export.h"
#include "bench/commands/options.h"
#include "bench/plan/json_file.h"
#include "bench/plan/text.h"
#include "bench/report/side_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct compare_options {
  const char *folders[COMPARE_RUNS];
  size_t count;
  const char *out, *own;
  bool programs;
  struct export_as as;
  struct compare_limits limits;
};

static void read_folder(void *input, const char *text,
                        struct argp_state *state) {
  struct compare_options *o = input;
  if (o->count == COMPARE_RUNS)
    options_refuse(state, "'%s': at most %d runs can be compared", text,
                   COMPARE_RUNS);
  o->folders[o->count++] = text;
}

static double read_share(const char *option, const char *text,
                         struct argp_state *state) {
  char *end;
  double value = strtod(text, &end);
  bool percent = strcmp(end, "%") == 0;
  if (percent)
    value /= 100;
  if (end == text || (*end && !percent) || !(value >= 0) ||
      !(value <= (percent ? 100 : 1)))
    options_refuse(state, "--%s %s: want a share, as in 5%% or 0.05", option,
                   text);
  return value;
}

static void read_slower(void *input, const char *text,
                        struct argp_state *state) {
  struct compare_options *o = input;
  o->limits.slower = read_share("fail-if-slower", text, state);
}

static void read_efficiency(void *input, const char *text,
                            struct argp_state *state) {
  struct compare_options *o = input;
  o->limits.efficiency = read_share("fail-if-efficiency", text, state);
}

/* What is shown of what was compared: text, JSON, the data of charts, a page.
 */
struct shown {
  const void *of;
  void (*print)(const void *of, FILE *out);
  void (*markdown)(const void *of, FILE *out);
  json_t *(*json)(const void *of); /* "points" is a list, a row each as CSV */
  int (*charts)(const void *of, struct charts *charts, struct problem *problem);
  int (*page)(const void *of, const struct side_page *side,
              struct problem *problem);
};

/* drawn: NULL: no charts. */
static int write_page(const struct shown *shown, const char *folder,
                      const struct charts *drawn, struct problem *problem) {
  char scripts[RUN_PATH], path[RUN_PATH];
  const struct side_page page = {
      .charts = drawn, .folder = folder, .scripts = run_scripts(scripts)};
  int status =
      json_file_write(shown->json(shown->of),
                      run_path(folder, side_page_numbers, path), 9, problem);
  return status ? status : shown->page(shown->of, &page, problem);
}

static void say_page(const char *folder, size_t charts) {
  printf("\nThe page: %s/%s", folder, side_page_name);
  if (charts == 1)
    fputs("; its chart lies beside it", stdout);
  else if (charts > 1)
    printf("; its %zu charts lie beside it", charts);
  putchar('\n');
}

static int draw(const struct shown *what, const char *folder,
                struct problem *problem) {
  char scripts[RUN_PATH], shown[TEXT_SHOWN];
  struct charts charts = {.folder = folder};
  int status = run_refuse(folder, problem);
  if (!status)
    status = run_make_folder(folder, problem);
  if (!status)
    status = what->charts(what->of, &charts, problem);
  bool undrawn = false;
  if (!status && charts.count > 0)
    status = report_draw(&charts, run_scripts(scripts), problem);
  if (status == -1) {
    undrawn = true;
    status = PROBLEM_NONE;
  }
  if (!status)
    status = write_page(what, folder, undrawn ? NULL : &charts, problem);
  text_shown(folder, shown);
  if (!status && undrawn)
    printf("\nNo charts: gnuplot is not installed.  Their data: %s/*.tsv\n",
           shown);
  if (!status)
    say_page(shown, undrawn ? 0 : charts.count);
  charts_free(&charts);
  return status;
}

/* On stdout, and nothing else is. */
static int export(const struct shown *what, const struct export_as *as,
                  struct problem *problem) {
  if (as->markdown) {
    what->markdown(what->of, stdout);
    return PROBLEM_NONE;
  }
  json_t *json = what->json(what->of);
  int status = json ? export_rows(json, json_object_get(json, "points"), as,
                                  stdout, problem)
                    : problem_failure(problem, "out of memory");
  json_decref(json);
  return status;
}

static int show(const struct shown *what, const struct compare_options *o,
                const char *folder, struct problem *problem) {
  char out[RUN_PATH];
  if (export_wanted(&o->as))
    return export(what, &o->as, problem);
  what->print(what->of, stdout);
  fflush(stdout); /* drawing takes long */
  return draw(what, o->out ? o->out : run_path(folder, "compare", out),
              problem);
}

/* ---- two runs ------------------------------------------------------------ */

static int two_charts(const void *of, struct charts *charts,
                      struct problem *problem) {
  return compare_chart_data(of, charts, problem);
}

static void two_text(const void *of, FILE *out) {
  compare_report(of, out);
}

static void two_markdown(const void *of, FILE *out) {
  compare_markdown(of, out);
}

static json_t *two_json(const void *of) {
  const struct comparison *two = of;
  return versus_json(two->versus, two->a.name, two->b.name);
}

static int two_page(const void *of, const struct side_page *side,
                    struct problem *problem) {
  return compare_page_write(of, side, problem);
}

/* No page of nothing; how to measure B again is told. */
static int show_nothing(const struct shown *shown,
                        const struct compare_options *o,
                        struct problem *problem) {
  int status = PROBLEM_NONE;
  if (export_wanted(&o->as))
    status = export(shown, &o->as, problem);
  else
    shown->print(shown->of, stdout);
  return status
             ? status
             : problem_failure(problem,
                               "A and B have no workload and variant in "
                               "common: nothing was compared; measure B with "
                               "`coresweep sweep --like A`");
}

static int compare_two(const struct compare_options *o,
                       const struct opened_runs *opened, int *verdict,
                       struct problem *problem) {
  struct versus versus;
  int status = PROBLEM_NONE;
  if (versus_make(opened->runs[0].analysis, opened->runs[1].analysis,
                  o->programs, &versus) != 0)
    status = problem_failure(problem, "out of memory");
  if (!status) {
    const struct comparison comparison = {opened->runs[0], opened->runs[1],
                                          &versus};
    const struct shown shown = {&comparison, two_text,   two_markdown,
                                two_json,    two_charts, two_page};
    status = versus.count == 0 ? show_nothing(&shown, o, problem)
                               : show(&shown, o, o->folders[1], problem);
    if (!status)
      status = compare_limits_judge(&o->limits, &versus, o->programs, verdict,
                                    problem);
  }
  versus_free(&versus);
  return status;
}

/* ---- three and more ------------------------------------------------------ */

/* A class, and what its runs are called. */
struct named_class {
  struct class class;
  const char *names[COMPARE_RUNS];
};

static int class_charts(const void *of, struct charts *charts,
                        struct problem *problem) {
  const struct named_class *named = of;
  return class_chart_data(&named->class, named->names, charts, problem);
}

static void class_text(const void *of, FILE *out) {
  const struct named_class *named = of;
  class_report(&named->class, named->names, out);
}

static void class_tables(const void *of, FILE *out) {
  const struct named_class *named = of;
  class_markdown(&named->class, named->names, out);
}

static json_t *class_numbers(const void *of) {
  const struct named_class *named = of;
  return class_json(&named->class, named->names);
}

static int class_page(const void *of, const struct side_page *side,
                      struct problem *problem) {
  const struct named_class *named = of;
  return class_page_write(&named->class, named->names, side, problem);
}

/* One's own run: the first, where nobody says. */
static int find_own(const struct compare_options *o, size_t *own,
                    struct problem *problem) {
  *own = 0;
  for (size_t k = 0; o->own && k < o->count; k++)
    if (runs_are_same(o->own, o->folders[k])) {
      *own = k;
      return PROBLEM_NONE;
    }
  return o->own ? problem_usage(problem,
                                "--own %.200s: not one of the runs; name the "
                                "folder among them, too",
                                o->own)
                : PROBLEM_NONE;
}

static int compare_many(const struct compare_options *o,
                        const struct opened_runs *opened,
                        struct problem *problem) {
  const struct analysis *runs[COMPARE_RUNS];
  struct named_class named;
  size_t own;
  int status = find_own(o, &own, problem);
  if (status)
    return status;
  for (size_t k = 0; k < opened->count; k++) {
    runs[k] = opened->runs[k].analysis;
    named.names[k] = opened->runs[k].name;
  }
  if (o->programs || !isnan(o->limits.slower) || !isnan(o->limits.efficiency))
    return problem_usage(problem, "--programs and --fail-if-...: of two runs "
                                  "alone; leave them out, or name two");
  if (class_make(runs, opened->count, own, &named.class) != 0)
    status = problem_failure(problem, "out of memory");
  if (!status) {
    const struct shown shown = {&named,        class_text,   class_tables,
                                class_numbers, class_charts, class_page};
    status = show(&shown, o, o->folders[own], problem);
  }
  class_free(&named.class);
  return status;
}

int command_compare(int argc, char **argv) {
  static const struct option_spec option_list[] = {
      {.name = "out",
       .letter = 'o',
       .arg = "DIR",
       .help = "Folder of page and charts (DIR/compare of B, or of your run)",
       OPTION_PATH(struct compare_options, out)},
      {.name = "own",
       .arg = "DIR",
       .help = "Of three runs or more, the one that is yours (the first)",
       OPTION_PATH(struct compare_options, own)},
      {.name = "programs",
       .help = "Judge whole programs, also where regions were measured",
       OPTION_FLAG(struct compare_options, programs)},
      OPTIONS_EXPORT(struct compare_options, as),
      {.name = "fail-if-slower",
       .arg = "SHARE",
       .help = "Exit with 3 where B is surely slower by more, as in 5%",
       OPTION_READ(read_slower)},
      {.name = "fail-if-efficiency",
       .arg = "SHARE",
       .help = "Exit with 3 where B's efficiency is surely below, as in 80%",
       OPTION_READ(read_efficiency)},
      {0}};
  static const struct options options = {
      .list = option_list,
      .argument = read_folder,
      .arguments = "[DIR...]",
      .doc = "Compares two runs, A and B: what B took over what A took, per "
             "workload, variant and number of workers, what may be said of "
             "it, and what changed.  Three runs to 60 are a class: a dot a "
             "run, and "
             "where yours stands.  Exported, it is not drawn.\vWithout DIR, "
             "the last two runs under "
             "results/ that can be compared; with one, that and the newest "
             "other one.  Other "
             "sizes, parameters or seeds are not comparable; another machine, "
             "compiler or library is.  Exit status: 0; 3 where a --fail-if "
             "is met, and surely; 1 failure, or nothing in common; 2 usage."};
  struct compare_options o = {.limits = {(double)NAN, (double)NAN}};
  static struct opened_runs opened; /* large */
  struct problem problem = {""};
  char found[2][RUN_PATH];
  int status = PROBLEM_NONE, verdict = 0;
  options_parse(&options, "compare", argc, argv, &o);
  status = export_check(&o.as, &problem);
  if (!status && o.count < 2)
    status = runs_choose(o.folders, &o.count, found,
                         export_wanted(&o.as) ? stderr : stdout, &problem);
  if (!status)
    status = runs_open(o.folders, o.count, &opened, &problem);
  if (!status)
    status = o.count == 2 ? compare_two(&o, &opened, &verdict, &problem)
                          : compare_many(&o, &opened, &problem);
  runs_close(&opened);
  return status ? command_fail("compare", status, &problem) : verdict;
}
