/* RMSProp (Tieleman and Hinton 2012), with momentum μ as PyTorch has it:
 *   s = α s + (1−α) g²    b = μ b + g / (√s + ε)    p = p − η b */
#include "optimizer.h"

static void update(const rnn_update *given, const rnn_config *config) {
  const rnn_update u = *given;
  real rate = (real)u.rate, epsilon = (real)config->epsilon;
  real keep = (real)config->momentum, decay = (real)config->decay;
  real fresh = (real)(1 - config->decay);
  for (size_t i = 0; i < u.count; i += LANES) {
    lanes g = clipped(&u, i);
    lanes s = decay * load(u.slots[0] + i) + fresh * (g * g);
    lanes b = keep * load(u.slots[1] + i) + g / (lanes_sqrt(s) + epsilon);
    store(u.slots[0] + i, s);
    store(u.slots[1] + i, b);
    store(u.p + i, load(u.p + i) - rate * b);
  }
}

const rnn_optimizer rnn_rmsprop = {
    "rmsprop", {"square_avg", "momentum_buffer"}, 0, update};
