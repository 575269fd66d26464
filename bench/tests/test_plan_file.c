/* test_plan_file.c: plan.json comes back as it was written, for --like and for
 * --resume; how many rounds a width asks for; whose a run is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/budget.h"
#include "bench/plan/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

struct file {
  struct plan plan, again;
  char path[40];
};

static int begin(void **state) {
  struct file *f = calloc(1, sizeof *f);
  *state = f;
  if (!f)
    return -1;
  strcpy(f->path, "/tmp/test_plan_file.XXXXXX");
  int fd = mkstemp(f->path);
  return fd < 0 ? -1 : close(fd);
}

static int end(void **state) {
  struct file *f = *state;
  plan_free(&f->plan);
  plan_free(&f->again);
  unlink(f->path);
  free(f);
  return 0;
}

/* No two members have the same value, nor the one that {0} gives. */
static void fill(struct plan *plan) {
  struct problem problem = {""};
  plan->counts[0] = plan->waiting[0] = 1;
  plan->counts[1] = 3;
  plan->waiting[1] = 3;
  plan->waiting[2] = 12;
  plan->count_count = 2;
  plan->waiting_count = 3;
  plan->usable_cpus = 4;
  plan->cores = 2;
  plan->bind = BIND_CLOSE;
  plan->serial_touch = plan->weak = plan->rounds_given = true;
  plan->width_decided = plan->adaptive = true;
  plan->seed = 77;
  plan->target_s = 0.0125;
  plan->budget_s = 33.5;
  plan->rounds = 8;
  plan->rounds_done = 5;
  plan->iterations = 9;
  plan->blocks = 1;
  plan->warmups = 6;
  plan->target_width = 0.0625;
  plan->width = 0.1875;
  plan->stage = STAGE_ROUNDS;
  snprintf(plan->rounds_reason, sizeof plan->rounds_reason, "a reason");
  plan_note(plan, "one note");
  plan_note(plan, "another");
  for (size_t i = 0; i < IDENTITY_FACTS; i++)
    plan->identity.values[i] = i == 3 ? NULL : strndup("abcdefghijkl", i + 1);
  assert_int_equal(plan_add_workload(plan, "cube", &problem), 0);
  assert_int_equal(plan_add_workload(plan, "spin/serial=0.5", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "serial", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "omp:dynamic,7", &problem), 0);
  assert_int_equal(plan_add_probes(plan, &problem), 0);
  struct plan_workload *all[] = {&plan->workloads[0], &plan->workloads[1],
                                 &plan->probes[0]};
  for (size_t i = 0; i < LENGTH(all); i++) {
    all[i]->size = 100 + i;
    all[i]->fixed = i == 1;
    all[i]->repeat = 5 + (uint32_t)i;
    all[i]->region_s = 0.5 + (double)i;
    all[i]->fixed_s = 0.25 + (double)i;
    snprintf(all[i]->target, sizeof all[i]->target, "target %zu", i);
  }
  assert_int_equal(plan_list_points(plan, &problem), 0);
  plan->trials = calloc(plan->point_count, sizeof *plan->trials);
  assert_non_null(plan->trials);
  plan->trial_count = plan->point_count;
  for (size_t i = 0; i < plan->trial_count; i++)
    plan->trials[i] = 5 + i % 4;
}

static char *text_of(const char *path) {
  static char text[1 << 16];
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  return text;
}

/* Written again, the file is the same: every member came back.  Each is seen
 * to be in the file by changing it. */
static void all_of_a_plan_comes_back(void **state) {
  struct file *f = *state;
  struct problem problem = {""};
  fill(&f->plan);
  assert_int_equal(plan_write(&f->plan, f->path, &problem), 0);
  char *first = strdup(text_of(f->path));
  if (plan_read(&f->again, f->path, &problem) != 0)
    fail_msg("%s", problem.text);
  assert_int_equal(plan_write(&f->again, f->path, &problem), 0);
  assert_string_equal(text_of(f->path), first);
  free(first);
  const struct plan *a = &f->again;
  assert_true(a->weak && a->serial_touch && a->rounds_given);
  assert_true(a->width_decided && a->adaptive && !a->unprobed);
  assert_int_equal(a->trial_count, a->point_count);
  for (size_t i = 0; i < a->point_count; i++)
    assert_int_equal(plan_trials(a, i), 5 + i % 4);
  assert_int_equal(a->stage, STAGE_ROUNDS);
  assert_int_equal(a->bind, BIND_CLOSE);
  assert_int_equal(a->seed, 77);
  assert_int_equal(a->rounds, 8);
  assert_int_equal(a->rounds_done, 5);
  assert_int_equal(a->iterations, 9);
  assert_int_equal(a->blocks, 1);
  assert_int_equal(a->warmups, 6);
  assert_int_equal(a->usable_cpus, 4);
  assert_int_equal(a->cores, 2);
  assert_true(a->target_s == 0.0125 && a->budget_s == 33.5);
  assert_true(a->target_width == 0.0625 && a->width == 0.1875);
  assert_string_equal(a->rounds_reason, "a reason");
  assert_int_equal(a->note_count, 2);
  assert_string_equal(a->notes[1], "another");
  assert_int_equal(a->result_count, f->plan.result_count);
  assert_int_equal(a->point_count - a->result_count, 2);
  assert_int_equal(a->workloads[1].size, 101);
  assert_int_equal(a->workloads[0].repeat, 5);
  assert_int_equal(a->workloads[1].repeat, 6);
  assert_true(a->workloads[1].fixed && !a->workloads[0].fixed);
  assert_true(a->workloads[1].fixed_s == 1.25);
  assert_int_equal(a->probes[0].size, 102);
  assert_true(a->probes[0].region_s == 2.5);
  assert_null(a->identity.values[3]);
  assert_string_equal(a->identity.values[4], "abcde");
}

/* What a workload's name says of its programs holds, and older plans say
 * nothing: theirs did their region once. */
static void repeats_are_the_workloads(void **state) {
  struct file *f = *state;
  struct problem problem = {""};
  fill(&f->plan);
  assert_int_equal(
      workload_set(f->plan.workloads[0].workload, "repeat=5", &problem), 0);
  assert_int_equal(plan_write(&f->plan, f->path, &problem), 0);
  assert_int_equal(plan_read(&f->again, f->path, &problem), 0);
  assert_string_equal(f->again.workloads[0].workload->name, "cube/repeat=5");
  plan_free(&f->again);
  json_t *json = json_load_file(f->path, 0, NULL);
  json_t *list = json_object_get(json, "workloads");
  json_object_set_new(json_array_get(list, 0), "repeat", json_integer(4));
  assert_int_equal(json_dump_file(json, f->path, 0), 0);
  assert_int_equal(plan_read(&f->again, f->path, &problem), PROBLEM_USAGE);
  assert_non_null(strstr(problem.text, "\"workloads[0].repeat\" is 4: want "));
  plan_free(&f->again);
  json_object_set_new(json_array_get(list, 0), "repeat", json_integer(5));
  json_object_del(json_array_get(list, 1), "repeat");
  assert_int_equal(json_dump_file(json, f->path, 0), 0);
  assert_int_equal(plan_read(&f->again, f->path, &problem), 0);
  assert_int_equal(f->again.workloads[1].repeat, 1);
  json_decref(json);
}

static void like_takes_what_is_measured_alone(void **state) {
  struct file *f = *state;
  struct problem problem = {""};
  fill(&f->plan);
  assert_int_equal(plan_write(&f->plan, f->path, &problem), 0);
  assert_int_equal(plan_read_like(&f->again, f->path, &problem), 0);
  const struct plan *a = &f->again;
  assert_true(a->weak && a->serial_touch);
  assert_int_equal(a->bind, BIND_CLOSE);
  assert_int_equal(a->seed, 77);
  assert_int_equal(a->iterations, 9);
  assert_int_equal(a->count_count, 2);
  assert_int_equal(a->counts[1], 3);
  assert_int_equal(a->waiting_count, 3);
  assert_int_equal(a->waiting[2], 12);
  assert_int_equal(a->workload_count, 2);
  for (size_t s = 0; s < a->workload_count; s++) {
    assert_string_equal(a->workloads[s].workload->name,
                        f->plan.workloads[s].workload->name);
    assert_int_equal(a->workloads[s].size, 100 + s);
    assert_int_equal(a->workloads[s].repeat, 5 + s);
    assert_true(a->workloads[s].fixed);
    assert_true(a->workloads[s].region_s == 0);
  }
  assert_int_equal(a->variant_count, 2);
  assert_memory_equal(a->variants, f->plan.variants,
                      sizeof a->variants[0] * a->variant_count);
  /* The other run's decisions are not this one's. */
  assert_int_equal(a->rounds + a->note_count + a->probe_count, 0);
  assert_true(a->budget_s == 0 && a->stage == STAGE_REQUESTED);
}

static void refuse(int (*reader)(struct plan *, const char *, struct problem *),
                   const char *path, const char *why) {
  struct plan plan = {0};
  struct problem problem = {""};
  assert_int_equal(reader(&plan, path, &problem), PROBLEM_USAGE);
  plan_free(&plan);
  if (!strstr(problem.text, path) || !strstr(problem.text, why))
    fail_msg("'%s' does not say '%s' and '%s'", problem.text, path, why);
}

static void rewrite(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

static void files_that_are_no_plan_are_refused(void **state) {
  static const char *const texts[] = {
      "",
      "[1]",
      "{}",
      "{\"schema\": 3, \"workers\": [2, 4], \"workers_waiting\": [1]}",
      ("{\"schema\": 3, \"workers\": [1], \"workers_waiting\": [1],"
       " \"workloads\": [{\"workload\": \"cube\", \"size\": -1}]}"),
      ("{\"schema\": 3, \"workers\": [1], \"workers_waiting\": [1],"
       " \"variants\": [7]}")};
  struct file *f = *state;
  for (size_t i = 0; i < LENGTH(texts); i++) {
    rewrite(f->path, texts[i]);
    refuse(plan_read_like, f->path, "");
    refuse(plan_read, f->path, "");
  }
  unlink(f->path);
  refuse(plan_read_like, f->path, "");
  refuse(plan_read, f->path, "");
}

/* Writes the plan, and replaces a part of its file. */
static void write_changed(struct file *f, const char *part, const char *by) {
  struct problem problem = {""};
  assert_int_equal(plan_write(&f->plan, f->path, &problem), 0);
  char *text = strdup(text_of(f->path)), *changed;
  char *at = strstr(text, part);
  assert_non_null(at);
  assert_true(asprintf(&changed, "%.*s%s%s", (int)(at - text), text, by,
                       at + strlen(part)) > 0);
  rewrite(f->path, changed);
  free(text);
  free(changed);
}

static void refuse_changed(struct file *f, const char *part, const char *by,
                           const char *why) {
  write_changed(f, part, by);
  refuse(plan_read, f->path, why);
}

/* Before schema 3, "spread" filled one package after the other. */
static void like_knows_the_words_of_old_plans(void **state) {
  static const struct {
    const char *schema;
    enum bind written, read;
  } cases[] = {
      {"\"schema\": 1", BIND_SPREAD, BIND_CORES},
      {"\"schema\": 2", BIND_SPREAD, BIND_CORES},
      {"\"schema\": 3", BIND_SPREAD, BIND_SPREAD},
      {"\"schema\": 2", BIND_CLOSE, BIND_CLOSE},
      {"\"schema\": 3", BIND_NONE, BIND_NONE},
  };
  struct file *f = *state;
  struct problem problem = {""};
  fill(&f->plan);
  for (size_t i = 0; i < LENGTH(cases); i++) {
    struct plan like = {0};
    f->plan.bind = cases[i].written;
    write_changed(f, "\"schema\": 3", cases[i].schema);
    assert_int_equal(plan_read_like(&like, f->path, &problem), 0);
    assert_int_equal(like.bind, cases[i].read);
    plan_free(&like);
  }
  write_changed(f, "\"bind\": \"none\"", "\"bind\": 1");
  refuse(plan_read_like, f->path, "bind");
}

static void plans_that_make_no_sense_are_refused(void **state) {
  struct file *f = *state;
  fill(&f->plan);
  refuse_changed(f, "\"schema\": 3", "\"schema\": 2", "schema is 2");
  refuse_changed(f, "\"schema\": 3", "\"schema\": 4", "schema is 4");
  refuse_changed(f, "\"stage\": \"rounds\"", "\"stage\": \"lost\"", "stage");
  refuse_changed(
      f, "\"rounds\": 8", "\"rounds\": -8",
      "the key \"rounds\" is -8: want a whole number from 1 to 100000");
  refuse_changed(f, "\"bind\": \"close\"", "\"bind\": \"glue\"", "glue");
  refuse_changed(
      f, "\"iterations\": 9", "\"iterations\": 9999",
      "the key \"iterations\" is 9999: want a whole number from 1 to 1000");
  refuse_changed(f, "\"workload\": \"spin/chains=8\"", "\"workload\": \"null\"",
                 "probes");
  f->plan.workloads[0].size = 0;
  struct problem problem = {""};
  assert_int_equal(plan_write(&f->plan, f->path, &problem), 0);
  refuse(plan_read_like, f->path,
         "the key \"workloads[0].size\" is 0: want its items, as the stage is");
  f->plan.stage = STAGE_REQUESTED;
  assert_int_equal(plan_write(&f->plan, f->path, &problem), 0);
  refuse(plan_read_like, f->path,
         "the key \"workloads[0].size\" is 0: want its items, to be repeated");
}

static void a_width_asks_for_rounds(void **state) {
  (void)state;
  static const struct {
    double half_width, target;
    uint32_t most, rounds;
  } cases[] = {
      {0.05, 0.05, 1000, 9},       {0.01, 0.05, 1000, 9},
      {0.10, 0.05, 1000, 40},      {0.10, 0.05, 36, 36},
      {0.0500001, 0.05, 1000, 12}, {0.06, 0.05, 1000, 15},
      {0.066, 0.05, 1000, 17},     {0.07, 0.05, 1000, 20},
      {0.075, 0.05, 1000, 23},     {0.083, 0.05, 1000, 25},
      {0.085, 0.05, 1000, 28},     {0.09, 0.05, 1000, 30},
      {0.1055, 0.05, 1000, 41},    {1e9, 0.05, 1000, 1000},
      {0.10, 0.05, 3, 9},          {0, 0.05, 1000, 9},
  };
  for (size_t i = 0; i < LENGTH(cases); i++)
    assert_int_equal(
        width_rounds(cases[i].half_width, cases[i].target, cases[i].most),
        cases[i].rounds);
  assert_int_equal(width_rounds((double)NAN, 0.05, 90), 90);
  assert_int_equal(width_rounds((double)INFINITY, 0.05, 90), 90);
}

static void whose_a_run_is(void **state) {
  (void)state;
  int cpus[] = {0, 1, 2, 5};
  struct cpu list[4] = {0};
  struct machine machine = {.usable_cpus = 3};
  struct identity one, other;
  struct problem problem = {""};
  for (int i = 0; i < 4; i++)
    list[i].os_index = cpus[i];
  machine.topology.cpus = list;
  machine.topology.cpu_count = 4;
  struct identity_source source = {
      .machine = &machine, .executor = "real", .cpu_model = "A chip"};
  setenv("OMP_ZZZ", "1", 1);
  setenv("OMP_AAA", "2", 1);
  assert_int_equal(identity_gather(&source, &one, &problem), 0);
  assert_string_equal(one.values[IDENTITY_AFFINITY], "0-2,5");
  assert_string_equal(one.values[IDENTITY_USABLE_CPUS], "3");
  assert_null(one.values[IDENTITY_SYSTEM]);
  assert_int_equal(strlen(one.values[IDENTITY_PROGRAM]), 16);
  assert_non_null(strstr(one.values[IDENTITY_OPENMP], "OMP_AAA=2"));
  assert_true(strstr(one.values[IDENTITY_OPENMP], "OMP_AAA=2") <
              strstr(one.values[IDENTITY_OPENMP], "OMP_ZZZ=1"));
  assert_int_equal(identity_gather(&source, &other, &problem), 0);
  assert_int_equal(identity_compare(&one, &other, &problem), 0);
  for (size_t i = 0; i < IDENTITY_FACTS; i++) {
    char *kept = other.values[i];
    other.values[i] = i == IDENTITY_CPU_MODEL ? NULL : strdup("else");
    assert_int_equal(identity_compare(&one, &other, &problem), PROBLEM_USAGE);
    assert_non_null(strstr(problem.text, other.values[i] ? "'else' here"
                                                         : "'not known' here"));
    free(other.values[i]);
    other.values[i] = kept;
  }
  identity_free(&one);
  identity_free(&other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(all_of_a_plan_comes_back),
      TEST(repeats_are_the_workloads),
      TEST(like_takes_what_is_measured_alone),
      TEST(like_knows_the_words_of_old_plans),
      TEST(files_that_are_no_plan_are_refused),
      TEST(plans_that_make_no_sense_are_refused),
      TEST(a_width_asks_for_rounds),
      TEST(whose_a_run_is),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
