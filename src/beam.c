/* Beam search: of all continuations of the texts kept so far, the best. */
#include <string.h>

#include "lanes.h"
#include "stream.h"

typedef struct {
  rnn_hypothesis *kept; /* (width) of the row before */
  rnn_hypothesis *best; /* (width) so far, of the row in work, the best first */
  uint32_t *from;       /* (width) */
  uint32_t width, count;
} beam;

static rnn_hypothesis scored(const rnn_hypothesis *parent, uint32_t place,
                             int32_t symbol, double log_probability,
                             const double *divisors) {
  rnn_hypothesis h = {place, parent->length + (symbol >= 0), symbol,
                      parent->log_probability + log_probability, 0};
  h.score = h.log_probability / (divisors ? divisors[h.length] : 1);
  return h;
}

/* Of equals, the one that was found first comes first. */
static void consider(beam *beam, rnn_hypothesis h) {
  uint32_t place = beam->count;
  if (place == beam->width && !(h.score > beam->best[place - 1].score)) return;
  if (place == beam->width)
    place--;
  else
    beam->count++;
  for (; place && h.score > beam->best[place - 1].score; place--)
    beam->best[place] = beam->best[place - 1];
  beam->best[place] = h;
}

/* All continuations of a text. */
static void extend(rnn_stream *stream, const rnn_search *options, beam *beam,
                   uint32_t place) {
  rnn_candidates *of = &stream->candidates;
  rnn_candidates_weigh(of, &options->choice, rnn_stream_logits(stream, place),
                       stream->seen + (size_t)place * of->V);
  real highest = of->logits[rnn_candidates_likeliest(of)];
  double sum = 0;
  for (uint32_t k = 0; k < of->V; k++)
    if (of->logits[k] > RNN_NEVER)
      sum += (double)real_exp(of->logits[k] - highest);
  double whole = (double)highest + rnn_log(sum);
  for (uint32_t k = 0; k < of->V; k++)
    if (of->logits[k] > RNN_NEVER)
      consider(beam, scored(&beam->kept[place], place, (int32_t)k,
                            (double)of->logits[k] - whole, options->divisors));
}

/* The texts of a row become those of the one before the next. */
static void keep(rnn_stream *stream, const rnn_search *options, beam *beam) {
  uint8_t *ended = stream->spare;
  for (uint32_t i = 0; i < beam->width; i++)
    beam->from[i] = i < beam->count ? beam->best[i].parent : 0;
  for (uint32_t i = 0; i < beam->count; i++)
    ended[i] = stream->ended[beam->from[i]];
  memcpy(stream->ended, ended, beam->count);
  rnn_stream_select(stream, beam->from);
  for (uint32_t i = 0; i < beam->count; i++) {
    int32_t symbol = beam->best[i].symbol;
    beam->kept[i] = beam->best[i];
    if (symbol >= 0 && rnn_stream_ends(stream, i, (uint32_t)symbol,
                                       options->stops, options->stop_length))
      stream->ended[i] = 1;
    stream->window.inputs[i] = symbol < 0 ? 0 : (uint32_t)symbol;
  }
}

static void tell(const beam *beam, const rnn_found *to, size_t row) {
  for (uint32_t i = 0; i < beam->width; i++) {
    const rnn_hypothesis *h = &beam->best[i];
    int there = i < beam->count;
    size_t at = row * beam->width + i;
    to->symbols[at] = there ? h->symbol : -1;
    to->parents[at] = there ? h->parent : 0;
    to->log_probabilities[at] = there ? h->log_probability : -__builtin_inf();
  }
}

rnn_status rnn_beam_search(rnn_stream *stream, const rnn_search *options,
                           const rnn_found *found, rnn_error *error) {
  uint32_t V = stream->model->network.config.vocabulary;
  uint32_t width = (uint32_t)stream->window.B, live = 1;
  rnn_status status = rnn_check_choice(&options->choice, V, error);
  if (!status)
    status = rnn_check_stops(options->stops, options->stop_length, error);
  if (!status)
    status = rnn_stream_begin(stream, options->prompt, options->prompt_length,
                              error);
  if (status) return status;
  beam beam = {stream->kept, stream->best, stream->from, width, 0};
  beam.kept[0] = (rnn_hypothesis){0};
  for (uint32_t i = 0; i < options->length; i++, live = beam.count) {
    if (i) rnn_stream_feed(stream, stream->window.inputs);
    beam.count = 0;
    for (uint32_t b = 0; b < live; b++)
      if (stream->ended[b])
        consider(&beam, scored(&beam.kept[b], b, -1, 0, options->divisors));
      else
        extend(stream, options, &beam, b);
    tell(&beam, found, i);
    keep(stream, options, &beam);
  }
  return RNN_OK;
}
