/* Jacobians against central differences, in double: of the last state by the
 * states before, and of the outputs by the inputs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "model.h"

enum { V = 7, H = 11, I = 3, T = 6, LAYERS = 2, MOST = 20 };

static const double STEP = 1e-5, TOLERANCE = 1e-8;

static const int32_t zeros[T];
static int32_t inputs[T];
static real vectors[T * MOST], values[T * MOST];

static rnn_batch batch_of(uint32_t from, uint32_t steps) {
  return (rnn_batch){.batch = 1,
                     .steps = steps,
                     .inputs = inputs + from,
                     .targets = zeros,
                     .vectors = vectors + from * I,
                     .values = values};
}

static rnn_model *make(int variant, void (*change)(rnn_config *config)) {
  rnn_config config = small_config();
  choose_cell(&config, variant);
  config.vocabulary = V, config.hidden = H, config.layers = LAYERS;
  config.batch = 1, config.steps = T, config.seed = 3;
  config.learning_rate = 0;
  if (change) change(&config);
  fill_symbols(inputs, T, V, 5);
  for (int i = 0; i < T * MOST; i++) vectors[i] = sin(1.0 + i);
  return new_model(&config);
}

/* A number of a trace: entry `name`, index `at`. */
static double traced(rnn_model *model, const rnn_batch *batch, const char *name,
                     size_t at) {
  void *block = aligned_alloc(RNN_ALIGNMENT,
                              (size_t)rnn_trace_size(model, 1, batch->steps));
  rnn_trace *trace;
  rnn_error error = {""};
  rnn_status status =
      rnn_trace_run(block, model, batch, NULL, 0, &trace, &error);
  expect(!status, "%s", error.message);
  double found = NAN;
  for (int i = 0; !status && i < rnn_trace_count(trace); i++) {
    rnn_trace_entry entry = rnn_trace_at(trace, i);
    if (strcmp(entry.name, name)) continue;
    uint32_t steps = entry.shape[1] ? entry.shape[1] : 1;
    real *all = malloc(steps * entry.shape[2] * sizeof *all);
    rnn_trace_get(trace, i, all);
    found = all[at];
    free(all);
  }
  free(block);
  return found;
}

static void expect_near(const char *what, int variant, double found,
                        double wanted, size_t i) {
  expect(fabs(found - wanted) <= TOLERANCE,
         "%s of %s: number %d is %.12g, "
         "by differences %.12g",
         what, cell_variants[variant], (int)i, found, wanted);
}

/* --- States ----------------------------------------------------------------
 */

static real *carried(rnn_model *model, uint32_t layer, int of_c, size_t unit) {
  const rnn_config *config = &model->network.config;
  return model->carried +
         (layer + (of_c ? config->layers : 0)) * rnn_state_count(config) +
         unit / PANEL * PANEL + unit % PANEL;
}

/* A unit of the last state where one after step t is moved by `by`. */
static double last_state(rnn_model *model, const rnn_state_place *place,
                         uint32_t t, size_t unit, size_t moved, double by) {
  rnn_batch before = batch_of(0, t + 1), after = batch_of(t + 1, T - 1 - t);
  rnn_result result;
  char h[16] = "h_l0", o[8] = "o_l0";
  h[0] = place->of_c ? 'c' : 'h';
  h[3] = o[3] = (char)('0' + place->layer);
  before.fresh = 1;
  real open = place->of_c ? (real)traced(model, &before, o, t * H + moved) : 0;
  rnn_step(model, &before, &result, NULL);
  real *state = carried(model, place->layer, (int)place->of_c, moved);
  *state += by;
  if (place->of_c) /* and h follows */
    *carried(model, place->layer, 0, moved) = open * tanh(*state);
  return traced(model, &after, h, (T - 2 - t) * H + unit);
}

static void check_states(int variant, const rnn_state_place *place) {
  rnn_model *model = make(variant, NULL);
  rnn_batch batch = batch_of(0, T);
  real *j = malloc(T * H * H * sizeof *j);
  double norms[2 * T];
  void *block = aligned_alloc(RNN_ALIGNMENT, (size_t)rnn_probe_size(model, T));
  rnn_error error = {""};
  rnn_status status =
      rnn_jacobians(block, model, &batch, place, j, norms, &error);
  expect(!status, "%s", error.message);
  for (uint32_t t = 0; t + 1 < T; t++)
    for (size_t i = t; i < H * H; i += 7) {
      double above = last_state(model, place, t, i / H, i % H, STEP);
      double below = last_state(model, place, t, i / H, i % H, -STEP);
      expect_near(place->of_c ? "c" : "h", variant, j[t * H * H + i],
                  (above - below) / (2 * STEP), t * H * H + i);
    }
  for (size_t i = 0; i < H * H; i++)
    expect_near("the last by itself", variant, j[(T - 1) * H * H + i],
                i % (H + 1) == 0, i);
  free(block), free(j), free(model);
}

static void test_states(void) {
  for (int variant = 0; variant < CELL_VARIANTS; variant++)
    for (uint32_t layer = 0; layer < LAYERS; layer++)
      check_states(variant, &(rnn_state_place){layer, 0, 0});
}

static void test_cell_states(void) {
  for (uint32_t layer = 0; layer < LAYERS; layer++)
    check_states(3, &(rnn_state_place){layer, 0, 1});
}

/* Largest singular value: the root of the largest eigenvalue of JᵀJ. */
static double largest_singular(const real *j) {
  double squared[H * H] = {0}, re[H], im[H], largest = 0;
  for (size_t a = 0; a < H; a++)
    for (size_t b = 0; b < H; b++)
      for (size_t u = 0; u < H; u++)
        squared[a * H + b] += j[u * H + a] * j[u * H + b];
  expect(!rnn_eigenvalues(re, im, squared, H, NULL), "no eigenvalues");
  for (size_t i = 0; i < H; i++)
    if (re[i] > largest) largest = re[i];
  return sqrt(largest);
}

static void test_norms(void) {
  for (int variant = 0; variant < CELL_VARIANTS; variant++) {
    rnn_model *model = make(variant, NULL);
    rnn_batch batch = batch_of(0, T);
    real j[T * H * H];
    double norms[2 * T];
    void *block =
        aligned_alloc(RNN_ALIGNMENT, (size_t)rnn_probe_size(model, T));
    rnn_state_place place = {1, 0, 0};
    rnn_jacobians(block, model, &batch, &place, j, norms, NULL);
    for (size_t t = 0; t < T; t++) {
      double squares = 0, singular = largest_singular(j + t * H * H);
      for (size_t i = t * H * H; i < (t + 1) * H * H; i++)
        squares += j[i] * j[i];
      expect(fabs(norms[t] - sqrt(squares)) <= 1e-14 * norms[t],
             "Frobenius of %s: %g", cell_variants[variant], norms[t]);
      expect(norms[T + t] <= singular * (1 + 1e-12) &&
                 norms[T + t] >= singular * (1 - 1e-4),
             "spectral of %s: %.9g is %.9g", cell_variants[variant],
             norms[T + t], singular);
      expect(squares > 0, "a Jacobian is zero");
    }
    free(block), free(model);
  }
}

/* --- Outputs ---------------------------------------------------------------
 */

static void read_vectors(rnn_config *c) {
  c->input = RNN_VECTOR, c->input_size = I, c->outputs = 5;
  c->loss = RNN_SQUARED;
}

static void read_both_ways(rnn_config *c) {
  read_vectors(c);
  c->bidirectional = 1;
}

static void read_all_at_once(rnn_config *c) {
  read_both_ways(c);
  c->pool = RNN_MEAN, c->head_layers = 1, c->head_size = 9;
}

static void add_what_is_read(rnn_config *c) {
  read_vectors(c);
  c->residual = 1, c->hidden = I, c->layers = 3;
}

static void check_outputs(int variant, void (*change)(rnn_config *)) {
  enum { O = 5 };
  rnn_model *model = make(variant, change);
  rnn_batch batch = batch_of(0, T);
  batch.fresh = 1;
  size_t R = model->network.config.pool ? 1 : T;
  uint32_t step = 2;
  real j[T * O * I];
  double norms[T], total = 0;
  rnn_error error = {""};
  void *block = aligned_alloc(RNN_ALIGNMENT, (size_t)rnn_probe_size(model, T));
  rnn_status status =
      rnn_sensitivity(block, model, &batch, step, j, norms, &error);
  expect(!status, "%s", error.message);
  for (size_t i = 0; !status && i < R * O * I; i++) {
    real *x = vectors + step * I + i % I, before = *x;
    *x = before + STEP;
    double above = traced(model, &batch, "logits", i / I);
    *x = before - STEP;
    double below = traced(model, &batch, "logits", i / I);
    *x = before;
    expect_near("outputs", variant, j[i], (above - below) / (2 * STEP), i);
    total += j[i] * j[i];
  }
  for (size_t t = 0; t < R; t++) total -= norms[t] * norms[t];
  expect(fabs(total) < 1e-12 && norms[R - 1] > 0, "the norms are others");
  free(block), free(model);
}

static void test_outputs(void) {
  for (int variant = 0; variant < CELL_VARIANTS; variant++) {
    check_outputs(variant, read_vectors);
    check_outputs(variant, read_both_ways);
    check_outputs(variant, read_all_at_once);
    check_outputs(variant, add_what_is_read);
  }
}

/* A symbol is a vector with a one: the same model that reads vectors. */
static void read_ones(rnn_config *c) {
  c->input = RNN_VECTOR, c->input_size = V;
}

static void look(rnn_model *model, real *j, double *norms) {
  rnn_batch batch = batch_of(0, T);
  rnn_error error = {""};
  void *block = aligned_alloc(RNN_ALIGNMENT, (size_t)rnn_probe_size(model, T));
  rnn_status status =
      rnn_sensitivity(block, model, &batch, 1, j, norms, &error);
  expect(!status, "%s", error.message);
  free(block);
}

static void test_symbols(void) {
  for (int variant = 0; variant < CELL_VARIANTS; variant++) {
    rnn_model *symbols = make(variant, NULL), *ones = make(variant, read_ones);
    real a[T * V * V], b[T * V * V];
    double norms[2][T];
    memset(vectors, 0, sizeof vectors);
    for (size_t t = 0; t < T; t++) vectors[t * V + (size_t)inputs[t]] = 1;
    /* batch_of steps by I, but from 0 it does not matter. */
    look(symbols, a, norms[0]);
    look(ones, b, norms[1]);
    for (size_t i = 0; i < T * V * V; i++)
      expect(fabs(a[i] - b[i]) <= 1e-14, "%s: number %d is %g, not %g",
             cell_variants[variant], (int)i, a[i], b[i]);
    expect(norms[0][0] == 0 && norms[0][1] > 0 && norms[0][T - 1] > 0,
           "an output depends on what is read later");
    free(symbols), free(ones);
  }
}

int main(void) {
  run("∂h_T/∂h_t is that of finite differences", test_states);
  run("∂c_T/∂c_t is that of finite differences", test_cell_states);
  run("norms of Jacobians are theirs", test_norms);
  run("outputs depend on an input as finite differences tell", test_outputs);
  run("a symbol is a vector with a one", test_symbols);
  return finish();
}
