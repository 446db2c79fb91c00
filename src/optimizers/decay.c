/* What draws the weights towards zero, before any optimizer. As in PyTorch,
 * after clipping, and for all parameters, biases too:
 *
 *   L2          g = g + λ p
 *   decoupled   p = p − η λ p       (Loshchilov and Hutter 2019)
 *   L1          g = g + λ₁ sign(p)  (a subgradient: 0 where p is 0) */
#include <math.h>

#include "../kernels.h"
#include "optimizer.h"

LANES_INLINE lanes sign(lanes x) {
  lanes zero = splat(0), one = splat(1);
  return choose(x > zero, one, choose(x < zero, -one, zero));
}

/* A block of gradients as they are then, apart: those of the loss stay. */
static void decay(rnn_update *u, const rnn_config *config, real *gradients) {
  int decoupled = config->decay_kind == RNN_DECOUPLED;
  real l2 = decoupled ? 0 : (real)config->weight_decay, l1 = (real)config->l1;
  real keep = decoupled ? (real)(1 - u->rate * config->weight_decay) : 1;
  for (size_t i = 0; i < u->count; i += LANES) {
    lanes p = load(u->p + i);
    store(gradients + i, clipped(u, i) + l2 * p + l1 * sign(p));
    store(u->p + i, keep * p);
  }
  u->g = gradients;
  u->scale = 1;
  u->limit = INFINITY;
}

void rnn_optimizer_update(const rnn_update *update, const rnn_config *config,
                          real *scratch) {
  const rnn_optimizer *optimizer = rnn_optimizer_of(config);
  if (config->weight_decay <= 0 && config->l1 <= 0) {
    optimizer->update(update, config);
    return;
  }
  for (size_t from = 0; from < update->count; from += KERNEL_SCRATCH) {
    rnn_update block = *update;
    size_t left = update->count - from;
    block.count = left < KERNEL_SCRATCH ? left : KERNEL_SCRATCH;
    block.p += from, block.g += from;
    for (int i = 0; i < 2; i++)
      if (block.slots[i]) block.slots[i] += from;
    decay(&block, config, scratch);
    optimizer->update(&block, config);
  }
}
