/* outlined.h: of which function compilers have made another one. */
#ifndef CORESWEEP_OUTLINED_H
#define CORESWEEP_OUTLINED_H

#include <stdbool.h>
#include <stddef.h>

enum { OUTLINED_BYTES = 1024 };

/* From a symbol, the function that was written: of "gm_blur._omp_fn.3" and of
 * "gm_blur.omp_outlined" gm_blur, of "__grid_MOD_step._omp_fn.0" grid::step, of
 * "_ZN2gm4blurEi._omp_fn.0" gm::blur(int), where there is a C++ library to say
 * so.  A symbol that was made of none is itself.
 * Returns false where it does not tell, as ".omp_outlined..1". */
bool outlined_of(const char *symbol, char function[static OUTLINED_BYTES]);

#endif
