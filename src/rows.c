#include "rows.h"

#include <string.h>

rnn_range rnn_rows_sequences(const rnn_rows *rows) {
  return rnn_share(rows->part, rows->B, 4); /* a tile of the kernels has 4 */
}

rnn_runs rnn_rows_runs(const rnn_rows *rows) {
  if (rows->part.count == 1) return (rnn_runs){0, 0, rows->T * rows->B, 1};
  rnn_range b = rnn_rows_sequences(rows);
  return (rnn_runs){b.from, rows->B, b.to - b.from, rows->T};
}

void rnn_rows_multiply(const rnn_rows *rows, real *out, real *in, panels w,
                       size_t inner, size_t count) {
  rnn_runs r = rnn_rows_runs(rows);
  for (size_t i = 0; i < r.count; i++) {
    size_t row = r.first + i * r.step;
    kernel_multiply((panels){rnn_row(out, row), rows->stride},
                    (panels){rnn_row(in, row), rows->stride}, w, r.rows, inner,
                    count, rows->part.scratch);
  }
}

void rnn_rows_broadcast(const rnn_rows *rows, real *out, const real *bias,
                        size_t count) {
  rnn_runs r = rnn_rows_runs(rows);
  for (size_t i = 0; i < r.count; i++)
    kernel_broadcast((panels){rnn_row(out, r.first + i * r.step), rows->stride},
                     bias, r.rows, count);
}

void rnn_rows_clear(const rnn_rows *rows, real *matrix, size_t count) {
  rnn_runs r = rnn_rows_runs(rows);
  for (size_t p = 0; p < count; p++)
    for (size_t i = 0; i < r.count; i++)
      memset(matrix + p * rows->stride + (r.first + i * r.step) * PANEL, 0,
             r.rows * PANEL * sizeof(real));
}

void rnn_rows_mirror(const rnn_rows *rows, real *to, const real *from,
                     size_t count, const uint32_t *lengths, int add) {
  rnn_range part = rnn_rows_sequences(rows);
  for (size_t p = 0; p < count; p++, to += rows->stride, from += rows->stride)
    for (size_t t = 0; t < rows->T; t++)
      for (size_t b = part.from; b < part.to; b++) {
        size_t other = t < lengths[b] ? lengths[b] - 1 - t : t;
        real *out = to + (t * rows->B + b) * PANEL;
        const real *in = from + (other * rows->B + b) * PANEL;
        for (size_t i = 0; i < PANEL; i += LANES)
          store(out + i, add ? load(out + i) + load(in + i) : load(in + i));
      }
}
