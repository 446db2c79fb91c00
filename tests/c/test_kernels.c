/* The fast kernels against their specification: the same bits, at sizes that
 * fill no tile, no panel and no chunk evenly, and at odd offsets. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "kernels.h"

/* The specification once more, under other names. */
#define kernel_multiply reference_multiply
#define kernel_outer reference_outer
#define kernel_transpose reference_transpose
#define kernel_gather reference_gather
#define kernel_scatter reference_scatter
#define kernel_broadcast reference_broadcast
#define kernel_column_sums reference_column_sums
#define kernel_squared_norm reference_squared_norm
#include "../../src/kernels_reference.c"
#undef kernel_multiply
#undef kernel_outer
#undef kernel_transpose
#undef kernel_gather
#undef kernel_scatter
#undef kernel_broadcast
#undef kernel_column_sums
#undef kernel_squared_norm

static rnn_random random_state = {{1, 2, 3, 4}};

/* `count` numbers in ±1, `offset` reals behind an aligned address. */
static real *numbers(size_t count, size_t offset) {
  real *block = malloc((count + offset) * sizeof(real));
  for (size_t i = 0; i < count + offset; i++)
    block[i] = (real)(2 * rnn_random_uniform(&random_state) - 1);
  return block;
}

static uint32_t *symbols(size_t count, uint32_t below) {
  uint32_t *drawn = malloc(count * sizeof *drawn);
  for (size_t i = 0; i < count; i++)
    drawn[i] = rnn_random_below(&random_state, below);
  return drawn;
}

static real *copy_of(const real *from, size_t count) {
  real *copy = malloc(count * sizeof(real));
  memcpy(copy, from, count * sizeof(real));
  return copy;
}

typedef struct {
  size_t rows, inner, count, gap, offset;
} size;

static const size sizes[] = {
    {1, 8, 1, 0, 0},     {1, 24, 5, 8, 1},  {2, 8, 4, 3, 0},
    {3, 16, 9, 5, 3},    {4, 8, 1, 0, 0},   {5, 40, 3, 1, 2},
    {7, 128, 4, 16, 1},  {32, 64, 8, 8, 0}, {33, 512, 2, 0, 1},
    {9, 1032, 3, 8, 0},  {257, 8, 2, 4, 1}, {600, 16, 1, 8, 0},
    {70, 520, 1, 24, 3},
};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

/* A matrix of `columns` panels and `rows` rows, `gap` reals between panels. */
typedef struct {
  real *block;
  size_t length;
  panels at;
} matrix;

static matrix make(size_t columns, size_t rows, const size *s) {
  size_t stride = rows * PANEL + s->gap, length = columns * stride + s->offset;
  real *block = numbers(length, 0);
  return (matrix){block, length, {block + s->offset, stride}};
}

static panels moved(const matrix *m, real *copy) {
  return (panels){copy + (m->at.at - m->block), m->at.stride};
}

/* Frees both; what lies between the panels must be untouched too. */
static void expect_same(matrix *m, real *expected, const char *what,
                        const size *s) {
  expect(!memcmp(m->block, expected, m->length * sizeof(real)),
         "%s of %d rows, %d inner, %d panels", what, (int)s->rows,
         (int)s->inner, (int)s->count);
  free(m->block);
  free(expected);
}

static void multiply_is_exact(void) {
  real *scratch = malloc(KERNEL_SCRATCH * sizeof(real));
  for (int i = 0; i < SIZES; i++) {
    const size *s = &sizes[i];
    matrix out = make(s->count, s->rows, s);
    matrix in = make(s->inner / PANEL, s->rows, s);
    matrix w = make(s->count, s->inner, s);
    real *expected = copy_of(out.block, out.length);
    reference_multiply(moved(&out, expected), in.at, w.at, s->rows, s->inner,
                       s->count, NULL);
    kernel_multiply(out.at, in.at, w.at, s->rows, s->inner, s->count, scratch);
    expect_same(&out, expected, "multiply", s);
    free(in.block);
    free(w.block);
  }
  free(scratch);
}

static void outer_is_exact(void) {
  for (int i = 0; i < SIZES; i++) {
    const size *s = &sizes[i];
    matrix dw = make(s->count, s->inner, s);
    matrix in = make(s->inner / PANEL, s->rows, s);
    matrix dout = make(s->count, s->rows, s);
    real *expected = copy_of(dw.block, dw.length);
    reference_outer(moved(&dw, expected), in.at, dout.at, s->rows, s->inner,
                    s->count);
    kernel_outer(dw.at, in.at, dout.at, s->rows, s->inner, s->count);
    expect_same(&dw, expected, "outer", s);
    free(in.block);
    free(dout.block);
  }
}

static void transpose_is_exact(void) {
  for (int i = 0; i < SIZES; i++) {
    const size *s = &sizes[i];
    matrix w = make(s->count, s->inner, s);
    matrix transposed = make(s->inner / PANEL, s->count * PANEL, s);
    real *expected = copy_of(transposed.block, transposed.length);
    /* Half of the last panel as well: its other half stays as it was. */
    size_t inner = s->inner - (i % 2 ? LANES : 0);
    reference_transpose(moved(&transposed, expected), w.at, inner, s->count);
    kernel_transpose(transposed.at, w.at, inner, s->count);
    expect_same(&transposed, expected, "transpose", s);
    free(w.block);
  }
}

static void look_up_is_exact(void) {
  for (int i = 0; i < SIZES; i++) {
    const size *s = &sizes[i];
    uint32_t *read = symbols(s->rows, (uint32_t)s->inner);
    real *bias = numbers(s->count * PANEL, 0);
    matrix out = make(s->count, s->rows, s), w = make(s->count, s->inner, s);
    real *gathered = copy_of(out.block, out.length);
    real *scattered = copy_of(w.block, w.length);
    reference_gather(moved(&out, gathered), w.at, read, bias, s->rows,
                     s->count);
    kernel_gather(out.at, w.at, read, bias, s->rows, s->count);
    reference_scatter(moved(&w, scattered), out.at, read, s->rows, s->count);
    kernel_scatter(w.at, out.at, read, s->rows, s->count);
    expect_same(&out, gathered, "gather", s);
    expect_same(&w, scattered, "scatter", s);
    free(read);
    free(bias);
  }
}

static void sums_are_exact(void) {
  for (int i = 0; i < SIZES; i++) {
    const size *s = &sizes[i];
    real *bias = numbers(s->count * PANEL, 0);
    real *expected_bias = copy_of(bias, s->count * PANEL);
    matrix out = make(s->count, s->rows, s);
    reference_column_sums(expected_bias, out.at, s->rows, s->count);
    kernel_column_sums(bias, out.at, s->rows, s->count);
    expect(!memcmp(bias, expected_bias, s->count * PANEL * sizeof(real)),
           "column sums of %d rows", (int)s->rows);
    real *expected = copy_of(out.block, out.length);
    reference_broadcast(moved(&out, expected), bias, s->rows, s->count);
    kernel_broadcast(out.at, bias, s->rows, s->count);
    expect_same(&out, expected, "broadcast", s);
    free(bias);
    free(expected_bias);
  }
}

static void norm_is_exact(void) {
  static const size_t lengths[] = {8, 16, 4088, 4096, 4104, 20000};
  for (int i = 0; i < 6; i++) {
    real *x = numbers(lengths[i], 0);
    double exact = 0, norm = kernel_squared_norm(x, lengths[i]);
    for (size_t j = 0; j < lengths[i]; j++)
      exact += (double)x[j] * (double)x[j];
    expect(norm == reference_squared_norm(x, lengths[i]), "%d numbers",
           (int)lengths[i]);
    expect(norm > exact * (1 - 1e-6) && norm < exact * (1 + 1e-6),
           "%d numbers: %.9g is not %.9g", (int)lengths[i], norm, exact);
    free(x);
  }
}

int main(void) {
  run("multiply has the bits of its specification", multiply_is_exact);
  run("outer has the bits of its specification", outer_is_exact);
  run("transpose has the bits of its specification", transpose_is_exact);
  run("gather and scatter have the bits of theirs", look_up_is_exact);
  run("column sums and broadcast have the bits of theirs", sums_are_exact);
  run("the squared norm has the bits of its specification", norm_is_exact);
  return finish();
}
