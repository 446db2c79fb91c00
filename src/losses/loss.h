/* Losses: from the output of the network to a number and its gradient. */
#ifndef RNN_LOSS_H
#define RNN_LOSS_H

#include "../kernels.h"

/* Softmax cross-entropy from logits. For each of `rows` rows of V logits:
 *
 *   p = softmax(logits)    loss = −ln p_y    dlogits = (p − onehot(y)) · scale
 *
 * Rows whose target is −1 have no loss and no gradient. `logits`, `p` and
 * `dlogits` may be the same memory, which then holds dlogits. */
void rnn_cross_entropy(panels p, panels dlogits, double *losses, panels logits,
                       const int32_t *targets, size_t rows, size_t V,
                       real scale);

/* p = softmax(logits) of one row in panels without stride, (V) padded. */
void rnn_softmax(real *p, const real *logits, size_t V);

#endif
