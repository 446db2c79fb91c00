/* Writing: one symbol after another, from a state that is never recomputed. */
#include <string.h>

#include "diagnostics/place.h"
#include "losses/loss.h"
#include "stream.h"

static size_t row_length(const rnn_stream *stream) {
  return PANELS(stream->model->network.config.vocabulary) * PANEL;
}

static void lay_out(rnn_arena *arena, rnn_stream *stream,
                    const rnn_model *model, uint32_t count) {
  stream->model = model;
  rnn_window_layout(arena, &stream->window, &model->network, count, 1,
                    RNN_TO_STREAM);
  stream->logits = RNN_TAKE(arena, real, (uint64_t)count * row_length(stream));
  stream->p = RNN_TAKE(arena, real, row_length(stream));
  stream->random = RNN_TAKE(arena, rnn_random, count);
}

uint64_t rnn_stream_size(const rnn_model *model, uint32_t count) {
  rnn_stream stream;
  rnn_arena measure = {0, 0};
  (void)RNN_TAKE(&measure, rnn_stream, 1);
  lay_out(&measure, &stream, model, count);
  return measure.used;
}

rnn_stream *rnn_stream_init(void *block, const rnn_model *model,
                            uint32_t count) {
  memset(block, 0, (size_t)rnn_stream_size(model, count));
  rnn_arena arena = {(uintptr_t)block, 0};
  rnn_stream *stream = RNN_TAKE(&arena, rnn_stream, 1);
  lay_out(&arena, stream, model, count);
  return stream;
}

/* What the last step left becomes what the next one starts from. The oldest
 * states come last, and move first. */
static void advance_state(rnn_window *w, const rnn_network *n) {
  size_t reals = w->B * PANEL;
  for (uint32_t part = rnn_state_parts(&n->config); part-- > 0;) {
    real *state = rnn_window_state(w, n, part);
    for (size_t p = 0; p < PANELS(n->config.hidden); p++)
      memcpy(state + p * w->stride, state + p * w->stride + reals,
             reals * sizeof(real));
  }
}

void rnn_stream_feed(rnn_stream *stream, const uint32_t *symbols) {
  rnn_window *w = &stream->window;
  const rnn_network *network = &stream->model->network;
  memmove(w->inputs, symbols, w->B * sizeof *symbols);
  rnn_window_prepare(w, network);
  rnn_window_forward(w, network, rnn_alone(w));
  advance_state(w, network);
  for (size_t b = 0; b < w->B; b++)
    for (size_t k = 0; k < row_length(stream); k += PANEL)
      memcpy(stream->logits + b * row_length(stream) + k,
             w->logits.at + k / PANEL * w->logits.stride + b * PANEL,
             PANEL * sizeof(real));
}

const real *rnn_stream_logits(const rnn_stream *stream, uint32_t sequence) {
  return stream->logits + sequence * row_length(stream);
}

/* The lowest of the likeliest. */
static uint32_t likeliest(const real *p, uint32_t V) {
  uint32_t best = 0;
  for (uint32_t k = 1; k < V; k++)
    if (p[k] > p[best]) best = k;
  return best;
}

/* A draw from softmax(logits / temperature): the first symbol at which the
 * cumulative weight passes a uniform share of the whole. */
static uint32_t draw(const real *logits, uint32_t V, double temperature,
                     rnn_random *random) {
  real highest = logits[likeliest(logits, V)];
  real sharpness = (real)(1 / temperature);
  double whole = 0, passed = 0;
  for (uint32_t k = 0; k < V; k++)
    whole += (double)real_exp((logits[k] - highest) * sharpness);
  double share = rnn_random_uniform(random) * whole;
  for (uint32_t k = 0; k < V; k++) {
    passed += (double)real_exp((logits[k] - highest) * sharpness);
    if (share < passed) return k;
  }
  return V - 1;
}

static rnn_status check_prompt(const rnn_generation *options,
                               const rnn_network *n, rnn_error *error) {
  uint32_t V = n->config.vocabulary;
  if (!rnn_is_language_model(&n->config))
    return rnn_fail(error, RNN_INVALID_BATCH,
                    "a text is written by networks that read symbols in one "
                    "direction and tell the next one at each step");
  if (options->prompt_length == 0)
    return rnn_fail(error, RNN_INVALID_BATCH,
                    "the prompt is empty; it needs at least 1 symbol");
  for (uint32_t i = 0; i < options->prompt_length; i++)
    if (options->prompt[i] < 0 || (uint32_t)options->prompt[i] >= V)
      return rnn_fail(error, RNN_INVALID_BATCH,
                      "symbol %d at place %u of the prompt is outside the "
                      "vocabulary of %u",
                      (int)options->prompt[i], (unsigned)i, (unsigned)V);
  if (!(options->temperature >= 0))
    return rnn_fail(error, RNN_INVALID_BATCH, "temperature %g is below 0",
                    options->temperature);
  return rnn_check_clamps(n, options->clamps, options->clamp_count, error);
}

/* Writes symbol `i` of a sequence into its row of what the caller gave. */
static uint32_t write_symbol(rnn_stream *stream, uint32_t sequence, uint32_t i,
                             const rnn_generation *options,
                             const rnn_generated *to) {
  uint32_t V = stream->model->network.config.vocabulary;
  size_t at = (size_t)sequence * options->length + i;
  const real *logits = rnn_stream_logits(stream, sequence);
  rnn_softmax(stream->p, logits, V);
  uint32_t symbol =
      options->temperature > 0
          ? draw(logits, V, options->temperature, &stream->random[sequence])
          : likeliest(logits, V);
  to->symbols[at] = (int32_t)symbol;
  to->probabilities[at] = stream->p[symbol];
  if (to->distributions)
    memcpy(to->distributions + at * V, stream->p, V * sizeof(real));
  return symbol;
}

rnn_status rnn_generate(rnn_stream *stream, const rnn_generation *options,
                        const rnn_generated *to, rnn_error *error) {
  uint32_t *next = stream->window.inputs, B = (uint32_t)stream->window.B;
  rnn_status status = check_prompt(options, &stream->model->network, error);
  if (status) return status;
  stream->window.clamps = options->clamps;
  stream->window.clamp_count = options->clamp_count;
  for (uint32_t b = 0; b < B; b++)
    rnn_random_seed(&stream->random[b], options->seed + b);
  for (uint32_t i = 0; i < options->prompt_length; i++) {
    for (uint32_t b = 0; b < B; b++) next[b] = (uint32_t)options->prompt[i];
    rnn_stream_feed(stream, next);
  }
  for (uint32_t i = 0; i < options->length; i++) {
    if (i) rnn_stream_feed(stream, next);
    for (uint32_t b = 0; b < B; b++)
      next[b] = write_symbol(stream, b, i, options, to);
  }
  return RNN_OK;
}
