/* Layers over one another: one-hot symbols → cells → logits, and back.
 *
 *   layer 0      pre = W_ih onehot(x) + b    gathered, since a column is enough
 *   layer l > 0  pre = W_ih h^(l−1) + b      for all steps in one product
 *   output       logits = W_out h^(L−1) + b_out
 *
 * Only W_hh h waits for the step before, inside the cells. */
#include <string.h>

#include "losses/loss.h"
#include "network.h"

static panels over_time(const rnn_window *w, real *at) {
  return (panels){at, w->stride};
}

/* The states after each step, of ((T+1)·B, H) that begin before the first. */
static panels after_steps(const rnn_window *w, const rnn_layer *layer,
                          real *states) {
  return over_time(w, step_at(layer, states, 1));
}

/* b_ih, and b_hh where the cell lets it be folded in. */
static void fold_biases(real *bias, const rnn_network *n, size_t l, size_t P) {
  const rnn_layer_parameters *at = &n->parameters.layers[l];
  const real *b_ih = parameter_panels(n, n->values, at->bias_ih).at;
  const real *b_hh = parameter_panels(n, n->values, at->bias_hh).at;
  size_t folded = (size_t)n->cell->folded * P * PANEL;
  for (size_t i = 0; i < (size_t)n->cell->gates * P * PANEL; i++)
    bias[i] = i < folded ? b_ih[i] + b_hh[i] : b_ih[i];
}

static void project(rnn_window *w, const rnn_network *n, size_t l) {
  const rnn_layer *layer = &w->layers[l];
  size_t count = (size_t)n->cell->gates * layer->P, rows = w->T * w->B;
  panels pre = over_time(w, layer->pre);
  panels weight =
      parameter_panels(n, n->values, n->parameters.layers[l].weight_ih);
  fold_biases(w->bias, n, l, layer->P);
  if (l == 0) {
    kernel_gather(pre, weight, w->inputs, w->bias, rows, count);
  } else {
    kernel_broadcast(pre, w->bias, rows, count);
    kernel_multiply(pre, after_steps(w, layer - 1, (layer - 1)->h), weight,
                    rows, layer->P * PANEL, count, w->scratch);
  }
}

void rnn_window_forward(rnn_window *w, const rnn_network *n) {
  size_t L = n->config.layers;
  for (size_t l = 0; l < L; l++) {
    project(w, n, l);
    for (size_t t = 0; t < w->T; t++) n->cell->forward(&w->layers[l], t);
  }
  const rnn_layer *top = &w->layers[L - 1];
  size_t rows = w->T * w->B, count = PANELS(n->config.vocabulary);
  kernel_broadcast(w->logits,
                   parameter_panels(n, n->values, n->parameters.output_bias).at,
                   rows, count);
  kernel_multiply(w->logits, after_steps(w, top, top->h),
                  parameter_panels(n, n->values, n->parameters.output_weight),
                  rows, top->P * PANEL, count, w->scratch);
}

double rnn_window_loss(rnn_window *w, const rnn_network *n, size_t counted) {
  return rnn_cross_entropy(w->p, w->dlogits, w->losses, w->logits, w->targets,
                           w->T * w->B, n->config.vocabulary,
                           (real)(1 / (double)counted));
}

static void clear(const rnn_window *w, real *matrix, size_t steps,
                  size_t count) {
  for (size_t p = 0; p < count; p++)
    memset(matrix + p * w->stride, 0, steps * w->B * PANEL * sizeof(real));
}

static void backward_output(rnn_window *w, rnn_network *n, real *gradients) {
  const rnn_layer *top = &w->layers[n->config.layers - 1];
  size_t rows = w->T * w->B, count = PANELS(n->config.vocabulary);
  int weight = n->parameters.output_weight, bias = n->parameters.output_bias;
  kernel_outer(parameter_panels(n, gradients, weight),
               after_steps(w, top, top->h), w->dlogits, rows, top->P * PANEL,
               count);
  kernel_column_sums(parameter_panels(n, gradients, bias).at, w->dlogits, rows,
                     count);
  clear(w, top->dh, w->T + 1, top->P);
  kernel_transpose(n->w_out_transposed, parameter_panels(n, n->values, weight),
                   top->P * PANEL, count);
  kernel_multiply(after_steps(w, top, top->dh), w->dlogits, n->w_out_transposed,
                  rows, count * PANEL, top->P, w->scratch);
}

static void backward_layer(rnn_window *w, rnn_network *n, real *gradients,
                           size_t l) {
  rnn_layer *layer = &w->layers[l];
  const rnn_layer_parameters *at = &n->parameters.layers[l];
  size_t P = layer->P, count = (size_t)n->cell->gates * P, inner = P * PANEL;
  size_t rows = w->T * w->B;
  layer->dw_hh = parameter_panels(n, gradients, at->weight_hh);
  layer->db_hh = parameter_panels(n, gradients, at->bias_hh).at;
  kernel_transpose(layer->w_hh_transposed, layer->w_hh, inner, count);
  if (layer->dc) clear(w, step_at(layer, layer->dc, w->T), 1, P);

  for (size_t t = w->T; t-- > 0;) n->cell->backward(layer, t);
  n->cell->weights(layer, rows);

  panels dpre = over_time(w, layer->dpre);
  panels dw = parameter_panels(n, gradients, at->weight_ih);
  real *db = parameter_panels(n, gradients, at->bias_ih).at;
  kernel_column_sums(db, dpre, rows, count);
  memcpy(layer->db_hh, db, (size_t)n->cell->folded * P * PANEL * sizeof(real));
  if (l == 0) {
    kernel_scatter(dw, dpre, w->inputs, rows, count);
    return;
  }
  rnn_layer *below = layer - 1;
  kernel_outer(dw, after_steps(w, below, below->h), dpre, rows, inner, count);
  clear(w, below->dh, w->T + 1, P);
  kernel_transpose(n->w_ih_transposed[l],
                   parameter_panels(n, n->values, at->weight_ih), inner, count);
  kernel_multiply(after_steps(w, below, below->dh), dpre, n->w_ih_transposed[l],
                  rows, count * PANEL, P, w->scratch);
}

void rnn_window_backward(rnn_window *w, rnn_network *n, real *gradients) {
  memset(gradients, 0, (size_t)n->parameters.reals * sizeof(real));
  backward_output(w, n, gradients);
  for (size_t l = n->config.layers; l-- > 0;)
    backward_layer(w, n, gradients, l);
}
