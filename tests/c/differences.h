/* Central differences of the loss: the oracle of every gradient. In double. */
#ifndef DIFFERENCES_H
#define DIFFERENCES_H

#include "rnn.h"

typedef struct {
  rnn_model *model;
  rnn_batch batch;
} problem;

/* The gradient of a parameter, after rnn_backward, is that of central
 * differences of the loss that rnn_backward tells: within 1e-6 of its largest
 * number. Returns that number. */
double check_parameter(const problem *problem, int parameter, const char *what);

#endif
