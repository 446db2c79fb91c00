/* LSTM (Hochreiter and Schmidhuber 1997; with forget gate, Gers et al. 2000),
 * as PyTorch nn.LSTM:
 *
 *   i = σ(a_i)   f = σ(a_f)   g = tanh(a_g)   o = σ(a_o)
 *   c' = f∘c + i∘g            h' = o∘tanh(c')
 *
 * a = W_ih x + b_ih + W_hh h + b_hh, (B, 4H), gate order i, f, g, o.
 * The cell keeps tanh(c') as `extra`. */
#include "../cell.h"

enum { I, F, G, O };

static void forward(const rnn_layer *l, size_t t) {
  size_t count = l->rows * PANEL;
  rnn_recur(l, t, step_at(l, l->pre, t), step_at(l, l->h, t), 0, 4);
  for (size_t p = 0; p < l->P; p++) {
    size_t start = p * l->stride;
    const real *ai = gate_at(l, l->pre, I, t) + start;
    const real *af = gate_at(l, l->pre, F, t) + start;
    const real *ag = gate_at(l, l->pre, G, t) + start;
    const real *ao = gate_at(l, l->pre, O, t) + start;
    real *gi = gate_at(l, l->gates, I, t) + start;
    real *gf = gate_at(l, l->gates, F, t) + start;
    real *gg = gate_at(l, l->gates, G, t) + start;
    real *go = gate_at(l, l->gates, O, t) + start;
    const real *c_before = step_at(l, l->c, t) + start;
    real *c_after = step_at(l, l->c, t + 1) + start;
    real *h_after = step_at(l, l->h, t + 1) + start;
    real *tanh_c = step_at(l, l->extra, t) + start;
    sigmoid_of(gi, ai, count), sigmoid_of(gf, af, count);
    tanh_of(gg, ag, count), sigmoid_of(go, ao, count);
    for (size_t n = 0; n < count; n += LANES)
      store(c_after + n,
            load(gf + n) * load(c_before + n) + load(gi + n) * load(gg + n));
    tanh_of(tanh_c, c_after, count);
    for (size_t n = 0; n < count; n += LANES)
      store(h_after + n, load(go + n) * load(tanh_c + n));
  }
}

/*   dc' += dh'∘o∘(1 − tanh²c')      dc = dc'∘f
 *   da_i = dc'∘g∘i∘(1−i)            da_f = dc'∘c∘f∘(1−f)
 *   da_g = dc'∘i∘(1−g²)             da_o = dh'∘tanh c'∘o∘(1−o) */
static void backward(const rnn_layer *l, size_t t) {
  size_t count = l->rows * PANEL;
  for (size_t p = 0; p < l->P; p++) {
    size_t start = p * l->stride;
    const real *gi = gate_at(l, l->gates, I, t) + start;
    const real *gf = gate_at(l, l->gates, F, t) + start;
    const real *gg = gate_at(l, l->gates, G, t) + start;
    const real *go = gate_at(l, l->gates, O, t) + start;
    real *di = gate_at(l, l->dpre, I, t) + start;
    real *df = gate_at(l, l->dpre, F, t) + start;
    real *dg = gate_at(l, l->dpre, G, t) + start;
    real *d_o = gate_at(l, l->dpre, O, t) + start;
    const real *c_before = step_at(l, l->c, t) + start;
    const real *tanh_c = step_at(l, l->extra, t) + start;
    const real *dh_after = step_at(l, l->dh, t + 1) + start;
    real *dc_before = step_at(l, l->dc, t) + start;
    real *dc_after = step_at(l, l->dc, t + 1) + start;
    for (size_t n = 0; n < count; n += LANES) {
      lanes i = load(gi + n), f = load(gf + n), g = load(gg + n);
      lanes o = load(go + n), tc = load(tanh_c + n), dh = load(dh_after + n);
      lanes dc = load(dc_after + n) + dh * o * (1 - tc * tc);
      store(di + n, dc * g * (i * (1 - i)));
      store(df + n, dc * load(c_before + n) * (f * (1 - f)));
      store(dg + n, dc * i * (1 - g * g));
      store(d_o + n, dh * tc * (o * (1 - o)));
      store(dc_after + n, dc);
      store(dc_before + n, dc * f);
    }
  }
  rnn_recur_back(l, t, step_at(l, l->dh, t), step_at(l, l->dpre, t), 0, 4);
}

static void weights(const rnn_layer *l, size_t rows, rnn_part part) {
  rnn_recur_weights(l, l->h, l->dpre, 0, 4, rows, part);
}

void rnn_lstm_settle(const rnn_layer *l, size_t at, unsigned held) {
  const real *gate = l->gates + at;
  size_t next = l->P * l->stride, after = at + PANEL;
  if (!(held & 1 << RNN_HOLD_C))
    l->c[after] = gate[F * next] * l->c[at] + gate[I * next] * gate[G * next];
  l->extra[at] = rnn_tanh(l->c[after]);
  if (!(held & 1 << RNN_HOLD_H)) l->h[after] = gate[O * next] * l->extra[at];
}

const rnn_cell rnn_lstm = {.name = "lstm",
                           .gates = 4,
                           .gate_names = "ifgo",
                           .folded = 4,
                           .forget_gate = F,
                           .has_c = 1,
                           .keeps_gates = 1,
                           .extra_name = "tanh_c",
                           .makers = 1 << I | 1 << F | 1 << G,
                           .forward = forward,
                           .backward = backward,
                           .weights = weights,
                           .settle = rnn_lstm_settle};
