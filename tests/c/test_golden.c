/* The core in double against PyTorch in float64: tests/golden, where
 * generate.py says how its files were made.
 *
 * Two programs that add up in another order differ by 1e-16 at each sum: a
 * window was off by at most 1.3e-15. Training passes the differences of an
 * update on and lets them grow: 100 updates were off by 5e-11 at most, where
 * momentum without a limit on the norm made the loss jump, else by 1e-11. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "golden.h"

static const char *const FOLDER = "tests/golden";
static const double WINDOW_ERROR = 1e-14, TRAJECTORY_ERROR = 1e-9;
enum {
  BATCHES = 3,
  UPDATES = 100,
  TRAJECTORIES = 5 /* at least */,
  MAX_NUMBERS = 4096
};

/* What the tests below are about. */
static golden file;
static const char *trajectory;

/* ‖a − b‖ / ‖b‖, where b is not all zero. */
static double distance(const real *a, const double *b, size_t count) {
  double difference = 0, length = 0;
  for (size_t i = 0; i < count; i++) {
    difference += (a[i] - b[i]) * (a[i] - b[i]);
    length += b[i] * b[i];
  }
  return sqrt(difference) / sqrt(length);
}

static void expect_near(const char *name, double error, double limit) {
  expect(error <= limit, "%s is off by %.2g, allowed are %.0g", name, error,
         limit);
}

/* --- From a file to a model ---------------------------------------------- */

/* Takes over every field that the file tells of under this prefix. */
static void read_fields(rnn_config *config, const char *prefix) {
  const rnn_field *field;
  for (int i = 0; (field = rnn_field_at(i)); i++) {
    const golden_record *record = golden_find(&file, prefix, field->name);
    if (!record) continue;
    rnn_error error;
    rnn_status status = rnn_config_set(config, i, record->values[0], &error);
    expect(!status, "%s cannot be set: %s", field->name, error.message);
  }
}

static rnn_config config_of(const char *prefix) {
  rnn_config config;
  rnn_config_default(&config);
  read_fields(&config, "config.");
  if (*prefix) read_fields(&config, prefix);
  return config;
}

static size_t numbers_of(const rnn_shape *shape) {
  size_t count = (size_t)shape->rows * (shape->columns ? shape->columns : 1);
  if (count <= MAX_NUMBERS) return count;
  printf("not ok - %s fits the tests' buffers\n", shape->name);
  exit(1);
}

static rnn_model *model_of(const rnn_config *config) {
  rnn_model *model = new_model(config);
  for (int i = 0; i < rnn_parameter_count(model); i++) {
    rnn_shape shape = rnn_parameter_shape(model, i);
    rnn_error error;
    rnn_status status = rnn_parameter_set(
        model, i,
        golden_values(&file, "parameter.", shape.name, numbers_of(&shape)),
        &error);
    expect(!status, "%s cannot be set: %s", shape.name, error.message);
  }
  return model;
}

/* Batch `index` of the file, in memory that the next call overwrites. */
static rnn_batch batch_of(const rnn_config *config, int index) {
  static int32_t inputs[MAX_NUMBERS], targets[MAX_NUMBERS];
  size_t count = (size_t)config->batch * config->steps;
  const double *x = golden_values(&file, "", "inputs", BATCHES * count);
  const double *y = golden_values(&file, "", "targets", BATCHES * count);
  for (size_t i = 0; i < count; i++) {
    inputs[i] = (int32_t)x[(size_t)index * count + i];
    targets[i] = (int32_t)y[(size_t)index * count + i];
  }
  return (rnn_batch){.batch = config->batch,
                     .steps = config->steps,
                     .inputs = inputs,
                     .targets = targets};
}

/* --- One window ---------------------------------------------------------- */

/* Each value of the trace that the file has too: at least `wanted`. */
static void compare_trace(const rnn_trace *trace, int wanted) {
  static real values[MAX_NUMBERS];
  int compared = 0;
  for (int i = 0; i < rnn_trace_count(trace); i++) {
    rnn_trace_entry entry = rnn_trace_at(trace, i);
    size_t count = (size_t)entry.shape[0] * entry.shape[1] * entry.shape[2];
    /* Its loss is of each symbol, the file's is the mean. */
    if (!strcmp(entry.name, "loss") || !golden_find(&file, "", entry.name))
      continue;
    const double *correct = golden_values(&file, "", entry.name, count);
    expect(count <= MAX_NUMBERS, "%s has %zu numbers", entry.name, count);
    rnn_trace_get(trace, i, values);
    expect_near(entry.name, distance(values, correct, count), WINDOW_ERROR);
    compared++;
  }
  expect(compared == wanted, "%d of %d values compared", compared, wanted);
}

static void forward_agrees(void) {
  rnn_config config = config_of("");
  rnn_model *model = model_of(&config);
  rnn_batch batch = batch_of(&config, 0);
  rnn_result result = {0};
  rnn_error error;
  rnn_status status = rnn_forward(model, &batch, &result, &error);
  expect(!status, "%s", error.message);
  double loss = *golden_values(&file, "", "loss", 1);
  expect_near("loss", fabs(result.loss / loss - 1), WINDOW_ERROR);

  size_t size = (size_t)rnn_trace_size(model, batch.batch, batch.steps);
  void *block = aligned_alloc(RNN_ALIGNMENT, size);
  rnn_trace *trace;
  status = rnn_trace_run(block, model, &batch, NULL, 0, &trace, &error);
  expect(!status, "%s", error.message);
  int states = config.cell == RNN_CELL_lstm ? 2 : 1;
  if (!status) compare_trace(trace, 1 + states * (int)config.layers);
  free(block);
  free(model);
}

static double largest(const real *values, size_t count) {
  double best = 0;
  for (size_t i = 0; i < count; i++) best = fmax(best, fabs(values[i]));
  return best;
}

static void gradients_agree(void) {
  static real gradient[MAX_NUMBERS];
  rnn_config config = config_of("");
  rnn_model *model = model_of(&config);
  rnn_batch batch = batch_of(&config, 0);
  rnn_result result = {0};
  rnn_error error;
  rnn_status status = rnn_backward(model, &batch, &result, &error);
  expect(!status, "%s", error.message);
  for (int i = 0; i < rnn_parameter_count(model); i++) {
    rnn_shape shape = rnn_parameter_shape(model, i);
    size_t count = numbers_of(&shape);
    const double *correct =
        golden_values(&file, "gradient.", shape.name, count);
    rnn_gradient_get(model, i, gradient);
    expect(largest(gradient, count) > 1e-6, "%s is zero", shape.name);
    expect_near(shape.name, distance(gradient, correct, count), WINDOW_ERROR);
  }
  double norm = *golden_values(&file, "", "gradient_norm", 1);
  expect_near("gradient norm", fabs(result.gradient_norm / norm - 1),
              WINDOW_ERROR);
  free(model);
}

/* --- 100 updates --------------------------------------------------------- */

static void compare_losses(rnn_model *model, const double *losses) {
  for (int i = 0; i < UPDATES; i++) {
    rnn_batch batch = batch_of(rnn_model_config(model), i % BATCHES);
    rnn_result result = {0};
    rnn_error error;
    rnn_status status = rnn_step(model, &batch, &result, &error);
    expect(!status, "%s", error.message);
    expect(fabs(result.loss / losses[i] - 1) <= TRAJECTORY_ERROR,
           "loss %d is %.17g, not %.17g", i, result.loss, losses[i]);
  }
}

static void compare_parameters(const rnn_model *model, const char *prefix) {
  static real values[MAX_NUMBERS];
  for (int i = 0; i < rnn_parameter_count(model); i++) {
    rnn_shape shape = rnn_parameter_shape(model, i);
    size_t count = numbers_of(&shape);
    const double *correct = golden_values(&file, prefix, shape.name, count);
    rnn_parameter_get(model, i, values);
    expect_near(shape.name, distance(values, correct, count), TRAJECTORY_ERROR);
  }
}

static void training_agrees(void) {
  char prefix[64];
  snprintf(prefix, sizeof prefix, "%s.config.", trajectory);
  rnn_config config = config_of(prefix);
  rnn_model *model = model_of(&config);
  snprintf(prefix, sizeof prefix, "%s.", trajectory);
  compare_losses(model, golden_values(&file, prefix, "losses", UPDATES));
  snprintf(prefix, sizeof prefix, "%s.parameter.", trajectory);
  compare_parameters(model, prefix);
  free(model);
}

/* --- Every file ---------------------------------------------------------- */

static void test_file(const golden *read, const char *name) {
  static char run_of[64];
  char text[400];
  int trajectories = 0;
  file = *read;
  snprintf(text, sizeof text, "%s: loss, logits and states are PyTorch's",
           name);
  run(text, forward_agrees);
  snprintf(text, sizeof text, "%s: every gradient is PyTorch's", name);
  run(text, gradients_agree);
  for (size_t i = 0; i < file.count; i++) {
    const char *record = file.records[i].name, *dot = strrchr(record, '.');
    if (!dot || strcmp(dot, ".losses")) continue;
    snprintf(run_of, sizeof run_of, "%.*s", (int)(dot - record), record);
    trajectory = run_of;
    snprintf(text, sizeof text, "%s: %d updates by %s are PyTorch's", name,
             UPDATES, trajectory);
    run(text, training_agrees);
    trajectories++;
  }
  if (trajectories < TRAJECTORIES)
    printf("not ok - %s has each of %d trajectories\n", name, TRAJECTORIES),
        exit(1);
}

int main(void) {
  golden_each(FOLDER, test_file);
  return finish();
}
