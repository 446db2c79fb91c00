/* Adam (Kingma and Ba 2015, algorithm 1), t counted from 1:
 *   m = β₁ m + (1−β₁) g    v = β₂ v + (1−β₂) g²
 *   p = p − η/(1−β₁ᵗ) · m / (√(v/(1−β₂ᵗ)) + ε) */
#include "optimizer.h"

static void update(const rnn_update *given, const rnn_config *config) {
  const rnn_update u = *given;
  double beta1 = config->beta1, beta2 = config->beta2;
  real keep1 = (real)beta1, fresh1 = (real)(1 - beta1);
  real keep2 = (real)beta2, fresh2 = (real)(1 - beta2);
  real rate = (real)(u.rate / (1 - rnn_power(beta1, u.updates)));
  real correction = (real)(1 / (1 - rnn_power(beta2, u.updates)));
  real epsilon = (real)config->epsilon;
  for (uint64_t i = 0; i < u.count; i += LANES) {
    lanes g = clipped(&u, i);
    lanes m = keep1 * load(u.slots[0] + i) + fresh1 * g;
    lanes v = keep2 * load(u.slots[1] + i) + fresh2 * (g * g);
    store(u.slots[0] + i, m);
    store(u.slots[1] + i, v);
    store(u.p + i,
          load(u.p + i) - rate * m / (lanes_sqrt(v * correction) + epsilon));
  }
}

const rnn_optimizer rnn_adam = {"adam", {"exp_avg", "exp_avg_sq"}, 1, update};
