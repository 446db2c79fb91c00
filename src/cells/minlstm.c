/* minLSTM (Feng et al. 2024, "Were RNNs all we needed?", section 3.2), whose
 * two gates are shares of one whole:
 *
 *   f = σ(a_f)   i = σ(a_i)   g = a_g   a = W_ih x + b_ih
 *   h' = (f∘h + i∘g) / (f + i)
 *
 * As in minGRU, what is left after the projections is a scan of the window. */
#include "../cell.h"

enum { F, I, G };

/* σ with a small relative error, and never 0: two of them are divided. */
static void gate_of(real *to, const real *from, size_t count) {
  for (size_t k = 0; k < count; k += LANES)
    store(to + k, 1 / (1 + lanes_exp(-clamp(load(from + k), -80, 80))));
}

static void forward(const rnn_layer *l, size_t from, size_t to) {
  size_t count = l->rows * PANEL;
  for (size_t p = 0; p < l->P; p++)
    for (size_t t = from; t < to; t++) {
      size_t s = p * l->stride;
      const real *af = gate_at(l, l->pre, F, t) + s;
      const real *ai = gate_at(l, l->pre, I, t) + s;
      const real *ag = gate_at(l, l->pre, G, t) + s;
      real *gf = gate_at(l, l->gates, F, t) + s;
      real *gi = gate_at(l, l->gates, I, t) + s;
      real *gg = gate_at(l, l->gates, G, t) + s;
      const real *before = step_at(l, l->h, t) + s;
      real *after = step_at(l, l->h, t + 1) + s;
      gate_of(gf, af, count), gate_of(gi, ai, count);
      for (size_t k = 0; k < count; k += LANES) {
        lanes f = load(gf + k), i = load(gi + k), g = load(ag + k);
        store(gg + k, g);
        store(after + k, (f * load(before + k) + i * g) / (f + i));
      }
    }
}

/* With f' = f/(f+i) and i' = i/(f+i):
 *   da_f = dh'∘(h−g)∘f'∘i'∘(1−f)   da_i = dh'∘(g−h)∘f'∘i'∘(1−i)
 *   da_g = dh'∘i'                  dh += dh'∘f' */
static void backward(const rnn_layer *l, size_t from, size_t to) {
  size_t count = l->rows * PANEL;
  for (size_t p = 0; p < l->P; p++)
    for (size_t t = to; t-- > from;) {
      size_t s = p * l->stride;
      const real *gf = gate_at(l, l->gates, F, t) + s;
      const real *gi = gate_at(l, l->gates, I, t) + s;
      const real *gg = gate_at(l, l->gates, G, t) + s;
      real *df = gate_at(l, l->dpre, F, t) + s;
      real *di = gate_at(l, l->dpre, I, t) + s;
      real *dg = gate_at(l, l->dpre, G, t) + s;
      const real *h = step_at(l, l->h, t) + s;
      const real *after = step_at(l, l->dh, t + 1) + s;
      real *before = step_at(l, l->dh, t) + s;
      for (size_t k = 0; k < count; k += LANES) {
        lanes f = load(gf + k), i = load(gi + k), dh = load(after + k);
        lanes whole = 1 / (f + i), keep = f * whole, write = i * whole;
        lanes blame = dh * (load(h + k) - load(gg + k)) * (keep * write);
        store(df + k, blame * (1 - f));
        store(di + k, blame * (i - 1));
        store(dg + k, dh * write);
        store(before + k, load(before + k) + dh * keep);
      }
    }
}

static void settle(const rnn_layer *l, size_t at, unsigned held) {
  size_t next = l->P * l->stride;
  real f = l->gates[at], i = l->gates[at + I * next];
  if (!(held & 1 << RNN_HOLD_H))
    l->h[at + PANEL] = (f * l->h[at] + i * l->gates[at + G * next]) / (f + i);
}

const rnn_cell rnn_minlstm = {.name = "minlstm",
                              .gates = 3,
                              .gate_names = "fig",
                              .forget_gate = F,
                              .keeps_gates = 1,
                              .scan = forward,
                              .scan_back = backward,
                              .settle = settle};
