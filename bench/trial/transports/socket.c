/* socket: results through a server process.  Workers send to the server over
 * UNIX sockets; it keeps a copy of the output of its own, and passes each
 * parcel on to the parent over another.  No name in the file system. */
#include "bench/trial/limits.h"
#include "bench/trial/stream.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct sockets {
  struct streams workers; /* workers to the server */
  struct streams parent;  /* the server to the parent */
};

static int make_pair(int fds[2]) {
  return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds);
}

/* In the server: a parcel is whole, and goes on from the server's copy. */
static int pass_on(struct channel *channel, const struct parcel *parcel) {
  const struct sockets *sockets = channel->own;
  return stream_send(sockets->parent.writers[0], parcel,
                     parcel_target(channel->job, parcel));
}

static _Noreturn void serve(struct channel *channel, pid_t parent) {
  struct sockets *sockets = channel->own;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(1);
  worker_bind_any(channel->job->cpus, channel->job->usable_cpus);
  streams_close_writers(&sockets->workers, channel->job->workers);
  streams_close_readers(&sockets->parent);
  int got;
  do
    got = streams_receive(&sockets->workers, channel, pass_on, -1);
  while (got >= 0);
  _exit(got == -EPIPE ? 0 : 1); /* 0: all workers have gone */
}

static int open_sockets(struct channel *channel, struct problem *problem) {
  struct sockets *sockets = calloc(1, sizeof *sockets);
  pid_t parent = getpid();
  int status = sockets ? streams_open(&sockets->workers, channel->job->workers,
                                      make_pair)
                       : -ENOMEM;
  if (!status)
    status = streams_open(&sockets->parent, 1, make_pair);
  channel->own = sockets;
  bool opened = !status;
  if (opened) {
    channel->server = fork();
    if (channel->server == 0)
      serve(channel, parent);
    status = channel->server < 0 ? -errno : 0;
  }
  if (!status)
    return PROBLEM_NONE;
  channel->server = 0;
  if (sockets) {
    streams_free(&sockets->workers);
    streams_free(&sockets->parent);
  }
  free(sockets);
  if (opened)
    return limits_fork_problem("the socket's server", -status, problem);
  return stream_open_problem(channel, -status, problem);
}

static void attach(struct channel *channel, uint32_t worker) {
  struct sockets *sockets = channel->own;
  streams_free(&sockets->parent);
  streams_close_readers(&sockets->workers);
  streams_close_writers(&sockets->workers, worker);
}

static int send_parcel(struct channel *channel, const struct parcel *parcel,
                       const void *slice) {
  const struct sockets *sockets = channel->own;
  return stream_send(sockets->workers.writers[parcel->worker], parcel, slice);
}

static void detach(struct channel *channel) {
  struct sockets *sockets = channel->own;
  streams_free(&sockets->workers);
  streams_close_writers(&sockets->parent, 1);
}

static int visit(struct channel *channel, const struct parcel *parcel) {
  parcel_deliver(channel, parcel);
  return 0;
}

static int receive(struct channel *channel, int timeout_ms) {
  struct sockets *sockets = channel->own;
  return streams_receive(&sockets->parent, channel, visit, timeout_ms);
}

static void close_sockets(struct channel *channel) {
  struct sockets *sockets = channel->own;
  streams_free(&sockets->workers);
  streams_free(&sockets->parent);
  if (channel->server > 0) {
    kill(channel->server, SIGKILL);
    while (waitpid(channel->server, NULL, 0) < 0 && errno == EINTR)
      ;
  }
  free(sockets);
}

const struct transport transport_socket = {
    .name = "socket",
    .known_as = "Manager",
    .open = open_sockets,
    .attach = attach,
    .send = send_parcel,
    .detach = detach,
    .receive = receive,
    .close = close_sockets,
};
