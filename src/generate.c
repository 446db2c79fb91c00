/* Writing: one symbol after another, from a state that is never recomputed. */
#include <string.h>

#include "losses/loss.h"
#include "model.h"

struct rnn_stream {
  const rnn_model *model;
  rnn_window window; /* B = 1, T = 1 */
  real *logits, *p;  /* (V), padded */
};

static void lay_out(rnn_arena *arena, rnn_stream *stream,
                    const rnn_model *model) {
  uint64_t V = PANELS(model->network.config.vocabulary) * PANEL;
  stream->model = model;
  rnn_window_layout(arena, &stream->window, &model->network, 1, 1,
                    RNN_TO_STREAM);
  stream->logits = RNN_TAKE(arena, real, V);
  stream->p = RNN_TAKE(arena, real, V);
}

uint64_t rnn_stream_size(const rnn_model *model) {
  rnn_stream stream;
  rnn_arena measure = {0, 0};
  (void)RNN_TAKE(&measure, rnn_stream, 1);
  lay_out(&measure, &stream, model);
  return measure.used;
}

rnn_stream *rnn_stream_init(void *block, const rnn_model *model) {
  memset(block, 0, (size_t)rnn_stream_size(model));
  rnn_arena arena = {(uintptr_t)block, 0};
  rnn_stream *stream = RNN_TAKE(&arena, rnn_stream, 1);
  lay_out(&arena, stream, model);
  return stream;
}

/* What the last step left becomes what the next one starts from. */
static void advance_state(rnn_window *w, const rnn_network *n) {
  for (uint32_t part = 0; part < rnn_state_parts(n); part++) {
    real *state = rnn_window_state(w, n, part);
    for (size_t p = 0; p < PANELS(n->config.hidden); p++)
      memcpy(state + p * w->stride, state + p * w->stride + PANEL,
             PANEL * sizeof(real));
  }
}

const real *rnn_stream_feed(rnn_stream *stream, uint32_t symbol) {
  rnn_window *w = &stream->window;
  w->inputs[0] = symbol;
  rnn_window_prepare(w, &stream->model->network);
  rnn_window_forward(w, &stream->model->network, rnn_alone(w));
  advance_state(w, &stream->model->network);
  for (size_t n = 0; n < PANELS(stream->model->network.config.vocabulary); n++)
    memcpy(stream->logits + n * PANEL, w->logits.at + n * w->logits.stride,
           PANEL * sizeof(real));
  return stream->logits;
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

static rnn_status check_prompt(const rnn_generation *options, uint32_t V,
                               rnn_error *error) {
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
  return RNN_OK;
}

rnn_status rnn_generate(rnn_stream *stream, const rnn_generation *options,
                        int32_t *symbols, real *probabilities,
                        real *distributions, rnn_error *error) {
  uint32_t V = stream->model->network.config.vocabulary;
  rnn_status status = check_prompt(options, V, error);
  if (status) return status;
  rnn_random random;
  rnn_random_seed(&random, options->seed);
  const real *logits = NULL;
  for (uint32_t i = 0; i < options->prompt_length; i++)
    logits = rnn_stream_feed(stream, (uint32_t)options->prompt[i]);
  for (uint32_t i = 0; i < options->length; i++) {
    rnn_softmax(stream->p, logits, V);
    uint32_t symbol = options->temperature > 0
                          ? draw(logits, V, options->temperature, &random)
                          : likeliest(logits, V);
    symbols[i] = (int32_t)symbol;
    probabilities[i] = stream->p[symbol];
    if (distributions)
      memcpy(distributions + (size_t)i * V, stream->p, V * sizeof(real));
    if (i + 1 < options->length) logits = rnn_stream_feed(stream, symbol);
  }
  return RNN_OK;
}
