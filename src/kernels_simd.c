/* The functions of kernels.h, four lanes at a time.
 *
 * A tile is 4 rows by 8 columns. Engines load all that a turn of the loop over
 * k needs at its beginning, so 8 accumulators, 2 weights and 4 factors take 14
 * of the 15 registers that V8 has. A larger tile spills, which halves the
 * speed, and so does that loop when it is unrolled by hand. */
#include "kernels.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum { TILE = 4 };

/* out[0…3][8] += Σ_k a[k·step + 0…3] · b[k][8]; out's rows lie together. */
ALWAYS_INLINE void tile4(real *out, const real *a, size_t step, const real *b,
                         size_t count) {
  lanes c0 = load(out), c1 = load(out + 4), c2 = load(out + 8);
  lanes c3 = load(out + 12), c4 = load(out + 16), c5 = load(out + 20);
  lanes c6 = load(out + 24), c7 = load(out + 28);
  const real *end = b + count * PANEL;
  ROLLED
  for (; b != end; a += step, b += PANEL) {
    lanes low = load(b), high = load(b + LANES), s = splat(a[0]);
    c0 = multiply_add(c0, low, s), c1 = multiply_add(c1, high, s);
    s = splat(a[1]);
    c2 = multiply_add(c2, low, s), c3 = multiply_add(c3, high, s);
    s = splat(a[2]);
    c4 = multiply_add(c4, low, s), c5 = multiply_add(c5, high, s);
    s = splat(a[3]);
    c6 = multiply_add(c6, low, s), c7 = multiply_add(c7, high, s);
  }
  store(out, c0), store(out + 4, c1), store(out + 8, c2), store(out + 12, c3);
  store(out + 16, c4), store(out + 20, c5), store(out + 24, c6);
  store(out + 28, c7);
}

/* to[j][i] = from[i][j], four by four; rows of `to` begin `step` apart. */
ALWAYS_INLINE void transpose4(real *to, size_t step, const real *from) {
  lanes a = load(from), b = load(from + PANEL);
  lanes c = load(from + 2 * PANEL), d = load(from + 3 * PANEL);
  lanes ac = __builtin_shufflevector(a, c, 0, 4, 1, 5);
  lanes bd = __builtin_shufflevector(b, d, 0, 4, 1, 5);
  store(to, __builtin_shufflevector(ac, bd, 0, 4, 1, 5));
  store(to + step, __builtin_shufflevector(ac, bd, 2, 6, 3, 7));
  ac = __builtin_shufflevector(a, c, 2, 6, 3, 7);
  bd = __builtin_shufflevector(b, d, 2, 6, 3, 7);
  store(to + 2 * step, __builtin_shufflevector(ac, bd, 0, 4, 1, 5));
  store(to + 3 * step, __builtin_shufflevector(ac, bd, 2, 6, 3, 7));
}

/* Four rows of the input, `inner` columns, from panels to [K][4]. */
static void pack4(real *packed, panels in, size_t inner) {
  for (size_t k = 0; k < inner; k += PANEL, in.at += in.stride) {
    ROLLED
    for (size_t u = 0; u < PANEL; u += LANES, packed += LANES * TILE)
      transpose4(packed, TILE, in.at + u);
  }
}

/* A function for each hot loop, so that engines compile it well. */
static __attribute__((noinline)) void
multiply_tiles(real *out, const real *packed, const real *w, size_t tiles,
               size_t inner) {
  for (; tiles--; packed += inner * TILE, out += TILE * PANEL)
    tile4(out, packed, TILE, w, inner);
}

/* Packs `inner` columns of some tiles, then takes every panel of w to them. */
static void multiply_block(panels out, panels in, panels w, size_t tiles,
                           size_t inner, size_t count, real *scratch) {
  for (size_t i = 0; i < tiles; i++, in.at += TILE * PANEL)
    pack4(scratch + i * inner * TILE, in, inner);
  for (size_t n = 0; n < count; n++)
    multiply_tiles(out.at + n * out.stride, scratch, w.at + n * w.stride, tiles,
                   inner);
}

/* One row against a few panels of weights: two accumulators each. */
ALWAYS_INLINE void row_by(size_t n, panels out, panels in, panels w,
                          size_t inner) {
  lanes c[2 * 4];
  for (size_t i = 0; i < n; i++) {
    c[2 * i] = load(out.at + i * out.stride);
    c[2 * i + 1] = load(out.at + i * out.stride + LANES);
  }
  for (size_t k = 0; k < inner; k += PANEL, in.at += in.stride) {
    ROLLED
    for (size_t u = 0; u < PANEL; u++, w.at += PANEL) {
      lanes s = splat(in.at[u]);
      for (size_t i = 0; i < n; i++) {
        const real *column = w.at + i * w.stride;
        c[2 * i] = multiply_add(c[2 * i], load(column), s);
        c[2 * i + 1] = multiply_add(c[2 * i + 1], load(column + LANES), s);
      }
    }
  }
  for (size_t i = 0; i < n; i++) {
    store(out.at + i * out.stride, c[2 * i]);
    store(out.at + i * out.stride + LANES, c[2 * i + 1]);
  }
}

static __attribute__((noinline)) void row_by_4(panels out, panels in, panels w,
                                               size_t inner) {
  row_by(4, out, in, w, inner);
}

/* Four panels at a time, and no single one at the end if it can be helped: its
 * sums would wait for one another. */
static void multiply_row(panels out, panels in, panels w, size_t inner,
                         size_t count) {
  while (count) {
    size_t n = count == 5 ? 3 : count < 4 ? count : 4;
    switch (n) {
    case 1: row_by(1, out, in, w, inner); break;
    case 2: row_by(2, out, in, w, inner); break;
    case 3: row_by(3, out, in, w, inner); break;
    default: row_by_4(out, in, w, inner);
    }
    out.at += n * out.stride, w.at += n * w.stride, count -= n;
  }
}

static panels rows_from(panels m, size_t row) {
  return (panels){m.at + row * PANEL, m.stride};
}

void kernel_multiply(panels out, panels in, panels w, size_t rows, size_t inner,
                     size_t count, real *scratch) {
  enum { DEPTH = 512, FITTING = KERNEL_SCRATCH / (DEPTH * TILE) };
  size_t tiles = rows / TILE;
  for (size_t k = 0; k < inner; k += DEPTH)
    for (size_t i = 0; i < tiles; i += FITTING)
      multiply_block(
          rows_from(out, i * TILE),
          (panels){in.at + k / PANEL * in.stride + i * TILE * PANEL, in.stride},
          rows_from(w, k), tiles - i < FITTING ? tiles - i : FITTING,
          inner - k < DEPTH ? inner - k : DEPTH, count, scratch);
  for (size_t r = tiles * TILE; r < rows; r++)
    multiply_row(rows_from(out, r), rows_from(in, r), w, inner, count);
}

/* Four columns of the input at a time, twice a panel. */
static __attribute__((noinline)) void
outer_panel(real *dw, panels in, const real *dout, size_t rows, size_t inner) {
  for (size_t k = 0; k < inner; k += PANEL, in.at += in.stride) {
    tile4(dw, in.at, PANEL, dout, rows);
    tile4(dw + TILE * PANEL, in.at + TILE, PANEL, dout, rows);
    dw += PANEL * PANEL;
  }
}

void kernel_outer(panels dw, panels in, panels dout, size_t rows, size_t inner,
                  size_t count) {
  enum { CHUNK = 256 }; /* rows whose panels stay in the cache */
  for (size_t r = 0; r < rows; r += CHUNK)
    for (size_t n = 0; n < count; n++)
      outer_panel(dw.at + n * dw.stride, rows_from(in, r),
                  dout.at + n * dout.stride + r * PANEL,
                  rows - r < CHUNK ? rows - r : CHUNK, inner);
}

void kernel_transpose(panels transposed, panels w, size_t inner, size_t count) {
  for (size_t n = 0; n < count; n++)
    for (size_t k = 0; k < inner; k += LANES) {
      const real *from = w.at + n * w.stride + k * PANEL;
      real *to = transposed.at + k / PANEL * transposed.stride +
                 n * PANEL * PANEL + k % PANEL;
      ROLLED
      for (size_t u = 0; u < PANEL; u += LANES)
        transpose4(to + u * PANEL, PANEL, from + u);
    }
}

void kernel_gather(panels out, panels w, const uint32_t *symbols,
                   const real *bias, size_t rows, size_t count) {
  for (size_t n = 0; n < count; n++) {
    lanes low = splat(0), high = low;
    if (bias)
      low = load(bias + n * PANEL), high = load(bias + n * PANEL + LANES);
    real *o = out.at + n * out.stride;
    ROLLED
    for (size_t r = 0; r < rows; r++, o += PANEL) {
      const real *row = w.at + n * w.stride + (size_t)symbols[r] * PANEL;
      store(o, load(row) + low);
      store(o + LANES, load(row + LANES) + high);
    }
  }
}

void kernel_scatter(panels dw, panels dout, const uint32_t *symbols,
                    size_t rows, size_t count) {
  for (size_t n = 0; n < count; n++) {
    const real *d = dout.at + n * dout.stride;
    ROLLED
    for (size_t r = 0; r < rows; r++, d += PANEL) {
      real *row = dw.at + n * dw.stride + (size_t)symbols[r] * PANEL;
      store(row, load(row) + load(d));
      store(row + LANES, load(row + LANES) + load(d + LANES));
    }
  }
}

void kernel_broadcast(panels out, const real *bias, size_t rows, size_t count) {
  for (size_t n = 0; n < count; n++, bias += PANEL) {
    lanes low = load(bias), high = load(bias + LANES);
    real *o = out.at + n * out.stride;
    for (size_t r = 0; r < rows; r++, o += PANEL)
      store(o, low), store(o + LANES, high);
  }
}

void kernel_column_sums(real *sums, panels in, size_t rows, size_t count) {
  for (size_t n = 0; n < count; n++, sums += PANEL) {
    lanes low = load(sums), high = load(sums + LANES);
    const real *row = in.at + n * in.stride;
    ROLLED
    for (size_t r = 0; r < rows; r++, row += PANEL)
      low += load(row), high += load(row + LANES);
    store(sums, low), store(sums + LANES, high);
  }
}

double kernel_squared_norm(const real *x, size_t length) {
  double total = 0;
  for (size_t start = 0; start < length; start += 4096) {
    size_t end = start + 4096 < length ? start + 4096 : length;
    lanes low = splat(0), high = low;
    for (size_t i = start; i < end; i += PANEL) {
      lanes a = load(x + i), b = load(x + i + LANES);
      low += a * a, high += b * b;
    }
    for (int i = 0; i < LANES; i++) total += (double)low[i];
    for (int i = 0; i < LANES; i++) total += (double)high[i];
  }
  return total;
}
