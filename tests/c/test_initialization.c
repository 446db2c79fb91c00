/* How weights start: orthogonal where they should be, and spread as the
 * formulas say. Seeds are fixed, so bounds of five standard errors hold. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { UNIFORM, XAVIER, HE, ORTHOGONAL, IDENTITY, ZEROS, NORMAL, KINDS };
enum { V = 90, H = 150, MOST = 4 * H * H };

static real values[MOST];

static rnn_config config_of(uint32_t kind) {
  rnn_config config = small_config();
  config.vocabulary = V;
  config.hidden = H;
  config.initialization = kind;
  return config;
}

static int is_recurrent(const char *name) {
  return strstr(name, "weight_hh") != NULL;
}

/* E x = 0 and E x² = bound²/3, none beyond the bound. */
static void expect_uniform(const rnn_shape *shape, double bound) {
  size_t count = (size_t)shape->rows * (shape->columns ? shape->columns : 1);
  double sum = 0, squares = 0, most = 0, n = (double)count;
  for (size_t i = 0; i < count; i++) {
    sum += values[i];
    squares += values[i] * values[i];
    most = fmax(most, fabs(values[i]));
  }
  double variance = bound * bound / 3;
  expect(most <= bound * 1.000001 && most > 0.9 * bound,
         "%s reaches %g, not %g", shape->name, most, bound);
  expect(fabs(sum / n) <= 5 * sqrt(variance / n), "the mean of %s is %g",
         shape->name, sum / n);
  expect(fabs(squares / n / variance - 1) <= 5 * sqrt(0.8 / n),
         "the variance of %s is %g, not %g", shape->name, squares / n,
         variance);
}

static void expect_all(const rnn_shape *shape, real wanted) {
  size_t count = (size_t)shape->rows * (shape->columns ? shape->columns : 1);
  for (size_t i = 0; i < count; i++)
    expect(memcmp(&values[i], &wanted, sizeof wanted) == 0, "%s holds %g",
           shape->name, (double)values[i]);
}

static void spread_is_right(void) {
  for (uint32_t kind = UNIFORM; kind <= IDENTITY; kind++) {
    rnn_config config = config_of(kind);
    config.forget_bias = 0; /* is set afterwards, and seen below */
    config.cell = RNN_CELL_gru;
    rnn_model *model = new_model(&config);
    for (int i = 0; i < rnn_parameter_count(model); i++) {
      rnn_shape shape = rnn_parameter_shape(model, i);
      rnn_parameter_get(model, i, values);
      int output = !strncmp(shape.name, "output", 6);
      double in = shape.columns, out = output ? V : H;
      if (kind == UNIFORM)
        expect_uniform(&shape, 1 / sqrt((double)H));
      else if (!shape.columns)
        expect_all(&shape, 0);
      else if (kind == HE)
        expect_uniform(&shape, sqrt(6 / in));
      else if (kind == XAVIER || !is_recurrent(shape.name))
        expect_uniform(&shape, sqrt(6 / (in + out)));
    }
    free(model);
  }
}

/* W Wᵀ = I for each gate, and no gate is another. */
static void expect_orthogonal(const rnn_shape *shape) {
  size_t n = shape->columns;
  double worst = 0, moved = 0;
  for (size_t r = 0; r < shape->rows; r++)
    for (size_t s = r - r % n; s <= r; s++) {
      double dot = 0;
      for (size_t k = 0; k < n; k++)
        dot += (double)values[r * n + k] * (double)values[s * n + k];
      worst = fmax(worst, fabs(dot - (r == s)));
    }
  expect(worst <= 1e-6, "W Wᵀ of %s is off by %g", shape->name, worst);
  for (size_t i = 0; i < n * n; i++)
    moved = fmax(moved, fabs(values[i] - values[(shape->rows - n) * n + i]));
  expect(shape->rows == n || moved > 0.1, "the gates of %s are equal",
         shape->name);
}

static void orthogonal_is_orthogonal(void) {
  static const uint32_t sizes[] = {1, 5, 8, 16, 37, H};
  for (int variant = 0; variant < CELL_VARIANTS; variant++)
    for (int i = 0; i < 6; i++) {
      rnn_config config = config_of(ORTHOGONAL);
      choose_cell(&config, variant);
      config.hidden = sizes[i];
      if (config.layer_norm && sizes[i] == 1) continue;
      config.layers = 2;
      config.bidirectional = i % 2 == 1;
      rnn_model *model = new_model(&config);
      for (int k = 0; k < rnn_parameter_count(model); k++) {
        rnn_shape shape = rnn_parameter_shape(model, k);
        if (!is_recurrent(shape.name)) continue;
        rnn_parameter_get(model, k, values);
        if (sizes[i] > 1) expect_orthogonal(&shape);
        if (sizes[i] == 1)
          expect(fabs(fabs(values[0]) - 1) <= 0, "1 unit has %g", values[0]);
      }
      free(model);
    }
}

/* The numbers of a random orthogonal matrix have mean 0, and, since rows have
 * length 1, variance 1/n; rotations and reflections are as likely. */
static void orthogonal_is_random(void) {
  int negative = 0;
  double sum = 0;
  enum { TIMES = 200, N = 2 };
  for (uint32_t seed = 0; seed < TIMES; seed++) {
    rnn_config config = config_of(ORTHOGONAL);
    choose_cell(&config, 0);
    config.hidden = N;
    config.seed = seed;
    rnn_model *model = new_model(&config);
    rnn_parameter_get(model, 1, values);
    negative += values[0] * values[3] - values[1] * values[2] < 0;
    sum += values[0];
    free(model);
  }
  expect(abs(negative - TIMES / 2) <= 5 * 8, "%d of %d are reflections",
         negative, TIMES);
  expect(fabs(sum / TIMES) <= 5 * sqrt(0.5 / TIMES), "the mean is %g",
         sum / TIMES);
}

static void identity_and_zeros(void) {
  for (uint32_t kind = IDENTITY; kind <= ZEROS; kind++) {
    rnn_config config = config_of(kind);
    rnn_model *model = new_model(&config);
    for (int i = 0; i < rnn_parameter_count(model); i++) {
      rnn_shape shape = rnn_parameter_shape(model, i);
      rnn_parameter_get(model, i, values);
      if (kind == ZEROS && strcmp(shape.name, "rnn.bias_ih_l0"))
        expect_all(&shape, 0);
      if (!strcmp(shape.name, "rnn.bias_ih_l0"))
        for (uint32_t u = 0; u < 4 * H; u++)
          expect(values[u] == (u / H == 1 ? 1 : 0), "bias %u is %g", u,
                 values[u]);
      if (kind == IDENTITY && is_recurrent(shape.name))
        for (uint32_t r = 0; r < 4 * H; r++)
          for (uint32_t k = 0; k < H; k++)
            expect(values[r * H + k] == (r % H == k), "(%u, %u) is %g", r, k,
                   values[r * H + k]);
    }
    free(model);
  }
}

/* Of normal numbers 68.27 % are within one standard deviation, and 99.73 %
 * within three. */
static void expect_normal(const rnn_shape *shape, double deviation) {
  double count = (double)shape->rows * shape->columns, sum = 0, squares = 0;
  double one = 0, three = 0;
  for (uint32_t i = 0; i < shape->rows * shape->columns; i++) {
    double x = values[i] / deviation;
    sum += x, squares += x * x;
    one += fabs(x) < 1, three += fabs(x) < 3;
  }
  double error = 5 / sqrt(count);
  expect(fabs(sum / count) <= error, "%s has mean %g", shape->name,
         sum / count);
  expect(fabs(squares / count - 1) <= error * sqrt(2), "%s has variance %g",
         shape->name, squares / count);
  expect(fabs(one / count - 0.6827) <= error * 0.4654,
         "%g of %s are within one deviation", one / count, shape->name);
  expect(fabs(three / count - 0.9973) <= error * 0.0519,
         "%g of %s are within three deviations", three / count, shape->name);
}

static void normal_is_normal(void) {
  rnn_config config = config_of(NORMAL);
  config.forget_bias = 0, config.initial_deviation = 0.3;
  rnn_model *model = new_model(&config);
  for (int i = 0; i < rnn_parameter_count(model); i++) {
    rnn_shape shape = rnn_parameter_shape(model, i);
    rnn_parameter_get(model, i, values);
    if (shape.columns)
      expect_normal(&shape, 0.3);
    else
      expect_all(&shape, 0);
  }
  free(model);
}

/* Gelfand's formula: ‖Wⁿ‖^(1/n) → ρ, with n = 2²⁴ by squaring. */
static double radius_of(const real *from, size_t H) {
  static double w[64 * 64], squared[64 * 64];
  double logarithm = 0, share = 1;
  for (size_t i = 0; i < H * H; i++) w[i] = (double)from[i];
  for (int times = 0; times <= 24; times++, share /= 2) {
    double norm = 0;
    for (size_t i = 0; i < H * H; i++) norm += w[i] * w[i];
    norm = sqrt(norm);
    if (!(norm > 0)) return 0;
    for (size_t i = 0; i < H * H; i++) w[i] /= norm;
    logarithm += share * log(norm);
    for (size_t r = 0; r < H; r++)
      for (size_t k = 0; k < H; k++) {
        squared[r * H + k] = 0;
        for (size_t j = 0; j < H; j++)
          squared[r * H + k] += w[r * H + j] * w[j * H + k];
      }
    memcpy(w, squared, H * H * sizeof *w);
  }
  return exp(logarithm);
}

static void expect_radius(uint32_t kind, int variant, uint32_t H,
                          double radius) {
  rnn_config config = config_of(kind);
  choose_cell(&config, variant);
  config.hidden = H, config.layers = 2, config.bidirectional = variant == 3;
  config.spectral_radius = radius;
  rnn_model *model = new_model(&config);
  config.spectral_radius = 0;
  rnn_model *plain = new_model(&config);
  int found = 0;
  for (int i = 0; i < rnn_parameter_count(model); i++) {
    rnn_shape shape = rnn_parameter_shape(model, i);
    rnn_parameter_get(model, i, values);
    for (uint32_t g = 0; is_recurrent(shape.name) && g < shape.rows / H; g++) {
      double is = radius_of(values + g * H * H, H);
      expect(fabs(is / radius - 1) <= 2e-6, "%s, kind %u, %u units: %g, not %g",
             shape.name, kind, H, is, radius);
      found++;
    }
    if (is_recurrent(shape.name)) continue;
    static real others[MOST];
    rnn_parameter_get(plain, i, others);
    size_t bytes = shape.rows * sizeof(real);
    expect(!memcmp(values, others, bytes), "%s is another", shape.name);
  }
  expect(found > 0, "no weights from state to state");
  free(model), free(plain);
}

static void radius_is_as_asked(void) {
  static const int variants[] = {0, 3, 4, 5, 9};
  for (int i = 0; i < 5; i++)
    for (uint32_t kind = UNIFORM; kind <= NORMAL; kind++)
      if (kind != ZEROS) expect_radius(kind, variants[i], 21, 0.95);
  expect_radius(UNIFORM, 3, 1, 1.2);
  expect_radius(UNIFORM, 0, 2, 10);
  expect_radius(NORMAL, 5, 64, 0.01);
}

static void refused(rnn_config config, const char *why) {
  rnn_error error = {""};
  expect(rnn_config_check(&config, &error) == RNN_INVALID_CONFIG &&
             strstr(error.message, why),
         "\"%s\" does not say \"%s\"", error.message, why);
}

static void radius_that_cannot_be(void) {
  rnn_config config = config_of(UNIFORM);
  config.spectral_radius = 0.9;
  config.hidden = 513;
  refused(config,
          "spectral_radius 0.9 needs hidden to be at most 512, not 513");
  config.hidden = 512;
  expect(!rnn_config_check(&config, NULL), "512 units are refused");
  config.cell = RNN_CELL_mingru;
  refused(config,
          "spectral_radius 0.9 needs weights from state to state, which "
          "the cell mingru has not");
  config = config_of(ZEROS);
  config.spectral_radius = 0.9;
  refused(config, "spectral_radius 0.9 needs weights that are not zero");
}

static void seeds_decide(void) {
  static real other[MOST];
  for (uint32_t kind = UNIFORM; kind <= ORTHOGONAL; kind++) {
    rnn_config config = config_of(kind);
    rnn_model *a = new_model(&config), *b = new_model(&config);
    config.seed = 2;
    rnn_model *c = new_model(&config);
    for (int i = 0; i < 2; i++) {
      rnn_shape shape = rnn_parameter_shape(a, i);
      size_t bytes = (size_t)shape.rows * shape.columns * sizeof(real);
      rnn_parameter_get(a, i, values);
      rnn_parameter_get(b, i, other);
      expect(!memcmp(values, other, bytes), "a seed draws other weights");
      rnn_parameter_get(c, i, other);
      expect(memcmp(values, other, bytes), "another seed draws the same");
    }
    free(a), free(b), free(c);
  }
}

int main(void) {
  run("weights are spread as their initialization says", spread_is_right);
  run("orthogonal weights from state to state are orthogonal",
      orthogonal_is_orthogonal);
  run("each orthogonal matrix is as likely as another", orthogonal_is_random);
  run("identity and zeros are that, but for the forget gate's bias",
      identity_and_zeros);
  run("normal weights have the deviation that was chosen", normal_is_normal);
  run("weights from state to state have the spectral radius that was chosen",
      radius_is_as_asked);
  run("a spectral radius that cannot be is refused", radius_that_cannot_be);
  run("a seed draws the same weights each time, another seed others",
      seeds_decide);
  return finish();
}
