/* show.h: all that the program does with an analysis. */
#ifndef CORESWEEP_FUZZ_SHOW_H
#define CORESWEEP_FUZZ_SHOW_H

#include "bench/analyze/analysis.h"

/* Tables, sentences, CSV, chart data, the comparison of the run with itself;
 * and that it can be read again as it is written. */
void show_analysis(const struct analysis *analysis);

#endif
