/* LSTM whose candidate may be a sigmoid, and whose gates may see the cell state
 * through peepholes (Gers and Schmidhuber 2000), one weight p for each unit:
 *
 *   i = σ(a_i + p_i∘c)   f = σ(a_f + p_f∘c)   g = tanh(a_g) or σ(a_g)
 *   c' = f∘c + i∘g       o = σ(a_o + p_o∘c')  h' = o∘tanh(c')
 *
 * and whose h' may come from a normalised c' (layer_norm.h):
 *
 *   h' = o∘tanh(γ_c∘N(c') + β_c)
 *
 * All else is as in lstm.c, which has none of it and is faster for it. Here dc
 * lies apart from c, since the gradients of p need c after the way back. */
#include <string.h>

#include "../cell.h"

enum { I, F, G, O };
enum { P_I, P_F, P_O, PEEPHOLES };

/* Of the unit in lane 0 of place n of panel p. */
static lanes peephole(const rnn_layer *l, size_t which, size_t p, size_t n) {
  if (!l->peephole) return splat(0);
  return load(l->peephole + (which * l->P + p) * PANEL + n % PANEL);
}

/* gate = σ(a + p∘c) in panel p. */
static void look(const rnn_layer *l, real *gate, const real *a, const real *c,
                 size_t which, size_t p, size_t count) {
  for (size_t n = 0; n < count; n += LANES)
    store(gate + n, load(a + n) + peephole(l, which, p, n) * load(c + n));
  sigmoid_of(gate, gate, count);
}

/* h' anew, from c' as it is normalised; `extra` is then tanh of that. */
static void normalise_state(const rnn_layer *l, size_t t) {
  const rnn_norm *norm = &l->norm_c;
  real *y = step_at(l, l->extra, t), *h = step_at(l, l->h, t + 1);
  const real *o = gate_at(l, l->gates, O, t);
  size_t count = l->rows * PANEL, end = l->P * l->stride;
  for (size_t p = 0; p < end; p += l->stride)
    memcpy(step_at(l, norm->x, t) + p, step_at(l, l->c, t + 1) + p,
           count * sizeof(real));
  kernel_broadcast((panels){y, l->stride}, norm->bias, l->rows, l->P);
  rnn_normalise(norm, y, t * l->B, l->rows, 0, 1);
  for (size_t p = 0; p < end; p += l->stride) {
    tanh_of(y + p, y + p, count);
    for (size_t n = p; n < p + count; n += LANES)
      store(h + n, load(o + n) * load(y + n));
  }
}

/* From dh' to norm_c.dx, the part of dc' that comes through h'. */
static void go_back_through_norm(const rnn_layer *l, size_t t) {
  const rnn_norm *norm = &l->norm_c;
  real *dy = step_at(l, norm->dy, t);
  const real *dh = step_at(l, l->dh, t + 1), *o = gate_at(l, l->gates, O, t);
  const real *tanh_c = step_at(l, l->extra, t);
  for (size_t p = 0; p < l->P * l->stride; p += l->stride)
    for (size_t n = p; n < p + l->rows * PANEL; n += LANES) {
      lanes tc = load(tanh_c + n);
      store(dy + n, load(dh + n) * load(o + n) * (1 - tc * tc));
    }
  rnn_normalise_back(norm, dy, t * l->B, l->rows, 0, 1);
}

static void forward(const rnn_layer *l, size_t t) {
  size_t count = l->rows * PANEL;
  rnn_recur(l, t, step_at(l, l->pre, t), step_at(l, l->h, t), 0, 4);
  for (size_t p = 0; p < l->P; p++) {
    size_t start = p * l->stride;
    real *gi = gate_at(l, l->gates, I, t) + start;
    real *gf = gate_at(l, l->gates, F, t) + start;
    real *gg = gate_at(l, l->gates, G, t) + start;
    real *go = gate_at(l, l->gates, O, t) + start;
    const real *ag = gate_at(l, l->pre, G, t) + start;
    const real *c_before = step_at(l, l->c, t) + start;
    real *c_after = step_at(l, l->c, t + 1) + start;
    real *h_after = step_at(l, l->h, t + 1) + start;
    real *tanh_c = step_at(l, l->extra, t) + start;
    look(l, gi, gate_at(l, l->pre, I, t) + start, c_before, P_I, p, count);
    look(l, gf, gate_at(l, l->pre, F, t) + start, c_before, P_F, p, count);
    (l->config->candidate ? sigmoid_of : tanh_of)(gg, ag, count);
    for (size_t n = 0; n < count; n += LANES)
      store(c_after + n,
            load(gf + n) * load(c_before + n) + load(gi + n) * load(gg + n));
    look(l, go, gate_at(l, l->pre, O, t) + start, c_after, P_O, p, count);
    tanh_of(tanh_c, c_after, count);
    for (size_t n = 0; n < count; n += LANES)
      store(h_after + n, load(go + n) * load(tanh_c + n));
  }
  rnn_clear_padding(l, step_at(l, l->c, t + 1));
  rnn_clear_padding(l, step_at(l, l->h, t + 1));
  if (l->norm_c.gain) normalise_state(l, t);
}

/* Without normalisation:
 *   da_o = dh'∘tanh c'∘o∘(1−o)      dc' += dh'∘o∘(1 − tanh²c') + da_o∘p_o
 *   da_i = dc'∘g∘i∘(1−i)            da_f = dc'∘c∘f∘(1−f)
 *   da_g = dc'∘i∘g'(a_g)            dc = dc'∘f + da_i∘p_i + da_f∘p_f */
static void backward(const rnn_layer *l, size_t t) {
  size_t count = l->rows * PANEL;
  int normed = l->norm_c.gain != NULL;
  if (normed) go_back_through_norm(l, t);
  for (size_t p = 0; p < l->P; p++) {
    size_t start = p * l->stride;
    for (size_t n = 0; n < count; n += LANES) {
      size_t at = start + n;
      lanes i = load(gate_at(l, l->gates, I, t) + at);
      lanes f = load(gate_at(l, l->gates, F, t) + at);
      lanes g = load(gate_at(l, l->gates, G, t) + at);
      lanes o = load(gate_at(l, l->gates, O, t) + at);
      lanes tc = load(step_at(l, l->extra, t) + at);
      lanes dh = load(step_at(l, l->dh, t + 1) + at);
      lanes d_o = dh * tc * (o * (1 - o));
      lanes told = normed ? load(step_at(l, l->norm_c.dx, t) + at)
                          : dh * o * (1 - tc * tc);
      lanes dc = load(step_at(l, l->dc, t + 1) + at) + told +
                 d_o * peephole(l, P_O, p, n);
      lanes di = dc * g * (i * (1 - i));
      lanes df = dc * load(step_at(l, l->c, t) + at) * (f * (1 - f));
      lanes slope = l->config->candidate ? g * (1 - g) : 1 - g * g;
      store(gate_at(l, l->dpre, I, t) + at, di);
      store(gate_at(l, l->dpre, F, t) + at, df);
      store(gate_at(l, l->dpre, G, t) + at, dc * i * slope);
      store(gate_at(l, l->dpre, O, t) + at, d_o);
      store(step_at(l, l->dc, t + 1) + at, dc);
      store(step_at(l, l->dc, t) + at,
            dc * f + di * peephole(l, P_I, p, n) + df * peephole(l, P_F, p, n));
    }
  }
  rnn_recur_back(l, t, step_at(l, l->dh, t), step_at(l, l->dpre, t), 0, 4);
}

/* dp = Σ_r da∘c, of the c that the gate saw. */
static void weights(const rnn_layer *l, size_t rows, rnn_part part) {
  static const size_t gates[PEEPHOLES] = {I, F, O};
  rnn_recur_weights(l, l->h, l->dpre, 0, 4, rows, part);
  if (l->norm_c.gain) {
    rnn_range own = rnn_share(part, l->P, 1);
    real *dy = l->norm_c.dy + own.from * l->stride;
    rnn_norm_gains(&l->norm_c, l->norm_c.dy, rows, 0, 1, part);
    kernel_column_sums(l->norm_c.dbias + own.from * PANEL,
                       (panels){dy, l->stride}, rows, own.to - own.from);
  }
  if (!l->peephole) return;
  rnn_range units = rnn_share(part, PEEPHOLES * l->P, 1);
  for (size_t u = units.from; u < units.to; u++) {
    size_t which = u / l->P, start = u % l->P * l->stride;
    const real *da = gate_at(l, l->dpre, gates[which], 0) + start;
    const real *c = step_at(l, l->c, which == P_O) + start;
    real *dp = l->dpeephole + u * PANEL;
    for (size_t n = 0; n < rows * PANEL; n += LANES)
      store(dp + n % PANEL, load(dp + n % PANEL) + load(da + n) * load(c + n));
  }
}

const rnn_cell rnn_lstm_options = {.name = "lstm",
                                   .gates = 4,
                                   .gate_names = "ifgo",
                                   .folded = 4,
                                   .forget_gate = F,
                                   .has_c = 1,
                                   .keeps_c = 1,
                                   .keeps_gates = 1,
                                   .extra_name = "tanh_c",
                                   .makers = 1 << I | 1 << F | 1 << G,
                                   .forward = forward,
                                   .backward = backward,
                                   .weights = weights,
                                   .settle = rnn_lstm_settle};
