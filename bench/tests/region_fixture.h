/* region_fixture.h: programs built for a test, which tell where their parallel
 * regions lie instead of running them.  To be included after cmocka.h. */
#ifndef CORESWEEP_REGION_FIXTURE_H
#define CORESWEEP_REGION_FIXTURE_H

#include "bench/sweep/region_names.h"
#include "bench/tests/tree_fixture.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { REGION_PLACES = 8, REGION_COMMAND = 2000 };

static const unsigned char region_build_id[8] = {1, 2, 3, 4, 5, 6, 7, 8};

/* In front of both runtimes: regions come back with nothing done. */
static const char region_stub[] =
    "#define _GNU_SOURCE\n"
    "#include <dlfcn.h>\n"
    "#include <link.h>\n"
    "#include <stdio.h>\n"
    "static void tell(void *function, void *caller) {\n"
    "  Dl_info info;\n"
    "  struct link_map *map = 0;\n"
    "  dladdr1(function, &info, (void **)&map, RTLD_DL_LINKMAP);\n"
    "  printf(\"%lx %lx\\n\", (unsigned long)function - map->l_addr,\n"
    "         (unsigned long)caller - map->l_addr);\n"
    "}\n"
    "void GOMP_parallel(void *function, void *d, unsigned n, unsigned f) {\n"
    "  tell(function, __builtin_return_address(0));\n"
    "}\n"
    "void __kmpc_fork_call(void *l, int n, void *function, ...) {\n"
    "  tell(function, __builtin_return_address(0));\n"
    "}\n";

/* Two regions, in lines 5 and 14. */
static const char region_c[] =
    "#include <stdio.h>\n"
    "__attribute__((noinline)) double sum(const double *x, int n)\n"
    "{\n"
    "  double s = 0;\n"
    "#pragma omp parallel for reduction(+ : s)\n"
    "  for (int i = 0; i < n; i++)\n"
    "    s += x[i];\n"
    "  return s;\n"
    "}\n"
    "static __attribute__((noinline)) double most(const double *x,\n"
    "                                             int n)\n"
    "{\n"
    "  double m = 0;\n"
    "#pragma omp parallel for reduction(max : m)\n"
    "  for (int i = 0; i < n; i++)\n"
    "    m = x[i] > m ? x[i] : m;\n"
    "  return m;\n"
    "}\n"
    "int main(void)\n"
    "{\n"
    "  static double x[9];\n"
    "  return sum(x, 9) + most(x, 9) > 99;\n"
    "}\n";

/* In the folder; fails the test when the command does. */
static inline void region_run(const char *folder, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static inline void region_run(const char *folder, const char *format, ...) {
  char wanted[REGION_COMMAND], command[REGION_COMMAND + 600];
  va_list list;
  va_start(list, format);
  assert_true(vsnprintf(wanted, sizeof wanted, format, list) <
              (int)sizeof wanted);
  va_end(list);
  snprintf(command, sizeof command, "cd '%s' && { %s; }", folder, wanted);
  if (system(command) != 0)
    fail_msg("%s", command);
}

/* What follows compilers' commands: a program that tells. */
#define REGION_LINK " -fopenmp stub.o -ldl -Wl,--build-id=0x0102030405060708"

/* Puts stub.o and a.c into it. */
static inline void region_folder(const char *root) {
  tree_write(root, "/stub.c", region_stub);
  tree_write(root, "/a.c", region_c);
  region_run(root, "cc -w -O1 -fPIC -c stub.c");
}

/* The regions of the program `name`, by what it tells; path: its own, to live
 * as long as the places; places: [REGION_PLACES].  Returns how many. */
static inline size_t region_places(const char *folder, const char *name,
                                   char path[static 512],
                                   struct region_place *places) {
  char line[80], command[600];
  size_t count = 0;
  snprintf(path, 512, "%s/%s", folder, name);
  snprintf(command, sizeof command, "'%s'", path);
  memset(places, 0, REGION_PLACES * sizeof *places);
  FILE *told = popen(command, "r");
  assert_non_null(told);
  while (count < REGION_PLACES && fgets(line, sizeof line, told)) {
    char *end;
    places[count] =
        (struct region_place){.module = path,
                              .build_id = region_build_id,
                              .build_id_bytes = sizeof region_build_id};
    places[count].function = strtoull(line, &end, 16);
    places[count].caller = strtoull(end, NULL, 16);
    count++;
  }
  pclose(told);
  return count;
}

static inline int region_has(const char *compiler) {
  char command[200];
  snprintf(command, sizeof command, "command -v %s >/dev/null", compiler);
  return system(command) == 0;
}

#endif
