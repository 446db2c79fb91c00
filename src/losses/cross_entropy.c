#include "loss.h"

/* The largest of V numbers of a row. Padding does not count. */
static real row_maximum(const real *row, size_t stride, size_t V) {
  lanes first = splat(row[0]), best = first;
  size_t k = 0;
  ROLLED
  for (; k + PANEL <= V; k += PANEL, row += stride)
    best = larger(best, larger(load(row), load(row + LANES)));
  if (k < V) {
    best = larger(best, choose(rnn_there_are(V, k), load(row), first));
    k += LANES;
    best = larger(best, choose(rnn_there_are(V, k), load(row + LANES), first));
  }
  real low = best[0] < best[1] ? best[1] : best[0];
  real high = best[2] < best[3] ? best[3] : best[2];
  return low < high ? high : low;
}

/* exps = e^(row − maximum), zero in the padding; returns their sum. */
static __attribute__((noinline)) double
row_exponentials(real *exps, size_t exps_stride, const real *row, size_t stride,
                 size_t V, real maximum) {
  lanes low = splat(0), high = low;
  for (size_t k = 0; k < V; k += PANEL, row += stride, exps += exps_stride) {
    lanes a = lanes_exp(load(row) - maximum);
    lanes b = lanes_exp(load(row + LANES) - maximum);
    if (k + PANEL > V) {
      a = choose(rnn_there_are(V, k), a, splat(0));
      b = choose(rnn_there_are(V, k + LANES), b, splat(0));
    }
    low += a, high += b;
    store(exps, a), store(exps + LANES, b);
  }
  return (double)sum_of_lanes(low) + (double)sum_of_lanes(high);
}

/* Σ of a row's logits less their maximum. */
static double row_sum(const real *row, size_t stride, size_t V, real maximum) {
  double sum = 0;
  ROLLED
  for (size_t k = 0; k < V; k++)
    sum += (double)(row[k / PANEL * stride + k % PANEL] - maximum);
  return sum;
}

/* Spreads −eps/V · weight over a row of dlogits. */
static void smooth(real *d, size_t stride, size_t V, real spread) {
  ROLLED
  for (size_t k = 0; k < V; k++) d[k / PANEL * stride + k % PANEL] -= spread;
}

/* −Σ q ln p is ln Σ exp less Σ q · logit, both from the maximum on. */
static double one_row(const rnn_loss_rows *of, size_t r, size_t y,
                      real weight) {
  const real *row = of->logits.at + r * PANEL;
  real *out = of->p.at + r * PANEL, *d = of->dlogits.at + r * PANEL;
  size_t V = of->outputs, stride = of->logits.stride;
  real eps = of->smoothing, maximum = row_maximum(row, stride, V);
  double margin = row[y / PANEL * stride + y % PANEL] - maximum;
  if (eps > 0)
    margin +=
        (double)eps * (row_sum(row, stride, V, maximum) / (double)V - margin);
  double sum = row_exponentials(out, of->p.stride, row, stride, V, maximum);
  real share = (real)(1 / sum);
  for (size_t n = 0; n < PANELS(V); n++)
    for (size_t i = 0; i < PANEL; i += LANES) {
      lanes probability = load(out + n * of->p.stride + i) * share;
      store(out + n * of->p.stride + i, probability);
      store(d + n * of->dlogits.stride + i, probability * weight);
    }
  if (eps > 0) smooth(d, of->dlogits.stride, V, eps / (real)V * weight);
  d[y / PANEL * of->dlogits.stride + y % PANEL] -= (1 - eps) * weight;
  return rnn_log(sum) - margin;
}

void rnn_cross_entropy(const rnn_loss_rows *of) {
  for (size_t r = 0; r < of->rows; r++) {
    int counted = of->targets[r] >= 0;
    double loss = one_row(of, r, counted ? (size_t)of->targets[r] : 0,
                          counted ? of->scale : 0);
    of->losses[r] = counted ? loss : 0;
  }
}

void rnn_softmax(real *p, const real *logits, size_t V) {
  double sum = row_exponentials(p, PANEL, logits, PANEL, V,
                                row_maximum(logits, PANEL, V));
  real share = (real)(1 / sum);
  ROLLED
  for (size_t k = 0; k < PANELS(V) * PANEL; k += LANES)
    store(p + k, load(p + k) * share);
}
