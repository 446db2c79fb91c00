/* Stochastic gradient descent, with momentum μ as PyTorch has it:
 *   b = μ b + g    p = p − η b */
#include "optimizer.h"

static void update(const rnn_update *given, const rnn_config *config) {
  const rnn_update u = *given;
  real rate = (real)config->learning_rate, keep = (real)config->momentum;
  for (uint64_t i = 0; i < u.count; i += LANES) {
    lanes b = keep * load(u.slots[0] + i) + clipped(&u, i);
    store(u.slots[0] + i, b);
    store(u.p + i, load(u.p + i) - rate * b);
  }
}

const rnn_optimizer rnn_sgd = {"sgd", {"momentum_buffer"}, -1, update};
