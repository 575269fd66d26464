/* text.h: text put together in a buffer of fixed size, and text as it may be
 * shown. */
#ifndef CORESWEEP_TEXT_H
#define CORESWEEP_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A buffer that text is appended to; what does not fit is left out, whole
 * characters of it, and `cut` says so.  It always holds a string. */
struct text {
  char *bytes;
  size_t room, length;
  bool cut;
};

/* Begins with nothing.  room: bytes of the buffer, 1 or more. */
struct text text_begin(char *bytes, size_t room);

/* Goes on behind the string that the buffer holds. */
struct text text_resume(char *bytes, size_t room);

/* The same of an array; does not compile for a pointer. */
#define TEXT_ROOM(array)                                                       \
  (sizeof(array) + 0 * sizeof(char[1 - 2 * TEXT_IS_POINTER(array)]))
#define TEXT_IS_POINTER(array)                                                 \
  __builtin_types_compatible_p(__typeof__(array), char *)
#define TEXT_BEGIN(array) text_begin(array, TEXT_ROOM(array))

/* Appends as printf does.  A character that a precision has cut in two
 * ("%.60s") is left out; so are bytes that are no UTF-8. */
void text_add(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void text_add_list(struct text *text, const char *format, va_list list)
    __attribute__((format(printf, 2, 0)));

/* Appends the bytes as they are.  A signal's handler may call these two. */
void text_put(struct text *text, const char *bytes, size_t length);
void text_put_number(struct text *text, uint64_t number);

/* text_begin and text_add in one: what was written, and whether that is all of
 * it. */
bool text_print(char *bytes, size_t room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The bytes of the character at *at, and what it is; 0: no UTF-8, or the end of
 * the string. */
size_t text_character(const char *at, uint32_t *code);

/* Whether it is UTF-8 that can be seen: no control characters, none that turn
 * the direction of writing or have no width, no noncharacters. */
bool text_is_printable(const char *text);

/* Appends it with all else as \n, \t or \xff, byte by byte.  What is printable
 * stays as it is. */
void text_show(struct text *text, const char *raw);

/* The same in a buffer of its own, as for a path within a message. */
enum { TEXT_SHOWN = 4200 };
const char *text_shown(const char *raw, char shown[static TEXT_SHOWN]);

/* The same of a text of any length, to be released with free; NULL: no memory,
 * or no text. */
char *text_copy_shown(const char *raw);

/* A name of at most so many characters: of a longer one both ends, so that two
 * that begin alike can be told apart.  most: 16 to TEXT_BRIEF / 4. */
enum { TEXT_BRIEF = 404 };
const char *text_brief(const char *name, size_t most,
                       char brief[static TEXT_BRIEF]);

/* Appends it as one word of a POSIX shell, whatever it holds. */
void text_add_shell(struct text *text, const char *word);

#endif
