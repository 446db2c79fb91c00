#include "vectors.h"

double rnn_dot(const double *x, const double *y, size_t n) {
  double a = 0, b = 0, c = 0, d = 0;
  size_t i = 0;
  for (; i + 3 < n; i += 4) {
    a += x[i] * y[i];
    b += x[i + 1] * y[i + 1];
    c += x[i + 2] * y[i + 2];
    d += x[i + 3] * y[i + 3];
  }
  for (; i < n; i++) a += x[i] * y[i];
  return a + b + (c + d);
}

void rnn_add_scaled(double *to, double factor, const double *x, size_t n) {
  for (size_t i = 0; i < n; i++) to[i] += factor * x[i];
}
