/* xoshiro128++ (Blackman and Vigna 2021), seeded by splitmix32. 128 bits of
 * state, the same numbers on every machine. The state lives in its owner. */
#ifndef RNN_RANDOM_H
#define RNN_RANDOM_H

#include <stdint.h>

typedef struct {
  uint32_t s[4];
} rnn_random;

void rnn_random_seed(rnn_random *random, uint32_t seed);

/* 32 independent fair bits. */
uint32_t rnn_random_bits(rnn_random *random);

/* Uniform in [0, 1), a multiple of 2^-24, so exact in a float. */
double rnn_random_uniform(rnn_random *random);

/* Uniform in 0 … count−1; count > 0. */
uint32_t rnn_random_below(rnn_random *random, uint32_t count);

#endif
