/* GRU (Cho et al. 2014), gate order r, z, n:
 *
 *   r = σ(a_r + u_r)   z = σ(a_z + u_z)   h' = (1−z)∘n + z∘h
 *
 * reset after the matrix product (PyTorch nn.GRU and cuDNN; `rnn_gru_after`):
 *   n = tanh(a_n + r∘u_n),   u = W_hh h + b_hh;   u_n is kept as `extra`
 * reset before it (as published; `rnn_gru_before`):
 *   n = tanh(a_n + b_hn + W_hn (r∘h));            r∘h is kept as `extra`
 *
 * a = W_ih x + b_ih arrives computed, (B, 3H), with b_hh in the folded gates.
 */
#include "../cell.h"

enum { R, Z, N };

/* One panel at one step: its numbers, and their gradients. */
typedef struct {
  const real *ar, *az, *an, *h_before;
  real *r, *z, *n, *extra, *h_after;
} place;

typedef struct {
  real *r, *z, *n, *extra, *h_before;
  const real *h_after;
} gradient_place;

static place place_of(const rnn_layer *l, size_t t, size_t p) {
  size_t s = p * l->stride;
  return (place){
      .ar = gate_at(l, l->pre, R, t) + s,
      .az = gate_at(l, l->pre, Z, t) + s,
      .an = gate_at(l, l->pre, N, t) + s,
      .r = gate_at(l, l->gates, R, t) + s,
      .z = gate_at(l, l->gates, Z, t) + s,
      .n = gate_at(l, l->gates, N, t) + s,
      .h_before = step_at(l, l->h, t) + s,
      .h_after = step_at(l, l->h, t + 1) + s,
      .extra = step_at(l, l->extra, t) + s,
  };
}

static gradient_place gradients_of(const rnn_layer *l, size_t t, size_t p) {
  size_t s = p * l->stride;
  return (gradient_place){
      .r = gate_at(l, l->dpre, R, t) + s,
      .z = gate_at(l, l->dpre, Z, t) + s,
      .n = gate_at(l, l->dpre, N, t) + s,
      .h_before = step_at(l, l->dh, t) + s,
      .h_after = step_at(l, l->dh, t + 1) + s,
      .extra = step_at(l, l->dextra, t) + s,
  };
}

static void add(real *to, lanes v) {
  store(to, load(to) + v);
}

/* h' = (1−z)∘n + z∘h */
static void blend(place s, size_t count) {
  for (size_t i = 0; i < count; i += LANES) {
    lanes z = load(s.z + i), n = load(s.n + i);
    store(s.h_after + i, (1 - z) * n + z * load(s.h_before + i));
  }
}

static void settle(const rnn_layer *l, size_t at, unsigned held, real a) {
  real *gate = l->gates + at;
  size_t next = l->P * l->stride;
  if (!(held & 1 << N)) gate[N * next] = rnn_tanh(a);
  if (!(held & 1 << RNN_HOLD_H))
    l->h[at + PANEL] =
        (1 - gate[Z * next]) * gate[N * next] + gate[Z * next] * l->h[at];
}

/* --- Reset after the product --------------------------------------------- */

static void forward_after(const rnn_layer *l, size_t t) {
  real *h = step_at(l, l->h, t), *u = step_at(l, l->extra, t);
  size_t count = l->rows * PANEL;
  rnn_recur(l, t, step_at(l, l->pre, t), h, R, 2);
  kernel_broadcast((panels){u, l->stride}, l->b_hh + N * l->P * PANEL, l->rows,
                   l->P);
  rnn_recur(l, t, u, h, N, 1);
  for (size_t p = 0; p < l->P; p++) {
    place s = place_of(l, t, p);
    sigmoid_of(s.r, s.ar, count), sigmoid_of(s.z, s.az, count);
    for (size_t i = 0; i < count; i += LANES)
      store(s.n + i, load(s.an + i) + load(s.r + i) * load(s.extra + i));
    tanh_of(s.n, s.n, count);
    blend(s, count);
  }
}

/*   da_n = dh'∘(1−z)∘(1−n²)    du_n = da_n∘r
 *   da_r = da_n∘u_n∘r∘(1−r)    da_z = dh'∘(h−n)∘z∘(1−z)    dh += dh'∘z */
static void backward_after(const rnn_layer *l, size_t t) {
  size_t count = l->rows * PANEL;
  for (size_t p = 0; p < l->P; p++) {
    place s = place_of(l, t, p);
    gradient_place d = gradients_of(l, t, p);
    for (size_t i = 0; i < count; i += LANES) {
      lanes r = load(s.r + i), z = load(s.z + i), n = load(s.n + i);
      lanes dh = load(d.h_after + i), h = load(s.h_before + i);
      lanes dn = dh * (1 - z) * (1 - n * n);
      store(d.r + i, dn * load(s.extra + i) * (r * (1 - r)));
      store(d.z + i, dh * (h - n) * (z * (1 - z)));
      store(d.n + i, dn);
      store(d.extra + i, dn * r);
      add(d.h_before + i, dh * z);
    }
  }
  real *dh = step_at(l, l->dh, t);
  rnn_recur_back(l, t, dh, step_at(l, l->dpre, t), R, 2);
  rnn_recur_back(l, t, dh, step_at(l, l->dextra, t), N, 1);
}

static void weights_after(const rnn_layer *l, size_t rows, rnn_part part) {
  rnn_recur_weights(l, l->h, l->dpre, R, 2, rows, part);
  rnn_recur_weights(l, l->h, l->dextra, N, 1, rows, part);
  rnn_range units = rnn_share(part, l->P, 1);
  kernel_column_sums(l->db_hh + (N * l->P + units.from) * PANEL,
                     (panels){l->dextra + units.from * l->stride, l->stride},
                     rows, units.to - units.from);
}

static void settle_after(const rnn_layer *l, size_t at, unsigned held) {
  settle(l, at, held,
         l->pre[at + N * l->P * l->stride] + l->gates[at] * l->extra[at]);
}

const rnn_cell rnn_gru_after = {.name = "gru",
                                .gates = 3,
                                .gate_names = "rzn",
                                .folded = 2,
                                .forget_gate = -1,
                                .keeps_gates = 1,
                                .extra_name = "hidden_n",
                                .extra_has_gradient = 2,
                                .makers = 1 << R,
                                .forward = forward_after,
                                .backward = backward_after,
                                .weights = weights_after,
                                .settle = settle_after};

/* --- Reset before the product --------------------------------------------
 */

static void forward_before(const rnn_layer *l, size_t t) {
  size_t count = l->rows * PANEL;
  rnn_recur(l, t, step_at(l, l->pre, t), step_at(l, l->h, t), R, 2);
  for (size_t p = 0; p < l->P; p++) {
    place s = place_of(l, t, p);
    sigmoid_of(s.r, s.ar, count);
    for (size_t i = 0; i < count; i += LANES)
      store(s.extra + i, load(s.r + i) * load(s.h_before + i));
  }
  rnn_recur(l, t, gate_at(l, l->pre, N, t), step_at(l, l->extra, t), N, 1);
  for (size_t p = 0; p < l->P; p++) {
    place s = place_of(l, t, p);
    sigmoid_of(s.z, s.az, count), tanh_of(s.n, s.an, count);
    blend(s, count);
  }
}

/*   da_n = dh'∘(1−z)∘(1−n²)    d(r∘h) = W_hnᵀ da_n
 *   da_r = d(r∘h)∘h∘r∘(1−r)    da_z = dh'∘(h−n)∘z∘(1−z)
 *   dh += dh'∘z + d(r∘h)∘r */
static void backward_before(const rnn_layer *l, size_t t) {
  size_t count = l->rows * PANEL;
  for (size_t p = 0; p < l->P; p++) {
    place s = place_of(l, t, p);
    gradient_place d = gradients_of(l, t, p);
    for (size_t i = 0; i < count; i += LANES) {
      lanes z = load(s.z + i), n = load(s.n + i), dh = load(d.h_after + i);
      store(d.z + i, dh * (load(s.h_before + i) - n) * (z * (1 - z)));
      store(d.n + i, dh * (1 - z) * (1 - n * n));
      store(d.extra + i, splat(0));
      add(d.h_before + i, dh * z);
    }
  }
  rnn_recur_back(l, t, step_at(l, l->dextra, t), gate_at(l, l->dpre, N, t), N,
                 1);
  for (size_t p = 0; p < l->P; p++) {
    place s = place_of(l, t, p);
    gradient_place d = gradients_of(l, t, p);
    for (size_t i = 0; i < count; i += LANES) {
      lanes r = load(s.r + i), drh = load(d.extra + i);
      store(d.r + i, drh * load(s.h_before + i) * (r * (1 - r)));
      add(d.h_before + i, drh * r);
    }
  }
  rnn_recur_back(l, t, step_at(l, l->dh, t), step_at(l, l->dpre, t), R, 2);
}

static void weights_before(const rnn_layer *l, size_t rows, rnn_part part) {
  rnn_recur_weights(l, l->h, l->dpre, R, 2, rows, part);
  rnn_recur_weights(l, l->extra, gate_at(l, l->dpre, N, 0), N, 1, rows, part);
}

static void settle_before(const rnn_layer *l, size_t at, unsigned held) {
  l->extra[at] = l->gates[at] * l->h[at];
  settle(l, at, held, l->pre[at + N * l->P * l->stride]);
}

const rnn_cell rnn_gru_before = {.name = "gru",
                                 .gates = 3,
                                 .gate_names = "rzn",
                                 .folded = 3,
                                 .forget_gate = -1,
                                 .keeps_gates = 1,
                                 .extra_name = "reset_h",
                                 .extra_has_gradient = 1,
                                 .extra_recurs = 1,
                                 .forward = forward_before,
                                 .backward = backward_before,
                                 .weights = weights_before,
                                 .settle = settle_before};
