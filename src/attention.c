#include "attention.h"

uint32_t rnn_key_size(const rnn_config *config) {
  return config->attention == RNN_ADDITIVE ? config->attention_size
                                           : config->hidden;
}

/* What a row of queries looks at. */
typedef struct {
  const rnn_window *w;
  const rnn_source *source;
  size_t E, K; /* panels of what the source says, and of a key */
  real *said, *dsaid;
  real *query, *dquery;
  const real *score; /* v; NULL: multiplicative */
} sight;

static sight sight_of(const rnn_window *w, const rnn_network *n, real *query,
                      real *dquery) {
  const rnn_window *from = &w->source->window;
  size_t last = n->config.layers - 1;
  return (sight){
      .w = w,
      .source = w->source,
      .E = rnn_said_panels(n->encoder),
      .K = PANELS(rnn_key_size(&n->config)),
      .said = rnn_said(from, n->encoder, last),
      .dsaid = dquery ? rnn_dsaid(from, n->encoder, last) : NULL,
      .query = query,
      .dquery = dquery,
      .score = parameter_panels(n, n->values, n->parameters.source.score).at};
}

/* Panel p of a step of the source, in the sequence of row r. */
static real *seen_at(const sight *of, real *matrix, size_t s, size_t r,
                     size_t p) {
  const rnn_window *from = &of->source->window;
  return matrix + p * from->stride + (s * from->B + r % from->B) * PANEL;
}

static real *own_at(const sight *of, real *matrix, size_t r, size_t p) {
  return matrix + p * of->w->stride + r * PANEL;
}

static real *share_at(const sight *of, size_t r, size_t s) {
  return own_at(of, of->w->shares, r, s / PANEL) + s % PANEL;
}

static size_t steps_seen(const sight *of, size_t r) {
  const rnn_window *from = &of->source->window;
  return from->lengths[r % from->B];
}

/* a · b, and a += b · x: of a panel. */
static real dot(const real *a, const real *b) {
  return sum_of_lanes(load(a) * load(b) + load(a + LANES) * load(b + LANES));
}

static void add_times(real *a, const real *b, real x) {
  store(a, load(a) + load(b) * splat(x));
  store(a + LANES, load(a + LANES) + load(b + LANES) * splat(x));
}

/* u = tanh(q + k), of a panel. */
static void compare(real *u, const real *q, const real *k) {
  store(u, load(q) + load(k));
  store(u + LANES, load(q + LANES) + load(k + LANES));
  tanh_of(u, u, PANEL);
}

/* --- Forward -------------------------------------------------------------- */

static real score(const sight *of, size_t r, size_t s) {
  real sum = 0, u[PANEL];
  for (size_t p = 0; p < of->K; p++) {
    const real *q = own_at(of, of->query, r, p);
    const real *k = seen_at(of, of->source->keys, s, r, p);
    if (of->score) {
      compare(u, q, k);
      q = u, k = of->score + p * PANEL;
    }
    sum += dot(q, k);
  }
  return sum;
}

/* a = softmax(e) over the source's own steps; zero behind them. */
static void share_out(const sight *of, size_t r) {
  size_t count = steps_seen(of, r);
  real most = score(of, r, 0), sum = 0;
  *share_at(of, r, 0) = most;
  for (size_t s = 1; s < count; s++) {
    real e = *share_at(of, r, s) = score(of, r, s);
    if (e > most) most = e;
  }
  for (size_t s = 0; s < count; s++)
    sum += *share_at(of, r, s) = real_exp(*share_at(of, r, s) - most);
  for (size_t s = 0; s < of->source->window.T; s++)
    *share_at(of, r, s) = s < count ? *share_at(of, r, s) / sum : 0;
}

static void look(const sight *of, size_t r) {
  share_out(of, r);
  for (size_t p = 0; p < of->E; p++) {
    real *to = own_at(of, of->w->context, r, p);
    store(to, splat(0)), store(to + LANES, splat(0));
    for (size_t s = 0; s < steps_seen(of, r); s++)
      add_times(to, seen_at(of, of->said, s, r, p), *share_at(of, r, s));
  }
}

/* --- Backward ------------------------------------------------------------- */

/* From the gradient of e to those of the query, the key and v. */
static void blame(const sight *of, size_t r, size_t s, real de) {
  real u[PANEL], g[PANEL];
  for (size_t p = 0; p < of->K; p++) {
    const real *q = own_at(of, of->query, r, p);
    const real *k = seen_at(of, of->source->keys, s, r, p);
    real *dq = own_at(of, of->dquery, r, p);
    real *dk = seen_at(of, of->source->dkeys, s, r, p);
    if (!of->score) {
      add_times(dq, k, de), add_times(dk, q, de);
      continue;
    }
    compare(u, q, k);
    add_times(of->source->dscore + p * PANEL, u, de);
    for (size_t i = 0; i < PANEL; i++)
      g[i] = of->score[p * PANEL + i] * (1 - u[i] * u[i]);
    add_times(dq, g, de), add_times(dk, g, de);
  }
}

/* From the gradient of the context; adds to all others. */
static void look_back(const sight *of, size_t r) {
  size_t count = steps_seen(of, r);
  real mean = 0, *da = of->source->dshares;
  for (size_t s = 0; s < count; s++) {
    da[s] = 0;
    for (size_t p = 0; p < of->E; p++) {
      const real *dcontext = own_at(of, of->w->dcontext, r, p);
      da[s] += dot(dcontext, seen_at(of, of->said, s, r, p));
      add_times(seen_at(of, of->dsaid, s, r, p), dcontext, *share_at(of, r, s));
    }
    mean += da[s] * *share_at(of, r, s);
  }
  for (size_t s = 0; s < count; s++)
    blame(of, r, s, *share_at(of, r, s) * (da[s] - mean));
}

/* --- Keys ----------------------------------------------------------------- */

static rnn_rows rows_from(const rnn_window *w, size_t count) {
  return (rnn_rows){w->B, count, w->stride, rnn_alone(w)};
}

void rnn_attention_keys(const rnn_window *w, const rnn_network *n) {
  const rnn_window *from = &w->source->window;
  rnn_rows rows = rows_from(from, from->T);
  size_t count = PANELS(rnn_key_size(&n->config));
  rnn_rows_clear(&rows, w->source->keys, count);
  rnn_rows_multiply(&rows, w->source->keys,
                    rnn_said(from, n->encoder, n->config.layers - 1),
                    parameter_panels(n, n->values, n->parameters.source.key),
                    rnn_said_panels(n->encoder) * PANEL, count);
}

void rnn_attention_keys_back(const rnn_window *w, const rnn_network *n,
                             real *dy) {
  const rnn_window *from = &w->source->window;
  rnn_rows rows = rows_from(from, from->T);
  rnn_rows_multiply(&rows, dy, w->source->dkeys, n->key_transposed,
                    PANELS(rnn_key_size(&n->config)) * PANEL,
                    rnn_said_panels(n->encoder));
}

/* --- Additive ------------------------------------------------------------- */

void rnn_attend_before(const rnn_window *w, const rnn_network *n, size_t t) {
  rnn_rows rows = rows_from(w, 1);
  size_t K = PANELS(n->config.attention_size), first = t * w->B;
  sight of = sight_of(w, n, w->query, NULL);
  rnn_rows_clear(&rows, rnn_row(w->query, first), K);
  rnn_rows_multiply(&rows, rnn_row(w->query, first),
                    rnn_row(w->strands[0].h, first),
                    parameter_panels(n, n->values, n->parameters.source.query),
                    w->strands[0].P * PANEL, K);
  for (size_t r = first; r < first + w->B; r++) look(&of, r);
}

void rnn_attend_before_back(const rnn_window *w, const rnn_network *n,
                            size_t t) {
  rnn_rows rows = rows_from(w, 1);
  size_t K = PANELS(n->config.attention_size), first = t * w->B;
  sight of = sight_of(w, n, w->query, w->dquery);
  rnn_rows_clear(&rows, rnn_row(w->dquery, first), K);
  for (size_t r = first; r < first + w->B; r++) look_back(&of, r);
  rnn_rows_multiply(&rows, rnn_row(w->strands[0].dh, first),
                    rnn_row(w->dquery, first), n->query_transposed, K * PANEL,
                    w->strands[0].P);
}

/* --- Multiplicative ------------------------------------------------------- */

void rnn_attend_after(const rnn_window *w, const rnn_network *n) {
  rnn_rows rows = rows_from(w, w->T);
  const rnn_source_parameters *at = &n->parameters.source;
  real *said = rnn_said(w, n, n->config.layers - 1);
  size_t P = PANELS(n->config.hidden), E = rnn_said_panels(n->encoder);
  sight of = sight_of(w, n, said, NULL);
  for (size_t r = 0; r < w->T * w->B; r++) look(&of, r);
  rnn_rows_clear(&rows, w->attended, P);
  rnn_rows_multiply(&rows, w->attended, w->context,
                    parameter_panels(n, n->values, at->of_context), E * PANEL,
                    P);
  rnn_rows_multiply(&rows, w->attended, said,
                    parameter_panels(n, n->values, at->of_state), P * PANEL, P);
  for (size_t p = 0; p < P; p++)
    tanh_of(w->attended + p * w->stride, w->attended + p * w->stride,
            w->T * w->B * PANEL);
}

void rnn_attend_after_back(const rnn_window *w, const rnn_network *n,
                           real *dsaid) {
  rnn_rows rows = rows_from(w, w->T);
  size_t P = PANELS(n->config.hidden), E = rnn_said_panels(n->encoder);
  sight of = sight_of(w, n, rnn_said(w, n, n->config.layers - 1), dsaid);
  for (size_t p = 0; p < P; p++)
    for (size_t i = 0; i < w->T * w->B * PANEL; i++) {
      real y = w->attended[p * w->stride + i];
      w->dattended[p * w->stride + i] *= 1 - y * y;
    }
  rnn_rows_clear(&rows, w->dcontext, E);
  rnn_rows_multiply(&rows, w->dcontext, w->dattended, n->of_context_transposed,
                    P * PANEL, E);
  rnn_rows_clear(&rows, dsaid, P);
  rnn_rows_multiply(&rows, dsaid, w->dattended, n->of_state_transposed,
                    P * PANEL, P);
  for (size_t r = 0; r < w->T * w->B; r++) look_back(&of, r);
}

/* --- Weights -------------------------------------------------------------- */

/* Of a weight of one gate: dw += in · dout. */
static void outer(const rnn_network *n, real *gradients, int index, real *in,
                  size_t inner, real *dout, const rnn_window *w) {
  kernel_outer(parameter_panels(n, gradients, index), (panels){in, w->stride},
               (panels){dout, w->stride}, w->T * w->B, inner * PANEL,
               PANELS(n->parameters.table[index].rows));
}

void rnn_attention_gradients(const rnn_window *w, const rnn_network *n,
                             real *gradients) {
  const rnn_source_parameters *at = &n->parameters.source;
  const rnn_window *from = &w->source->window;
  size_t last = n->config.layers - 1, E = rnn_said_panels(n->encoder);
  size_t P = PANELS(n->config.hidden);
  outer(n, gradients, at->key, rnn_said(from, n->encoder, last), E,
        w->source->dkeys, from);
  if (at->score >= 0) {
    real *dv = parameter_panels(n, gradients, at->score).at;
    for (size_t k = 0; k < PANELS(n->config.attention_size) * PANEL; k++)
      dv[k] += w->source->dscore[k];
    outer(n, gradients, at->query, w->strands[0].h, P, w->dquery, w);
  } else {
    outer(n, gradients, at->of_context, w->context, E, w->dattended, w);
    outer(n, gradients, at->of_state, rnn_said(w, n, last), P, w->dattended, w);
  }
}
