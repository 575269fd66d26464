/* test_threads.c: the hand-off and the transports between threads of one
 * process, where a tool can look at all of them at once (`make tsan`), and on
 * another processor's memory (`make test-aarch64`).  What passes from one
 * thread to another is plain memory, and nothing but a hand-off or a transport
 * orders it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/trial/handoff.h"
#include "bench/trial/transports/transport.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, TURNS = 3000, REGIONS = 300, SLICE_NS = 1000000 };

static pthread_t start(void *(*life)(void *), void *argument) {
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, life, argument), 0);
  return thread;
}

static void join(pthread_t thread) {
  assert_int_equal(pthread_join(thread, NULL), 0);
}

/* --- one word, two threads ------------------------------------------------ */

struct table {
  struct handoff serve, back;
  uint64_t ball; /* whose turn it is holds it */
  bool spins;
  long slice_ns;
};

static void await(struct handoff *handoff, uint32_t value, bool spins,
                  long slice_ns) {
  for (uint32_t seen; (seen = handoff_read(handoff)) != value;)
    handoff_wait(handoff, seen, spins, slice_ns);
}

static void *return_balls(void *argument) {
  struct table *t = argument;
  for (uint32_t turn = 1; turn <= TURNS; turn++) {
    await(&t->serve, turn, t->spins, t->slice_ns);
    t->ball = 3 * t->ball + 1;
    handoff_set(&t->back, turn);
  }
  return NULL;
}

static void play(bool spins, long slice_ns) {
  static struct table t;
  uint64_t expected = 0;
  t = (struct table){.spins = spins, .slice_ns = slice_ns};
  pthread_t other = start(return_balls, &t);
  for (uint32_t turn = 1; turn <= TURNS; turn++) {
    t.ball += turn;
    expected = 3 * (expected + turn) + 1;
    handoff_set(&t.serve, turn);
    await(&t.back, turn, spins, slice_ns);
    assert_int_equal(t.ball, expected);
  }
  join(other);
}

static void test_a_value_goes_there_and_back(void **state) {
  (void)state;
  play(false, 0);
  play(false, SLICE_NS);
  play(true, 0);
  play(true, SLICE_NS);
}

/* --- one word, many sleepers: as a team of processes has it --------------- */

struct team {
  struct handoff generation, remaining;
  uint64_t task, done[THREADS];
};

struct member {
  struct team *team;
  uint32_t number;
};

static void *work(void *argument) {
  const struct member *m = argument;
  struct team *team = m->team;
  for (uint32_t region = 1; region <= REGIONS; region++) {
    await(&team->generation, region, false, 0);
    team->done[m->number] += team->task + m->number;
    if (atomic_fetch_sub(&team->remaining.word, 1) == 1)
      handoff_wake(&team->remaining);
  }
  return NULL;
}

static void test_a_team_begins_and_ends_together(void **state) {
  static struct team team;
  struct member members[THREADS];
  pthread_t threads[THREADS];
  uint64_t sum = 0;
  (void)state;
  for (uint32_t w = 0; w < THREADS; w++) {
    members[w] = (struct member){&team, w};
    threads[w] = start(work, &members[w]);
  }
  for (uint32_t region = 1; region <= REGIONS; region++) {
    team.task = region;
    sum += region;
    atomic_store(&team.remaining.word, THREADS);
    handoff_advance(&team.generation);
    await(&team.remaining, 0, region % 2, SLICE_NS);
    for (uint32_t w = 0; w < THREADS; w++)
      assert_int_equal(team.done[w], sum + (uint64_t)region * w);
  }
  for (uint32_t w = 0; w < THREADS; w++)
    join(threads[w]);
}

/* --- parcels -------------------------------------------------------------- */

struct sender {
  struct channel *channel;
  uint32_t worker;
  int status;
};

static unsigned char pattern(uint64_t at) {
  return (unsigned char)(at * 7 + at / 251);
}

/* What worker w has: every THREADS-th chunk of two items. */
static int send_chunk(struct channel *channel, uint32_t worker, uint64_t begin,
                      char *slice) {
  const struct job *job = channel->job;
  uint64_t left = job->size - begin, items = left < 2 ? left : 2;
  const struct parcel parcel = {
      .kind = PARCEL_RESULT,
      .worker = worker,
      .begin = begin,
      .end = begin + items,
      .bytes = items * job->output_item_bytes,
      .partial = {.sum = begin, .count = items, .lowest_hit = KERNEL_NO_HIT}};
  for (uint64_t i = 0; i < parcel.bytes; i++)
    slice[i] = (char)pattern(begin * job->output_item_bytes + i);
  return channel->transport->send(channel, &parcel, slice);
}

static void *send_share(void *argument) {
  struct sender *s = argument;
  const struct job *job = s->channel->job;
  const struct parcel done = {.kind = PARCEL_DONE, .worker = s->worker};
  char *slice = malloc(2 * job->output_item_bytes);
  s->status = slice ? 0 : -1;
  for (uint64_t at = 2 * s->worker; !s->status && at < job->size;
       at += 2 * THREADS)
    s->status = send_chunk(s->channel, s->worker, at, slice);
  if (!s->status)
    s->status = s->channel->transport->send(s->channel, &done, NULL);
  free(slice);
  return NULL;
}

static void receive_all(struct channel *channel) {
  while (channel->done < THREADS) {
    int got = channel->transport->receive(channel, 100);
    if (got < 0)
      fail_msg("%s: %d", channel->transport->name, got);
  }
}

static void assert_output(const struct channel *channel) {
  const struct job *job = channel->job;
  const unsigned char *output = job->output;
  struct partial total = partial_combine(&job->slots[0].partial, 1);
  for (uint32_t w = 1; w < THREADS; w++)
    total.count += job->slots[w].partial.count;
  assert_int_equal(total.count, job->size);
  assert_int_equal(channel->results, (job->size + 1) / 2);
  for (uint64_t at = 0; at < job->size * job->output_item_bytes; at++)
    if (output[at] != pattern(at))
      fail_msg("%s: byte %ju is wrong", channel->transport->name, at);
}

/* Neither attach nor detach: all ends are in this process. */
static void carry(const struct transport *transport, uint64_t size,
                  size_t item_bytes, bool spins) {
  static struct worker_slot slots[THREADS];
  static const int cpus[] = {-1};
  struct problem problem = {""};
  struct sender senders[THREADS];
  pthread_t threads[THREADS];
  struct job job = {.output = calloc(size, item_bytes),
                    .output_item_bytes = item_bytes,
                    .size = size,
                    .workers = THREADS,
                    .cpus = cpus,
                    .usable_cpus = 1,
                    .slots = slots};
  struct channel channel = {.transport = transport, .job = &job};
  assert_non_null(job.output);
  channel.spins = spins;
  for (uint32_t w = 0; w < THREADS; w++)
    slots[w] = (struct worker_slot){.partial = {.lowest_hit = KERNEL_NO_HIT}};
  if (transport->open(&channel, &problem) != 0)
    fail_msg("%s: %s", transport->name, problem.text);
  for (uint32_t w = 0; w < THREADS; w++) {
    senders[w] = (struct sender){.channel = &channel, .worker = w};
    threads[w] = start(send_share, &senders[w]);
  }
  receive_all(&channel);
  for (uint32_t w = 0; w < THREADS; w++) {
    join(threads[w]);
    assert_int_equal(senders[w].status, 0);
  }
  assert_output(&channel);
  transport->close(&channel);
  free(job.output);
}

/* Many small parcels, and such as do not fit into what carries them. */
static void test_transport(void **state) {
  const struct transport *const *at = *state;
  carry(*at, 3001, 8, false);
  carry(*at, 3001, 8, true);
  carry(*at, 41, 100000, false);
}

int main(void) {
  enum { TRANSPORTS = 16 };
  const struct transport *transports[TRANSPORTS]; /* cmocka takes no const */
  struct CMUnitTest tests[2 + TRANSPORTS] = {
      cmocka_unit_test(test_a_value_goes_there_and_back),
      cmocka_unit_test(test_a_team_begins_and_ends_together),
  };
  size_t count = 2;
  for (size_t t = 0; registry_transports[t] && t < TRANSPORTS; t++) {
    transports[t] = registry_transports[t];
    tests[count++] = (struct CMUnitTest){.name = transports[t]->name,
                                         .test_func = test_transport,
                                         .initial_state = &transports[t]};
  }
  return _cmocka_run_group_tests("threads", tests, count, NULL, NULL);
}
