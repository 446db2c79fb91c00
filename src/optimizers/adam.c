/* Adam (Kingma and Ba 2015, algorithm 1), t counted from 1:
 *   m = β₁ m + (1−β₁) g    v = β₂ v + (1−β₂) g²
 *   p = p − η/(1−β₁ᵗ) · m / (√(v/(1−β₂ᵗ)) + ε) */
#include "optimizer.h"

/* 1 − βᵗ. As β ≤ e^(β−1), the power vanishes beside 1 once t (1−β) > 40. */
static double correction(double beta, uint64_t t) {
  return (double)t * (1 - beta) > 40 ? 1 : 1 - rnn_power(beta, t);
}

static void update(const rnn_update *given, const rnn_config *config) {
  const rnn_update u = *given;
  double beta1 = config->beta1, beta2 = config->beta2;
  real keep1 = (real)beta1, fresh1 = (real)(1 - beta1);
  real keep2 = (real)beta2, fresh2 = (real)(1 - beta2);
  real rate = (real)(u.rate / correction(beta1, u.updates));
  real grow = (real)(1 / correction(beta2, u.updates));
  real epsilon = (real)config->epsilon;
  for (size_t i = 0; i < u.count; i += LANES) {
    lanes g = clipped(&u, i);
    lanes m = keep1 * load(u.slots[0] + i) + fresh1 * g;
    lanes v = keep2 * load(u.slots[1] + i) + fresh2 * (g * g);
    store(u.slots[0] + i, m);
    store(u.slots[1] + i, v);
    store(u.p + i, load(u.p + i) - rate * m / (lanes_sqrt(v * grow) + epsilon));
  }
}

const rnn_optimizer rnn_adam = {"adam", {"exp_avg", "exp_avg_sq"}, 1, update};
