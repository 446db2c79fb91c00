/* The optimizer contract: one function from gradients to new parameters.
 *
 * Parameters, gradients and slots are flat arrays of the same length, a
 * multiple of 8; padding is zero in all of them and stays so. */
#ifndef RNN_OPTIMIZER_H
#define RNN_OPTIMIZER_H

#include "../lanes.h"
#include "../rnn.h"

typedef struct {
  real *p;          /* parameters */
  const real *g;    /* gradients of the mean loss */
  real *slots[2];   /* what the optimizer remembers, zero at first */
  size_t count;     /* reals */
  real scale;       /* clip by norm: what each gradient is multiplied with */
  real limit;       /* clip by value: then cut to ±limit, which may be ∞ */
  double rate;      /* η */
  uint64_t updates; /* this one included: 1 at the first */
} rnn_update;

typedef struct {
  const char *name;
  const char *slots[2]; /* names as in PyTorch's state; NULL: no such slot */
  int squares; /* which slot holds squares, never negative; −1: none */
  void (*update)(const rnn_update *update, const rnn_config *config);
} rnn_optimizer;

extern const rnn_optimizer rnn_sgd, rnn_adagrad, rnn_rmsprop, rnn_adam;

const rnn_optimizer *rnn_optimizer_of(const rnn_config *config);

/* The update by the configured optimizer, with what draws the weights to zero;
 * `scratch` has room for KERNEL_SCRATCH reals. */
void rnn_optimizer_update(const rnn_update *update, const rnn_config *config,
                          real *scratch);

/* Four gradients after clipping. An optimizer works on a copy of its update:
 * for all that a compiler knows, what it stores might lie in the original. */
LANES_INLINE lanes clipped(const rnn_update *u, size_t i) {
  return clamp(load(u->g + i) * u->scale, -u->limit, u->limit);
}

#endif
