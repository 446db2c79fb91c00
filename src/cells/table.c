#include "../cell.h"
#include "../rows.h"

const rnn_cell *rnn_cell_of(const rnn_config *config) {
  switch (config->cell) {
  case RNN_CELL_vanilla: return &rnn_vanilla;
  case RNN_CELL_lstm:
    return config->candidate || config->peephole || config->layer_norm
               ? &rnn_lstm_options
               : &rnn_lstm;
  case RNN_CELL_mingru: return &rnn_mingru;
  case RNN_CELL_minlstm: return &rnn_minlstm;
  default: return config->reset ? &rnn_gru_before : &rnn_gru_after;
  }
}

void rnn_cell_forward(const rnn_cell *cell, const rnn_layer *layer, size_t from,
                      size_t to) {
  if (cell->scan) {
    cell->scan(layer, from, to);
    return;
  }
  for (size_t t = from; t < to; t++) cell->forward(layer, t);
}

void rnn_cell_backward(const rnn_cell *cell, const rnn_layer *layer,
                       size_t from, size_t to) {
  if (cell->scan) {
    cell->scan_back(layer, from, to);
    return;
  }
  for (size_t t = to; t-- > from;) cell->backward(layer, t);
}

static panels gates_from(panels w, size_t gate, size_t reals) {
  return (panels){w.at + gate * reals, w.stride};
}

void rnn_recur(const rnn_layer *l, size_t t, real *out, real *in, size_t first,
               size_t count) {
  const rnn_norm *norm = &l->norm_hh;
  real *to = norm->gain ? gate_at(l, norm->x, first, t) : out;
  size_t row = t * l->B;
  if (norm->gain)
    rnn_rows_clear(
        &(rnn_rows){
            .B = l->rows, .T = 1, .stride = l->stride, .part = {.count = 1}},
        to, count * l->P);
  kernel_multiply((panels){to, l->stride}, (panels){in, l->stride},
                  gates_from(l->w_hh, first, l->P * l->w_hh.stride), l->rows,
                  l->P * PANEL, count * l->P, l->scratch);
  if (norm->gain) rnn_normalise(norm, out, row, l->rows, first, count);
}

/* In the transposed matrix a gate is a range of the inner index. */
void rnn_recur_back(const rnn_layer *l, size_t t, real *din, real *dout,
                    size_t first, size_t count) {
  if (l->norm_hh.gain) {
    rnn_normalise_back(&l->norm_hh, dout, t * l->B, l->rows, first, count);
    dout = gate_at(l, l->norm_hh.dx, first, t);
  }
  kernel_multiply((panels){din, l->stride}, (panels){dout, l->stride},
                  gates_from(l->w_hh_transposed, first, l->P * PANEL * PANEL),
                  l->rows, count * l->P * PANEL, l->P, l->scratch);
}

void rnn_recur_weights(const rnn_layer *l, real *in, real *dout, size_t first,
                       size_t count, size_t rows, rnn_part part) {
  rnn_range n = rnn_share(part, count * l->P, 1);
  if (l->norm_hh.gain) {
    rnn_norm_gains(&l->norm_hh, dout, rows, first, count, part);
    dout = gate_at(l, l->norm_hh.dx, first, 0);
  }
  kernel_outer(gates_from(l->dw_hh, first * l->P + n.from, l->dw_hh.stride),
               (panels){in, l->stride},
               (panels){dout + n.from * l->stride, l->stride}, rows,
               l->P * PANEL, n.to - n.from);
}

real rnn_tanh(real x) {
  real all[LANES];
  store(all, splat(x));
  tanh_of(all, all, LANES);
  return all[0];
}

void rnn_clear_padding(const rnn_layer *l, real *states) {
  if (l->H % PANEL == 0) return;
  real *last = states + (l->P - 1) * l->stride;
  for (size_t b = 0; b < l->rows; b++)
    for (size_t u = l->H % PANEL; u < PANEL; u++) last[b * PANEL + u] = 0;
}
