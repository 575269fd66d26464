/* fields_text.c: what a table holds, for spreadsheets and for the docs. */
#include "bench/record/fields.h"

#include <inttypes.h>
#include <string.h>

static const char *const type_names[] = {
    [FIELD_TEXT] = "text",
    [FIELD_WORDS] = "list of words",
    [FIELD_INTEGER] = "integer",
    [FIELD_TRUTH] = "true or false",
    [FIELD_REAL] = "number",
    [FIELD_REALS] = "list of numbers",
    [FIELD_INTEGERS] = "list of integers",
    [FIELD_INTERVAL] = "median, low, high",
};

static const void *member(const struct field *field, const void *object) {
  return (const char *)object + field->offset;
}

void fields_csv_text(const char *text, FILE *out) {
  if (!text)
    return;
  if (!strpbrk(text, ",\"\r\n")) {
    fputs(text, out);
    return;
  }
  fputc('"', out);
  for (; *text; text++) {
    if (*text == '"')
      fputc('"', out);
    fputc(*text, out);
  }
  fputc('"', out);
}

static void csv_real(double value, FILE *out) {
  if (isfinite(value))
    fprintf(out, "%.9g", value);
}

void fields_csv_header(const struct field *table, FILE *out) {
  for (const struct field *f = table; f->name; f++) {
    fprintf(out, "%s%s", f == table ? "" : ",", f->name);
    if (f->type == FIELD_INTERVAL)
      fprintf(out, ",%s_low,%s_high", f->name, f->name);
  }
}

static void csv_member(const struct field *f, const void *at, FILE *out) {
  const struct interval *interval = at;
  const struct numbers *numbers = at;
  switch (f->type) {
  case FIELD_TEXT:
  case FIELD_WORDS:
    fields_csv_text(*(char *const *)at, out);
    break;
  case FIELD_INTEGER:
  case FIELD_TRUTH:
    if (*(const int64_t *)at != FIELD_NULL)
      fprintf(out, "%" PRId64, *(const int64_t *)at);
    break;
  case FIELD_REAL:
    csv_real(*(const double *)at, out);
    break;
  case FIELD_REALS:
  case FIELD_INTEGERS:
    for (size_t i = 0; i < numbers->count; i++) {
      fputs(i ? ";" : "", out);
      if (f->type == FIELD_REALS)
        csv_real(numbers->values[i], out);
      else if (isfinite(numbers->values[i]))
        fprintf(out, "%.0f", numbers->values[i]);
    }
    break;
  case FIELD_INTERVAL:
    csv_real(interval->median, out);
    fputc(',', out);
    csv_real(interval->low, out);
    fputc(',', out);
    csv_real(interval->high, out);
    break;
  }
}

void fields_csv_row(const struct field *table, const void *object, FILE *out) {
  for (const struct field *f = table; f->name; f++) {
    fputs(f == table ? "" : ",", out);
    csv_member(f, member(f, object), out);
  }
}

void fields_markdown(const struct field *table, FILE *out) {
  fputs("| key | unit | type | meaning |\n|---|---|---|---|\n", out);
  for (const struct field *f = table; f->name; f++)
    fprintf(out, "| `%s` | %s | %s | %s |\n", f->name, f->unit,
            type_names[f->type], f->meaning);
}
