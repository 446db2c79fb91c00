/* A probe: one sequence, unrolled many times side by side, so that as many unit
 * vectors can be sent back through it at once. Exact Jacobians come of it, a
 * row from each vector. */
#ifndef RNN_PROBE_H
#define RNN_PROBE_H

#include "../model.h"

enum { RNN_PROBE_ROWS = 16 };

typedef struct {
  rnn_network network; /* the model's, with transposed weights of its own */
  rnn_window window;   /* B = RNN_PROBE_ROWS */
  real *gradients;     /* of weights; no one looks at them */
  double *scratch;     /* (2H), and room for what a step reads */
} rnn_probe;

/* Numbers that a step reads, if a symbol counts as V of them. */
static inline size_t rnn_probe_inputs(const rnn_config *config) {
  uint32_t size = rnn_input_size(config);
  return size ? size : config->vocabulary;
}

/* Reads a batch of one sequence and goes forward from zero state. The probe is
 * in `block`. */
rnn_status rnn_probe_run(void *block, const rnn_model *model,
                         const rnn_batch *batch, rnn_probe **probe,
                         rnn_error *error);

#endif
