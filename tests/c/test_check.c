/* The check of gradients that a page can run: it must see a wrong gradient, in
 * float. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "model.h"

enum { B = 3, T = 8, COUNT = 80 };

/* A cell that forgets the way back to the state before. */
static void backward_wrong(const rnn_layer *l, size_t t) {
  rnn_layer blind = *l;
  size_t reals = l->P * l->w_hh_transposed.stride;
  real *zeros = calloc(reals, sizeof *zeros);
  blind.w_hh_transposed.at = zeros;
  rnn_vanilla.backward(&blind, t);
  free(zeros);
}

static rnn_gradient_check samples[COUNT];

static rnn_status check(rnn_model *model) {
  int32_t inputs[B * T], targets[B * T];
  rnn_error error = {""};
  fill_symbols(inputs, B * T, 7, 1);
  fill_symbols(targets, B * T, 7, 2);
  rnn_batch batch = {
      .batch = B, .steps = T, .inputs = inputs, .targets = targets};
  rnn_status status =
      rnn_check_gradients(model, &batch, samples, COUNT, 1, &error);
  expect(!status, "%s", error.message);
  return status;
}

static int beyond_uncertainty(void) {
  int count = 0;
  for (int i = 0; i < COUNT; i++)
    count += !(fabs(samples[i].analytic - samples[i].numeric) <=
               samples[i].uncertainty);
  return count;
}

static rnn_model *make(void) {
  rnn_config config = small_config();
  config.cell = RNN_CELL_vanilla;
  config.batch = B, config.steps = T;
  return new_model(&config);
}

static void test_right(void) {
  rnn_model *model = make();
  if (!check(model))
    expect(beyond_uncertainty() == 0, "%d gradients are beyond uncertainty",
           beyond_uncertainty());
  free(model);
}

static void test_wrong(void) {
  rnn_model *model = make();
  rnn_cell wrong = rnn_vanilla;
  wrong.backward = backward_wrong;
  model->network.cell = &wrong;
  if (!check(model))
    expect(beyond_uncertainty() > COUNT / 8, "only %d of %d show it",
           beyond_uncertainty(), COUNT);
  free(model);
}

int main(void) {
  run("right gradients are within the uncertainty that is told", test_right);
  run("a backward pass that forgets the past is found out", test_wrong);
  return finish();
}
