/* What the program was built with.  Rebuilt whenever that changes. */
#include "bench/record/record.h"

#define TEXT(x)   #x
#define NUMBER(x) TEXT(x)

#if defined __clang__
#define COMPILER "clang " __clang_version__
#elif defined __GNUC__
#define COMPILER                                                               \
  "gcc " NUMBER(__GNUC__) "." NUMBER(__GNUC_MINOR__) "." NUMBER(               \
      __GNUC_PATCHLEVEL__)
#else
#define COMPILER "unknown compiler"
#endif

#if defined __clang__
#define RUNTIME "libomp"
#else
#define RUNTIME "libgomp"
#endif

const char *build_text(void) {
  return COMPILER " " CORESWEEP_FLAGS ", " RUNTIME;
}

const char *build_revision(void) {
  return CORESWEEP_REVISION;
}
