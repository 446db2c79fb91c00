/* The gradients of everything that networks are made of besides cells, against
 * central differences, in double. */
#include <stdlib.h>

#include "check.h"
#include "differences.h"

enum { V = 7, H = 5, B = 3, MOST_STEPS = 9, MOST_NUMBERS = 16 };

static void embedding(rnn_config *c) {
  c->input = RNN_EMBEDDING, c->input_size = 3;
}

static void vectors(rnn_config *c) {
  c->input = RNN_VECTOR, c->input_size = 11;
}

static void two_directions(rnn_config *c) {
  c->bidirectional = 1;
}

static void two_directions_of_embeddings(rnn_config *c) {
  embedding(c);
  two_directions(c);
}

static void residual(rnn_config *c) {
  c->residual = 1, c->layers = 3;
}

static void residual_everywhere(rnn_config *c) {
  embedding(c);
  c->residual = 1, c->bidirectional = 1, c->input_size = 2 * H;
}

static void dropout(rnn_config *c) {
  c->dropout = 0.4, c->layers = 3;
}

static void dropout_along_sequences(rnn_config *c) {
  dropout(c);
  c->dropout_mask = 1, c->bidirectional = 1, c->residual = 1;
}

static void last_state(rnn_config *c) {
  c->pool = RNN_LAST, c->outputs = 4;
}

static void last_of_two_directions(rnn_config *c) {
  last_state(c);
  c->bidirectional = 1;
}

static void mean_state(rnn_config *c) {
  c->pool = RNN_MEAN, c->bidirectional = 1;
}

static void largest_state(rnn_config *c) {
  c->pool = RNN_MAX, c->bidirectional = 1;
}

static void deep_head(rnn_config *c) {
  c->head_layers = 2, c->head_size = 9;
}

static void deep_head_on_pool(rnn_config *c) {
  deep_head(c);
  mean_state(c);
}

static void tied(rnn_config *c) {
  c->input = RNN_EMBEDDING, c->input_size = H, c->tie = 1;
}

static void labels(rnn_config *c) {
  c->loss = RNN_BINARY, c->outputs = 5;
}

static void labels_of_sequences(rnn_config *c) {
  labels(c);
  last_of_two_directions(c);
}

static void numbers(rnn_config *c) {
  vectors(c);
  c->loss = RNN_SQUARED, c->outputs = 9;
}

static void smoothed(rnn_config *c) {
  c->label_smoothing = 0.1;
}

static const struct {
  const char *sentence;
  void (*change)(rnn_config *config);
} networks[] = {
    {"an embedding", embedding},
    {"vectors as inputs", vectors},
    {"two directions", two_directions},
    {"two directions of embeddings", two_directions_of_embeddings},
    {"residual connections", residual},
    {"residual connections around all layers", residual_everywhere},
    {"dropout", dropout},
    {"dropout that lasts for a sequence", dropout_along_sequences},
    {"the last state", last_state},
    {"the last states of two directions", last_of_two_directions},
    {"the mean state", mean_state},
    {"the largest states", largest_state},
    {"hidden layers before the output", deep_head},
    {"hidden layers after pooling", deep_head_on_pool},
    {"an output tied to the embedding", tied},
    {"labels", labels},
    {"labels of sequences", labels_of_sequences},
    {"squared error", numbers},
    {"label smoothing", smoothed},
};

enum { NETWORKS = sizeof networks / sizeof networks[0] };

static int tested;

static void fill_numbers(real *numbers, int count, uint32_t seed) {
  rnn_random random;
  rnn_random_seed(&random, seed);
  for (int i = 0; i < count; i++)
    numbers[i] = (real)rnn_random_uniform(&random);
}

/* One target of sequence 1 is not counted, unless that is its only one. */
static void check_network(int variant, uint32_t layers, uint32_t steps,
                          const uint32_t *lengths) {
  int32_t inputs[B * MOST_STEPS], targets[B * MOST_STEPS];
  real in[B * MOST_STEPS * MOST_NUMBERS], values[B * MOST_STEPS * MOST_NUMBERS];
  rnn_config config = small_config();
  choose_cell(&config, variant);
  config.hidden = H, config.layers = layers;
  config.batch = B, config.steps = steps;
  config.seed = 10 * layers + steps;
  networks[tested].change(&config);
  int outputs = (int)(config.outputs ? config.outputs : V);
  fill_symbols(inputs, B * MOST_STEPS, V, 1);
  fill_symbols(targets, B * MOST_STEPS, outputs, 2);
  fill_numbers(in, B * MOST_STEPS * MOST_NUMBERS, 3);
  fill_numbers(values, B * MOST_STEPS * MOST_NUMBERS, 4);
  targets[1] = -1;
  problem p = {new_model(&config),
               {.batch = B,
                .steps = steps,
                .inputs = inputs,
                .vectors = in,
                .targets = targets,
                .values = values,
                .lengths = lengths,
                .fresh = 1}};
  if (config.cell == RNN_CELL_lstm) double_values(p.model);
  double largest = 0;
  for (int i = 0; i < rnn_parameter_count(p.model); i++) {
    double one = check_parameter(&p, i, 7, cell_variants[variant]);
    if (one > largest) largest = one;
  }
  expect(largest > 0, "%s: all gradients are zero", cell_variants[variant]);
  free(p.model);
}

static void test_network(void) {
  static const uint32_t lengths[] = {MOST_STEPS, 4, 1};
  /* Cells differ in what they keep. */
  static const int variants[] = {0, 2, 3, 5, 13, 15, 18, 19};
  for (int i = 0; i < 8; i++) {
    check_network(variants[i], 2, 3, NULL);
    check_network(variants[i], 2, MOST_STEPS, lengths);
  }
  check_network(3, 1, 1, NULL);
}

int main(void) {
  for (tested = 0; tested < NETWORKS; tested++)
    run(networks[tested].sentence, test_network);
  return finish();
}
