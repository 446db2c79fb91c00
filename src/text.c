#include "text.h"

#include "network.h"

static uint32_t symbol_at(const rnn_text *text, uint64_t i) {
  return text->width == 1 ? ((const uint8_t *)text->symbols)[i]
                          : ((const uint16_t *)text->symbols)[i];
}

/* The symbol after each is its target, so the last one is never an input. */
uint64_t rnn_text_stream(const rnn_plan *plan) {
  return (plan->length - 1) / plan->batch;
}

static rnn_plan make_plan(const rnn_config *config, uint64_t length) {
  uint64_t inputs = length - 1;
  uint32_t T = inputs < config->steps ? (uint32_t)inputs : config->steps;
  uint64_t fitting = inputs / T;
  return (rnn_plan){.length = length,
                    .batch = fitting < config->batch ? (uint32_t)fitting
                                                     : config->batch,
                    .steps = T};
}

/* FNV-1a, 64 bits, over the symbols. */
static uint64_t hash_of(const rnn_text *text) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (uint64_t i = 0; i < text->plan.length; i++)
    hash = (hash ^ symbol_at(text, i)) * 0x100000001b3u;
  return hash;
}

rnn_status rnn_check_language_model(const rnn_config *config, const char *done,
                                    rnn_error *error) {
  return rnn_is_language_model(config)
             ? RNN_OK
             : rnn_fail(error, RNN_INVALID_BATCH,
                        "a text is %s by networks that read symbols in one "
                        "direction and tell the next one at each step",
                        done);
}

rnn_status rnn_text_open(rnn_text *text, const rnn_config *config,
                         const void *symbols, int width, uint64_t length,
                         int *same, rnn_error *error) {
  if (rnn_check_language_model(config, "read", error)) return RNN_INVALID_TEXT;
  if (rnn_source_steps(config))
    return rnn_fail(error, RNN_INVALID_TEXT,
                    "a text is read by networks without an encoder");
  if (length < 2)
    return rnn_fail(error, RNN_INVALID_TEXT,
                    "a text needs at least 2 symbols, one to read and one to "
                    "predict; this one has %d",
                    (int)length);
  rnn_text opened = {symbols, width, make_plan(config, length), 0, 0};
  for (uint64_t i = 0; i < length; i++)
    if (symbol_at(&opened, i) >= config->vocabulary)
      return rnn_fail(error, RNN_INVALID_TEXT,
                      "symbol %u at position %llu is outside the vocabulary "
                      "of %u",
                      (unsigned)symbol_at(&opened, i), (unsigned long long)i,
                      (unsigned)config->vocabulary);
  opened.hash = hash_of(&opened);
  /* The position may come from a file, so it is not trusted. */
  *same = text->plan.length == length && text->hash == opened.hash &&
          text->position + opened.plan.steps <= rnn_text_stream(&opened.plan);
  if (*same) opened.position = text->position;
  *text = opened;
  return RNN_OK;
}

void rnn_text_window(const rnn_text *text, uint32_t *inputs, int32_t *targets) {
  uint64_t stream = rnn_text_stream(&text->plan);
  uint32_t B = text->plan.batch;
  for (uint32_t t = 0; t < text->plan.steps; t++)
    for (uint32_t b = 0; b < B; b++) {
      uint64_t i = b * stream + text->position + t;
      inputs[t * B + b] = symbol_at(text, i);
      targets[t * B + b] = (int32_t)symbol_at(text, i + 1);
    }
}

int rnn_text_advance(rnn_text *text, rnn_random *random) {
  uint64_t stream = rnn_text_stream(&text->plan);
  text->position += text->plan.steps;
  if (text->position + text->plan.steps <= stream) return 0;
  text->position =
      rnn_random_below(random, (uint32_t)(stream % text->plan.steps) + 1);
  return 1;
}
