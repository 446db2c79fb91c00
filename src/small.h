/* The way of the smallest networks: a vanilla cell of up to 8 units that reads
 * one sequence of symbols and tells up to 8, as in "hello". Each of their
 * matrices is one panel, and the calls between all that other networks are made
 * of would take longer than the arithmetic. So theirs is in one piece, with the
 * same sums in the same order: the bits are those of the general way. */
#ifndef RNN_SMALL_H
#define RNN_SMALL_H

#include "network.h"

/* Networks that may go this way, as long as nothing smooths their targets. */
int rnn_is_small(const rnn_config *config);

/* From inputs and the state in row 0 of h to h, losses and dlogits, whose
 * gradients are of the loss times `scale`. */
void rnn_small_forward(const rnn_window *window, const rnn_network *network,
                       real scale);

/* From dlogits to all gradients, which it sets. */
void rnn_small_backward(const rnn_window *window, const rnn_network *network,
                        real *gradients);

#endif
