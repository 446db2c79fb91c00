/* Networks of many parts, in double, against PyTorch in float64:
 * tests/golden/networks, where networks.py and seq2seq.py say how its files
 * were made. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "golden.h"

static const char *const FOLDER = "tests/golden/networks";
static const double ERROR = 1e-14; /* relative to the norm; see test_golden.c */
enum { MAX_NUMBERS = 4096 };

static golden file;

static void expect_near(const char *name, const real *a, const double *b,
                        size_t count) {
  double difference = 0, length = 0;
  for (size_t i = 0; i < count; i++) {
    difference += (a[i] - b[i]) * (a[i] - b[i]);
    length += b[i] * b[i];
  }
  expect(length > 0 && sqrt(difference) <= ERROR * sqrt(length),
         "%s is off by %.2g of %.2g", name, sqrt(difference), sqrt(length));
}

static size_t numbers_of(const rnn_shape *shape) {
  return (size_t)shape->rows * (shape->columns ? shape->columns : 1);
}

static rnn_model *model_of_file(void) {
  rnn_config config;
  rnn_config_default(&config);
  for (int i = 0; rnn_field_at(i); i++) {
    const golden_record *record =
        golden_find(&file, "config.", rnn_field_at(i)->name);
    if (record)
      expect(!rnn_config_set(&config, i, record->values[0], NULL),
             "%s cannot be set", rnn_field_at(i)->name);
  }
  rnn_model *model = new_model(&config);
  for (int i = 0; i < rnn_parameter_count(model); i++) {
    rnn_shape shape = rnn_parameter_shape(model, i);
    const double *values =
        golden_values(&file, "parameter.", shape.name, numbers_of(&shape));
    expect(!rnn_parameter_set(model, i, values, NULL), "%s cannot be set",
           shape.name);
  }
  return model;
}

static const int32_t *whole(const char *name, int32_t *to) {
  const golden_record *record = golden_find(&file, "", name);
  if (!record) return NULL;
  for (size_t i = 0; i < record->count; i++) to[i] = (int32_t)record->values[i];
  return to;
}

static const double *numbers(const char *name) {
  const golden_record *record = golden_find(&file, "", name);
  return record ? record->values : NULL;
}

static void compare_trace(const rnn_model *model, const rnn_batch *batch) {
  static real values[MAX_NUMBERS];
  void *block = aligned_alloc(
      RNN_ALIGNMENT, (size_t)rnn_trace_size(model, batch->batch, batch->steps));
  rnn_trace *trace;
  rnn_trace_run(block, model, batch, NULL, 0, &trace, NULL);
  for (int i = 0; i < rnn_trace_count(trace); i++) {
    const char *name = rnn_trace_at(trace, i).name;
    const golden_record *known = golden_find(&file, "", name);
    if (!known || (strcmp(name, "logits") && strcmp(name, "attention")))
      continue;
    rnn_trace_get(trace, i, values);
    expect_near(name, values, known->values, known->count);
  }
  free(block);
}

static void network_agrees(void) {
  static int32_t inputs[MAX_NUMBERS], targets[MAX_NUMBERS], lengths[16];
  static int32_t sources[MAX_NUMBERS], source_lengths[16];
  static real gradient[MAX_NUMBERS];
  rnn_model *model = model_of_file();
  rnn_batch batch = {.batch = rnn_model_config(model)->batch,
                     .steps = rnn_model_config(model)->steps,
                     .inputs = whole("inputs", inputs),
                     .targets = whole("targets", targets),
                     .vectors = numbers("vectors"),
                     .values = numbers("values"),
                     .lengths = (const uint32_t *)whole("lengths", lengths),
                     .sources = whole("sources", sources),
                     .source_lengths = (const uint32_t *)whole("source_lengths",
                                                               source_lengths),
                     .source_steps = rnn_model_config(model)->source_steps,
                     .source_vectors = numbers("source_vectors"),
                     .fresh = 1};
  rnn_result result = {0, 0, 0};
  rnn_error error = {""};
  expect(!rnn_backward(model, &batch, &result, &error), "%s", error.message);
  expect_near("loss", &result.loss, golden_values(&file, "", "loss", 1), 1);
  expect_near("gradient norm", &result.gradient_norm,
              golden_values(&file, "", "gradient_norm", 1), 1);
  for (int i = 0; i < rnn_parameter_count(model); i++) {
    rnn_shape shape = rnn_parameter_shape(model, i);
    size_t count = numbers_of(&shape);
    rnn_gradient_get(model, i, gradient);
    expect_near(shape.name, gradient,
                golden_values(&file, "gradient.", shape.name, count), count);
  }
  compare_trace(model, &batch);
  free(model);
}

static void test_file(const golden *read, const char *name) {
  char sentence[400];
  file = *read;
  snprintf(sentence, sizeof sentence,
           "%s: loss, logits and gradients are PyTorch's", name);
  run(sentence, network_agrees);
}

int main(void) {
  golden_each(FOLDER, test_file);
  return finish();
}
