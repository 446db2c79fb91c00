/* How fast the machine can multiply and add: what kernels are held against. */
#ifndef RNN_PEAK_H
#define RNN_PEAK_H

#include "real.h"

/* Floating-point operations of one iteration of rnn_peak. */
#define RNN_PEAK_FLOPS 384

/* `iterations` times 48 products and 48 sums of four lanes, in registers alone.
 * The answer means nothing; it is there so that nothing is left out. Short
 * calls, about a millisecond, let an engine replace its first, slow code. */
real rnn_peak(uint32_t iterations);

#endif
