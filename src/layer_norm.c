#include "layer_norm.h"

static const real EPSILON = (real)1e-5;

/* One gate in one row: panels a stride apart, but for γ. */
typedef struct {
  real *x, *dx, *y;
  const real *gain, *dy;
  real *inverse;
} place;

static place place_of(const rnn_norm *n, size_t gate, size_t row) {
  size_t at = gate * n->P * n->stride + row * PANEL;
  return (place){.x = n->x + at,
                 .dx = n->dx ? n->dx + at : NULL,
                 .gain = n->gain + gate * n->P * PANEL,
                 .inverse = n->inverse + row * PANEL + gate};
}

/* What pads the last panel has no part in a mean. */
static void clear_padding(const rnn_norm *n, real *row) {
  real *last = row + (n->P - 1) * n->stride;
  for (size_t u = n->H - (n->P - 1) * PANEL; u < PANEL; u++) last[u] = 0;
}

static real mean_of(const rnn_norm *n, lanes sum) {
  return sum_of_lanes(sum) / (real)n->H;
}

static void normalise(const rnn_norm *n, const place *s) {
  size_t end = n->P * n->stride;
  lanes sum = splat(0), squares = splat(0);
  for (size_t p = 0; p < end; p += n->stride)
    sum += load(s->x + p) + load(s->x + p + LANES);
  real mean = mean_of(n, sum);
  for (size_t p = 0; p < end; p += n->stride)
    for (size_t i = p; i < p + PANEL; i += LANES)
      store(s->x + i, load(s->x + i) - mean);
  clear_padding(n, s->x);
  for (size_t p = 0; p < end; p += n->stride)
    for (size_t i = p; i < p + PANEL; i += LANES)
      squares += load(s->x + i) * load(s->x + i);
  real inverse = 1 / REAL_SQRT(mean_of(n, squares) + EPSILON);
  *s->inverse = inverse;
  const real *gain = s->gain;
  for (size_t p = 0; p < end; p += n->stride, gain += PANEL)
    for (size_t i = 0; i < PANEL; i += LANES) {
      lanes x = load(s->x + p + i) * inverse;
      store(s->x + p + i, x);
      store(s->y + p + i, load(s->y + p + i) + load(gain + i) * x);
    }
}

/* With g = γ∘dy:  dx = (g − Σg/H − x̂ Σ(g∘x̂)/H) / √(σ² + ε) */
static void go_back(const rnn_norm *n, const place *s) {
  size_t end = n->P * n->stride;
  lanes sum = splat(0), along = splat(0);
  const real *gain = s->gain;
  for (size_t p = 0; p < end; p += n->stride, gain += PANEL)
    for (size_t i = 0; i < PANEL; i += LANES) {
      lanes g = load(gain + i) * load(s->dy + p + i);
      store(s->dx + p + i, g);
      sum += g;
      along += g * load(s->x + p + i);
    }
  real mean = mean_of(n, sum), slope = mean_of(n, along), scale = *s->inverse;
  for (size_t p = 0; p < end; p += n->stride)
    for (size_t i = p; i < p + PANEL; i += LANES)
      store(s->dx + i,
            (load(s->dx + i) - mean - load(s->x + i) * slope) * scale);
  clear_padding(n, s->dx);
}

void rnn_normalise(const rnn_norm *n, real *y, size_t row, size_t rows,
                   size_t first, size_t count) {
  for (size_t g = 0; g < count; g++)
    for (size_t r = 0; r < rows; r++) {
      place s = place_of(n, first + g, row + r);
      s.y = y + g * n->P * n->stride + r * PANEL;
      normalise(n, &s);
    }
}

void rnn_normalise_back(const rnn_norm *n, const real *dy, size_t row,
                        size_t rows, size_t first, size_t count) {
  for (size_t g = 0; g < count; g++)
    for (size_t r = 0; r < rows; r++) {
      place s = place_of(n, first + g, row + r);
      s.dy = dy + g * n->P * n->stride + r * PANEL;
      go_back(n, &s);
    }
}

void rnn_norm_gains(const rnn_norm *n, const real *dy, size_t rows,
                    size_t first, size_t count, rnn_part part) {
  rnn_range units = rnn_share(part, count * n->P, 1);
  for (size_t u = units.from; u < units.to; u++) {
    const real *d = dy + u * n->stride;
    const real *x = n->x + (first * n->P + u) * n->stride;
    real *to = n->dgain + (first * n->P + u) * PANEL;
    for (size_t i = 0; i < rows * PANEL; i += LANES)
      store(to + i % PANEL, load(to + i % PANEL) + load(d + i) * load(x + i));
  }
}
