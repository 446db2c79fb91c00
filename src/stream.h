/* A stream: what rnn.h says of it, laid out. */
#ifndef RNN_STREAM_H
#define RNN_STREAM_H

#include "choice.h"
#include "model.h"

/* Symbols that a run after which a sequence ends may have. */
enum { RNN_LONGEST_STOP = 32 };

/* A text of a search with one symbol more; or as it was, symbol −1, if it had
 * ended. */
typedef struct {
  uint32_t parent, length;
  int32_t symbol;
  double log_probability, score;
} rnn_hypothesis;

struct rnn_stream {
  const rnn_model *model;
  rnn_window window;  /* T = 1; after a symbol both rows of h and c are new */
  real *logits;       /* (B, V), rows padded */
  real *p;            /* (V), padded */
  rnn_random *random; /* (B) */
  rnn_candidates candidates;
  uint8_t *seen; /* (B, V) which symbols were read or written */
  int32_t *tails; /* (B, RNN_LONGEST_STOP) what was written last; −1: nothing */
  uint8_t *ended; /* (B) by a stop */
  int pending;    /* the window's inputs were written, and not yet read */
  int begun;      /* something has been read */
  int sourced;    /* and a source before it */
  uint8_t *spare; /* room to move rows in */
  rnn_hypothesis *kept, *best; /* (B) of a search */
  uint32_t *from;              /* (B) */
};

/* Reads what was written and not yet read, and a prompt into each sequence, of
 * which none has ended then. INVALID_BATCH for a prompt that cannot be read or,
 * at first, is empty. */
rnn_status rnn_stream_begin(rnn_stream *stream, const int32_t *prompt,
                            uint32_t length, rnn_error *error);

/* Sequence b goes on as a copy of sequence from[b], for each b, all but its
 * logits. */
void rnn_stream_select(rnn_stream *stream, const uint32_t *from);

/* INVALID_BATCH for runs of symbols, −1 behind each, that cannot end a text. */
rnn_status rnn_check_stops(const int32_t *stops, uint32_t length,
                           rnn_error *error);

/* Whether a symbol, written now, completes one of them. */
int rnn_stream_ends(rnn_stream *stream, uint32_t sequence, uint32_t symbol,
                    const int32_t *stops, uint32_t length);

#endif
