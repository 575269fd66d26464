/* A comparison as JSON. */
#include "bench/analyze/versus.h"

const char *const versus_words[VERSUS_VERDICTS] = {
    [VERSUS_SLOWER] = "slower",
    [VERSUS_FASTER] = "faster",
    [VERSUS_SAME] = "no difference",
    [VERSUS_TOO_WIDE] = "too wide to tell",
    [VERSUS_FEW] = "too few trials",
    [VERSUS_SPOILT] = "not judged",
    [VERSUS_NOT_COMPARABLE] = "not comparable",
};

static const struct {
  enum versus_difference bit;
  const char *word;
} difference_words[] = {
    {VERSUS_SCHEMA, "schema"},         {VERSUS_SIZE, "size"},
    {VERSUS_PARAMS, "parameters"},     {VERSUS_SEED, "seed"},
    {VERSUS_ITERATIONS, "iterations"}, {VERSUS_BLOCKS, "blocks"},
    {VERSUS_REPEAT, "repeat"},         {VERSUS_SCALING, "scaling"},
};

static json_t *real(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *interval(struct interval x) {
  if (!isfinite(x.median))
    return json_null();
  return json_pack("{s:o, s:o, s:o}", "median", real(x.median), "low",
                   real(x.low), "high", real(x.high));
}

static json_t *text(const char *words) {
  return words ? json_string(words) : json_null();
}

static json_t *differences_json(unsigned differences) {
  json_t *list = json_array();
  for (size_t i = 0; i < sizeof difference_words / sizeof *difference_words;
       i++)
    if (differences & difference_words[i].bit)
      json_array_append_new(list, json_string(difference_words[i].word));
  return list;
}

static json_t *change_json(const struct versus_row *row) {
  if (!row->told)
    return json_null();
  return json_pack("{s:s, s:o, s:o}", "term", breakdown_terms[row->term].key,
                   "share_a", interval(row->share_a), "share_b",
                   interval(row->share_b));
}

static json_t *row_json(const struct versus_row *row) {
  return json_pack(
      "{s:s, s:s, s:I, s:I, s:s, s:b, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
      "s:o}",
      "workload", row->a->workload, "variant", row->a->requested, "workers",
      (json_int_t)row->a->workers, "size", (json_int_t)row->a->size, "of",
      row->program ? "program" : "region", "leads", (int)row->leads, "verdict",
      versus_words[row->verdict], "a_s", interval(row->time_a_s), "b_s",
      interval(row->time_b_s), "ratio", interval(row->ratio), "p", real(row->p),
      "corrected_p", real(row->corrected_p), "largest_difference",
      real(row->within), "not_comparable", differences_json(row->differences),
      "changed", change_json(row));
}

static json_t *workload_json(const struct versus_workload *workload) {
  return json_pack(
      "{s:s, s:I, s:I, s:s, s:o, s:o, s:o, s:o}", "workload",
      workload->in_a->workload, "size", (json_int_t)workload->in_a->size,
      "points", (json_int_t)workload->points, "verdict",
      versus_words[workload->verdict], "ratio", interval(workload->ratio), "p",
      real(workload->p), "corrected_p", real(workload->corrected_p),
      "largest_difference", real(workload->within));
}

static json_t *run_json(const char *name, const struct run_facts *run) {
  return json_pack("{s:s, s:o, s:o, s:o, s:o, s:I}", "name", name, "machine",
                   text(run->machine), "build", text(run->build), "bind",
                   text(run->bind), "date", text(run->date), "rounds",
                   (json_int_t)run->rounds);
}

json_t *versus_json(const struct versus *versus, const char *name_a,
                    const char *name_b) {
  json_t *rows = json_array(), *workloads = json_array();
  for (size_t i = 0; i < versus->count; i++)
    json_array_append_new(rows, row_json(&versus->rows[i]));
  for (size_t w = 0; w < versus->workload_count; w++)
    json_array_append_new(workloads, workload_json(&versus->workloads[w]));
  return json_pack(
      "{s:o, s:o, s:I, s:I, s:o, s:o}", "a", run_json(name_a, &versus->a->run),
      "b", run_json(name_b, &versus->b->run), "judged",
      (json_int_t)versus->judged, "leaders", (json_int_t)versus->leaders,
      "together", workloads, "points", rows);
}
