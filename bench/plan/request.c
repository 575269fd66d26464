#include "bench/plan/request.h"

#include "bench/plan/json_file.h"
#include "bench/plan/plan_file.h"

#include <stdlib.h>
#include <string.h>

/* What a command line may hold. */
enum { ARGUMENTS_MOST = 4096, ARGUMENT_ROOM = 131072, COMMAND_ROOM = 64 };

/* How many arguments from this one on name the run's folder: it is where the
 * file is, wherever it is moved. */
static int names_folder(const char *argument) {
  bool separate = strcmp(argument, "-o") == 0 ||
                  strcmp(argument, "--out") == 0 ||
                  strcmp(argument, "--ou") == 0;
  bool joined = strncmp(argument, "-o", 2) == 0 ||
                strncmp(argument, "--out=", 6) == 0 ||
                strncmp(argument, "--ou=", 5) == 0;
  return separate ? 2 : joined;
}

int request_write(const struct request *request, const char *path,
                  struct problem *problem) {
  json_t *arguments = json_array();
  for (int i = 1; i < request->argc; i++) {
    int left_out = names_folder(request->argv[i]);
    if (left_out)
      i += left_out - 1;
    else if (json_array_append_new(arguments, json_string(request->argv[i]))) {
      json_decref(arguments);
      return problem_usage(problem,
                           "'%s': an argument that is not UTF-8 cannot be kept "
                           "in plan.json",
                           request->argv[i]);
    }
  }
  json_t *json = json_pack(
      "{s:i, s:s, s:s, s:o, s:f, s:o}", "schema", PLAN_SCHEMA, "stage",
      request->done ? "done" : "rounds", "command", request->command,
      "arguments", arguments, "memory_bytes", request->memory_bytes, "identity",
      identity_json(&request->identity));
  return json_file_write(json, path, 0, problem);
}

static int copy_arguments(struct request *request, const char *command,
                          struct json_reader *reader) {
  size_t count = json_read_list(reader, "arguments", ARGUMENTS_MOST);
  request->argv = calloc(count + 2, sizeof *request->argv);
  if (!request->argv || !(request->argv[0] = strdup(command)))
    return problem_failure(reader->problem, "out of memory");
  request->argc = 1;
  for (size_t i = 0; i < count; i++) {
    const char *text =
        json_read_any_text_at(reader, "arguments", i, ARGUMENT_ROOM);
    request->argv[request->argc] = strdup(text);
    if (!request->argv[request->argc++])
      return problem_failure(reader->problem, "out of memory");
  }
  return reader->status;
}

/* All of it but the schema; *command is the file's. */
static void read_members(struct request *request, struct json_reader *reader,
                         const char **command) {
  static const char *const stages[] = {"rounds", "done", NULL};
  *command = json_object_get(reader->object, "command")
                 ? json_read_text(reader, "command", COMMAND_ROOM)
                 : "sweep";
  if (!reader->status && request->command &&
      strcmp(*command, request->command) != 0)
    reader->status =
        problem_failure(reader->problem, "it is a run of `%.40s`, not of `%s`",
                        *command, request->command);
  if (!reader->status)
    reader->status = copy_arguments(request, *command, reader);
  request->memory_bytes = json_read_real(reader, "memory_bytes", 0, 1e18);
  request->done = json_read_word(reader, "stage", stages) == 1;
  identity_read(reader, &request->identity);
}

int request_read(struct request *request, const char *path,
                 struct problem *problem) {
  struct problem reason = {""};
  const char *command;
  json_t *json;
  int status = plan_file_load(path, &json, problem);
  if (status)
    return status;
  struct json_reader reader = json_reader_of(json, &reason);
  read_members(request, &reader, &command);
  json_decref(json);
  if (!reader.status)
    return PROBLEM_NONE;
  request_free(request);
  return problem_usage(problem, "%s: %s", path, reason.text);
}

int request_check(const json_t *json, struct problem *problem) {
  struct request request = {.command = NULL};
  struct json_reader reader = json_reader_of(json, problem);
  const char *command;
  read_members(&request, &reader, &command);
  request_free(&request);
  return reader.status;
}

bool request_is_of(const char *command, const char *path) {
  struct problem problem;
  json_t *json;
  (void)json_file_read(path, &json, &problem); /* NULL: it is of none */
  const char *is = json_string_value(json_object_get(json, "command"));
  bool same = is && strcmp(is, command) == 0;
  json_decref(json);
  return same;
}

void request_free(struct request *request) {
  for (int i = 0; request->argv && i < request->argc; i++)
    free(request->argv[i]);
  free(request->argv);
  identity_free(&request->identity);
  request->argv = NULL;
  request->argc = 0;
}
