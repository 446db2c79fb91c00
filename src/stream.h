/* A stream: what rnn.h says of it, laid out. */
#ifndef RNN_STREAM_H
#define RNN_STREAM_H

#include "model.h"

struct rnn_stream {
  const rnn_model *model;
  rnn_window window;  /* T = 1; after a symbol both rows of h and c are new */
  real *logits;       /* (B, V), rows padded */
  real *p;            /* (V), padded */
  rnn_random *random; /* (B) */
};

#endif
