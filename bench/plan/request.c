#include "bench/plan/request.h"

#include "bench/plan/json_file.h"
#include "bench/plan/plan_file.h"

#include <stdlib.h>
#include <string.h>

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

static int copy_arguments(struct request *request, const json_t *arguments,
                          struct problem *problem) {
  size_t count = json_array_size(arguments);
  request->argv = calloc(count + 2, sizeof *request->argv);
  if (!request->argv || !(request->argv[0] = strdup(request->command)))
    return problem_failure(problem, "out of memory");
  request->argc = 1;
  for (size_t i = 0; i < count; i++) {
    const char *text = json_string_value(json_array_get(arguments, i));
    if (!text)
      return problem_failure(problem, "argument %zu is no text", i + 1);
    request->argv[request->argc] = strdup(text);
    if (!request->argv[request->argc++])
      return problem_failure(problem, "out of memory");
  }
  return PROBLEM_NONE;
}

int request_read(struct request *request, const char *path,
                 struct problem *problem) {
  struct problem reason = {""};
  json_t *json;
  int status = plan_file_load(path, &json, problem);
  if (status)
    return status;
  const char *command = json_string_value(json_object_get(json, "command"));
  const json_t *stage = json_object_get(json, "stage");
  if (!command || strcmp(command, request->command) != 0)
    status = problem_failure(&reason, "it is a run of `%s`, not of `%s`",
                             command ? command : "sweep", request->command);
  if (!status)
    status =
        copy_arguments(request, json_object_get(json, "arguments"), &reason);
  request->memory_bytes =
      json_number_value(json_object_get(json, "memory_bytes"));
  request->done =
      json_is_string(stage) && strcmp(json_string_value(stage), "done") == 0;
  if (!status)
    identity_of_json(json_object_get(json, "identity"), &request->identity);
  json_decref(json);
  if (!status)
    return PROBLEM_NONE;
  request_free(request);
  return problem_usage(problem, "%s: %s", path, reason.text);
}

void request_free(struct request *request) {
  for (int i = 0; request->argv && i < request->argc; i++)
    free(request->argv[i]);
  free(request->argv);
  identity_free(&request->identity);
  request->argv = NULL;
  request->argc = 0;
}
