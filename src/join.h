/* Between layers: what a layer says, from the states of its strands.
 *
 *   y = [h→ ; h← mirrored back], each dropped, + what the layer reads if asked
 *
 * Dropout (Srivastava et al. 2014) leaves numbers out with probability p and
 * multiplies the others by 1/(1−p), as PyTorch does between layers, not after
 * the last; with masks that last for a sequence, as Gal and Ghahramani (2016)
 * do. A mask is a function of the step's key and the number's place, so it is
 * not stored, and does not depend on threads. */
#ifndef RNN_JOIN_H
#define RNN_JOIN_H

#include "network.h"

/* Fills said[l]. `read` is what the layer reads. */
void rnn_join(const rnn_window *window, const rnn_network *network, size_t l,
              const real *read, const rnn_rows *rows);

/* The way back to one strand: dh = its part of dsaid. */
void rnn_unjoin(const rnn_window *window, const rnn_network *network, size_t l,
                size_t d, real *dh, const real *dsaid, const rnn_rows *rows);

/* Where layer l adds what it reads: said += read, and `back`, dread += dsaid.
 * What comes from outside lies in one part, what two directions say in two. */
void rnn_pass_input(const rnn_network *network, size_t l, real *to,
                    const real *from, int back, const rnn_rows *rows);

/* A hash whose outputs look drawn (the finalizer of MurmurHash3). */
uint32_t rnn_mix(uint32_t x);

/* Fills mirrored_inputs. */
void rnn_mirror_symbols(const rnn_window *window, const rnn_rows *rows);

#endif
