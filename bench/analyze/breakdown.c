#include "bench/analyze/breakdown.h"

const struct term_about breakdown_terms[TERMS] = {
    [TERM_USEFUL] = {"useful", "what `serial` takes for the same work",
                     "useful"},
    [TERM_SERIAL] =
        {"serial", "idle while one worker is at a serial phase of the program",
         "idle while serial"},
    [TERM_INFLATED] = {"inflated",
                       "serial phases that take longer than those of `serial`",
                       "longer serial phases"},
    [TERM_START] = {"start",
                    "until each worker's first chunk begins: starting or "
                    "waking it",
                    "starting workers"},
    [TERM_DISPATCH] = {"dispatch", "waiting for the next chunk",
                       "handing out chunks"},
    [TERM_SENDING] = {"sending", "sending results", "sending results"},
    [TERM_IMBALANCE] = {"imbalance",
                        "waiting for the last one, which had more to do",
                        "idle behind the last one"},
    [TERM_SLOWER] = {"slower",
                     "waiting for the last one, as the same takes longer on "
                     "its CPU: by `serial` in the same trial",
                     "idle behind a slower one"},
    [TERM_FEW] = {"few", "workers for which there was no chunk",
                  "nothing to do"},
    [TERM_THROWN] = {"thrown", "items past a search's hit",
                     "items past the hit"},
    [TERM_WAITING] = {"waiting",
                      "inside chunks, but on no CPU, for longer than `serial`",
                      "waiting for a CPU"},
    [TERM_JOIN] = {"join", "after the last one has left", "joining"},
    [TERM_WORK] = {"work", "the same work takes longer than in `serial`",
                   "the same work taking longer"},
    [TERM_LOCKED] =
        {"locked",
         "of a program from inside: waiting for a critical section, "
         "a lock, or one's turn",
         "waiting for a lock"},
    [TERM_TASKS] = {"tasks", "of a program from inside: waiting for tasks",
                    "waiting for tasks"},
    [TERM_MORE_CPU] = {"more_cpu", "of a program: more CPU time than `serial`",
                       "more CPU time"},
    [TERM_MORE_IDLE] = {"more_idle",
                        "of a program: more time on no CPU than `serial`",
                        "more idle time"},
};

void breakdown_clear(struct breakdown *breakdown) {
  *breakdown = (struct breakdown){.told = false};
  for (int term = 0; term < TERMS; term++)
    breakdown->core_s[term] = breakdown->share[term] = INTERVAL_NULL;
  for (int phase = 0; phase < PHASES; phase++)
    breakdown->serial_s[phase] = INTERVAL_NULL;
}
