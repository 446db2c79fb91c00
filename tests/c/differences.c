#include "differences.h"

#include <math.h>
#include <stdlib.h>

#include "check.h"

static const real STEP = (real)1e-5;
static const double TOLERANCE = 1e-6; /* relative to the largest of a tensor */

/* Of a backward pass, so that dropout is at work, with the same masks. */
static double loss_of(const problem *p) {
  rnn_result result = {0, 0, 0};
  rnn_error error = {""};
  rnn_status status = rnn_backward(p->model, &p->batch, &result, &error);
  expect(status == RNN_OK, "%s", error.message);
  return result.loss;
}

static double difference(const problem *p, int parameter, real *values,
                         size_t i, real step) {
  real before = values[i];
  values[i] = before + step;
  rnn_parameter_set(p->model, parameter, values, NULL);
  double above = loss_of(p);
  values[i] = before - step;
  rnn_parameter_set(p->model, parameter, values, NULL);
  double below = loss_of(p);
  values[i] = before;
  rnn_parameter_set(p->model, parameter, values, NULL);
  return (above - below) / (2 * step);
}

/* Normalisation bends the loss so much, where there is little to normalise,
 * that it takes Richardson's extrapolation: errors as step⁴ and not step². */
static double derivative(const problem *p, int parameter, real *values,
                         size_t i) {
  if (!rnn_model_config(p->model)->layer_norm)
    return difference(p, parameter, values, i, STEP);
  double near = difference(p, parameter, values, i, STEP / 10);
  return (4 * near - difference(p, parameter, values, i, STEP / 5)) / 3;
}

void double_values(rnn_model *model) {
  for (int i = 0; i < rnn_parameter_count(model); i++) {
    rnn_shape shape = rnn_parameter_shape(model, i);
    size_t count = (size_t)shape.rows * (shape.columns ? shape.columns : 1);
    real *values = malloc(count * sizeof(real));
    rnn_parameter_get(model, i, values);
    for (size_t k = 0; k < count; k++) values[k] *= 2;
    rnn_parameter_set(model, i, values, NULL);
    free(values);
  }
}

double check_parameter(const problem *p, int parameter, size_t most,
                       const char *what) {
  rnn_shape shape = rnn_parameter_shape(p->model, parameter);
  size_t count = (size_t)shape.rows * (shape.columns ? shape.columns : 1);
  real *values = malloc(count * sizeof(real));
  real *gradient = malloc(count * sizeof(real));
  loss_of(p);
  rnn_parameter_get(p->model, parameter, values);
  rnn_gradient_get(p->model, parameter, gradient);
  double worst = 0, largest = 0;
  for (size_t i = 0; i < count; i++)
    if (fabs(gradient[i]) > largest) largest = fabs(gradient[i]);
  for (size_t i = 0; i < count; i += most && count > most ? count / most : 1) {
    double error = fabs(derivative(p, parameter, values, i) - gradient[i]);
    if (!(error <= worst)) worst = error;
  }
  expect(worst <= TOLERANCE * largest, "%s: %s is off by %.2g of %.2g", what,
         shape.name, worst, largest);
  free(values);
  free(gradient);
  return largest;
}
