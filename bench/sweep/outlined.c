#include "bench/sweep/outlined.h"

#include "bench/plan/text.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

typedef char *demangler(const char *, char *, size_t *, int *);

/* The one that a C++ program brings along: who has none has no such program.
 * NULL: there is none.  It stays loaded. */
static demangler *load_demangler(void) {
  static const char *const libraries[] = {"libstdc++.so.6", "libc++abi.so.1"};
  demangler *found = NULL;
  for (size_t i = 0; !found && i < sizeof libraries / sizeof *libraries; i++) {
    void *library = dlopen(libraries[i], RTLD_LAZY | RTLD_LOCAL);
    void *at = library ? dlsym(library, "__cxa_demangle") : NULL;
    memcpy(&found, &at, sizeof found);
  }
  return found;
}

/* "__MODULE_MOD_PROCEDURE", as gfortran has it. */
static bool of_fortran(const char *symbol, struct text *text) {
  const char *mark = strncmp(symbol, "__", 2) == 0 && symbol[2]
                         ? strstr(symbol + 3, "_MOD_")
                         : NULL;
  if (!mark || !mark[5])
    return false;
  text_put(text, symbol + 2, (size_t)(mark - symbol - 2));
  text_add(text, "::%s", mark + 5);
  return true;
}

static bool of_cpp(const char *symbol, struct text *text) {
  demangler *demangle = strncmp(symbol, "_Z", 2) == 0 ? load_demangler() : NULL;
  int status = -1;
  char *plain = demangle ? demangle(symbol, NULL, NULL, &status) : NULL;
  bool is = plain && status == 0;
  if (is)
    text_add(text, "%s", plain);
  free(plain);
  return is;
}

/* What compilers make of a function they name after it, behind a dot that no
 * name has in these languages. */
bool outlined_of(const char *symbol, char function[static OUTLINED_BYTES]) {
  char own[OUTLINED_BYTES];
  size_t length = strcspn(symbol, ".");
  struct text text = text_begin(function, OUTLINED_BYTES);
  if (length == 0 || length >= sizeof own)
    return false;
  memcpy(own, symbol, length);
  own[length] = '\0';
  if (!of_fortran(own, &text) && !of_cpp(own, &text))
    text_put(&text, own, length);
  return true;
}
