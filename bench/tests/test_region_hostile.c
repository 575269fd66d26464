/* test_region_hostile.c: files of any content have regions with names that can
 * be shown, and end nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/text.h"
#include "bench/tests/region_fixture.h"

#include <dlfcn.h>
#include <string.h>
#include <sys/stat.h>

enum { BROKEN = 240, FILE_BYTES = 1 << 20 };

struct bed {
  char root[TREE_ROOT], path[512];
  struct region_place place; /* of a program with debug information */
  char *bytes;
  size_t length;
};

static int begin(void **state) {
  static struct bed bed;
  struct region_place places[REGION_PLACES];
  tree_create(bed.root);
  region_folder(bed.root);
  region_run(bed.root, "cc -g -O2 -fopenmp -c a.c");
  region_run(bed.root, "cc a.o -o p" REGION_LINK);
  assert_int_equal(region_places(bed.root, "p", bed.path, places), 2);
  bed.place = places[0];
  bed.place.build_id_bytes = 0;
  FILE *file = fopen(bed.path, "r");
  bed.bytes = malloc(FILE_BYTES);
  bed.length = fread(bed.bytes, 1, FILE_BYTES, file);
  assert_in_range(bed.length, 1000, FILE_BYTES - 1);
  fclose(file);
  *state = &bed;
  return 0;
}

static int end(void **state) {
  struct bed *bed = *state;
  free(bed->bytes);
  tree_remove(bed->root);
  return 0;
}

static void write_file(const char *path, const char *bytes, size_t length) {
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, length, file), length);
  assert_int_equal(fclose(file), 0);
}

/* All of them at once, which is how they are named; [BROKEN]. */
static void name_broken(const struct bed *bed, size_t count,
                        void spoil(const struct bed *, size_t, const char *)) {
  static char paths[BROKEN][TREE_ROOT + 30];
  static struct region_place places[BROKEN];
  static struct region_name names[BROKEN];
  char by_offset[60];
  size_t without = 0;
  for (size_t i = 0; i < count; i++) {
    snprintf(paths[i], sizeof paths[i], "%s/broken-%zu", bed->root, i);
    spoil(bed, i, paths[i]);
    places[i] = bed->place;
    places[i].module = paths[i];
  }
  region_names_find(places, count, names);
  for (size_t i = 0; i < count; i++) {
    assert_true(*names[i].name && text_is_printable(names[i].name));
    assert_true(text_is_printable(names[i].function));
    if (names[i].from != REGION_NAME_OFFSET)
      continue;
    without++;
    snprintf(by_offset, sizeof by_offset, "broken-%zu+0x%llx", i,
             (unsigned long long)bed->place.function);
    assert_string_equal(names[i].name, by_offset);
  }
  assert_in_range(without, 1, count - 1);
}

static void cut_off(const struct bed *bed, size_t i, const char *path) {
  write_file(path, bed->bytes, bed->length * (i + 1) / BROKEN);
}

static void test_truncated_files(void **state) {
  name_broken(*state, BROKEN, cut_off);
}

/* Bytes of headers, tables and debug information, which all lie near the ends,
 * or in anything between. */
static void flip(const struct bed *bed, size_t i, const char *path) {
  char *bytes = malloc(bed->length);
  uint64_t random = i + 1;
  assert_non_null(bytes);
  memcpy(bytes, bed->bytes, bed->length);
  for (int k = 0; k < 40; k++) {
    random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
    size_t from = i % 3 == 0 ? 0 : bed->length / 4;
    size_t room = i % 3 == 0 ? 1024 : bed->length - from;
    bytes[from + (random >> 33) % room] = (char)(random >> 25);
  }
  write_file(path, bytes, bed->length);
  free(bytes);
}

static void test_files_with_other_bytes(void **state) {
  name_broken(*state, BROKEN, flip);
}

static void test_what_is_no_file_of_code(void **state) {
  const struct bed *bed = *state;
  char fifo[TREE_ROOT + 30], text[60], odd[80];
  snprintf(fifo, sizeof fifo, "%s/fifo", bed->root);
  assert_int_equal(mkfifo(fifo, 0600), 0);
  snprintf(text, sizeof text, "%s/stub.c", bed->root);
  snprintf(odd, sizeof odd, "%s/\n\x1b[31m\xff", bed->root);
  const struct {
    const char *module, *name;
  } all[] = {
      {NULL, "?+0x10"},
      {"", "?+0x10"},
      {"[vdso]", "[vdso]+0x10"},
      {"/", "?+0x10"},
      {"/dev/zero", "zero+0x10"},
      {"/memfd:jit (deleted)", "memfd:jit (deleted)+0x10"},
      {bed->root, NULL},
      {fifo, "fifo+0x10"},
      {text, "stub.c+0x10"},
      {odd, "\\n\\x1b[31m\\xff+0x10"},
  };
  enum { ALL = sizeof all / sizeof *all };
  struct region_place places[ALL];
  struct region_name names[ALL];
  for (size_t i = 0; i < ALL; i++)
    places[i] =
        (struct region_place){.module = all[i].module, .function = 0x10};
  region_names_find(places, ALL, names);
  for (size_t i = 0; i < ALL; i++) {
    assert_int_equal(names[i].from, REGION_NAME_OFFSET);
    if (all[i].name && *all[i].name != '?')
      assert_string_equal(names[i].name, all[i].name);
    assert_true(text_is_printable(names[i].name));
  }
  region_names_find(places, 1, names);
  assert_string_equal(names[0].name, "?+0x10");
  region_names_find(NULL, 0, NULL);
}

/* What debug information calls a file may be anything, and of any length. */
static void test_names_are_shown_whole_and_harmless(void **state) {
  const struct bed *bed = *state;
  char root[TREE_ROOT], path[512], source[sizeof region_c + 600], deep[301];
  struct region_place places[REGION_PLACES];
  struct region_name names[REGION_PLACES];
  memset(deep, 'd', sizeof deep - 1);
  deep[sizeof deep - 1] = '\0';
  (void)bed;
  tree_create(root);
  region_folder(root);
  snprintf(source, sizeof source, "#line 1 \"x/\\033[31m\\377.c\"\n%s",
           region_c);
  tree_write(root, "/odd.c", source);
  snprintf(source, sizeof source, "#line 1 \"/x/%s.c\"\n%s", deep, region_c);
  tree_write(root, "/deep.c", source);
  region_run(root,
             "cc -g -O2 -fopenmp -c odd.c && cc -g -O2 -fopenmp -c deep.c");
  region_run(root, "cc odd.o -o odd" REGION_LINK);
  region_run(root, "cc deep.o -o deep" REGION_LINK);
  size_t count = region_places(root, "odd", path, places);
  assert_int_equal(count, 2);
  region_names_find(places, count, names);
  assert_string_equal(names[0].name, "\\x1b[31m\\xff.c:5");
  assert_int_equal(names[0].from, REGION_NAME_LINE);
  assert_int_equal(region_places(root, "deep", path, places), 2);
  region_names_find(places, count, names);
  assert_int_equal(names[1].from, REGION_NAME_LINE);
  deep[44] = '\0';
  snprintf(source, sizeof source, "%s…ddddddddddddd.c:14", deep);
  assert_string_equal(names[1].name, source);
  tree_remove(root);
}

/* A libdw that ends its process over a file with "crash" in its name, and else
 * says whether it might ask a server. */
static const char fake[] =
    "#include <elfutils/libdwfl.h>\n"
    "#include <stdlib.h>\n"
    "#include <string.h>\n"
    "Dwfl *dwfl_begin(const Dwfl_Callbacks *c) { return (Dwfl *)c; }\n"
    "void dwfl_end(Dwfl *d) {}\n"
    "void dwfl_report_begin(Dwfl *d) {}\n"
    "int dwfl_report_end(Dwfl *d, int (*r)(Dwfl_Module *, void *,\n"
    "  const char *, Dwarf_Addr, void *), void *a) { return 0; }\n"
    "Dwfl_Module *dwfl_report_elf(Dwfl *d, const char *n, const char *path,\n"
    "                             int fd, GElf_Addr base, bool add)\n"
    "{\n"
    "  if (strstr(path, \"crash\"))\n"
    "    abort();\n"
    "  return (Dwfl_Module *)path;\n"
    "}\n"
    "int dwfl_module_build_id(Dwfl_Module *m, const unsigned char **b,\n"
    "                         GElf_Addr *a) { return 0; }\n"
    "Dwfl_Line *dwfl_module_getsrc(Dwfl_Module *m, Dwarf_Addr a)\n"
    "{ return NULL; }\n"
    "const char *dwfl_module_addrinfo(Dwfl_Module *m, GElf_Addr a,\n"
    "  GElf_Off *o, GElf_Sym *s, GElf_Word *x, Elf **e, Dwarf_Addr *b)\n"
    "{\n"
    "  s->st_info = STT_FUNC;\n"
    "  s->st_size = 1;\n"
    "  return getenv(\"DEBUGINFOD_URLS\") ? \"asked\" : \"alone\";\n"
    "}\n"
    "const char *dwfl_lineinfo(Dwfl_Line *l, Dwarf_Addr *a, int *b, int *c,\n"
    "  Dwarf_Word *d, Dwarf_Word *e) { return NULL; }\n"
    "Dwarf_Die *dwfl_module_nextcu(Dwfl_Module *m, Dwarf_Die *d,\n"
    "                              Dwarf_Addr *b) { return NULL; }\n"
    "int dwarf_haspc(Dwarf_Die *d, Dwarf_Addr a) { return 0; }\n"
    "Dwarf_Line *dwarf_getsrc_die(Dwarf_Die *d, Dwarf_Addr a)\n"
    "{ return NULL; }\n"
    "int dwarf_lineno(Dwarf_Line *l, int *n) { return -1; }\n"
    "const char *dwarf_linesrc(Dwarf_Line *l, Dwarf_Word *m,\n"
    "                          Dwarf_Word *n) { return NULL; }\n"
    "int dwfl_standard_find_debuginfo(Dwfl_Module *m, void **u,\n"
    "  const char *n, Dwarf_Addr b, const char *f, const char *l,\n"
    "  GElf_Word c, char **d) { return -1; }\n"
    "int dwfl_offline_section_address(Dwfl_Module *m, void **u,\n"
    "  const char *n, Dwarf_Addr b, const char *s, GElf_Word x,\n"
    "  const GElf_Shdr *h, Dwarf_Addr *a) { return -1; }\n";

static void test_a_reader_that_crashes_has_named_the_others(void **state) {
  const struct bed *bed = *state;
  char library[TREE_ROOT + 30], one[TREE_ROOT + 30], two[TREE_ROOT + 30],
      three[TREE_ROOT + 30];
  tree_write(bed->root, "/fake.c", fake);
  tree_write(bed->root, "/one", "");
  tree_write(bed->root, "/crash", "");
  tree_write(bed->root, "/three", "");
  region_run(bed->root, "cc -w -shared -fPIC fake.c -o fake.so "
                        "-Wl,-soname,libdw.so.1");
  snprintf(library, sizeof library, "%s/fake.so", bed->root);
  snprintf(one, sizeof one, "%s/one", bed->root);
  snprintf(two, sizeof two, "%s/crash", bed->root);
  snprintf(three, sizeof three, "%s/three", bed->root);
  const struct region_place places[] = {{.module = one, .function = 1},
                                        {.module = two, .function = 2},
                                        {.module = two, .function = 3},
                                        {.module = three, .function = 4}};
  struct region_name names[4];
  void *loaded = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  assert_non_null(loaded);
  setenv("DEBUGINFOD_URLS", "http://127.0.0.1:9/", 1);
  region_names_find(places, 4, names);
  assert_string_equal(getenv("DEBUGINFOD_URLS"), "http://127.0.0.1:9/");
  unsetenv("DEBUGINFOD_URLS");
  dlclose(loaded);
  assert_string_equal(names[0].name, "alone at 0x1");
  assert_string_equal(names[1].name, "crash+0x2");
  assert_string_equal(names[2].name, "crash+0x3");
  assert_string_equal(names[3].name, "alone at 0x4");
  assert_int_equal(names[3].from, REGION_NAME_FUNCTION);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_truncated_files),
      cmocka_unit_test(test_files_with_other_bytes),
      cmocka_unit_test(test_what_is_no_file_of_code),
      cmocka_unit_test(test_names_are_shown_whole_and_harmless),
      cmocka_unit_test(test_a_reader_that_crashes_has_named_the_others),
  };
  return cmocka_run_group_tests(tests, begin, end);
}
