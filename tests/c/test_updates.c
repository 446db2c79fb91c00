/* From gradients to new weights, in double: what draws weights to zero,
 * against the formulas by hand; several windows an update, against one batch.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { MANY = 1 << 17 }; /* numbers of a parameter, at most */

static rnn_batch batch_of(const rnn_config *config, const int32_t *symbols) {
  return (rnn_batch){.batch = config->batch,
                     .steps = config->steps,
                     .inputs = symbols,
                     .targets = symbols + 64,
                     .fresh = 1};
}

static void one_step(rnn_model *model) {
  int32_t symbols[128];
  fill_symbols(symbols, 128, 7, 3);
  rnn_batch batch = batch_of(rnn_model_config(model), symbols);
  rnn_result result;
  rnn_error error = {""};
  expect(!rnn_step(model, &batch, &result, &error), "%s", error.message);
}

/* After one update by plain SGD, as after p − η (g + λ p + λ₁ sign p). */
static void expect_update(const rnn_config *config, double l2, double keep) {
  static real before[MANY], after[MANY], gradient[MANY];
  rnn_model *first = new_model(config), *model = new_model(config);
  one_step(model);
  for (int i = 0; i < rnn_parameter_count(model); i++) {
    rnn_shape shape = rnn_parameter_shape(model, i);
    size_t count = (size_t)shape.rows * (shape.columns ? shape.columns : 1);
    expect(count <= MANY, "%s is too large", shape.name);
    rnn_parameter_get(first, i, before);
    rnn_parameter_get(model, i, after);
    rnn_gradient_get(model, i, gradient);
    for (size_t k = 0; k < count; k++) {
      double p = before[k], sign = (p > 0) - (p < 0);
      double g = gradient[k] + l2 * p + config->l1 * sign;
      double wanted = keep * p - config->learning_rate * g;
      expect(fabs(after[k] - wanted) <= 1e-15, "%s[%zu] is %.17g, not %.17g",
             shape.name, k, after[k], wanted);
    }
  }
  free(first);
  free(model);
}

/* Many weights, so that they are worked on in several blocks. */
static rnn_config decaying(void) {
  rnn_config config = small_config();
  config.hidden = 150;
  config.optimizer = RNN_OPTIMIZER_sgd;
  config.learning_rate = 0.3;
  config.clip = 0;
  return config;
}

static void decay_reaches_every_weight(void) {
  rnn_config config = decaying();
  config.weight_decay = 0.25;
  config.l1 = 0.125;
  expect_update(&config, 0.25, 1);
  config.decay_kind = RNN_DECOUPLED;
  expect_update(&config, 0, 1 - 0.3 * 0.25);
}

static void l1_leaves_zero_alone(void) {
  rnn_config config = decaying();
  config.hidden = 5;
  config.l1 = 0.5;
  rnn_model *model = new_model(&config);
  static const real zeros[64] = {0};
  real values[64];
  int last = rnn_parameter_count(model) - 1;
  rnn_parameter_set(model, last, zeros, NULL);
  one_step(model);
  rnn_parameter_get(model, last, values);
  real gradient[64];
  rnn_gradient_get(model, last, gradient);
  for (int k = 0; k < 7; k++)
    expect(fabs(values[k] + 0.3 * gradient[k]) <= 1e-15, "moved to %g",
           values[k]);
  free(model);
}

/* --- Several windows an update ------------------------------------------ */

enum { WINDOWS = 3, MAX_SYMBOLS = WINDOWS * 2 * 4 };

/* Sequences 2·index and 2·index+1 of all; targets are missing unevenly. */
static rnn_batch part_of(const int32_t *symbols, const int32_t *targets,
                         int index, uint32_t batch) {
  return (rnn_batch){.batch = batch,
                     .steps = 4,
                     .inputs = symbols + index * 8,
                     .targets = targets + index * 8,
                     .fresh = 1};
}

static double distance(const rnn_model *a, const rnn_model *b) {
  real x[512], y[512];
  double most = 0;
  for (int i = 0; i < rnn_parameter_count(a); i++) {
    rnn_shape shape = rnn_parameter_shape(a, i);
    size_t count = (size_t)shape.rows * (shape.columns ? shape.columns : 1);
    rnn_parameter_get(a, i, x);
    rnn_parameter_get(b, i, y);
    for (size_t k = 0; k < count; k++) most = fmax(most, fabs(x[k] - y[k]));
  }
  return most;
}

static rnn_result step(rnn_model *model, const rnn_batch *batch) {
  rnn_result result = {0};
  rnn_error error = {""};
  expect(!rnn_step(model, batch, &result, &error), "%s", error.message);
  return result;
}

static void draw(int32_t *symbols, int32_t *targets) {
  fill_symbols(symbols, MAX_SYMBOLS, 7, 3);
  fill_symbols(targets, MAX_SYMBOLS, 7, 4);
  for (int i = 0; i < 7; i++) targets[i] = -1; /* of 8 in the first window */
  targets[20] = -1;
}

static void windows_equal_a_batch(void) {
  int32_t symbols[MAX_SYMBOLS], targets[MAX_SYMBOLS];
  draw(symbols, targets);
  for (uint32_t optimizer = 0; optimizer < 4; optimizer++) {
    rnn_config config = small_config();
    config.optimizer = optimizer;
    config.epsilon = 1e-3; /* or g/|g| makes much of a rounding error */
    config.batch = 6;
    rnn_model *large = new_model(&config);
    config.batch = 2, config.accumulate = WINDOWS;
    rnn_model *small = new_model(&config), *first = new_model(&config);
    for (uint64_t update = 1; update <= 5; update++) {
      rnn_batch batch = part_of(symbols, targets, 0, 6);
      rnn_result all = step(large, &batch), sum = {0};
      for (int i = 0; i < WINDOWS; i++) {
        expect(rnn_iteration(small) == update - 1, "updated too early");
        batch = part_of(symbols, targets, i, 2);
        sum = step(small, &batch);
      }
      expect(rnn_iteration(small) == update, "no update");
      expect(fabs(sum.loss - all.loss) <= 1e-13, "loss %.17g is not %.17g",
             sum.loss, all.loss);
      expect(fabs(sum.gradient_norm - all.gradient_norm) <= 1e-13,
             "norm %.17g is not %.17g", sum.gradient_norm, all.gradient_norm);
      expect(sum.symbols == all.symbols, "%d symbols", (int)sum.symbols);
    }
    expect(distance(small, large) <= 1e-12, "optimizer %u is off by %g",
           optimizer, distance(small, large));
    expect(distance(small, first) > 1e-3, "nothing was learned");
    free(large);
    free(small);
    free(first);
  }
}

static void divergence_drops_what_was_gathered(void) {
  int32_t symbols[MAX_SYMBOLS], targets[MAX_SYMBOLS];
  draw(symbols, targets);
  rnn_config config = small_config();
  config.accumulate = 2;
  rnn_model *model = new_model(&config), *other = new_model(&config);
  rnn_batch batch = part_of(symbols, targets, 0, 2);
  rnn_result result;
  int last = rnn_parameter_count(model) - 1;
  real kept[8], huge[8];
  for (int i = 0; i < 8; i++) huge[i] = i % 2 ? 1e20 : -1e20;
  step(model, &batch);
  rnn_parameter_get(model, last, kept);
  rnn_parameter_set(model, last, huge, NULL);
  batch = part_of(symbols, targets, 1, 2);
  expect(rnn_step(model, &batch, &result, NULL) == RNN_DIVERGED, "fine");
  rnn_parameter_set(model, last, kept, NULL);
  for (int i = 1; i <= 2; i++) {
    batch = part_of(symbols, targets, i, 2);
    step(model, &batch);
    step(other, &batch);
  }
  expect(rnn_iteration(model) == 1 && rnn_iteration(other) == 1, "no update");
  expect(distance(model, other) <= 0, "they differ");
  free(model);
  free(other);
}

/* --- Along a text -------------------------------------------------------- */

static uint8_t text[200];

static rnn_model *reader(const rnn_config *config) {
  rnn_model *model = new_model(config);
  rnn_error error = {""};
  for (int i = 0; i < 200; i++) text[i] = (uint8_t)(i * i % 7);
  expect(!rnn_read(model, text, 1, 200, &error), "%s", error.message);
  return model;
}

static rnn_result train(rnn_model *model, uint64_t iterations) {
  rnn_result result = {0};
  rnn_error error = {""};
  expect(!rnn_train(model, iterations, &result, &error), "%s", error.message);
  return result;
}

static void an_iteration_is_an_update(void) {
  rnn_config config = small_config();
  config.accumulate = 3;
  rnn_model *whole = reader(&config), *parts = reader(&config);
  rnn_result result = train(whole, 20);
  expect(rnn_iteration(whole) == 20 && result.symbols == 20 * 3 * 2 * 4,
         "%d updates, %d symbols", (int)rnn_iteration(whole),
         (int)result.symbols);
  expect(result.gradient_norm > 0, "the norm is not told");
  train(parts, 13);
  train(parts, 7);
  expect(distance(whole, parts) <= 0, "the parts differ from the whole");
  free(whole);
  free(parts);
}

static void states_are_reset(void) {
  rnn_config config = small_config();
  rnn_model *carrying = reader(&config);
  config.reset_every = 1;
  rnn_model *always = reader(&config);
  config.reset_every = 3;
  rnn_model *sometimes = reader(&config);
  config.reset_every = 0;
  rnn_model *by_hand = reader(&config);
  config.carry = 0;
  rnn_model *never = reader(&config);
  for (int i = 1; i <= 24; i++) {
    train(by_hand, 1);
    if (i % 3 == 0) rnn_reset_state(by_hand);
  }
  train(carrying, 24), train(always, 24), train(never, 24);
  train(sometimes, 24);
  expect(distance(always, never) <= 0, "every window is not never");
  expect(distance(sometimes, by_hand) <= 0, "every third differs");
  expect(distance(sometimes, carrying) > 0 && distance(always, carrying) > 0,
         "nothing was reset");
  free(carrying), free(always), free(sometimes), free(by_hand), free(never);
}

int main(void) {
  run("weight decay and L1 reach every weight and bias, and gradients stay",
      decay_reaches_every_weight);
  run("L1 does not push a weight that is zero", l1_leaves_zero_alone);
  run("windows that make an update together equal one batch of them all",
      windows_equal_a_batch);
  run("a step that diverges drops the windows gathered before it",
      divergence_drops_what_was_gathered);
  run("an iteration along a text is an update, of several windows",
      an_iteration_is_an_update);
  run("the carried state is reset after as many windows as wished",
      states_are_reset);
  return finish();
}
