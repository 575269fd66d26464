#include "bench/sweep/simulated/machine.h"

#include "bench/plan/json_file.h"
#include "bench/plan/text.h"

#include <jansson.h>
#include <string.h>

#define AT(member) offsetof(struct simulated_machine, member)
/* A key is called as its member is. */
#define KEY(member) #member, AT(member)
#define TEXT(member)                                                           \
  KEY(member), sizeof((struct simulated_machine *)NULL)->member

#define ENDLESS_BYTES_PER_S 1e18

struct text_key {
  const char *name;
  size_t offset, size;
  bool required;
  const char *meaning;
};

static const struct text_key texts[] = {
    {TEXT(name), true, "what charts call it, after \"simulated: \""},
    {TEXT(about), false, "what it is there to show; nothing reads it"},
    {TEXT(topology), true,
     "its CPUs, in hwloc's synthetic notation: `pack:2 core:8 pu:2`"},
    {TEXT(slow_cpus), false, "the CPUs on slow cores: `16-23`"},
    {TEXT(missing_cpus), false,
     "CPUs of the topology that are not there: the second hardware threads of "
     "cores that have one, say"},
};

struct number_key {
  const char *name;
  size_t offset;
  double low, high, initial; /* initial: where the file does not say */
  const char *unit, *meaning;
};

static const struct number_key numbers[] = {
    {KEY(spin_item_s), 1e-9, 1, 1e-6, "s",
     "one item of `spin` on a fast core, alone; other kernels by their "
     "operations per item, of which this one has 2048"},
    {KEY(wait_item_s), 1e-9, 10, 1e-3, "s",
     "one item of a kernel that waits; cores, noise and sharing leave it "
     "alone"},
    {KEY(fault_s), 0, 1, 1e-6, "s",
     "a page fault: a page's first touch is so much longer than another"},
    {KEY(page_bytes), 0, 1e9, 0, "bytes",
     "of a page: workers that are forked in a region touch their results' for "
     "the first time; 0: that costs nothing"},
    {KEY(memory_bytes_per_s), 1e6, ENDLESS_BYTES_PER_S, ENDLESS_BYTES_PER_S,
     "bytes/s",
     "that move between memory and all CPUs together; lines that are written "
     "are read before; where it is said, the sweep measures it"},
    {KEY(hit_share), 0, 1, 1, "",
     "where a search that ends at its first hit has it, as a share of the "
     "items; 1: nowhere"},
    {KEY(serial_share), 0, 0.99, 0, "",
     "set-up, as a share of a program's work; `spin/serial=F` adds its own"},
    {KEY(sigma), 0, 1, 0, "",
     "contention: p workers' work is 1 + sigma (p - 1) + kappa p (p - 1) times "
     "as long; not for `clock` and `spin/chains=8`, which share nothing"},
    {KEY(kappa), 0, 1, 0, "", "coherency: see sigma"},
    {KEY(copies_sigma), 0, 1, 0, "",
     "contention of copies, which have no team's: the work of p at once is "
     "1 + copies_sigma (p - 1) times as long"},
    {KEY(line_cost), 0, 1000, 0, "",
     "share by which `counter/update=packed` takes longer, whose workers write "
     "to the same cache lines, where there are several"},
    {KEY(process_s), 0, 10, 1e-3, "s", "starting and ending a trial's process"},
    {KEY(start_s), 0, 10, 0, "s", "starting a team"},
    {KEY(start_per_worker_s), 0, 10, 0, "s",
     "starting a team, for each of its workers"},
    {KEY(fork_s), 0, 10, 0, "s",
     "forking a worker: a pool does it as it starts, `fork` in each region"},
    {KEY(close_s), 0, 10, 0, "s",
     "ending a team; `fork` does it in each region, and has none left"},
    {KEY(worker_start_s), 0, 10, 0, "s",
     "how much later each worker begins a region than the one before it"},
    {KEY(region_fixed_s), 0, 10, 0, "s",
     "a team's region, from its last worker's end to the join"},
    {KEY(dispatch_s), 0, 1, 0, "s",
     "the gap before a worker's next chunk, where chunks are dealt out"},
    {KEY(send_s), 0, 1, 0, "s", "sending a chunk's results, where they travel"},
    {KEY(skew), 0, 0.99, 0, "",
     "the last worker's work is this share longer than the mean, the first's "
     "this share shorter"},
    {KEY(clock_hz), 1e6, 1e11, 3e9, "Hz",
     "clock of a fast core while the others idle; `clock` takes 1000 cycles "
     "per item"},
    {KEY(clock_drop), 0, 0.95, 0, "",
     "share of the clock that is gone when all cores are busy; so much for "
     "each busy core"},
    {KEY(smt_gain), 0, 1, 0.25, "",
     "what a core does more when all its hardware threads are busy"},
    {KEY(slow_speed), 0.01, 1, 0.5, "",
     "work of a slow core over that of a fast one"},
    {KEY(slow_clock), 0.01, 1, 0.75, "",
     "clock of a slow core over that of a fast one"},
    {KEY(numa_cost), 0, 10, 0, "",
     "share by which work takes longer on another NUMA node than the first "
     "worker's"},
    {KEY(jitter), 0, 1, 0, "",
     "standard deviation of the logarithm of a trial's times"},
    {KEY(region_jitter), 0, 1, 0, "", "the same of each region of a trial"},
    {KEY(setup_jitter), 0, 1, 0, "", "the same of a trial's set-up alone"},
    {KEY(drift), 0, 1, 0, "",
     "standard deviation of a slow change of the logarithm of times"},
    {KEY(drift_correlation), 0, 0.9999, 0.95, "",
     "of the drift, from one trial to the next"},
    {KEY(trend), -0.001, 0.001, 0, "",
     "share by which times grow with each trial"},
    {KEY(steal_probability), 0, 1, 0, "",
     "of a trial being hit by a burst of steal"},
    {KEY(steal_share), 0, 0.95, 0.2, "",
     "share of its CPUs that such a trial loses"},
    {KEY(state_share), 0, 1, 0, "",
     "share of the time that a CPU is slow, each by itself; kernels that wait "
     "and `clock` are not"},
    {KEY(state_cost), 0, 10, 0.22, "",
     "share by which work takes longer on a CPU that is slow"},
    {KEY(state_least_s), 1e-3, 1000, 0.1, "s",
     "a CPU is in a state for so long at least, until the next is drawn"},
    {KEY(state_most_s), 1e-3, 1000, 1, "s", "and at most; not below the least"},
    {KEY(crowded_share), 0, 1, 0, "",
     "share of the time that the machine is crowded: all its CPUs together "
     "deliver what `crowded_cpus` do, without steal; kernels that wait are not "
     "slowed"},
    {KEY(crowded_cpus), 0.01, 4096, 1, "",
     "a team on so many CPUs or fewer is not slowed by a crowded machine; one "
     "on p CPUs takes p / crowded_cpus times as long"},
    {KEY(crowded_least_s), 1e-3, 1000, 1, "s",
     "the machine is crowded, or not, for so long at least"},
    {KEY(crowded_most_s), 1e-3, 1000, 2, "s",
     "and at most; not below the least"},
    {KEY(quota_cpus), 0.01, 4096, 4096, "CPUs",
     "a quota of CPU time, of which the sweep does not know beforehand: a team "
     "on p CPUs, more than that, gets so many p-ths of each"},
    {KEY(off_cpu_s), 0, 10, 0, "s",
     "what each worker waits for a CPU in each region"},
    {KEY(clock_resolution_s), 1e-9, 0.1, 1e-9, "s",
     "stamps are cut off to multiples of it"},
    {KEY(seed), 0, 9007199254740992, 1, "",
     "of the noise, together with the sweep's own seed; a whole number"},
};

enum {
  TEXTS = sizeof texts / sizeof *texts,
  NUMBERS = sizeof numbers / sizeof *numbers
};

static void *member_of(struct simulated_machine *machine, size_t offset) {
  return (char *)machine + offset;
}

static double *number_of(struct simulated_machine *machine,
                         const struct number_key *key) {
  return member_of(machine, key->offset);
}

void simulated_machine_init(struct simulated_machine *machine) {
  *machine =
      (struct simulated_machine){.name = "plain", .topology = "core:8 pu:1"};
  for (size_t i = 0; i < NUMBERS; i++)
    *number_of(machine, &numbers[i]) = numbers[i].initial;
}

/* A text key's value into its member. */
static int read_text(const char *path, const struct text_key *key,
                     const json_t *value, struct simulated_machine *machine,
                     struct problem *problem) {
  char *member = member_of(machine, key->offset);
  if (!value && !key->required)
    return PROBLEM_NONE;
  if (!value)
    return problem_usage(problem, "%s: the key \"%s\" is missing", path,
                         key->name);
  if (!json_is_string(value) || json_string_length(value) >= key->size ||
      !text_is_printable(json_string_value(value)))
    return problem_usage(problem,
                         "%s: the key \"%s\" is not a text of at most %zu "
                         "characters, all of them printable",
                         path, key->name, key->size - 1);
  snprintf(member, key->size, "%s", json_string_value(value));
  return PROBLEM_NONE;
}

static int read_number(const char *path, const struct number_key *key,
                       const json_t *value, struct simulated_machine *machine,
                       struct problem *problem) {
  double number = json_number_value(value);
  bool whole = key->offset != AT(seed) || json_is_integer(value);
  if (!json_is_number(value) || !whole ||
      !(number >= key->low && number <= key->high))
    return problem_usage(
        problem, "%s: the key \"%s\" is not a%s number from %g to %g", path,
        key->name, whole ? "" : " whole", key->low, key->high);
  *number_of(machine, key) = number;
  return PROBLEM_NONE;
}

static int read_key(const char *path, const char *name, const json_t *value,
                    struct simulated_machine *machine,
                    struct problem *problem) {
  for (size_t i = 0; i < TEXTS; i++)
    if (strcmp(texts[i].name, name) == 0)
      return read_text(path, &texts[i], value, machine, problem);
  for (size_t i = 0; i < NUMBERS; i++)
    if (strcmp(numbers[i].name, name) == 0)
      return read_number(path, &numbers[i], value, machine, problem);
  static const char *const renamed[][2] = {
      {"open_s", "start_s"}, {"open_per_worker_s", "start_per_worker_s"}};
  for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
    if (strcmp(renamed[i][0], name) == 0)
      return problem_usage(problem, "%s: \"%s\" is called \"%s\" now", path,
                           name, renamed[i][1]);
  return problem_usage(problem,
                       "%s: there is no key \"%s\"; results/machines/README.md "
                       "lists them",
                       path, name);
}

static int check_span(const char *path, const char *key, double least_s,
                      double most_s, struct problem *problem) {
  return least_s <= most_s
             ? PROBLEM_NONE
             : problem_usage(problem,
                             "%s: the key \"%s_most_s\" is %g: want at least "
                             "%s_least_s, which is %g",
                             path, key, most_s, key, least_s);
}

static int check_spans(const char *path,
                       const struct simulated_machine *machine,
                       struct problem *problem) {
  int status = check_span(path, "state", machine->state_least_s,
                          machine->state_most_s, problem);
  return status ? status
                : check_span(path, "crowded", machine->crowded_least_s,
                             machine->crowded_most_s, problem);
}

int simulated_machine_read(const char *path, struct simulated_machine *machine,
                           struct problem *problem) {
  struct problem reason;
  json_t *json;
  int status = json_file_read(path, &json, &reason);
  simulated_machine_init(machine);
  if (status)
    return problem_usage(problem, "%s", reason.text);
  if (!json_is_object(json))
    status = problem_usage(problem, "%s: not a JSON object", path);
  for (size_t i = 0; !status && i < TEXTS; i++)
    status = read_text(path, &texts[i], json_object_get(json, texts[i].name),
                       machine, problem);
  for (void *i = json_object_iter(json); !status && i;
       i = json_object_iter_next(json, i))
    status = read_key(path, json_object_iter_key(i), json_object_iter_value(i),
                      machine, problem);
  json_decref(json);
  if (!status)
    status = check_spans(path, machine, problem);
  if (status)
    return status;
  struct machine cpus;
  if (simulated_machine_topology(machine, &cpus, &reason) != 0)
    return problem_usage(problem, "%s: %s", path, reason.text);
  machine_free(&cpus);
  return PROBLEM_NONE;
}

bool simulated_machine_has_memory(const struct simulated_machine *machine) {
  return machine->memory_bytes_per_s < ENDLESS_BYTES_PER_S;
}

void simulated_machine_markdown(FILE *out) {
  fputs("| key | unit | where missing | from .. to | meaning |\n"
        "|---|---|---|---|---|\n",
        out);
  for (size_t i = 0; i < TEXTS; i++)
    fprintf(out, "| `%s` |  | %s | text | %s |\n", texts[i].name,
            texts[i].required ? "refused" : "none", texts[i].meaning);
  for (size_t i = 0; i < NUMBERS; i++)
    fprintf(out, "| `%s` | %s | %.10g | %.10g .. %.16g | %s |\n",
            numbers[i].name, numbers[i].unit, numbers[i].initial,
            numbers[i].low, numbers[i].high, numbers[i].meaning);
}
