/* How the next symbol is chosen, and what beam search finds, beside twins that
 * follow the definitions word by word. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { V = 6, H = 5, DRAWS = 20000 };

static const int32_t prompt[] = {3, 1};

/* Weights large enough that bets differ; steps see two states, so that there
 * are as many parts of a state as there can be. */
static rnn_model *make(void) {
  rnn_config config = small_config();
  config.cell = RNN_CELL_lstm, config.vocabulary = V, config.hidden = H;
  config.layers = 2, config.skip = 2;
  rnn_model *model = new_model(&config);
  real values[4 * H * H + 4 * H * V];
  rnn_error error = {""};
  for (int i = 0; i < rnn_parameter_count(model); i++) {
    rnn_parameter_get(model, i, values);
    rnn_shape shape = rnn_parameter_shape(model, i);
    for (uint32_t k = 0; k < shape.rows * shape.columns; k++) values[k] *= 4;
    expect(!rnn_parameter_set(model, i, values, &error), "%s", error.message);
  }
  return model;
}

static rnn_stream *new_stream(const rnn_model *model, uint32_t count) {
  void *block =
      aligned_alloc(RNN_ALIGNMENT, (size_t)rnn_stream_size(model, count));
  return rnn_stream_init(block, model, count);
}

/* ln p of each symbol after a text, in double. */
static void bets(const rnn_model *model, const int32_t *text, int length,
                 double *logs) {
  rnn_stream *stream = new_stream(model, 1);
  double sum = 0;
  for (int i = 0; i < length; i++)
    rnn_stream_feed(stream, (const uint32_t *)text + i);
  const real *logits = rnn_stream_logits(stream, 0);
  for (int k = 0; k < V; k++) sum += exp((double)logits[k]);
  for (int k = 0; k < V; k++) logs[k] = (double)logits[k] - log(sum);
  free(stream);
}

/* --- Rules, by exhausting all subsets of symbols ---------------------------
 */

static double share_of(const double *p, int set) {
  double sum = 0;
  for (int k = 0; k < V; k++) sum += set >> k & 1 ? p[k] : 0;
  return sum;
}

/* The smallest of the sets that have at least this share of p, of those that
 * leave out nothing that is better than what they hold. */
static int least_set(const double *p, const double *merit, double share) {
  int best = (1 << V) - 1, whole = best;
  for (int set = 1; set <= whole; set++) {
    int sound = share_of(p, set) >= share * share_of(p, whole);
    for (int in = 0; in < V; in++)
      for (int out = 0; out < V; out++)
        if (set >> in & 1 && !(set >> out & 1) && p[out] > 0 &&
            merit[out] > merit[in])
          sound = 0;
    if (sound &&
        __builtin_popcount((unsigned)set) < __builtin_popcount((unsigned)best))
      best = set;
  }
  return best;
}

static void keep_only(double *p, int set) {
  double sum = share_of(p, set);
  for (int k = 0; k < V; k++) p[k] = set >> k & 1 ? p[k] / sum : 0;
}

/* What the next symbol's probabilities are to become. */
static void twin(const rnn_choice *rules, const double *logs, const int *seen,
                 double *p) {
  double merit[V], sum = 0, entropy = 0, most = 0;
  for (int k = 0; k < V; k++) {
    double x = logs[k];
    if (rules->repetition_penalty > 0 && seen[k])
      x = x > 0 ? x / rules->repetition_penalty : x * rules->repetition_penalty;
    if (rules->bias) x += (double)rules->bias[k];
    sum += p[k] = exp(x / rules->temperature);
  }
  for (int k = 0; k < V; k++) p[k] /= sum;
  if (rules->top_k) {
    int set = 0;
    for (uint32_t n = 0; n < rules->top_k; n++) {
      int best = -1;
      for (int k = 0; k < V; k++)
        if (!(set >> k & 1) && (best < 0 || p[k] > p[best])) best = k;
      set |= 1 << best;
    }
    keep_only(p, set);
  }
  if (rules->top_p > 0) keep_only(p, least_set(p, p, rules->top_p));
  for (int k = 0; k < V; k++) most = p[k] > most ? p[k] : most;
  int set = 0;
  for (int k = 0; k < V; k++) set |= (p[k] >= rules->min_p * most) << k;
  keep_only(p, set);
  if (!(rules->typical_p > 0)) return;
  for (int k = 0; k < V; k++) entropy -= p[k] > 0 ? p[k] * log(p[k]) : 0;
  for (int k = 0; k < V; k++)
    merit[k] = p[k] > 0 ? -fabs(log(p[k]) + entropy) : -1e9;
  keep_only(p, least_set(p, merit, rules->typical_p));
}

static void expect_rules(const rnn_model *model, const rnn_choice *rules,
                         const char *name) {
  static int32_t drawn[DRAWS];
  static real of_model[DRAWS];
  double logs[V], p[V];
  int seen[V] = {0};
  rnn_error error = {""};
  rnn_stream *one = new_stream(model, 1);
  for (int i = 0; i < 2; i++) {
    seen[prompt[i]] = 1;
    rnn_stream_feed(one, (const uint32_t *)prompt + i);
  }
  for (int k = 0; k < V; k++) logs[k] = (double)rnn_stream_logits(one, 0)[k];
  twin(rules, logs, seen, p);
  rnn_stream *stream = new_stream(model, DRAWS);
  rnn_generation options = {prompt, 2, 1, *rules, .seed = 4};
  rnn_generated to = {drawn, of_model, NULL, NULL};
  expect(!rnn_generate(stream, &options, &to, &error), "%s", error.message);
  for (int k = 0; k < V; k++) {
    int count = 0;
    for (int i = 0; i < DRAWS; i++) count += drawn[i] == k;
    double deviation = sqrt(DRAWS * p[k] * (1 - p[k]));
    expect(p[k] > 0 ? fabs(count - DRAWS * p[k]) <= 4.5 * deviation + 1e-6
                    : count == 0,
           "%s: symbol %d came %d times, not %.1f ± %.1f", name, k, count,
           DRAWS * p[k], deviation);
  }
  free(stream), free(one);
}

static void test_rules(void) {
  static const real bias[V] = {0, -INFINITY, 1, 0, 0, -0.5};
  const struct {
    const char *name;
    rnn_choice rules;
  } cases[] = {
      {"top_k", {.temperature = 1, .top_k = 3}},
      {"top_k 1", {.temperature = 2, .top_k = 1}},
      {"top_p", {.temperature = 1.5, .top_p = 0.6}},
      {"a tiny top_p", {.temperature = 1, .top_p = 1e-9}},
      {"min_p", {.temperature = 1, .min_p = 0.3}},
      {"typical_p", {.temperature = 1, .typical_p = 0.5}},
      {"repetition_penalty", {.temperature = 1, .repetition_penalty = 1.7}},
      {"bias", {.temperature = 1, .bias = bias}},
      {"all of them",
       {1.3, bias, 1.2, .top_k = 5, .top_p = 0.95, .min_p = 0.1, 0.8}},
  };
  rnn_model *model = make();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    expect_rules(model, &cases[i].rules, cases[i].name);
  free(model);
}

/* --- Texts ------------------------------------------------------------------
 */

enum { LENGTH = 24, COUNT = 3 };

typedef struct {
  int32_t symbols[COUNT * LENGTH];
  real p[COUNT * LENGTH], entropies[COUNT * LENGTH],
      distributions[COUNT * LENGTH * V];
} written;

static void write(rnn_stream *stream, rnn_generation options, written *to) {
  rnn_error error = {""};
  rnn_generated room = {to->symbols, to->p, to->distributions, to->entropies};
  expect(!rnn_generate(stream, &options, &room, &error), "%s", error.message);
}

static void test_resuming(void) {
  rnn_model *model = make();
  written whole, piece;
  const rnn_choice rules = {1.2, .temperature = 0.9, .top_p = 0.9};
  const int32_t stop[] = {0, 4, 2, -1};
  rnn_stream *stream = new_stream(model, COUNT);
  rnn_generation options = {prompt, 2, LENGTH, rules, 8, 0, NULL, stop, 4};
  write(stream, options, &whole);
  free(stream);
  stream = new_stream(model, COUNT);
  for (int from = 0, length = 1; from < LENGTH; from += length, length = 23) {
    options.length = (uint32_t)length;
    options.prompt_length = from ? 0 : 2;
    write(stream, options, &piece);
    for (int b = 0; b < COUNT; b++)
      for (int i = 0; i < length; i++)
        expect(piece.symbols[b * length + i] ==
                   whole.symbols[b * LENGTH + from + i],
               "symbol %d of text %d differs", from + i, b);
  }
  free(stream), free(model);
}

static void test_entropies(void) {
  rnn_model *model = make();
  written of;
  rnn_stream *stream = new_stream(model, COUNT);
  write(stream,
        (rnn_generation){prompt, 2, LENGTH, {.temperature = 1}, .seed = 1},
        &of);
  for (int i = 0; i < COUNT * LENGTH; i++) {
    double sum = 0;
    for (int k = 0; k < V; k++) {
      double p = (double)of.distributions[i * V + k];
      sum -= p > 0 ? p * log(p) : 0;
    }
    expect(fabs(sum - (double)of.entropies[i]) < 1e-6,
           "entropy %d is %g, not %g", i, (double)of.entropies[i], sum);
  }
  free(stream), free(model);
}

/* Where a text without stops first holds one of them, it ends with one. */
static void test_stops(void) {
  rnn_model *model = make();
  written free_text, stopped;
  rnn_generation options = {prompt, 2, LENGTH, {.temperature = 1}, .seed = 5};
  rnn_stream *stream = new_stream(model, COUNT);
  write(stream, options, &free_text);
  free(stream);
  const int32_t *text = free_text.symbols + LENGTH;
  const int32_t stops[] = {text[9], text[10], text[11], -1, 5, 5, 5, 5, -1};
  options.stops = stops, options.stop_length = 9;
  stream = new_stream(model, COUNT);
  write(stream, options, &stopped);
  int ends = 0;
  for (int b = 0; b < COUNT; b++)
    for (int i = 0, end = LENGTH; i < LENGTH; i++) {
      const int32_t *wanted = free_text.symbols + b * LENGTH;
      int32_t symbol = stopped.symbols[b * LENGTH + i];
      expect(symbol == (i < end ? wanted[i] : -1), "symbol %d of text %d is %d",
             i, b, (int)symbol);
      if (end == LENGTH && i >= 2 && !memcmp(wanted + i - 2, stops, 12))
        end = i + 1, ends++;
    }
  expect(ends > 0, "no text ended");
  free(stream), free(model);
}

/* --- Beam search ------------------------------------------------------------
 */

enum { STEPS = 4, WIDE = V * V * V * V, NARROW = 3 };

typedef struct {
  int32_t symbols[STEPS];
  int length;
  double log_probability, score;
} text;

static text found[WIDE];
static int count;

/* All texts, each as long as it can be or ended by `end`. */
static void exhaust(const rnn_model *model, const double *divisors, int32_t end,
                    text so_far) {
  int32_t all[2 + STEPS];
  double logs[V];
  memcpy(all, prompt, sizeof prompt);
  memcpy(all + 2, so_far.symbols, sizeof so_far.symbols);
  bets(model, all, 2 + so_far.length, logs);
  for (int32_t k = 0; k < V; k++) {
    text next = so_far;
    next.symbols[next.length++] = k;
    next.log_probability += logs[k];
    next.score = next.log_probability / divisors[next.length];
    if (k == end || next.length == STEPS)
      found[count++] = next;
    else
      exhaust(model, divisors, end, next);
  }
}

static int by_score(const void *a, const void *b) {
  double x = ((const text *)a)->score, y = ((const text *)b)->score;
  return (x < y) - (x > y);
}

static text follow(const rnn_found *tree, uint32_t width, uint32_t place) {
  text of = {.log_probability =
                 tree->log_probabilities[(STEPS - 1) * width + place]};
  int32_t back[STEPS];
  for (int row = STEPS; row-- > 0;) {
    size_t at = (size_t)row * width + place;
    if (tree->symbols[at] >= 0) back[of.length++] = tree->symbols[at];
    place = tree->parents[at];
  }
  for (int i = 0; i < of.length; i++) of.symbols[i] = back[of.length - 1 - i];
  return of;
}

static void expect_text(const text *is, const text *wanted, int place) {
  expect(is->length == wanted->length &&
             !memcmp(is->symbols, wanted->symbols,
                     (size_t)is->length * sizeof *is->symbols),
         "place %d has another text", place);
  expect(fabs(is->log_probability - wanted->log_probability) < 2e-6,
         "place %d: %g, not %g", place, is->log_probability,
         wanted->log_probability);
}

static int32_t symbols[STEPS * WIDE];
static uint32_t parents[STEPS * WIDE];
static double logs_of[STEPS * WIDE];
static const rnn_found tree = {symbols, parents, logs_of};

static void search(const rnn_model *model, uint32_t width,
                   const double *divisors, const int32_t *stop) {
  rnn_error error = {""};
  rnn_stream *stream = new_stream(model, width);
  rnn_search options = {prompt,        2,           STEPS, .divisors = divisors,
                        .stops = stop, stop ? 2 : 0};
  expect(!rnn_beam_search(stream, &options, &tree, &error), "%s",
         error.message);
  free(stream);
}

/* A beam that holds all texts finds them all, in their order. */
static void test_exhaustive_beam(void) {
  rnn_model *model = make();
  const double plain[STEPS + 1] = {1, 1, 1, 1, 1},
                             normal[STEPS + 1] = {1, 1, 1.5, 2.1, 2.8};
  for (int with_end = 0; with_end < 2; with_end++) {
    const double *divisors = with_end ? normal : plain;
    const int32_t stop[] = {2, -1};
    count = 0;
    exhaust(model, divisors, with_end ? 2 : -1, (text){.length = 0});
    qsort(found, (size_t)count, sizeof *found, by_score);
    search(model, WIDE, divisors, with_end ? stop : NULL);
    for (int i = 0; i < 20; i++) {
      text is = follow(&tree, WIDE, (uint32_t)i);
      expect_text(&is, &found[i], i);
    }
    expect(isfinite(logs_of[(size_t)STEPS * WIDE - 1]) != with_end,
           "places are used as there are texts");
  }
  free(model);
}

/* A narrow one keeps, in each row, the best continuations of the row before. */
static void test_narrow_beam(void) {
  rnn_model *model = make();
  text kept[NARROW] = {{.length = 0}}, next[NARROW * V];
  int size = 1;
  search(model, NARROW, NULL, NULL);
  for (int row = 0; row < STEPS; row++) {
    int many = 0;
    for (int b = 0; b < size; b++) {
      int32_t all[2 + STEPS];
      double logs[V];
      memcpy(all, prompt, sizeof prompt);
      memcpy(all + 2, kept[b].symbols, sizeof kept[b].symbols);
      bets(model, all, 2 + kept[b].length, logs);
      for (int32_t k = 0; k < V; k++) {
        text *to = &next[many++];
        *to = kept[b];
        to->symbols[to->length++] = k;
        to->score = to->log_probability += logs[k];
      }
    }
    qsort(next, (size_t)many, sizeof *next, by_score);
    size = NARROW;
    memcpy(kept, next, sizeof kept);
    for (int b = 0; b < NARROW; b++)
      expect(fabs(logs_of[row * NARROW + b] - kept[b].log_probability) < 2e-6,
             "row %d, place %d: %g, not %g", row, b, logs_of[row * NARROW + b],
             kept[b].log_probability);
  }
  for (uint32_t b = 0; b < NARROW; b++) {
    text is = follow(&tree, NARROW, b);
    expect_text(&is, &kept[b], (int)b);
  }
  free(model);
}

static void expect_refused(rnn_generation options, const char *why) {
  rnn_model *model = make();
  rnn_stream *stream = new_stream(model, 1);
  int32_t symbol;
  real p;
  rnn_error error = {""};
  options.prompt = prompt, options.prompt_length = 1, options.length = 1;
  rnn_generated to = {&symbol, &p, NULL, NULL};
  expect(rnn_generate(stream, &options, &to, &error) == RNN_INVALID_BATCH &&
             strstr(error.message, why),
         "expected \"%s\", got: %s", why, error.message);
  free(stream), free(model);
}

static void test_refusals(void) {
  static const int32_t empty[] = {1, -1, -1};
  static int32_t endless[34];
  static const real banned[V] = {-INFINITY, -INFINITY, -INFINITY,
                                 -INFINITY, -INFINITY, -INFINITY};
  static const real endless_bias[V] = {0, INFINITY};
  endless[33] = -1;
  expect_refused((rnn_generation){.choice.top_p = 1.5}, "top_p cannot be 1.5");
  expect_refused((rnn_generation){.choice.min_p = -1}, "min_p cannot be -1");
  expect_refused((rnn_generation){.choice.typical_p = NAN}, "typical_p cannot");
  expect_refused((rnn_generation){.choice.repetition_penalty = -2},
                 "repetition_penalty cannot be -2");
  expect_refused((rnn_generation){.choice.bias = banned}, "every symbol is");
  expect_refused((rnn_generation){.choice.bias = endless_bias},
                 "the bias of symbol 1 is inf");
  expect_refused((rnn_generation){.stops = empty, .stop_length = 3},
                 "a stop of 0 symbols");
  expect_refused((rnn_generation){.stops = endless, .stop_length = 34},
                 "a stop of 33 symbols is outside 1 … 32");
}

int main(void) {
  run("each rule leaves the symbols that it says, as likely as it says",
      test_rules);
  run("a text written in pieces is the text written at once", test_resuming);
  run("entropies are those of the distributions", test_entropies);
  run("a text ends with the first stop that it holds", test_stops);
  run("a beam that holds all texts finds the best", test_exhaustive_beam);
  run("a narrow beam keeps the best of all continuations", test_narrow_beam);
  run("rules that make no sense are refused", test_refusals);
  return finish();
}
