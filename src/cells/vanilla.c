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

enum { TANH, RELU, SIGMOID, IDENTITY };

LANES_INLINE lanes activate(uint32_t activation, lanes a) {
  switch (activation) {
  case TANH: return lanes_tanh(a);
  case RELU: return choose(a < splat(0), splat(0), a);
  case SIGMOID: return lanes_sigmoid(a);
  default: return a;
  }
}

LANES_INLINE lanes slope(uint32_t activation, lanes h) {
  switch (activation) {
  case TANH: return 1 - h * h;
  case RELU: return choose(h > splat(0), splat(1), splat(0));
  case SIGMOID: return h * (1 - h);
  default: return splat(1);
  }
}

LANES_INLINE void activate_all(const rnn_layer *l, size_t t,
                               uint32_t activation) {
  real *h = step_at(l, l->h, t + 1);
  const real *a = step_at(l, l->pre, t);
  size_t stride = l->stride, count = l->rows * PANEL;
  for (size_t p = 0; p < l->P; p++, h += stride, a += stride)
    for (size_t i = 0; i < count; i += LANES)
      store(h + i, activate(activation, load(a + i)));
}

LANES_INLINE void multiply_slopes(const rnn_layer *l, size_t t,
                                  uint32_t activation) {
  real *da = step_at(l, l->dpre, t);
  const real *dh = step_at(l, l->dh, t + 1), *h = step_at(l, l->h, t + 1);
  size_t stride = l->stride, count = l->rows * PANEL;
  for (size_t p = 0; p < l->P; p++, da += stride, dh += stride, h += stride)
    for (size_t i = 0; i < count; i += LANES)
      store(da + i, load(dh + i) * slope(activation, load(h + i)));
}

static void forward(const rnn_layer *l, size_t t) {
  rnn_recur(l, step_at(l, l->pre, t), step_at(l, l->h, t), 0, 1);
  switch (l->config->activation) {
  case TANH: activate_all(l, t, TANH); break;
  case RELU: activate_all(l, t, RELU); break;
  case SIGMOID:
    activate_all(l, t, SIGMOID);
    rnn_clear_padding(l, step_at(l, l->h, t + 1));
    break;
  default: activate_all(l, t, IDENTITY);
  }
}

static void backward(const rnn_layer *l, size_t t) {
  switch (l->config->activation) {
  case TANH: multiply_slopes(l, t, TANH); break;
  case RELU: multiply_slopes(l, t, RELU); break;
  case SIGMOID: multiply_slopes(l, t, SIGMOID); break;
  default: multiply_slopes(l, t, IDENTITY);
  }
  rnn_recur_back(l, step_at(l, l->dh, t), step_at(l, l->dpre, t), 0, 1);
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
