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

int main(void) {
  run("weight decay and L1 reach every weight and bias, and gradients stay",
      decay_reaches_every_weight);
  run("L1 does not push a weight that is zero", l1_leaves_zero_alone);
  return finish();
}
