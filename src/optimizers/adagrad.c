/* Adagrad (Duchi et al. 2011):
 *   s = s + g²    p = p − η g / (√s + ε) */
#include "optimizer.h"

static void update(const rnn_update *given, const rnn_config *config) {
  const rnn_update u = *given;
  real rate = (real)u.rate, epsilon = (real)config->epsilon;
  for (size_t i = 0; i < u.count; i += LANES) {
    lanes g = clipped(&u, i), s = load(u.slots[0] + i) + g * g;
    store(u.slots[0] + i, s);
    store(u.p + i, load(u.p + i) - rate * g / (lanes_sqrt(s) + epsilon));
  }
}

const rnn_optimizer rnn_adagrad = {"adagrad", {"sum"}, 0, update};
