/* coverage_study.h: results/coverage-study.md. */
#ifndef CORESWEEP_COVERAGE_STUDY_H
#define CORESWEEP_COVERAGE_STUDY_H

/* Writes 1000 sweeps a row, as tables, into the file; takes a quarter of an
 * hour or more.  Returns 0, or 1: a row is not as it must be, or the file,
 * which is then told on stderr. */
int coverage_study(const char *path);

#endif
