/* Central differences of the loss: the oracle of every gradient. In double. */
#ifndef DIFFERENCES_H
#define DIFFERENCES_H

#include "rnn.h"

typedef struct {
  rnn_model *model;
  rnn_batch batch;
} problem;

/* Doubles all values of a new model. After some layers of an LSTM, gradients
 * are else hardly above the rounding of differences. */
void double_values(rnn_model *model);

/* The gradient of a parameter, after rnn_backward, is that of central
 * differences of the loss that rnn_backward tells: within 1e-6 of its largest
 * number. Looks at `most` of its numbers, spread evenly; 0: at all. Returns
 * the largest. */
double check_parameter(const problem *problem, int parameter, size_t most,
                       const char *what);

#endif
