/* analysis_schema.h: analysis.json for other programs that read it. */
#ifndef CORESWEEP_ANALYSIS_SCHEMA_H
#define CORESWEEP_ANALYSIS_SCHEMA_H

#include <jansson.h>

/* JSON Schema (draft 2020-12) of it, from the tables of its fields and of the
 * terms; NULL: no memory. */
json_t *analysis_schema(void);

#endif
