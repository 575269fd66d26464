#include "bench/trial/transports/transport.h"

/* Shared memory has the first number, and no entry. */
const struct transport *transport_find(uint32_t number) {
  return number == TRANSPORT_SHM ? NULL : registry_transports[number - 1];
}

bool parcel_valid(const struct job *job, const struct parcel *parcel) {
  if (parcel->worker >= job->workers || parcel->kind > PARCEL_DONE)
    return false;
  if (parcel->kind == PARCEL_DONE)
    return parcel->bytes == 0;
  return parcel->begin <= parcel->end && parcel->end <= job->size &&
         parcel->bytes ==
             (parcel->end - parcel->begin) * job->output_item_bytes;
}

void *parcel_target(const struct job *job, const struct parcel *parcel) {
  return (char *)job->output + parcel->begin * job->output_item_bytes;
}

void parcel_deliver(struct channel *channel, const struct parcel *parcel) {
  struct partial *sum = &channel->job->slots[parcel->worker].partial;
  if (parcel->kind == PARCEL_DONE) {
    channel->done++;
    return;
  }
  channel->results++;
  const struct partial both[] = {*sum, parcel->partial};
  *sum = partial_combine(both, 2);
}
