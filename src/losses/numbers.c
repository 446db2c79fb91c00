/* Losses against numbers, each output by itself. */
#include "loss.h"

/* With s = |x| the loss is max(x, 0) − x v + ln(1 + e^−s), which never
 * overflows; the logarithm by its argument's own, in double. */
static lanes binary(lanes x, lanes v, lanes *p, lanes *d) {
  lanes positive = larger(splat(0), x);
  lanes e = exp_of(choose(x > splat(0), -x, x)), logs;
  for (int i = 0; i < LANES; i++) logs[i] = (real)rnn_log(1 + (double)e[i]);
  sigmoid_of((real *)p, (const real *)&x, LANES);
  *d = *p - v;
  return positive - x * v + logs;
}

static lanes squared(lanes x, lanes v, lanes *p, lanes *d) {
  *p = x;
  *d = 2 * (x - v);
  return (x - v) * (x - v);
}

/* Four outputs: fills p and d, and returns their losses. */
typedef lanes one_loss(lanes logits, lanes values, lanes *p, lanes *d);

static void each_row(const rnn_loss_rows *of, one_loss *loss) {
  for (size_t r = 0; r < of->rows; r++) {
    lanes total = splat(0), weight = splat(of->targets[r] < 0 ? 0 : of->scale);
    for (size_t k = 0; k < of->outputs; k += LANES) {
      size_t panel = k / PANEL, at = r * PANEL + k % PANEL;
      lanes_bits there = rnn_there_are(of->outputs, k);
      lanes p, d;
      lanes one =
          loss(load(of->logits.at + panel * of->logits.stride + at),
               load(of->values.at + panel * of->values.stride + at), &p, &d);
      total += choose(there, one, splat(0));
      store(of->p.at + panel * of->p.stride + at, choose(there, p, splat(0)));
      store(of->dlogits.at + panel * of->dlogits.stride + at,
            choose(there, d, splat(0)) * weight);
    }
    of->losses[r] = of->targets[r] < 0 ? 0 : (double)sum_of_lanes(total);
  }
}

void rnn_binary_cross_entropy(const rnn_loss_rows *of) {
  each_row(of, binary);
}

void rnn_squared_error(const rnn_loss_rows *of) {
  each_row(of, squared);
}
