#include "bench/commands/trial_print.h"

#include "bench/report/numbers.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static void print_time(const char *phase, double seconds, const char *what) {
  char text[NUMBER_LENGTH];
  number_time(seconds, text);
  printf("  %-8s %*s%s   %s\n", phase, (int)(10 - number_columns(text)), "",
         text, what);
}

static void print_workers(const struct trial_request *request,
                          const struct trial_result *result) {
  char begin[NUMBER_LENGTH], busy[NUMBER_LENGTH], cpu[NUMBER_LENGTH],
      items[NUMBER_LENGTH], delay[NUMBER_LENGTH];
  for (uint32_t w = 0;
       result->iterations && !request->stampless && w < request->workers; w++) {
    const struct trial_worker *worker = &result->workers[w];
    bool told = worker->run_delay_s > 0; /* not NAN */
    printf("  worker %-3" PRIu32
           " starts after %s, busy %s (CPU %s%s%s): %s %s "
           "in %" PRIu64 " chunk%s\n",
           w, number_time(worker->begin_s, begin),
           number_time(worker->busy_s, busy), number_time(worker->cpu_s, cpu),
           told ? ", waited for one " : "",
           told ? number_time(worker->run_delay_s, delay) : "",
           number_count(worker->items, items), request->workload->kernel->items,
           worker->chunks, worker->chunks == 1 ? "" : "s");
  }
}

/* Of the workers' time in timed regions: all of it, each part once; and of what
 * was busy, or waited for the last one, what was on no CPU. */
static void print_sums(const struct trial_request *request,
                       const struct trial_result *result) {
  const struct sums *s = &result->sums;
  const struct {
    const char *name, *what;
    int64_t ns;
  } parts[] = {
      {"busy", "inside chunks", s->busy_ns},
      {"start", "until their first chunks began", s->start_ns},
      {"dispatch", "between chunks", s->dispatch_ns},
      {"send", "sending results", s->send_ns},
      {"few", "for want of chunks", s->few_ns},
      {"late", "waiting for the last one, as it began late", s->late_start_ns},
      {"late", "as it waited longer for chunks", s->late_dispatch_ns},
      {"late", "as it sent for longer", s->late_send_ns},
      {"late", "as it was inside chunks for longer", s->late_busy_ns},
      {"join", "from when the last one left", s->join_ns},
  };
  double all_ns = (double)s->region_ns * request->workers;
  char share[NUMBER_LENGTH], off[NUMBER_LENGTH];
  if (s->regions == 0 || !(all_ns > 0))
    return;
  printf("  the time of %" PRIu32 " worker%s in %" PRIu64 " timed region%s\n",
         request->workers, request->workers == 1 ? "" : "s", s->regions,
         s->regions == 1 ? "" : "s");
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    double part = (double)parts[i].ns / all_ns;
    bool told = i == 0 && s->cpu_regions == s->regions && s->off_cpu_ns > 0;
    if (i > 0 && part > -0.0005 && part < 0.0005)
      continue;
    number_percent(part, share);
    printf("  %-8s %*s%s   %s%s%s\n", parts[i].name,
           (int)(10 - number_columns(share)), "", share, parts[i].what,
           told ? "; of it on no CPU: " : "",
           told ? number_percent((double)s->off_cpu_ns / all_ns, off) : "");
  }
}

static void print_result(const struct trial_request *request,
                         const struct trial_result *result) {
  const struct partial *total = &result->total;
  printf("  result   sum %" PRIu64 ", count %" PRIu64, total->sum,
         total->count);
  if (total->lowest_hit != KERNEL_NO_HIT)
    printf(", lowest hit %" PRIu64, total->lowest_hit);
  else if (workload_shape(request->workload).stops_early)
    printf(", no hit among %" PRIu64 " %s", request->size,
           request->workload->kernel->items);
  printf("; digest %016" PRIx64 ", %s\n", result->digest,
         trial_verifies(request) ? "verified" : "as expected");
}

/* How uneven the work of equal blocks is. */
static void print_profile(const struct trial_result *result) {
  char shortest[NUMBER_LENGTH], longest[NUMBER_LENGTH];
  double least_s = (double)INFINITY, most_s = 0;
  for (uint32_t k = 0; k < result->profile_count; k++) {
    least_s = fmin(least_s, result->profile_s[k]);
    most_s = fmax(most_s, result->profile_s[k]);
  }
  if (result->profile_count > 0)
    printf("  profile  %" PRIu32 " equal blocks take from %s to %s\n",
           result->profile_count, number_time(least_s, shortest),
           number_time(most_s, longest));
}

/* What a search did in vain. */
static void print_past(const struct trial_request *request,
                       const struct trial_result *result) {
  uint64_t items = result->sums.past_items;
  char past[NUMBER_LENGTH];
  if (result->sums.regions == 0 || result->total.lowest_hit == KERNEL_NO_HIT ||
      !workload_shape(request->workload).stops_early)
    return;
  printf("  past hit %s %s done past it in %" PRIu32 " timed region%s%s\n",
         number_count(items, past), request->workload->kernel->items,
         result->iterations, result->iterations == 1 ? "" : "s",
         items > 0 ? ": thrown away" : "");
}

static void print_also(const struct trial_request *request,
                       const struct trial_result *results) {
  char name[NOTATION_LENGTH], region[NUMBER_LENGTH], ratio[NUMBER_LENGTH],
      count[40] = "";
  for (uint32_t i = 1; i <= request->also_count; i++) {
    const struct trial_turns *turns = &results[i].turns;
    uint32_t workers = trial_workers(request, i);
    notation_format_variant(&results[i].variant, name);
    if (trial_has_counts(request))
      snprintf(count, sizeof count, ", %" PRIu32 " worker%s", workers,
               workers == 1 ? "" : "s");
    printf(
        "  also     %s%s: region %s, serial takes %s as long\n", name, count,
        number_time(results[i].region_s, region),
        number_ratio(trial_turns_ratio(turns->forms, turns->times_s), ratio));
  }
}

static void print_beside(const struct trial_request *request,
                         const struct trial_result *result) {
  char name[NOTATION_LENGTH], ratio[NUMBER_LENGTH];
  notation_format_variant(request->beside, name);
  number_ratio(trial_turns_ratio(result->turns.forms, result->turns.times_s),
               ratio);
  printf("  beside   %s takes %s as long: median of %" PRIu32 " block%s\n",
         name, ratio, request->blocks, request->blocks == 1 ? "" : "s");
}

static void print_setup(const struct trial_result *result) {
  char how[80] = "building the input, serial";
  if (result->builders > 1)
    snprintf(how, sizeof how, "building the input, %" PRIu32 " threads",
             result->builders);
  print_time("setup", result->setup_s, how);
  if (result->node_count == 0)
    puts("           the system lets no pages be placed on NUMA nodes (mbind)");
}

void trial_print(const struct trial_request *request,
                 const struct trial_result *result) {
  char variant[NOTATION_LENGTH], size[NUMBER_LENGTH], many[80];
  notation_format_variant(&result->variant, variant);
  printf("%s, %s %s, %s, %" PRIu32 " worker%s\n", request->workload->name,
         number_count(request->size, size), request->workload->kernel->items,
         variant, request->workers, request->workers == 1 ? "" : "s");
  print_setup(result);
  print_time("start", result->start_s, "starting the team");
  print_time("touch", result->touch_s, "touching the result's pages");
  print_time("region", result->region_first_s, "the first, cold");
  if (trial_repeat(request) > 1) {
    snprintf(many, sizeof many, "the program's %" PRIu32 " further ones",
             trial_repeat(request) - 1);
    print_time("", result->repeats_s, many);
  }
  if (result->iterations) {
    snprintf(many, sizeof many, "warm, lower median of %" PRIu32,
             result->iterations);
    print_time("", result->region_s, many);
  }
  if (request->beside)
    print_beside(request, result);
  print_also(request, result);
  print_time("finish", result->finish_s, "combining, serial");
  print_time("close", result->close_s, "ending the team");
  print_time("program", result->program_s,
             "setup + start + touch + its regions + finish + close");
  print_sums(request, result);
  print_workers(request, result);
  print_profile(result);
  print_result(request, result);
  print_past(request, result);
}
