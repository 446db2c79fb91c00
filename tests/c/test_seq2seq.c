/* The gradients of encoders, bridges and attention, against central
 * differences, in double; and what of a batch must not matter. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "differences.h"

enum { V = 7, H = 5, B = 3, T = 4, SOURCE_V = 9, SOURCE_T = 6, SOURCE_I = 9 };

static void plain(rnn_config *c) {
  (void)c;
}

static void bridged(rnn_config *c) {
  c->source_hidden = 11;
}

static void two_directions(rnn_config *c) {
  c->source_bidirectional = 1;
}

static void fed(rnn_config *c) {
  c->context = RNN_EACH_STEP;
}

static void fed_over_a_bridge(rnn_config *c) {
  fed(c);
  bridged(c);
  two_directions(c);
}

static void additive(rnn_config *c) {
  c->attention = RNN_ADDITIVE, c->attention_size = 3;
}

static void additive_of_two_directions(rnn_config *c) {
  additive(c);
  two_directions(c);
  c->source_hidden = 9, c->attention_size = 10;
}

static void multiplicative(rnn_config *c) {
  c->attention = RNN_MULTIPLICATIVE;
}

static void multiplicative_and_fed(rnn_config *c) {
  multiplicative(c);
  fed_over_a_bridge(c);
}

static void of_embeddings(rnn_config *c) {
  additive(c);
  c->input = RNN_EMBEDDING, c->input_size = H, c->tie = 1;
}

static void with_the_rest(rnn_config *c) {
  multiplicative_and_fed(c);
  c->dropout = 0.3, c->residual = 1, c->head_layers = 1, c->head_size = 6;
}

static void of_vectors(rnn_config *c) {
  c->source_size = SOURCE_I;
}

static void of_vectors_fed(rnn_config *c) {
  of_vectors(c);
  fed_over_a_bridge(c);
  c->residual = 1, c->source_hidden = SOURCE_I;
}

static void of_vectors_attended(rnn_config *c) {
  of_vectors(c);
  of_embeddings(c);
  c->source_size = 2;
}

static const struct {
  const char *sentence;
  void (*change)(rnn_config *config);
} networks[] = {
    {"a source whose end is the first state", plain},
    {"a source of another size, over a bridge", bridged},
    {"a source in two directions", two_directions},
    {"a source that is fed to each step", fed},
    {"a source of another size in two directions, fed", fed_over_a_bridge},
    {"additive attention", additive},
    {"additive attention to two directions", additive_of_two_directions},
    {"multiplicative attention", multiplicative},
    {"multiplicative attention, and a source that is fed",
     multiplicative_and_fed},
    {"attention of tied embeddings", of_embeddings},
    {"attention with dropout, residual layers and a deep head", with_the_rest},
    {"a source of vectors", of_vectors},
    {"a source of vectors in two directions, fed", of_vectors_fed},
    {"attention to vectors, of tied embeddings", of_vectors_attended},
};

enum { NETWORKS = sizeof networks / sizeof networks[0] };

static int tested;

typedef struct {
  int32_t inputs[B * T], targets[B * T], sources[B * SOURCE_T];
  uint32_t source_lengths[B];
  real source_vectors[B * SOURCE_T * SOURCE_I];
} data;

static rnn_config config_of(int variant, uint32_t layers) {
  rnn_config config = small_config();
  choose_cell(&config, variant);
  config.hidden = H, config.layers = layers;
  config.batch = B, config.steps = T;
  config.source_steps = SOURCE_T, config.source_vocabulary = SOURCE_V;
  config.seed = 10 * layers + (uint32_t)variant;
  networks[tested].change(&config);
  return config;
}

static rnn_batch batch_of(data *d) {
  fill_symbols(d->inputs, B * T, V, 1);
  fill_symbols(d->targets, B * T, V, 2);
  fill_symbols(d->sources, B * SOURCE_T, SOURCE_V, 3);
  for (int i = 0; i < B * SOURCE_T * SOURCE_I; i++)
    d->source_vectors[i] = (real)(i * 37 % 101) / 50 - 1;
  d->targets[1] = -1;
  memcpy(d->source_lengths, (uint32_t[]){SOURCE_T, 3, 1},
         sizeof d->source_lengths);
  return (rnn_batch){.batch = B,
                     .steps = T,
                     .inputs = d->inputs,
                     .targets = d->targets,
                     .sources = d->sources,
                     .source_lengths = d->source_lengths,
                     .source_steps = SOURCE_T,
                     .source_vectors = d->source_vectors,
                     .fresh = 1};
}

static void check_network(int variant, uint32_t layers) {
  data d;
  rnn_config config = config_of(variant, layers);
  problem p = {new_model(&config), batch_of(&d)};
  /* So that attention prefers some steps to others. */
  double_values(p.model);
  double_values(p.model);
  for (int i = 0; i < rnn_parameter_count(p.model); i++) {
    rnn_shape shape = rnn_parameter_shape(p.model, i);
    double largest = check_parameter(&p, i, 7, cell_variants[variant]);
    expect(largest > 0, "%s: the gradient of %s is zero",
           cell_variants[variant], shape.name);
  }
  free(p.model);
}

static void test_network(void) {
  /* Cells differ in what they keep. */
  static const int variants[] = {0, 3, 5, 10, 17};
  for (int i = 0; i < 5; i++) check_network(variants[i], 2);
  check_network(3, 1);
}

static double loss_of(rnn_model *model, const rnn_batch *batch) {
  rnn_result result = {0, 0, 0};
  rnn_error error = {""};
  rnn_status status = rnn_forward(model, batch, &result, &error);
  expect(status == RNN_OK, "%s", error.message);
  return result.loss;
}

/* Another symbol, and another vector, at step s of source 1. */
static void change_source(data *d, uint32_t size, int s) {
  d->sources[SOURCE_T + s] = (d->sources[SOURCE_T + s] + 1) % SOURCE_V;
  for (uint32_t k = 0; k < size; k++)
    d->source_vectors[(SOURCE_T + (uint32_t)s) * size + k] += 1;
}

/* Nothing behind the end of a source counts. */
static void test_padding(void) {
  for (tested = 0; tested < NETWORKS; tested++) {
    data d;
    rnn_config config = config_of(3, 2);
    rnn_model *model = new_model(&config);
    rnn_batch batch = batch_of(&d);
    double before = loss_of(model, &batch);
    change_source(&d, config.source_size, 3);
    expect(fabs(loss_of(model, &batch) - before) == 0,
           "%s: what pads a source changes the loss",
           networks[tested].sentence);
    change_source(&d, config.source_size, 2);
    expect(fabs(loss_of(model, &batch) - before) > 0,
           "%s: the end of a source does not change the loss",
           networks[tested].sentence);
    free(model);
  }
}

/* --- Writing --------------------------------------------------------------
 */

static rnn_stream *stream_of(const rnn_model *model, uint32_t count) {
  size_t size = (size_t)rnn_stream_size(model, count);
  return rnn_stream_init(aligned_alloc(RNN_ALIGNMENT, size), model, count);
}

/* The logits of a trace, (B, T, V). */
static void trace_logits(const rnn_model *model, const rnn_batch *batch,
                         real *logits) {
  size_t size = (size_t)rnn_trace_size(model, batch->batch, batch->steps);
  void *block = aligned_alloc(RNN_ALIGNMENT, size);
  rnn_trace *trace;
  rnn_error error = {""};
  expect(!rnn_trace_run(block, model, batch, NULL, 0, &trace, &error), "%s",
         error.message);
  for (int i = 0; i < rnn_trace_count(trace); i++)
    if (!strcmp(rnn_trace_at(trace, i).name, "logits"))
      rnn_trace_get(trace, i, logits);
  free(block);
}

static void test_stream(void) {
  for (tested = 0; tested < NETWORKS; tested++) {
    data d;
    real expected[B * T * V];
    rnn_config config = config_of(3, 2);
    rnn_model *model = new_model(&config);
    rnn_batch batch = batch_of(&d);
    rnn_stream *stream = stream_of(model, B);
    trace_logits(model, &batch, expected);
    expect(!rnn_stream_read_source(stream, d.sources, d.source_vectors,
                                   d.source_lengths, SOURCE_T, NULL),
           "%s: the source cannot be read", networks[tested].sentence);
    for (uint32_t t = 0; t < T; t++) {
      uint32_t symbols[B];
      for (uint32_t b = 0; b < B; b++)
        symbols[b] = (uint32_t)d.inputs[b * T + t];
      rnn_stream_feed(stream, symbols);
      for (uint32_t b = 0; b < B; b++)
        for (uint32_t k = 0; k < V; k++)
          expect(fabs(rnn_stream_logits(stream, b)[k] -
                      expected[(b * T + t) * V + k]) < 1e-12,
                 "%s: logit %u of step %u differs", networks[tested].sentence,
                 (unsigned)k, (unsigned)t);
    }
    free(stream);
    free(model);
  }
}

/* The inputs that a network without a teacher reads, found by a trace of each
 * beginning. */
static void inputs_without_teacher(const rnn_model *model, rnn_batch batch,
                                   int32_t *inputs) {
  real logits[B * T * V];
  batch.inputs = inputs;
  for (uint32_t t = 1; t < T; t++) {
    trace_logits(model, &batch, logits);
    for (uint32_t b = 0; b < B; b++) {
      const real *row = logits + (b * T + t - 1) * V;
      int32_t best = 0;
      for (int32_t k = 1; k < V; k++)
        if (row[k] > row[best]) best = k;
      inputs[b * T + t] = best;
    }
  }
}

static void test_without_teacher(void) {
  for (tested = 0; tested < NETWORKS; tested++) {
    data d;
    rnn_config config = config_of(4, 2);
    config.teacher_forcing = 0, config.dropout = 0;
    rnn_model *model = new_model(&config);
    rnn_batch batch = batch_of(&d);
    rnn_result free_running = {0, 0, 0}, taught = {0, 0, 0};
    rnn_error error = {""};
    expect(!rnn_backward(model, &batch, &free_running, &error), "%s",
           error.message);
    inputs_without_teacher(model, batch, d.inputs);
    free(model);
    config.teacher_forcing = 1;
    model = new_model(&config);
    expect(!rnn_backward(model, &batch, &taught, &error), "%s", error.message);
    expect(fabs(free_running.loss - taught.loss) < 1e-12 &&
               fabs(free_running.gradient_norm - taught.gradient_norm) < 1e-12,
           "%s: loss %.17g, not %.17g", networks[tested].sentence,
           free_running.loss, taught.loss);
    free(model);
  }
}

/* --- What is refused -------------------------------------------------------
 */

static void expect_refused(rnn_status status, const rnn_error *error,
                           const char *why) {
  expect(status != RNN_OK && strstr(error->message, why),
         "expected \"%s\", got \"%s\"", why, error->message);
}

static void test_refused(void) {
  data d;
  tested = 0;
  rnn_config config = config_of(3, 1), without = small_config();
  rnn_model *model = new_model(&config), *plain = new_model(&without);
  rnn_batch batch = batch_of(&d);
  rnn_stream *stream = stream_of(model, 1), *other = stream_of(plain, 1);
  rnn_result result;
  rnn_error error = {""};
  const int32_t symbol = 1;
  int32_t written;
  real probability;
  rnn_generation once = {.prompt = &symbol, .prompt_length = 1, .length = 1};
  rnn_generated to = {.symbols = &written, .probabilities = &probability};
#define REFUSED(call, why) expect_refused(call, &error, why)
  REFUSED(rnn_generate(stream, &once, &to, &error), "reads a source before");
  REFUSED(rnn_stream_read_source(other, &symbol, NULL, NULL, 1, &error),
          "has no encoder");
  REFUSED(rnn_stream_read_source(stream, &symbol, NULL, NULL, 0, &error),
          "source of 0 steps is outside 1 … 6");
  const int32_t beyond = SOURCE_V;
  REFUSED(rnn_stream_read_source(stream, &beyond, NULL, NULL, 1, &error),
          "symbol 9 of source 0, step 0 is outside its vocabulary of 9");
  d.source_lengths[1] = 7;
  REFUSED(rnn_forward(model, &batch, &result, &error),
          "source 1 has 7 steps, outside 1 … 6");
  batch.sources = NULL;
  REFUSED(rnn_forward(model, &batch, &result, &error), "needs sources");
  const uint8_t text[] = {0, 1, 2};
  REFUSED(rnn_read(model, text, 1, 3, &error), "without an encoder");
#undef REFUSED
  free(stream), free(other), free(model), free(plain);
}

static void test_vectors_refused(void) {
  data d;
  rnn_config config = small_config();
  config.source_steps = 2, config.source_size = 3;
  rnn_model *model = new_model(&config);
  rnn_stream *stream = stream_of(model, 1);
  rnn_batch batch = batch_of(&d);
  rnn_result result;
  rnn_error error = {""};
  batch.batch = 2, batch.source_steps = 2, batch.source_lengths = NULL;
  expect(!rnn_forward(model, &batch, &result, &error), "%s", error.message);
#define REFUSED(call, why) expect_refused(call, &error, why)
  d.source_vectors[10] = NAN;
  REFUSED(rnn_forward(model, &batch, &result, &error),
          "number 1 of source 1, step 1 is not finite");
  REFUSED(rnn_stream_read_source(stream, NULL, d.source_vectors + 9, NULL, 1,
                                 &error),
          "number 1 of source 0, step 0 is not finite");
  REFUSED(rnn_stream_read_source(stream, d.sources, NULL, NULL, 1, &error),
          "needs vectors as the sources");
  batch.source_vectors = NULL;
  REFUSED(rnn_forward(model, &batch, &result, &error),
          "needs vectors as the sources");
  config.source_steps = 0;
  REFUSED(rnn_config_check(&config, &error),
          "source_size, attention and context need");
#undef REFUSED
  free(stream), free(model);
}

int main(void) {
  for (tested = 0; tested < NETWORKS; tested++)
    run(networks[tested].sentence, test_network);
  run("what is behind the end of a source does not count", test_padding);
  run("a stream tells what a trace of the same inputs does", test_stream);
  run("without a teacher, a step reads what the network holds likeliest",
      test_without_teacher);
  run("what is no source is refused with its numbers", test_refused);
  run("vectors that cannot be a source are refused", test_vectors_refused);
  return finish();
}
