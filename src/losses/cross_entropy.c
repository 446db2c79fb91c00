#include "loss.h"

/* Which of four symbols from `first` on there are: the others are padding. */
LANES_INLINE lanes_bits there_are(size_t V, size_t first) {
  return (lanes_bits){0, 1, 2, 3} < (int32_t)V - (int32_t)first;
}

/* The largest of V numbers of a row. Padding does not count. */
static real row_maximum(const real *row, size_t stride, size_t V) {
  lanes first = splat(row[0]), best = first;
  size_t k = 0;
  for (; k + PANEL <= V; k += PANEL, row += stride)
    best = larger(best, larger(load(row), load(row + LANES)));
  if (k < V) {
    best = larger(best, choose(there_are(V, k), load(row), first));
    k += LANES;
    best = larger(best, choose(there_are(V, k), load(row + LANES), first));
  }
  real low = best[0] < best[1] ? best[1] : best[0];
  real high = best[2] < best[3] ? best[3] : best[2];
  return low < high ? high : low;
}

/* exps = e^(row − maximum), zero in the padding; returns their sum. */
static double row_exponentials(real *exps, size_t exps_stride, const real *row,
                               size_t stride, size_t V, real maximum) {
  lanes low = splat(0), high = low;
  for (size_t k = 0; k < V; k += PANEL, row += stride, exps += exps_stride) {
    lanes a = lanes_exp(load(row) - maximum);
    lanes b = lanes_exp(load(row + LANES) - maximum);
    if (k + PANEL > V) {
      a = choose(there_are(V, k), a, splat(0));
      b = choose(there_are(V, k + LANES), b, splat(0));
    }
    low += a, high += b;
    store(exps, a), store(exps + LANES, b);
  }
  return (double)sum_of_lanes(low) + (double)sum_of_lanes(high);
}

void rnn_cross_entropy(panels p, panels dlogits, double *losses, panels logits,
                       const int32_t *targets, size_t rows, size_t V,
                       real scale) {
  for (size_t r = 0; r < rows; r++) {
    real *row = logits.at + r * PANEL, *out = p.at + r * PANEL;
    real *d = dlogits.at + r * PANEL;
    size_t y = targets[r] < 0 ? 0 : (size_t)targets[r];
    int counted = targets[r] >= 0;
    real maximum = row_maximum(row, logits.stride, V);
    real margin = row[y / PANEL * logits.stride + y % PANEL] - maximum;
    double sum =
        row_exponentials(out, p.stride, row, logits.stride, V, maximum);
    real share = (real)(1 / sum), weight = counted ? scale : 0;
    for (size_t n = 0; n < PANELS(V); n++)
      for (size_t i = 0; i < PANEL; i += LANES) {
        lanes probability = load(out + n * p.stride + i) * share;
        store(out + n * p.stride + i, probability);
        store(d + n * dlogits.stride + i, probability * weight);
      }
    d[y / PANEL * dlogits.stride + y % PANEL] -= weight;
    losses[r] = counted ? rnn_log(sum) - (double)margin : 0;
  }
}

void rnn_softmax(real *p, const real *logits, size_t V) {
  double sum = row_exponentials(p, PANEL, logits, PANEL, V,
                                row_maximum(logits, PANEL, V));
  real share = (real)(1 / sum);
  for (size_t k = 0; k < PANELS(V) * PANEL; k += LANES)
    store(p + k, load(p + k) * share);
}
