/* Principal components against their definition, and their variances against
 * the eigenvalues that another algorithm finds of the same covariance. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { MOST_ROWS = 60, MOST = 40 };

typedef struct {
  size_t count, size, components;
  double rows[MOST_ROWS * MOST], covariance[MOST * MOST];
  double axes[MOST * MOST], variances[MOST + 1], coordinates[MOST_ROWS * MOST];
} example;

static example x;

/* Between −1 and 1, as xorshift32 draws them. */
static void fill(double *numbers, size_t length, uint32_t seed) {
  for (size_t i = 0; i < length; i++) {
    seed ^= seed << 13, seed ^= seed >> 17, seed ^= seed << 5;
    numbers[i] = (double)seed / 2147483648.0 - 1;
  }
}

static double covariance_of(size_t a, size_t b) {
  double mean_a = 0, mean_b = 0, sum = 0;
  for (size_t i = 0; i < x.count; i++) {
    mean_a += x.rows[i * x.size + a] / (double)x.count;
    mean_b += x.rows[i * x.size + b] / (double)x.count;
  }
  for (size_t i = 0; i < x.count; i++)
    sum +=
        (x.rows[i * x.size + a] - mean_a) * (x.rows[i * x.size + b] - mean_b);
  return sum / (double)x.count;
}

static double product(const double *a, const double *b, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

/* Rows whose columns vary less and less, and what is found among `most`
 * directions. */
static double find(size_t count, size_t size, size_t components, size_t most,
                   double narrower) {
  x.count = count, x.size = size, x.components = components;
  fill(x.rows, count * size, (uint32_t)(count + 100 * size));
  for (size_t i = 0; i < count * size; i++)
    x.rows[i] = x.rows[i] * pow(narrower, (double)(i % size)) + 3;
  for (size_t a = 0; a < size; a++)
    for (size_t b = 0; b < size; b++)
      x.covariance[a * size + b] = covariance_of(a, b);
  fill(x.axes, components * size, 7);
  double *block = malloc(2 * most * size * sizeof *block);
  double off = rnn_principal_components(
      x.rows, (uint32_t)count, (uint32_t)size, (uint32_t)components,
      (uint32_t)most, block, x.axes, x.variances, x.coordinates);
  free(block);
  return off;
}

/* Axis k is of length 1, like no other before it, and an eigenvector. */
static void check_axis(size_t k, double allowed) {
  const double *axis = x.axes + k * x.size;
  double rest = 0, largest = 0;
  for (size_t j = 0; j <= k; j++) {
    double both = product(axis, x.axes + j * x.size, x.size);
    expect(fabs(both - (j == k)) < 1e-12, "axes %zu and %zu: %g", k, j, both);
  }
  for (size_t j = 0; j < x.size; j++) {
    double image = product(x.covariance + j * x.size, axis, x.size);
    rest += pow(image - x.variances[k] * axis[j], 2);
    if (fabs(axis[j]) > fabs(largest)) largest = axis[j];
  }
  expect(sqrt(rest) <= allowed, "%g is left of axis %zu, allowed are %g",
         sqrt(rest), k, allowed);
  expect(largest > 0, "axis %zu has its largest number below zero", k);
  expect(k == 0 || x.variances[k] <= x.variances[k - 1], "the largest first");
}

static void check_coordinates(size_t k) {
  double mean = 0, squares = 0, scale = x.variances[0];
  for (size_t i = 0; i < x.count; i++) {
    double at = x.coordinates[i * x.components + k];
    mean += at / (double)x.count, squares += at * at / (double)x.count;
  }
  expect(fabs(mean) < 1e-12 * sqrt(scale), "the mean along %zu is %g", k, mean);
  expect(fabs(squares - x.variances[k]) < 1e-12 * scale,
         "along %zu vary %g, not %g", k, squares, x.variances[k]);
}

static int descending(const void *a, const void *b) {
  double first = *(const double *)a, second = *(const double *)b;
  return (first < second) - (first > second);
}

static void check_eigenvalues(void) {
  static double re[MOST], im[MOST], matrix[MOST * MOST];
  double trace = 0;
  for (size_t j = 0; j < x.size; j++) trace += x.covariance[j * x.size + j];
  expect(fabs(x.variances[x.components] - trace) < 1e-12 * trace,
         "all vary by %g, not %g", x.variances[x.components], trace);
  memcpy(matrix, x.covariance, x.size * x.size * sizeof *matrix);
  expect(!rnn_eigenvalues(re, im, matrix, (uint32_t)x.size, NULL), "none");
  qsort(re, x.size, sizeof *re, descending);
  for (size_t k = 0; k < x.components; k++)
    expect(fabs(re[k] - x.variances[k]) < 1e-12 * re[0],
           "variance %zu is %.17g, the eigenvalue %.17g", k, x.variances[k],
           re[k]);
}

static void test_all_directions(void) {
  static const struct {
    size_t count, size, components;
    double narrower;
  } cases[] = {{2, 2, 2, 1},     {4, 3, 2, 1},   {3, 9, 2, 1},
               {60, 24, 2, 0.7}, {60, 40, 2, 1}, {9, 40, 40, 1},
               {60, 40, 40, 1},  {5, 1, 1, 1}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    find(cases[i].count, cases[i].size, cases[i].components, cases[i].size,
         cases[i].narrower);
    for (size_t k = 0; k < x.components; k++) {
      check_axis(k, 1e-12 * x.variances[0]);
      check_coordinates(k);
    }
    check_eigenvalues();
  }
}

/* Where some directions are enough, what it says to be off by is so. */
static void test_some_directions(void) {
  double before = INFINITY;
  for (size_t most = 4; most <= 16; most *= 2) {
    double off = find(60, 40, 2, most, 0.8);
    for (size_t k = 0; k < 2; k++) check_axis(k, off + 1e-14 * x.variances[0]);
    expect(off < before / 4, "%g is off with %zu directions, %g before", off,
           most, before);
    before = off;
  }
  expect(before < 1e-6 * x.variances[0], "%g is off of %g", before,
         x.variances[0]);
}

static void test_equal_rows(void) {
  double axes[3] = {1, 2, 2}, variances[2], coordinates[4], block[6];
  double rows[12] = {1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3};
  double off = rnn_principal_components(rows, 4, 3, 1, 1, block, axes,
                                        variances, coordinates);
  expect(off == 0 && variances[0] == 0 && variances[1] == 0,
         "off by %g, they vary by %g", off, variances[0]);
  for (int i = 0; i < 4; i++)
    expect(coordinates[i] == 0, "row %d is at %g", i, coordinates[i]);
}

/* A network that has diverged. */
static void test_not_a_number(void) {
  double axes[2] = {1, 0}, variances[2], coordinates[3], block[8];
  double rows[6] = {1, NAN, 3, 4, 5, 6};
  rnn_principal_components(rows, 3, 2, 1, 2, block, axes, variances,
                           coordinates);
  expect(isnan(variances[1]), "they vary by %g", variances[1]);
}

int main(void) {
  run("principal components are eigenvectors of the covariance",
      test_all_directions);
  run("among some directions, an axis is off by no more than is told",
      test_some_directions);
  run("rows that are all the same vary along no axis", test_equal_rows);
  run("numbers that are none come to an end", test_not_a_number);
  return finish();
}
