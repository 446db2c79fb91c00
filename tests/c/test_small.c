/* The way of the smallest networks against the general one, bit by bit. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "model.h"
#include "small.h"

enum { LENGTH = 61, WINDOWS = 40, MOST_STEPS = 9 };

typedef struct {
  rnn_model *small, *general;
} pair;

static rnn_config config_of(uint32_t hidden, uint32_t vocabulary,
                            uint32_t steps) {
  rnn_config config;
  rnn_config_default(&config);
  config.cell = RNN_CELL_vanilla;
  config.hidden = hidden, config.vocabulary = vocabulary;
  config.steps = steps, config.batch = 1;
  config.learning_rate = 0.02;
  return config;
}

static pair new_pair(const rnn_config *config) {
  pair models = {new_model(config), new_model(config)};
  expect(models.small->window.small, "it goes the general way");
  models.general->window.small = 0;
  return models;
}

static void free_pair(pair models) {
  free(models.small);
  free(models.general);
}

/* Weights, gradients, what the optimizer remembers, and the state. */
static int same(pair models) {
  const rnn_model *a = models.small, *b = models.general;
  size_t bytes = (size_t)a->network.parameters.reals * sizeof(real);
  size_t state = (size_t)a->network.state_reals * sizeof(real);
  for (int i = 0; i < 2; i++)
    if (a->slots[i] && memcmp(a->slots[i], b->slots[i], bytes)) return 0;
  return !memcmp(a->network.values, b->network.values, bytes) &&
         !memcmp(a->gradients, b->gradients, bytes) &&
         !memcmp(a->carried, b->carried, state);
}

static int same_results(const rnn_result *a, const rnn_result *b) {
  return !memcmp(&a->loss, &b->loss, sizeof a->loss) &&
         !memcmp(&a->gradient_norm, &b->gradient_norm,
                 sizeof a->gradient_norm) &&
         a->symbols == b->symbols;
}

static void fill_text(uint8_t *text, uint32_t V) {
  int32_t symbols[LENGTH];
  fill_symbols(symbols, LENGTH, (int)V, V);
  for (int i = 0; i < LENGTH; i++) text[i] = (uint8_t)symbols[i];
}

static void expect_same_training(const rnn_config *config) {
  pair models = new_pair(config);
  uint8_t text[LENGTH];
  fill_text(text, config->vocabulary);
  expect(!rnn_read(models.small, text, 1, LENGTH, NULL) &&
             !rnn_read(models.general, text, 1, LENGTH, NULL),
         "the text is refused");
  for (int i = 0; i < WINDOWS; i++) {
    rnn_result a, b;
    expect(!rnn_train(models.small, 1, &a, NULL) &&
               !rnn_train(models.general, 1, &b, NULL),
           "training fails");
    expect(same_results(&a, &b) && same(models),
           "H=%u V=%u T=%u: other bits after %d windows", config->hidden,
           config->vocabulary, config->steps, i + 1);
  }
  free_pair(models);
}

static void texts_are_trained_alike(void) {
  for (uint32_t hidden = 1; hidden <= 8; hidden++)
    for (uint32_t vocabulary = 2; vocabulary <= 8; vocabulary++)
      for (uint32_t steps = 1; steps <= MOST_STEPS; steps += 2) {
        rnn_config config = config_of(hidden, vocabulary, steps);
        config.optimizer = (hidden + steps) % 4;
        config.clip = vocabulary % 3, config.clip_at = 0.05;
        config.carry = steps % 4 != 1;
        expect_same_training(&config);
      }
}

/* What may change while it trains leads back to the general way. */
static void live_fields_are_heeded(void) {
  rnn_config config = config_of(3, 4, 4);
  config.label_smoothing = 0.1;
  expect_same_training(&config);
  config.label_smoothing = 0;
  config.accumulate = 3;
  expect_same_training(&config);
  config.accumulate = 1;
  config.weight_decay = 0.01;
  expect_same_training(&config);
}

/* All three depths, with targets that are not counted. */
static void batches_are_worked_on_alike(void) {
  typedef rnn_status pass(rnn_model *, const rnn_batch *, rnn_result *,
                          rnn_error *);
  pass *const passes[] = {rnn_forward, rnn_backward, rnn_step};
  int32_t symbols[2 * MOST_STEPS];
  fill_symbols(symbols, 2 * MOST_STEPS, 5, 3);
  symbols[MOST_STEPS + 1] = symbols[MOST_STEPS + 4] = -1;
  rnn_config config = config_of(5, 5, MOST_STEPS);
  pair models = new_pair(&config);
  rnn_batch batch = {
      .batch = 1, .inputs = symbols, .targets = symbols + MOST_STEPS};
  for (uint32_t i = 0; i < 30; i++) {
    rnn_result a, b;
    batch.steps = 2 + i % (MOST_STEPS - 1), batch.fresh = i % 5 == 0;
    expect(!passes[i % 3](models.small, &batch, &a, NULL) &&
               !passes[i % 3](models.general, &batch, &b, NULL),
           "a pass fails");
    expect(same_results(&a, &b) && same(models), "other bits in pass %u", i);
  }
  free_pair(models);
}

static void expect_same_steps(pair models, const rnn_batch *batch) {
  for (int i = 0; i < 20; i++) {
    rnn_result a, b;
    expect(!rnn_step(models.small, batch, &a, NULL) &&
               !rnn_step(models.general, batch, &b, NULL) &&
               same_results(&a, &b) && same(models),
           "H=%u: other bits after %d steps",
           rnn_model_config(models.small)->hidden, i + 1);
  }
  free_pair(models);
}

static void classes_are_learned_alike(void) {
  static const int32_t inputs[] = {0, 299, 7, 7, 150, 1};
  static const int32_t targets[] = {0, 1, 2, 2, 1, 0};
  rnn_batch batch = {
      .batch = 1, .steps = 6, .inputs = inputs, .targets = targets};
  rnn_config config = config_of(4, 300, 6);
  config.outputs = 3;
  expect_same_steps(new_pair(&config), &batch);
}

static void fill_with_zeros(rnn_model *model) {
  static real zeros[64];
  for (int k = 0; k < 64; k++) zeros[k] = (real)-0.0;
  for (int i = 0; i < rnn_parameter_count(model); i++)
    expect(!rnn_parameter_set(model, i, zeros, NULL), "zeros are refused");
}

/* From weights of −0 the state is −0 after the first step, and the third, if
 * no padding is added. */
static void zeros_keep_their_sign(void) {
  static const int32_t symbols[] = {0, 3, 1};
  rnn_batch batch = {
      .batch = 1, .steps = 3, .inputs = symbols, .targets = symbols};
  for (uint32_t hidden = 3; hidden <= 8; hidden += 5) {
    rnn_config config = config_of(hidden, 4, 3);
    pair models = new_pair(&config);
    fill_with_zeros(models.small);
    fill_with_zeros(models.general);
    expect_same_steps(models, &batch);
  }
}

/* A step that diverges leaves no trace on this way either. */
static void divergence_is_told_alike(void) {
  rnn_config config = config_of(3, 4, 4);
  config.learning_rate = 100, config.optimizer = RNN_OPTIMIZER_sgd;
  config.clip = 0;
  pair models = new_pair(&config);
  uint8_t text[LENGTH];
  fill_text(text, 4);
  rnn_read(models.small, text, 1, LENGTH, NULL);
  rnn_read(models.general, text, 1, LENGTH, NULL);
  real huge[12];
  for (int k = 0; k < 12; k++) huge[k] = (real)(k % 2 ? 3e30 : -3e30);
  rnn_parameter_set(models.small, 0, huge, NULL);
  rnn_parameter_set(models.general, 0, huge, NULL);
  int output = rnn_parameter_count(models.small) - 2;
  rnn_parameter_set(models.small, output, huge, NULL);
  rnn_parameter_set(models.general, output, huge, NULL);
  rnn_error error, other;
  rnn_result result;
  expect(rnn_train(models.small, 1, &result, &error) == RNN_DIVERGED &&
             rnn_train(models.general, 1, &result, &other) == RNN_DIVERGED,
         "it does not diverge");
  expect(!strcmp(error.message, other.message), "%s, not %s", error.message,
         other.message);
  expect(rnn_iteration(models.small) == 0, "an update was done");
  free_pair(models);
}

/* One field more, and the general way it is. */
static void others_are_not_small(void) {
  static const struct {
    int field;
    double value;
  } more[] = {
      {RNN_FIELD_cell, RNN_CELL_gru}, {RNN_FIELD_activation, RNN_RELU},
      {RNN_FIELD_hidden, 9},          {RNN_FIELD_vocabulary, 9},
      {RNN_FIELD_outputs, 9},         {RNN_FIELD_layers, 2},
      {RNN_FIELD_batch, 2},           {RNN_FIELD_input, RNN_EMBEDDING},
      {RNN_FIELD_loss, RNN_BINARY},   {RNN_FIELD_pool, RNN_LAST},
      {RNN_FIELD_bidirectional, 1},   {RNN_FIELD_skip, 2},
      {RNN_FIELD_layer_norm, 1},      {RNN_FIELD_head_layers, 1},
      {RNN_FIELD_recompute, 1},
  };
  rnn_config plain = config_of(3, 4, 4);
  expect(rnn_is_small(&plain), "hello is not small");
  for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
    rnn_config config = plain;
    expect(!rnn_config_set(&config, more[i].field, more[i].value, NULL),
           "field %d cannot be set", more[i].field);
    expect(!rnn_is_small(&config), "with field %d it is small", more[i].field);
  }
}

int main(void) {
  run("small networks train on texts with the same bits as on the general way",
      texts_are_trained_alike);
  run("small networks heed what changes while they train",
      live_fields_are_heeded);
  run("small networks work on batches with the same bits",
      batches_are_worked_on_alike);
  run("small networks tell classes of many symbols with the same bits",
      classes_are_learned_alike);
  run("zeros in small networks have the same sign", zeros_keep_their_sign);
  run("a small network that diverges says so and is as it was",
      divergence_is_told_alike);
  run("networks with anything more go the general way", others_are_not_small);
  return finish();
}
