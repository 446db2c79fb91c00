/* Every gradient against central differences of the loss, in double. */
#include <math.h>
#include <stdlib.h>

#include "check.h"

enum { V = 7, H = 5, B = 2, MOST_STEPS = 17 };
static const real STEP = 1e-5;
static const double TOLERANCE = 1e-6; /* relative to the largest of a tensor */

typedef struct {
  rnn_model *model;
  rnn_batch batch;
} problem;

static double loss_of(const problem *p) {
  rnn_result result = {0, 0, 0};
  rnn_error error = {""};
  rnn_status status = rnn_forward(p->model, &p->batch, &result, &error);
  expect(status == RNN_OK, "%s", error.message);
  return result.loss;
}

static double difference(const problem *p, int parameter, real *values,
                         size_t i) {
  real before = values[i];
  values[i] = before + STEP;
  rnn_parameter_set(p->model, parameter, values, NULL);
  double above = loss_of(p);
  values[i] = before - STEP;
  rnn_parameter_set(p->model, parameter, values, NULL);
  double below = loss_of(p);
  values[i] = before;
  rnn_parameter_set(p->model, parameter, values, NULL);
  return (above - below) / (2 * STEP);
}

static void check_parameter(const problem *p, int parameter, const char *what) {
  rnn_shape shape = rnn_parameter_shape(p->model, parameter);
  size_t count = (size_t)shape.rows * (shape.columns ? shape.columns : 1);
  real *values = malloc(count * sizeof(real));
  real *gradient = malloc(count * sizeof(real));
  rnn_parameter_get(p->model, parameter, values);
  rnn_gradient_get(p->model, parameter, gradient);
  double worst = 0, largest = 0;
  for (size_t i = 0; i < count; i++) {
    double error = fabs(difference(p, parameter, values, i) - gradient[i]);
    if (!(error <= worst)) worst = error;
    if (fabs(gradient[i]) > largest) largest = fabs(gradient[i]);
  }
  expect(worst <= TOLERANCE * largest, "%s: %s is off by %.2g of %.2g", what,
         shape.name, worst, largest);
  free(values);
  free(gradient);
}

/* W_hh has no gradient where there is only a first step from zero state. */
static int may_be_zero(const rnn_shape *shape, int steps) {
  const char *name = shape->name + 4; /* after "rnn." */
  return steps == 1 && name[0] == 'w' && name[7] == 'h';
}

static void check_not_zero(const problem *p, int parameter, const char *what) {
  rnn_shape shape = rnn_parameter_shape(p->model, parameter);
  size_t count = (size_t)shape.rows * (shape.columns ? shape.columns : 1);
  real *gradient = malloc(count * sizeof(real));
  double sum = 0;
  rnn_gradient_get(p->model, parameter, gradient);
  for (size_t i = 0; i < count; i++) sum += fabs(gradient[i]);
  expect(sum > 0 || may_be_zero(&shape, (int)p->batch.steps),
         "%s: the gradient of %s is all zero", what, shape.name);
  free(gradient);
}

static void check_network(int variant, uint32_t layers, uint32_t steps) {
  int32_t inputs[B * MOST_STEPS], targets[B * MOST_STEPS];
  rnn_config config = small_config();
  choose_cell(&config, variant);
  config.hidden = H, config.layers = layers;
  config.batch = B, config.steps = steps;
  config.seed = 10 * layers + steps;
  config.recompute = layers == 2;
  fill_symbols(inputs, B * MOST_STEPS, V, 1);
  fill_symbols(targets, B * MOST_STEPS, V, 2);
  if (steps > 1) targets[1] = -1;
  problem p = {new_model(&config), {B, steps, inputs, targets, NULL, 0}};

  /* A step first, so that the state it starts from is carried, not zero. */
  rnn_result result;
  rnn_step(p.model, &p.batch, &result, NULL);
  if (steps == 1) rnn_reset_state(p.model);
  rnn_status status = rnn_backward(p.model, &p.batch, &result, NULL);
  expect(status == RNN_OK, "the backward pass fails");
  for (int i = 0; i < rnn_parameter_count(p.model); i++) {
    check_not_zero(&p, i, cell_variants[variant]);
    check_parameter(&p, i, cell_variants[variant]);
  }
  free(p.model);
}

static int tested;

static void test_variant(void) {
  static const uint32_t steps[] = {1, 2, MOST_STEPS};
  for (uint32_t layers = 1; layers <= 3; layers++)
    for (int i = 0; i < 3; i++) check_network(tested, layers, steps[i]);
}

int main(void) {
  static const char *const sentences[CELL_VARIANTS] = {
      "the gradients of vanilla tanh are those of finite differences",
      "the gradients of vanilla relu are those of finite differences",
      "the gradients of vanilla sigmoid are those of finite differences",
      "the gradients of lstm are those of finite differences",
      "the gradients of gru reset after are those of finite differences",
      "the gradients of gru reset before are those of finite differences"};
  for (tested = 0; tested < CELL_VARIANTS; tested++)
    run(sentences[tested], test_variant);
  return finish();
}
