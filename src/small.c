#include "small.h"

#include "losses/loss.h"

int rnn_is_small(const rnn_config *c) {
  return c->cell == RNN_CELL_vanilla && c->activation == RNN_TANH &&
         c->hidden <= PANEL && c->layers == 1 && c->batch == 1 &&
         c->input == RNN_ONE_HOT && rnn_outputs(c) <= PANEL &&
         c->loss == RNN_CROSS_ENTROPY && c->pool == RNN_EACH &&
         !c->bidirectional && !c->skip && !c->layer_norm && !c->head_layers &&
         !c->recompute && !rnn_source_steps(c);
}

/* The one panel of a parameter. */
LANES_INLINE real *panel(const rnn_network *n, real *values, int index) {
  return values + n->parameters.table[index].offset;
}

/* sum + Σ_k x[k] · w[k][0…3], k < K */
LANES_INLINE lanes add_product(lanes sum, const real *x, const real *w,
                               size_t K) {
  ROLLED
  for (size_t k = 0; k < K; k++)
    sum = multiply_add(sum, load(w + k * PANEL), splat(x[k]));
  return sum;
}

/* From a row of logits, in its place, to that of their gradients; returns the
 * loss. What losses/cross_entropy.c does for rows of any length, four numbers
 * at a time: with that, hello would be a twentieth slower. */
LANES_INLINE double cross_entropy(real *row, size_t V, int32_t target,
                                  real scale) {
  lanes first = splat(row[0]), best = first;
  size_t y = target < 0 ? 0 : (size_t)target;
  double sum = 0;
  ROLLED
  for (size_t v = 0; v < V; v += LANES)
    best = larger(best, choose(rnn_there_are(V, v), load(row + v), first));
  real low = best[0] < best[1] ? best[1] : best[0];
  real high = best[2] < best[3] ? best[3] : best[2];
  real maximum = low < high ? high : low, weight = target < 0 ? 0 : scale;
  double margin = row[y] - maximum;
  ROLLED
  for (size_t v = 0; v < V; v += LANES) {
    lanes e = lanes_exp(load(row + v) - maximum);
    e = choose(rnn_there_are(V, v), e, splat(0));
    sum += (double)sum_of_lanes(e);
    store(row + v, e);
  }
  real share = (real)(1 / sum);
  ROLLED
  for (size_t v = 0; v < V; v += LANES)
    store(row + v, load(row + v) * share * weight);
  row[y] -= weight;
  return target < 0 ? 0 : rnn_log(sum) - margin;
}

void rnn_small_forward(const rnn_window *w, const rnn_network *n, real scale) {
  const rnn_strand_parameters *at = &n->parameters.strands[0];
  const rnn_linear_parameters *head = &n->parameters.head[0];
  const real *b_ih = panel(n, n->values, at->bias_ih);
  const real *b_hh = panel(n, n->values, at->bias_hh);
  const real *w_ih = panel(n, n->values, at->weight_ih);
  const real *w_hh = panel(n, n->values, at->weight_hh);
  const real *w_out = panel(n, n->values, head->weight);
  const real *b_out = panel(n, n->values, head->bias);
  size_t H = n->config.hidden, V = rnn_outputs(&n->config);
  real *h = w->strands[0].h, *logits = w->logits.at;
  /* The products of the padding would make −0 to 0. */
  lanes padding = splat(H < PANEL ? 0.0f : -0.0f);
  ROLLED
  for (size_t t = 0; t < w->T; t++, h += PANEL, logits += PANEL) {
    const real *x = w_ih + (size_t)w->inputs[t] * PANEL;
    ROLLED
    for (size_t u = 0; u < H; u += LANES) {
      lanes bias = load(b_ih + u) + load(b_hh + u) + padding;
      lanes a = add_product(load(x + u) + bias, h, w_hh + u, H);
      store(h + PANEL + u, lanes_tanh(a));
    }
    ROLLED
    for (size_t v = 0; v < V; v += LANES)
      store(logits + v, add_product(load(b_out + v), h + PANEL, w_out + v, H));
    w->losses[t] = cross_entropy(logits, V, w->targets[t], scale);
  }
}

/* dw[k][u] = Σ_t x[t][k] · dout[t][u], k < K, u < U */
LANES_INLINE void outer(real *dw, const real *x, size_t K, const real *dout,
                        size_t U, size_t T) {
  ROLLED
  for (size_t k = 0; k < K; k++, dw += PANEL)
    for (size_t u = 0; u < U; u += LANES) {
      lanes sum = splat(0);
      ROLLED
      for (size_t t = 0; t < T; t++)
        sum = multiply_add(sum, load(dout + t * PANEL + u),
                           splat(x[t * PANEL + k]));
      store(dw + u, sum);
    }
}

/* sums[u] = Σ_t dout[t][u], four of them. */
LANES_INLINE lanes column_sums(const real *dout, size_t T) {
  lanes sum = splat(0);
  ROLLED
  for (size_t t = 0; t < T; t++) sum += load(dout + t * PANEL);
  return sum;
}

/* dw[symbols[t]][0…3] = Σ dout[t][0…3] */
LANES_INLINE void scatter(real *dw, size_t V, const real *dout,
                          const uint32_t *symbols, size_t T) {
  ROLLED
  for (size_t v = 0; v < V; v++) store(dw + v * PANEL, splat(0));
  ROLLED
  for (size_t t = 0; t < T; t++) {
    real *to = dw + (size_t)symbols[t] * PANEL;
    store(to, load(to) + load(dout + t * PANEL));
  }
}

void rnn_small_backward(const rnn_window *w, const rnn_network *n,
                        real *gradients) {
  const rnn_strand_parameters *at = &n->parameters.strands[0];
  const rnn_linear_parameters *head = &n->parameters.head[0];
  const real *h = w->strands[0].h, *dlogits = w->dlogits.at;
  real *da = w->strands[0].dpre;
  panels w_out = n->head_transposed[0], w_hh = n->w_hh_transposed[0];
  size_t H = n->config.hidden, V = n->config.vocabulary;
  size_t O = rnn_outputs(&n->config), T = w->T;
  size_t read = (H + LANES - 1) / LANES * LANES;
  kernel_transpose(w_out, parameter_panels(n, n->values, head->weight), read,
                   1);
  kernel_transpose(w_hh, parameter_panels(n, n->values, at->weight_hh), read,
                   1);
  for (size_t t = T; t-- > 0;)
    for (size_t u = 0; u < H; u += LANES) {
      lanes dh = add_product(splat(0), dlogits + t * PANEL, w_out.at + u, O);
      if (t + 1 < T) dh = add_product(dh, da + (t + 1) * PANEL, w_hh.at + u, H);
      lanes y = load(h + (t + 1) * PANEL + u);
      store(da + t * PANEL + u, dh * (1 - y * y));
    }
  outer(panel(n, gradients, head->weight), h + PANEL, H, dlogits, O, T);
  outer(panel(n, gradients, at->weight_hh), h, H, da, H, T);
  ROLLED
  for (size_t v = 0; v < O; v += LANES)
    store(panel(n, gradients, head->bias) + v, column_sums(dlogits + v, T));
  ROLLED
  for (size_t u = 0; u < H; u += LANES) {
    scatter(panel(n, gradients, at->weight_ih) + u, V, da + u, w->inputs, T);
    lanes db = column_sums(da + u, T);
    store(panel(n, gradients, at->bias_ih) + u, db);
    store(panel(n, gradients, at->bias_hh) + u, db);
  }
}
