/* stream.h: parcels over file descriptors: short reads, short writes, EINTR. */
#ifndef CORESWEEP_STREAM_H
#define CORESWEEP_STREAM_H

#include "bench/trial/transports/transport.h"

/* What has been read of the parcel that comes next. */
struct stream {
  int fd; /* non-blocking; -1: at its end */
  struct parcel parcel;
  size_t head_bytes, slice_bytes;
};

/* A pair of ends each: what workers write to, and what is read from. */
struct streams {
  uint32_t count;
  struct stream *readers;
  int *writers; /* -1: closed */
};

/* Called with each whole parcel; its slice is in its place. */
typedef int stream_visit(struct channel *channel, const struct parcel *parcel);

/* Opens `count` pairs with `make` (pipe- or socketpair-like: [0] reads, [1]
 * writes).  0, or -errno with nothing open. */
int streams_open(struct streams *streams, uint32_t count,
                 int (*make)(int fds[2]));

/* Closes all ends that write but one (count: all), or all that read. */
void streams_close_writers(struct streams *streams, uint32_t but);
void streams_close_readers(struct streams *streams);
void streams_free(struct streams *streams);

/* Writes all of a parcel.  0 or -errno. */
int stream_send(int fd, const struct parcel *parcel, const void *slice);

/* Reads what has come on any, waiting at most timeout_ms (-1: for ever).
 * Returns parcels completed, or -errno; -EPIPE when all are at their ends. */
int streams_receive(struct streams *streams, struct channel *channel,
                    stream_visit *visit, int timeout_ms);

/* The problem that a failed open is: which limit stopped it. */
int stream_open_problem(const struct channel *channel, int error,
                        struct problem *problem);

#endif
