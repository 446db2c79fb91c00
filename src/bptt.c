/* Backpropagation through time, one window after another:
 *
 *   forward → loss → backward → clip → update → carry h and c
 *
 * Values of the state are carried from window to window, gradients are not
 * (truncated BPTT, Williams and Peng 1990). A step that diverges ends before
 * the update, so that it leaves no trace. With `accumulate`, the gradients of
 * several windows are added up before one update. */
#include <math.h>
#include <string.h>

#include "join.h"
#include "model.h"
#include "seq2seq.h"
#include "small.h"

/* Beyond this, learning has failed. It also keeps all later arithmetic finite:
 * an update is at most 100 times a gradient, and squares stay below 1e24. */
static const double DIVERGED = 1e12;

real *rnn_window_state(const rnn_window *window, const rnn_network *network,
                       uint32_t part) {
  uint32_t kind = part / network->config.layers;
  const rnn_layer *strand = &window->strands[part % network->config.layers];
  if (kind == 1 && strand->c) return strand->c;
  return rnn_before(window, strand->h, strand->c && kind ? kind - 1 : kind);
}

/* Copies a part of the sequences between a window, at row `row` of h and c, and
 * a state as models keep it: [P][B][8] for each of h and c of each layer. */
static void copy_state(const rnn_window *w, const rnn_network *n, size_t row,
                       real *state, rnn_part part, int to_window) {
  size_t B = n->config.batch, P = PANELS(n->config.hidden);
  rnn_range b = rnn_share(part, w->B, 4);
  size_t reals = (b.to - b.from) * PANEL;
  state += b.from * PANEL;
  for (uint32_t i = 0; i < n->state_parts; i++) {
    real *here = rnn_window_state(w, n, i) + (row + b.from) * PANEL;
    for (size_t p = 0; p < P; p++, here += w->stride, state += B * PANEL) {
      real *to = to_window ? here : state;
      const real *from = to_window ? state : here;
      for (size_t r = 0; r < reals; r += LANES) store(to + r, load(from + r));
    }
  }
}

void rnn_window_start(rnn_window *w, const rnn_network *n) {
  for (uint32_t i = 0; i < rnn_strands(&n->config); i++)
    for (size_t p = 0; p < w->strands[i].P; p++) {
      rnn_layer *strand = &w->strands[i];
      size_t before = rnn_history(&n->config);
      size_t bytes = w->B * PANEL * sizeof(real);
      memset(rnn_before(w, strand->h, before - 1) + p * w->stride, 0,
             before * bytes);
      if (strand->c) memset(strand->c + p * w->stride, 0, bytes);
    }
}

void rnn_window_enter(rnn_window *w, const rnn_model *model, int fresh) {
  const rnn_network *n = &model->network;
  if (fresh || n->state_parts == 0)
    rnn_window_start(w, n);
  else
    copy_state(w, n, 0, model->carried, rnn_alone(w), 1);
}

/* --- A window in work -------------------------------------------------------
 */

typedef enum { FORWARD, BACKWARD, STEP } depth;

/* What all threads of a team share while they work on one window. */
typedef struct {
  rnn_model *model;
  depth depth;
  double counted;
  rnn_gathered gathered; /* before this window */
  int summing;           /* gradients are of the sum, not of the mean */
  int updates;           /* this window completes an update */
  int small;             /* goes the way of small.h */
  int freely;            /* some inputs are what the network itself says */
  rnn_result result;
  int lost; /* of a team, thread 0 says it; all see it alike */
  const char *what;
  double value;
} work;

enum { CLIP_NONE, CLIP_NORM, CLIP_VALUE };

/* By norm as PyTorch's clip_grad_norm_: g · min(1, limit / (‖g‖ + 1e-6)). */
static void update(rnn_model *model, double norm, rnn_part part) {
  const rnn_config *config = &model->network.config;
  double ratio = config->clip_at / (norm + 1e-6);
  /* A frozen embedding, which comes first, is left out. */
  size_t frozen = rnn_frozen(&model->network);
  rnn_range all =
      rnn_share(part, (size_t)model->network.parameters.reals - frozen, PANEL);
  all.from += frozen, all.to += frozen;
  rnn_update u = {
      .p = model->network.values + all.from,
      .g = model->gradients + all.from,
      .count = all.to - all.from,
      .scale = config->clip == CLIP_NORM && ratio < 1 ? (real)ratio : 1,
      .limit = config->clip == CLIP_VALUE ? (real)config->clip_at : INFINITY,
      .rate = rnn_learning_rate(model),
      .updates = model->iteration + 1,
  };
  for (int i = 0; i < 2; i++)
    u.slots[i] = model->slots[i] ? model->slots[i] + all.from : NULL;
  rnn_optimizer_update(&u, config, part.scratch);
}

/* Every thread decides alike, from the same numbers added in the same order. */
static int diverged(work *k, const char *what, double value, rnn_part part) {
  if (value <= DIVERGED) return 0;
  if (part.index == 0) k->lost = 1, k->what = what, k->value = value;
  return 1;
}

/* The states before segment `index` of a window that has several. */
static real *kept_before(const rnn_window *w, const rnn_network *n,
                         size_t index) {
  return w->kept + index * n->state_reals;
}

/* A part of one segment, from the state in its first rows to its losses. */
static void segment_forward(rnn_window *w, const work *k, rnn_part part) {
  const rnn_network *n = &k->model->network;
  if (k->small) {
    rnn_small_forward(w, n, (real)(1 / k->counted));
    return;
  }
  if (rnn_has_source(w)) rnn_source_forward(w, n);
  if (rnn_has_source(w) && k->freely)
    rnn_window_forward_freely(w, n);
  else
    rnn_window_forward(w, n, part);
  rnn_window_loss(w, n, k->summing ? 1 : (size_t)k->counted, part);
}

static void all_forward(work *k, rnn_part part) {
  rnn_window *w = &k->model->window, room;
  const rnn_network *n = &k->model->network;
  size_t count = rnn_window_segments(w), end = 0;
  for (size_t s = 0; s < count; s++) {
    rnn_window *segment = rnn_window_segment(w, s, &room);
    if (count > 1) copy_state(w, n, end, kept_before(w, n, s), part, 0);
    if (s) copy_state(w, n, 0, kept_before(w, n, s), part, 1);
    segment_forward(segment, k, part);
    end = segment->T * segment->B;
  }
  /* Before the way back overwrites it. */
  if (k->depth != BACKWARD) copy_state(w, n, end, k->model->leaving, part, 0);
}

/* The last segment is still there; those before it are computed again. */
static void all_backward(work *k, rnn_part part) {
  rnn_window *w = &k->model->window, room;
  rnn_network *n = &k->model->network;
  if (k->small) {
    rnn_small_backward(w, n, k->model->gradients);
    return;
  }
  size_t last = rnn_window_segments(w) - 1;
  rnn_window_prepare_backward(
      w, n, k->gathered.windows ? NULL : k->model->gradients, part);
  rnn_team_meet(part);
  for (size_t s = last + 1; s-- > 0;) {
    rnn_window *segment = rnn_window_segment(w, s, &room);
    if (s < last) {
      rnn_team_meet(part); /* others may still read the segment after it */
      copy_state(w, n, 0, kept_before(w, n, s), part, 1);
      segment_forward(segment, k, part);
    }
    rnn_window_backward(segment, n, k->model->gradients, part);
  }
}

/* From gradients of the sum to those of the mean. */
static void make_mean(rnn_model *model, double counted, rnn_part part) {
  size_t reals = (size_t)model->network.parameters.reals;
  rnn_range all = rnn_share(part, reals, PANEL);
  real share = (real)(1 / counted);
  for (size_t i = all.from; i < all.to; i += LANES)
    store(model->gradients + i, load(model->gradients + i) * share);
  rnn_team_meet(part);
}

static void run_part(void *context, rnn_part part) {
  work *k = context;
  rnn_model *model = k->model;
  uint64_t reals = model->network.parameters.reals;
  double counted = k->gathered.counted + k->counted;
  all_forward(k, part);
  rnn_team_meet(part);
  double loss =
      (k->gathered.loss + rnn_window_total_loss(&model->window)) / counted;
  if (diverged(k, "loss", loss, part)) return;
  if (part.index == 0) k->result.loss = loss;
  if (k->depth == FORWARD) return;

  all_backward(k, part);
  rnn_team_meet(part);
  if (!k->updates) return;
  if (k->summing) make_mean(model, counted, part);
  double norm = sqrt(kernel_squared_norm(model->gradients, (size_t)reals));
  if (diverged(k, "gradient norm", norm, part)) return;
  if (part.index == 0) k->result.gradient_norm = norm;
  if (k->depth == STEP) update(model, norm, part);
}

static void count_update(rnn_model *model, double loss) {
  rnn_plateau_observe(&model->plateau, &model->network.config, model->iteration,
                      loss);
  model->iteration++;
}

static void take_step(rnn_model *model, const work *k) {
  double counted = k->gathered.counted + k->counted;
  if (k->updates)
    count_update(model, k->result.loss);
  else
    model->gathered = (rnn_gathered){k->gathered.windows + 1,
                                     k->result.loss * counted, counted};
  model->symbols += model->window.B * model->window.steps;
  if (!model->network.config.carry) return;
  real *carried = model->carried;
  model->carried = model->leaving;
  model->leaving = carried;
}

/* What a pass does with gradients that were gathered: a step goes on from them,
 * a backward pass overwrites them. */
static void take_gathered(work *k) {
  rnn_model *model = k->model;
  k->updates = 1;
  if (k->depth == FORWARD) return;
  if (k->depth == STEP) {
    uint32_t windows = model->network.config.accumulate;
    k->gathered = model->gathered;
    k->updates = k->gathered.windows + 1 >= windows;
    k->summing = windows > 1 || k->gathered.windows;
  }
  model->gathered = (rnn_gathered){.windows = 0};
}

/* The team, if the window is worth calling it: a step of fewer multiply–adds
 * takes less than the threads need to meet. */
static rnn_team *team_for(const rnn_model *model) {
  uint64_t rows = model->window.B * model->window.steps;
  int worth = rows * model->network.parameters.reals > 1 << 21 &&
              !model->window.small && !rnn_has_source(&model->window);
  return worth ? model->team : NULL;
}

/* The window is filled with symbols, and with the state before its first step.
 */
static rnn_status run_entered(rnn_model *model, depth depth, size_t counted,
                              rnn_result *result, rnn_error *error) {
  work k = {.model = model, .depth = depth, .counted = (double)counted};
  rnn_window *w = &model->window;
  const rnn_config *config = &model->network.config;
  w->dropping = depth != FORWARD && config->dropout > 0;
  w->dropout_key = config->seed * 0x9e3779b9u + (uint32_t)model->symbols;
  if (rnn_has_source(w)) {
    k.freely = depth != FORWARD && RNN_OF_SOURCE(config, teacher_forcing) < 1;
    w->source->window.dropping = w->dropping;
    w->source->window.dropout_key = rnn_mix(w->dropout_key);
  }
  take_gathered(&k);
  k.small = w->small && !k.summing && config->label_smoothing <= 0;
  if (!k.small) rnn_window_prepare(w, &model->network);
  rnn_team_run(team_for(model), w->scratch, run_part, &k);
  if (k.lost)
    return rnn_fail(error, RNN_DIVERGED,
                    "the %s became %.3g; a smaller learning rate or tighter "
                    "clipping may help",
                    k.what, k.value);
  if (depth == STEP) take_step(model, &k);
  k.result.symbols = model->symbols;
  *result = k.result;
  return RNN_OK;
}

static rnn_status run(rnn_model *model, depth depth, int fresh, size_t counted,
                      rnn_result *result, rnn_error *error) {
  const rnn_config *config = &model->network.config;
  rnn_window_enter(&model->window, model, fresh);
  /* Sequences that this window does not have keep their states. */
  if (depth == STEP && model->window.B < config->batch)
    memcpy(model->leaving, model->carried,
           (size_t)model->network.state_reals * sizeof(real));
  return run_entered(model, depth, counted, result, error);
}

static rnn_status with_batch(rnn_model *model, depth depth,
                             const rnn_batch *batch, rnn_result *result,
                             rnn_error *error) {
  const rnn_config *config = &model->network.config;
  size_t counted;
  rnn_status status =
      rnn_window_read(&model->window, &model->network, batch, config->batch,
                      config->steps, &counted, error);
  return status ? status
                : run(model, depth, batch->fresh != 0, counted, result, error);
}

rnn_status rnn_forward(rnn_model *model, const rnn_batch *batch,
                       rnn_result *result, rnn_error *error) {
  return with_batch(model, FORWARD, batch, result, error);
}

rnn_status rnn_backward(rnn_model *model, const rnn_batch *batch,
                        rnn_result *result, rnn_error *error) {
  return with_batch(model, BACKWARD, batch, result, error);
}

rnn_status rnn_step(rnn_model *model, const rnn_batch *batch,
                    rnn_result *result, rnn_error *error) {
  return with_batch(model, STEP, batch, result, error);
}

void rnn_use_team(rnn_model *model, rnn_team *team) {
  model->team = team;
}

void rnn_reset_state(rnn_model *model) {
  memset(model->carried, 0, (size_t)model->network.state_reals * sizeof(real));
}

rnn_status rnn_step_filled(rnn_model *model, int fresh, rnn_result *result,
                           rnn_error *error) {
  return run(model, STEP, fresh, model->window.B * model->window.steps, result,
             error);
}

rnn_status rnn_forward_filled(rnn_model *model, int first, rnn_result *result,
                              rnn_error *error) {
  rnn_window *w = &model->window;
  if (first)
    rnn_window_enter(w, model, 1);
  else
    copy_state(w, &model->network, 0, model->leaving, rnn_alone(w), 1);
  return run_entered(model, FORWARD, w->B * w->steps, result, error);
}
