/* Layers over one another: inputs → cells → what the head reads, and back.
 *
 *   layer 0      pre = W_ih onehot(x) + b    gathered, since a column is enough
 *   other        pre = W_ih y + b            for all steps in one product
 *
 *   skip         pre += W_skip h(t−k)       for k steps at a time
 *
 * with layer_norm, pre = γ∘N(W_ih y) + b (layer_norm.h),
 * where y is an embedding, an input vector, or what the layer below says. Only
 * W_hh h waits for the step before, inside the cells. A second direction is a
 * layer that reads a mirrored input and is mirrored back (join.c).
 *
 * Sequences never meet on the way to the logits, nor on the way back to dpre:
 * each thread takes some of them. In the gradients of the weights they do;
 * there each thread takes some of the units, for all sequences. */
#include <string.h>

#include "attention.h"
#include "head.h"
#include "join.h"
#include "network.h"

static size_t directions(const rnn_network *n) {
  return rnn_directions(&n->config);
}

void rnn_layer_skip(rnn_layer *view, size_t row) {
  rnn_norm *ih = &view->norm_ih, *hh = &view->norm_hh, *c = &view->norm_c;
  real **matrices[] = {&view->pre,    &view->gates, &view->dpre,  &view->h,
                       &view->c,      &view->dh,    &view->dc,    &view->extra,
                       &view->dextra, &ih->x,       &ih->dx,      &ih->inverse,
                       &hh->x,        &hh->dx,      &hh->inverse, &c->x,
                       &c->dx,        &c->dy,       &c->inverse};
  for (size_t i = 0; i < sizeof matrices / sizeof matrices[0]; i++)
    *matrices[i] = rnn_row(*matrices[i], row);
}

/* The strand as a cell sees it that has only a part of the sequences. */
static rnn_layer view_of(const rnn_window *w, size_t strand, rnn_part part) {
  rnn_layer view = w->strands[strand];
  view.scratch = part.scratch;
  if (part.count == 1) return view;
  rnn_rows rows = rnn_window_rows(w, part);
  rnn_range b = rnn_rows_sequences(&rows);
  rnn_layer_skip(&view, b.from);
  view.rows = b.to - b.from;
  return view;
}

/* What strand d of layer l reads: (T·B, ·), NULL: symbols. */
static real *read_by(const rnn_window *w, const rnn_network *n, size_t l,
                     size_t d) {
  if (d) return w->mirrored[l];
  return l ? rnn_said(w, n, l - 1) : w->vectors;
}

static size_t panels_read(const rnn_network *n, size_t l) {
  return l ? rnn_said_panels(n) : PANELS(rnn_input_size(&n->config));
}

/* --- Forward ----------------------------------------------------------------
 */

static real *bias_of(const rnn_window *w, const rnn_network *n, size_t strand) {
  return w->bias +
         strand * (size_t)n->cell->gates * w->strands[strand].P * PANEL;
}

/* b_ih, and b_hh where the cell lets it be folded in. */
static void fold_biases(rnn_window *w, const rnn_network *n, size_t strand) {
  const rnn_strand_parameters *at = &n->parameters.strands[strand];
  const real *b_ih = parameter_panels(n, n->values, at->bias_ih).at;
  const real *b_hh = parameter_panels(n, n->values, at->bias_hh).at;
  size_t units = w->strands[strand].P * PANEL;
  size_t folded = (size_t)n->cell->folded * units;
  real *bias = bias_of(w, n, strand);
  for (size_t i = 0; i < (size_t)n->cell->gates * units; i++)
    bias[i] = i < folded ? b_ih[i] + b_hh[i] : b_ih[i];
}

void rnn_window_prepare(rnn_window *w, const rnn_network *n) {
  for (size_t i = 0; i < rnn_strands(&n->config); i++) fold_biases(w, n, i);
  if (n->tied.at) {
    const rnn_parameter *p = &n->parameters.table[n->parameters.embedding];
    kernel_transpose(n->tied,
                     parameter_panels(n, n->values, n->parameters.embedding),
                     p->inner, PANELS(p->columns));
  }
}

/* What the first layer reads, and its mirror. */
static void read_inputs(const rnn_window *w, const rnn_network *n,
                        const rnn_rows *rows) {
  if (n->config.input == RNN_EMBEDDING) {
    rnn_runs r = rnn_rows_runs(rows);
    panels table = parameter_panels(n, n->values, n->parameters.embedding);
    for (size_t i = 0; i < r.count; i++) {
      size_t row = r.first + i * r.step;
      kernel_gather((panels){rnn_row(w->vectors, row), w->stride}, table,
                    w->inputs + row, NULL, r.rows, panels_read(n, 0));
    }
  }
  if (w->mirrored_inputs) rnn_mirror_symbols(w, rows);
}

/* pre = b + γ∘N(W_ih y), where what is normalised is there. */
static void normalise_projection(const rnn_layer *layer, const real *bias,
                                 size_t gates, const rnn_rows *rows) {
  rnn_runs r = rnn_rows_runs(rows);
  rnn_rows_broadcast(rows, layer->pre, bias, gates * layer->P);
  for (size_t i = 0, row = r.first; i < r.count; i++, row += r.step)
    rnn_normalise(&layer->norm_ih, rnn_row(layer->pre, row), row, r.rows, 0,
                  gates);
}

static void project(const rnn_window *w, const rnn_network *n, size_t l,
                    size_t d, const rnn_rows *rows) {
  size_t strand = l * directions(n) + d;
  const rnn_layer *layer = &w->strands[strand];
  size_t gates = (size_t)n->cell->gates, count = gates * layer->P;
  panels weight =
      parameter_panels(n, n->values, n->parameters.strands[strand].weight_ih);
  const real *bias = bias_of(w, n, strand), *at_once = bias;
  real *in = read_by(w, n, l, d), *to = layer->pre;
  if (layer->norm_ih.gain) to = layer->norm_ih.x, at_once = NULL;
  const uint32_t *symbols = d ? w->mirrored_inputs : w->inputs;
  rnn_runs r = rnn_rows_runs(rows);
  if (in) {
    if (at_once)
      rnn_rows_broadcast(rows, to, at_once, count);
    else
      rnn_rows_clear(rows, to, count);
    rnn_rows_multiply(rows, to, in, weight, panels_read(n, l) * PANEL, count);
  }
  for (size_t i = 0, row = r.first; !in && i < r.count; i++, row += r.step)
    kernel_gather((panels){rnn_row(to, row), w->stride}, weight, symbols + row,
                  at_once, r.rows, count);
  if (!at_once) normalise_projection(layer, bias, gates, rows);
}

/* How many steps know all but the states before them: W_skip h(t−k) is there
 * for the next k, additive attention looks from each. The last states of an
 * encoder's sequences may be after any. */
static size_t steps_at_once(const rnn_window *w, const rnn_network *n,
                            size_t strand) {
  if (n->config.skip) return n->config.skip;
  int attends = rnn_attention(&n->config) == RNN_ADDITIVE && strand == 0;
  return attends || (RNN_SEQ2SEQ && w->dlast) ? 1 : w->T;
}

static void run_strand(const rnn_window *w, const rnn_network *n, size_t strand,
                       const rnn_rows *rows) {
  rnn_layer view = view_of(w, strand, rows->part);
  const rnn_layer *l = &w->strands[strand];
  size_t k = steps_at_once(w, n, strand);
  panels skip =
      parameter_panels(n, n->values, n->parameters.strands[strand].weight_skip);
  for (size_t from = 0, to; from < w->T; from = to) {
    to = w->T - from > k ? from + k : w->T;
    rnn_rows some = {w->B, to - from, w->stride, rows->part};
    if (rnn_has_source(w) && strand == 0) rnn_feed(w, n, from, to - from);
    if (skip.at)
      rnn_rows_multiply(&some, step_at(l, l->pre, from),
                        rnn_before(w, step_at(l, l->h, from), k - 1), skip,
                        l->P * PANEL, (size_t)n->cell->gates * l->P);
    if (w->hold_count)
      rnn_held_forward(w, n, strand, from, to);
    else
      rnn_cell_forward(n->cell, &view, from, to);
  }
}

void rnn_window_forward(rnn_window *w, const rnn_network *n, rnn_part part) {
  rnn_rows rows = rnn_window_rows(w, part);
  read_inputs(w, n, &rows);
  for (size_t l = 0; l < n->config.layers; l++) {
    if (w->mirrored[l])
      rnn_rows_mirror(&rows, w->mirrored[l], read_by(w, n, l, 0),
                      panels_read(n, l), w->lengths, 0);
    for (size_t d = 0; d < directions(n); d++) {
      project(w, n, l, d, &rows);
      run_strand(w, n, l * directions(n) + d, &rows);
    }
    if (w->clamp_count) rnn_clamp_units(w, n, l);
    if (w->said[l]) rnn_join(w, n, l, read_by(w, n, l, 0), &rows);
  }
  if (RNN_SEQ2SEQ && w->attended) rnn_attend_after(w, n);
  if (rnn_has_head(n)) rnn_head_forward(w, n, part);
}

/* --- Backward: what must be ready
 * --------------------------------------------- */

void rnn_transpose(const rnn_network *n, panels to, int weight, rnn_part part) {
  if (weight < 0) return;
  const rnn_parameter *p = &n->parameters.table[weight];
  panels from = parameter_panels(n, n->values, weight);
  rnn_range units =
      rnn_share(part, (size_t)(p->count / (p->inner * (uint64_t)PANEL)), 1);
  to.at += units.from * PANEL * PANEL;
  from.at += units.from * from.stride;
  kernel_transpose(to, from, p->inner, units.to - units.from);
}

static void zero(real *at, uint64_t count, rnn_part part) {
  rnn_range all = rnn_share(part, (size_t)count, PANEL);
  memset(at + all.from, 0, (all.to - all.from) * sizeof(real));
}

void rnn_window_prepare_backward(rnn_window *w, rnn_network *n, real *gradients,
                                 rnn_part part) {
  const rnn_parameters *all = &n->parameters;
  uint32_t own = n->config.head_layers + !n->tied.at;
  if (gradients) zero(gradients, all->reals, part);
  if (n->tied.at) zero(n->d_tied, all->table[all->embedding].count, part);
  for (uint32_t m = 0; m < own; m++)
    rnn_transpose(n, n->head_transposed[m], all->head[m].weight, part);
  for (size_t i = 0; i < rnn_strands(&n->config); i++) {
    rnn_transpose(n, n->w_hh_transposed[i], all->strands[i].weight_hh, part);
    rnn_transpose(n, n->w_skip_transposed[i], all->strands[i].weight_skip,
                  part);
    if (i >= directions(n) || w->dvectors)
      rnn_transpose(n, n->w_ih_transposed[i], all->strands[i].weight_ih, part);
  }
  if (rnn_has_source(w)) rnn_source_prepare_backward(w, n);
  if (w->arriving) zero(w->arriving, n->state_reals, part);
}

/* --- Backward: sequence by sequence
 * --------------------------------------------- */

/* What the segment after this one found for the state between them. */
static void arrive(const rnn_window *w, const rnn_network *n, real *states,
                   size_t state, rnn_range b) {
  const real *from =
      w->arriving ? w->arriving + state * rnn_state_count(&n->config) : NULL;
  for (size_t p = 0; from && p < w->strands[0].P; p++) {
    real *row = states + p * w->stride + w->T * w->B * PANEL;
    const real *kept = from + p * n->config.batch * PANEL;
    for (size_t i = b.from * PANEL; i < b.to * PANEL; i += LANES)
      store(row + i, load(row + i) + load(kept + i));
  }
}

/* And what this one found for the state before it. */
static void depart(const rnn_window *w, const rnn_network *n,
                   const real *states, size_t state, rnn_range b) {
  real *to =
      w->arriving ? w->arriving + state * rnn_state_count(&n->config) : NULL;
  for (size_t p = 0; to && p < w->strands[0].P; p++)
    memcpy(to + (p * n->config.batch + b.from) * PANEL,
           states + p * w->stride + b.from * PANEL,
           (b.to - b.from) * PANEL * sizeof(real));
}

void rnn_window_unrun(const rnn_window *w, const rnn_network *n, size_t strand,
                      const rnn_rows *rows) {
  rnn_layer view = view_of(w, strand, rows->part);
  const rnn_layer *l = &w->strands[strand];
  size_t k = steps_at_once(w, n, strand);
  for (size_t to = w->T, from; to > 0; to = from) {
    from = to > k ? to - k : 0;
    rnn_rows some = {w->B, to - from, w->stride, rows->part};
    if (RNN_SEQ2SEQ && w->dlast) rnn_last_arrive(w, n, strand, to);
    if (w->hold_count)
      rnn_held_backward(w, n, strand, from, to);
    else
      rnn_cell_backward(n->cell, &view, from, to);
    if (n->config.skip)
      rnn_rows_multiply(&some, rnn_before(w, step_at(l, l->dh, from), k - 1),
                        step_at(l, l->dpre, from), n->w_skip_transposed[strand],
                        (size_t)n->cell->gates * l->P * PANEL, l->P);
    if (rnn_has_source(w) && strand == 0) rnn_feed_back(w, n, from, to - from);
  }
  rnn_runs r = rnn_rows_runs(rows);
  if (l->norm_ih.gain)
    for (size_t i = 0, row = r.first; i < r.count; i++, row += r.step)
      rnn_normalise_back(&l->norm_ih, rnn_row(l->dpre, row), row, r.rows, 0,
                         (size_t)n->cell->gates);
}

/* From dh after each step to dpre. */
static void backward_strand(const rnn_window *w, const rnn_network *n,
                            size_t strand, const rnn_rows *rows) {
  const rnn_layer *layer = &w->strands[strand];
  rnn_range b = rnn_rows_sequences(rows);
  size_t L = n->config.layers, has_c = layer->dc != NULL;
  arrive(w, n, layer->dh, strand, b);
  for (size_t j = 1; j < rnn_history(&n->config); j++)
    arrive(w, n, rnn_before(w, layer->dh, j), (has_c + j) * L + strand, b);
  if (layer->dc) {
    rnn_rows last = {w->B, 1, w->stride, rows->part};
    rnn_rows_clear(&last, layer->dc + w->T * w->B * PANEL, layer->P);
    arrive(w, n, layer->dc, L + strand, b);
  }
  rnn_window_unrun(w, n, strand, rows);
  depart(w, n, layer->dh, strand, b);
  for (size_t j = 1; j < rnn_history(&n->config); j++)
    depart(w, n, rnn_before(w, layer->dh, j), (has_c + j) * L + strand, b);
  if (layer->dc) depart(w, n, layer->dc, L + strand, b);
  if (rnn_has_source(w)) rnn_source_depart(w, n, strand);
}

/* Adds to the gradient of what layer l reads. */
static void blame_input(const rnn_window *w, const rnn_network *n, size_t l,
                        size_t d, real *dread, const rnn_rows *rows) {
  size_t strand = l * directions(n) + d;
  const rnn_layer *layer = &w->strands[strand];
  size_t inner = (size_t)n->cell->gates * layer->P * PANEL;
  size_t count = panels_read(n, l);
  real *to = d ? w->dmirrored : dread;
  if (d) rnn_rows_clear(rows, to, count);
  rnn_rows_multiply(rows, to, rnn_dprojected(layer), n->w_ih_transposed[strand],
                    inner, count);
  if (d) rnn_rows_mirror(rows, dread, to, count, w->lengths, 1);
}

/* Zero, but for what leads past the cells. */
static void start_dread(const rnn_network *n, size_t l, real *dread,
                        const real *dsaid, const rnn_rows *rows) {
  rnn_rows_clear(rows, dread, panels_read(n, l));
  rnn_pass_input(n, l, dread, dsaid, 1, rows);
}

/* dh of the states before the first step, which no output sees. */
static void clear_initial(const rnn_window *w, const rnn_network *n,
                          const rnn_layer *layer, rnn_part part) {
  size_t before = rnn_history(&n->config);
  rnn_rows first = {w->B, before, w->stride, part};
  rnn_rows_clear(&first, rnn_before(w, layer->dh, before - 1), layer->P);
}

void rnn_window_backward_sequences(rnn_window *w, const rnn_network *n,
                                   rnn_part part) {
  rnn_rows rows = rnn_window_rows(w, part);
  size_t L = n->config.layers;
  if (rnn_has_head(n))
    rnn_head_backward(w, n,
                      RNN_SEQ2SEQ && w->attended ? w->dattended
                                                 : rnn_dsaid(w, n, L - 1),
                      part);
  if (RNN_SEQ2SEQ && w->attended)
    rnn_attend_after_back(w, n, rnn_dsaid(w, n, L - 1));
  for (size_t l = L; l-- > 0;) {
    real *dsaid = rnn_dsaid(w, n, l);
    real *dread = l ? rnn_dsaid(w, n, l - 1) : w->dvectors;
    for (size_t d = 0; d < directions(n); d++) {
      const rnn_layer *layer = &w->strands[l * directions(n) + d];
      clear_initial(w, n, layer, part);
      if (w->said[l])
        rnn_unjoin(w, n, l, d, rnn_after_steps(w, layer->dh), dsaid, &rows);
      backward_strand(w, n, l * directions(n) + d, &rows);
      if (!dread) continue;
      if (d == 0) start_dread(n, l, dread, dsaid, &rows);
      blame_input(w, n, l, d, dread, &rows);
    }
  }
  if (rnn_has_source(w)) rnn_source_backward_sequences(w, n);
}

/* --- Backward: unit by unit
 * --------------------------------------------------------- */

static void strand_gradients(rnn_window *w, const rnn_network *n,
                             real *gradients, size_t l, size_t d,
                             rnn_part part) {
  size_t strand = l * directions(n) + d;
  rnn_layer view = w->strands[strand];
  const rnn_strand_parameters *at = &n->parameters.strands[strand];
  size_t rows = w->T * w->B, folded = (size_t)n->cell->folded * view.P;
  view.dw_hh = parameter_panels(n, gradients, at->weight_hh);
  view.db_hh = parameter_panels(n, gradients, at->bias_hh).at;
  view.dpeephole = parameter_panels(n, gradients, at->peephole).at;
  view.norm_ih.dgain = parameter_panels(n, gradients, at->norm_ih).at;
  view.norm_hh.dgain = parameter_panels(n, gradients, at->norm_hh).at;
  view.norm_c.dgain = parameter_panels(n, gradients, at->norm_c).at;
  view.norm_c.dbias = parameter_panels(n, gradients, at->norm_c_bias).at;
  if (n->cell->weights) n->cell->weights(&view, rows, part);

  rnn_range units = rnn_share(part, (size_t)n->cell->gates * view.P, 1);
  size_t count = units.to - units.from;
  panels dpre = {view.dpre + units.from * w->stride, w->stride};
  panels dw = parameter_panels(n, gradients, at->weight_ih);
  dw.at += units.from * dw.stride;
  real *db = parameter_panels(n, gradients, at->bias_ih).at;
  kernel_column_sums(db + units.from * PANEL, dpre, rows, count);
  if (n->config.skip) {
    panels skip = parameter_panels(n, gradients, at->weight_skip);
    skip.at += units.from * skip.stride;
    kernel_outer(skip,
                 (panels){rnn_before(w, view.h, n->config.skip - 1), w->stride},
                 dpre, rows, view.P * PANEL, count);
  }
  for (size_t p = units.from; p < units.to && p < folded; p++)
    memcpy(view.db_hh + p * PANEL, db + p * PANEL, PANEL * sizeof(real));
  if (view.norm_ih.gain)
    rnn_norm_gains(&view.norm_ih, view.dpre, rows, 0, (size_t)n->cell->gates,
                   part);
  dpre.at = rnn_dprojected(&view) + units.from * w->stride;
  real *in = read_by(w, n, l, d);
  if (in)
    kernel_outer(dw, (panels){in, w->stride}, dpre, rows,
                 panels_read(n, l) * PANEL, count);
  else
    kernel_scatter(dw, dpre, d ? w->mirrored_inputs : w->inputs, rows, count);
}

static void embedding_gradients(rnn_window *w, const rnn_network *n,
                                real *gradients, rnn_part part) {
  rnn_range units = rnn_share(part, panels_read(n, 0), 1);
  panels dw = parameter_panels(n, gradients, n->parameters.embedding);
  if (n->tied.at) {
    rnn_team_meet(part);
    rnn_head_untie(n, gradients, units.from, units.to);
  }
  dw.at += units.from * dw.stride;
  kernel_scatter(dw, (panels){w->dvectors + units.from * w->stride, w->stride},
                 w->inputs, w->T * w->B, units.to - units.from);
}

void rnn_window_gradients(rnn_window *w, const rnn_network *n, real *gradients,
                          rnn_part part) {
  if (rnn_has_head(n)) rnn_head_gradients(w, n, gradients, part);
  for (size_t l = n->config.layers; l-- > 0;)
    for (size_t d = 0; d < directions(n); d++)
      strand_gradients(w, n, gradients, l, d, part);
  if (n->parameters.embedding >= 0 && !n->config.freeze_embedding)
    embedding_gradients(w, n, gradients, part);
  if (rnn_has_source(w)) rnn_source_gradients(w, n, gradients);
}

void rnn_window_backward(rnn_window *w, const rnn_network *n, real *gradients,
                         rnn_part part) {
  rnn_window_backward_sequences(w, n, part);
  rnn_team_meet(part);
  rnn_window_gradients(w, n, gradients, part);
}
