#include "bench/sweep/region_debug.h"

#include "bench/plan/text.h"
#include "bench/plan/whole_file.h"
#include "bench/sweep/outlined.h"
#include "bench/sweep/region_text.h"

#include <dlfcn.h>
#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of libdw.  It is not linked, but opened when it is asked: with it come four
 * more libraries, and every trial would wait for them to be loaded. */
#define OF_LIBDW(DO)                                                           \
  DO(dwfl_begin)                                                               \
  DO(dwfl_end)                                                                 \
  DO(dwfl_report_begin)                                                        \
  DO(dwfl_report_elf)                                                          \
  DO(dwfl_report_end)                                                          \
  DO(dwfl_module_build_id)                                                     \
  DO(dwfl_module_getsrc)                                                       \
  DO(dwfl_module_addrinfo)                                                     \
  DO(dwfl_lineinfo)                                                            \
  DO(dwfl_module_nextcu)                                                       \
  DO(dwarf_haspc)                                                              \
  DO(dwarf_getsrc_die)                                                         \
  DO(dwarf_lineno)                                                             \
  DO(dwarf_linesrc)                                                            \
  DO(dwfl_standard_find_debuginfo)                                             \
  DO(dwfl_offline_section_address)

struct libdw {
#define MEMBER(function) __typeof__ (&(function))(function);
  OF_LIBDW(MEMBER)
#undef MEMBER
};

struct region_debug {
  struct libdw dw;
  Dwfl_Callbacks callbacks;
  char *paths;
  Dwfl *session;
  Dwfl_Module *module;
};

/* It stays loaded. */
static bool load(struct libdw *dw) {
  void *library = dlopen("libdw.so.1", RTLD_LAZY | RTLD_LOCAL), *at;
  bool all = library != NULL;
#define FIND(function)                                                         \
  at = all ? dlsym(library, #function) : NULL;                                 \
  memcpy(&dw->function, &at, sizeof at);                                       \
  all = at != NULL;
  OF_LIBDW(FIND)
#undef FIND
  return all;
}

/* Never waits for a file.  0 is the module's address, so that addresses are
 * those of its symbols. */
static Dwfl_Module *report(const struct libdw *dw, Dwfl *session,
                           const char *path) {
  const char *why = NULL;
  FILE *file = whole_file_open(path, &why);
  int fd = file ? dup(fileno(file)) : -1;
  if (file)
    fclose(file);
  if (fd < 0)
    return NULL;
  dw->dwfl_report_begin(session);
  Dwfl_Module *module =
      dw->dwfl_report_elf(session, "module", path, fd, 0, true);
  if (!module)
    close(fd);
  return dw->dwfl_report_end(session, NULL, NULL) == 0 ? module : NULL;
}

static bool is_what_was_mapped(const struct region_debug *debug,
                               const struct region_place *place) {
  const unsigned char *id = NULL;
  GElf_Addr where = 0;
  if (place->build_id_bytes == 0)
    return true;
  int bytes = debug->dw.dwfl_module_build_id(debug->module, &id, &where);
  return bytes > 0 && (size_t)bytes >= place->build_id_bytes &&
         memcmp(id, place->build_id, place->build_id_bytes) == 0;
}

struct region_debug *region_debug_open(const struct region_place *place,
                                       const char *paths) {
  struct region_debug *debug = calloc(1, sizeof *debug);
  if (!debug || !load(&debug->dw)) {
    free(debug);
    return NULL;
  }
  debug->paths = paths ? strdup(paths) : NULL;
  debug->callbacks = (Dwfl_Callbacks){
      .find_debuginfo = debug->dw.dwfl_standard_find_debuginfo,
      .section_address = debug->dw.dwfl_offline_section_address,
      .debuginfo_path = debug->paths ? &debug->paths : NULL,
  };
  debug->session = debug->dw.dwfl_begin(&debug->callbacks);
  if (debug->session)
    debug->module = report(&debug->dw, debug->session, place->module);
  if (!debug->module || !is_what_was_mapped(debug, place)) {
    region_debug_close(debug);
    return NULL;
  }
  return debug;
}

void region_debug_close(struct region_debug *debug) {
  if (debug->session)
    debug->dw.dwfl_end(debug->session);
  free(debug->paths);
  free(debug);
}

/* The function that an address is in; NULL: none is known to be there. */
static const char *symbol_at(const struct region_debug *debug, uint64_t at) {
  GElf_Sym symbol = {0};
  GElf_Off offset = 0;
  const char *name =
      at ? debug->dw.dwfl_module_addrinfo(debug->module, at, &offset, &symbol,
                                          NULL, NULL, NULL)
         : NULL;
  bool in = name && *name && GELF_ST_TYPE(symbol.st_info) == STT_FUNC &&
            offset < symbol.st_size;
  return in ? name : NULL;
}

/* Each returns the file of an address, whose bytes are the session's, and in
 * *line the line; NULL: not told. */
static const char *indexed(const struct region_debug *debug, uint64_t at,
                           int *line) {
  Dwfl_Line *found = debug->dw.dwfl_module_getsrc(debug->module, at);
  return found ? debug->dw.dwfl_lineinfo(found, NULL, line, NULL, NULL, NULL)
               : NULL;
}

/* clang writes no index of addresses, and older versions of libdw find nothing
 * without one. */
static const char *sought(const struct region_debug *debug, uint64_t at,
                          int *line) {
  const struct libdw *dw = &debug->dw;
  Dwarf_Die *unit = NULL;
  Dwarf_Addr bias = 0;
  do
    unit = dw->dwfl_module_nextcu(debug->module, unit, &bias);
  while (unit && dw->dwarf_haspc(unit, at - bias) <= 0);
  Dwarf_Line *found = unit ? dw->dwarf_getsrc_die(unit, at - bias) : NULL;
  bool told = found && dw->dwarf_lineno(found, line) == 0;
  return told ? dw->dwarf_linesrc(found, NULL, NULL) : NULL;
}

static bool line_at(const struct region_debug *debug, uint64_t at,
                    struct region_name *name) {
  int line = 0;
  const char *file = at ? indexed(debug, at, &line) : NULL;
  if (at && !file)
    file = sought(debug, at, &line);
  if (!file || !*file || line <= 0)
    return false;
  name->from = REGION_NAME_LINE;
  name->line = (uint32_t)line;
  region_text_line(file, name->line, name->name);
  return true;
}

/* The function of the innermost call that a symbol is known of. */
static const char *caller_of(const struct region_debug *debug,
                             const struct region_place *place) {
  /* The address behind a call may be another line's, or another function's. */
  const char *name = place->caller ? symbol_at(debug, place->caller - 1) : NULL;
  for (size_t i = 0; i < place->caller_count && !name; i++)
    if (place->callers[i] > 0)
      name = symbol_at(debug, place->callers[i] - 1);
  return name;
}

bool region_debug_name(const struct region_debug *debug,
                       const struct region_place *place,
                       struct region_name *name) {
  char function[OUTLINED_BYTES];
  uint64_t call = place->caller ? place->caller - 1 : 0;
  const char *outlined = symbol_at(debug, place->function);
  const char *caller = caller_of(debug, place);
  bool told = outlined && outlined_of(outlined, function);
  if (!told)
    told = caller && outlined_of(caller, function);
  if (told)
    region_text(function, name->function);
  if (line_at(debug, place->function, name) || line_at(debug, call, name))
    return true;
  if (told) {
    name->from = outlined ? REGION_NAME_FUNCTION : REGION_NAME_CALLER;
    memcpy(name->name, name->function, sizeof name->name);
  }
  return told;
}
