/* How fast the machine can multiply and add, and how fast it can read: what
 * kernels are held against. The answers mean nothing; they are there so that
 * nothing is left out. Short calls, about a millisecond, let an engine replace
 * its first, slow code. */
#ifndef RNN_PEAK_H
#define RNN_PEAK_H

#include <stddef.h>

#include "real.h"

/* Floating-point operations of one iteration of rnn_peak. */
#define RNN_PEAK_FLOPS 192

/* `iterations` times 24 products and 24 sums of four lanes, in registers alone.
 */
real rnn_peak(uint32_t iterations);

/* Reads a block `iterations` times.  `reals`: a multiple of 32. */
real rnn_bandwidth(const real *block, size_t reals, uint32_t iterations);

#endif
