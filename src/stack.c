/* Layers over one another: one-hot symbols → cells → logits, and back.
 *
 *   layer 0      pre = W_ih onehot(x) + b    gathered, since a column is enough
 *   layer l > 0  pre = W_ih h^(l−1) + b      for all steps in one product
 *   output       logits = W_out h^(L−1) + b_out
 *
 * Only W_hh h waits for the step before, inside the cells.
 *
 * Sequences never meet on the way to the logits, nor on the way back to dpre:
 * each thread takes some of them. In the gradients of the weights they do;
 * there each thread takes some of the units, for all sequences. */
#include <string.h>

#include "losses/loss.h"
#include "network.h"

/* --- A part of the sequences ------------------------------------------------
 */

/* Rows that lie together: all of the window for one thread, else a run of them
 * in each step. Run i begins at row `first` + i · `step`. */
typedef struct {
  size_t first, step, rows, count;
} runs;

static rnn_range sequences(const rnn_window *w, rnn_part part) {
  return rnn_share(part, w->B, 4); /* a tile of the kernels has 4 rows */
}

static runs runs_of(const rnn_window *w, rnn_part part) {
  rnn_range b = sequences(w, part);
  if (part.count == 1) return (runs){0, 0, w->T * w->B, 1};
  return (runs){b.from, w->B, b.to - b.from, w->T};
}

static real *from_row(real *matrix, size_t row) {
  return row ? matrix + row * PANEL : matrix;
}

static panels rows_at(const rnn_window *w, real *matrix, size_t row) {
  return (panels){from_row(matrix, row), w->stride};
}

/* The layer as a cell sees it that has only a part of the sequences. */
static rnn_layer view_of(const rnn_window *w, size_t l, rnn_part part) {
  rnn_layer view = w->layers[l];
  view.scratch = part.scratch;
  if (part.count == 1) return view;
  rnn_range b = sequences(w, part);
  real **matrices[] = {&view.pre, &view.gates, &view.dpre,
                       &view.h,   &view.c,     &view.dh,
                       &view.dc,  &view.extra, &view.dextra};
  for (size_t i = 0; i < sizeof matrices / sizeof matrices[0]; i++)
    if (*matrices[i]) *matrices[i] = from_row(*matrices[i], b.from);
  view.rows = b.to - b.from;
  return view;
}

/* out += in · w^T for the part's rows of all steps. */
static void multiply(const rnn_window *w, real *out, real *in, panels weight,
                     size_t inner, size_t count, rnn_part part) {
  runs r = runs_of(w, part);
  for (size_t i = 0; i < r.count; i++) {
    size_t row = r.first + i * r.step;
    kernel_multiply(rows_at(w, out, row), rows_at(w, in, row), weight, r.rows,
                    inner, count, part.scratch);
  }
}

static void broadcast(const rnn_window *w, real *out, const real *bias,
                      size_t count, rnn_part part) {
  runs r = runs_of(w, part);
  for (size_t i = 0; i < r.count; i++)
    kernel_broadcast(rows_at(w, out, r.first + i * r.step), bias, r.rows,
                     count);
}

/* Zeroes the part's rows of steps `from` … `to` − 1. */
static void clear(const rnn_window *w, real *matrix, size_t from, size_t to,
                  size_t count, rnn_part part) {
  rnn_range b = sequences(w, part);
  for (size_t p = 0; p < count; p++)
    for (size_t t = from; t < to; t++)
      memset(matrix + p * w->stride + (t * w->B + b.from) * PANEL, 0,
             (b.to - b.from) * PANEL * sizeof(real));
}

/* --- Forward ----------------------------------------------------------------
 */

static real *bias_of(const rnn_window *w, const rnn_network *n, size_t l) {
  return w->bias + l * (size_t)n->cell->gates * w->layers[l].P * PANEL;
}

/* b_ih, and b_hh where the cell lets it be folded in. */
void rnn_window_prepare(rnn_window *w, const rnn_network *n) {
  for (size_t l = 0; l < n->config.layers; l++) {
    const rnn_layer_parameters *at = &n->parameters.layers[l];
    const real *b_ih = parameter_panels(n, n->values, at->bias_ih).at;
    const real *b_hh = parameter_panels(n, n->values, at->bias_hh).at;
    size_t units = w->layers[l].P * PANEL;
    size_t folded = (size_t)n->cell->folded * units;
    real *bias = bias_of(w, n, l);
    for (size_t i = 0; i < (size_t)n->cell->gates * units; i++)
      bias[i] = i < folded ? b_ih[i] + b_hh[i] : b_ih[i];
  }
}

/* The states after each step, of ((T+1)·B, H) that begin before the first. */
static real *after_steps(const rnn_window *w, real *states) {
  return states + w->B * PANEL;
}

static void project(const rnn_window *w, const rnn_network *n, size_t l,
                    rnn_part part) {
  const rnn_layer *layer = &w->layers[l];
  size_t count = (size_t)n->cell->gates * layer->P;
  panels weight =
      parameter_panels(n, n->values, n->parameters.layers[l].weight_ih);
  const real *bias = bias_of(w, n, l);
  if (l > 0) {
    broadcast(w, layer->pre, bias, count, part);
    multiply(w, layer->pre, after_steps(w, w->layers[l - 1].h), weight,
             layer->P * PANEL, count, part);
    return;
  }
  runs r = runs_of(w, part);
  for (size_t i = 0; i < r.count; i++) {
    size_t row = r.first + i * r.step;
    kernel_gather(rows_at(w, layer->pre, row), weight, w->inputs + row, bias,
                  r.rows, count);
  }
}

void rnn_window_forward(rnn_window *w, const rnn_network *n, rnn_part part) {
  size_t L = n->config.layers, count = PANELS(n->config.vocabulary);
  for (size_t l = 0; l < L; l++) {
    rnn_layer view = view_of(w, l, part);
    project(w, n, l, part);
    for (size_t t = 0; t < w->T; t++) n->cell->forward(&view, t);
  }
  const rnn_layer *top = &w->layers[L - 1];
  const rnn_parameters *all = &n->parameters;
  broadcast(w, w->logits.at,
            parameter_panels(n, n->values, all->output_bias).at, count, part);
  multiply(w, w->logits.at, after_steps(w, top->h),
           parameter_panels(n, n->values, all->output_weight), top->P * PANEL,
           count, part);
}

void rnn_window_loss(rnn_window *w, const rnn_network *n, size_t counted,
                     rnn_part part) {
  runs r = runs_of(w, part);
  for (size_t i = 0; i < r.count; i++) {
    size_t row = r.first + i * r.step;
    rnn_cross_entropy(rows_at(w, w->p.at, row), rows_at(w, w->dlogits.at, row),
                      w->losses + row, rows_at(w, w->logits.at, row),
                      w->targets + row, r.rows, n->config.vocabulary,
                      (real)(1 / (double)counted));
  }
}

double rnn_window_total_loss(const rnn_window *w) {
  double total = 0;
  for (size_t r = 0; r < w->steps * w->B; r++) total += w->losses[r];
  return total;
}

/* --- Backward: what must be ready
 * --------------------------------------------- */

static void transpose(const rnn_network *n, panels to, int weight, size_t inner,
                      rnn_part part) {
  const rnn_parameter *p = &n->parameters.table[weight];
  panels from = parameter_panels(n, n->values, weight);
  rnn_range units =
      rnn_share(part, (size_t)(p->count / (p->inner * (uint64_t)PANEL)), 1);
  to.at += units.from * PANEL * PANEL;
  from.at += units.from * from.stride;
  kernel_transpose(to, from, inner, units.to - units.from);
}

void rnn_window_prepare_backward(rnn_window *w, rnn_network *n, real *gradients,
                                 rnn_part part) {
  size_t inner = w->layers[0].P * PANEL;
  rnn_range all = rnn_share(part, (size_t)n->parameters.reals, PANEL);
  memset(gradients + all.from, 0, (all.to - all.from) * sizeof(real));
  transpose(n, n->w_out_transposed, n->parameters.output_weight, inner, part);
  for (size_t l = 0; l < n->config.layers; l++) {
    const rnn_layer_parameters *at = &n->parameters.layers[l];
    transpose(n, n->w_hh_transposed[l], at->weight_hh, inner, part);
    if (l) transpose(n, n->w_ih_transposed[l], at->weight_ih, inner, part);
  }
  if (!w->arriving) return;
  rnn_range state = rnn_share(
      part, (size_t)(rnn_state_parts(n) * rnn_state_count(&n->config)), PANEL);
  memset(w->arriving + state.from, 0, (state.to - state.from) * sizeof(real));
}

/* --- Backward: sequence by sequence
 * --------------------------------------------- */

/* What is above a layer, output or layer, tells it its dh. */
static void blame(const rnn_window *w, size_t l, real *dabove, panels weight,
                  size_t inner, rnn_part part) {
  const rnn_layer *layer = &w->layers[l];
  clear(w, layer->dh, 0, w->T + 1, layer->P, part);
  multiply(w, after_steps(w, layer->dh), dabove, weight, inner, layer->P, part);
}

/* What the segment after this one found for the state between them. */
static void arrive(const rnn_window *w, const rnn_network *n, real *states,
                   size_t state, rnn_part part) {
  rnn_range b = sequences(w, part);
  const real *from =
      w->arriving ? w->arriving + state * rnn_state_count(&n->config) : NULL;
  for (size_t p = 0; from && p < w->layers[0].P; p++) {
    real *row = states + p * w->stride + w->T * w->B * PANEL;
    const real *kept = from + p * n->config.batch * PANEL;
    for (size_t i = b.from * PANEL; i < b.to * PANEL; i += LANES)
      store(row + i, load(row + i) + load(kept + i));
  }
}

/* And what this one found for the state before it. */
static void depart(const rnn_window *w, const rnn_network *n,
                   const real *states, size_t state, rnn_part part) {
  rnn_range b = sequences(w, part);
  real *to =
      w->arriving ? w->arriving + state * rnn_state_count(&n->config) : NULL;
  for (size_t p = 0; to && p < w->layers[0].P; p++)
    memcpy(to + (p * n->config.batch + b.from) * PANEL,
           states + p * w->stride + b.from * PANEL,
           (b.to - b.from) * PANEL * sizeof(real));
}

static void backward_sequences(rnn_window *w, const rnn_network *n,
                               rnn_part part) {
  size_t L = n->config.layers;
  blame(w, L - 1, w->dlogits.at, n->w_out_transposed,
        PANELS(n->config.vocabulary) * PANEL, part);
  for (size_t l = L; l-- > 0;) {
    const rnn_layer *layer = &w->layers[l];
    rnn_layer view = view_of(w, l, part);
    arrive(w, n, layer->dh, l, part);
    if (layer->dc) {
      clear(w, layer->dc, w->T, w->T + 1, view.P, part);
      arrive(w, n, layer->dc, L + l, part);
    }
    for (size_t t = w->T; t-- > 0;) n->cell->backward(&view, t);
    depart(w, n, layer->dh, l, part);
    if (layer->dc) depart(w, n, layer->dc, L + l, part);
    if (l)
      blame(w, l - 1, w->layers[l].dpre, n->w_ih_transposed[l],
            (size_t)n->cell->gates * view.P * PANEL, part);
  }
}

/* --- Backward: unit by unit
 * --------------------------------------------------------- */

static panels from_panel(panels m, size_t n) {
  return (panels){m.at + n * m.stride, m.stride};
}

static void output_gradients(const rnn_window *w, const rnn_network *n,
                             real *gradients, rnn_part part) {
  const rnn_layer *top = &w->layers[n->config.layers - 1];
  const rnn_parameters *all = &n->parameters;
  rnn_range units = rnn_share(part, PANELS(n->config.vocabulary), 1);
  size_t rows = w->T * w->B, count = units.to - units.from;
  panels dlogits = from_panel(w->dlogits, units.from);
  panels dw = parameter_panels(n, gradients, all->output_weight);
  real *db = parameter_panels(n, gradients, all->output_bias).at;
  kernel_outer(from_panel(dw, units.from),
               (panels){after_steps(w, top->h), w->stride}, dlogits, rows,
               top->P * PANEL, count);
  kernel_column_sums(db + units.from * PANEL, dlogits, rows, count);
}

static void layer_gradients(rnn_window *w, const rnn_network *n,
                            real *gradients, size_t l, rnn_part part) {
  rnn_layer view = w->layers[l];
  const rnn_layer_parameters *at = &n->parameters.layers[l];
  size_t rows = w->T * w->B, folded = (size_t)n->cell->folded * view.P;
  view.dw_hh = parameter_panels(n, gradients, at->weight_hh);
  view.db_hh = parameter_panels(n, gradients, at->bias_hh).at;
  n->cell->weights(&view, rows, part);

  rnn_range units = rnn_share(part, (size_t)n->cell->gates * view.P, 1);
  size_t count = units.to - units.from;
  panels dpre = from_panel((panels){view.dpre, w->stride}, units.from);
  panels dw =
      from_panel(parameter_panels(n, gradients, at->weight_ih), units.from);
  real *db = parameter_panels(n, gradients, at->bias_ih).at;
  kernel_column_sums(db + units.from * PANEL, dpre, rows, count);
  for (size_t p = units.from; p < units.to && p < folded; p++)
    memcpy(view.db_hh + p * PANEL, db + p * PANEL, PANEL * sizeof(real));
  if (l == 0)
    kernel_scatter(dw, dpre, w->inputs, rows, count);
  else
    kernel_outer(dw, (panels){after_steps(w, w->layers[l - 1].h), w->stride},
                 dpre, rows, view.P * PANEL, count);
}

void rnn_window_backward(rnn_window *w, const rnn_network *n, real *gradients,
                         rnn_part part) {
  backward_sequences(w, n, part);
  rnn_team_meet(part);
  output_gradients(w, n, gradients, part);
  for (size_t l = n->config.layers; l-- > 0;)
    layer_gradients(w, n, gradients, l, part);
}
