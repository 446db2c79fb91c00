/* Work on a part of the rows of matrices over time, (T·B, columns) in panels.
 */
#ifndef RNN_ROWS_H
#define RNN_ROWS_H

#include "kernels.h"
#include "team.h"

typedef struct {
  size_t B, T;   /* row r = t·B + b */
  size_t stride; /* reals from panel to panel, in all these matrices */
  rnn_part part; /* some of the sequences, at all steps */
} rnn_rows;

/* The part's sequences. */
rnn_range rnn_rows_sequences(const rnn_rows *rows);

static inline real *rnn_row(real *matrix, size_t row) {
  return matrix ? matrix + row * PANEL : NULL;
}

/* A row of `count` numbers; panels begin `stride` apart. */
static inline void rnn_write_row(real *matrix, size_t stride, size_t row,
                                 const real *numbers, size_t count) {
  for (size_t k = 0; k < count; k++)
    matrix[k / PANEL * stride + row * PANEL + k % PANEL] = numbers[k];
}

/* Runs of rows that lie together: all of them for one thread, else one in each
 * step. Run i begins at row `first` + i · `step`. */
typedef struct {
  size_t first, step, rows, count;
} rnn_runs;

rnn_runs rnn_rows_runs(const rnn_rows *rows);

/* out += in · w^T, with `inner` columns of the input, `count` panels of the
 * output. */
void rnn_rows_multiply(const rnn_rows *rows, real *out, real *in, panels w,
                       size_t inner, size_t count);

/* out = bias in each row. */
void rnn_rows_broadcast(const rnn_rows *rows, real *out, const real *bias,
                        size_t count);

/* `count` panels become zero. */
void rnn_rows_clear(const rnn_rows *rows, real *matrix, size_t count);

/* to (+)= from, with each sequence's first lengths[b] steps in opposite order.
 */
void rnn_rows_mirror(const rnn_rows *rows, real *to, const real *from,
                     size_t count, const uint32_t *lengths, int add);

#endif
