/* Four reals at a time, and the elementary functions on them.
 *
 * `lanes` is the compilers' own vector type: clang turns it into WebAssembly
 * SIMD, gcc and clang into what the native machine has, with the same bits
 * everywhere (-ffp-contract=off, and no function of the machine's libm).
 * So a cell reads like its equations: c = f * c_before + i * g.
 *
 * Errors, measured over every 61st float by tests/c/test_lanes.c:
 *   tanh     relative ≤ 4.0e-7, never beyond ±1      sigmoid  absolute ≤ 2.1e-7
 *   exp      relative ≤ 1.3e-7 on [−87, 88]          log (scalar, double) 4e-16
 *
 * Where a real is a double the functions are libm's. */
#ifndef RNN_LANES_H
#define RNN_LANES_H

#include "real.h"

#ifdef RNN_REAL_DOUBLE
#include <math.h>
#endif

#define LANES 4                   /* reals in a vector */
#define PANEL 8                   /* units in a panel: two vectors */
#define PANELS(n) (((n) + 7) / 8) /* panels that hold n units */

/* Also where size counts: a call for each of these would cost ten times more.
 */
#define LANES_INLINE static inline __attribute__((always_inline))

/* Before a loop that gains nothing by being written out several times. */
#ifdef __clang__
#define ROLLED _Pragma("clang loop unroll(disable)")
#else
#define ROLLED
#endif

typedef real lanes __attribute__((vector_size(LANES * sizeof(real))));
typedef real lanes_in_memory __attribute__((vector_size(LANES * sizeof(real)),
                                            aligned(sizeof(real)), may_alias));
#ifdef RNN_REAL_DOUBLE
typedef int64_t lanes_bits __attribute__((vector_size(LANES * sizeof(real))));
#else
typedef int32_t lanes_bits __attribute__((vector_size(LANES * sizeof(real))));
#endif

LANES_INLINE lanes load(const real *p) {
  return *(const lanes_in_memory *)p;
}

LANES_INLINE void store(real *p, lanes v) {
  *(lanes_in_memory *)p = v;
}

LANES_INLINE lanes splat(real x) {
  return (lanes){x, x, x, x};
}

LANES_INLINE lanes choose(lanes_bits mask, lanes yes, lanes no) {
  return (lanes)((mask & (lanes_bits)yes) | (~mask & (lanes_bits)no));
}

/* b where a < b or b < a, else a, and so a where one of them is NaN.
 * WebAssembly has an instruction for each. */
#if defined __wasm__ && !defined RNN_REAL_DOUBLE
LANES_INLINE lanes larger(lanes a, lanes b) {
  return __builtin_wasm_pmax_f32x4(a, b);
}

LANES_INLINE lanes smaller(lanes a, lanes b) {
  return __builtin_wasm_pmin_f32x4(a, b);
}
#else
LANES_INLINE lanes larger(lanes a, lanes b) {
  return choose(a < b, b, a);
}

LANES_INLINE lanes smaller(lanes a, lanes b) {
  return choose(b < a, b, a);
}
#endif

/* NaN in x stays NaN, so that divergence is seen and not clamped away. */
LANES_INLINE lanes clamp(lanes x, real low, real high) {
  return smaller(larger(x, splat(low)), splat(high));
}

#ifdef RNN_REAL_DOUBLE
#define REAL_SQRT __builtin_sqrt
#else
#define REAL_SQRT __builtin_sqrtf
#endif

/* IEEE 754 says every bit of a square root. */
LANES_INLINE lanes lanes_sqrt(lanes x) {
  return (lanes){REAL_SQRT(x[0]), REAL_SQRT(x[1]), REAL_SQRT(x[2]),
                 REAL_SQRT(x[3])};
}

/* a + x·y. With RNN_FUSED the machine may round once instead of twice, which is
 * faster where it has such an instruction; the last bits are then its own. */
LANES_INLINE lanes multiply_add(lanes a, lanes x, lanes y) {
#ifdef RNN_FUSED
  return __builtin_wasm_relaxed_madd_f32x4(x, y, a);
#else
  return a + x * y;
#endif
}

/* Fixed order, part of the specification of every reduction. */
LANES_INLINE real sum_of_lanes(lanes v) {
  return (v[0] + v[2]) + (v[1] + v[3]);
}

#ifdef RNN_REAL_DOUBLE

LANES_INLINE lanes lanes_exp(lanes x) {
  return (lanes){exp(x[0]), exp(x[1]), exp(x[2]), exp(x[3])};
}

LANES_INLINE lanes lanes_tanh(lanes x) {
  return (lanes){tanh(x[0]), tanh(x[1]), tanh(x[2]), tanh(x[3])};
}

LANES_INLINE lanes lanes_sigmoid(lanes x) {
  return 1 / (1 + lanes_exp(-x));
}

#else

/* 2^n · e^r with n = round(x / ln 2) and |r| ≤ ln 2 / 2; Taylor-like minimax
 * polynomial of degree 6. The constant 1.5 · 2^23 rounds to nearest and leaves
 * n in the low bits. */
LANES_INLINE lanes lanes_exp(lanes x) {
  x = clamp(x, -87.3f, 88.3f);
  lanes shifted = multiply_add(splat(12582912.0f), x, splat(1.44269504f));
  lanes n = shifted - 12582912.0f;
  lanes r = multiply_add(x, n, splat(-0.693359375f));
  r = multiply_add(r, n, splat(2.12194440e-4f));
  lanes p = splat(1.9875691500e-4f);
  p = multiply_add(splat(1.3981999507e-3f), p, r);
  p = multiply_add(splat(8.3334519073e-3f), p, r);
  p = multiply_add(splat(4.1665795894e-2f), p, r);
  p = multiply_add(splat(1.6666665459e-1f), p, r);
  p = multiply_add(splat(5.0000001201e-1f), p, r);
  p = multiply_add(r, p, r * r) + 1.0f;
  return (lanes)((lanes_bits)p + ((lanes_bits)shifted << 23));
}

/* x · P(x²) / Q(x²), degrees 4 and 4, relative error of the fit 2.1e-8 on
 * [−9, 9] (Lawson's reweighted least squares); beyond 9, tanh is 1 in float. */
LANES_INLINE lanes lanes_tanh(lanes x) {
  x = clamp(x, -9.0f, 9.0f);
  lanes y = x * x;
  lanes p = multiply_add(splat(2.0609000759452104e-5f), y,
                         splat(1.335455247279405e-8f));
  p = multiply_add(splat(3.495583099418065e-3f), p, y);
  p = multiply_add(splat(1.3381021401159301e-1f), p, y);
  p = multiply_add(splat(9.999999794651722e-1f), p, y);
  lanes q = multiply_add(splat(3.285626634501668e-4f), y,
                         splat(7.77651274986137e-7f));
  q = multiply_add(splat(2.587696304470026e-2f), q, y);
  q = multiply_add(splat(4.6714336996653827e-1f), q, y);
  q = multiply_add(splat(1.0f), q, y);
  return clamp(x * p / q, -1.0f, 1.0f);
}

/* σ(x) = (1 + tanh(x/2)) / 2 */
LANES_INLINE lanes lanes_sigmoid(lanes x) {
  return multiply_add(splat(0.5f), lanes_tanh(x * 0.5f), splat(0.5f));
}

#endif

/* to = tanh(from) and σ(from), for `count` numbers, a multiple of LANES; both
 * may be the same memory. Loops that all cells share, since these functions are
 * long; a cell calls them for a panel at a time. */
void tanh_of(real *to, const real *from, size_t count);
void sigmoid_of(real *to, const real *from, size_t count);

/* e^x, a call where speed does not count. */
__attribute__((noinline)) lanes exp_of(lanes x);

static inline real real_exp(real x) {
  return exp_of(splat(x))[0];
}

/* ln x for normal, positive x; NaN for anything else. */
__attribute__((noinline)) double rnn_log(double x);

/* base^n by repeated squaring: the same bits on every machine. */
double rnn_power(double base, uint64_t n);

#endif
