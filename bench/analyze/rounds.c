#include "bench/analyze/rounds.h"

#include <stdlib.h>
#include <string.h>

bool rounds_throttled(const struct record *record) {
  return record->throttled_s > 0;
}

bool rounds_swapped(const struct record *record) {
  return record->swapped_pages > 0;
}

bool rounds_hot(const struct record *record) {
  return record->thermal_throttles > 0;
}

static void note(struct rounds *rounds, const struct record *r) {
  if (!record_is_ok(r))
    rounds->bad[r->round] = true;
  if (rounds_throttled(r))
    rounds->throttled[r->round] = true;
  if (rounds_swapped(r))
    rounds->swapped[r->round] = true;
  if (rounds_hot(r))
    rounds->hot[r->round] = true;
}

int rounds_make(const struct records *records, struct rounds *rounds) {
  *rounds = (struct rounds){.count = 0};
  for (size_t i = 0; i < records->count; i++)
    if (record_is_in_round(&records->list[i]) &&
        records->list[i].round > rounds->count)
      rounds->count = records->list[i].round;
  size_t room = (size_t)rounds->count + 1;
  rounds->bad = calloc(room, sizeof(bool));
  rounds->throttled = calloc(room, sizeof(bool));
  rounds->swapped = calloc(room, sizeof(bool));
  rounds->hot = calloc(room, sizeof(bool));
  if (!rounds->bad || !rounds->throttled || !rounds->swapped || !rounds->hot)
    return -1;
  for (size_t i = 0; i < records->count; i++)
    if (record_is_in_round(&records->list[i]))
      note(rounds, &records->list[i]);
  for (size_t round = 0; round < room; round++)
    if (rounds->bad[round])
      rounds->throttled[round] = rounds->swapped[round] = rounds->hot[round] =
          false;
  return 0;
}

void rounds_free(struct rounds *rounds) {
  free(rounds->bad);
  free(rounds->throttled);
  free(rounds->swapped);
  free(rounds->hot);
  *rounds = (struct rounds){.count = 0};
}

bool rounds_hold(const struct rounds *rounds, int64_t round) {
  return round >= 1 && round <= rounds->count && !rounds->bad[round];
}
