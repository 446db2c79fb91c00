/* Writing a text and looking inside while one is read: both go one symbol at a
 * time, and must tell what a traced window over all of it tells. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { V = 7, H = 5, LAYERS = 2, T = 12, PROMPT = 2, TOP = LAYERS - 1 };

static const int32_t prompt[PROMPT] = {3, 1};
static real values[T * 64], seen[T * 64];

static rnn_model *make(rnn_config config) {
  config.layers = LAYERS;
  config.batch = 1, config.steps = T;
  config.learning_rate = 0.05; /* weights far from their first values */
  rnn_model *model = new_model(&config);
  int32_t inputs[T], targets[T];
  fill_symbols(inputs, T, V, 1), fill_symbols(targets, T, V, 2);
  rnn_batch batch = {
      .batch = 1, .steps = T, .inputs = inputs, .targets = targets};
  rnn_result result;
  rnn_error error = {""};
  for (int i = 0; i < 10; i++)
    expect(!rnn_step(model, &batch, &result, &error), "%s", error.message);
  rnn_reset_state(model);
  return model;
}

static rnn_model *make_variant(int variant) {
  rnn_config config = small_config();
  choose_cell(&config, variant);
  return make(config);
}

static rnn_model *make_lstm(void) {
  rnn_config config = small_config();
  config.cell = RNN_CELL_lstm;
  return make(config);
}

static rnn_trace *trace_of(const rnn_model *model, const int32_t *symbols,
                           uint32_t steps, void **block) {
  int32_t targets[T] = {0};
  rnn_batch batch = {1, steps, symbols, targets, .fresh = 1};
  rnn_trace *trace;
  rnn_error error = {""};
  *block =
      aligned_alloc(RNN_ALIGNMENT, (size_t)rnn_trace_size(model, 1, steps));
  expect(!rnn_trace_run(*block, model, &batch, NULL, 0, &trace, &error), "%s",
         error.message);
  return trace;
}

/* Into `values`; 0 if there is no such name. */
static int traced(const rnn_trace *trace, const char *name) {
  for (int i = 0; i < rnn_trace_count(trace); i++)
    if (!strcmp(rnn_trace_at(trace, i).name, name))
      return rnn_trace_get(trace, i, values), 1;
  return 0;
}

static rnn_stream *new_stream(const rnn_model *model, uint32_t count) {
  void *block =
      aligned_alloc(RNN_ALIGNMENT, (size_t)rnn_stream_size(model, count));
  return rnn_stream_init(block, model, count);
}

/* p of row t of the logits in `values`, in double. */
static double probability(int t, int32_t symbol, double temperature) {
  double sum = 0;
  for (int k = 0; k < V; k++)
    sum +=
        exp((double)(values[t * V + k] - values[t * V + symbol]) / temperature);
  return 1 / sum;
}

static void test_greedy(void) {
  for (int variant = 0; variant < CELL_VARIANTS; variant++) {
    rnn_model *model = make_variant(variant);
    rnn_stream *stream = new_stream(model, 1);
    int32_t text[T];
    real p[T], all[T * V];
    rnn_error error = {""};
    memcpy(text, prompt, sizeof prompt);
    rnn_generation options = {prompt, PROMPT, .length = T - PROMPT};
    rnn_generated to = {text + PROMPT, p, all, NULL};
    expect(!rnn_generate(stream, &options, &to, &error), "%s", error.message);
    void *block;
    expect(traced(trace_of(model, text, T, &block), "logits"), "no logits");
    for (int i = PROMPT; i < T; i++) {
      const real *row = values + (i - 1) * V;
      double wanted = probability(i - 1, text[i], 1);
      for (int k = 0; k < V; k++)
        expect(row[k] <= row[text[i]], "%s, symbol %d: %d is likelier than %d",
               cell_variants[variant], i, k, (int)text[i]);
      expect(fabs((double)p[i - PROMPT] - wanted) < 1e-6,
             "%s, symbol %d: p is %g, not %g", cell_variants[variant], i,
             (double)p[i - PROMPT], wanted);
      expect(all[(i - PROMPT) * V + text[i]] == p[i - PROMPT],
             "the distribution tells another p");
    }
    free(block), free(stream), free(model);
  }
}

/* How often each symbol is drawn, in standard deviations from its p. */
static void test_draws(void) {
  enum { COUNT = 20000, DRAWS = 1 };
  static int32_t drawn[COUNT];
  static real p[COUNT];
  const double temperatures[] = {0.5, 1, 3};
  rnn_model *model = make_lstm();
  void *block;
  expect(traced(trace_of(model, prompt, PROMPT, &block), "logits"),
         "no logits");
  for (int i = 0; i < 3; i++) {
    rnn_stream *stream = new_stream(model, COUNT);
    rnn_generation options = {
        prompt, PROMPT, DRAWS, {.temperature = temperatures[i]}, .seed = 9};
    rnn_error error = {""};
    expect(!rnn_generate(stream, &options,
                         &(rnn_generated){drawn, p, NULL, NULL}, &error),
           "%s", error.message);
    for (int32_t k = 0; k < V; k++) {
      int count = 0;
      for (int j = 0; j < COUNT; j++) count += drawn[j] == k;
      double share = probability(PROMPT - 1, k, temperatures[i]);
      double deviation = sqrt(COUNT * share * (1 - share));
      expect(fabs(count - COUNT * share) < 4.5 * deviation,
             "at %g, symbol %d came %d times, not %.0f ± %.0f", temperatures[i],
             (int)k, count, COUNT * share, deviation);
    }
    free(stream);
  }
  free(block), free(model);
}

/* What the network bets first, with a unit held, into `values`: its logits,
 * up to one number they all share. */
static void bet(const rnn_model *model, rnn_clamp clamp) {
  rnn_stream *stream = new_stream(model, 1);
  int32_t symbol;
  real p;
  rnn_error error = {""};
  rnn_generation options = {prompt, 1, 1, .clamp_count = 1, .clamps = &clamp};
  expect(!rnn_generate(stream, &options,
                       &(rnn_generated){&symbol, &p, seen, NULL}, &error),
         "%s", error.message);
  for (int k = 0; k < V; k++) values[k] = (real)log((double)seen[k]);
  free(stream);
}

/* A unit of the top layer moves the logits along its column of the output's
 * weights, by as much as it is moved. */
static void expect_move(const rnn_model *model, uint32_t unit, uint32_t of_c,
                        double from, double to, double move) {
  static real weights[V * H];
  double before[V], apart;
  int output = rnn_parameter_count(model) - 2;
  expect(!strcmp(rnn_parameter_shape(model, output).name, "output.weight"),
         "no output");
  rnn_parameter_get(model, output, weights);
  bet(model, (rnn_clamp){TOP, unit, of_c, (real)from});
  for (int k = 0; k < V; k++) before[k] = (double)values[k];
  bet(model, (rnn_clamp){TOP, unit, of_c, (real)to});
  for (int k = 1; k < V; k++) {
    apart = (double)values[k] - before[k] - ((double)values[0] - before[0]);
    double wanted = move * (double)(weights[k * H + (int)unit] - weights[unit]);
    expect(fabs(wanted) > 1e-4 && fabs(apart - wanted) < 1e-5,
           "held unit %u moves logit %d by %g, not %g", (unsigned)unit, k,
           apart, wanted);
  }
}

static void test_clamp(void) {
  rnn_model *model = make_lstm();
  uint32_t first = (uint32_t)prompt[0];
  rnn_error error = {""};
  rnn_stream *stream = new_stream(model, 1);
  expect(!rnn_watch(stream, &first, 1, TOP, "o", seen, &error), "%s",
         error.message);
  double o[H];
  for (int u = 0; u < H; u++) o[u] = (double)seen[u];
  for (uint32_t u = 0; u < H; u++) {
    expect_move(model, u, 0, -0.5, 1, 1.5);
    expect_move(model, u, 1, -0.5, 1, o[u] * (tanh(1) - tanh(-0.5)));
  }
  free(stream), free(model);
}

static void test_watch(void) {
  uint32_t text[T];
  fill_symbols((int32_t *)text, T, V, 5);
  for (int variant = 0; variant < CELL_VARIANTS; variant++) {
    rnn_model *model = make_variant(variant);
    char parts[12] = "h", name[24];
    if (rnn_model_config(model)->cell == RNN_CELL_lstm) strcat(parts, "c");
    strcat(parts, rnn_gate_names(model));
    size_t count = strlen(parts);
    void *block;
    const rnn_trace *trace = trace_of(model, (int32_t *)text, T, &block);
    for (uint32_t layer = 0; layer < LAYERS; layer++) {
      rnn_stream *stream = new_stream(model, 1);
      rnn_error error = {""};
      expect(!rnn_watch(stream, text, T, layer, parts, seen, &error), "%s",
             error.message);
      for (size_t part = 0; part < count; part++) {
        name[0] = parts[part];
        memcpy(name + 1, "_l0", sizeof "_l0");
        name[3] = (char)('0' + layer);
        expect(traced(trace, name), "no %s", name);
        for (size_t t = 0; t < T; t++)
          for (size_t u = 0; u < H; u++)
            expect(seen[(t * count + part) * H + u] == values[t * H + u],
                   "%s: %s of unit %zu after %zu differs",
                   cell_variants[variant], name, u, t);
      }
      free(stream);
    }
    free(block), free(model);
  }
}

static void test_gradient_norms(void) {
  rnn_model *model = make_lstm();
  int32_t text[T];
  double norms[LAYERS * T];
  fill_symbols(text, T, V, 6);
  void *block;
  rnn_trace *trace = trace_of(model, text, T, &block);
  rnn_trace_gradient_norms(trace, norms);
  for (int layer = 0; layer < LAYERS; layer++) {
    expect(traced(trace, layer ? "dh_l1" : "dh_l0"), "no dh");
    for (int t = 0; t < T; t++) {
      double squares = 0, norm = norms[layer * T + t];
      for (int u = 0; u < H; u++)
        squares += (double)values[t * H + u] * (double)values[t * H + u];
      expect(squares > 0 && fabs(norm - sqrt(squares)) < 1e-12,
             "the norm at %d is %g, not %g", t, norm, sqrt(squares));
    }
  }
  free(block), free(model);
}

static void test_recurrent_weights(void) {
  rnn_model *model = make_lstm();
  double matrix[H * H];
  rnn_error error = {""};
  for (int i = 0; i < rnn_parameter_count(model); i++) {
    if (strcmp(rnn_parameter_shape(model, i).name, "rnn.weight_hh_l1"))
      continue;
    rnn_parameter_get(model, i, values);
    for (int gate = 0; gate < 4; gate++) {
      expect(!rnn_recurrent_weights(model, 1, 0, "ifgo"[gate], matrix, &error),
             "%s", error.message);
      for (int k = 0; k < H * H; k++)
        expect(matrix[k] == (double)values[gate * H * H + k],
               "number %d of gate %d differs", k, gate);
    }
  }
  free(model);
}

static void expect_refused(rnn_status status, rnn_status wanted,
                           const rnn_error *error, const char *why) {
  expect(status == wanted && strstr(error->message, why) != NULL,
         "expected \"%s\", got %d: %s", why, (int)status, error->message);
}

/* The stream is made for the model that is named, and refuses `options`. */
static void expect_no_text(rnn_model *model, rnn_generation options,
                           rnn_status wanted, const char *why) {
  rnn_stream *stream = new_stream(model, 1);
  int32_t symbol;
  real p;
  rnn_error error = {""};
  options.length = 1;
  rnn_status status = rnn_generate(
      stream, &options, &(rnn_generated){&symbol, &p, NULL, NULL}, &error);
  expect_refused(status, wanted, &error, why);
  free(stream);
}

static void test_refusals(void) {
  rnn_model *lstm = make_lstm();
  const int32_t outside[] = {0, V};
  const rnn_clamp clamps[] = {{LAYERS, 0, 0, 0}, {0, H, 0, 0}, {0, 0, 1, 0}};
  expect_no_text(lstm, (rnn_generation){.prompt = prompt}, RNN_INVALID_BATCH,
                 "prompt is empty");
  expect_no_text(lstm, (rnn_generation){outside, .prompt_length = 2},
                 RNN_INVALID_BATCH,
                 "symbol 7 at place 1 of the prompt is outside the vocabulary "
                 "of 7");
  expect_no_text(lstm, (rnn_generation){prompt, 1, .choice.temperature = -0.5},
                 RNN_INVALID_BATCH, "temperature cannot be -0.5");
  const char *const why[] = {"no layer 2; there are 2", "no unit 5",
                             "the gru cell has no c"};
  rnn_config config = small_config();
  config.cell = RNN_CELL_gru;
  rnn_model *gru = make(config);
  for (int i = 0; i < 3; i++)
    expect_no_text(
        gru,
        (rnn_generation){prompt, 1, .clamp_count = 1, .clamps = &clamps[i]},
        RNN_INVALID_CONFIG, why[i]);
  config.pool = RNN_LAST;
  rnn_model *last = new_model(&config);
  expect_no_text(last, (rnn_generation){prompt, .prompt_length = 1},
                 RNN_INVALID_BATCH, "in one direction");

  rnn_error error = {""};
  double matrix[H * H];
  const uint32_t text[] = {1, V};
  rnn_stream *stream = new_stream(gru, 1);
  expect_refused(rnn_watch(stream, text, 2, 0, "h", seen, &error),
                 RNN_INVALID_TEXT, &error, "symbol 7 is outside");
  expect_refused(rnn_watch(stream, text, 1, 0, "hc", seen, &error),
                 RNN_INVALID_CONFIG, &error, "one letter of \"hrzn\"");
  expect_refused(rnn_watch(stream, text, 1, LAYERS, "h", seen, &error),
                 RNN_INVALID_CONFIG, &error, "no layer 2");
  expect_refused(rnn_recurrent_weights(gru, 0, 0, 'f', matrix, &error),
                 RNN_INVALID_CONFIG, &error, "one letter of \"rzn\"");
  expect_refused(rnn_recurrent_weights(gru, 0, 1, 'r', matrix, &error),
                 RNN_INVALID_CONFIG, &error, "no direction 1");
  config.cell = RNN_CELL_minlstm;
  rnn_model *scan = new_model(&config);
  expect_refused(rnn_recurrent_weights(scan, 0, 0, 'f', matrix, &error),
                 RNN_INVALID_CONFIG, &error, "no gate of the minlstm cell");
  config.bidirectional = 1;
  rnn_model *both = new_model(&config);
  rnn_stream *mirrored = new_stream(both, 1);
  expect_refused(rnn_watch(mirrored, text, 1, 0, "h", seen, &error),
                 RNN_INVALID_CONFIG, &error, "one direction");
  free(mirrored), free(both), free(scan), free(stream);
  free(last), free(gru), free(lstm);
}

int main(void) {
  run("each cell bets on what it writes as on the text when it is read at once",
      test_greedy);
  run("symbols are drawn as often as they are likely, at any temperature",
      test_draws);
  run("a unit held at a value moves the logits by its output weights",
      test_clamp);
  run("h, c and gates along a text are those of a traced window, in every bit",
      test_watch);
  run("norms over time are those of the traced gradients", test_gradient_norms);
  run("the square of a gate is its rows of the recurrent weights",
      test_recurrent_weights);
  run("what cannot be written or watched is refused with the numbers",
      test_refusals);
  return finish();
}
