/* The specification of kernels.h: plain loops, nothing clever. */
#include "kernels.h"

/* Element (r, k) of a matrix in panels. */
static real *element(panels m, size_t r, size_t k) {
  return m.at + k / PANEL * m.stride + r * PANEL + k % PANEL;
}

/* Weight from input k to unit u of panel n. */
static real *weight(panels w, size_t n, size_t k, size_t u) {
  return w.at + n * w.stride + k * PANEL + u;
}

void kernel_multiply(panels out, panels in, panels w, size_t rows, size_t inner,
                     size_t count, real *scratch) {
  (void)scratch;
  for (size_t n = 0; n < count; n++)
    for (size_t r = 0; r < rows; r++)
      for (size_t u = 0; u < PANEL; u++) {
        real sum = *weight(out, n, r, u);
        for (size_t k = 0; k < inner; k++)
          sum += *element(in, r, k) * *weight(w, n, k, u);
        *weight(out, n, r, u) = sum;
      }
}

void kernel_outer(panels dw, panels in, panels dout, size_t rows, size_t inner,
                  size_t count) {
  for (size_t n = 0; n < count; n++)
    for (size_t k = 0; k < inner; k++)
      for (size_t u = 0; u < PANEL; u++) {
        real sum = *weight(dw, n, k, u);
        for (size_t r = 0; r < rows; r++)
          sum += *element(in, r, k) * *weight(dout, n, r, u);
        *weight(dw, n, k, u) = sum;
      }
}

void kernel_transpose(panels transposed, panels w, size_t inner, size_t count) {
  for (size_t n = 0; n < count; n++)
    for (size_t k = 0; k < inner; k++)
      for (size_t u = 0; u < PANEL; u++)
        *element(transposed, n * PANEL + u, k) = *weight(w, n, k, u);
}

void kernel_gather(panels out, panels w, const uint32_t *symbols,
                   const real *bias, size_t rows, size_t count) {
  for (size_t n = 0; n < count; n++)
    for (size_t r = 0; r < rows; r++)
      for (size_t u = 0; u < PANEL; u++)
        *weight(out, n, r, u) =
            *weight(w, n, symbols[r], u) + (bias ? bias[n * PANEL + u] : 0);
}

void kernel_scatter(panels dw, panels dout, const uint32_t *symbols,
                    size_t rows, size_t count) {
  for (size_t n = 0; n < count; n++)
    for (size_t r = 0; r < rows; r++)
      for (size_t u = 0; u < PANEL; u++)
        *weight(dw, n, symbols[r], u) += *weight(dout, n, r, u);
}

void kernel_broadcast(panels out, const real *bias, size_t rows, size_t count) {
  for (size_t n = 0; n < count; n++)
    for (size_t r = 0; r < rows; r++)
      for (size_t u = 0; u < PANEL; u++)
        *weight(out, n, r, u) = bias[n * PANEL + u];
}

void kernel_column_sums(real *sums, panels in, size_t rows, size_t count) {
  for (size_t n = 0; n < count; n++)
    for (size_t r = 0; r < rows; r++)
      for (size_t u = 0; u < PANEL; u++)
        sums[n * PANEL + u] += *weight(in, n, r, u);
}

double kernel_squared_norm(const real *x, size_t length) {
  double total = 0;
  for (size_t start = 0; start < length; start += 4096) {
    size_t end = start + 4096 < length ? start + 4096 : length;
    for (size_t u = 0; u < PANEL; u++) {
      real sum = 0;
      for (size_t i = start + u; i < end; i += PANEL) sum += x[i] * x[i];
      total += (double)sum;
    }
  }
  return total;
}
