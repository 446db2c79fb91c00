#include "join.h"

uint32_t rnn_mix(uint32_t x) {
  x = (x ^ (x >> 16)) * 0x85ebca6bu;
  x = (x ^ (x >> 13)) * 0xc2b2ae35u;
  return x ^ (x >> 16);
}

/* What to multiply the numbers of a panel with, in step t (mirrored as the
 * strand has it) of sequence b. */
typedef struct {
  uint32_t key, threshold;
  int each_step;
  size_t B, P, first; /* first: steps before those in work */
  real kept;
} dropout;

static dropout dropout_of(const rnn_window *w, const rnn_network *n, size_t l,
                          size_t d) {
  const rnn_config *config = &n->config;
  double rate = w->dropping && l + 1 < config->layers ? config->dropout : 0;
  return (dropout){.key = rnn_mix(w->dropout_key + (uint32_t)(2 * l + d)),
                   .threshold = (uint32_t)(rate * 4294967296.0),
                   .each_step = config->dropout_mask == 0,
                   .B = w->B,
                   .P = PANELS(config->hidden),
                   .first = w->first,
                   .kept = (real)(1 / (1 - rate))};
}

LANES_INLINE lanes masked(const dropout *drop, lanes x, size_t p, size_t t,
                          size_t b, size_t i) {
  if (!drop->threshold) return x;
  size_t row = drop->each_step ? (drop->first + t) * drop->B + b : b;
  uint32_t place = (uint32_t)((row * drop->P + p) * PANEL + i);
  lanes factor;
  for (uint32_t k = 0; k < LANES; k++)
    factor[k] = rnn_mix(drop->key ^ rnn_mix(place + k)) >= drop->threshold
                    ? drop->kept
                    : 0;
  return x * factor;
}

/* Step t of sequence b as a strand counts steps. */
static size_t strand_step(const rnn_window *w, size_t d, size_t t, size_t b) {
  return d && t < w->lengths[b] ? w->lengths[b] - 1 - t : t;
}

/* Between rows as the strand has them and as all others do. */
static void pass(const rnn_window *w, const rnn_network *n, size_t l, size_t d,
                 real *said, real *states, int back, const rnn_rows *rows) {
  dropout drop = dropout_of(w, n, l, d);
  rnn_range part = rnn_rows_sequences(rows);
  size_t P = PANELS(n->config.hidden);
  for (size_t p = 0; p < P; p++)
    for (size_t t = 0; t < w->T; t++)
      for (size_t b = part.from; b < part.to; b++) {
        size_t s = strand_step(w, d, t, b);
        real *outer = said + (d * P + p) * w->stride + (t * w->B + b) * PANEL;
        real *inner = states + p * w->stride + (s * w->B + b) * PANEL;
        for (size_t i = 0; i < PANEL; i += LANES)
          if (back)
            store(inner + i, masked(&drop, load(outer + i), p, s, b, i));
          else
            store(outer + i, masked(&drop, load(inner + i), p, s, b, i));
      }
}

/* Column c of a row, of the panels that begin with its first. */
static size_t column_at(const rnn_rows *rows, size_t c) {
  return c / PANEL * rows->stride + c % PANEL;
}

void rnn_pass_input(const rnn_network *n, size_t l, real *to, const real *from,
                    int back, const rnn_rows *rows) {
  size_t H = n->config.hidden, D = rnn_directions(&n->config);
  size_t padded = PANELS(H) * PANEL;
  rnn_runs r = rnn_rows_runs(rows);
  if (!rnn_adds_input(&n->config, l)) return;
  for (size_t c = 0; c < D * H; c++) {
    size_t said = column_at(rows, c / H * padded + c % H);
    size_t read = l ? said : column_at(rows, c);
    for (size_t run = 0; run < r.count; run++) {
      size_t row = (r.first + run * r.step) * PANEL;
      real *sum = to + row + (back ? read : said);
      const real *more = from + row + (back ? said : read);
      for (size_t i = 0; i < r.rows * PANEL; i += PANEL) sum[i] += more[i];
    }
  }
}

void rnn_join(const rnn_window *w, const rnn_network *n, size_t l,
              const real *read, const rnn_rows *rows) {
  size_t D = rnn_directions(&n->config);
  for (size_t d = 0; d < D; d++)
    pass(w, n, l, d, w->said[l], rnn_after_steps(w, w->strands[l * D + d].h), 0,
         rows);
  rnn_pass_input(n, l, w->said[l], read, 0, rows);
}

void rnn_unjoin(const rnn_window *w, const rnn_network *n, size_t l, size_t d,
                real *dh, const real *dsaid, const rnn_rows *rows) {
  pass(w, n, l, d, (real *)dsaid, dh, 1, rows);
}

void rnn_mirror_symbols(const rnn_window *w, const rnn_rows *rows) {
  rnn_range part = rnn_rows_sequences(rows);
  for (size_t t = 0; t < w->T; t++)
    for (size_t b = part.from; b < part.to; b++)
      w->mirrored_inputs[t * w->B + b] =
          w->inputs[strand_step(w, 1, t, b) * w->B + b];
}
