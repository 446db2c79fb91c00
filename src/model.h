/* Inside of a model: a network, what trains it, and where it stands. */
#ifndef RNN_MODEL_H
#define RNN_MODEL_H

#include "network.h"
#include "optimizers/optimizer.h"
#include "schedules.h"
#include "text.h"

/* What came of windows whose update is still to come: their gradients, those of
 * the sum of losses, are in the model's. */
typedef struct {
  uint32_t windows;
  double loss, counted; /* sums */
} rnn_gathered;

struct rnn_model {
  rnn_network network;
  rnn_window window;
  const rnn_optimizer *optimizer;
  real *gradients, *slots[2];
  /* h, then c if the cell has one, layer by layer, each [P][B][8]: carried
   * between windows, and what the window in work would leave. */
  real *carried, *leaving;
  double *square; /* (H + 2, H), to scale the first weights; NULL: unscaled */
  rnn_text text;
  rnn_team *team; /* NULL: alone; not the model's to release */
  rnn_random random;
  rnn_gathered gathered;
  rnn_plateau plateau;
  uint64_t iteration, symbols;
};

/* Copies `batch` into the window, transposed to (T, B), the mask applied.
 * INVALID_BATCH as rnn.h says, for windows of at most `B` and `T`. */
rnn_status rnn_window_read(rnn_window *window, const rnn_network *network,
                           const rnn_batch *batch, uint32_t B, uint32_t T,
                           size_t *counted, rnn_error *error);

/* Puts the carried state, or zeros, before the window's first step. */
void rnn_window_enter(rnn_window *window, const rnn_model *model, int fresh);

/* Of a window that is filled: a step from zero or from the carried state; and
 * a forward pass from zero or from where the window before it ended. */
rnn_status rnn_step_filled(rnn_model *model, int fresh, rnn_result *result,
                           rnn_error *error);
rnn_status rnn_forward_filled(rnn_model *model, int first, rnn_result *result,
                              rnn_error *error);

/* Lays a model out; all of it is undefined but pointers and configuration. */
void rnn_model_layout(rnn_arena *arena, rnn_model *model,
                      const rnn_config *config);

/* The model at the start of a block, laid out, everything zero. */
rnn_model *rnn_model_carve(void *block, const rnn_config *config);

#endif
