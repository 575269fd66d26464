#include "bench/analyze/cause.h"

#include "bench/analyze/cause_rules.h"
#include "bench/analyze/flags.h"
#include "bench/analyze/inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SENTENCE = 500, RULED_OUT = 500 };

/* So much may be lost where it is said that nothing is: a choice, four times a
 * difference that matters. */
static const double may_be_lost = 0.2;

/* What is said of a point, before it is kept. */
struct saying {
  char sentence[SENTENCE], ruled_out[RULED_OUT];
  const char *rule;
};

/* 0, or -1: no memory. */
static int keep(const struct saying *saying, const char *term,
                struct cause *cause) {
  cause->rule = strdup(saying->rule);
  cause->sentence = strdup(saying->sentence);
  cause->term = term ? strdup(term) : NULL;
  cause->ruled_out = strdup(saying->ruled_out);
  return cause->rule && cause->sentence && cause->ruled_out &&
                 (cause->term || !term)
             ? 0
             : -1;
}

/* Of keys, "page-faults memory", words: "page faults, memory". */
static void add_ruled_out(const char *keys, struct text *text) {
  text_add(text, " (ruled out: ");
  for (; *keys; keys++)
    text_add(text, "%.*s", *keys == ' ' ? 2 : 1,
             *keys == ' '   ? ", "
             : *keys == '-' ? " "
                            : keys);
  text_add(text, ")");
}

/* Asks the rules for a term, one after the other. */
static void ask(const struct cause_facts *facts, struct finding *finding,
                struct saying *saying) {
  struct text ruled_out = TEXT_BEGIN(saying->ruled_out);
  bool untold = false;
  for (size_t i = 0; i < cause_rule_count; i++) {
    const struct cause_rule *rule = &cause_rules[i];
    if (!(rule->terms >> facts->term & 1))
      continue;
    enum answer answer = rule->holds(facts, finding);
    untold = untold || answer == RULE_NOT_TOLD;
    if (answer == RULE_HOLDS) {
      saying->rule = rule->key;
      return;
    }
    if (answer == RULE_RULED_OUT)
      text_add(&ruled_out, "%s%s", ruled_out.length ? " " : "", rule->key);
  }
  saying->rule = untold && !ruled_out.length ? "not-told" : "not-explained";
  text_add(&finding->text, "%s",
           ruled_out.length ? "not explained"
                            : "why is not told by what was measured");
  if (ruled_out.length)
    add_ruled_out(saying->ruled_out, &finding->text);
}

/* Of somebody else's program, from inside: what is around it, else where. */
static void ask_inside(const struct cause_facts *facts, struct finding *finding,
                       struct saying *saying) {
  static const struct {
    const char *key;
    cause_rule_holds *holds;
  } around[] = {{"oversubscribed", cause_oversubscribed},
                {"quota", cause_quota},
                {"neighbour", cause_neighbour}};
  double part;
  for (size_t i = 0; i < sizeof around / sizeof *around; i++)
    if (around[i].holds(facts, finding) == RULE_HOLDS) {
      saying->rule = around[i].key;
      return;
    }
  const struct inside_region *region =
      inside_where(facts->analysis, facts->result, facts->term, &part);
  saying->rule = "where";
  if (facts->term == TERM_SERIAL || facts->term == TERM_INFLATED)
    text_add(&finding->text, "outside of parallel regions");
  else if (facts->term == TERM_WORK &&
           isnan(facts->breakdown->share[TERM_INFLATED].median))
    text_add(&finding->text, "in which of its parts is not told by runs with "
                             "one worker, which have other regions or none");
  else if (region)
    text_add(&finding->text, "%.0f%% of it in %.100s", 100 * fmin(part, 1),
             region->region);
  else
    text_add(&finding->text, "in small regions");
}

/* A point that was spoilt says by what. */
static void say_spoilt(const struct result *result, struct text *text) {
  const struct flag_about *spoilt = flags_spoilt(result);
  if (spoilt)
    text_add(text, "; spoilt: %s", spoilt->meaning);
}

static void say(const struct cause_facts *facts, struct saying *saying,
                struct cause *cause) {
  struct text text = TEXT_BEGIN(saying->sentence);
  const struct breakdown *b = facts->breakdown;
  double lost = 1 - b->share[TERM_USEFUL].median;
  if (facts->share < flags_matters() / 2 || lost < flags_matters()) {
    struct interval useful = b->share[TERM_USEFUL];
    bool wide = 1 - useful.low > may_be_lost ||
                useful.high - useful.low > 2 * may_be_lost;
    saying->rule = wide ? "not-told" : "nothing-lost";
    text_add(&text, "%s: %.0f%% of the cores' time is useful",
             wide ? "too wide to tell what is lost" : "nothing much is lost",
             100 * fmin(b->share[TERM_USEFUL].median, 1));
  } else {
    text_add(&text, "%.0f%% of the cores' time %s: ", 100 * facts->share,
             breakdown_terms[facts->term].words);
    struct finding finding = {text, cause};
    if (b->share[facts->term].low <= 0) {
      saying->rule = "not-told";
      text_add(&finding.text, "too wide to tell from none");
    } else if (inside_is_told(facts->result)) {
      ask_inside(facts, &finding, saying);
    } else {
      ask(facts, &finding, saying);
    }
    text = finding.text;
  }
  say_spoilt(facts->result, &text);
}

static int make(const struct cause_scope *scope, struct cause *cause) {
  struct cause_facts facts;
  struct saying saying = {.ruled_out = ""};
  if (cause_facts_make(scope, &facts)) {
    say(&facts, &saying, cause);
    return keep(&saying, breakdown_terms[facts.term].key, cause);
  }
  struct text text = TEXT_BEGIN(saying.sentence);
  text_add(&text, "where its time went is not told by its records");
  saying.rule = "not-told";
  return keep(&saying, NULL, cause);
}

int cause_make(const struct analysis *analysis, const struct series *serial,
               const struct series *series, struct result *result) {
  bool program = result->breakdown.told, region = result->region_breakdown.told;
  struct cause_scope scope = {
      analysis, result,
      program ? &result->breakdown : &result->region_breakdown, serial, series};
  result->cause.evidence_count = result->region_cause.evidence_count = 0;
  if (result_is_serial(result))
    return 0;
  int status = make(&scope, &result->cause);
  scope.breakdown = &result->region_breakdown;
  return status || !region ? status : make(&scope, &result->region_cause);
}
