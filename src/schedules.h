/* How the learning rate changes as training goes on. All but the last are
 * functions of the iteration alone, and all have the same bits on every
 * machine, so that a run resumes exactly. */
#ifndef RNN_SCHEDULES_H
#define RNN_SCHEDULES_H

#include "rnn.h"

/* What reducing on a plateau remembers. */
typedef struct {
  double factor;    /* until now */
  double best, sum; /* of mean losses; of the losses since the last mean */
  uint32_t count;   /* losses in the sum */
  uint32_t bad;     /* means since the best one */
} rnn_plateau;

rnn_plateau rnn_plateau_start(void);

/* What the learning rate is multiplied with in an update; the first one has
 * iteration 0. */
double rnn_schedule_factor(const rnn_config *config, uint64_t iteration,
                           const rnn_plateau *plateau);

/* Takes notice of an update's loss. */
void rnn_plateau_observe(rnn_plateau *plateau, const rnn_config *config,
                         uint64_t iteration, double loss);

#endif
