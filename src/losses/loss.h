/* Losses: from the output of the network to a number and its gradient. */
#ifndef RNN_LOSS_H
#define RNN_LOSS_H

#include "../kernels.h"

/* Rows whose target is −1 have no loss and no gradient. `logits`, `p` and
 * `dlogits` may be the same memory, which then holds dlogits. */
typedef struct {
  panels p, dlogits, logits; /* (rows, outputs) */
  double *losses;            /* (rows), not yet scaled */
  const int32_t *targets;    /* (rows) classes; or −1 or not */
  panels values;             /* (rows, outputs) targets that are numbers */
  size_t rows, outputs;
  real scale;     /* of the gradient: 1 / what is counted */
  real smoothing; /* cross-entropy: share of the target spread over all */
} rnn_loss_rows;

/* Softmax cross-entropy, with smoothed target q = (1−ε)·onehot(y) + ε/O:
 *
 *   p = softmax(logits)    loss = −Σ q ln p    dlogits = (p − q) · scale */
void rnn_cross_entropy(const rnn_loss_rows *of);

/* Binary cross-entropy of each output with its own value v in 0 … 1:
 *
 *   p = σ(logits)    loss = −Σ v ln p + (1−v) ln(1−p)
 *   dlogits = (p − v) · scale */
void rnn_binary_cross_entropy(const rnn_loss_rows *of);

/* p = logits    loss = Σ (p − v)²    dlogits = 2 (p − v) · scale */
void rnn_squared_error(const rnn_loss_rows *of);

/* By the value of the field `loss`. */
void rnn_loss(const rnn_loss_rows *of, uint32_t loss);

/* Which of four outputs from `first` on there are: the others are padding. */
LANES_INLINE lanes_bits rnn_there_are(size_t count, size_t first) {
  return (lanes_bits){0, 1, 2, 3} < (int32_t)count - (int32_t)first;
}

/* p = softmax(logits) of one row in panels without stride, (V) padded. */
void rnn_softmax(real *p, const real *logits, size_t V);

#endif
