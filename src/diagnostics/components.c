/* Principal components (Hotelling 1933): the orthogonal directions v in which
 * rows of numbers differ most, eigenvectors of their covariance C.
 *
 *   basis     start, C·start, C²·start, … kept orthonormal (a block Krylov
 *             space: Golub and Underwood 1977)
 *   turned    two by two, until C takes none of them into another (Jacobi
 *             1846): they are then its eigenvectors, as far as the basis goes
 *
 * In double. What C·v is beyond λ·v tells how far that is. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "../rnn.h"
#include "vectors.h"

enum { MOST_SWEEPS = 60 };

/* Of a vector's length: what is left of it beyond a basis is rounding. */
static const double ROUNDING = 1e-12;

typedef struct {
  const double *rows; /* (count, E), whose mean is 0 */
  size_t count, E;
  double *basis, *images; /* (n, E) both; C·basis */
  size_t n;
} space;

static void centre(double *rows, size_t count, size_t E) {
  for (size_t j = 0; j < E; j++) {
    double mean = 0;
    for (size_t i = 0; i < count; i++) mean += rows[i * E + j] / (double)count;
    for (size_t i = 0; i < count; i++) rows[i * E + j] -= mean;
  }
}

/* Takes into the basis what it does not have of a vector; nothing, if that is
 * rounding. Twice, since the first time leaves some of what it has. */
static void extend(space *s, const double *vector) {
  size_t E = s->E, from = s->n * E;
  double *fresh = s->basis + from, *image = s->images + from;
  memcpy(fresh, vector, E * sizeof *fresh);
  double before = sqrt(rnn_dot(fresh, fresh, E));
  for (int times = 0; times < 2; times++)
    for (const double *b = s->basis; b < fresh; b += E)
      rnn_add_scaled(fresh, -rnn_dot(fresh, b, E), b, E);
  double left = sqrt(rnn_dot(fresh, fresh, E));
  if (!(left > before * ROUNDING)) return;
  for (size_t j = 0; j < E; j++) fresh[j] /= left, image[j] = 0;
  for (size_t i = 0; i < s->count; i++) {
    const double *row = s->rows + i * E;
    rnn_add_scaled(image, rnn_dot(row, fresh, E) / (double)s->count, row, E);
  }
  s->n++;
}

/* p·Cq: what two directions vary in common, and one by itself. */
static double between(const space *s, size_t p, size_t q) {
  return rnn_dot(s->basis + p * s->E, s->images + q * s->E, s->E);
}

/* Vectors p and q become cosine·p − sine·q and sine·p + cosine·q. */
static void rotate(double *vectors, size_t E, size_t p, size_t q, double cosine,
                   double sine) {
  double *first = vectors + p * E, *second = vectors + q * E;
  for (size_t i = 0; i < E; i++) {
    double a = first[i], b = second[i];
    first[i] = cosine * a - sine * b;
    second[i] = sine * a + cosine * b;
  }
}

static void turn(const space *s, size_t p, size_t q, double cosine,
                 double sine) {
  rotate(s->basis, s->E, p, q, cosine, sine);
  rotate(s->images, s->E, p, q, cosine, sine);
}

/* Until no two directions vary in common by more than rounding. */
static void disentangle(const space *s) {
  double least = 0;
  for (size_t i = 0; i < s->n; i++) least += 4 * DBL_EPSILON * between(s, i, i);
  int turned = 1;
  for (int sweep = 0; turned && sweep < MOST_SWEEPS; sweep++) {
    turned = 0;
    for (size_t p = 0; p < s->n; p++)
      for (size_t q = p + 1; q < s->n; q++) {
        double both = between(s, p, q);
        if (!(fabs(both) > least)) continue;
        double slope = (between(s, q, q) - between(s, p, p)) / (2 * both);
        double tangent =
            copysign(1, slope) / (fabs(slope) + sqrt(slope * slope + 1));
        double cosine = 1 / sqrt(tangent * tangent + 1);
        turn(s, p, q, cosine, tangent * cosine);
        turned = 1;
      }
  }
}

/* Brings the direction that varies most of those from k on to place k. */
static void bring(const space *s, size_t k) {
  size_t most = k;
  for (size_t i = k; i < s->n; i++)
    if (between(s, i, i) > between(s, most, most)) most = i;
  if (most > k) turn(s, k, most, 0, 1);
}

/* Writes direction k, its largest number positive. How far C leaves it. */
static double tell(const space *s, size_t k, double variance, double *axis) {
  const double *from = s->basis + k * s->E;
  double *image = s->images + k * s->E, largest = 0;
  for (size_t j = 0; j < s->E; j++)
    if (fabs(from[j]) > fabs(largest)) largest = from[j];
  for (size_t j = 0; j < s->E; j++) axis[j] = largest < 0 ? -from[j] : from[j];
  rnn_add_scaled(image, -variance, from, s->E);
  return sqrt(rnn_dot(image, image, s->E));
}

double rnn_principal_components(double *rows, uint32_t count, uint32_t E,
                                uint32_t components, uint32_t most,
                                double *block, double *axes, double *variances,
                                double *coordinates) {
  space s = {rows, count, E, block, block + (size_t)most * E, 0};
  size_t next = 0;
  double left = 0;
  centre(rows, count, E);
  for (size_t k = 0; k < components; k++) extend(&s, axes + k * E);
  for (; next < s.n && s.n < most; next++) extend(&s, s.images + next * E);
  disentangle(&s);
  for (size_t k = 0; k < components; k++) {
    double *axis = axes + k * E;
    bring(&s, k);
    double variance = between(&s, k, k), beyond = tell(&s, k, variance, axis);
    variances[k] = variance < 0 ? 0 : variance;
    if (beyond > left) left = beyond;
    for (size_t i = 0; i < count; i++)
      coordinates[i * components + k] = rnn_dot(axis, rows + i * E, E);
  }
  variances[components] = rnn_dot(rows, rows, (size_t)count * E) / count;
  return next < s.n ? left : 0;
}
