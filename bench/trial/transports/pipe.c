/* pipe: results serialised through a pipe from each worker to the parent. */
#include "bench/trial/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int make_pipe(int fds[2]) {
  return pipe2(fds, O_CLOEXEC);
}

static int visit(struct channel *channel, const struct parcel *parcel) {
  parcel_deliver(channel, parcel);
  return 0;
}

static int open_pipes(struct channel *channel, struct problem *problem) {
  struct streams *streams = calloc(1, sizeof *streams);
  int status = streams ? streams_open(streams, channel->job->workers, make_pipe)
                       : -ENOMEM;
  channel->own = streams;
  if (!status)
    return PROBLEM_NONE;
  free(streams);
  return stream_open_problem(channel, -status, problem);
}

static void attach(struct channel *channel, uint32_t worker) {
  streams_close_readers(channel->own);
  streams_close_writers(channel->own, worker);
}

static int send_parcel(struct channel *channel, const struct parcel *parcel,
                       const void *slice) {
  const struct streams *streams = channel->own;
  return stream_send(streams->writers[parcel->worker], parcel, slice);
}

static void detach(struct channel *channel) {
  streams_close_writers(channel->own, channel->job->workers);
}

static int receive(struct channel *channel, int timeout_ms) {
  return streams_receive(channel->own, channel, visit, timeout_ms);
}

static void close_pipes(struct channel *channel) {
  streams_free(channel->own);
  free(channel->own);
}

const struct transport transport_pipe = {
    .name = "pipe",
    .known_as = "Pipe, Pool",
    .open = open_pipes,
    .attach = attach,
    .send = send_parcel,
    .detach = detach,
    .receive = receive,
    .close = close_pipes,
};
