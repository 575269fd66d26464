#include "bench/trial/builders.h"

#include "bench/trial/job.h"
#include "bench/trial/watch.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Filling a MiB, its pages made on the way, takes some 0.3 ms; a thread takes
 * 0.05 ms to start and to end. */
static const double bytes_each = 1 << 20;

/* As much as a main thread has: a kernel's `fill` is written for that. */
enum { STACK_BYTES = 8 << 20 };

struct builder {
  const struct kernel *kernel;
  void *state;
  const struct kernel_request *request;
  uint64_t begin, end;
  pthread_t thread;
  bool started;
};

uint32_t builders_count(double bytes, uint32_t most) {
  double worth = bytes / bytes_each;
  return !(worth >= 2) || most < 2 ? 1 : worth < most ? (uint32_t)worth : most;
}

static void build(const struct builder *builder) {
  builder->kernel->fill(builder->state, builder->request, builder->begin,
                        builder->end);
}

static void *in_a_thread(void *builder) {
  watch_thread();
  build(builder);
  return NULL;
}

/* On a stack of ours, in stacks[0..STACK_BYTES), whose lowest page is closed:
 * those of the system stay mapped for threads to come, and are copied in every
 * fork until then. */
static bool start(struct builder *builder, char *stack) {
  size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
  pthread_attr_t attributes;
  if (mprotect(stack, page_bytes, PROT_NONE) != 0 ||
      pthread_attr_init(&attributes) != 0)
    return false;
  bool started =
      pthread_attr_setstack(&attributes, stack + page_bytes,
                            STACK_BYTES - page_bytes) == 0 &&
      pthread_create(&builder->thread, &attributes, in_a_thread, builder) == 0;
  pthread_attr_destroy(&attributes);
  return started;
}

/* The first of them is the caller. */
static uint32_t build_all(struct builder *builders, uint32_t count,
                          char *stacks) {
  uint32_t threads = 1;
  for (uint32_t k = 1; k < count; k++)
    builders[k].started =
        start(&builders[k], stacks + (size_t)STACK_BYTES * (k - 1));
  build(&builders[0]);
  for (uint32_t k = 1; k < count; k++)
    if (!builders[k].started)
      build(&builders[k]);
  for (uint32_t k = 1; k < count; k++)
    if (builders[k].started) {
      pthread_join(builders[k].thread, NULL);
      threads++;
    }
  return threads;
}

uint32_t builders_fill(const struct kernel *kernel, void *state,
                       const struct kernel_request *request, uint32_t count) {
  size_t stack_bytes = (size_t)STACK_BYTES * (count - 1);
  uint32_t threads = 1;
  struct builder *builders = calloc(count, sizeof *builders);
  void *stacks =
      count > 1
          ? mmap(NULL, stack_bytes, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0)
          : MAP_FAILED;
  for (uint32_t k = 0; builders && k < count; k++)
    builders[k] =
        (struct builder){.kernel = kernel,
                         .state = state,
                         .request = request,
                         .begin = job_share(request->size, k, count),
                         .end = job_share(request->size, k + 1, count)};
  if (builders && stacks != MAP_FAILED)
    threads = build_all(builders, count, stacks);
  else
    kernel->fill(state, request, 0, request->size);
  if (stacks != MAP_FAILED)
    munmap(stacks, stack_bytes);
  free(builders);
  return threads;
}
