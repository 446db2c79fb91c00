/* Every gradient against central differences of the loss, in double. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "differences.h"

enum { V = 7, H = 5, B = 2, MOST_STEPS = 17 };

/* W_hh and W_skip have no gradient where there is only a first step from zero
 * state, nor has what normalises their product. */
static int may_be_zero(const rnn_shape *shape, int steps) {
  const char *name = shape->name + 4; /* after "rnn." */
  if (steps > 1) return 0;
  return !strncmp(name, "weight_hh", 9) || !strncmp(name, "weight_skip", 11) ||
         !strncmp(name, "norm_hh", 7);
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
  problem p = {
      new_model(&config),
      {.batch = B, .steps = steps, .inputs = inputs, .targets = targets}};
  if (config.cell == RNN_CELL_lstm) double_values(p.model);

  /* Some steps first, so that the states it starts from are carried, not zero.
   */
  rnn_result result;
  for (int i = 0; i < 3; i++) rnn_step(p.model, &p.batch, &result, NULL);
  if (steps == 1) rnn_reset_state(p.model);
  rnn_status status = rnn_backward(p.model, &p.batch, &result, NULL);
  expect(status == RNN_OK, "the backward pass fails");
  for (int i = 0; i < rnn_parameter_count(p.model); i++) {
    rnn_shape shape = rnn_parameter_shape(p.model, i);
    double largest = check_parameter(&p, i, 0, cell_variants[variant]);
    expect(largest > 0 || may_be_zero(&shape, (int)steps),
           "%s: the gradient of %s is all zero", cell_variants[variant],
           shape.name);
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
  for (tested = 0; tested < CELL_VARIANTS; tested++) {
    char sentence[100];
    snprintf(sentence, sizeof sentence,
             "the gradients of %s are those of finite differences",
             cell_variants[tested]);
    run(sentence, test_variant);
  }
  return finish();
}
