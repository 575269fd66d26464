/* tree_fixture.h: fake /proc and /sys trees below a temporary directory. */
#ifndef CORESWEEP_TREE_FIXTURE_H
#define CORESWEEP_TREE_FIXTURE_H

#include "bench/plan/machine.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TREE_ROOT = 40 };

/* Creates an empty tree, and puts its path into root. */
static void tree_create(char root[static TREE_ROOT]) {
  snprintf(root, TREE_ROOT, "/tmp/coresweep-tree-XXXXXX");
  assert_non_null(mkdtemp(root));
}

/* Writes a file, with the directories on its way. */
static void tree_write(const char *root, const char *name, const char *text) {
  char path[512];
  assert_true(snprintf(path, sizeof path, "%s%s", root, name) < 512);
  for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
    *slash = '\0';
    assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
    *slash = '/';
  }
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  assert_true(fputs(text, file) >= 0);
  assert_int_equal(fclose(file), 0);
}

/* Creates a tree of files: pairs of a name and a text, up to `most`, or to a
 * NULL. */
static inline void tree_fill(char root[static TREE_ROOT],
                             const char *const files[][2], size_t most) {
  tree_create(root);
  for (size_t i = 0; i < most && files[i][0]; i++)
    tree_write(root, files[i][0], files[i][1]);
}

/* A machine of hwloc's synthetic notation, to be released with machine_free. */
static inline struct machine tree_machine(const char *notation) {
  struct machine machine = {.usable_cpus = 1};
  char message[200];
  assert_int_equal(topology_from_synthetic(notation, NULL, &machine.topology,
                                           message, sizeof message),
                   0);
  return machine;
}

static int tree_remove_entry(const char *path, const struct stat *status,
                             int type, struct FTW *walk) {
  (void)status, (void)type, (void)walk;
  return remove(path);
}

static void tree_remove(const char *root) {
  nftw(root, tree_remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

#endif
