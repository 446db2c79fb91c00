/* Sequence to sequence: an encoder reads a source before a decoder writes
 * (Cho et al. 2014, Sutskever et al. 2014).
 *
 *   y = encoder(source)            (S·B, E), E = directions · source_hidden
 *   s_0 = y_S                      for h and c of each layer, or, where sizes
 *   s_0 = tanh(W y_S + b)          differ, over a bridge (Bahdanau et al. 2015)
 *   pre_t += W_fed f_t             where the source enters each step of layer
 * 0: f_t = y_S of the last layer, or the context of additive attention
 * (attention.h)
 *
 * Both are networks with windows. The last state of a sequence is that after
 * its own last step, in both directions. All that follows from a source is done
 * by one thread. */
#ifndef RNN_SEQ2SEQ_H
#define RNN_SEQ2SEQ_H

#include "network.h"

/* What a window of a decoder has for its source. States are in parts, h of all
 * layers and then c. */
typedef struct rnn_source {
  rnn_window window;
  real *last, *dlast; /* of each part [E/8][B][8]: where the source ends */
  real *initial, *dinitial; /* of each part [H/8][B][8]: where writing starts */
  real *keys, *dkeys;       /* (S·B, ·): what queries are compared with */
  real *dscore;             /* (A) */
  real *dshares;            /* (S), of one row */
} rnn_source;

/* The encoder's. Its fields are the decoder's but for its sizes. */
rnn_config rnn_encoder_config(const rnn_config *config);

/* Adds what a decoder and its encoder have beside the decoder's own. */
void rnn_source_parameters_layout(rnn_parameters *all,
                                  const rnn_config *config);

/* Of a network that has an encoder, and of a window of it. */
void rnn_encoder_layout(rnn_arena *arena, rnn_network *network);
void rnn_source_layout(rnn_arena *arena, rnn_window *window,
                       const rnn_network *network, size_t B,
                       rnn_purpose purpose);

/* Copies the sources of a batch. INVALID_BATCH as rnn.h says. */
rnn_status rnn_source_read(rnn_window *window, const rnn_network *network,
                           const rnn_batch *batch, rnn_error *error);

/* Reads the source, to the states before the first step. */
void rnn_source_forward(rnn_window *window, const rnn_network *network);

/* The steps of a window one by one, each of which reads the truth with a
 * probability of `teacher_forcing`, and else what the network has just held
 * likeliest (scheduled sampling, Bengio et al. 2015). */
void rnn_window_forward_freely(rnn_window *window, const rnn_network *network);

/* What `count` steps of layer 0 from `t` on are fed enters their `pre`; and the
 * way back, when their dpre is there. With additive attention, `count` is 1. */
void rnn_feed(const rnn_window *window, const rnn_network *network, size_t t,
              size_t count);
void rnn_feed_back(const rnn_window *window, const rnn_network *network,
                   size_t t, size_t count);

/* Keeps dh and dc before the first step of a strand. */
void rnn_source_depart(const rnn_window *window, const rnn_network *network,
                       size_t strand);
/* Of an encoder: adds the gradients of last states to those after step t − 1,
 * of sequences that end there. */
void rnn_last_arrive(const rnn_window *window, const rnn_network *network,
                     size_t strand, size_t t);

/* The way back, as those of windows (network.h). */
void rnn_source_prepare_backward(rnn_window *window, rnn_network *network);
void rnn_source_backward_sequences(rnn_window *window,
                                   const rnn_network *network);
void rnn_source_gradients(rnn_window *window, const rnn_network *network,
                          real *gradients);

#endif
