/* Learning rates against torch.optim.lr_scheduler: tests/golden/schedules. */
#include "schedules.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "golden.h"

/* PyTorch computes some rates from those before, and cosines near their ends
 * are small differences of numbers near 1: so both kinds of error. */
static const double RELATIVE = 1e-13, ABSOLUTE = 1e-15;
enum { RATES = 300 };

static golden file;
static char prefix[64];

static rnn_config schedule_config(void) {
  rnn_config config;
  char group[80];
  rnn_config_default(&config);
  snprintf(group, sizeof group, "%sconfig.", prefix);
  for (int i = 0; rnn_field_at(i); i++) {
    const golden_record *record =
        golden_find(&file, group, rnn_field_at(i)->name);
    rnn_error error;
    if (record)
      expect(!rnn_config_set(&config, i, record->values[0], &error), "%s",
             error.message);
  }
  return config;
}

static void factors_agree(void) {
  rnn_config config = schedule_config();
  rnn_plateau plateau = rnn_plateau_start();
  const double *factors = golden_values(&file, prefix, "factors", RATES);
  const golden_record *losses = golden_find(&file, prefix, "losses");
  for (uint64_t i = 0; i < RATES; i++) {
    double factor = rnn_schedule_factor(&config, i, &plateau);
    expect(fabs(factor - factors[i]) <= RELATIVE * factors[i] + ABSOLUTE,
           "the factor of update %d is %.17g, not %.17g", (int)i, factor,
           factors[i]);
    if (losses) rnn_plateau_observe(&plateau, &config, i, losses->values[i]);
  }
}

static void ends_are_kept(void) {
  rnn_config config;
  rnn_config_default(&config);
  config.schedule_steps = 10;
  config.schedule_factor = 0.25;
  rnn_plateau plateau = rnn_plateau_start();
  config.schedule = 3;
  expect(rnn_schedule_factor(&config, 1ull << 52, &plateau) == 0.25, "cosine");
  config.schedule = 4;
  for (uint32_t warmup = 0; warmup < 30; warmup++) {
    config.warmup = warmup;
    for (uint64_t i = 0; i < 9; i++) {
      double factor = rnn_schedule_factor(&config, i, &plateau);
      expect(factor > 0 && factor <= 1, "a cycle with warm-up %u has %g",
             warmup, factor);
    }
    expect(rnn_schedule_factor(&config, 1ull << 52, &plateau) == 0.25e-4,
           "the end of a cycle");
  }
  config.schedule = 1, config.warmup = 0;
  expect(rnn_schedule_factor(&config, 1ull << 52, &plateau) == 0, "step");
  config.schedule = 2;
  expect(rnn_schedule_factor(&config, 1ull << 52, &plateau) == 0,
         "exponential");
}

/* Steps a model through its text. */
static void train(rnn_model *model, const uint8_t *text, uint64_t iterations) {
  rnn_result result;
  rnn_error error = {""};
  expect(!rnn_read(model, text, 1, 90, &error) &&
             !rnn_train(model, iterations, &result, &error),
         "%s", error.message);
}

static rnn_model *saved_and_loaded(const rnn_model *model) {
  uint64_t size = rnn_checkpoint_size(model, 0);
  void *bytes = malloc((size_t)size);
  rnn_checkpoint_save(model, NULL, 0, bytes);
  rnn_config config;
  rnn_error error = {""};
  expect(!rnn_checkpoint_config(bytes, size, &config, &error), "%s",
         error.message);
  rnn_model *loaded = rnn_checkpoint_load(
      aligned_alloc(RNN_ALIGNMENT, (size_t)rnn_model_size(&config)), bytes,
      size);
  free(bytes);
  return loaded;
}

static void resuming_keeps_the_rate(void) {
  uint8_t text[90];
  for (int i = 0; i < 90; i++) text[i] = (uint8_t)(i * i % 7);
  int fell = 0;
  for (uint32_t schedule = 0; schedule < 6; schedule++) {
    rnn_config config = small_config();
    config.schedule = schedule;
    config.warmup = 5, config.schedule_steps = 4;
    config.schedule_factor = 0.5, config.schedule_patience = 0;
    config.learning_rate = 2;
    rnn_model *whole = new_model(&config), *part = new_model(&config);
    train(whole, text, 60);
    train(part, text, 31);
    rnn_model *rest = saved_and_loaded(part);
    train(rest, text, 29);
    expect(rnn_learning_rate(whole) == rnn_learning_rate(rest),
           "schedule %u goes on with %g instead of %g", schedule,
           rnn_learning_rate(rest), rnn_learning_rate(whole));
    real a[512], b[512];
    for (int i = 0; i < rnn_parameter_count(whole); i++) {
      rnn_shape shape = rnn_parameter_shape(whole, i);
      size_t count = (size_t)shape.rows * (shape.columns ? shape.columns : 1);
      rnn_parameter_get(whole, i, a);
      rnn_parameter_get(rest, i, b);
      expect(!memcmp(a, b, count * sizeof(real)), "%s differs", shape.name);
    }
    if (schedule == 5) fell = rnn_learning_rate(part) < 2;
    free(whole);
    free(part);
    free(rest);
  }
  expect(fell, "the rate had not fallen on a plateau by then");
}

int main(void) {
  file = golden_read("tests/golden/schedules/schedules.txt");
  char sentence[120];
  int count = 0;
  for (size_t i = 0; i < file.count; i++) {
    const char *dot = strrchr(file.records[i].name, '.');
    if (!dot || strcmp(dot, ".factors")) continue;
    snprintf(prefix, sizeof prefix, "%.*s",
             (int)(dot + 1 - file.records[i].name), file.records[i].name);
    snprintf(sentence, sizeof sentence, "%sfactors are PyTorch's", prefix);
    run(sentence, factors_agree);
    count++;
  }
  if (count < 11) printf("not ok - there are 11 schedules\n"), exit(1);
  golden_free(&file);
  run("a schedule that has ended stays where it is", ends_are_kept);
  run("a resumed run has the rates and weights of one that went on",
      resuming_keeps_the_rate);
  return finish();
}
