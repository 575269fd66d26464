/* What a plan had to leave out, in words. */
#include "bench/plan/plan.h"
#include "bench/plan/text.h"

#include <stdarg.h>
#include <string.h>

void plan_note(struct plan *plan, const char *format, ...) {
  va_list list;
  if (plan->note_count == PLAN_NOTES)
    return;
  va_start(list, format);
  struct text note = TEXT_BEGIN(plan->notes[plan->note_count]);
  text_add_list(&note, format, list);
  plan->note_count++;
  va_end(list);
}

void plan_note_once(struct plan *plan, const char *text) {
  for (size_t i = 0; i < plan->note_count; i++)
    if (strcmp(plan->notes[i], text) == 0)
      return;
  plan_note(plan, "%s", text);
}

void plan_note_more(struct plan *plan, const char *beginning,
                    const char *item) {
  char *last = plan->note_count ? plan->notes[plan->note_count - 1] : NULL;
  char longer[sizeof plan->notes[0]];
  bool same = last && strncmp(last, beginning, strlen(beginning)) == 0;
  if (same && text_print(longer, sizeof longer, "%s, %s", last, item))
    memcpy(last, longer, sizeof longer);
  else
    plan_note(plan, "%s%s", beginning, item);
}
