/* Two runs side by side as Markdown. */
#include "bench/report/compare.h"

#include "bench/report/numbers.h"
#include "bench/report/programs.h"
#include "bench/report/sheet.h"

#include <inttypes.h>
#include <stdlib.h>

static bool differs(const struct versus_row *row) {
  return row->verdict == VERSUS_SLOWER || row->verdict == VERSUS_FASTER;
}

static void print_row(const struct versus_row *row, FILE *out) {
  char text[COMPARE_TEXT], name[REPORT_NAME], number[NUMBER_LENGTH];
  fputs("| ", out);
  sheet_markdown_text(report_name(row->in_a, name), out);
  fputs(" | ", out);
  sheet_markdown_text(row->a->requested, out);
  fprintf(out, " | %" PRId64, row->a->workers);
  fprintf(out, " | %s", number_time(row->time_a_s.median, number));
  fprintf(out, " | %s | ", number_time(row->time_b_s.median, number));
  sheet_markdown_text(compare_verdict(row, text), out);
  if (*compare_change(row, text)) {
    fputs(": ", out);
    sheet_markdown_text(text, out);
  }
  fputs(" |\n", out);
}

/* One row of all that is not comparable for the same reason. */
static void print_alike(const struct versus *versus,
                        const struct versus_row *row, FILE *out) {
  char reason[COMPARE_TEXT];
  size_t points;
  char *names = compare_alike(versus, row, &points);
  if (!names)
    return;
  fputs("| ", out);
  sheet_markdown_text(names, out);
  fprintf(out, " | %zu point%s | | | | not comparable: ", points,
          points == 1 ? "" : "s");
  sheet_markdown_text(compare_reason(versus, row, reason), out);
  fputs(" |\n", out);
  free(names);
}

/* All points of the row's workload, if it is the first of them. */
static void print_together(const struct versus *versus,
                           const struct versus_row *row, FILE *out) {
  const struct versus_workload *together = versus_together(versus, row->in_a);
  char text[COMPARE_TEXT], name[REPORT_NAME];
  bool first = row == versus->rows || row->in_a != (row - 1)->in_a;
  if (!first || !together || !*compare_together(versus, together, text))
    return;
  fputs("| ", out);
  sheet_markdown_text(report_name(row->in_a, name), out);
  fprintf(out, " | all %zu points together | | | | ", together->points);
  sheet_markdown_text(text, out);
  fputs(" |\n", out);
}

static void print_table(const struct versus *versus, bool of_differences,
                        FILE *out) {
  fputs("| workload | variant | workers | A | B | B beside A |\n"
        "|---|---|---:|---:|---:|---|\n",
        out);
  for (size_t i = 0; i < versus->count; i++) {
    const struct versus_row *row = &versus->rows[i];
    print_together(versus, row, out);
    if (!of_differences && row->differences)
      print_alike(versus, row, out);
    else if (!of_differences || differs(row))
      print_row(row, out);
  }
}

static void print_run(char letter, const struct compare_run *run, FILE *out) {
  const struct run_facts *facts = &run->analysis->run;
  fprintf(out, "- %c: ", letter);
  sheet_markdown_text(run->name, out);
  fputs(", on ", out);
  sheet_markdown_text(facts->machine ? facts->machine : "an unknown machine",
                      out);
  if (!report_is_of_programs(run->analysis)) {
    fputs(", ", out);
    sheet_markdown_text(compare_build(facts), out);
  }
  fprintf(out, ", %.16s\n", facts->date ? facts->date : "unknown date");
}

void compare_markdown(const struct comparison *comparison, FILE *out) {
  const struct versus *versus = comparison->versus;
  char summary[COMPARE_TEXT];
  bool any = false;
  for (size_t i = 0; i < versus->count; i++)
    any = any || differs(&versus->rows[i]);
  for (size_t w = 0; w < versus->workload_count; w++)
    any = any || versus->workloads[w].verdict <= VERSUS_FASTER;
  compare_summary(versus, summary);
  fprintf(out, "**%s**\n\n", summary);
  print_run('A', &comparison->a, out);
  print_run('B', &comparison->b, out);
  fputc('\n', out);
  if (any)
    print_table(versus, true, out);
  if (versus->count > 0) {
    fprintf(out, "%s<details><summary>All points</summary>\n\n",
            any ? "\n" : "");
    print_table(versus, false, out);
    fputs("\n</details>\n", out);
  }
  fprintf(out,
          "\nMedian times; slower and faster are by so much of A's time, with "
          "95%% intervals of two unpaired samples, corrected for %zu "
          "comparisons (Holm).\n",
          versus->judged + versus->workload_count);
}
