/* What training promises beyond its arithmetic: texts of all lengths, carried
 * states, chunks, divergence, and memory that is exactly what was asked for. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

/* All parameters of a model, one after another; free them. */
static real *all_parameters(const rnn_model *model, size_t *count) {
  *count = 0;
  for (int i = 0; i < rnn_parameter_count(model); i++) {
    rnn_shape shape = rnn_parameter_shape(model, i);
    *count += (size_t)shape.rows * (shape.columns ? shape.columns : 1);
  }
  real *values = malloc(*count * sizeof(real)), *at = values;
  for (int i = 0; i < rnn_parameter_count(model); i++) {
    rnn_shape shape = rnn_parameter_shape(model, i);
    rnn_parameter_get(model, i, at);
    at += (size_t)shape.rows * (shape.columns ? shape.columns : 1);
  }
  return values;
}

static int same_parameters(const rnn_model *a, const rnn_model *b) {
  size_t count, other;
  real *x = all_parameters(a, &count), *y = all_parameters(b, &other);
  int same = count == other && !memcmp(x, y, count * sizeof(real));
  free(x);
  free(y);
  return same;
}

static void every_size_fits_its_block(void) {
  static const uint32_t hidden[] = {1, 8, 13};
  static const uint32_t batches[] = {1, 3, 5};
  uint8_t text[64];
  for (int i = 0; i < 64; i++) text[i] = (uint8_t)(i % 7);
  for (int variant = 0; variant < CELL_VARIANTS; variant++)
    for (int i = 0; i < 3; i++)
      for (uint32_t layers = 1; layers <= 2; layers++)
        for (uint32_t optimizer = 0; optimizer < 4; optimizer++) {
          rnn_config config = small_config();
          choose_cell(&config, variant);
          config.hidden = hidden[i], config.batch = batches[i];
          config.layers = layers, config.optimizer = optimizer;
          if (config.layer_norm && hidden[i] == 1) continue;
          rnn_model *model = new_model(&config);
          rnn_result result;
          expect(!rnn_read(model, text, 1, 64, NULL) &&
                     !rnn_train(model, 7, &result, NULL),
                 "%s with %u units fails", cell_variants[variant], hidden[i]);
          expect(rnn_iteration(model) == 7 && isfinite(result.loss),
                 "iteration %d", (int)rnn_iteration(model));
          free(model);
        }
}

/* The text as bytes with the loss after `iterations`; frees the model. */
static double loss_after(const rnn_config *config, const char *text,
                         uint64_t iterations, rnn_plan *plan) {
  uint8_t symbols[64];
  size_t length = strlen(text);
  for (size_t i = 0; i < length; i++) symbols[i] = (uint8_t)(text[i] - 'a');
  rnn_model *model = new_model(config);
  rnn_result result = {NAN, 0, 0};
  rnn_error error = {""};
  rnn_status status = rnn_read(model, symbols, 1, length, &error);
  if (!status) status = rnn_train(model, iterations, &result, &error);
  expect(!status, "%s: %s", text, error.message);
  *plan = rnn_reading_plan(model);
  free(model);
  return result.loss;
}

static void short_texts_shrink_the_batch(void) {
  static const struct {
    const char *text;
    uint32_t batch, steps;
  } cases[] = {{"ab", 1, 1},        {"abc", 1, 2},
               {"abcde", 1, 4},     {"abcdefg", 1, 4},
               {"abcdefgab", 2, 4}, {"abcdefgabcdefgabcdefg", 3, 4}};
  rnn_config config = small_config();
  config.batch = 3;
  for (int i = 0; i < 6; i++) {
    rnn_plan plan;
    double loss = loss_after(&config, cases[i].text, 20, &plan);
    expect(isfinite(loss), "%s: loss %g", cases[i].text, loss);
    expect(plan.batch == cases[i].batch && plan.steps == cases[i].steps,
           "%s is read %u × %u", cases[i].text, plan.batch, plan.steps);
  }
}

static void one_distinct_letter_is_certain(void) {
  rnn_config config = small_config();
  rnn_plan plan;
  config.vocabulary = 1;
  expect(loss_after(&config, "aaaaaaaa", 3, &plan) == 0, "the loss is not 0");
}

static void texts_that_cannot_be_read_are_refused(void) {
  static const uint8_t symbols[] = {0, 1, 7, 2};
  rnn_config config = small_config();
  rnn_model *model = new_model(&config);
  rnn_result result;
  rnn_error error = {""};
  expect(rnn_train(model, 1, &result, &error) == RNN_INVALID_TEXT,
         "training without a text");
  for (uint64_t length = 0; length < 2; length++)
    expect(rnn_read(model, symbols, 1, length, &error) == RNN_INVALID_TEXT,
           "a text of %d", (int)length);
  expect(rnn_read(model, symbols, 1, 4, &error) == RNN_INVALID_TEXT,
         "a symbol outside the vocabulary");
  expect(strstr(error.message, "symbol 7 at position 2") != NULL, "%s",
         error.message);
  free(model);
}

static void two_bytes_a_symbol_read_the_same(void) {
  uint8_t narrow[40];
  uint16_t wide[40];
  rnn_config config = small_config();
  for (int i = 0; i < 40; i++) wide[i] = narrow[i] = (uint8_t)(i * i % 7);
  rnn_model *a = new_model(&config), *b = new_model(&config);
  rnn_result result;
  rnn_read(a, narrow, 1, 40, NULL);
  rnn_read(b, wide, 2, 40, NULL);
  rnn_train(a, 20, &result, NULL);
  rnn_train(b, 20, &result, NULL);
  expect(same_parameters(a, b), "the parameters differ");
  free(a);
  free(b);
}

/* Windows along a text of `length`, made by hand: stream b reads from b·S. */
static void step_by_hand(rnn_model *model, const uint8_t *text, uint32_t stream,
                         uint32_t position, int fresh) {
  enum { B = 2, T = 4 };
  int32_t inputs[B * T], targets[B * T];
  for (uint32_t b = 0; b < B; b++)
    for (uint32_t t = 0; t < T; t++) {
      inputs[b * T + t] = text[b * stream + position + t];
      targets[b * T + t] = text[b * stream + position + t + 1];
    }
  rnn_batch batch = {.batch = B,
                     .steps = T,
                     .inputs = inputs,
                     .targets = targets,
                     .fresh = (uint32_t)fresh};
  rnn_result result;
  expect(!rnn_step(model, &batch, &result, NULL), "a step fails");
}

static void training_reads_streams_in_windows(void) {
  enum { LENGTH = 33, STREAM = 16 }; /* two streams of 16: four windows */
  uint8_t text[LENGTH];
  for (int i = 0; i < LENGTH; i++) text[i] = (uint8_t)(i * i * i % 7);
  rnn_config config = small_config();
  choose_cell(&config, 3);
  rnn_model *trained = new_model(&config), *stepped = new_model(&config);
  rnn_result result;
  rnn_read(trained, text, 1, LENGTH, NULL);
  rnn_train(trained, 6, &result, NULL);
  for (uint32_t i = 0; i < 6; i++)
    step_by_hand(stepped, text, STREAM, i % 4 * 4, i % 4 == 0);
  expect(same_parameters(trained, stepped), "the parameters differ");
  expect(result.symbols == 6 * 2 * 4, "%d symbols", (int)result.symbols);
  free(trained);
  free(stepped);
}

static void state_carries_only_if_asked(void) {
  static const uint8_t text[] = {0, 1, 2, 3, 4, 5, 6, 0, 1,
                                 2, 3, 4, 5, 6, 0, 1, 2};
  double losses[2];
  for (uint32_t carry = 0; carry < 2; carry++) {
    rnn_config config = small_config();
    config.batch = 1, config.carry = carry;
    rnn_model *model = new_model(&config);
    rnn_result result;
    rnn_read(model, text, 1, sizeof text, NULL);
    rnn_train(model, 2, &result, NULL);
    losses[carry] = result.loss;
    free(model);
  }
  expect(losses[0] != losses[1], "both losses are %g", losses[0]);
}

static void one_call_is_many_calls(void) {
  uint8_t text[100];
  for (int i = 0; i < 100; i++) text[i] = (uint8_t)(i * i % 7);
  rnn_config config = small_config();
  rnn_model *once = new_model(&config), *often = new_model(&config);
  rnn_result result;
  rnn_read(once, text, 1, 100, NULL);
  rnn_read(often, text, 1, 100, NULL);
  rnn_train(once, 50, &result, NULL);
  for (int i = 0; i < 50; i++) rnn_train(often, 1, &result, NULL);
  expect(same_parameters(once, often), "the parameters differ");
  free(once);
  free(often);
}

static void smaller_batches_are_parts(void) {
  enum { B = 4, T = 6 };
  int32_t inputs[B * T], targets[B * T];
  fill_symbols(inputs, B * T, 7, 1);
  fill_symbols(targets, B * T, 7, 2);
  for (int variant = 0; variant < CELL_VARIANTS; variant++) {
    rnn_config config = small_config();
    choose_cell(&config, variant);
    config.batch = B, config.steps = T + 3;
    rnn_model *model = new_model(&config);
    rnn_batch all = {.batch = B,
                     .steps = T,
                     .inputs = inputs,
                     .targets = targets,
                     .fresh = 1};
    rnn_result whole, part;
    double sum = 0;
    rnn_forward(model, &all, &whole, NULL);
    for (int b = 0; b < B; b++) {
      rnn_batch one = {.batch = 1,
                       .steps = T,
                       .inputs = inputs + b * T,
                       .targets = targets + b * T,
                       .fresh = 1};
      rnn_forward(model, &one, &part, NULL);
      sum += part.loss / B;
    }
    expect(fabs(sum - whole.loss) <= 1e-6 * whole.loss, "%s: %.9g is not %.9g",
           cell_variants[variant], sum, whole.loss);
    free(model);
  }
}

static void masks_and_minus_one_are_the_same(void) {
  int32_t inputs[8], targets[8], cut[8];
  uint8_t mask[8] = {1, 1, 0, 1, 0, 1, 1, 1};
  fill_symbols(inputs, 8, 7, 1);
  fill_symbols(targets, 8, 7, 2);
  for (int i = 0; i < 8; i++) cut[i] = mask[i] ? targets[i] : -1;
  rnn_config config = small_config();
  rnn_model *model = new_model(&config);
  rnn_batch masked = {.batch = 2,
                      .steps = 4,
                      .inputs = inputs,
                      .targets = targets,
                      .mask = mask,
                      .fresh = 1};
  rnn_batch cutting = {
      .batch = 2, .steps = 4, .inputs = inputs, .targets = cut, .fresh = 1};
  rnn_batch none = {.batch = 2,
                    .steps = 4,
                    .inputs = inputs,
                    .targets = targets,
                    .mask = (uint8_t[8]){0},
                    .fresh = 1};
  rnn_result a, b, whole;
  rnn_forward(model, &masked, &a, NULL);
  rnn_forward(model, &cutting, &b, NULL);
  expect(a.loss == b.loss, "%g is not %g", a.loss, b.loss);
  masked.mask = NULL;
  rnn_forward(model, &masked, &whole, NULL);
  expect(a.loss != whole.loss, "the mask changes nothing");
  expect(rnn_forward(model, &none, &a, NULL) == RNN_INVALID_BATCH,
         "a batch of which nothing counts");
  free(model);
}

static void divergence_leaves_no_trace(void) {
  uint8_t text[400];
  for (int i = 0; i < 400; i++) text[i] = (uint8_t)(i * i % 7);
  rnn_config config = small_config();
  choose_cell(&config, 1); /* relu, which can grow without bound */
  config.steps = 40, config.optimizer = RNN_OPTIMIZER_sgd;
  config.learning_rate = 100, config.clip = 0;
  rnn_model *model = new_model(&config);
  rnn_result result = {0, 0, 0};
  rnn_error error = {""};
  rnn_status status = RNN_OK;
  rnn_read(model, text, 1, 400, NULL);
  size_t count;
  real *before = NULL;
  uint64_t steps = 0;
  for (; !status && steps < 100; steps++) {
    free(before);
    before = all_parameters(model, &count);
    status = rnn_train(model, 1, &result, &error);
  }
  expect(status == RNN_DIVERGED, "no divergence in %d steps", (int)steps);
  expect(strstr(error.message, "learning rate") != NULL, "%s", error.message);
  real *after = all_parameters(model, &count);
  expect(!memcmp(before, after, count * sizeof(real)), "parameters changed");
  expect(rnn_iteration(model) == steps - 1, "the iteration counted");
  for (size_t i = 0; i < count; i++)
    expect(isfinite(after[i]), "a parameter is not finite");
  expect(rnn_train(model, 1, &result, NULL) == RNN_DIVERGED,
         "the same step does not fail again");
  free(before);
  free(after);
  free(model);
}

static void bad_batches_change_nothing(void) {
  int32_t inputs[8] = {0}, targets[8] = {0}, wrong[8] = {0, 0, 0, 9};
  rnn_config config = small_config();
  rnn_model *model = new_model(&config), *other = new_model(&config);
  rnn_result result;
  rnn_error error = {""};
  const rnn_batch batches[] = {
      {.batch = 3, .steps = 4, .inputs = inputs, .targets = targets},
      {.batch = 2, .steps = 5, .inputs = inputs, .targets = targets},
      {.batch = 0, .steps = 4, .inputs = inputs, .targets = targets},
      {.batch = 2, .steps = 0, .inputs = inputs, .targets = targets},
      {.batch = 2, .steps = 4, .inputs = wrong, .targets = targets},
      {.batch = 2, .steps = 4, .inputs = inputs, .targets = wrong}};
  for (int i = 0; i < 6; i++)
    expect(rnn_step(model, &batches[i], &result, &error) == RNN_INVALID_BATCH,
           "batch %d is taken", i);
  expect(strstr(error.message, "target 9 of sequence 0, step 3") != NULL, "%s",
         error.message);
  expect(same_parameters(model, other), "the parameters changed");
  free(model);
  free(other);
}

static void configurations_are_checked(void) {
  rnn_config config = small_config();
  rnn_error error;
  for (int i = 0; rnn_field_at(i); i++) {
    const rnn_field *field = rnn_field_at(i);
    double before = rnn_config_get(&config, i);
    double most = field->kind == RNN_CHOICE ? 99 : field->maximum;
    expect(rnn_config_set(&config, i, most * 2 + 1, &error) ==
               RNN_INVALID_CONFIG,
           "%s takes %g", field->name, most * 2 + 1);
    expect(strstr(error.message, field->name) != NULL, "%s", error.message);
    expect(rnn_config_set(&config, i, NAN, &error) == RNN_INVALID_CONFIG,
           "%s takes NaN", field->name);
    expect(rnn_config_get(&config, i) == before, "%s changed", field->name);
    if (field->kind != RNN_REAL)
      expect(rnn_config_set(&config, i, 0.5, &error) == RNN_INVALID_CONFIG,
             "%s takes a half", field->name);
  }
  expect(!rnn_config_check(&config, &error), "%s", error.message);
  config.hidden = 0;
  expect(rnn_config_check(&config, &error) == RNN_INVALID_CONFIG, "hidden 0");
}

/* All streams, window after window to their ends, are one long batch. */
static void evaluating_is_one_long_forward(void) {
  enum { B = 2, STREAM = 11 }; /* windows of 4, 4 and 3 steps; one left over */
  uint8_t text[B * STREAM + 2];
  int32_t inputs[B * STREAM], targets[B * STREAM];
  for (int i = 0; i < B * STREAM + 2; i++) text[i] = (uint8_t)(i * i * i % 7);
  for (int i = 0; i < B * STREAM; i++)
    inputs[i] = text[i], targets[i] = text[i + 1];
  for (int variant = 0; variant < CELL_VARIANTS; variant++) {
    rnn_config config = small_config();
    choose_cell(&config, variant);
    rnn_model *model = new_model(&config);
    config.steps = STREAM;
    rnn_model *longer = new_model(&config);
    rnn_batch batch = {.batch = B,
                       .steps = STREAM,
                       .inputs = inputs,
                       .targets = targets,
                       .fresh = 1};
    rnn_result whole, result;
    rnn_read(model, text, 1, sizeof text, NULL);
    rnn_train(model, 1, &result, NULL); /* its carried state is not used */
    for (int i = 0; i < rnn_parameter_count(model); i++) {
      real values[400];
      rnn_parameter_get(model, i, values);
      rnn_parameter_set(longer, i, values, NULL);
    }
    uint64_t before = rnn_iteration(model);
    rnn_evaluate(model, text, 1, sizeof text, &result, NULL);
    rnn_forward(longer, &batch, &whole, NULL);
    expect(fabs(result.loss - whole.loss) <= 1e-12 * whole.loss,
           "%s: %.12g is not %.12g", cell_variants[variant], result.loss,
           whole.loss);
    expect(result.symbols == B * STREAM, "%d symbols", (int)result.symbols);
    expect(rnn_iteration(model) == before, "it learned");
    rnn_train(model, 1, &result, NULL);
    expect(rnn_iteration(model) == before + 1, "it cannot go on");
    free(model);
    free(longer);
  }
}

static void recomputing_changes_memory_only(void) {
  enum { T = 19, COUNT = 2 * T };
  int32_t inputs[COUNT], targets[COUNT];
  fill_symbols(inputs, COUNT, 7, 1);
  fill_symbols(targets, COUNT, 7, 2);
  for (int variant = 0; variant < CELL_VARIANTS; variant++) {
    rnn_config config = small_config();
    choose_cell(&config, variant);
    config.layers = 2, config.steps = T, config.dropout = 0.25;
    rnn_model *stored = new_model(&config);
    config.recompute = 1;
    rnn_model *again = new_model(&config);
    rnn_batch batch = {
        .batch = 2, .steps = T, .inputs = inputs, .targets = targets};
    rnn_result a, b;
    for (int i = 0; i < 3; i++) {
      expect(!rnn_step(stored, &batch, &a, NULL), "a step fails");
      expect(!rnn_step(again, &batch, &b, NULL), "a step fails");
      expect(fabs(a.loss - b.loss) <= (i ? 1e-5 : 0) &&
                 fabs(a.gradient_norm - b.gradient_norm) <=
                     1e-5 * a.gradient_norm,
             "%s, step %d: loss %.9g and norm %.9g are %.9g and %.9g",
             cell_variants[variant], i, a.loss, a.gradient_norm, b.loss,
             b.gradient_norm);
    }
    free(stored);
    free(again);
  }
}

static void recomputing_makes_long_windows_fit(void) {
  rnn_config config = small_config();
  choose_cell(&config, 3);
  config.vocabulary = 65, config.hidden = 512, config.batch = 32;
  config.steps = 10000;
  double stored = (double)rnn_model_size(&config);
  config.recompute = 1;
  double again = (double)rnn_model_size(&config);
  expect(stored > 4e9 && again < 1e9, "%.3g bytes stored, %.3g again", stored,
         again);
}

static void only_live_fields_change(void) {
  rnn_config config = small_config();
  rnn_model *model = new_model(&config);
  for (int i = 0; rnn_field_at(i); i++) {
    const rnn_field *field = rnn_field_at(i);
    rnn_status status =
        rnn_configure(model, i, rnn_config_get(&config, i), NULL);
    expect(status == (field->live ? RNN_OK : RNN_NOT_LIVE), "%s", field->name);
  }
  free(model);
}

/* Five sequences: four make a tile of the kernels, and one is left over. */
static void streams_follow_traces(void) {
  enum { B = 5, T = 6, V = 7 };
  int32_t inputs[B * T], targets[B * T];
  fill_symbols(inputs, B * T, V, 3);
  fill_symbols(targets, B * T, V, 4);
  for (int variant = 0; variant < CELL_VARIANTS; variant++) {
    rnn_config config = small_config();
    choose_cell(&config, variant);
    config.layers = 2, config.steps = T, config.batch = B;
    rnn_model *model = new_model(&config);
    rnn_batch batch = {.batch = B,
                       .steps = T,
                       .inputs = inputs,
                       .targets = targets,
                       .fresh = 1};
    void *block = aligned_alloc(
        RNN_ALIGNMENT, (size_t)rnn_trace_size(model, batch.batch, batch.steps));
    rnn_trace *trace;
    rnn_trace_run(block, model, &batch, NULL, 0, &trace, NULL);
    real logits[B * T * V];
    for (int i = 0; i < rnn_trace_count(trace); i++)
      if (!strcmp(rnn_trace_at(trace, i).name, "logits"))
        rnn_trace_get(trace, i, logits);
    void *room =
        aligned_alloc(RNN_ALIGNMENT, (size_t)rnn_stream_size(model, B));
    rnn_stream *stream = rnn_stream_init(room, model, B);
    for (int t = 0; t < T; t++) {
      uint32_t symbols[B];
      for (int b = 0; b < B; b++) symbols[b] = (uint32_t)inputs[b * T + t];
      rnn_stream_feed(stream, symbols);
      for (int b = 0; b < B; b++)
        expect(!memcmp(rnn_stream_logits(stream, (uint32_t)b),
                       logits + (b * T + t) * V, V * sizeof(real)),
               "%s, sequence %d differs at step %d", cell_variants[variant], b,
               t);
    }
    free(room);
    free(block);
    free(model);
  }
}

int main(void) {
  run("each cell, size and optimizer stays within its block",
      every_size_fits_its_block);
  run("a short text shrinks batch and steps", short_texts_shrink_the_batch);
  run("one distinct letter is certain", one_distinct_letter_is_certain);
  run("texts that cannot be read are refused",
      texts_that_cannot_be_read_are_refused);
  run("symbols of two bytes read the same", two_bytes_a_symbol_read_the_same);
  run("training reads the streams of a text in windows",
      training_reads_streams_in_windows);
  run("the state is carried only if asked", state_carries_only_if_asked);
  run("one call of many iterations is many calls of one",
      one_call_is_many_calls);
  run("a batch is its sequences", smaller_batches_are_parts);
  run("a mask and targets of −1 are the same",
      masks_and_minus_one_are_the_same);
  run("divergence leaves no trace", divergence_leaves_no_trace);
  run("a bad batch changes nothing", bad_batches_change_nothing);
  run("every field is checked", configurations_are_checked);
  run("evaluating a text is one long forward pass",
      evaluating_is_one_long_forward);
  run("recomputing finds the same loss and gradients",
      recomputing_changes_memory_only);
  run("recomputing makes 10000 steps of 512 units fit into 1 GB",
      recomputing_makes_long_windows_fit);
  run("only live fields change", only_live_fields_change);
  run("a stream has the bits of a trace", streams_follow_traces);
  return finish();
}
