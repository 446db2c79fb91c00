/* Attention: how much each step looks at each step of the source.
 *
 *   a_ts = softmax over s of e_ts      c_t = Σ_s a_ts y_s
 *
 *   additive         e_ts = v · tanh(W_q h_{t−1} + W_k y_s), and c_t is fed to
 *                    step t             (Bahdanau, Cho and Bengio 2015, A.1.2)
 *   multiplicative   e_ts = h_t · W_k y_s, and the output reads
 *                    tanh(W_c c_t + W_h h_t) instead of h_t
 *                                       (Luong, Pham and Manning 2015, eq. 5–8)
 *
 * h is that of layer 0 for additive attention, which acts inside its loop over
 * time, and that of the last layer for multiplicative. */
#ifndef RNN_ATTENTION_H
#define RNN_ATTENTION_H

#include "seq2seq.h"

/* Columns of keys and queries. */
uint32_t rnn_key_size(const rnn_config *config);

/* keys = W_k y, of all steps of the source; and the way back, which adds to
 * the gradient of y. */
void rnn_attention_keys(const rnn_window *window, const rnn_network *network);
void rnn_attention_keys_back(const rnn_window *window,
                             const rnn_network *network, real *dy);

/* Additive, step t: from h before it to what it is fed; and from the gradient
 * of that to dh. */
void rnn_attend_before(const rnn_window *window, const rnn_network *network,
                       size_t t);
void rnn_attend_before_back(const rnn_window *window,
                            const rnn_network *network, size_t t);

/* Multiplicative, all steps: from what the last layer says to `attended`; and
 * from dattended to dsaid, which it sets. */
void rnn_attend_after(const rnn_window *window, const rnn_network *network);
void rnn_attend_after_back(const rnn_window *window, const rnn_network *network,
                           real *dsaid);

/* Adds the gradients of its weights. */
void rnn_attention_gradients(const rnn_window *window,
                             const rnn_network *network, real *gradients);

#endif
