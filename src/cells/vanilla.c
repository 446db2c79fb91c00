/* Vanilla (Elman 1990) cell, as PyTorch nn.RNN:
 *
 *   h' = φ(a),  a = W_ih x + b_ih + W_hh h + b_hh,  φ ∈ tanh, relu, sigmoid
 *
 * Backward: da = dh' ∘ φ'(a), where φ' follows from h' alone. */
#include "../cell.h"

enum { TANH, RELU, SIGMOID };

static lanes activate(uint32_t activation, lanes a) {
  switch (activation) {
  case TANH: return lanes_tanh(a);
  case RELU: return choose(a < splat(0), splat(0), a);
  default: return lanes_sigmoid(a);
  }
}

static lanes slope(uint32_t activation, lanes h) {
  switch (activation) {
  case TANH: return 1 - h * h;
  case RELU: return choose(h > splat(0), splat(1), splat(0));
  default: return h * (1 - h);
  }
}

/* What pads the last panel must stay zero, but σ(0) is not. */
static void clear_padding(const rnn_layer *l, real *h) {
  if (l->H % PANEL == 0) return;
  real *last = h + (l->P - 1) * l->stride;
  for (size_t b = 0; b < l->rows; b++)
    for (size_t u = l->H % PANEL; u < PANEL; u++) last[b * PANEL + u] = 0;
}

static void forward(const rnn_layer *l, size_t t) {
  uint32_t activation = l->config->activation;
  real *a = step_at(l, l->pre, t), *h = step_at(l, l->h, t + 1);
  rnn_recur(l, a, step_at(l, l->h, t), 0, 1);
  for (size_t p = 0; p < l->P; p++)
    for (size_t i = p * l->stride; i < p * l->stride + l->rows * PANEL;
         i += LANES)
      store(h + i, activate(activation, load(a + i)));
  if (activation == SIGMOID) clear_padding(l, h);
}

static void backward(const rnn_layer *l, size_t t) {
  uint32_t activation = l->config->activation;
  const real *dh = step_at(l, l->dh, t + 1), *h = step_at(l, l->h, t + 1);
  real *da = step_at(l, l->dpre, t);
  for (size_t p = 0; p < l->P; p++)
    for (size_t i = p * l->stride; i < p * l->stride + l->rows * PANEL;
         i += LANES)
      store(da + i, load(dh + i) * slope(activation, load(h + i)));
  rnn_recur_back(l, step_at(l, l->dh, t), da, 0, 1);
}

static void weights(const rnn_layer *l, size_t rows, rnn_part part) {
  rnn_recur_weights(l, l->h, l->dpre, 0, 1, rows, part);
}

const rnn_cell rnn_vanilla = {.name = "vanilla",
                              .gates = 1,
                              .gate_names = "",
                              .folded = 1,
                              .forget_gate = -1,
                              .forward = forward,
                              .backward = backward,
                              .weights = weights};
