#include "bench/sweep/observing.h"

#include "bench/plan/own_file.h"
#include "bench/sweep/region_names.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A run starts more processes with OpenMP than that: it is not told of them. */
enum { FILES = 256 };

extern char **environ;

/* ---- before -------------------------------------------------------------- */

bool observing_library(char path[static OBSERVING_PATH]) {
  /* As it is built, and as it is installed. */
  static const char *const places[] = {"", "/../lib/coresweep"};
  char *own = realpath(own_file(), NULL);
  char *slash = own ? strrchr(own, '/') : NULL;
  bool there = false;
  if (slash)
    *slash = '\0';
  for (size_t i = 0; !there && i < sizeof places / sizeof *places; i++) {
    int bytes = snprintf(path, OBSERVING_PATH, "%s%s/coresweep-observe.so",
                         own ? own : "", places[i]);
    there = bytes > 0 && bytes < OBSERVING_PATH && access(path, R_OK) == 0;
  }
  free(own);
  return there;
}

/* The value of a variable, NAME= with its sign; NULL: it is not set. */
static const char *value_of(const struct words *environment, const char *name) {
  for (size_t i = 0; i < environment->count; i++)
    if (strncmp(environment->list[i], name, strlen(name)) == 0)
      return environment->list[i] + strlen(name);
  return NULL;
}

static int add_variable(struct words *words, const char *name,
                        const char *value, const char *more) {
  char *text = NULL;
  bool has = more && *more;
  if (asprintf(&text, "%s%s%s%s", name, value, has ? ":" : "",
               has ? more : "") < 0)
    return -1;
  int failed = words_add(words, text);
  free(text);
  return failed;
}

/* All but those that are set anew. */
static int copy_others(const struct words *plain, struct words *observed) {
  int failed = 0;
  for (size_t i = 0; i < plain->count && !failed; i++)
    if (strncmp(plain->list[i], "LD_PRELOAD=", 11) != 0 &&
        strncmp(plain->list[i], OBSERVED_FOLDER "=", sizeof OBSERVED_FOLDER) !=
            0)
      failed = words_add(observed, plain->list[i]);
  return failed;
}

/* Whether a path can stand in LD_PRELOAD, where these separate two. */
static bool may_be_preloaded(const char *path) {
  return strpbrk(path, " :") == NULL;
}

/* Where it cannot, a link from the folder, hidden from who reads that. */
static int link_library(const struct observing *observing,
                        char library[static OBSERVING_PATH],
                        struct problem *problem) {
  char link[sizeof observing->folder + 16];
  if (may_be_preloaded(library))
    return PROBLEM_NONE;
  snprintf(link, sizeof link, "%s/.observe.so", observing->folder);
  if (symlink(library, link) != 0)
    return problem_failure(problem, "%s: no link to the observer: %s", link,
                           strerror(errno));
  snprintf(library, OBSERVING_PATH, "%s", link);
  return PROBLEM_NONE;
}

int observing_begin(struct observing *observing, const struct words *plain,
                    struct words *observed, struct problem *problem) {
  static const char preload[] = "LD_PRELOAD=",
                    name[] = "/coresweep-observed-XXXXXX";
  char library[OBSERVING_PATH];
  *observed = (struct words){NULL, 0};
  observing_library(library);
  const char *where = getenv("TMPDIR");
  bool fits = where && *where == '/' && may_be_preloaded(where) &&
              strlen(where) + sizeof name < sizeof observing->folder;
  where = fits ? where : "/tmp";
  snprintf(observing->folder, sizeof observing->folder, "%s%s", where, name);
  if (!mkdtemp(observing->folder)) {
    int error = errno;
    *observing->folder = '\0';
    return problem_failure(problem, "%s: no folder for an observed run: %s",
                           where, strerror(error));
  }
  int status = link_library(observing, library, problem);
  if (status)
    return status;
  int failed =
      add_variable(observed, preload, library, value_of(plain, preload)) ||
      add_variable(observed, OBSERVED_FOLDER "=", observing->folder, NULL) ||
      copy_others(plain, observed);
  if (!failed)
    return PROBLEM_NONE;
  words_free(observed);
  return problem_failure(problem, "out of memory");
}

/* ---- after --------------------------------------------------------------- */

static bool is_own(const char *name) {
  return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

void observing_end(struct observing *observing) {
  if (!*observing->folder)
    return;
  DIR *folder = opendir(observing->folder);
  const struct dirent *entry;
  while (folder && (entry = readdir(folder)))
    if (is_own(entry->d_name))
      unlinkat(dirfd(folder), entry->d_name, 0);
  if (folder)
    closedir(folder);
  rmdir(observing->folder);
  *observing->folder = '\0';
}

/* ---- why there is nothing ------------------------------------------------ */

/* The loader that an ELF file asks for; "": none; NULL: it is no such file, or
 * cannot be read. */
static const char *read_loader(const char *path, char *loader, size_t room) {
  Elf64_Ehdr head;
  Elf64_Phdr part = {.p_type = PT_NULL};
  FILE *file = fopen(path, "rbe");
  bool is = file && fread(&head, sizeof head, 1, file) == 1 &&
            memcmp(head.e_ident, ELFMAG, SELFMAG) == 0 &&
            head.e_ident[EI_CLASS] == ELFCLASS64 &&
            fseek(file, (long)head.e_phoff, SEEK_SET) == 0;
  *loader = '\0';
  for (int i = 0; is && i < head.e_phnum && part.p_type != PT_INTERP; i++)
    is = fread(&part, sizeof part, 1, file) == 1;
  if (is && part.p_type == PT_INTERP) {
    is = part.p_filesz > 0 && part.p_filesz <= room &&
         fseek(file, (long)part.p_offset, SEEK_SET) == 0 &&
         fread(loader, part.p_filesz, 1, file) == 1;
    loader[is ? part.p_filesz - 1 : 0] = '\0';
  }
  if (file)
    fclose(file);
  return is ? loader : NULL;
}

/* Where execvp would find it. */
static const char *find_command(const char *name, char *path, size_t room) {
  const char *folders = getenv("PATH");
  if (strchr(name, '/'))
    return name;
  for (folders = folders ? folders : "/usr/bin:/bin"; *folders;) {
    size_t length = strcspn(folders, ":");
    snprintf(path, room, "%.*s/%s", (int)length, length ? folders : ".", name);
    if (access(path, X_OK) == 0)
      return path;
    folders += length + (folders[length] == ':');
  }
  return name;
}

static char *why_nothing(const char *command) {
  char room[OBSERVING_PATH], loader[OBSERVING_PATH];
  struct stat about;
  const char *path = find_command(command, room, sizeof room);
  const char *asks = read_loader(path, loader, sizeof loader);
  if (stat(path, &about) == 0 && (about.st_mode & (S_ISUID | S_ISGID)))
    return strdup("it is setuid or setgid, and the loader puts nothing in "
                  "front of those");
  if (asks && !*asks)
    return strdup(
        "it is linked statically, and so nothing can be put in front");
  return strdup("no process of it used an OpenMP library that can be seen: it "
                "uses none, or one that is linked into it");
}

/* ---- the files ----------------------------------------------------------- */

/* Reads all of a folder; what is wrong with one, owned; NULL: nothing. */
static char *read_files(const char *folder, struct observed *files,
                        size_t *count) {
  DIR *all = opendir(folder);
  const struct dirent *entry;
  const char *wrong = NULL;
  char *why = NULL;
  *count = 0;
  while (all && !wrong && (entry = readdir(all))) {
    char path[OBSERVING_PATH];
    if (entry->d_name[0] == '.')
      continue;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    wrong = *count == FILES ? "it has too many processes"
                            : observed_read(path, &files[*count]);
    *count += !wrong;
  }
  if (all)
    closedir(all);
  if (wrong && asprintf(&why,
                        "the file of one of its processes is not to be "
                        "believed: %s",
                        wrong) < 0)
    why = NULL;
  return why;
}

static char *collect(const struct observing *observing, const char *command,
                     struct record *record) {
  struct observed *files = calloc(FILES + 1, sizeof *files);
  size_t count = 0;
  if (!files)
    return strdup("there was no memory for it");
  char *why = read_files(observing->folder, files, &count);
  if (!why && count == 0)
    why = why_nothing(command);
  if (!why)
    why = observing_sum(files, count, observing->end_ns, region_names_find,
                        record);
  for (size_t i = 0; i < count; i++)
    observed_free(&files[i]);
  free(files);
  return why;
}

/* Why a run failed that does not without the observer. */
static char *why_failed(const char *command, const char *error) {
  if (error && strstr(error, "ASan runtime does not come first"))
    return strdup("it is built with the address sanitizer, whose library has "
                  "to be the first");
  char room[OBSERVING_PATH], loader[OBSERVING_PATH], *why = NULL;
  const char *path = find_command(command, room, sizeof room);
  const char *asks = read_loader(path, loader, sizeof loader);
  int bytes = asks && strstr(asks, "/ld-musl-")
                  ? asprintf(&why, "its loader is musl's, and puts nothing in "
                                   "front that is built for another library")
                  : asprintf(&why, "with the observer in front %s",
                             error ? error : "it fails");
  return bytes < 0 ? NULL : why;
}

void observing_record(const struct observing *observing, const char *command,
                      struct record *record) {
  record->observed = 1;
  if (record_is_ok(record)) {
    record->unobserved = collect(observing, command, record);
    if (!record->unobserved && !isfinite(record->inside.open_s))
      record->unobserved = strdup("there was no memory for it");
  } else {
    record->unobserved = why_failed(command, record->error);
  }
}
