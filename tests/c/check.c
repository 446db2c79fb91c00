#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static int failures;
static char reason[400];

void run(const char *sentence, void (*test)(void)) {
  reason[0] = '\0';
  test();
  if (reason[0]) failures++;
  printf("%s - %s%s%s\n", reason[0] ? "not ok" : "ok", sentence,
         reason[0] ? ": " : "", reason);
  fflush(stdout);
}

void expect(int holds, const char *why, ...) {
  if (holds || reason[0]) return;
  va_list arguments;
  va_start(arguments, why);
  vsnprintf(reason, sizeof reason, why, arguments);
  va_end(arguments);
}

int finish(void) {
  return failures > 0;
}

rnn_model *new_model(const rnn_config *config) {
  rnn_error error;
  if (rnn_config_check(config, &error)) {
    printf("not ok - a test's configuration is valid: %s\n", error.message);
    exit(1);
  }
  size_t size = (size_t)rnn_model_size(config);
  return rnn_model_init(aligned_alloc(RNN_ALIGNMENT, size), config);
}

const char *const cell_variants[CELL_VARIANTS] = {
    "vanilla tanh",
    "vanilla relu",
    "vanilla sigmoid",
    "lstm",
    "gru reset after",
    "gru reset before",
    "vanilla identity",
    "lstm sigmoid",
    "lstm peephole",
    "lstm sigmoid peephole",
    "mingru",
    "minlstm",
    "vanilla with skip 3",
    "lstm peephole with skip 2",
    "gru with skip 5",
    "minlstm with skip 4",
    "vanilla with layer norm",
    "lstm with layer norm",
    "lstm sigmoid peephole with layer norm",
    "gru reset after with layer norm",
    "gru reset before with layer norm"};

void choose_cell(rnn_config *config, int variant) {
  static const struct {
    uint32_t cell, activation, reset, candidate, peephole, skip, layer_norm;
  } forms[CELL_VARIANTS] = {
      {.cell = RNN_CELL_vanilla},
      {.cell = RNN_CELL_vanilla, .activation = 1},
      {.cell = RNN_CELL_vanilla, .activation = 2},
      {.cell = RNN_CELL_lstm},
      {.cell = RNN_CELL_gru},
      {.cell = RNN_CELL_gru, .reset = 1},
      {.cell = RNN_CELL_vanilla, .activation = 3},
      {.cell = RNN_CELL_lstm, .candidate = 1},
      {.cell = RNN_CELL_lstm, .peephole = 1},
      {.cell = RNN_CELL_lstm, .candidate = 1, .peephole = 1},
      {.cell = RNN_CELL_mingru},
      {.cell = RNN_CELL_minlstm},
      {.cell = RNN_CELL_vanilla, .skip = 3},
      {.cell = RNN_CELL_lstm, .peephole = 1, .skip = 2},
      {.cell = RNN_CELL_gru, .skip = 5},
      {.cell = RNN_CELL_minlstm, .skip = 4},
      {.cell = RNN_CELL_vanilla, .layer_norm = 1},
      {.cell = RNN_CELL_lstm, .layer_norm = 1},
      {.cell = RNN_CELL_lstm, .candidate = 1, .peephole = 1, .layer_norm = 1},
      {.cell = RNN_CELL_gru, .layer_norm = 1},
      {.cell = RNN_CELL_gru, .reset = 1, .layer_norm = 1},
  };
  config->cell = forms[variant].cell;
  config->activation = forms[variant].activation;
  config->reset = forms[variant].reset;
  config->candidate = forms[variant].candidate;
  config->peephole = forms[variant].peephole;
  config->skip = forms[variant].skip;
  config->layer_norm = forms[variant].layer_norm;
}

rnn_config small_config(void) {
  rnn_config config;
  rnn_config_default(&config);
  config.vocabulary = 7;
  config.hidden = 5;
  config.batch = 2;
  config.steps = 4;
  return config;
}

void fill_symbols(int32_t *symbols, int count, int V, uint32_t seed) {
  rnn_random random;
  rnn_random_seed(&random, seed);
  for (int i = 0; i < count; i++)
    symbols[i] = (int32_t)rnn_random_below(&random, (uint32_t)V);
}
