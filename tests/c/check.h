/* What the C tests share: sentences that hold or do not, and small models. */
#ifndef CHECK_H
#define CHECK_H

#include "rnn.h"

/* Runs one test and prints `ok - sentence` or `not ok - sentence: why`. */
void run(const char *sentence, void (*test)(void));

/* Within a test: the first expectation that does not hold says why. */
__attribute__((format(printf, 2, 3))) void expect(int holds, const char *why,
                                                  ...);

/* The program's exit status: 1 when any test failed. */
int finish(void);

/* A model in a block of exactly its size, so that sanitizers see each step
 * beyond it. Free it with free(). */
rnn_model *new_model(const rnn_config *config);

/* The cells with their options: all that tests should go through. */
enum { CELL_VARIANTS = 21 };
extern const char *const cell_variants[CELL_VARIANTS];
void choose_cell(rnn_config *config, int variant);

/* A small configuration: V = 7, H = 5, B = 2, T = 4, one layer. */
rnn_config small_config(void);

/* Symbols below V that look random, the same for the same seed. */
void fill_symbols(int32_t *symbols, int count, int V, uint32_t seed);

#endif
