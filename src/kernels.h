/* The arithmetic in which the time goes, on matrices in panels.
 *
 * A matrix over time, (rows, C), is [PANELS(C)][rows][8]: element (r, k) is at
 * (k / 8) · stride + r · 8 + k % 8. Rows are steps and sequences, r = t·B + b.
 * Weights are packed as parameters.h says, [N][K][8].
 *
 * kernels_simd.c and kernels_reference.c hold the same functions twice. The
 * reference is the specification, and the two agree in every bit: a sum runs
 * over its index upwards, one term at a time, from the value already there.
 * That order depends on neither the tiling nor the number of threads. */
#ifndef RNN_KERNELS_H
#define RNN_KERNELS_H

#include "lanes.h"

/* Where a matrix in panels begins, and the reals from panel to panel. */
typedef struct {
  real *at;
  size_t stride;
} panels;

/* Reals of scratch that the kernels need. */
#define KERNEL_SCRATCH 32768

/* A function each: it is called from many places. */
#define KERNEL __attribute__((noinline))

/* out[n][r][·] += Σ_k in(r, k) · w[n][k][·], for `count` panels of the output
 * and `inner` (K, a multiple of 8) columns of the input. */
KERNEL void kernel_multiply(panels out, panels in, panels w, size_t rows,
                            size_t inner, size_t count, real *scratch);

/* dw[n][k][·] += Σ_r in(r, k) · dout[n][r][·], the gradient of the above. */
KERNEL void kernel_outer(panels dw, panels in, panels dout, size_t rows,
                         size_t inner, size_t count);

/* w [count][K][8] → transposed [K/8][count·8][8], K a multiple of 4. */
KERNEL void kernel_transpose(panels transposed, panels w, size_t inner,
                             size_t count);

/* out[n][r][·] = w[n][symbols[r]][·] + bias[n][·]: a product with one-hot
 * rows. Without a bias (NULL) it adds 0. */
KERNEL void kernel_gather(panels out, panels w, const uint32_t *symbols,
                          const real *bias, size_t rows, size_t count);

/* dw[n][symbols[r]][·] += dout[n][r][·], the gradient of the above. */
KERNEL void kernel_scatter(panels dw, panels dout, const uint32_t *symbols,
                           size_t rows, size_t count);

/* out[n][r][·] = bias[n][·] */
KERNEL void kernel_broadcast(panels out, const real *bias, size_t rows,
                             size_t count);

/* sums[n][·] += Σ_r in[n][r][·] */
KERNEL void kernel_column_sums(real *sums, panels in, size_t rows,
                               size_t count);

/* Σ x²: in real arithmetic over 8 partial sums, x[i] into sum i mod 8, for runs
 * of 4096 numbers; those in double. length is a multiple of 8. */
KERNEL double kernel_squared_norm(const real *x, size_t length);

#endif
