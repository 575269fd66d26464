/* Whether a trial's result is right, and came about as a kernel's contract
 * says: each chunk wrote its own items and no others. */
#include "bench/trial/clock.h"
#include "bench/trial/trial_run.h"

#include <inttypes.h>
#include <string.h>

enum {
  LOOKS = 3,  /* chunks that are looked at: the first, a middle, the last */
  CUTS = 7,   /* chunks in which all items are done once more */
  PLANES = 6, /* all pairs of 2^6 chunks are looked at */
  PLANES_MS = 1000, /* but no new plane is begun after that long */
  POISON = 0xa5,    /* what an output is full of that nobody has written to */
};

static size_t output_bytes(const struct run *run) {
  return run->job.size * run->job.output_item_bytes;
}

static uint64_t digest_of(const struct run *run, const struct partial *total) {
  const struct job *job = &run->job;
  return trial_digest_part(job->output, job->output_item_bytes, 0, job->size) +
         trial_digest_total(total);
}

static int check_guards(const struct run *run, struct problem *problem) {
  const struct job *job = &run->job;
  struct memory_breach breach =
      memory_guards_check(job->output, output_bytes(run));
  if (breach.before_bytes)
    return problem_failure(problem,
                           "wrong result: kernel '%s' wrote %zu bytes before "
                           "the begin of its output (items [0, %" PRIu64 "))",
                           job->kernel->name, breach.before_bytes, job->size);
  if (breach.after_bytes)
    return problem_failure(problem,
                           "wrong result: kernel '%s' wrote %zu bytes past the "
                           "end of its output (items [0, %" PRIu64 ")): are "
                           "%zu output_bytes an item too few?",
                           job->kernel->name, breach.after_bytes, job->size,
                           job->output_item_bytes);
  return PROBLEM_NONE;
}

/* The place of the first byte that is not the poison, or `bytes`. */
static size_t first_written(const unsigned char *at, size_t bytes) {
  size_t place = 0;
  if (bytes > 0 && at[0] == POISON && memcmp(at, at + 1, bytes - 1) == 0)
    return bytes; /* all are as the one before */
  while (place < bytes && at[place] == POISON)
    place++;
  return place;
}

static void reset(struct run *run) {
  job_reset(&run->job);
  if (run->job.kernel->reset)
    run->job.kernel->reset(run->state);
}

/* Runs the items [begin, end) into a poisoned output, and poisons them again.
 */
static int look_at(struct run *run, uint64_t begin, uint64_t end,
                   struct problem *problem) {
  const struct job *job = &run->job;
  unsigned char *output = job->output;
  size_t item_bytes = job->output_item_bytes;
  size_t own = begin * item_bytes, rest = end * item_bytes;
  reset(run);
  worker_run(job, 0, begin, end);
  size_t written = first_written(output, own);
  if (written == own)
    written = rest + first_written(output + rest, output_bytes(run) - rest);
  if (written < output_bytes(run))
    return problem_failure(problem,
                           "wrong result: kernel '%s' wrote to item %" PRIu64
                           " in its chunk [%" PRIu64 ", %" PRIu64
                           "): `run` may write the items of its chunk alone",
                           job->kernel->name, (uint64_t)(written / item_bytes),
                           begin, end);
  memset(output + own, POISON, rest - own);
  return check_guards(run, problem);
}

/* As long as the schedule's, but never all items: of those, the guards tell. */
static uint64_t look_items(const struct run *run) {
  const struct job *job = &run->job;
  uint64_t begin = 0, items = job->chunk,
           most = (job->size + LOOKS) / LOOKS / 2;
  if (job->schedule == SCHEDULE_STATIC)
    job_block(job, 0, &begin, &items);
  if (job->schedule == SCHEDULE_APPLY || most == 0)
    return 1;
  return items < most ? items : most;
}

static int look_at_chunks(struct run *run, struct problem *problem) {
  const struct job *job = &run->job;
  uint64_t items = look_items(run);
  const uint64_t begins[LOOKS] = {0, (job->size - items) / 2,
                                  job->size - items};
  int status = PROBLEM_NONE;
  memset(job->output, POISON, output_bytes(run));
  for (int k = 0; !status && k < LOOKS; k++)
    status = look_at(run, begins[k], begins[k] + items, problem);
  return status;
}

/* Runs every chunk whose number has this bit as `half` says into a poisoned
 * output, and looks at what is the other chunks'. */
static int look_at_half(struct run *run, int plane, uint64_t half,
                        struct problem *problem) {
  const struct job *job = &run->job;
  unsigned char *output = job->output;
  size_t item_bytes = job->output_item_bytes;
  uint64_t items = (job->size >> PLANES) + 1;
  memset(output, POISON, output_bytes(run));
  reset(run);
  for (int look = 0; look < 2; look++)
    for (uint64_t chunk = 0; chunk * items < job->size; chunk++) {
      uint64_t begin = chunk * items, left = job->size - begin;
      uint64_t end = begin + (left < items ? left : items);
      bool runs = (chunk >> plane & 1) == half;
      if (look == 0 && runs)
        worker_run(job, 0, begin, end);
      if (look == 0 || runs)
        continue;
      size_t written = first_written(output + begin * item_bytes,
                                     (end - begin) * item_bytes);
      if (written < (end - begin) * item_bytes)
        return problem_failure(
            problem,
            "wrong result: kernel '%s' wrote to item %" PRIu64
            " in another chunk than its own (chunks of %" PRIu64
            " items): `run` may write the items of its chunk alone",
            job->kernel->name, begin + written / item_bytes, items);
    }
  return PROBLEM_NONE;
}

/* Any two chunks differ in a bit of their numbers: once for each bit and each
 * of its values, so that a chunk which writes to another one's items is found,
 * wherever they are and even if what it writes is right. */
static int look_at_all(struct run *run, struct problem *problem) {
  int64_t until_ns = clock_now_ns() + INT64_C(1000000) * PLANES_MS;
  int status = PROBLEM_NONE;
  for (int plane = 0; !status && plane < PLANES; plane++) {
    if (clock_now_ns() > until_ns)
      break;
    for (uint64_t half = 0; !status && half < 2; half++)
      status = look_at_half(run, plane, half, problem);
  }
  return status;
}

/* All items once more, into an output as it was at first, in other chunks.
 * Returns the digest. */
static uint64_t run_in_other_chunks(struct run *run, struct partial *total) {
  const struct job *job = &run->job;
  uint64_t items = job->size / CUTS + 1;
  memset(job->output, 0, output_bytes(run));
  reset(run);
  for (uint64_t chunk = 0; chunk * items < job->size; chunk++) {
    uint64_t begin = chunk * items, left = job->size - begin;
    worker_run(job, (uint32_t)(chunk % job->workers), begin,
               begin + (left < items ? left : items));
  }
  for (uint32_t w = 0; w < job->workers; w++)
    run->partials[w] = job->slots[w].partial;
  *total = trial_combine(run, &run->own);
  return digest_of(run, total);
}

static int compare_chunkings(struct run *run, struct problem *problem) {
  const struct kernel *kernel = run->job.kernel;
  struct kernel_problem difference = {""};
  struct partial total;
  uint64_t digest = run_in_other_chunks(run, &total);
  if (digest == run->result->digest)
    return PROBLEM_NONE;
  if (!kernel->verify(run->state, run->job.output, &total, &difference))
    return problem_failure(problem,
                           "wrong result: right as it was run, but in other "
                           "chunks of items, %s",
                           difference.text);
  return problem_failure(
      problem,
      "wrong result: that of kernel '%s' depends on its chunks: digest "
      "%016" PRIx64 " as it was run, %016" PRIx64 " in chunks of %" PRIu64
      " items, and its own check passes both: is its `verify` too weak?",
      kernel->name, run->result->digest, digest, run->job.size / CUTS + 1);
}

/* What is done but once, where a trial verifies in full.  A kernel that waits
 * is not run again: it would take too long.  The output is then as it was. */
static int check_contract(struct run *run, struct problem *problem) {
  const struct job *job = &run->job;
  if (job->kernel->waits || job->size == 0)
    return PROBLEM_NONE;
  int status =
      output_bytes(run) > 0 ? look_at_chunks(run, problem) : PROBLEM_NONE;
  if (!status && output_bytes(run) > 0)
    status = look_at_all(run, problem);
  return status ? status : compare_chunkings(run, problem);
}

/* 0: it is the expected one; else what the kernel says of the result. */
static int check_digest(const struct run *run, uint64_t digest,
                        const struct partial *total, struct problem *problem) {
  const struct trial_request *request = run->request;
  struct kernel_problem difference = {""};
  char text[TRIAL_DIGEST];
  snprintf(text, sizeof text, "%016" PRIx64, digest);
  bool verify = trial_verifies(request);
  if (!verify && strcmp(text, request->expect) == 0)
    return PROBLEM_NONE;
  if (!run->job.kernel->verify(run->state, run->job.output, total, &difference))
    return problem_failure(problem, "wrong result: %s", difference.text);
  if (verify)
    return PROBLEM_NONE;
  return problem_failure(problem,
                         "digest %s instead of the expected %s, though the "
                         "kernel's own check of this result passes: another "
                         "size, seed or workload, or is its `verify` too weak?",
                         text, request->expect);
}

int trial_check_output(const struct run *run, const struct partial *total,
                       struct problem *problem) {
  return check_digest(run, digest_of(run, total), total, problem);
}

int trial_check(struct run *run, struct problem *problem) {
  struct trial_result *result = run->result;
  result->digest = digest_of(run, &result->total);
  result->checked = true;
  int status = check_guards(run, problem);
  if (!status)
    status = check_digest(run, result->digest, &result->total, problem);
  if (!status && trial_verifies(run->request))
    status = check_contract(run, problem);
  result->correct = !status;
  return status;
}
