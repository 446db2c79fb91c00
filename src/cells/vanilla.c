/* Vanilla (Elman 1990) cell, as PyTorch nn.RNN:
 *
 *   h' = φ(a),  a = W_ih x + b_ih + W_hh h + b_hh,  φ ∈ tanh, relu, sigmoid,
 * identity
 *
 * With φ = identity it is the linear network of lecture notes: without inputs,
 * h(t) = W_hh^t h(0), which grows or fades as the eigenvalues of W_hh say.
 *
 * Backward: da = dh' ∘ φ'(a), where φ' follows from h' alone. */
#include "../cell.h"

static void activate(uint32_t activation, real *h, const real *a,
                     size_t count) {
  switch (activation) {
  case RNN_TANH: tanh_of(h, a, count); break;
  case RNN_SIGMOID: sigmoid_of(h, a, count); break;
  default:
    for (size_t i = 0; i < count; i += LANES) {
      lanes x = load(a + i);
      store(h + i, activation == RNN_RELU ? larger(x, splat(0)) : x);
    }
  }
}

static void forward(const rnn_layer *l, size_t t) {
  real *h = step_at(l, l->h, t + 1), *a = step_at(l, l->pre, t);
  uint32_t activation = l->config->activation;
  rnn_recur(l, t, a, step_at(l, l->h, t), 0, 1);
  for (size_t p = 0; p < l->P; p++)
    activate(activation, h + p * l->stride, a + p * l->stride, l->rows * PANEL);
  if (activation == RNN_SIGMOID) rnn_clear_padding(l, h);
}

LANES_INLINE lanes slope(uint32_t activation, lanes h) {
  switch (activation) {
  case RNN_TANH: return 1 - h * h;
  case RNN_RELU: return choose(h > splat(0), splat(1), splat(0));
  case RNN_SIGMOID: return h * (1 - h);
  default: return splat(1);
  }
}

static void backward(const rnn_layer *l, size_t t) {
  for (size_t p = 0; p < l->P; p++) {
    size_t start = p * l->stride;
    real *da = step_at(l, l->dpre, t) + start;
    const real *dh = step_at(l, l->dh, t + 1) + start;
    const real *h = step_at(l, l->h, t + 1) + start;
    for (size_t i = 0; i < l->rows * PANEL; i += LANES)
      store(da + i, load(dh + i) * slope(l->config->activation, load(h + i)));
  }
  rnn_recur_back(l, t, step_at(l, l->dh, t), step_at(l, l->dpre, t), 0, 1);
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
