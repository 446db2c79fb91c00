/* Eigenvalues against LAPACK's: tests/golden/diagnostics, where eigenvalues.py
 * says how far each may be off, and against what the matrix itself tells:
 *
 *   A − λI is singular up to rounding     σ_min ≤ 4 n ε ‖A‖, A balanced
 *   Σ λ is the trace, conjugates are neighbours
 *
 * The first is the sharp one where eigenvalues are not: that of a Jordan block
 * of 5 is right to three digits, and yet of a matrix that is right to 15. */
#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "golden.h"

enum { MOST = 64 };

static golden file;
static char name[64];

/* xorshift32, as eigenvalues.py. */
static void fill_uniform(double *to, size_t count, uint32_t seed) {
  uint32_t state = seed * 2654435761u + 1;
  for (size_t i = 0; i < count; i++) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    to[i] = (float)(state / 2147483648.0 - 1);
  }
}

static const double *values_of(const char *what, size_t count) {
  return golden_values(&file, name, what, count);
}

/* Its size; 0 if it is too large for this test. */
static size_t read_matrix(double *to) {
  const golden_record *seed = golden_find(&file, name, "seed");
  size_t n = golden_find(&file, name, "real")->count;
  if (n > MOST) return 0;
  if (seed)
    fill_uniform(to, n * n, (uint32_t)seed->values[1]);
  else
    memcpy(to, values_of("matrix", n * n), n * n * sizeof *to);
  return n;
}

/* Each of LAPACK's has one of ours for itself within what is allowed. */
static void check_found(const double *re, const double *im, size_t n) {
  const double *real = values_of("real", n);
  const double *imaginary = values_of("imaginary", n);
  const double *allowed = values_of("allowed", n);
  int taken[MOST] = {0};
  for (size_t i = 0; i < n; i++) {
    size_t best = n;
    double least = INFINITY;
    for (size_t j = 0; j < n; j++) {
      double distance = hypot(re[j] - real[i], im[j] - imaginary[i]);
      if (!taken[j] && distance < least) least = distance, best = j;
    }
    if (best < n) taken[best] = 1;
    expect(least <= allowed[i], "%s%.17g%+.17gi is off by %.2g of %.2g", name,
           real[i], imaginary[i], least, allowed[i]);
  }
}

/* The last pivot of A − λI in an elimination that takes the largest each time:
 * not below σ_min, and of its size. */
static double last_pivot(const double *a, size_t n, double complex lambda) {
  double complex *m = malloc(n * n * sizeof *m);
  for (size_t i = 0; i < n * n; i++) m[i] = a[i] - (i % (n + 1) ? 0 : lambda);
  double pivot = 0;
  for (size_t k = 0; k < n; k++) {
    size_t row = k, column = k;
    for (size_t i = k; i < n; i++)
      for (size_t j = k; j < n; j++)
        if (cabs(m[i * n + j]) > cabs(m[row * n + column])) row = i, column = j;
    pivot = cabs(m[row * n + column]);
    if (!(pivot > 0)) break;
    for (size_t j = 0; j < n; j++) {
      double complex other = m[k * n + j];
      m[k * n + j] = m[row * n + j], m[row * n + j] = other;
    }
    for (size_t i = 0; i < n; i++) {
      double complex other = m[i * n + k];
      m[i * n + k] = m[i * n + column], m[i * n + column] = other;
    }
    for (size_t i = k + 1; i < n; i++) {
      double complex factor = m[i * n + k] / m[k * n + k];
      for (size_t j = k; j < n; j++) m[i * n + j] -= factor * m[k * n + j];
    }
  }
  free(m);
  return pivot;
}

static double norm_of(const double *a, size_t n) {
  double squares = 0;
  for (size_t i = 0; i < n * n; i++) squares += a[i] * a[i];
  return sqrt(squares);
}

static void check_residuals(double *a, const double *re, const double *im,
                            size_t n) {
  const golden_record *scale = golden_find(&file, name, "scale");
  for (size_t i = 0; scale && i < n * n; i++)
    a[i] *= scale->values[i % n] / scale->values[i / n];
  double allowed = 4 * (double)n * DBL_EPSILON * norm_of(a, n);
  double trace = 0, sum = 0;
  for (size_t i = 0; i < n; i++) {
    double pivot = last_pivot(a, n, re[i] + im[i] * I);
    expect(pivot <= allowed, "%s%.6g%+.6gi leaves %.2g, allowed are %.2g", name,
           re[i], im[i], pivot, allowed);
    trace += a[i * n + i], sum += re[i];
    if (im[i] > 0)
      expect(i + 1 < n && re[i + 1] == re[i] && im[i + 1] == -im[i],
             "%s%.6g%+.6gi has no conjugate beside it", name, re[i], im[i]);
  }
  expect(fabs(trace - sum) <= allowed, "%sthe sum is off by %.2g", name,
         trace - sum);
}

static void check_case(void) {
  double a[MOST * MOST], work[MOST * MOST], re[MOST], im[MOST];
  rnn_error error = {""};
  size_t n = read_matrix(a);
  if (!n) return;
  memcpy(work, a, n * n * sizeof *a);
  rnn_status status = rnn_eigenvalues(re, im, work, (uint32_t)n, &error);
  expect(!status, "%s%s", name, error.message);
  if (status) return;
  check_found(re, im, n);
  check_residuals(a, re, im, n);
}

static void test_cases(void) {
  size_t cases = 0;
  for (size_t i = 0; i < file.count; i++) {
    const char *end = strstr(file.records[i].name, ".real");
    if (!end) continue;
    size_t length = (size_t)(end + 1 - file.records[i].name);
    memcpy(name, file.records[i].name, length);
    name[length] = '\0';
    check_case();
    cases++;
  }
  expect(cases > 10, "there are only %d cases", (int)cases);
}

static void test_refusals(void) {
  static double a[4] = {1, 2, 3, INFINITY}, re[2], im[2];
  rnn_error error = {""};
  expect(rnn_eigenvalues(re, im, a, 2, &error) == RNN_INVALID_CONFIG &&
             strstr(error.message, "number 3"),
         "infinity: %s", error.message);
  expect(rnn_eigenvalues(re, im, a, 513, &error) == RNN_INVALID_CONFIG &&
             strstr(error.message, "512 units, not 513"),
         "513 units: %s", error.message);
  expect(rnn_eigenvalues(re, im, a, 0, &error) == RNN_INVALID_CONFIG,
         "0 units: %s", error.message);
}

int main(void) {
  file = golden_read("tests/golden/diagnostics/eigenvalues.txt");
  run("eigenvalues are LAPACK's, and the matrix is singular there", test_cases);
  run("eigenvalues of what has none are refused", test_refusals);
  golden_free(&file);
  return finish();
}
