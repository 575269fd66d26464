#include "bench/plan/program.h"

#include "bench/plan/identity.h"
#include "bench/plan/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What tells programs how many threads to use, by whom it is read. */
static const char *const thread_variables[] = {
    "OMP_NUM_THREADS",      /* OpenMP */
    "OPENBLAS_NUM_THREADS", /* OpenBLAS */
    "MKL_NUM_THREADS",      /* Intel's MKL */
    "BLIS_NUM_THREADS",     /* BLIS */
    "NUMEXPR_NUM_THREADS",  /* Python's numexpr */
    "NUMBA_NUM_THREADS",    /* Python's numba */
    "POLARS_MAX_THREADS",   /* polars */
    "RAYON_NUM_THREADS",    /* Rust's rayon */
    "JULIA_NUM_THREADS",    /* Julia */
    "GOMAXPROCS",           /* Go */
};

/* Commands that start the processes of a parallel program, and place them. */
static const char *const launchers[] = {"mpirun", "mpiexec", "orterun",
                                        "prterun", "srun"};

/* ---- placeholders -------------------------------------------------------- */

struct values {
  const struct program *program;
  uint32_t workers;
  uint64_t size;
};

/* What stands for the name in braces that begins at `text`, and how long the
 * name is with its braces; NULL: it is no placeholder. */
static const char *value_of(const struct values *values, const char *text,
                            size_t *length, char number[static 24]) {
  const struct words *parameters = &values->program->parameters;
  size_t name = strcspn(text + 1, "}");
  *length = name + 2;
  if (text[1 + name] != '}')
    return NULL;
  if (name == 7 && strncmp(text + 1, "workers", 7) == 0) {
    snprintf(number, 24, "%" PRIu32, values->workers);
    return number;
  }
  if (name == 4 && strncmp(text + 1, "size", 4) == 0) {
    snprintf(number, 24, "%" PRIu64, values->size);
    return number;
  }
  for (size_t i = 0; i < parameters->count; i++)
    if (strncmp(parameters->list[i], text + 1, name) == 0 &&
        parameters->list[i][name] == '=')
      return parameters->list[i] + name + 1;
  return NULL;
}

/* Owned; NULL: no memory. */
static char *replace(const struct values *values, const char *text) {
  char *all = NULL, number[24];
  size_t bytes = 0, length;
  FILE *out = open_memstream(&all, &bytes);
  if (!out)
    return NULL;
  while (*text) {
    size_t plain = strcspn(text, "{");
    fwrite(text, 1, plain, out);
    text += plain;
    const char *value = *text ? value_of(values, text, &length, number) : NULL;
    if (value) {
      fputs(value, out);
      text += length;
    } else if (*text) {
      fputc(*text++, out);
    }
  }
  if (fclose(out) != 0) {
    free(all);
    return NULL;
  }
  return all;
}

static int add_replaced(const struct values *values, const struct words *from,
                        struct words *to, struct problem *problem) {
  for (size_t i = 0; i < from->count; i++) {
    char *text = replace(values, from->list[i]);
    int failed = text ? words_add(to, text) : -1;
    free(text);
    if (failed)
      return problem_failure(problem, "out of memory");
  }
  return PROBLEM_NONE;
}

static bool has(const struct words *words, const char *placeholder) {
  for (size_t i = 0; i < words->count; i++)
    if (strstr(words->list[i], placeholder))
      return true;
  return false;
}

bool program_has(const struct program *program, const char *placeholder) {
  return has(&program->command, placeholder) ||
         has(&program->environment, placeholder) ||
         has(&program->serial, placeholder);
}

bool program_takes_size(const struct program *program) {
  return program_has(program, "{size}");
}

char *program_text(const struct program *program, const char *text,
                   uint32_t workers, uint64_t size) {
  const struct values values = {program, workers, size};
  return replace(&values, text);
}

int program_command(const struct program *program, bool serial,
                    uint32_t workers, uint64_t size, struct words *command,
                    struct problem *problem) {
  const struct values values = {program, workers, size};
  bool own = serial && program->serial.count > 0;
  *command = (struct words){NULL, 0};
  return add_replaced(&values, own ? &program->serial : &program->command,
                      command, problem);
}

int program_environment(const struct program *program, uint32_t workers,
                        uint64_t size, struct words *environment,
                        struct problem *problem) {
  const struct values values = {program, workers, size};
  char text[64];
  int failed = 0;
  *environment = (struct words){NULL, 0};
  for (size_t i = 0; i < sizeof thread_variables / sizeof *thread_variables;
       i++) {
    snprintf(text, sizeof text, "%s=%" PRIu32, thread_variables[i], workers);
    failed = failed || words_add(environment, text) != 0;
  }
  if (failed)
    return problem_failure(problem, "out of memory");
  return add_replaced(&values, &program->environment, environment, problem);
}

/* ---- whether it can be run ----------------------------------------------- */

static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* Whether snprintf wrote all of it: the beginning of a path is another's. */
static bool fits(int bytes, size_t room) {
  return bytes >= 0 && (size_t)bytes < room;
}

/* The file that a command names, as execvp would find it; false: none. */
static bool find_file(const char *name, char *path, size_t room) {
  const char *folders = getenv("PATH");
  if (strchr(name, '/'))
    return fits(snprintf(path, room, "%s", name), room) &&
           access(path, F_OK) == 0;
  for (folders = folders ? folders : "/usr/bin:/bin"; *folders;) {
    size_t length = strcspn(folders, ":");
    if (fits(snprintf(path, room, "%.*s/%s", (int)length,
                      length ? folders : ".", name),
             room) &&
        access(path, X_OK) == 0)
      return true;
    folders += length + (folders[length] == ':');
  }
  return false;
}

/* Whether what the first line of a script names can be run: a file, or what env
 * finds in PATH. */
static bool is_reader(char *line, const char **name) {
  char path[4096], *rest = NULL;
  *name = strtok_r(line, " \t", &rest);
  if (!*name || access(*name, X_OK) != 0)
    return false;
  if (strcmp(base_name(*name), "env") != 0)
    return true;
  do
    *name = strtok_r(NULL, " \t", &rest);
  while (*name && (**name == '-' || strchr(*name, '=')));
  return *name && find_file(*name, path, sizeof path);
}

/* A script that does not say who reads it, sh would read: right for its own. */
static bool is_for_sh(const char *name, const char *begin, size_t length) {
  const char *dot = strrchr(base_name(name), '.');
  return memchr(begin, '\0', length) || !dot || strcmp(dot, ".sh") == 0;
}

/* A script's first line names who reads it. */
static int check_interpreter(const char *name, const char *path,
                             struct problem *problem) {
  char line[256] = "";
  const char *reader;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t got = fd >= 0 ? read(fd, line, sizeof line - 1) : -1;
  if (fd >= 0)
    close(fd);
  if (got >= 2 && strncmp(line, "#!", 2) != 0 &&
      !is_for_sh(name, line, (size_t)got))
    return problem_usage(problem,
                         "%s: no first line says what reads it, as #!/usr/bin/"
                         "env python3 does; put one there, or write it in "
                         "front, as in -- python3 %s",
                         name, name);
  if (got < 2 || strncmp(line, "#!", 2) != 0)
    return PROBLEM_NONE;
  line[strcspn(line, "\n")] = '\0';
  if (*line && line[strlen(line) - 1] == '\r')
    return problem_usage(problem,
                         "%s: its first line ends in a carriage return, as on "
                         "Windows, and so cannot be run; take those away, as "
                         "sed -i 's/\\r$//' does",
                         name);
  if (is_reader(line + 2, &reader))
    return PROBLEM_NONE;
  return problem_usage(problem,
                       "%s: its first line names '%s', which cannot be run; "
                       "install it, or name another one there",
                       name, reader ? reader : "");
}

int program_check_command(const struct words *command, bool shell,
                          struct problem *problem) {
  char path[4096];
  struct stat about;
  if (command->count == 0 || !*command->list[0])
    return problem_usage(problem, "no command; want one after --, as in "
                                  "-- ./prog {workers}");
  const char *name = command->list[0];
  if (shell)
    return PROBLEM_NONE;
  if (!find_file(name, path, sizeof path))
    return problem_usage(
        problem, "no command '%s'%s%s%s", name,
        strchr(name, '/') ? ": no such file" : " in PATH",
        strpbrk(name, " |&;<>$") ? "; a line for sh needs --shell" : "",
        access(name, F_OK) == 0 ? "; the one in this folder is called with ./ "
                                  "before it"
                                : "");
  if (stat(path, &about) != 0 || !S_ISREG(about.st_mode))
    return problem_usage(problem, "%s is %s, no command", name,
                         S_ISDIR(about.st_mode) ? "a folder"
                                                : "a pipe or a device");
  if (access(path, X_OK) != 0)
    return problem_usage(problem, "%s cannot be executed: %s (chmod +x %s?)",
                         name, strerror(errno), path);
  return check_interpreter(name, path, problem);
}

/* ---- whether it is the same ---------------------------------------------- */

/* A file that can be executed, or one that begins as a script. */
static bool is_run(const char *path) {
  struct stat about;
  char begin[2] = "";
  int fd = stat(path, &about) == 0 && S_ISREG(about.st_mode)
               ? open(path, O_RDONLY | O_CLOEXEC)
               : -1;
  bool script =
      fd >= 0 && read(fd, begin, 2) == 2 && begin[0] == '#' && begin[1] == '!';
  if (fd >= 0)
    close(fd);
  return script || (fd >= 0 && (about.st_mode & 0111));
}

static void write_files(const struct words *command, FILE *out) {
  for (size_t i = 0; i < command->count; i++) {
    char path[4096], digest[24];
    const char *word = command->list[i];
    if (i == 0 && !find_file(word, path, sizeof path))
      continue;
    const char *file = i == 0 ? path : word;
    if (!is_run(file))
      continue;
    identity_digest(file, digest);
    fprintf(out, "%s%s %s", ftell(out) > 0 ? ", " : "", word, digest);
  }
}

void program_files(const struct program *program, FILE *out) {
  struct words command;
  struct problem problem;
  for (int serial = 0; serial < 2; serial++) {
    if (program_command(program, serial == 1, 1, 1, &command, &problem) == 0 &&
        (serial == 0 || program->serial.count > 0))
      write_files(&command, out);
    words_free(&command);
  }
}

/* ---- what it is ---------------------------------------------------------- */

int program_settle(struct program *program, struct problem *problem) {
  if (program->command.count == 0 || !*program->command.list[0])
    return problem_usage(problem, "no command; want one after --, as in "
                                  "-- ./prog {workers}");
  const char *file = base_name(program->command.list[0]);
  for (size_t i = 0; i < sizeof launchers / sizeof *launchers; i++)
    program->launcher = program->launcher || strcmp(file, launchers[i]) == 0;
  const char *name = program->name ? program->name : file;
  char shown[TEXT_SHOWN];
  if (!text_is_printable(name))
    return problem_usage(problem,
                         "program %s: its name cannot be printed; give it one, "
                         "as in --program 'new=./new {workers}'",
                         text_shown(name, shown));
  size_t bytes = strlen(name) + 1;
  for (size_t i = 0; i < program->parameters.count; i++)
    bytes += strlen(program->parameters.list[i]) + 1;
  char *whole = malloc(bytes), *to = whole;
  if (!whole)
    return problem_failure(problem, "out of memory");
  to = stpcpy(to, name);
  for (size_t i = 0; i < program->parameters.count; i++)
    to = stpcpy(stpcpy(to, i ? "," : "/"), program->parameters.list[i]);
  free(program->name);
  program->name = whole;
  return PROBLEM_NONE;
}

int program_workload(const struct program *program, struct workload *workload,
                     struct problem *problem) {
  static const struct kernel kernel = {
      .name = "program",
      .title = "A program",
      .item = "run",
      .items = "runs",
      .source = "somebody else's",
      .size = 1,
  };
  enum { NAME = 100 }; /* charts and tables have no room for more */
  *workload = (struct workload){.kernel = &kernel, .program = program};
  if (strlen(program->name) > NAME)
    return problem_usage(problem,
                         "program %.40s...: its name has over %d characters; "
                         "give it one, as in --program 'short=COMMAND'",
                         program->name, NAME);
  snprintf(workload->name, sizeof workload->name, "%s", program->name);
  return PROBLEM_NONE;
}

void program_free(struct program *program) {
  free(program->name);
  words_free(&program->command);
  words_free(&program->serial);
  words_free(&program->environment);
  words_free(&program->parameters);
  program->name = NULL;
}
