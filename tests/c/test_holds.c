/* The way back past numbers that are held, against central differences of the
 * loss of the same trace, in double. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { V = 5, H = 3, T = 5, L = 2, MOST = 4 };

static const real STEP = (real)1e-5;
static const double TOLERANCE = 1e-7; /* normalisation bends the loss */

typedef struct {
  rnn_model *model;
  rnn_batch batch;
  rnn_hold holds[MOST];
  uint32_t count;
  void *block;
} held;

static rnn_trace *trace_of(const held *p) {
  rnn_trace *trace = NULL;
  rnn_error error = {""};
  rnn_status status = rnn_trace_run(p->block, p->model, &p->batch, p->holds,
                                    p->count, &trace, &error);
  expect(status == RNN_OK, "%s", error.message);
  return trace;
}

/* Numbers of a trace by name, (T, n), or NULL. */
static real *get(const rnn_trace *trace, const char *name) {
  for (int i = 0; i < rnn_trace_count(trace); i++) {
    rnn_trace_entry entry = rnn_trace_at(trace, i);
    if (strcmp(entry.name, name)) continue;
    real *values = malloc(T * V * sizeof(real));
    rnn_trace_get(trace, i, values);
    return values;
  }
  return NULL;
}

static double loss_of(const held *p) {
  real *losses = get(trace_of(p), "loss");
  double loss = 0;
  for (int t = 0; t < T; t++) loss += losses[t] / T;
  free(losses);
  return loss;
}

/* Of one number of a parameter. */
static double difference(const held *p, int parameter, size_t i) {
  real values[4 * H * (H > V ? H : V)], before;
  double loss[2];
  rnn_parameter_get(p->model, parameter, values);
  before = values[i];
  for (int k = 0; k < 2; k++) {
    values[i] = before + (k ? STEP : -STEP);
    rnn_parameter_set(p->model, parameter, values, NULL);
    loss[k] = loss_of(p);
  }
  values[i] = before;
  rnn_parameter_set(p->model, parameter, values, NULL);
  return (loss[1] - loss[0]) / (2 * STEP);
}

static int parameter_of(const held *p, const char *name) {
  for (int i = 0; i < rnn_parameter_count(p->model); i++)
    if (!strcmp(rnn_parameter_shape(p->model, i).name, name)) return i;
  return -1;
}

static void same(const char *what, int layer, int gate, double told,
                 double wanted) {
  expect(fabs(told - wanted) <= TOLERANCE,
         "%s of layer %d, gate %d: %.10g, differences tell %.10g", what, layer,
         gate, told, wanted);
}

/* Gradients of biases are sums over da, and so are those of recurrent weights,
 * unless their product is normalised. Returns the largest. */
static double check_gate(const held *p, int l, int gate) {
  const char *letters = rnn_gate_names(p->model);
  rnn_trace *trace = trace_of(p);
  int normed = rnn_model_config(p->model)->layer_norm != 0;
  char name[40], letter[3] = "";
  double largest = 0;
  if (*letters) snprintf(letter, sizeof letter, "_%c", letters[gate]);
  snprintf(name, sizeof name, "da%s_l%d", letter, l);
  real *da = get(trace, name);
  snprintf(name, sizeof name, "dhidden_n_l%d", l);
  real *du = letter[1] == 'n' ? get(trace, name) : NULL;
  snprintf(name, sizeof name, "h_l%d", l);
  real *h = get(trace, name);
  snprintf(name, sizeof name, "reset_h_l%d", l);
  real *seen = letter[1] == 'n' ? get(trace, name) : NULL;
  snprintf(name, sizeof name, "rnn.bias_ih_l%d", l);
  int bias = parameter_of(p, name);
  snprintf(name, sizeof name, "rnn.weight_hh_l%d", l);
  int weight = parameter_of(p, name);
  for (size_t u = 0; u < H; u++) {
    double sum = 0;
    size_t row = (size_t)gate * H + u;
    for (size_t t = 0; t < T; t++) sum += da[t * H + u];
    same("the bias's gradient", l, gate, sum, difference(p, bias, row));
    largest = fmax(largest, fabs(sum));
    for (size_t k = 0; weight >= 0 && !normed && k < H; k++) {
      const real *d = du ? du : da;
      double product = 0;
      for (size_t t = 1; t < T; t++)
        product += d[t * H + u] * (seen ? seen[t * H + k] : h[(t - 1) * H + k]);
      same("a weight's gradient", l, gate, product,
           difference(p, weight, row * H + k));
    }
  }
  free(da), free(du), free(h), free(seen);
  return largest;
}

/* A state that is held has the gradient of what it is held at. */
static void check_held(held *p, const char *name, rnn_hold *hold) {
  char full[24];
  double loss[2];
  snprintf(full, sizeof full, "%s_l%u", name, (unsigned)hold->layer);
  real *d = get(trace_of(p), full), before = hold->value;
  for (int k = 0; k < 2; k++) {
    hold->value = before + (k ? STEP : -STEP);
    loss[k] = loss_of(p);
  }
  hold->value = before;
  same(full, (int)hold->layer, 0, d[hold->step * H + hold->unit],
       (loss[1] - loss[0]) / (2 * STEP));
  expect(hold->step == T - 1 || fabs(d[hold->step * H + hold->unit]) > 1e-6,
         "%s is zero", full);
  free(d);
}

static held start(int variant) {
  rnn_config config = small_config();
  static int32_t inputs[T], targets[T];
  choose_cell(&config, variant);
  config.vocabulary = V, config.hidden = H, config.layers = L;
  config.batch = 1, config.steps = T;
  fill_symbols(inputs, T, V, 1);
  fill_symbols(targets, T, V, 2);
  held p = {.model = new_model(&config),
            .batch = {.batch = 1,
                      .steps = T,
                      .inputs = inputs,
                      .targets = targets,
                      .fresh = 1}};
  p.block = aligned_alloc(RNN_ALIGNMENT, (size_t)rnn_trace_size(p.model, 1, T));
  return p;
}

static void check_all(held *p, const char *what) {
  int letters = (int)strlen(rnn_gate_names(p->model));
  int gates = letters ? letters : 1;
  double largest = 0;
  for (int l = 0; l < L; l++)
    for (int gate = 0; gate < gates; gate++)
      largest = fmax(largest, check_gate(p, l, gate));
  expect(largest > 1e-4, "%s: all gradients are zero", what);
  for (uint32_t i = 0; i < p->count; i++)
    if (p->holds[i].what >= RNN_HOLD_C)
      check_held(p, p->holds[i].what == RNN_HOLD_C ? "dc" : "dh", &p->holds[i]);
}

static int tested;

/* Each thing alone, at three steps of two layers; then several of them. */
static void test_variant(void) {
  held p = start(tested);
  const rnn_config *config = rnn_model_config(p.model);
  int gates = (int)strlen(rnn_gate_names(p.model));
  int only_h = config->layer_norm || config->peephole;
  for (uint32_t what = 0; what <= RNN_HOLD_H; what++) {
    int can = what == RNN_HOLD_H ||
              (!only_h && (what == RNN_HOLD_C ? config->cell == RNN_CELL_lstm
                                              : (int)what < gates));
    rnn_hold hold = {.layer = what % L,
                     .step = 1 + what % 2,
                     .unit = what % H,
                     .what = what,
                     .value = (real)0.3};
    p.holds[0] = hold, p.count = 1;
    rnn_trace *trace;
    if (!can) {
      expect(rnn_trace_run(p.block, p.model, &p.batch, p.holds, 1, &trace,
                           NULL) == RNN_INVALID_CONFIG,
             "%u cannot be held", (unsigned)what);
      continue;
    }
    check_all(&p, cell_variants[tested]);
    /* Another unit at that step, another step of that unit, and all of them. */
    p.holds[1] = p.holds[2] = p.holds[3] = hold, p.count = 4;
    p.holds[1].unit = (hold.unit + 1) % H, p.holds[1].value = (real)0.6;
    p.holds[2].step = 3, p.holds[2].value = (real)0.8;
    p.holds[3].what = RNN_HOLD_H, p.holds[3].layer = 1 - hold.layer;
    check_all(&p, cell_variants[tested]);
  }
  free(p.block);
  free(p.model);
}

int main(void) {
  for (tested = 0; tested < CELL_VARIANTS; tested++) {
    char sentence[120];
    snprintf(sentence, sizeof sentence,
             "%s: gradients stop at held numbers, as differences tell",
             cell_variants[tested]);
    run(sentence, test_variant);
  }
  return finish();
}
