/* Threads that compute together.
 *
 * Work is divided so that every number is still computed by one thread, in the
 * order in which one thread alone would: sequences where they do not meet,
 * units where they do. So the number of threads changes no bit of a result.
 *
 * All threads run the same function, each on its part, and meet at barriers.
 * Where a build has no atomics there is one thread, and a barrier is nothing.
 */
#ifndef RNN_TEAM_H
#define RNN_TEAM_H

#include "rnn.h"

/* One thread's part of the work. */
typedef struct {
  uint32_t index, count;
  rnn_team *team; /* NULL: alone */
  real *scratch;  /* KERNEL_SCRATCH reals of its own */
} rnn_part;

typedef struct {
  size_t from, to;
} rnn_range;

/* The part of 0 … n−1, cut at multiples of `grain`. */
static inline rnn_range rnn_share(rnn_part part, size_t n, size_t grain) {
  if (part.count == 1) return (rnn_range){0, n};
  size_t grains = (n + grain - 1) / grain;
  size_t from = grains * part.index / part.count * grain;
  size_t to = grains * (part.index + 1) / part.count * grain;
  return (rnn_range){from, to < n ? to : n};
}

/* Returns when every thread of the team has called it. */
void rnn_team_meet(rnn_part part);

/* Runs `job` on all threads, each with its part; returns when all are done. */
typedef void rnn_job(void *context, rnn_part part);
void rnn_team_run(rnn_team *team, real *scratch, rnn_job *job, void *context);

#endif
