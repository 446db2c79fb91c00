/* A text as training reads it: B streams side by side, a window of T symbols
 * at a time. The symbols stay the caller's. */
#ifndef RNN_TEXT_H
#define RNN_TEXT_H

#include "rnn.h"

typedef struct {
  const void *symbols; /* NULL: none yet */
  int width;           /* bytes a symbol */
  rnn_plan plan;
  uint64_t hash;     /* of the symbols: tells whether a text is the same */
  uint64_t position; /* of the next window, in each stream */
} rnn_text;

/* INVALID_BATCH unless it reads symbols forwards and tells the next one at each
 * step; `done`: what is to be done with a text. */
rnn_status rnn_check_language_model(const rnn_config *config, const char *done,
                                    rnn_error *error);

/* Errors as rnn_read. Keeps the position if the text is the same one. */
rnn_status rnn_text_open(rnn_text *text, const rnn_config *config,
                         const void *symbols, int width, uint64_t length,
                         int *same, rnn_error *error);

/* Symbols that each stream reads; each has a target. */
uint64_t rnn_text_stream(const rnn_plan *plan);

/* The window at the position: inputs and targets, (T, B). */
void rnn_text_window(const rnn_text *text, uint32_t *inputs, int32_t *targets);

/* Moves on by a window. Returns 1 when the streams ended: then reading begins
 * again, at a random offset below what whole windows would leave over, so that
 * no part of the text is left out for ever. */
int rnn_text_advance(rnn_text *text, rnn_random *random);

#endif
