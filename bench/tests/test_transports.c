/* test_transports.c: results come by the transport, not by memory that parent
 * and workers share; and whole, whatever pieces they come in.
 *
 * Only teams of processes run here: OpenMP could not be used before a fork. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/plan/registry.h"
#include "bench/trial/stream.h"
#include "bench/trial/trial.h"

/* --- where the output is -------------------------------------------------- */

/* 'p' for a private mapping around the address, 's' for a shared one. */
static char mapping_kind(const void *address) {
  FILE *maps = fopen("/proc/self/maps", "re");
  char line[512], kind = '?';
  assert_non_null(maps);
  while (kind == '?' && fgets(line, sizeof line, maps)) {
    char *end;
    uintptr_t from = strtoul(line, &end, 16);
    uintptr_t to = strtoul(end + 1, &end, 16);
    if ((uintptr_t)address >= from && (uintptr_t)address < to)
      kind = end[4]; /* " rw-p" */
  }
  fclose(maps);
  return kind;
}

static int look(const struct trial_request *request,
                const struct trial_items *items, void *context,
                struct problem *problem) {
  char *kind = context;
  (void)request;
  (void)problem;
  *kind = mapping_kind(items->output);
  return PROBLEM_NONE;
}

/* What kind of memory a verified trial of that variant had its output in. */
static char output_kind(const char *workload_text, uint64_t size,
                        const char *variant) {
  static struct workload workload; /* large */
  static struct trial_result result;
  static const int cpus[] = {-1, -1, -1, -1};
  struct problem problem = {0};
  struct trial_request request = {.workload = &workload,
                                  .workers = 2,
                                  .size = size,
                                  .seed = 1,
                                  .cpus = cpus,
                                  .usable_cpus = 2,
                                  .iterations = 1,
                                  .timeout_s = 60,
                                  .expect = ""};
  char kind = '?';
  int status = workload_parse(workload_text, &workload, &problem);
  if (!status)
    status = notation_parse_variant(variant, &request.variant, &problem);
  if (!status)
    status = trial_run_and_visit(&request, &result, look, &kind, &problem);
  if (status)
    fail_msg("%s: %s", variant, problem.text);
  assert_true(result.checked && result.correct);
  trial_free(&result);
  return kind;
}

static void assert_output_kind(const char *variant, char expected) {
  char kind = output_kind("block/bytes=8", 1000, variant);
  if (kind != expected)
    fail_msg("%s: output in a mapping of kind '%c' expected, got '%c'", variant,
             expected, kind);
}

/* A worker that wrote into its own copy has sent nothing by doing so. */
static void test_a_transport_carries_results_to_private_memory(void **unused) {
  (void)unused;
  assert_output_kind("pool:static@pipe", 'p');
  assert_output_kind("pool:static@queue", 'p');
  assert_output_kind("pool:static@socket", 'p');
  assert_output_kind("fork:static@pipe", 'p');
  assert_output_kind("fork:static@queue", 'p');
  assert_output_kind("fork:static@socket", 'p');
  assert_output_kind("pool:apply@pipe", 'p');
  assert_output_kind("pool:apply@queue", 'p');
  assert_output_kind("pool:apply@socket", 'p');
}

static void test_without_one_the_memory_is_shared(void **unused) {
  (void)unused;
  assert_output_kind("pool:static@shm", 's');
  assert_output_kind("pool:static", 's');
  assert_output_kind("pool:apply", 's');
  assert_output_kind("fork:static", 's');
}

/* A number is a name and what goes by it. */
static void test_transports_are_found_by_their_numbers(void **unused) {
  (void)unused;
  assert_null(transport_find(TRANSPORT_SHM));
  assert_string_equal(registry_transport_names[TRANSPORT_SHM], "shm");
  uint32_t number = 1;
  for (; registry_transport_names[number]; number++)
    assert_string_equal(transport_find(number)->name,
                        registry_transport_names[number]);
  assert_null(registry_transports[number - 1]);
  assert_true(number >= 4);
}

/* --- parcels over a stream ------------------------------------------------ */

enum { ITEMS = 1000, ITEM_BYTES = 1000, WORKERS = 3 };

/* A job of three workers and the reading end of one stream. */
struct receiver {
  struct worker_slot slots[WORKERS];
  struct job job;
  struct channel channel;
  struct stream stream;
  struct streams streams;
  int writer;
  uint64_t visits;
};

static int deliver(struct channel *channel, const struct parcel *parcel) {
  ++*(uint64_t *)channel->own;
  parcel_deliver(channel, parcel);
  return 0;
}

/* In place: the slots are aligned. */
static struct receiver *open_receiver(int send_buffer_bytes) {
  static struct receiver receiver;
  struct receiver *r = &receiver;
  int fds[2];
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
  if (send_buffer_bytes > 0)
    assert_int_equal(setsockopt(fds[1], SOL_SOCKET, SO_SNDBUF,
                                &send_buffer_bytes, sizeof send_buffer_bytes),
                     0);
  *r = (struct receiver){.job = {.output = calloc(ITEMS, ITEM_BYTES),
                                 .output_item_bytes = ITEM_BYTES,
                                 .size = ITEMS,
                                 .workers = WORKERS},
                         .stream = {.fd = fds[0]},
                         .writer = fds[1]};
  for (int w = 0; w < WORKERS; w++)
    r->slots[w].partial.lowest_hit = KERNEL_NO_HIT;
  r->job.slots = r->slots;
  r->channel = (struct channel){.job = &r->job, .own = &r->visits};
  r->streams = (struct streams){.count = 1, .readers = &r->stream};
  assert_non_null(r->job.output);
  return r;
}

static void close_receiver(struct receiver *r) {
  if (r->stream.fd >= 0)
    close(r->stream.fd);
  if (r->writer >= 0)
    close(r->writer);
  free(r->job.output);
}

static int receive(struct receiver *r, int timeout_ms) {
  return streams_receive(&r->streams, &r->channel, deliver, timeout_ms);
}

/* The items [begin, end) of worker 1. */
static struct parcel result_of(uint64_t begin, uint64_t end) {
  return (struct parcel){
      .kind = PARCEL_RESULT,
      .worker = 1,
      .begin = begin,
      .end = end,
      .bytes = (end - begin) * ITEM_BYTES,
      .partial = {.sum = 5, .count = end - begin, .lowest_hit = KERNEL_NO_HIT}};
}

static char pattern(size_t at) {
  return (char)(at * 7 + at / 251);
}

static char *make_slice(size_t bytes) {
  char *slice = malloc(bytes);
  assert_non_null(slice);
  for (size_t at = 0; at < bytes; at++)
    slice[at] = pattern(at);
  return slice;
}

/* How many bytes of the output are not the slice's, nor zero outside it. */
static size_t wrong_bytes(const struct receiver *r, size_t begin, size_t end) {
  const char *output = r->job.output;
  size_t wrong = 0;
  for (size_t at = 0; at < (size_t)ITEMS * ITEM_BYTES; at++)
    wrong += output[at] != (at >= begin && at < end ? pattern(at - begin) : 0);
  return wrong;
}

static void send_raw(struct receiver *r, const void *bytes, size_t count) {
  assert_int_equal(write(r->writer, bytes, count), count);
}

/* Byte by byte, the header and the slice. */
static void test_a_parcel_in_single_bytes(void **unused) {
  struct receiver *r = open_receiver(0);
  struct parcel parcel = result_of(2, 4);
  char *slice = make_slice(parcel.bytes);
  (void)unused;
  assert_int_equal(receive(r, 0), 0);
  for (size_t at = 0; at < sizeof parcel; at++) {
    send_raw(r, (const char *)&parcel + at, 1);
    assert_int_equal(receive(r, 0), 0);
  }
  for (size_t at = 0; at + 1 < parcel.bytes; at++) {
    send_raw(r, slice + at, 1);
    assert_int_equal(receive(r, 0), 0);
  }
  assert_int_equal(r->visits, 0);
  send_raw(r, slice + parcel.bytes - 1, 1);
  assert_int_equal(receive(r, 0), 1);
  assert_int_equal(r->visits, 1);
  assert_int_equal(r->channel.results, 1);
  assert_int_equal(r->slots[1].partial.sum, 5);
  assert_int_equal(r->slots[1].partial.count, 2);
  assert_int_equal(wrong_bytes(r, 2000, 4000), 0);
  assert_int_equal(receive(r, 0), 0);
  free(slice);
  close_receiver(r);
}

/* Several parcels that come in one piece are told apart. */
static void test_parcels_in_one_piece(void **unused) {
  struct receiver *r = open_receiver(0);
  struct parcel first = result_of(0, 2), none = result_of(2, 2),
                second = result_of(2, 5),
                done = {.kind = PARCEL_DONE, .worker = 2};
  char bytes[4 * sizeof(struct parcel) + 5 * ITEM_BYTES], *to = bytes;
  char *slice = make_slice(5 * ITEM_BYTES);
  (void)unused;
  to = (char *)mempcpy(to, &first, sizeof first);
  to = (char *)mempcpy(to, slice, first.bytes);
  to = (char *)mempcpy(to, &none, sizeof none);
  to = (char *)mempcpy(to, &second, sizeof second);
  to = (char *)mempcpy(to, slice + first.bytes, second.bytes);
  memcpy(to, &done, sizeof done);
  send_raw(r, bytes, sizeof bytes);
  assert_int_equal(receive(r, 0), 4);
  assert_int_equal(r->channel.results, 3);
  assert_int_equal(r->channel.done, 1);
  assert_int_equal(r->slots[1].partial.sum, 15);
  assert_int_equal(wrong_bytes(r, 0, 5000), 0);
  free(slice);
  close_receiver(r);
}

static void ignore(int signal_number) {
  (void)signal_number;
}

/* An alarm each millisecond that interrupts system calls; 0: none. */
static void set_alarms(suseconds_t every_us) {
  struct sigaction action = {.sa_handler = ignore}; /* no SA_RESTART */
  struct itimerval timer = {{0, every_us}, {0, every_us}};
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &timer, NULL);
}

/* A parcel of 900 kB through a few kB of buffer.  The sender is interrupted
 * again and again while it can write nothing. */
static void test_a_parcel_through_a_tiny_buffer(void **unused) {
  struct receiver *r = open_receiver(1); /* the least that there is */
  struct parcel parcel = result_of(50, 950);
  char *slice = make_slice(parcel.bytes);
  int got = 0, status = 0, calls = 0;
  (void)unused;
  pid_t sender = fork();
  if (sender == 0) {
    set_alarms(1000);
    _exit(stream_send(r->writer, &parcel, slice) == 0 ? 0 : 1);
  }
  assert_true(sender > 0);
  close(r->writer);
  r->writer = -1;
  usleep(50000);
  for (; got == 0 && calls < 100000; calls++)
    got = receive(r, 1000);
  assert_int_equal(got, 1);
  assert_true(calls > 1);
  assert_int_equal(wrong_bytes(r, 50000, 950000), 0);
  assert_int_equal(waitpid(sender, &status, 0), sender);
  assert_int_equal(status, 0);
  free(slice);
  close_receiver(r);
}

static void test_an_interrupted_wait_has_brought_nothing(void **unused) {
  struct receiver *r = open_receiver(0);
  (void)unused;
  set_alarms(5000);
  assert_int_equal(receive(r, 1000), 0);
  set_alarms(0);
  close_receiver(r);
}

static void test_a_header_that_makes_no_sense(void **unused) {
  struct parcel wrong[10];
  enum { WRONG = sizeof wrong / sizeof wrong[0] };
  (void)unused;
  for (int k = 0; k < WRONG; k++)
    wrong[k] = result_of(10, 20);
  wrong[0].kind = PARCEL_DONE + 1;
  wrong[1].worker = WORKERS;
  wrong[2].worker = UINT32_MAX;
  wrong[3].bytes++;
  wrong[4].bytes = 0;
  wrong[5].begin = 21; /* with the bytes that 21 to 20 would have */
  wrong[5].bytes = (uint64_t)0 - ITEM_BYTES;
  wrong[6] = result_of(ITEMS - 1, ITEMS + 1);
  wrong[7] = result_of(ITEMS + 1, ITEMS + 1);
  wrong[8] = result_of(UINT64_MAX - 1, UINT64_MAX);
  wrong[9].kind = PARCEL_DONE; /* and a slice */
  for (int k = 0; k < WRONG; k++) {
    struct receiver *r = open_receiver(0);
    send_raw(r, &wrong[k], sizeof wrong[k]);
    int got = receive(r, 0);
    if (got != -EPROTO)
      fail_msg("header %d: -EPROTO expected, got %d", k, got);
    assert_int_equal(r->visits, 0);
    assert_int_equal(wrong_bytes(r, 0, 0), 0);
    close_receiver(r);
  }
}

/* The sender dies in the middle of a slice: nothing was delivered. */
static void test_a_parcel_that_breaks_off(void **unused) {
  struct receiver *r = open_receiver(0);
  struct parcel parcel = result_of(0, 2);
  char *slice = make_slice(parcel.bytes);
  (void)unused;
  send_raw(r, &parcel, sizeof parcel);
  send_raw(r, slice, parcel.bytes - 1);
  close(r->writer);
  r->writer = -1;
  assert_int_equal(receive(r, 0), 0);
  assert_int_equal(receive(r, 0), -EPIPE);
  assert_int_equal(r->visits, 0);
  assert_int_equal(r->slots[1].partial.count, 0);
  free(slice);
  close_receiver(r);
}

/* --- parcels larger than what carries them -------------------------------- */

/* A pipe holds 64 kB, a socket 208 kB, the queue 1 MB. */
static void test_results_larger_than_the_carrier(void **unused) {
  static const char *const variants[] = {
      "pool:static@pipe",   "pool:static@queue",  "pool:static@socket",
      "fork:static@pipe",   "fork:dynamic@queue", "fork:static@socket",
      "pool:apply@pipe",    "pool:apply@queue",   "pool:apply@socket",
      "fork:guided@socket", "pool:dynamic,1@pipe"};
  (void)unused;
  for (size_t k = 0; k < sizeof variants / sizeof variants[0]; k++)
    assert_int_equal(output_kind("block/bytes=1048576", 6, variants[k]), 'p');
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_transport_carries_results_to_private_memory),
      cmocka_unit_test(test_without_one_the_memory_is_shared),
      cmocka_unit_test(test_transports_are_found_by_their_numbers),
      cmocka_unit_test(test_a_parcel_in_single_bytes),
      cmocka_unit_test(test_parcels_in_one_piece),
      cmocka_unit_test(test_a_parcel_through_a_tiny_buffer),
      cmocka_unit_test(test_an_interrupted_wait_has_brought_nothing),
      cmocka_unit_test(test_a_header_that_makes_no_sense),
      cmocka_unit_test(test_a_parcel_that_breaks_off),
      cmocka_unit_test(test_results_larger_than_the_carrier),
  };
  return cmocka_run_group_tests_name("transports", tests, NULL, NULL);
}
