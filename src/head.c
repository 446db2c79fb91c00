#include "head.h"

#include "losses/loss.h"

/* --- Pooling over time ------------------------------------------------------
 */

static real *number_at(const rnn_window *w, real *matrix, size_t p, size_t t,
                       size_t b) {
  return matrix + p * w->stride + (t * w->B + b) * PANEL;
}

/* The last step that the strand of panel p reads of a sequence. */
static size_t last_step(const rnn_window *w, const rnn_network *n, size_t p,
                        size_t b) {
  return p < PANELS(n->config.hidden) ? w->lengths[b] - 1 : 0;
}

/* The first step at which a number is largest. */
static size_t largest_step(const rnn_window *w, real *said, size_t p, size_t b,
                           size_t i) {
  size_t best = 0;
  for (size_t t = 1; t < w->lengths[b]; t++)
    if (number_at(w, said, p, t, b)[i] > number_at(w, said, p, best, b)[i])
      best = t;
  return best;
}

static void pool_panel(const rnn_window *w, const rnn_network *n, real *said,
                       size_t p, size_t b) {
  real *to = number_at(w, w->pooled, p, 0, b);
  size_t length = w->lengths[b], last = last_step(w, n, p, b);
  for (size_t i = 0; i < PANEL; i++) {
    real sum = 0;
    switch (n->config.pool) {
    case RNN_LAST: to[i] = number_at(w, said, p, last, b)[i]; break;
    case RNN_MEAN:
      for (size_t t = 0; t < length; t++) sum += number_at(w, said, p, t, b)[i];
      to[i] = sum / (real)length;
      break;
    default:
      to[i] = number_at(w, said, p, largest_step(w, said, p, b, i), b)[i];
    }
  }
}

/* dsaid is zero. */
static void unpool_panel(const rnn_window *w, const rnn_network *n, real *said,
                         real *dsaid, size_t p, size_t b) {
  const real *from = number_at(w, w->dpooled, p, 0, b);
  size_t length = w->lengths[b], last = last_step(w, n, p, b);
  for (size_t i = 0; i < PANEL; i++) switch (n->config.pool) {
    case RNN_LAST: number_at(w, dsaid, p, last, b)[i] = from[i]; break;
    case RNN_MEAN:
      for (size_t t = 0; t < length; t++)
        number_at(w, dsaid, p, t, b)[i] = from[i] / (real)length;
      break;
    default:
      number_at(w, dsaid, p, largest_step(w, said, p, b, i), b)[i] = from[i];
    }
}

/* --- Linear layers
 * ------------------------------------------------------------ */

/* What linear layer m of the head reads. */
static real *read_by(const rnn_window *w, const rnn_network *n, uint32_t m) {
  if (m) return w->hidden[m - 1];
  if (RNN_SEQ2SEQ && w->attended) return w->attended;
  return w->pooled ? w->pooled : rnn_said(w, n, n->config.layers - 1);
}

static size_t panels_read(const rnn_network *n, uint32_t m) {
  return m ? PANELS(n->config.head_size) : rnn_said_panels(n);
}

/* What it says, and the gradient of that. */
static real *said_by(const rnn_window *w, const rnn_network *n, uint32_t m) {
  return m < n->config.head_layers ? w->hidden[m] : w->logits.at;
}

static real *dsaid_by(const rnn_window *w, const rnn_network *n, uint32_t m) {
  return m < n->config.head_layers ? w->dhidden[m] : w->dlogits.at;
}

static size_t panels_said(const rnn_network *n, uint32_t m) {
  return PANELS(m < n->config.head_layers ? n->config.head_size
                                          : rnn_outputs(&n->config));
}

static panels weight_of(const rnn_network *n, uint32_t m) {
  return m == n->config.head_layers && n->tied.at
             ? n->tied
             : parameter_panels(n, n->values, n->parameters.head[m].weight);
}

/* d = 0 wherever relu(x) is; without d, x = relu(x). */
static void rectify(const rnn_rows *rows, real *x, real *d, size_t count) {
  rnn_runs r = rnn_rows_runs(rows);
  for (size_t p = 0; p < count; p++)
    for (size_t run = 0; run < r.count; run++) {
      size_t start = p * rows->stride + (r.first + run * r.step) * PANEL;
      for (size_t i = start; i < start + r.rows * PANEL; i += LANES) {
        real *to = d ? d + i : x + i;
        store(to, choose(load(x + i) > splat(0), load(to), splat(0)));
      }
    }
}

void rnn_head_forward(rnn_window *w, const rnn_network *n, rnn_part part) {
  rnn_rows rows = rnn_head_rows(w, part);
  rnn_range b = rnn_rows_sequences(&rows);
  for (size_t p = 0; w->pooled && p < rnn_said_panels(n); p++)
    for (size_t i = b.from; i < b.to; i++)
      pool_panel(w, n, rnn_said(w, n, n->config.layers - 1), p, i);
  for (uint32_t m = 0; m <= n->config.head_layers; m++) {
    size_t count = panels_said(n, m);
    real *said = said_by(w, n, m);
    rnn_rows_broadcast(
        &rows, said,
        parameter_panels(n, n->values, n->parameters.head[m].bias).at, count);
    rnn_rows_multiply(&rows, said, read_by(w, n, m), weight_of(n, m),
                      panels_read(n, m) * PANEL, count);
    if (m < n->config.head_layers) rectify(&rows, said, NULL, count);
  }
}

void rnn_head_backward(rnn_window *w, const rnn_network *n, real *dsaid,
                       rnn_part part) {
  rnn_rows rows = rnn_head_rows(w, part), all = rnn_window_rows(w, part);
  for (uint32_t m = n->config.head_layers + 1; m-- > 0;) {
    size_t count = panels_read(n, m);
    real *dread = m ? w->dhidden[m - 1] : w->pooled ? w->dpooled : dsaid;
    rnn_rows_clear(&rows, dread, count);
    rnn_rows_multiply(&rows, dread, dsaid_by(w, n, m), n->head_transposed[m],
                      panels_said(n, m) * PANEL, count);
    if (m) rectify(&rows, w->hidden[m - 1], dread, count);
  }
  if (!w->pooled) return;
  rnn_rows_clear(&all, dsaid, rnn_said_panels(n));
  rnn_range b = rnn_rows_sequences(&rows);
  for (size_t p = 0; p < rnn_said_panels(n); p++)
    for (size_t i = b.from; i < b.to; i++)
      unpool_panel(w, n, rnn_said(w, n, n->config.layers - 1), dsaid, p, i);
}

void rnn_head_gradients(rnn_window *w, const rnn_network *n, real *gradients,
                        rnn_part part) {
  size_t rows = rnn_head_rows(w, part).T * w->B;
  for (uint32_t m = 0; m <= n->config.head_layers; m++) {
    const rnn_linear_parameters *at = &n->parameters.head[m];
    rnn_range units = rnn_share(part, panels_said(n, m), 1);
    size_t count = units.to - units.from;
    panels dsaid = {dsaid_by(w, n, m) + units.from * w->stride, w->stride};
    panels dw = m == n->config.head_layers && n->tied.at
                    ? (panels){n->d_tied, n->tied.stride}
                    : parameter_panels(n, gradients, at->weight);
    real *db = parameter_panels(n, gradients, at->bias).at;
    dw.at += units.from * dw.stride;
    kernel_outer(dw, (panels){read_by(w, n, m), w->stride}, dsaid, rows,
                 panels_read(n, m) * PANEL, count);
    kernel_column_sums(db + units.from * PANEL, dsaid, rows, count);
  }
}

void rnn_head_untie(const rnn_network *n, real *gradients, size_t from,
                    size_t to) {
  panels dw = parameter_panels(n, gradients, n->parameters.embedding);
  uint32_t V = n->config.vocabulary;
  for (size_t p = from; p < to; p++)
    for (size_t v = 0; v < V; v++)
      for (size_t i = 0; i < PANEL; i++)
        dw.at[p * dw.stride + v * PANEL + i] +=
            n->d_tied[v / PANEL * n->tied.stride + (p * PANEL + i) * PANEL +
                      v % PANEL];
}

/* --- Loss -------------------------------------------------------------------
 */

void rnn_window_loss(rnn_window *w, const rnn_network *n, size_t counted,
                     rnn_part part) {
  rnn_rows rows = rnn_head_rows(w, part);
  rnn_runs r = rnn_rows_runs(&rows);
  for (size_t i = 0; i < r.count; i++) {
    size_t row = r.first + i * r.step;
    rnn_loss_rows of = {
        .p = {rnn_row(w->p.at, row), w->stride},
        .dlogits = {rnn_row(w->dlogits.at, row), w->stride},
        .logits = {rnn_row(w->logits.at, row), w->stride},
        .losses = w->losses + row,
        .targets = w->targets + row,
        .values = {rnn_row(w->values, row), w->stride},
        .rows = r.rows,
        .outputs = rnn_outputs(&n->config),
        .scale = (real)(1 / (double)counted),
        .smoothing = (real)n->config.label_smoothing,
    };
    rnn_loss(&of, n->config.loss);
  }
}

double rnn_window_total_loss(const rnn_window *w) {
  double total = 0;
  for (size_t r = 0; r < rnn_head_count(w); r++) total += w->losses[r];
  return total;
}
