#include "bench/plan/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text text_begin(char *bytes, size_t room) {
  bytes[0] = '\0';
  return (struct text){.bytes = bytes, .room = room};
}

struct text text_resume(char *bytes, size_t room) {
  return (struct text){
      .bytes = bytes, .room = room, .length = strnlen(bytes, room - 1)};
}

/* ---- characters ---------------------------------------------------------- */

size_t text_character(const char *at, uint32_t *code) {
  static const struct {
    unsigned char mask, lead; /* of the first byte */
    uint32_t least;           /* what needs so many bytes */
  } forms[] = {{0x80, 0x00, 1},
               {0xe0, 0xc0, 0x80},
               {0xf0, 0xe0, 0x800},
               {0xf8, 0xf0, 0x10000}};
  const unsigned char *byte = (const unsigned char *)at;
  for (size_t n = 0; n < sizeof forms / sizeof *forms; n++) {
    if ((byte[0] & forms[n].mask) != forms[n].lead)
      continue;
    uint32_t value = byte[0] & (unsigned char)~forms[n].mask;
    for (size_t i = 1; i <= n; i++) {
      if ((byte[i] & 0xc0) != 0x80) /* the string's end, too */
        return 0;
      value = value << 6 | (byte[i] & 0x3f);
    }
    bool surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < forms[n].least || value > 0x10ffff || surrogate)
      return 0;
    *code = value;
    return n + 1;
  }
  return 0;
}

/* By ranges, in order. */
static bool can_be_seen(uint32_t code) {
  static const uint32_t unseen[][2] = {
      {0x0000, 0x001f},   /* controls */
      {0x007f, 0x009f},   /* DEL, and the controls of ISO 6429 */
      {0x00ad, 0x00ad},   /* soft hyphen */
      {0x061c, 0x061c},   /* Arabic letter mark */
      {0x115f, 0x1160},   /* Hangul fillers */
      {0x180b, 0x180f},   /* Mongolian selectors */
      {0x200b, 0x200f},   /* no width, and marks of direction */
      {0x2028, 0x202e},   /* ends of lines and paragraphs, embeddings */
      {0x2060, 0x206f},   /* joiners, isolates */
      {0x3164, 0x3164},   /* Hangul filler */
      {0xfdd0, 0xfdef},   /* noncharacters */
      {0xfe00, 0xfe0f},   /* variation selectors */
      {0xfeff, 0xfeff},   /* byte order mark */
      {0xffa0, 0xffa0},   /* Hangul filler */
      {0xfff0, 0xfffb},   /* annotations */
      {0xe0000, 0xe0fff}, /* tags, selectors */
  };
  if ((code & 0xfffe) == 0xfffe) /* noncharacters, in every plane */
    return false;
  for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
    if (code >= unseen[i][0] && code <= unseen[i][1])
      return false;
  return true;
}

bool text_is_printable(const char *text) {
  uint32_t code = 0;
  while (*text) {
    size_t length = text_character(text, &code);
    if (length == 0 || !can_be_seen(code))
      return false;
    text += length;
  }
  return true;
}

/* ---- appending ----------------------------------------------------------- */

/* Of bytes[0..length), as many as end with a whole character. */
static size_t whole_characters(const char *bytes, size_t length) {
  size_t begin = length;
  while (begin > 0 && length - begin < 4 &&
         ((unsigned char)bytes[begin - 1] & 0xc0) == 0x80)
    begin--;
  if (begin == 0 || ((unsigned char)bytes[begin - 1] & 0xc0) != 0xc0)
    return length;
  uint32_t code;
  char last[5] = "";
  memcpy(last, bytes + begin - 1, length - begin + 1);
  return text_character(last, &code) ? length : begin - 1;
}

void text_put(struct text *text, const char *bytes, size_t length) {
  size_t left = text->room - 1 - text->length;
  if (text->cut)
    return; /* nothing after a gap */
  if (length > left) {
    text->cut = true;
    length = whole_characters(bytes, left);
  }
  memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
  text->bytes[text->length] = '\0';
}

void text_put_number(struct text *text, uint64_t number) {
  char digits[24];
  char *at = digits + sizeof digits;
  do
    *--at = (char)('0' + number % 10);
  while ((number /= 10) > 0);
  text_put(text, at, (size_t)(digits + sizeof digits - at));
}

/* Takes out of the string what is no character. */
static size_t mend(char *string) {
  uint32_t code;
  char *to = string;
  for (const char *at = string; *at;) {
    size_t length = text_character(at, &code);
    if (length == 0) {
      at++;
      continue;
    }
    memmove(to, at, length);
    to += length;
    at += length;
  }
  *to = '\0';
  return (size_t)(to - string);
}

void text_add_list(struct text *text, const char *format, va_list list) {
  char *end = text->bytes + text->length;
  size_t left = text->room - text->length;
  if (text->cut)
    return;
  int length = vsnprintf(end, left, format, list);
  if (length < 0)
    *end = '\0';
  text->cut = length < 0 || (size_t)length >= left;
  text->length += mend(end);
}

void text_add(struct text *text, const char *format, ...) {
  va_list list;
  va_start(list, format);
  text_add_list(text, format, list);
  va_end(list);
}

bool text_print(char *bytes, size_t room, const char *format, ...) {
  struct text text = text_begin(bytes, room);
  va_list list;
  va_start(list, format);
  text_add_list(&text, format, list);
  va_end(list);
  return !text.cut;
}

/* ---- showing ------------------------------------------------------------- */

static void show_byte(struct text *text, unsigned char byte) {
  static const char digits[] = "0123456789abcdef";
  const char hex[] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
  if (byte == '\n' || byte == '\t')
    text_put(text, byte == '\n' ? "\\n" : "\\t", 2);
  else
    text_put(text, hex, sizeof hex);
}

void text_show(struct text *text, const char *raw) {
  uint32_t code = 0;
  while (*raw) {
    size_t length = text_character(raw, &code);
    if (length > 0 && can_be_seen(code)) {
      text_put(text, raw, length);
    } else {
      length = length > 0 ? length : 1;
      for (size_t i = 0; i < length; i++)
        show_byte(text, (unsigned char)raw[i]);
    }
    raw += length;
  }
}

const char *text_shown(const char *raw, char shown[static TEXT_SHOWN]) {
  struct text text = text_begin(shown, TEXT_SHOWN);
  text_show(&text, raw);
  return shown;
}

char *text_copy_shown(const char *raw) {
  size_t room = raw ? 4 * strlen(raw) + 1 : 0;
  char *shown = raw ? malloc(room) : NULL;
  if (shown) {
    struct text text = text_begin(shown, room);
    text_show(&text, raw);
  }
  return shown;
}

/* How many bytes `count` characters take, or all there are. */
static size_t bytes_of(const char *string, size_t count) {
  size_t bytes = 0;
  for (; count > 0 && string[bytes]; count--)
    do
      bytes++;
    while (((unsigned char)string[bytes] & 0xc0) == 0x80);
  return bytes;
}

const char *text_brief(const char *name, size_t most,
                       char brief[static TEXT_BRIEF]) {
  struct text text = text_begin(brief, TEXT_BRIEF);
  size_t end = most / 4, begin = most - end - 1, length = 0;
  for (const char *at = name; *at; at++)
    length += ((unsigned char)*at & 0xc0) != 0x80;
  if (length <= most)
    text_add(&text, "%s", name);
  else
    text_add(&text, "%.*s…%s", (int)bytes_of(name, begin), name,
             name + bytes_of(name, length - end));
  return brief;
}

void text_add_shell(struct text *text, const char *word) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=,./:@%";
  size_t length = strlen(word);
  if (length > 0 && strspn(word, plain) == length) {
    text_put(text, word, length);
    return;
  }
  text_put(text, "'", 1);
  for (;;) {
    size_t run = strcspn(word, "'");
    text_put(text, word, run);
    if (!word[run])
      break;
    text_put(text, "'\\''", 4);
    word += run + 1;
  }
  text_put(text, "'", 1);
}
