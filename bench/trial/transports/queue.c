/* queue: results through one bounded queue in shared memory, cut into pieces
 * that fit its places.
 *
 * A ring of places with a sequence number each.  A producer draws a ticket,
 * waits until its place is free, fills it, and publishes it; the parent takes
 * places in the order of the tickets.  No lock: a producer that dies with a
 * ticket leaves a place that is never filled, and the parent, which waits in
 * short slices, finds the dead worker.
 * Source of the sequence numbers: Vyukov, "Bounded MPMC queue", 2010. */
#include "bench/trial/handoff.h"
#include "bench/trial/limits.h"
#include "bench/trial/memory.h"
#include "bench/trial/transports/transport.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PLACES = 64, PIECE_BYTES = 16384, NS_PER_MS = 1000000 };

struct place {
  /* ticket: free for it; ticket + 1: filled by it */
  struct handoff sequence;
  struct parcel parcel;  /* in the last piece of a parcel */
  uint64_t offset_bytes; /* of the piece, in the output */
  uint32_t bytes;        /* of the piece; 0: the parcel's header */
  char piece[PIECE_BYTES];
};

struct ring {
  _Alignas(128) _Atomic uint32_t tickets;
  struct place places[PLACES];
};

struct queue {
  struct memory memory;
  struct ring *ring;
  uint32_t taken; /* the parent's */
};

static int open_queue(struct channel *channel, struct problem *problem) {
  struct queue *queue = calloc(1, sizeof *queue);
  if (queue) {
    memory_init(&queue->memory);
    queue->ring =
        memory_map(&queue->memory, sizeof *queue->ring, MEMORY_SHARED);
  }
  if (!queue || !queue->ring) {
    free(queue);
    return limits_memory_problem("the queue", problem);
  }
  for (uint32_t i = 0; i < PLACES; i++)
    atomic_store(&queue->ring->places[i].sequence.word, i);
  channel->own = queue;
  return PROBLEM_NONE;
}

static void attach(struct channel *channel, uint32_t worker) {
  (void)channel;
  (void)worker;
}

static void detach(struct channel *channel) {
  (void)channel;
}

/* Draws a ticket, and waits until its place is free. */
static struct place *claim(struct channel *channel, uint32_t *ticket) {
  const struct queue *queue = channel->own;
  *ticket = atomic_fetch_add(&queue->ring->tickets, 1);
  struct place *place = &queue->ring->places[*ticket % PLACES];
  for (uint32_t seen; (seen = handoff_read(&place->sequence)) != *ticket;)
    handoff_wait(&place->sequence, seen, channel->spins, 0);
  return place;
}

static int send_parcel(struct channel *channel, const struct parcel *parcel,
                       const void *slice) {
  const char *from = slice;
  uint64_t offset = parcel->begin * channel->job->output_item_bytes;
  uint32_t ticket;
  for (uint64_t done = 0; done < parcel->bytes;) {
    uint64_t left = parcel->bytes - done;
    struct place *place = claim(channel, &ticket);
    place->bytes = left < PIECE_BYTES ? (uint32_t)left : PIECE_BYTES;
    place->offset_bytes = offset + done;
    memcpy(place->piece, from + done, place->bytes);
    done += place->bytes;
    handoff_set(&place->sequence, ticket + 1);
  }
  struct place *place = claim(channel, &ticket);
  place->bytes = 0;
  place->parcel = *parcel;
  handoff_set(&place->sequence, ticket + 1);
  return 0;
}

/* Takes one place.  1: it ended a parcel; 0: it was a piece; or -errno. */
static int take(struct channel *channel, const struct place *place) {
  const struct job *job = channel->job;
  uint64_t output_bytes = job->size * job->output_item_bytes;
  if (place->bytes == 0) {
    if (!parcel_valid(job, &place->parcel))
      return -EPROTO;
    parcel_deliver(channel, &place->parcel);
    return 1;
  }
  if (place->bytes > PIECE_BYTES || place->offset_bytes > output_bytes ||
      place->bytes > output_bytes - place->offset_bytes)
    return -EPROTO;
  memcpy((char *)job->output + place->offset_bytes, place->piece, place->bytes);
  return 0;
}

static int receive(struct channel *channel, int timeout_ms) {
  struct queue *queue = channel->own;
  int parcels = 0;
  long slice_ns = (long)timeout_ms * NS_PER_MS;
  /* The caller wants to look around, however fast the producers are. */
  for (uint32_t begin = queue->taken; queue->taken - begin < PLACES;) {
    uint32_t ticket = queue->taken;
    struct place *place = &queue->ring->places[ticket % PLACES];
    uint32_t seen = handoff_read(&place->sequence);
    if (seen != ticket + 1 && slice_ns == 0)
      return parcels;
    if (seen != ticket + 1) {
      handoff_wait(&place->sequence, seen, channel->spins, slice_ns);
      slice_ns = 0; /* look once more, and no longer */
      continue;
    }
    int got = take(channel, place);
    if (got < 0)
      return got;
    parcels += got;
    slice_ns = 0;
    queue->taken++;
    handoff_set(&place->sequence, ticket + PLACES);
  }
  return parcels;
}

static void close_queue(struct channel *channel) {
  struct queue *queue = channel->own;
  memory_release(&queue->memory);
  free(queue);
}

const struct transport transport_queue = {
    .name = "queue",
    .known_as = "Queue",
    .open = open_queue,
    .attach = attach,
    .send = send_parcel,
    .detach = detach,
    .receive = receive,
    .close = close_queue,
};
