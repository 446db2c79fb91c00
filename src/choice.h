/* Which symbol comes next: from logits and the caller's wishes to one symbol.
 */
#ifndef RNN_CHOICE_H
#define RNN_CHOICE_H

#include "arena.h"
#include "random.h"
#include "real.h"
#include "rnn.h"

#define RNN_NEVER (-(real)__builtin_inf()) /* the logit of what cannot come */

/* What is known of the V symbols that may come next. */
typedef struct {
  uint32_t V;
  real *logits;    /* (V) with biases and penalties; −∞: never */
  double *weights; /* (V) e^((logit − the largest) / temperature) */
  double *keys;    /* (V) what they are ordered by */
  uint32_t *order; /* (V) */
} rnn_candidates;

void rnn_candidates_layout(rnn_arena *arena, rnn_candidates *candidates,
                           uint32_t V);

/* INVALID_BATCH for wishes that make no sense or leave no symbol. */
rnn_status rnn_check_choice(const rnn_choice *choice, uint32_t V,
                            rnn_error *error);

/* Fills `logits` from those of the network. `seen` (V): which symbols the
 * sequence holds already. */
void rnn_candidates_weigh(rnn_candidates *candidates, const rnn_choice *choice,
                          const real *logits, const uint8_t *seen);

/* The first of equals. */
uint32_t rnn_candidates_likeliest(const rnn_candidates *candidates);

/* The likeliest, or one that is drawn. */
uint32_t rnn_candidates_choose(rnn_candidates *candidates,
                               const rnn_choice *choice, rnn_random *random);

#endif
