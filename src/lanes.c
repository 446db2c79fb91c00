#include "lanes.h"

#include <float.h>
#include <math.h>
#include <string.h>

void tanh_of(real *to, const real *from, size_t count) {
  for (size_t i = 0; i < count; i += LANES)
    store(to + i, lanes_tanh(load(from + i)));
}

void sigmoid_of(real *to, const real *from, size_t count) {
  for (size_t i = 0; i < count; i += LANES)
    store(to + i, lanes_sigmoid(load(from + i)));
}

real real_exp(real x) {
  return lanes_exp(splat(x))[0];
}

/* x = 2^e · m with m in [√½, √2), then ln m = 2 artanh((m−1)/(m+1)) by its
 * series, whose 12th term is below 1e-19 there. */
double rnn_log(double x) {
  if (!(x >= DBL_MIN && x <= DBL_MAX)) return NAN;
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  int exponent = (int)(bits >> 52) - 1023;
  bits = (bits & 0xfffffffffffffull) | 0x3ff0000000000000ull;
  double m;
  memcpy(&m, &bits, sizeof m);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent++;
  }
  double s = (m - 1) / (m + 1), s2 = s * s, series = 0;
  for (int k = 23; k >= 3; k -= 2) series = (series + 1.0 / k) * s2;
  return 2 * (s + s * series) + exponent * 0.69314718055994530942;
}

double rnn_power(double base, uint64_t n) {
  double result = 1;
  for (; n; n >>= 1, base *= base)
    if (n & 1) result *= base;
  return result;
}
