/* report.h: what people look at: a table, sentences, chart data, CSV. */
#ifndef CORESWEEP_REPORT_H
#define CORESWEEP_REPORT_H

#include "bench/analyze/analysis.h"
#include "bench/plan/output.h"
#include "bench/plan/text.h"

#include <stdio.h>

enum { REPORT_NAME = TEXT_BRIEF + 32, REPORT_LINE = 400, REPORT_MARKS = 48 };

/* What a speedup is of; see scopes.h. */
enum scope { SCOPE_REGION, SCOPE_PROGRAM, SCOPES };

/* One chart: what gnuplot gets.  Texts are borrowed. */
enum { CHART_NAME = 160 };
struct chart {
  char name[CHART_NAME]; /* file name without folder and ending: made of the
                            others, and its own alone in the folder */
  const char *workload;  /* what it is of; NULL: of more than one */
  char shows[32];        /* "region", "program-sizes", "overview", ... */
  const char *script;    /* "dots.gp", "lines.gp", ... */
};

/* The charts of a folder.  Begins as {.folder = ...}, which is borrowed; to be
 * released with charts_free. */
struct charts {
  const char *folder;
  struct chart *list;
  size_t count;
  struct output output; /* the one that is being written */
  double patience_s;    /* for gnuplot, with a picture; 0: as usual */
};
void charts_free(struct charts *charts);

/* A row of a table in the terminal. */
enum { TABLE_COLUMNS = 7, TABLE_CELL = 96 };
struct table_row {
  char cells[TABLE_COLUMNS][TABLE_CELL];
  const char *workload; /* borrowed; NULL: of the head */
};

/* Prints the rows in columns of even width; the kernel, in the first column,
 * once for neighbours of one workload.  The first row is the head. */
void table_print(const struct table_row *rows, size_t count, FILE *out);

/* The table: at most seven columns, one row per kernel and variant, at the
 * most workers measured; under it what its marks mean. */
void report_table(const struct analysis *analysis, FILE *out);

/* The share of the roofline that kernels reach, per worker count; nothing where
 * no meters ran. */
void report_roofline(const struct analysis *analysis, FILE *out);
bool report_has_roofline(const struct analysis *analysis);

/* Sentences on what limits, on better algorithms against more cores, and on
 * blocks against the plain directive, where those were measured. */
void report_comparisons(const struct analysis *analysis, FILE *out);

/* Writes FOLDER/roofline.tsv; for runs that report_has_roofline. */
int report_roofline_chart(const struct analysis *analysis,
                          struct charts *charts, struct problem *problem);

/* The same of one workload, at its largest size. */
void report_workload_sentences(const struct analysis *analysis,
                               const struct workload_result *workload,
                               FILE *out);
void report_workload_advice(const struct analysis *analysis,
                            const struct workload_result *workload, FILE *out);

/* "serial 101 ms (100 ms–102 ms), program of ...; with one worker: ...", a
 * line. */
void report_baselines(const struct analysis *analysis,
                      const struct workload_result *workload, FILE *out);

/* How all of it was measured, in one line of any length. */
void report_how(const struct analysis *analysis, FILE *out);

/* Both baselines in seconds, and how all of it was measured. */
void report_method(const struct analysis *analysis, FILE *out);

/* "with one worker: omp:static 101 ms, ..." of a workload's regions or
 * programs; "" when there is none. */
void report_one_worker(const struct analysis *analysis,
                       const struct workload_result *workload, enum scope scope,
                       char text[static REPORT_LINE]);

/* One plain sentence per kernel: what was measured, and not why. */
void report_sentences(const struct analysis *analysis, FILE *out);

/* How far the predictions were off, beside S = 1 and S = workers: one line, or
 * none where nothing was predicted. */
void report_score(const struct analysis *analysis, FILE *out);

/* Of the variant that stands for each workload: how many workers are enough,
 * which law its times allow, what siblings and the like have brought, what it
 * could be at most, and a hundred cores. */
void report_advice(const struct analysis *analysis, FILE *out);

/* The same of one workload in at most 78 columns, without its name: "best:
 * 11.3x on 32 of 256 workers; ...".  Returns its columns; 0, and "", when there
 * is nothing to say: fewer than three worker counts, or too few trials. */
enum { REPORT_ADVICE = 78 };
int report_advice_line(const struct analysis *analysis,
                       const struct workload_result *workload,
                       char text[static REPORT_LINE]);

/* The point of that line's with the most workers, also where they are more than
 * CPUs; NULL: there is no line. */
const struct result *
report_advice_widest(const struct analysis *analysis,
                     const struct workload_result *workload);

/* The same without limit, in one scope: "best: 11.3x on 32 of 256 workers;
 * 5.08x on 256; under 50% efficiency from 16 on".  False: nothing. */
bool report_advice_words(const struct analysis *analysis,
                         const struct workload_result *workload,
                         enum scope scope, char text[static REPORT_LINE]);

/* What Amdahl's law predicts for the workload's program on a hundred workers;
 * NAN: its fraction is not known, or it was surely off where it was measured.
 */
double report_law_at_hundred(const struct analysis *analysis,
                             const struct workload_result *workload);

/* The program's speedups as bars, for where there is no gnuplot. */
void report_bars(const struct analysis *analysis, FILE *out);

/* How hyperfine's own times compare, if there are any: which of the sweep's
 * they contradict, and what is not to be relied on then. */
void report_cross_check(const struct analysis *analysis, FILE *out);

/* Writes the lines of speedups.csv. */
void report_csv_rows(const struct analysis *analysis, FILE *out);

/* Prints a line a trial under a line of names, with every key of its record
 * that is one value. */
void report_trials_rows(const struct records *records, FILE *out);

/* Writes trials.csv: those lines.  0, or the problem. */
int report_trials_csv(const struct records *records, const char *path,
                      struct problem *problem);

/* Writes speedups.csv. */
int report_csv(const struct analysis *analysis, const char *path,
               struct problem *problem);

/* Writes FOLDER/NAME.tsv for every chart of the run: an overview, and for
 * each kernel the region's and the program's speedup; where it has several
 * sizes, at the largest, and a chart over the sizes beside each. */
int report_chart_data(const struct analysis *analysis, struct charts *charts,
                      struct problem *problem);

/* The same for a chart of one region per workload, with a lane for each worker,
 * where any trial of several workers has their stamps. */
int report_gantt_data(const struct analysis *analysis,
                      const struct records *records, struct charts *charts,
                      struct problem *problem);

/* Writes FOLDER/charts.json, which says what each chart is of, and draws
 * FOLDER/NAME.svg and .png of each with gnuplot and the scripts; a picture that
 * cannot be drawn, or takes too long, leaves the one that was there.  From here
 * on signals are remembered (interrupt_remember): one ends the drawing.
 * Returns 0, or the problem; -1 when there is no gnuplot. */
int report_draw(const struct charts *charts, const char *scripts,
                struct problem *problem);

/* Parts shared by tables, sentences and charts. */

/* The number of a variant's colour and shape, the same in every chart.
 * `index` tells apart variants that would look the same. */
int report_style(const char *requested, size_t index);

/* The copies, in the same results.  NULL: none. */
const struct result *report_copies(const struct analysis *analysis,
                                   const struct workload_result *workload,
                                   int64_t workers);

/* What copies are, under a table that has them. */
void report_copies_note(const struct analysis *analysis, FILE *out);

/* A workload in words: with its size, where it has several: "cube at 4k". */
const char *report_name(const struct workload_result *workload,
                        char text[static REPORT_NAME]);

/* Flags as bits of a mask, bit FLAG_... each. */
uint32_t report_flags(const struct result *result);

/* " *†" for the flags of the mask, or "". */
const char *report_marks(uint32_t flags, char text[static REPORT_MARKS]);

/* Prints "* short-region: ..." for the flags of `all`; of those that are
 * not in `shown`, that they are of points not shown. */
void report_legend(uint32_t shown, uint32_t all, FILE *out);

/* "on a 2-vCPU virtual machine ..." for the foot of charts. */
void report_foot(const struct analysis *analysis,
                 const struct workload_result *workload,
                 char text[static REPORT_LINE]);

/* How much medians are of: "9 rounds"; of times from elsewhere, which are in no
 * rounds, "up to 9 runs". */
enum { REPORT_ROUNDS = 60 };
int64_t report_fewest_trials(const struct analysis *analysis); /* of a point */
const char *report_rounds(const struct analysis *analysis,
                          char text[static REPORT_ROUNDS]);

/* How many rounds are not in any number; nothing where all are. */
void report_rounds_left_out(const struct analysis *analysis, FILE *out);

/* "uncorrected 95% intervals" (verdicts are corrected: see verdict.h), or that
 * there are too few rounds for any. */
const char *report_intervals(const struct analysis *analysis);

/* Whether it is somebody's program; what the law says of it: "predicted", of a
 * program, from what was observed with one worker, "at most". */
bool report_is_program(const struct workload_result *workload);
const char *report_law_word(const struct workload_result *workload);

/* What the speedups of a workload (NULL: of all) are against: "serial", or "one
 * worker" of programs that have no serial one beside them. */
const char *report_baseline(const struct analysis *analysis,
                            const struct workload_result *workload);

#endif
