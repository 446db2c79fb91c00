#include "team.h"

#include <sched.h>
#include <string.h>

#include "kernels.h"

struct rnn_team {
  uint32_t count;
  uint32_t arrived, round; /* of the barrier */
  uint32_t called;         /* jobs so far; changes call the other threads */
  rnn_job *job;            /* NULL: go home */
  void *context;
  real *scratch; /* of the other threads, KERNEL_SCRATCH each */
};

/* A wait is short when all threads have the same to do, so it begins by
 * looking often; only then does the thread sleep. */
enum { LOOKS = 20000 };

static void wait_for_change(uint32_t *word, uint32_t seen) {
  for (int i = 0; i < LOOKS; i++)
    if (__atomic_load_n(word, __ATOMIC_ACQUIRE) != seen) return;
#ifdef __wasm_atomics__
  while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == seen)
    __builtin_wasm_memory_atomic_wait32((int *)word, (int)seen, -1);
#else
  while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == seen) sched_yield();
#endif
}

static void tell_change(uint32_t *word) {
  __atomic_fetch_add(word, 1, __ATOMIC_ACQ_REL);
#ifdef __wasm_atomics__
  __builtin_wasm_memory_atomic_notify((int *)word, ~0u);
#endif
}

static void lay_out(rnn_arena *arena, rnn_team *team, uint32_t count) {
  team->scratch = RNN_TAKE(arena, real, (uint64_t)(count - 1) * KERNEL_SCRATCH);
}

uint64_t rnn_team_size(uint32_t threads) {
  rnn_team team;
  rnn_arena measure = {0, 0};
  (void)RNN_TAKE(&measure, rnn_team, 1);
  lay_out(&measure, &team, threads);
  return measure.used;
}

rnn_team *rnn_team_init(void *block, uint32_t threads) {
  rnn_arena arena = {(uintptr_t)block, 0};
  rnn_team *team = RNN_TAKE(&arena, rnn_team, 1);
  memset(team, 0, sizeof *team);
  team->count = threads;
  lay_out(&arena, team, threads);
  return team;
}

void rnn_team_meet(rnn_part part) {
  rnn_team *team = part.team;
  if (part.count == 1) return;
  uint32_t round = __atomic_load_n(&team->round, __ATOMIC_ACQUIRE);
  if (__atomic_add_fetch(&team->arrived, 1, __ATOMIC_ACQ_REL) < team->count) {
    wait_for_change(&team->round, round);
    return;
  }
  __atomic_store_n(&team->arrived, 0, __ATOMIC_RELEASE);
  tell_change(&team->round);
}

void rnn_team_run(rnn_team *team, real *scratch, rnn_job *job, void *context) {
  rnn_part part = {0, team ? team->count : 1, team, scratch};
  if (part.count > 1) {
    team->job = job;
    team->context = context;
    tell_change(&team->called);
  }
  job(context, part);
  rnn_team_meet(part);
}

void rnn_team_serve(rnn_team *team, uint32_t index) {
  rnn_part part = {index, team->count, team,
                   team->scratch + (size_t)(index - 1) * KERNEL_SCRATCH};
  for (uint32_t served = 0;; served++) {
    wait_for_change(&team->called, served);
    if (!team->job) return;
    team->job(team->context, part);
    rnn_team_meet(part);
  }
}

void rnn_team_dismiss(rnn_team *team) {
  team->job = NULL;
  tell_change(&team->called);
}
