/* The cell contract: what a recurrent cell is to everything else.
 *
 * A cell sees one layer over one window of T steps. Every matrix over time is
 * in panels (kernels.h) with one common stride, rows r = t·B + b. Projections
 * of the input, W_ih x_t + b_ih, are there for all t before the first step, and
 * so is b_hh for the gates that a cell counts as `folded`.
 *
 *   forward(layer, t)    pre, h(t−1), c(t−1) → gates, h(t), c(t)
 *   backward(layer, t)   dh(t), dc(t), complete → dpre, dc(t−1),
 *                        adds to dh(t−1)
 *   weights(layer, rows) after the last backward step: dw_hh, db_hh of the
 *                        gates that are not folded, and dpeephole
 *
 * A cell whose gates do not see the state has no W_hh, no b_hh and no
 * `weights`. It does all steps from `from` to `to` at once, in `scan` and
 * `scan_back`.
 *
 * In training a gradient takes the place of what it is made from: `pre`,
 * `gates` and `dpre` are the same memory, `dc` lies on the c it belongs to
 * unless the cell `keeps_c`, `dextra` on `extra` if the cell allows. So each
 * element is read before its place is written. When a step is traced, all are
 * apart. */
#ifndef RNN_CELL_H
#define RNN_CELL_H

#include "kernels.h"
#include "layer_norm.h"
#include "rnn.h"
#include "team.h"

typedef struct {
  size_t B, H, P; /* sequences, units, panels of units */
  size_t rows;    /* of the B sequences, those that are this view's: all, or a
                   * part, and then every matrix over time begins at its first */
  size_t stride;  /* reals from panel to panel, in all matrices over time */
  const rnn_config *config;

  panels w_hh, w_hh_transposed, dw_hh; /* [G·P][8P][8], [P][8GP][8] */
  real *b_hh, *db_hh;                  /* [G·P][8] */
  real *peephole, *dpeephole;          /* [3·P][8]; NULL: none */

  real *pre, *gates, *dpre; /* (T·B, G·H), gate by gate */
  real *h, *c, *dh, *dc; /* ((T+1)·B, H): rows t·B are the state before t */
  real *extra, *dextra;  /* (T·B, H): what else the cell keeps */
  rnn_norm norm_ih, norm_hh, norm_c; /* of projections, of products, of c */
  real *scratch;
} rnn_layer;

typedef struct {
  const char *name;
  int gates;
  const char *gate_names; /* a letter a gate, in PyTorch's order */
  int folded;             /* leading gates whose b_hh joins the projection */
  int forget_gate;        /* index, −1: none */
  int has_c, keeps_c, keeps_gates;
  const char *extra_name; /* NULL: keeps nothing else */
  int extra_has_gradient; /* 1: dextra apart from extra, 2: may lie on it */
  int extra_recurs;       /* the last gate's W_hh multiplies extra, not h */
  unsigned makers; /* gates, a bit each, that lead on only through c or, where
                    * there is none, through the last gate, of their unit */
  void (*forward)(const rnn_layer *layer, size_t t);
  void (*backward)(const rnn_layer *layer, size_t t);
  void (*weights)(const rnn_layer *layer, size_t rows, rnn_part part);
  void (*scan)(const rnn_layer *layer, size_t from, size_t to);
  void (*scan_back)(const rnn_layer *layer, size_t from, size_t to);
  /* What follows from the gates of one unit of one sequence, but for what is
   * held (a bit for each, as rnn_hold counts them). `at`: where the unit is in
   * a matrix over time; a step later, PANEL reals on. NULL: nothing follows. */
  void (*settle)(const rnn_layer *layer, size_t at, unsigned held);
} rnn_cell;

/* Of both forms of the LSTM. */
void rnn_lstm_settle(const rnn_layer *layer, size_t at, unsigned held);

extern const rnn_cell rnn_vanilla, rnn_lstm, rnn_lstm_options, rnn_gru_after,
    rnn_gru_before, rnn_mingru, rnn_minlstm;

const rnn_cell *rnn_cell_of(const rnn_config *config);

/* All steps from `from` to `to`, and the way back through them. */
void rnn_cell_forward(const rnn_cell *cell, const rnn_layer *layer, size_t from,
                      size_t to);
void rnn_cell_backward(const rnn_cell *cell, const rnn_layer *layer,
                       size_t from, size_t to);

/* --- For the cells ------------------------------------------------------- */

/* Where step t of gate g begins in a matrix of gates. */
static inline real *gate_at(const rnn_layer *layer, real *matrix, size_t g,
                            size_t t) {
  return matrix + g * layer->P * layer->stride + t * layer->B * PANEL;
}

static inline real *step_at(const rnn_layer *layer, real *matrix, size_t t) {
  return matrix + t * layer->B * PANEL;
}

/* At step t, for gates `first` … `first + count − 1`, whose panels begin at
 * `out`: out += in · W_hh^T, normalised if the layer is. */
void rnn_recur(const rnn_layer *layer, size_t t, real *out, real *in,
               size_t first, size_t count);
/* The way back: din += dout · W_hh. */
void rnn_recur_back(const rnn_layer *layer, size_t t, real *din, real *dout,
                    size_t first, size_t count);
/* The gradient of those rows of W_hh, over all rows of the window: a part. */
void rnn_recur_weights(const rnn_layer *layer, real *in, real *dout,
                       size_t first, size_t count, size_t rows, rnn_part part);

/* The gradient of W_ih x: dpre, unless that is normalised. */
static inline real *rnn_dprojected(const rnn_layer *layer) {
  return layer->norm_ih.gain ? layer->norm_ih.dx : layer->dpre;
}

/* The same tanh as that of all units at once. */
real rnn_tanh(real x);

/* What pads the last panel must stay zero, but σ(0) is not. Of one step. */
void rnn_clear_padding(const rnn_layer *layer, real *states);

#endif
