#include "stream.h"
#include "seq2seq.h"

#include "text.h"

#include <string.h>

static size_t row_length(const rnn_stream *stream) {
  return PANELS(stream->model->network.config.vocabulary) * PANEL;
}

/* No row that moves is larger than this and V bytes: a panel's, a tail. */
enum { SPARE = RNN_LONGEST_STOP * sizeof(int32_t) };

static void lay_out(rnn_arena *arena, rnn_stream *stream,
                    const rnn_model *model, uint32_t count) {
  uint32_t V = model->network.config.vocabulary;
  stream->model = model;
  rnn_window_layout(arena, &stream->window, &model->network, count, 1,
                    RNN_TO_STREAM);
  stream->logits = RNN_TAKE(arena, real, (uint64_t)count * row_length(stream));
  stream->p = RNN_TAKE(arena, real, row_length(stream));
  stream->random = RNN_TAKE(arena, rnn_random, count);
  rnn_candidates_layout(arena, &stream->candidates, V);
  stream->seen = RNN_TAKE(arena, uint8_t, (uint64_t)count * V);
  stream->tails = RNN_TAKE(arena, int32_t, (uint64_t)count * RNN_LONGEST_STOP);
  stream->ended = RNN_TAKE(arena, uint8_t, count);
  stream->spare = rnn_take(arena, count, V + SPARE);
  stream->kept = RNN_TAKE(arena, rnn_hypothesis, count);
  stream->best = RNN_TAKE(arena, rnn_hypothesis, count);
  stream->from = RNN_TAKE(arena, uint32_t, count);
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
  for (uint32_t part = n->state_parts; part-- > 0;) {
    real *state = rnn_window_state(w, n, part);
    for (size_t p = 0; p < PANELS(n->config.hidden); p++)
      memcpy(state + p * w->stride, state + p * w->stride + reals,
             reals * sizeof(real));
  }
}

void rnn_stream_feed(rnn_stream *stream, const uint32_t *symbols) {
  rnn_window *w = &stream->window;
  const rnn_network *network = &stream->model->network;
  size_t V = network->config.vocabulary;
  memmove(w->inputs, symbols, w->B * sizeof *symbols);
  for (size_t b = 0; b < w->B; b++) stream->seen[b * V + symbols[b]] = 1;
  stream->pending = 0, stream->begun = 1;
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

/* Row from[b] of each of (B, size) bytes comes to row b. */
static void gather(rnn_stream *stream, void *rows, size_t size,
                   const uint32_t *from) {
  size_t B = stream->window.B;
  for (size_t b = 0; b < B; b++)
    memcpy(stream->spare + b * size, (uint8_t *)rows + from[b] * size, size);
  memcpy(rows, stream->spare, B * size);
}

void rnn_stream_select(rnn_stream *stream, const uint32_t *from) {
  const rnn_network *n = &stream->model->network;
  rnn_window *w = &stream->window;
  for (uint32_t part = 0; part < n->state_parts; part++)
    for (size_t p = 0; p < PANELS(n->config.hidden); p++)
      gather(stream, rnn_window_state(w, n, part) + p * w->stride,
             PANEL * sizeof(real), from);
  gather(stream, stream->seen, n->config.vocabulary, from);
  gather(stream, stream->tails, RNN_LONGEST_STOP * sizeof(int32_t), from);
}

static void forget_written(rnn_stream *stream) {
  memset(stream->ended, 0, stream->window.B);
  for (size_t i = 0; i < stream->window.B * RNN_LONGEST_STOP; i++)
    stream->tails[i] = -1;
}

#if RNN_SEQ2SEQ
rnn_status rnn_stream_read_source(rnn_stream *stream, const int32_t *symbols,
                                  const real *vectors, const uint32_t *lengths,
                                  uint32_t steps, rnn_error *error) {
  rnn_window *w = &stream->window;
  const rnn_network *n = &stream->model->network;
  rnn_batch batch = {.batch = (uint32_t)w->B,
                     .sources = symbols,
                     .source_lengths = lengths,
                     .source_steps = steps,
                     .source_vectors = vectors};
  if (!w->source)
    return rnn_fail(error, RNN_INVALID_BATCH,
                    "this network has no encoder to read a source");
  rnn_status status = rnn_source_read(w, n, &batch, error);
  if (status) return status;
  rnn_source_forward(w, n);
  memset(stream->seen, 0, w->B * n->config.vocabulary);
  forget_written(stream);
  stream->pending = stream->begun = 0, stream->sourced = 1;
  return RNN_OK;
}
#endif

rnn_status rnn_stream_begin(rnn_stream *stream, const int32_t *prompt,
                            uint32_t length, rnn_error *error) {
  const rnn_network *n = &stream->model->network;
  uint32_t V = n->config.vocabulary, B = (uint32_t)stream->window.B;
  uint32_t *next = stream->window.inputs;
  rnn_status status = rnn_check_language_model(&n->config, "written", error);
  if (status) return status;
  if (rnn_has_source(&stream->window) && !stream->sourced)
    return rnn_fail(error, RNN_INVALID_BATCH,
                    "this network reads a source before it writes");
  if (length == 0 && !stream->begun)
    return rnn_fail(error, RNN_INVALID_BATCH,
                    "the prompt is empty; it needs at least 1 symbol");
  for (uint32_t i = 0; i < length; i++)
    if (prompt[i] < 0 || (uint32_t)prompt[i] >= V)
      return rnn_fail(error, RNN_INVALID_BATCH,
                      "symbol %d at place %u of the prompt is outside the "
                      "vocabulary of %u",
                      (int)prompt[i], (unsigned)i, (unsigned)V);
  if (stream->pending) rnn_stream_feed(stream, next);
  for (uint32_t i = 0; i < length; i++) {
    for (uint32_t b = 0; b < B; b++) next[b] = (uint32_t)prompt[i];
    rnn_stream_feed(stream, next);
  }
  if (length == 0) return RNN_OK;
  forget_written(stream);
  return RNN_OK;
}

/* --- Stops: runs of symbols, −1 behind each --------------------------------
 */

rnn_status rnn_check_stops(const int32_t *stops, uint32_t length,
                           rnn_error *error) {
  uint32_t run = 0;
  for (uint32_t i = 0; i < length; i++) {
    if (stops[i] >= 0)
      run++;
    else if (run == 0 || run > RNN_LONGEST_STOP)
      return rnn_fail(error, RNN_INVALID_BATCH,
                      "a stop of %u symbols is outside 1 … %d", (unsigned)run,
                      RNN_LONGEST_STOP);
    else
      run = 0;
  }
  return RNN_OK;
}

static int ends_with(const int32_t *tail, const int32_t *stop,
                     uint32_t length) {
  return !memcmp(tail + RNN_LONGEST_STOP - length, stop, length * sizeof *stop);
}

int rnn_stream_ends(rnn_stream *stream, uint32_t sequence, uint32_t symbol,
                    const int32_t *stops, uint32_t length) {
  int32_t *tail = stream->tails + (size_t)sequence * RNN_LONGEST_STOP;
  memmove(tail, tail + 1, (RNN_LONGEST_STOP - 1) * sizeof *tail);
  tail[RNN_LONGEST_STOP - 1] = (int32_t)symbol;
  for (uint32_t i = 0, from = 0; i < length; i++) {
    if (stops[i] >= 0) continue;
    if (ends_with(tail, stops + from, i - from)) return 1;
    from = i + 1;
  }
  return 0;
}
