/* Writing: one symbol after another, from a state that is never recomputed. */
#include <string.h>

#include "diagnostics/place.h"
#include "lanes.h"
#include "losses/loss.h"
#include "stream.h"

/* In nats, of p (V). */
static double entropy(const real *p, uint32_t V) {
  double sum = 0;
  for (uint32_t k = 0; k < V; k++)
    if (p[k] > 0) sum -= (double)p[k] * rnn_log((double)p[k]);
  return sum;
}

/* Writes the next symbol of a sequence into place `at` of what the caller
 * gave. */
static uint32_t write_symbol(rnn_stream *stream, uint32_t sequence, size_t at,
                             const rnn_generation *options,
                             const rnn_generated *to) {
  uint32_t V = stream->model->network.config.vocabulary;
  const real *logits = rnn_stream_logits(stream, sequence);
  rnn_softmax(stream->p, logits, V);
  rnn_candidates_weigh(&stream->candidates, &options->choice, logits,
                       stream->seen + (size_t)sequence * V);
  uint32_t symbol = rnn_candidates_choose(&stream->candidates, &options->choice,
                                          &stream->random[sequence]);
  to->symbols[at] = (int32_t)symbol;
  to->probabilities[at] = stream->p[symbol];
  if (to->entropies) to->entropies[at] = (real)entropy(stream->p, V);
  if (to->distributions)
    memcpy(to->distributions + at * V, stream->p, V * sizeof(real));
  stream->ended[sequence] = (uint8_t)rnn_stream_ends(
      stream, sequence, symbol, options->stops, options->stop_length);
  return symbol;
}

/* What comes after the end of a text. */
static void write_nothing(const rnn_stream *stream, size_t at,
                          const rnn_generated *to) {
  uint32_t V = stream->model->network.config.vocabulary;
  to->symbols[at] = -1;
  to->probabilities[at] = 0;
  if (to->entropies) to->entropies[at] = 0;
  if (to->distributions)
    memset(to->distributions + at * V, 0, V * sizeof(real));
}

rnn_status rnn_generate(rnn_stream *stream, const rnn_generation *options,
                        const rnn_generated *to, rnn_error *error) {
  const rnn_network *network = &stream->model->network;
  uint32_t *next = stream->window.inputs, B = (uint32_t)stream->window.B;
  rnn_status status =
      rnn_check_choice(&options->choice, network->config.vocabulary, error);
  if (!status)
    status = rnn_check_stops(options->stops, options->stop_length, error);
  if (!status)
    status =
        rnn_check_clamps(network, options->clamps, options->clamp_count, error);
  if (status) return status;
  stream->window.clamps = options->clamps;
  stream->window.clamp_count = options->clamp_count;
  status =
      rnn_stream_begin(stream, options->prompt, options->prompt_length, error);
  if (status) return status;
  for (uint32_t b = 0; b < B && options->prompt_length; b++)
    rnn_random_seed(&stream->random[b], options->seed + b);
  for (uint32_t i = 0; i < options->length; i++) {
    if (stream->pending) rnn_stream_feed(stream, next);
    for (uint32_t b = 0; b < B; b++) {
      size_t at = (size_t)b * options->length + i;
      if (stream->ended[b])
        write_nothing(stream, at, to);
      else
        next[b] = write_symbol(stream, b, at, options, to);
    }
    stream->pending = 1;
  }
  return RNN_OK;
}
