/* The head: from what the last recurrent layer says to logits, and back.
 *
 *   z = y_t | y_last | mean y | max y      for each step, or once a sequence
 *   z' = relu(W z + b), head_layers times
 *   logits = W_out z + b_out
 *
 * Of a network with two directions, the last state is the last of each: what
 * reads forwards at the last step, what reads backwards at the first. */
#ifndef RNN_HEAD_H
#define RNN_HEAD_H

#include "network.h"

void rnn_head_forward(rnn_window *window, const rnn_network *network,
                      rnn_part part);

/* From dlogits to the gradient of what it reads, which it sets: sequence by
 * sequence. */
void rnn_head_backward(rnn_window *window, const rnn_network *network,
                       real *dsaid, rnn_part part);

/* Adds a part of the gradients of the head's weights. */
void rnn_head_gradients(rnn_window *window, const rnn_network *network,
                        real *gradients, rnn_part part);

/* The transposed gradients of tied weights join those of the embedding's units
 * `from` … `to` − 1 (panels). */
void rnn_head_untie(const rnn_network *network, real *gradients, size_t from,
                    size_t to);

#endif
