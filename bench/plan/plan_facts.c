/* plan.json, read for an analysis. */
#include "bench/plan/json_file.h"
#include "bench/plan/plan_file.h"
#include "bench/plan/request.h"

#include <stdlib.h>
#include <string.h>

static int read_sweep(struct plan_facts *facts, struct problem *problem) {
  struct plan *plan = calloc(1, sizeof *plan); /* large */
  if (!plan)
    return problem_failure(problem, "out of memory");
  int status = plan_read_json(plan, facts->json, READ_TO_ANALYSE, problem);
  if (!status) {
    facts->usable_cpus = plan->usable_cpus;
    facts->iterations = plan->iterations;
    facts->warmups = plan->warmups;
    facts->blocks = plan->blocks;
    facts->programs = plan->programs;
    facts->seed = (int64_t)plan->seed;
    facts->scaling = plan->weak ? "weak" : "strong";
  }
  plan_free(plan);
  free(plan);
  return status;
}

int plan_facts_read(struct plan_facts *facts, const char *path,
                    struct problem *problem) {
  struct problem reason = {""};
  *facts = (struct plan_facts){.seed = INT64_MIN};
  int status = json_file_read_if_any(path, &facts->json, problem);
  if (status || !facts->json)
    return status;
  struct json_reader reader = json_reader_of(facts->json, &reason);
  (void)json_read_integer(&reader, "schema", PLAN_SCHEMA, PLAN_SCHEMA);
  status = reader.status;
  if (!status && json_object_get(facts->json, "command"))
    status = request_check(facts->json, &reason);
  else if (!status)
    status = read_sweep(facts, &reason);
  return status ? problem_failure(problem, "%s: %s", path, reason.text)
                : PROBLEM_NONE;
}

void plan_facts_free(struct plan_facts *facts) {
  json_decref(facts->json);
  *facts = (struct plan_facts){.json = NULL};
}

const char *plan_facts_target(const struct plan_facts *facts,
                              const char *workload) {
  const json_t *list = json_object_get(facts->json, "workloads");
  for (size_t i = 0; i < json_array_size(list); i++) {
    const json_t *item = json_array_get(list, i);
    const char *name = json_string_value(json_object_get(item, "workload"));
    if (name && strcmp(name, workload) == 0)
      return json_string_value(json_object_get(item, "target"));
  }
  return NULL;
}

const char *plan_facts_left_out(const struct plan_facts *facts, size_t i) {
  return json_string_value(
      json_array_get(json_object_get(facts->json, "left_out"), i));
}
