#include "bench/report/columns.h"

#include "bench/report/numbers.h"

void columns_fit(struct columns *columns, size_t column, const char *text) {
  size_t width = number_columns(text);
  if (width > columns->width[column])
    columns->width[column] = width;
}

void columns_print(const struct columns *columns, const char *const *texts,
                   size_t count, FILE *out) {
  for (size_t c = 0; c < count; c++) {
    size_t width = number_columns(texts[c]), room = columns->width[c];
    int pad = width < room ? (int)(room - width) : 0;
    bool last = c + 1 == count, right = columns->right[c];
    fprintf(out, "%*s%s%*s", right ? pad : 0, "", texts[c],
            right || last ? 0 : pad, "");
    fputs(last ? "\n" : "  ", out);
  }
}
