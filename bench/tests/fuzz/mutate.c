#include "bench/tests/fuzz/mutate.h"

#include "kernels/kernel.h"

#include <float.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* Draws of one change. */
struct draws {
  uint64_t seed, count;
};

static uint64_t draw(struct draws *draws, uint64_t bound) {
  return kernel_random_below(draws->seed, draws->count++, bound);
}

/* ---- where: a member of an object, or an item of an array ---------------- */

struct slot {
  json_t *parent;
  const char *key; /* NULL: of an array */
  size_t index;
};

struct slots {
  struct slot *list;
  size_t count, room;
};

static void add_slot(struct slots *slots, struct slot slot) {
  if (slots->count == slots->room) {
    size_t room = 2 * slots->room + 64;
    struct slot *list = reallocarray(slots->list, room, sizeof *list);
    if (!list)
      return;
    slots->list = list;
    slots->room = room;
  }
  slots->list[slots->count++] = slot;
}

static void add_slots_of(struct slots *slots, json_t *parent) {
  for (void *i = json_object_iter(parent); i;
       i = json_object_iter_next(parent, i))
    add_slot(slots, (struct slot){parent, json_object_iter_key(i), 0});
  for (size_t i = 0; i < json_array_size(parent); i++)
    add_slot(slots, (struct slot){parent, NULL, i});
}

static json_t *value_of(struct slot slot) {
  return slot.key ? json_object_get(slot.parent, slot.key)
                  : json_array_get(slot.parent, slot.index);
}

/* Those of all levels: the list is also the queue of what is to be looked at.
 */
static struct slots find_slots(json_t *json) {
  struct slots slots = {0};
  add_slots_of(&slots, json);
  for (size_t i = 0; i < slots.count; i++)
    add_slots_of(&slots, value_of(slots.list[i]));
  return slots;
}

/* ---- what it becomes ----------------------------------------------------- */

static json_t *other_type(struct draws *draws, const json_t *value) {
  json_t *made = NULL;
  do {
    json_decref(made);
    switch (draw(draws, 6)) {
    case 0:
      made = json_string("x");
      break;
    case 1:
      made = json_integer(1);
      break;
    case 2:
      made = json_real(0.5);
      break;
    case 3:
      made = json_boolean(draw(draws, 2));
      break;
    case 4:
      made = json_array();
      break;
    default:
      made = json_object();
    }
  } while (made && json_typeof(made) == json_typeof(value));
  return made;
}

static json_t *extreme_number(struct draws *draws) {
  static const json_int_t integers[] = {
      0,          -1,           1,
      2,          INT32_MAX,    INT32_MIN,
      UINT32_MAX, 1LL << 53,    1LL << 62,
      INT64_MAX,  INT64_MIN,    4096,
      4097,       2000000000LL, INT64_MAX / 2 + 1};
  static const double reals[] = {0.0,     -0.0,    -1.0,   1e308,  -1e308,
                                 1e39,    DBL_MAX, 1e-308, 5e-324, 1e19,
                                 DBL_MIN, 1e300,   1e-300, 0.1,    1e15};
  uint64_t k = draw(draws, LENGTH(integers) + LENGTH(reals));
  return k < LENGTH(integers) ? json_integer(integers[k])
                              : json_real(reals[k - LENGTH(integers)]);
}

static json_t *near_number(struct draws *draws, const json_t *value) {
  static const double factors[] = {0.1, 0.5, 0.999999, 1.000001, 2, 10, -1};
  if (json_is_real(value))
    return json_real(json_real_value(value) *
                     factors[draw(draws, LENGTH(factors))]);
  uint64_t near = (uint64_t)json_integer_value(value) + draw(draws, 5) - 2;
  return json_integer((json_int_t)near); /* modulo 2^64 */
}

static json_t *odd_text(struct draws *draws) {
  static const char *const texts[] = {
      "",   " ",          ",",   ";",    "\t",       "\n",    "\x1b[2J", "'",
      "\"", "`id`",       "$x",  "%s%n", "../../x",  "/",     "a/b",     "a:b",
      "&<", "\302\2332J", "\\n", "é",    "cube/x=1", "x=1,y", "NaN",     "-"};
  enum { LONGEST = 5000 };
  static char text[LONGEST + 1];
  uint64_t k = draw(draws, 2 * LENGTH(texts));
  if (k < LENGTH(texts))
    return json_string(texts[k]);
  size_t length = (size_t)1 << draw(draws, 13);
  length = length < LONGEST ? length + draw(draws, 2) : LONGEST;
  memset(text, k % 2 ? 'x' : '-', length);
  text[length] = '\0';
  return json_string(text);
}

static json_t *another_value(struct draws *draws, const struct slots *slots) {
  return json_deep_copy(value_of(slots->list[draw(draws, slots->count)]));
}

static json_t *new_value(struct draws *draws, const struct slots *slots,
                         const json_t *value) {
  switch (draw(draws, 8)) {
  case 0:
    return json_null();
  case 1:
    return other_type(draws, value);
  case 2:
  case 3:
    return json_is_string(value) ? odd_text(draws) : extreme_number(draws);
  case 4:
  case 5:
    return json_is_number(value) ? near_number(draws, value)
                                 : another_value(draws, slots);
  case 6:
    return json_is_boolean(value) ? json_boolean(!json_is_true(value))
                                  : odd_text(draws);
  default:
    return another_value(draws, slots);
  }
}

/* ---- the change ---------------------------------------------------------- */

static void take_out(struct slot slot) {
  if (slot.key)
    json_object_del(slot.parent, slot.key);
  else
    json_array_remove(slot.parent, slot.index);
}

static void put(struct slot slot, json_t *value) {
  if (slot.key)
    json_object_set_new(slot.parent, slot.key, value);
  else
    json_array_set_new(slot.parent, slot.index, value);
}

static void change(json_t *json, struct draws *draws) {
  struct slots slots = find_slots(json);
  if (slots.count > 0) {
    struct slot slot = slots.list[draw(draws, slots.count)];
    uint64_t how = draw(draws, 8);
    if (how == 0)
      take_out(slot);
    else if (how == 1 && !slot.key)
      json_array_insert_new(slot.parent, slot.index,
                            json_deep_copy(value_of(slot)));
    else
      put(slot, new_value(draws, &slots, value_of(slot)));
  }
  free(slots.list);
}

/* JSON with a change, to be released with free; NULL: it is none. */
static char *changed(const char *text, size_t size, struct draws *draws) {
  json_t *json = json_loadb(text, size, 0, NULL);
  if (!json)
    return NULL;
  change(json, draws);
  char *made = json_dumps(json, JSON_COMPACT);
  json_decref(json);
  return made;
}

/* Puts made[0..length) in the place of text[begin..end). */
static size_t splice(char *text, size_t size, size_t room, size_t begin,
                     size_t end, const char *made, size_t length) {
  size_t new_size = size - (end - begin) + length;
  if (new_size > room || new_size == 0)
    return 0;
  memmove(text + begin + length, text + end, size - end);
  memcpy(text + begin, made, length);
  return new_size;
}

static size_t double_line(char *text, size_t size, size_t room, size_t begin,
                          size_t end) {
  char *line = malloc(end - begin + 1);
  if (!line)
    return 0;
  memcpy(line, text + begin, end - begin);
  size_t new_size = splice(text, size, room, begin, begin, line, end - begin);
  free(line);
  return new_size;
}

/* A line, with its end: changed, twice, or not there any more. */
static size_t change_line(char *text, size_t size, size_t room,
                          struct draws *draws) {
  size_t at = draw(draws, size), begin = at, end = at;
  while (begin > 0 && text[begin - 1] != '\n')
    begin--;
  while (end < size && text[end] != '\n')
    end++;
  size_t after = end < size ? end + 1 : end;
  uint64_t how = draw(draws, 12);
  if (how == 0)
    return splice(text, size, room, begin, after, "", 0);
  if (how == 1)
    return double_line(text, size, room, begin, after);
  char *made = changed(text + begin, end - begin, draws);
  size_t new_size =
      made ? splice(text, size, room, begin, end, made, strlen(made)) : 0;
  free(made);
  return new_size;
}

size_t mutate_json(char *text, size_t size, size_t room, uint64_t seed) {
  struct draws draws = {seed, 0};
  if (size == 0)
    return 0;
  char *made = changed(text, size, &draws);
  if (!made)
    return change_line(text, size, room, &draws);
  size_t new_size = splice(text, size, room, 0, size, made, strlen(made));
  free(made);
  return new_size;
}
