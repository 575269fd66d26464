#include "bench/trial/stream.h"

#include "bench/trial/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

enum { READS = 64, POLLED = 4096 }; /* reads of one stream before the next */

static void close_end(int *fd) {
  if (*fd >= 0)
    close(*fd);
  *fd = -1;
}

void streams_close_writers(struct streams *streams, uint32_t but) {
  for (uint32_t i = 0; i < streams->count; i++)
    if (i != but)
      close_end(&streams->writers[i]);
}

void streams_close_readers(struct streams *streams) {
  for (uint32_t i = 0; i < streams->count; i++)
    close_end(&streams->readers[i].fd);
}

void streams_free(struct streams *streams) {
  if (streams->readers)
    streams_close_readers(streams);
  if (streams->writers)
    streams_close_writers(streams, streams->count);
  free(streams->readers);
  free(streams->writers);
  *streams = (struct streams){0};
}

/* As many file descriptors as the hard limit lets have. */
static void raise_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

int streams_open(struct streams *streams, uint32_t count,
                 int (*make)(int fds[2])) {
  streams->readers = calloc(count, sizeof *streams->readers);
  streams->writers = calloc(count, sizeof *streams->writers);
  streams->count = 0;
  if (!streams->readers || !streams->writers) {
    streams_free(streams);
    return -ENOMEM;
  }
  raise_limit();
  for (uint32_t i = 0; i < count; i++) {
    int fds[2];
    if (make(fds) != 0) {
      int error = errno;
      streams_free(streams);
      return -error;
    }
    fcntl(fds[0], F_SETFL, O_NONBLOCK);
    streams->readers[i].fd = fds[0];
    streams->writers[i] = fds[1];
    streams->count = i + 1;
  }
  return 0;
}

int stream_open_problem(const struct channel *channel, int error,
                        struct problem *problem) {
  struct rlimit limit = {0, 0};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (error == EMFILE)
    return problem_failure(problem,
                           "%s: %" PRIu32 " workers need more file "
                           "descriptors than RLIMIT_NOFILE allows (%ju)",
                           channel->transport->name, channel->job->workers,
                           (uintmax_t)limit.rlim_max);
  if (error == ENOMEM)
    return limits_memory_problem(channel->transport->name, problem);
  return problem_failure(problem, "%s: could not be opened: %s",
                         channel->transport->name, strerror(error));
}

int stream_send(int fd, const struct parcel *parcel, const void *slice) {
  const char *parts[] = {(const char *)parcel, slice};
  size_t left[] = {sizeof *parcel, parcel->bytes};
  while (left[0] + left[1] > 0) {
    /* iovec has no const; writev writes nothing into it. */
    struct iovec pieces[2];
    memcpy(&pieces[0].iov_base, &parts[0], sizeof parts[0]);
    memcpy(&pieces[1].iov_base, &parts[1], sizeof parts[1]);
    pieces[0].iov_len = left[0];
    pieces[1].iov_len = left[1];
    ssize_t wrote = writev(fd, pieces, 2);
    if (wrote < 0 && errno == EINTR)
      continue;
    if (wrote < 0)
      return -errno;
    for (int i = 0; i < 2; i++) {
      size_t of_this = (size_t)wrote < left[i] ? (size_t)wrote : left[i];
      if (of_this > 0)
        parts[i] += of_this;
      left[i] -= of_this;
      wrote -= (ssize_t)of_this;
    }
  }
  return 0;
}

/* Where the next bytes of a stream belong, and how many are wanted. */
static char *wanted(const struct channel *channel, struct stream *stream,
                    size_t *bytes) {
  if (stream->head_bytes < sizeof stream->parcel) {
    *bytes = sizeof stream->parcel - stream->head_bytes;
    return (char *)&stream->parcel + stream->head_bytes;
  }
  *bytes = stream->parcel.bytes - stream->slice_bytes;
  return (char *)parcel_target(channel->job, &stream->parcel) +
         stream->slice_bytes;
}

/* One read.  Returns 1 for a whole parcel, 0 for a part, or -errno: -EAGAIN
 * when nothing is there, -EPIPE at the end. */
static int read_once(struct stream *stream, struct channel *channel,
                     stream_visit *visit) {
  size_t bytes;
  char *to = wanted(channel, stream, &bytes);
  ssize_t got = read(stream->fd, to, bytes);
  if (got < 0)
    return errno == EINTR ? 0 : -errno;
  if (got == 0)
    return -EPIPE;
  if (stream->head_bytes < sizeof stream->parcel) {
    stream->head_bytes += (size_t)got;
    if (stream->head_bytes < sizeof stream->parcel)
      return 0;
    if (!parcel_valid(channel->job, &stream->parcel))
      return -EPROTO;
  } else {
    stream->slice_bytes += (size_t)got;
  }
  if (stream->slice_bytes < stream->parcel.bytes)
    return 0;
  stream->head_bytes = stream->slice_bytes = 0;
  int status = visit(channel, &stream->parcel);
  return status ? status : 1;
}

static int drain(struct stream *stream, struct channel *channel,
                 stream_visit *visit) {
  int parcels = 0;
  for (int i = 0; i < READS; i++) {
    int got = read_once(stream, channel, visit);
    if (got == -EAGAIN)
      break;
    if (got == -EPIPE) {
      close_end(&stream->fd);
      break;
    }
    if (got < 0)
      return got;
    parcels += got;
  }
  return parcels;
}

int streams_receive(struct streams *streams, struct channel *channel,
                    stream_visit *visit, int timeout_ms) {
  static struct pollfd polls[POLLED];
  int parcels = 0;
  bool open = false;
  for (uint32_t i = 0; i < streams->count; i++) {
    polls[i] = (struct pollfd){streams->readers[i].fd, POLLIN, 0};
    open = open || polls[i].fd >= 0;
  }
  if (!open)
    return -EPIPE;
  if (poll(polls, streams->count, timeout_ms) < 0)
    return errno == EINTR ? 0 : -errno;
  for (uint32_t i = 0; i < streams->count; i++) {
    if (!polls[i].revents)
      continue;
    int got = drain(&streams->readers[i], channel, visit);
    if (got < 0)
      return got;
    parcels += got;
  }
  return parcels;
}
