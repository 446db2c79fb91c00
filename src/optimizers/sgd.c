/* Stochastic gradient descent, with momentum μ as PyTorch has it:
 *   b = μ b + g    p = p − η b
 * and with Nesterov's (Sutskever et al. 2013):
 *   b = μ b + g    p = p − η (g + μ b) */
#include "optimizer.h"

static void look_ahead(const rnn_update u, real rate, real keep) {
  for (size_t i = 0; i < u.count; i += LANES) {
    lanes g = clipped(&u, i), b = keep * load(u.slots[0] + i) + g;
    store(u.slots[0] + i, b);
    store(u.p + i, load(u.p + i) - rate * (g + keep * b));
  }
}

static void update(const rnn_update *given, const rnn_config *config) {
  const rnn_update u = *given;
  real rate = (real)u.rate, keep = (real)config->momentum;
  if (config->nesterov) {
    look_ahead(u, rate, keep);
    return;
  }
  for (size_t i = 0; i < u.count; i += LANES) {
    lanes b = keep * load(u.slots[0] + i) + clipped(&u, i);
    store(u.slots[0] + i, b);
    store(u.p + i, load(u.p + i) - rate * b);
  }
}

const rnn_optimizer rnn_sgd = {"sgd", {"momentum_buffer"}, -1, update};
