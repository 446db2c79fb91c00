/* minGRU (Feng et al. 2024, "Were RNNs all we needed?", section 3.1):
 *
 *   z = σ(a_z)   n = a_n   h' = (1−z)∘h + z∘n,   a = W_ih x + b_ih
 *
 * Neither gate nor candidate sees the state, so all of them are known before
 * the first step: what is left is one scan of the window. */
#include "../cell.h"

enum { Z, N };

static void forward(const rnn_layer *l, size_t from, size_t to) {
  size_t count = l->rows * PANEL;
  for (size_t p = 0; p < l->P; p++)
    for (size_t t = from; t < to; t++) {
      size_t s = p * l->stride;
      const real *az = gate_at(l, l->pre, Z, t) + s;
      const real *an = gate_at(l, l->pre, N, t) + s;
      real *gz = gate_at(l, l->gates, Z, t) + s;
      real *gn = gate_at(l, l->gates, N, t) + s;
      const real *before = step_at(l, l->h, t) + s;
      real *after = step_at(l, l->h, t + 1) + s;
      sigmoid_of(gz, az, count);
      for (size_t i = 0; i < count; i += LANES) {
        lanes z = load(gz + i), n = load(an + i);
        store(gn + i, n);
        store(after + i, (1 - z) * load(before + i) + z * n);
      }
    }
}

/*   da_z = dh'∘(n−h)∘z∘(1−z)   da_n = dh'∘z   dh += dh'∘(1−z) */
static void backward(const rnn_layer *l, size_t from, size_t to) {
  size_t count = l->rows * PANEL;
  for (size_t p = 0; p < l->P; p++)
    for (size_t t = to; t-- > from;) {
      size_t s = p * l->stride;
      const real *gz = gate_at(l, l->gates, Z, t) + s;
      const real *gn = gate_at(l, l->gates, N, t) + s;
      real *dz = gate_at(l, l->dpre, Z, t) + s;
      real *dn = gate_at(l, l->dpre, N, t) + s;
      const real *h = step_at(l, l->h, t) + s;
      const real *after = step_at(l, l->dh, t + 1) + s;
      real *before = step_at(l, l->dh, t) + s;
      for (size_t i = 0; i < count; i += LANES) {
        lanes z = load(gz + i), n = load(gn + i), dh = load(after + i);
        store(dz + i, dh * (n - load(h + i)) * (z * (1 - z)));
        store(dn + i, dh * z);
        store(before + i, load(before + i) + dh * (1 - z));
      }
    }
}

static void settle(const rnn_layer *l, size_t at, unsigned held) {
  real z = l->gates[at], n = l->gates[at + N * l->P * l->stride];
  if (!(held & 1 << RNN_HOLD_H)) l->h[at + PANEL] = (1 - z) * l->h[at] + z * n;
}

const rnn_cell rnn_mingru = {.name = "mingru",
                             .gates = 2,
                             .gate_names = "zn",
                             .forget_gate = -1,
                             .keeps_gates = 1,
                             .scan = forward,
                             .scan_back = backward,
                             .settle = settle};
