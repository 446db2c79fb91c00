/* The elementary functions against libm in double, over every 61st float of
 * their range and near where they are delicate; and the generator against its
 * published numbers. The bounds are those that src/lanes.h states. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "lanes.h"

static float float_of(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

typedef lanes function(lanes x);
typedef double reference(double x);

/* The largest error over floats of both signs with magnitude below `limit`. */
static double worst_error(function *f, reference *exact, float limit,
                          int relative) {
  double worst = 0;
  uint32_t last;
  memcpy(&last, &limit, sizeof last);
  for (uint32_t bits = 0; bits < last; bits += 61)
    for (int sign = -1; sign <= 1; sign += 2) {
      double x = sign * (double)float_of(bits), y = exact(x);
      double error = fabs((double)f(splat((real)x))[0] - y);
      if (relative && y != 0) error /= fabs(y);
      /* Below the normal floats a relative error says nothing. */
      if (relative && fabs(y) < 1.2e-38) continue;
      if (error > worst) worst = error;
    }
  return worst;
}

static double sigmoid(double x) {
  return 1 / (1 + exp(-x));
}

static void tanh_is_accurate(void) {
  double worst = worst_error(lanes_tanh, tanh, 30, 1);
  expect(worst <= 4.0e-7, "relative error %.3g", worst);
}

static void sigmoid_is_accurate(void) {
  double worst = worst_error(lanes_sigmoid, sigmoid, 60, 0);
  expect(worst <= 2.1e-7, "absolute error %.3g", worst);
}

static void exp_is_accurate(void) {
  double worst = worst_error(lanes_exp, exp, 87, 1);
  expect(worst <= 1.3e-7, "relative error %.3g", worst);
}

static void log_is_accurate(void) {
  double worst = 0;
  for (double x = 1e-300; x < 1e300; x *= 1.0371) {
    double y = log(x), error = fabs(rnn_log(x) - y);
    if (fabs(y) > 1e-3 && error / fabs(y) > worst) worst = error / fabs(y);
  }
  expect(worst <= 4e-16, "relative error %.3g", worst);
  expect(rnn_log(1) == 0, "ln 1 is %.3g", rnn_log(1));
}

static void activations_stay_in_range(void) {
  for (float x = 0; x < 40; x += 0.00037f)
    for (int sign = -1; sign <= 1; sign += 2) {
      real h = lanes_tanh(splat((real)sign * x))[0];
      real s = lanes_sigmoid(splat((real)sign * x))[0];
      expect(h >= -1 && h <= 1, "tanh %g is %.9g", sign * (double)x, (double)h);
      expect(s >= 0 && s <= 1, "sigmoid %g is %.9g", sign * (double)x,
             (double)s);
    }
}

static void not_a_number_stays_one(void) {
  lanes nan = splat((real)NAN);
  expect(isnan(lanes_tanh(nan)[0]), "tanh");
  expect(isnan(lanes_sigmoid(nan)[0]), "sigmoid");
  expect(isnan(lanes_exp(nan)[0]), "exp");
  expect(isnan(rnn_log(NAN)) && isnan(rnn_log(INFINITY)), "log");
  expect(isnan(rnn_log(0)) && isnan(rnn_log(-1)), "log below its range");
}

static void lanes_do_not_meet(void) {
  lanes x = {-3, 0, 0.5f, 7};
  for (int i = 0; i < LANES; i++) {
    expect(lanes_tanh(x)[i] == lanes_tanh(splat(x[i]))[0], "tanh, lane %d", i);
    expect(lanes_exp(x)[i] == lanes_exp(splat(x[i]))[0], "exp, lane %d", i);
    expect(lanes_sqrt(lanes_exp(x))[i] == sqrtf(lanes_exp(x)[i]),
           "sqrt, lane %d", i);
  }
}

/* Of 12 numbers: more than a vector, apart and in place. */
static void rows_are_lanes(void) {
  enum { COUNT = 3 * LANES };
  real x[COUNT + 1], to[COUNT + 1];
  typedef void of(real * to, const real *from, size_t count);
  static of *const whole[] = {tanh_of, sigmoid_of};
  static function *const lane[] = {lanes_tanh, lanes_sigmoid};
  for (int which = 0; which < 2; which++) {
    for (int i = 0; i <= COUNT; i++) x[i] = to[i] = (real)(i - 6) * 0.7f;
    whole[which](to, x, COUNT);
    whole[which](x, x, COUNT);
    for (int i = 0; i < COUNT; i++) {
      real expected = lane[which](splat((real)(i - 6) * 0.7f))[0];
      expect(to[i] == expected, "number %d is %g", i, (double)to[i]);
      expect(x[i] == expected, "in place, number %d is %g", i, (double)x[i]);
    }
    expect(to[COUNT] == x[COUNT], "what follows has changed");
  }
}

static void power_multiplies(void) {
  double product = 1;
  for (uint64_t n = 0; n < 100; n++, product *= 0.9)
    expect(fabs(rnn_power(0.9, n) - product) <= 1e-14 * product, "0.9^%d",
           (int)n);
}

/* From the authors' reference implementation, state 1, 2, 3, 4. */
static void generator_is_xoshiro(void) {
  static const uint32_t published[] = {
      641,         1573767,     3222811527u, 3517856514u, 836907274,
      4247214768u, 3867114732u, 1355841295,  495546011,   621204420};
  rnn_random random = {{1, 2, 3, 4}};
  for (int i = 0; i < 10; i++) {
    uint32_t bits = rnn_random_bits(&random);
    expect(bits == published[i], "number %d is %u", i, (unsigned)bits);
  }
}

static void uniform_numbers_are_uniform(void) {
  enum { DRAWS = 100000, BINS = 10 };
  int count[BINS] = {0};
  rnn_random random;
  rnn_random_seed(&random, 7);
  for (int i = 0; i < DRAWS; i++) {
    double u = rnn_random_uniform(&random);
    expect(u >= 0 && u < 1, "%g", u);
    count[(int)(u * BINS)]++;
    expect(rnn_random_below(&random, 3) < 3, "3 is not below 3");
  }
  double chi_squared = 0, share = (double)DRAWS / BINS;
  for (int i = 0; i < BINS; i++)
    chi_squared += (count[i] - share) * (count[i] - share) / share;
  expect(chi_squared < 27.9, "χ² is %.3g", chi_squared); /* p = 0.001, 9 df */
}

int main(void) {
  run("tanh is within 4.0e-7 of libm's", tanh_is_accurate);
  run("sigmoid is within 2.1e-7 of libm's", sigmoid_is_accurate);
  run("exp is within 1.3e-7 of libm's", exp_is_accurate);
  run("log is within 4e-16 of libm's", log_is_accurate);
  run("tanh and sigmoid never leave their range", activations_stay_in_range);
  run("not-a-number goes through every function", not_a_number_stays_one);
  run("a lane does not depend on its neighbours", lanes_do_not_meet);
  run("rows of numbers are what their lanes are", rows_are_lanes);
  run("a power is a product", power_multiplies);
  run("the generator gives its published numbers", generator_is_xoshiro);
  run("uniform numbers are uniform", uniform_numbers_are_uniform);
  return finish();
}
