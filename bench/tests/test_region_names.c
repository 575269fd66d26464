/* test_region_names.c: what regions of programs are called that were built by
 * several compilers, with debug information, with symbols alone, with none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/sweep/outlined.h"
#include "bench/sweep/region_debug.h"
#include "bench/tests/region_fixture.h"

#include <string.h>

/* Both templates are of one line. */
static const char source_cpp[] =
    "namespace gm {\n"
    "template <class T> __attribute__((noinline)) T blur(int n)\n"
    "{\n"
    "  T s = 0;\n"
    "#pragma omp parallel for reduction(+ : s)\n"
    "  for (int i = 0; i < n; i++)\n"
    "    s += i;\n"
    "  return s;\n"
    "}\n"
    "}\n"
    "int main() { return gm::blur<int>(9) + gm::blur<long>(9) > 99; }\n";

static const char source_f90[] = "module grid\n"
                                 "contains\n"
                                 "  subroutine step(a)\n"
                                 "    real, intent(inout) :: a(:)\n"
                                 "    integer :: i\n"
                                 "!$omp parallel do\n"
                                 "    do i = 1, size(a)\n"
                                 "      a(i) = a(i) + 1\n"
                                 "    end do\n"
                                 "  end subroutine\n"
                                 "end module\n"
                                 "program p\n"
                                 "  use grid\n"
                                 "  real :: a(100)\n"
                                 "  call step(a)\n"
                                 "end program\n";

struct expected {
  enum region_name_from from;
  const char *name; /* NULL: module and offset; with an @ at its end: that a
                       line is of several regions is said by the offset */
  const char *function;
};

/* Compiled and linked with OpenMP and the flags, and then a command of sh. */
struct built {
  const char *compiler, *flags, *source, *then;
  struct expected regions[REGION_PLACES];
};

static void build(const struct built *built, const char *root) {
  region_folder(root);
  tree_write(root, "/b.cpp", source_cpp);
  tree_write(root, "/c.f90", source_f90);
  region_run(root, "%s %s -fopenmp -c %s -o p.o", built->compiler, built->flags,
             built->source);
  region_run(root, "%s %s p.o -o p" REGION_LINK, built->compiler, built->flags);
  if (built->then)
    region_run(root, "%s", built->then);
}

static void same(const struct region_place *place,
                 const struct region_name *name, const struct expected *e) {
  char expected[120];
  unsigned long long at = place->function ? place->function : place->caller;
  size_t length = e->name ? strcspn(e->name, "@") : 0;
  if (!e->name)
    snprintf(expected, sizeof expected, "p+0x%llx", at);
  else if (e->name[length])
    snprintf(expected, sizeof expected, "%.*s at 0x%llx", (int)length, e->name,
             at);
  else
    snprintf(expected, sizeof expected, "%s", e->name);
  assert_string_equal(name->name, expected);
  assert_string_equal(name->function, e->function);
  assert_int_equal(name->from, e->from);
  bool line = e->from == REGION_NAME_LINE;
  assert_int_equal(name->line,
                   line ? strtol(strchr(e->name, ':') + 1, NULL, 10) : 0);
}

/* As libomp tells regions: by their callers alone. */
static void forget_functions(struct region_place *places, size_t count) {
  for (size_t i = 0; i < count; i++)
    places[i].function = 0;
}

static void check(const struct built *built, bool by_callers) {
  char root[TREE_ROOT], path[512];
  struct region_place places[REGION_PLACES];
  struct region_name names[REGION_PLACES];
  size_t expected = 0;
  if (!region_has(built->compiler)) {
    print_message("no %s: not tried\n", built->compiler);
    return;
  }
  tree_create(root);
  build(built, root);
  size_t count = region_places(root, "p", path, places);
  while (expected < REGION_PLACES && built->regions[expected].function)
    expected++;
  assert_int_equal(count, expected);
  if (by_callers)
    forget_functions(places, count);
  region_names_find(places, count, names);
  for (size_t i = 0; i < count; i++)
    same(&places[i], &names[i], &built->regions[i]);
  tree_remove(root);
}

static void check_all(const struct built *all, size_t count) {
  for (size_t i = 0; i < count; i++) {
    print_message("%s %s %s\n", all[i].compiler, all[i].flags, all[i].source);
    check(&all[i], false);
  }
}
#define CHECK_ALL(all) check_all(all, sizeof(all) / sizeof *(all))

#define LINE     REGION_NAME_LINE
#define FUNCTION REGION_NAME_FUNCTION
#define CALLER   REGION_NAME_CALLER
#define OFFSET   REGION_NAME_OFFSET

static void test_debug_information_tells_the_line(void **state) {
  static const struct built all[] = {
      {"gcc",
       "-g -O0",
       "a.c",
       NULL,
       {{LINE, "a.c:5", "sum"}, {LINE, "a.c:14", "most"}}},
      {"gcc",
       "-g -O2",
       "a.c",
       NULL,
       {{LINE, "a.c:5", "sum"}, {LINE, "a.c:14", "most"}}},
      {"gcc",
       "-g -O3 -no-pie -fno-pie -fexceptions",
       "a.c",
       NULL,
       {{LINE, "a.c:5", "sum"}, {LINE, "a.c:14", "most"}}},
      {"clang",
       "-g -O0",
       "a.c",
       NULL,
       {{LINE, "a.c:5", "sum"}, {LINE, "a.c:14", "most"}}},
      {"clang",
       "-g -O2",
       "a.c",
       NULL,
       {{LINE, "a.c:5", "sum"}, {LINE, "a.c:14", "most"}}},
      {"g++",
       "-g -O2",
       "b.cpp",
       NULL,
       {{LINE, "b.cpp:5@", "int gm::blur<int>(int)"},
        {LINE, "b.cpp:5@", "long gm::blur<long>(int)"}}},
      {"gfortran", "-g -O2", "c.f90", NULL, {{LINE, "c.f90:6", "grid::step"}}},
  };
  (void)state;
  CHECK_ALL(all);
}

static void test_symbols_tell_the_function(void **state) {
  static const struct built all[] = {
      {"gcc",
       "-O2",
       "a.c",
       NULL,
       {{FUNCTION, "sum", "sum"}, {FUNCTION, "most", "most"}}},
      {"gcc",
       "-O2 -flto",
       "a.c",
       NULL,
       {{FUNCTION, "sum", "sum"}, {FUNCTION, "most", "most"}}},
      {"clang",
       "-O2",
       "a.c",
       NULL,
       {{FUNCTION, "sum", "sum"}, {FUNCTION, "most", "most"}}},
      {"g++",
       "-O2",
       "b.cpp",
       NULL,
       {{FUNCTION, "int gm::blur<int>(int)", "int gm::blur<int>(int)"},
        {FUNCTION, "long gm::blur<long>(int)", "long gm::blur<long>(int)"}}},
      {"gfortran",
       "-O2",
       "c.f90",
       NULL,
       {{FUNCTION, "grid::step", "grid::step"}}},
  };
  (void)state;
  CHECK_ALL(all);
}

static void test_without_symbols_exported_callers_or_offsets(void **state) {
  static const struct built all[] = {
      {"gcc",
       "-O2 -rdynamic",
       "a.c",
       "strip p",
       {{CALLER, "sum", "sum"}, {OFFSET, NULL, ""}}},
      {"gcc",
       "-g -O2",
       "a.c",
       "strip p",
       {{OFFSET, NULL, ""}, {OFFSET, NULL, ""}}},
      {"clang",
       "-O2 -rdynamic",
       "a.c",
       "strip p",
       {{CALLER, "sum", "sum"}, {OFFSET, NULL, ""}}},
  };
  (void)state;
  CHECK_ALL(all);
}

static void test_callers_alone(void **state) {
  static const struct built lines = {
      "clang",
      "-g -O2",
      "a.c",
      NULL,
      {{LINE, "a.c:5", "sum"}, {LINE, "a.c:14", "most"}}};
  static const struct built functions = {
      "clang",
      "-O2",
      "a.c",
      NULL,
      {{CALLER, "sum", "sum"}, {CALLER, "most", "most"}}};
  (void)state;
  check(&lines, true);
  check(&functions, true);
}

static void test_debug_information_beside_the_program(void **state) {
  static const struct built linked = {
      "gcc",
      "-g -O2",
      "a.c",
      "mkdir .debug && objcopy --only-keep-debug p .debug/p.debug && "
      "strip p && objcopy --add-gnu-debuglink=.debug/p.debug p",
      {{LINE, "a.c:5", "sum"}, {LINE, "a.c:14", "most"}}};
  (void)state;
  check(&linked, false);
}

/* Debian's -dbgsym packages: below /usr/lib/debug, or here another folder. */
static void test_debug_information_by_build_id(void **state) {
  static const struct built built = {
      "gcc",
      "-g -O2",
      "a.c",
      "mkdir -p debug/.build-id/01 && "
      "objcopy --only-keep-debug p debug/.build-id/01/02030405060708.debug && "
      "strip p",
      {{0}}};
  char root[TREE_ROOT], path[512], folder[60];
  struct region_place places[REGION_PLACES];
  struct region_name name = {.from = REGION_NAME_OFFSET};
  (void)state;
  tree_create(root);
  build(&built, root);
  assert_int_equal(region_places(root, "p", path, places), 2);
  snprintf(folder, sizeof folder, "%s/debug", root);
  struct region_debug *debug = region_debug_open(&places[0], folder);
  assert_non_null(debug);
  assert_true(region_debug_name(debug, &places[0], &name));
  assert_string_equal(name.name, "a.c:5");
  region_debug_close(debug);
  tree_remove(root);
}

/* It was built anew since it ran. */
static void test_another_program_is_not_asked(void **state) {
  static const struct built built = {"gcc", "-g -O2", "a.c", NULL, {{0}}};
  static const unsigned char another[8] = {1, 2, 3, 4, 5, 6, 7, 9};
  char root[TREE_ROOT], path[512];
  struct region_place places[REGION_PLACES];
  struct region_name names[REGION_PLACES];
  (void)state;
  tree_create(root);
  build(&built, root);
  assert_int_equal(region_places(root, "p", path, places), 2);
  places[0].build_id = another;
  region_names_find(places, 2, names);
  same(&places[0], &names[0], &(struct expected){OFFSET, NULL, ""});
  same(&places[1], &names[1], &(struct expected){LINE, "a.c:14", "most"});
  places[0].build_id_bytes = 7; /* the rest is not told */
  region_names_find(places, 2, names);
  same(&places[0], &names[0], &(struct expected){LINE, "a.c:5", "sum"});
  tree_remove(root);
}

static void test_what_compilers_make_of_names(void **state) {
  static const struct {
    const char *symbol, *function; /* NULL: it does not tell */
  } all[] = {
      {"gm_blur._omp_fn.3", "gm_blur"},
      {"gm_blur.constprop.0._omp_fn.3", "gm_blur"},
      {"gm_blur.omp_outlined", "gm_blur"},
      {"gm_blur.omp_outlined_debug__.2", "gm_blur"},
      {"gm_blur..omp_par", "gm_blur"},
      {".omp_outlined.", NULL},
      {".omp_outlined._debug__.1", NULL},
      {"gm_blur", "gm_blur"},
      {"", NULL},
      {"MAIN__._omp_fn.0", "MAIN__"},
      {"__grid_MOD_step._omp_fn.0", "grid::step"},
      {"___MOD_x", "___MOD_x"},
      {"__a_MOD_", "__a_MOD_"},
      {"_ZN2gm4blurEi._omp_fn.0", "gm::blur(int)"},
      {"_Z9._omp_fn.0", "_Z9"}, /* a length, and no name */
  };
  char function[OUTLINED_BYTES];
  (void)state;
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    assert_int_equal(outlined_of(all[i].symbol, function),
                     all[i].function != NULL);
    if (all[i].function)
      assert_string_equal(function, all[i].function);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_debug_information_tells_the_line),
      cmocka_unit_test(test_symbols_tell_the_function),
      cmocka_unit_test(test_without_symbols_exported_callers_or_offsets),
      cmocka_unit_test(test_callers_alone),
      cmocka_unit_test(test_debug_information_beside_the_program),
      cmocka_unit_test(test_debug_information_by_build_id),
      cmocka_unit_test(test_another_program_is_not_asked),
      cmocka_unit_test(test_what_compilers_make_of_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
