#include "bench/record/from_trial.h"

#include "bench/plan/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static char *copy(const char *text) {
  return text ? strdup(text) : NULL;
}

static void set_variant(char **text, const struct variant_spec *spec) {
  char name[NOTATION_LENGTH];
  notation_format_variant(spec, name);
  free(*text);
  *text = strdup(name);
}

void record_of_request(const struct trial_request *request,
                       const char *input_path, struct record *record) {
  const struct workload *workload = request->workload;
  char build[200];
  record_clear(record);
  text_print(build, sizeof build, "%s, revision %s", build_text(),
             build_revision());
  record->schema = RECORD_SCHEMA;
  record->kernel = copy(workload->kernel->name);
  record->workload = copy(workload->name);
  record->params = copy(workload->params);
  record->input = copy(input_path);
  struct variant_spec resolved = request->variant;
  if (notation_takes_chunk(resolved.schedule) && resolved.chunk == 0)
    resolved.chunk = workload_shape(workload).grain;
  set_variant(&record->variant, &resolved);
  set_variant(&record->requested, &request->variant);
  if (request->beside)
    set_variant(&record->beside, request->beside);
  if (request->also_count > 0) {
    record->shared = 1 + (int64_t)request->also_count;
    record->shared_place = 1 + (int64_t)request->place;
  }
  record->workers = request->workers;
  record->oversubscribed = request->workers > request->usable_cpus;
  record->size = (int64_t)request->size;
  record->repeat = trial_repeat(request);
  record->seed = (int64_t)request->seed;
  record->build = copy(build);
  if (request->cpus[0] < 0)
    return;
  record->cpus.values = malloc(request->workers * sizeof(double));
  for (uint32_t w = 0; record->cpus.values && w < request->workers; w++)
    record->cpus.values[record->cpus.count++] = request->cpus[w];
}

void record_noise(const struct noise_system *before,
                  const struct noise_system *after, struct record *record) {
  struct noise_system noise = noise_system_between(before, after);
  record->throttled_s = noise.throttled_s;
  record->steal_s = noise.steal_s;
  if (record_is_ok(record)) /* what became of another's processes is unknown */
    record->others_cpu_s = noise.busy_s - noise.own_s;
  if (!isnan(noise.swapped_pages))
    record->swapped_pages = (int64_t)noise.swapped_pages;
  if (!isnan(noise.hot))
    record->thermal_throttles = (int64_t)noise.hot;
}

enum stamp {
  BEGIN,
  END,
  BUSY,
  CPU,
  CHUNKS,
  ITEMS,
  RUN_DELAY,
  SWITCHES,
  MINOR_FAULTS,
  CPU_BEGIN,
  CPU_END,
};

static struct numbers stamps(const struct trial_result *result,
                             uint32_t workers, enum stamp stamp) {
  struct numbers numbers = {malloc(workers * sizeof(double)), workers};
  if (!numbers.values)
    return (struct numbers){NULL, 0};
  for (uint32_t w = 0; w < workers; w++) {
    const struct trial_worker *worker = &result->workers[w];
    const double of[] = {
        [BEGIN] = worker->begin_s,
        [END] = worker->end_s,
        [BUSY] = worker->busy_s,
        [CPU] = worker->cpu_s,
        [CHUNKS] = (double)worker->chunks,
        [ITEMS] = (double)worker->items,
        [RUN_DELAY] = worker->run_delay_s,
        [SWITCHES] = worker->switches,
        [MINOR_FAULTS] = worker->minor_faults,
        [CPU_BEGIN] = worker->cpu_begin,
        [CPU_END] = worker->cpu_end,
    };
    numbers.values[w] = of[stamp];
  }
  return numbers;
}

/* No list where no worker was told anything. */
static struct numbers noise(const struct trial_result *result, uint32_t workers,
                            enum stamp stamp) {
  struct numbers numbers = stamps(result, workers, stamp);
  for (size_t i = 0; i < numbers.count; i++)
    if (!isnan(numbers.values[i]))
      return numbers;
  free(numbers.values);
  return (struct numbers){NULL, 0};
}

static void set_stamps(const struct trial_request *request,
                       const struct trial_result *result,
                       struct record *record) {
  uint32_t workers = request->workers;
  if (!request->stampless) {
    record->worker_begin_s = stamps(result, workers, BEGIN);
    record->worker_end_s = stamps(result, workers, END);
    record->worker_busy_s = stamps(result, workers, BUSY);
    record->worker_cpu_s = stamps(result, workers, CPU);
  }
  record->worker_chunks = stamps(result, workers, CHUNKS);
  record->worker_items = stamps(result, workers, ITEMS);
  record->worker_run_delay_s = noise(result, workers, RUN_DELAY);
  record->worker_switches = noise(result, workers, SWITCHES);
  record->worker_minor_faults = noise(result, workers, MINOR_FAULTS);
  record->worker_cpu_begin = noise(result, workers, CPU_BEGIN);
  record->worker_cpu_end = noise(result, workers, CPU_END);
}

static struct numbers counts(const struct trial_around *around,
                             uint32_t workers, bool of_instructions) {
  struct numbers numbers = {NULL, 0};
  if (around->counts)
    numbers.values = malloc(workers * sizeof(double));
  for (uint32_t w = 0; numbers.values && w < workers; w++)
    numbers.values[numbers.count++] = of_instructions
                                          ? around->counts[w].instructions
                                          : around->counts[w].cycles;
  return numbers;
}

static void set_around(const struct trial_around *around, uint32_t workers,
                       struct record *record) {
  if (!isnan(around->sent_bytes))
    record->sent_bytes = (int64_t)around->sent_bytes;
  record->parent_cpu_s = around->parent_cpu_s;
  record->energy_j = around->energy_j;
  record->worker_cycles = counts(around, workers, false);
  record->worker_instructions = counts(around, workers, true);
}

static double seconds(int64_t ns) {
  return (double)ns * 1e-9;
}

/* Whatever is told holds for all of its regions. */
static void set_sums(const struct sums *sums, struct record_sums *record) {
  bool timed = sums->cpu_regions == sums->regions;
  if (sums->regions == 0)
    return;
  *record = (struct record_sums){
      .regions = (int64_t)sums->regions,
      .refused = (int64_t)sums->refused,
      .skipped_items = (int64_t)sums->skipped_items,
      .past_items = (int64_t)sums->past_items,
      .region_s = seconds(sums->region_ns),
      .start_s = seconds(sums->start_ns),
      .dispatch_s = seconds(sums->dispatch_ns),
      .send_s = seconds(sums->send_ns),
      .busy_s = seconds(sums->busy_ns),
      .off_cpu_s = timed ? seconds(sums->off_cpu_ns) : (double)NAN,
      .few_s = seconds(sums->few_ns),
      .join_s = seconds(sums->join_ns),
      .late_start_s = seconds(sums->late_start_ns),
      .late_dispatch_s = seconds(sums->late_dispatch_ns),
      .late_send_s = seconds(sums->late_send_ns),
      .late_busy_s = seconds(sums->late_busy_ns),
      .late_off_cpu_s = timed ? seconds(sums->late_off_cpu_ns) : (double)NAN,
  };
}

static void set_total(const struct partial *total, struct record *record) {
  record->sum = (int64_t)(total->sum & INT64_MAX);
  record->count = (int64_t)(total->count & INT64_MAX);
  if (total->lowest_hit != KERNEL_NO_HIT)
    record->lowest_hit = (int64_t)total->lowest_hit;
}

static struct numbers copy_numbers(const double *values, size_t count) {
  struct numbers numbers = {malloc((count + 1) * sizeof *values), 0};
  if (!numbers.values)
    return (struct numbers){NULL, 0};
  memcpy(numbers.values, values, count * sizeof *values);
  numbers.count = count;
  return numbers;
}

static void set_turns(const struct trial_turns *turns, struct record *record) {
  if (!turns->forms)
    return;
  record->turns = copy(turns->forms);
  record->turns_s = copy_numbers(turns->times_s, turns->count);
  record->turns_cpu = copy_numbers(turns->times_s, turns->count);
  for (uint32_t i = 0; i < record->turns_cpu.count; i++)
    record->turns_cpu.values[i] =
        turns->cpus[i] < 0 ? (double)NAN : turns->cpus[i];
  if (turns->clock_count > 0)
    record->turns_clock_hz = copy_numbers(turns->clocks_hz, turns->clock_count);
  record->turns_ratio = trial_turns_ratio(turns->forms, turns->times_s);
}

/* What the process did once, for all points that share it. */
static void set_phases(const struct trial_result *result,
                       struct record *record) {
  record->setup_s = result->setup_s;
  record->builders = result->builders;
  if (result->node_count >= 0)
    record->placed_nodes = result->node_count;
  record->start_s = result->start_s;
  record->touch_s = result->touch_s;
  record->touched_by_workers = result->touched_by_workers;
  record->region_first_s = result->region_first_s;
  record->repeats_s = result->repeats_s;
  record->team_pss_bytes = result->team_pss_bytes;
  record->finish_s = result->finish_s;
  record->close_s = result->close_s;
  record->program_s = result->program_s;
  if (result->profile_s)
    record->profile_s = copy_numbers(result->profile_s, result->profile_count);
}

void record_of_result(const struct trial_request *request,
                      const struct trial_result *result, int status,
                      const struct problem *problem, struct record *record) {
  char digest[20];
  record->status = copy(!status ? "ok" : result->checked ? "wrong" : "failed");
  if (status)
    record->error = copy(problem->text);
  if (!result->checked)
    return;
  record->correct = result->correct;
  snprintf(digest, sizeof digest, "%016" PRIx64, result->digest);
  record->digest = copy(digest);
  record->workers_seen = result->workers_seen;
  set_total(&result->total, record);
  if (status)
    return; /* a wrong result has no times */
  set_variant(&record->variant, &result->variant);
  if (request->place == 0)
    set_phases(result, record);
  record->region_s = result->region_s;
  record->regions_s = copy_numbers(result->regions_s, result->iterations);
  set_turns(&result->turns, record);
  set_sums(&result->sums, &record->sums);
  set_sums(&result->program_sums, &record->program_sums);
  if (result->iterations) {
    set_stamps(request, result, record);
    set_around(&result->around, request->workers, record);
  }
}
