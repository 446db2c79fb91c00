/* Eigenvalues of a real matrix, in double:
 *
 *   balance      a diagonal similarity by powers of 2, so that it rounds
 *                nothing (Parlett and Reinsch 1969; in the 2-norm: James,
 *                Langou and Lowery 2014)
 *   Hessenberg   by Householder reflections
 *   QR           with Francis' implicit double shift (1961), deflation and
 *                exceptional shifts as EISPACK's hqr (Martin, Peters and
 *                Wilkinson 1970)
 *
 * All are orthogonal but the first, so what comes out are the eigenvalues of a
 * matrix that differs from the balanced one by some n·ε of its norm. */
#include <float.h>
#include <math.h>

#include "../rnn.h"
#include "vectors.h"

enum { MOST_BALANCES = 100, MOST_STEPS = 60 };

typedef struct {
  double *a; /* (n, n), row-major */
  size_t n;
  double norm;    /* of the Hessenberg form */
  double shifted; /* what exceptional shifts took from the diagonal */
} matrix;

static double *row(const matrix *m, size_t i) {
  return m->a + i * m->n;
}

static double at(const matrix *m, size_t i, size_t j) {
  return m->a[i * m->n + j];
}

/* --- Balancing ------------------------------------------------------------ */

/* Makes row i and column i about as long as each other. Whether it was worth
 * it. */
static int balance_unit(const matrix *m, size_t i) {
  double column = 0, across = 0; /* squared, without the diagonal */
  for (size_t j = 0; j < m->n; j++) {
    if (j == i) continue;
    column += at(m, j, i) * at(m, j, i);
    across += at(m, i, j) * at(m, i, j);
  }
  if (!(column > 0 && across > 0)) return 0;
  double f = 1, f2 = 1;
  for (; f2 * f2 * 8 < across / column; f2 *= 4) f *= 2;
  for (; f2 * f2 > across / column * 8; f2 /= 4) f /= 2;
  if (column * f2 + across / f2 >= 0.9 * (column + across)) return 0;
  for (size_t j = 0; j < m->n; j++) row(m, j)[i] *= f;
  for (size_t j = 0; j < m->n; j++) row(m, i)[j] /= f;
  return 1;
}

static void balance(const matrix *m) {
  int changed = 1;
  for (int times = 0; changed && times < MOST_BALANCES; times++) {
    changed = 0;
    for (size_t i = 0; i < m->n; i++) changed |= balance_unit(m, i);
  }
}

/* --- Hessenberg form ------------------------------------------------------ */

/* (I − 2vvᵀ) A (I − 2vvᵀ) for a unit vector v whose first `from` numbers are
 * zero. */
static void reflect(const matrix *m, const double *v, double *sums,
                    size_t from) {
  size_t n = m->n, left = n - from;
  for (size_t j = 0; j < n; j++) sums[j] = 0;
  for (size_t i = from; i < n; i++) rnn_add_scaled(sums, v[i], row(m, i), n);
  for (size_t i = from; i < n; i++)
    rnn_add_scaled(row(m, i), -2 * v[i], sums, n);
  for (size_t i = 0; i < n; i++) {
    double *end = row(m, i) + from;
    rnn_add_scaled(end, -2 * rnn_dot(v + from, end, left), v + from, left);
  }
}

/* Zeroes what is below the subdiagonal. `v` and `sums` are scratch, (n). */
static void reduce(const matrix *m, double *v, double *sums) {
  for (size_t k = 0; k + 2 < m->n; k++) {
    double below = 0, length;
    for (size_t i = k + 2; i < m->n; i++) below += at(m, i, k) * at(m, i, k);
    if (!(below > 0)) continue;
    for (size_t i = k + 1; i < m->n; i++) v[i] = at(m, i, k);
    v[k + 1] += copysign(sqrt(below + v[k + 1] * v[k + 1]), v[k + 1]);
    length = sqrt(below + v[k + 1] * v[k + 1]);
    for (size_t i = k + 1; i < m->n; i++) v[i] /= length;
    reflect(m, v, sums, k + 1);
    for (size_t i = k + 2; i < m->n; i++) row(m, i)[k] = 0;
  }
}

/* --- QR ------------------------------------------------------------------- */

/* The first row of the block that ends with row `last`: above it, the
 * subdiagonal is negligible. */
static size_t block_start(const matrix *m, size_t last) {
  size_t l = last;
  for (; l > 0; l--) {
    double beside = fabs(at(m, l - 1, l - 1)) + fabs(at(m, l, l));
    if (!(beside > 0)) beside = m->norm;
    if (fabs(at(m, l, l - 1)) > DBL_EPSILON * beside) continue;
    row(m, l)[l - 1] = 0;
    break;
  }
  return l;
}

/* Sum and product of the shifts, as x, y on a diagonal and w beside it. */
typedef struct {
  double x, y, w;
} shifts;

static shifts shifts_of(const matrix *m, size_t last) {
  return (shifts){at(m, last, last), at(m, last - 1, last - 1),
                  at(m, last, last - 1) * at(m, last - 1, last)};
}

/* Where a step has brought nothing for long. */
static shifts exceptional_shifts(matrix *m, size_t last) {
  double x = at(m, last, last);
  m->shifted += x;
  for (size_t i = 0; i <= last; i++) row(m, i)[i] -= x;
  double s = fabs(at(m, last, last - 1)) + fabs(at(m, last - 1, last - 2));
  return (shifts){0.75 * s, 0.75 * s, -0.4375 * s * s};
}

/* The two of the block of rows `last` − 1 and `last`. */
static void solve_pair(const matrix *m, size_t last, double *re, double *im) {
  shifts s = shifts_of(m, last);
  double half = (s.y - s.x) / 2, q = half * half + s.w, root = sqrt(fabs(q));
  double x = s.x + m->shifted;
  if (q < 0) {
    re[last - 1] = re[last] = x + half;
    im[last - 1] = root, im[last] = -root;
    return;
  }
  double far = half + copysign(root, half);
  re[last - 1] = x + far;
  re[last] = far != 0 ? x - s.w / far : x;
  im[last - 1] = im[last] = 0;
}

/* The first column of (A − s₁)(A − s₂) from row k on, up to a factor. */
static void first_column(const matrix *m, size_t k, shifts s, double v[3]) {
  double z = at(m, k, k), r = s.x - z, t = s.y - z;
  v[0] = (r * t - s.w) / at(m, k + 1, k) + at(m, k, k + 1);
  v[1] = at(m, k + 1, k + 1) - z - r - t;
  v[2] = at(m, k + 2, k + 1);
  double scale = fabs(v[0]) + fabs(v[1]) + fabs(v[2]);
  for (int i = 0; scale > 0 && i < 3; i++) v[i] /= scale;
}

/* The row to start at: two subdiagonals that are small together will do. */
static size_t step_start(const matrix *m, size_t first, size_t last, shifts s,
                         double v[3]) {
  for (size_t k = last - 2;; k--) {
    first_column(m, k, s, v);
    if (k == first) return k;
    double here = fabs(at(m, k - 1, k - 1)) + fabs(at(m, k, k)) +
                  fabs(at(m, k + 1, k + 1));
    if (fabs(at(m, k, k - 1)) * (fabs(v[1]) + fabs(v[2])) <=
        DBL_EPSILON * fabs(v[0]) * here)
      return k;
  }
}

/* Rows and columns k, k + 1 and `third` of the block, by I − v vᵀ/scale. */
static void reflect_block(const matrix *m, const double v[3], double scale,
                          size_t k, size_t third, size_t first, size_t last) {
  double *a = row(m, k), *b = row(m, k + 1), *c = row(m, third);
  double v0 = v[0], v1 = v[1], v2 = v[2];
  double w0 = v0 / scale, w1 = v1 / scale, w2 = v2 / scale;
  for (size_t j = k; j <= last; j++) {
    double sum = w0 * a[j] + w1 * b[j] + w2 * c[j];
    a[j] -= sum * v0, b[j] -= sum * v1, c[j] -= sum * v2;
  }
  size_t end = k + 3 < last ? k + 3 : last;
  for (size_t i = first; i <= end; i++) {
    double *to = row(m, i);
    double sum = w0 * to[k] + w1 * to[k + 1] + w2 * to[third];
    to[k] -= sum * v0, to[k + 1] -= sum * v1, to[third] -= sum * v2;
  }
}

/* One double step on rows and columns first … last: a bulge is made, and chased
 * out. */
static void step(const matrix *m, size_t first, size_t last, shifts s) {
  double v[3];
  size_t start = step_start(m, first, last, s, v);
  for (size_t k = start; k < last; k++) {
    size_t third = k + 1 < last ? k + 2 : k + 1; /* then v[2] is 0 */
    for (size_t i = 0; k > start && i < 3; i++)
      v[i] = k + i <= last ? at(m, k + i, k - 1) : 0;
    double length = copysign(sqrt(rnn_dot(v, v, 3)), v[0]);
    if (!(length != 0)) continue;
    if (k > start) {
      row(m, k)[k - 1] = -length;
      row(m, k + 1)[k - 1] = row(m, third)[k - 1] = 0;
    } else if (start > first) {
      row(m, k)[k - 1] *= -1;
    }
    v[0] += length;
    reflect_block(m, v, length * v[0], k, third, first, last);
  }
}

/* Eigenvalues are found from the last row upwards, one or two at a time.
 * Whether all were. */
static int iterate(matrix *m, double *re, double *im) {
  size_t left = m->n;
  for (int steps = 0; left > 0; steps++) {
    size_t last = left - 1, first = block_start(m, last);
    if (first + 1 >= last) {
      if (first == last)
        re[last] = at(m, last, last) + m->shifted, im[last] = 0;
      else
        solve_pair(m, last, re, im);
      left = first;
      steps = -1;
      continue;
    }
    if (steps == MOST_STEPS) return 0;
    step(m, first, last,
         steps % 10 == 9 ? exceptional_shifts(m, last) : shifts_of(m, last));
  }
  return 1;
}

rnn_status rnn_eigenvalues(double *re, double *im, double *values, uint32_t n,
                           rnn_error *error) {
  matrix m = {values, n, 0, 0};
  if (n < 1 || n > RNN_MOST_EIGENVALUES)
    return rnn_fail(error, RNN_INVALID_CONFIG,
                    "eigenvalues are found for 1 … %d units, not %u",
                    (int)RNN_MOST_EIGENVALUES, (unsigned)n);
  for (size_t i = 0; i < m.n * m.n; i++)
    if (!isfinite(values[i]))
      return rnn_fail(error, RNN_INVALID_CONFIG,
                      "number %u of the matrix is not finite", (unsigned)i);
  balance(&m);
  reduce(&m, re, im);
  for (size_t i = 0; i < m.n * m.n; i++) m.norm += fabs(values[i]);
  if (iterate(&m, re, im)) return RNN_OK;
  return rnn_fail(error, RNN_DIVERGED,
                  "no eigenvalue was found in %d steps of the QR algorithm",
                  (int)MOST_STEPS);
}
