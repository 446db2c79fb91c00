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

lanes exp_of(lanes x) {
  return lanes_exp(x);
}

/* x = 2^e · m with m in [√½, √2), then ln m = 2 artanh s with s = (m−1)/(m+1),
 * and artanh s = s + s·z·P(z) with z = s². P has degree 6, its even and odd
 * powers apart so that neither waits; error of the fit 1.3e-18 (Remez). */
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
  double s = (m - 1) / (m + 1), z = s * s, w = z * z;
  double even = 0.0909178244612237 + w * 0.07398055662270547;
  even = 0.3333333333333367 + w * (0.1428571437123997 + w * even);
  double odd = 0.11111099281485974 + w * 0.0765701760725928;
  odd = 0.1999999999970715 + w * odd;
  return 2 * (s + s * (z * (even + z * odd))) +
         exponent * 0.69314718055994530942;
}

double rnn_power(double base, uint64_t n) {
  double result = 1;
  for (; n; n >>= 1, base *= base)
    if (n & 1) result *= base;
  return result;
}
