#include "bench/report/answer.h"
#include "bench/report/run_page.h"

#include "bench/plan/text.h"
#include "bench/report/columns.h"
#include "bench/report/numbers.h"
#include "bench/report/wrap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Of the name, where other columns are wide; text_brief makes none
 * shorter. */
enum { NAME_LEAST = 16, GAP = 2 };

/* A workload's lines: what is shown of them is cut from the end. */
struct block {
  char *text; /* owned */
  size_t bytes, lines;
};

struct answer {
  const struct analysis *analysis;
  struct block *blocks;
  size_t count;
};

static size_t count_lines(const char *text) {
  size_t lines = 0;
  for (; text && *text; text++)
    lines += *text == '\n';
  return lines;
}

/* ---- what stands above --------------------------------------------------- */

void answer_facts(const struct analysis *analysis, FILE *out) {
  const struct run_facts *run = &analysis->run;
  char rounds[REPORT_ROUNDS], time[NUMBER_LENGTH];
  bool timed = isfinite(run->trials_s);
  bool ours = !report_is_of_programs(analysis);
  number_time(run->trials_s, time);
  fprintf(out, "%s%s%s: %s%s%s%s, %s.",
          run->machine ? run->machine : "unknown machine",
          run->build && ours ? ", " : "", run->build && ours ? run->build : "",
          timed ? time : "", timed ? ", " : "", ours ? "" : "medians of ",
          report_rounds(analysis, rounds), report_intervals(analysis));
}

static void write_head(const struct analysis *analysis, FILE *out) {
  char *facts = run_page_text(answer_facts, analysis);
  if (analysis->run.busy)
    wrap_print(analysis->run.busy, 0, 3, out);
  if (facts)
    wrap_print(facts, 2, 3, out);
  free(facts);
}

/* ---- kernels ------------------------------------------------------------- */

/* As many of the columns as a line has room for. */
struct table {
  struct columns columns;
  size_t count;
};

/* Where the value begins by which a name differs from the others that begin
 * most alike; of one that is the only one of its kernel, its last value. */
static size_t differs_from(const struct answer_row *rows, size_t count,
                           const char *name) {
  size_t from = 0, kernel = strcspn(name, "/");
  for (size_t i = 0; i < count; i++) {
    size_t alike = 0;
    while (name[alike] && name[alike] == rows[i].name[alike])
      alike++;
    if ((name[alike] || rows[i].name[alike]) && alike > from)
      from = alike;
  }
  if (from <= kernel)
    from = strlen(name);
  while (from > 0 && !strchr("/,=", name[from - 1]))
    from--;
  return from;
}

/* A name in at most so many columns: what tells it apart is kept, if there is
 * room for that and the begin of its kernel. */
static const char *brief_name(const struct answer_row *rows, size_t count,
                              const char *name, size_t most,
                              char brief[static TEXT_BRIEF]) {
  enum { BEGIN = 4, ELLIPSIS = 1 };
  size_t length = strlen(name), from = differs_from(rows, count, name);
  size_t end = length - from < most / 4 ? most / 4 : length - from;
  if (number_columns(name) != length || length <= most ||
      BEGIN + ELLIPSIS + end > most)
    return text_brief(name, most, brief);
  text_print(brief, TEXT_BRIEF, "%.*s…%s", (int)(most - ELLIPSIS - end), name,
             name + length - end);
  return brief;
}

/* row: of rows, by which its name is to be told apart. */
static void print_row(const struct table *table, const struct answer_row *rows,
                      size_t count, const struct answer_row *row, FILE *out) {
  char brief[TEXT_BRIEF];
  size_t width = table->columns.width[0];
  const char *texts[ANSWER_CELLS] = {brief_name(
      rows, count, row->name, width < NAME_LEAST ? NAME_LEAST : width, brief)};
  for (size_t c = 1; c < ANSWER_CELLS; c++)
    texts[c] = row->cells[c - 1];
  columns_print(&table->columns, texts, table->count, out);
}

/* The name gets what the others leave. */
static void settle_table(const struct answer_row *rows, size_t count,
                         struct table *table) {
  struct columns *columns = &table->columns;
  size_t others = 0;
  for (size_t i = 0; i < count; i++) {
    columns_fit(columns, 0, rows[i].name);
    for (size_t c = 1; c < ANSWER_CELLS; c++)
      columns_fit(columns, c, rows[i].cells[c - 1]);
  }
  for (table->count = 1; table->count < ANSWER_CELLS; table->count++) {
    size_t more = columns->width[table->count] + GAP;
    if (NAME_LEAST + others + more > wrap_columns())
      break;
    others += more;
  }
  if (columns->width[0] > wrap_columns() - others)
    columns->width[0] = wrap_columns() - others;
}

/* A stream for the next block, to be closed with end_block; NULL: no memory. */
static FILE *begin_block(struct answer *answer) {
  struct block *block = &answer->blocks[answer->count];
  return open_memstream(&block->text, &block->bytes);
}

static void end_block(struct answer *answer, FILE *out) {
  struct block *block = &answer->blocks[answer->count++];
  if (fclose(out) == 0)
    block->lines = count_lines(block->text);
}

static void add_kernel(struct answer *answer, const struct table *table,
                       const struct answer_row *rows, size_t count,
                       const struct answer_row *row) {
  FILE *out = begin_block(answer);
  if (!out)
    return;
  print_row(table, rows, count, row, out);
  char *sentence = answer_sentence(answer->analysis, row->workload);
  if (sentence && *sentence)
    wrap_format(out, 2, 0, "  %s", sentence);
  free(sentence);
  end_block(answer, out);
}

/* Rows of all workloads, at the largest of their sizes; the head is printed. */
static void make_kernels(struct answer *answer, FILE *head) {
  const struct analysis *analysis = answer->analysis;
  struct table table = {.columns = {.right = {[3] = true, [4] = true}}};
  struct answer_row *rows = calloc(analysis->workload_count + 1, sizeof *rows);
  size_t count = 1;
  if (!rows)
    return;
  rows[0] = (struct answer_row){
      .cells = {"on", "program vs serial", "predicted", "region, eff."}};
  for (size_t s = 0; s < analysis->workload_count; s++)
    if (analysis_is_largest(analysis, &analysis->workloads[s]))
      answer_fill(analysis, &analysis->workloads[s], &rows[count++]);
  settle_table(rows, count, &table);
  fputc('\n', head);
  print_row(&table, rows, count, &rows[0], head);
  for (size_t i = 1; i < count; i++)
    add_kernel(answer, &table, rows, count, &rows[i]);
  free(rows);
}

/* ---- programs ------------------------------------------------------------ */

static void make_programs(struct answer *answer,
                          const struct report_worth *worth, FILE *head) {
  const struct analysis *analysis = answer->analysis;
  fputc('\n', head);
  for (size_t s = 0; s < analysis->workload_count; s++) {
    FILE *out = begin_block(answer);
    if (!out)
      return;
    report_program(analysis, &analysis->workloads[s],
                   worth ? worth : &report_worth_usual, out);
    end_block(answer, out);
  }
}

/* ---- together ------------------------------------------------------------ */

/* The first lines of a text; those that are cut are missed by an ellipsis. */
static void print_lines(const struct block *block, size_t most, FILE *out) {
  const char *text = block->text;
  for (size_t line = 1; line <= most && text && *text; line++) {
    size_t length = strcspn(text, "\n");
    char last[4 * WRAP_MOST + 1];
    bool cut = line == most && line > 1 && block->lines > most;
    snprintf(last, sizeof last, "%.*s", (int)length, text);
    if (cut && number_columns(last) + 2 > wrap_columns())
      *strrchr(last, ' ') = '\0';
    fprintf(out, "%s%s\n", last, cut ? " …" : "");
    text += length + 1;
  }
}

/* What so many lines of each at most take. */
static size_t lines_of(const struct answer *answer, size_t most) {
  size_t lines = 0;
  for (size_t i = 0; i < answer->count; i++)
    lines += answer->blocks[i].lines < most ? answer->blocks[i].lines : most;
  return lines;
}

/* In at most so many lines: where not all fit, each has as many as the others,
 * and the first ones get what is left. */
static void print_blocks(const struct answer *answer, size_t room, FILE *out) {
  size_t most = ANSWER_LINES, count = answer->count;
  while (most > 1 && lines_of(answer, most) > room)
    most--;
  if (lines_of(answer, most) > room)
    count = room - 1; /* one line is for those that do not fit */
  size_t spare = count == answer->count ? room - lines_of(answer, most) : 0;
  for (size_t i = 0; i < count; i++) {
    bool more = spare > 0 && answer->blocks[i].lines > most;
    print_lines(&answer->blocks[i], most + more, out);
    spare -= more;
  }
  if (count < answer->count)
    fprintf(out, "%zu more workloads: `coresweep report --full`.\n",
            answer->count - count);
}

void report_answer(const struct analysis *analysis,
                   const struct report_worth *worth, size_t below, FILE *out) {
  struct answer answer = {
      .analysis = analysis,
      .blocks = calloc(analysis->workload_count + 1, sizeof *answer.blocks)};
  char *head = NULL, *notes = run_page_text(answer_notes, analysis);
  size_t bytes;
  FILE *above = open_memstream(&head, &bytes);
  if (answer.blocks && notes && above) {
    write_head(analysis, above);
    if (report_is_of_programs(analysis))
      make_programs(&answer, worth, above);
    else
      make_kernels(&answer, above);
    (void)fflush(above);
    size_t taken = count_lines(head) + count_lines(notes) + below;
    fputs(head, out);
    /* Heads and notes are bounded, so that something is left. */
    print_blocks(&answer, taken + 2 < ANSWER_LINES ? ANSWER_LINES - taken : 2,
                 out);
    fputs(notes, out);
  }
  if (above)
    (void)fclose(above);
  for (size_t i = 0; i < answer.count; i++)
    free(answer.blocks[i].text);
  free(answer.blocks);
  free(notes);
  free(head);
}
