#include "random.h"

static uint32_t rotate(uint32_t x, int k) {
  return (x << k) | (x >> (32 - k));
}

void rnn_random_seed(rnn_random *random, uint32_t seed) {
  for (int i = 0; i < 4; i++) {
    uint32_t z = (seed += 0x9e3779b9u);
    z = (z ^ (z >> 16)) * 0x85ebca6bu;
    z = (z ^ (z >> 13)) * 0xc2b2ae35u;
    random->s[i] = z ^ (z >> 16);
  }
}

uint32_t rnn_random_bits(rnn_random *random) {
  uint32_t *s = random->s;
  uint32_t result = rotate(s[0] + s[3], 7) + s[0];
  uint32_t t = s[1] << 9;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate(s[3], 11);
  return result;
}

double rnn_random_uniform(rnn_random *random) {
  return (double)(rnn_random_bits(random) >> 8) * 0x1p-24;
}

/* Multiply and shift: the bias is below count / 2^32. */
uint32_t rnn_random_below(rnn_random *random, uint32_t count) {
  return (uint32_t)(((uint64_t)rnn_random_bits(random) * count) >> 32);
}
