/* Backpropagation through time, one window after another:
 *
 *   forward → loss → backward → clip → update → carry h and c
 *
 * Values of the state are carried from window to window, gradients are not
 * (truncated BPTT, Williams and Peng 1990). A step that diverges ends before
 * the update, so that it leaves no trace. */
#include <math.h>
#include <string.h>

#include "model.h"

/* Beyond this, learning has failed. It also keeps all later arithmetic finite:
 * an update is at most 100 times a gradient, and squares stay below 1e24. */
static const double DIVERGED = 1e12;

real *rnn_window_state(const rnn_window *window, const rnn_network *network,
                       uint32_t part) {
  uint32_t layers = network->config.layers;
  return part < layers ? window->layers[part].h
                       : window->layers[part - layers].c;
}

void rnn_window_enter(rnn_window *w, const rnn_model *model, int fresh) {
  const rnn_network *n = &model->network;
  size_t B = n->config.batch;
  for (uint32_t part = 0; part < rnn_state_parts(n); part++) {
    real *to = rnn_window_state(w, n, part);
    const real *from = model->carried + part * rnn_state_count(&n->config);
    for (size_t p = 0; p < PANELS(n->config.hidden); p++)
      if (fresh)
        memset(to + p * w->stride, 0, w->B * PANEL * sizeof(real));
      else
        memcpy(to + p * w->stride, from + p * B * PANEL,
               w->B * PANEL * sizeof(real));
  }
}

/* Keeps the state after the last step, before the way back overwrites it. */
static void keep_leaving_state(rnn_model *model) {
  const rnn_window *w = &model->window;
  const rnn_network *n = &model->network;
  size_t B = n->config.batch;
  memcpy(model->leaving, model->carried,
         (size_t)(rnn_state_parts(n) * rnn_state_count(&n->config)) *
             sizeof(real));
  for (uint32_t part = 0; part < rnn_state_parts(n); part++) {
    const real *from = rnn_window_state(w, n, part) + w->T * w->B * PANEL;
    real *to = model->leaving + part * rnn_state_count(&n->config);
    for (size_t p = 0; p < PANELS(n->config.hidden); p++)
      memcpy(to + p * B * PANEL, from + p * w->stride,
             w->B * PANEL * sizeof(real));
  }
}

static rnn_status read_row(rnn_window *w, const rnn_batch *batch, uint32_t b,
                           uint32_t t, int64_t V, size_t *counted,
                           rnn_error *error) {
  size_t at = (size_t)b * batch->steps + t, r = (size_t)t * batch->batch + b;
  int32_t x = batch->inputs[at], y = batch->targets[at];
  if (x < 0 || x >= V || y < -1 || y >= V)
    return rnn_fail(error, RNN_INVALID_BATCH,
                    "%s %d of sequence %u, step %u is outside the vocabulary "
                    "of %d",
                    x < 0 || x >= V ? "input" : "target",
                    x < 0 || x >= V ? (int)x : (int)y, (unsigned)b, (unsigned)t,
                    (int)V);
  int skipped = y < 0 || (batch->mask && !batch->mask[at]);
  w->inputs[r] = (uint32_t)x;
  w->targets[r] = skipped ? -1 : y;
  *counted += !skipped;
  return RNN_OK;
}

rnn_status rnn_window_read(rnn_window *w, const rnn_network *n,
                           const rnn_batch *batch, uint32_t B, uint32_t T,
                           size_t *counted, rnn_error *error) {
  if (batch->batch < 1 || batch->batch > B)
    return rnn_fail(error, RNN_INVALID_BATCH,
                    "batch of %u sequences is outside 1 … %u",
                    (unsigned)batch->batch, (unsigned)B);
  if (batch->steps < 1 || batch->steps > T)
    return rnn_fail(error, RNN_INVALID_BATCH,
                    "sequence of %u steps is outside 1 … %u",
                    (unsigned)batch->steps, (unsigned)T);
  *counted = 0;
  rnn_window_use(w, n, batch->batch, batch->steps);
  for (uint32_t b = 0; b < batch->batch; b++)
    for (uint32_t t = 0; t < batch->steps; t++) {
      rnn_status status =
          read_row(w, batch, b, t, n->config.vocabulary, counted, error);
      if (status) return status;
    }
  if (*counted == 0)
    return rnn_fail(error, RNN_INVALID_BATCH,
                    "none of the %u targets is counted",
                    (unsigned)(batch->batch * batch->steps));
  return RNN_OK;
}

static rnn_status diverged(double value, const char *what, rnn_error *error) {
  if (value <= DIVERGED) return RNN_OK;
  return rnn_fail(error, RNN_DIVERGED,
                  "the %s became %.3g; a smaller learning rate or tighter "
                  "clipping may help",
                  what, value);
}

/* The window is filled; its state is not yet there. */
static rnn_status run_forward(rnn_model *model, int fresh, size_t counted,
                              rnn_result *result, rnn_error *error) {
  rnn_window_enter(&model->window, model, fresh);
  rnn_window_forward(&model->window, &model->network);
  double loss = rnn_window_loss(&model->window, &model->network, counted) /
                (double)counted;
  rnn_status status = diverged(loss, "loss", error);
  if (!status) *result = (rnn_result){.loss = loss, .symbols = model->symbols};
  return status;
}

static rnn_status run_backward(rnn_model *model, int fresh, size_t counted,
                               rnn_result *result, rnn_error *error) {
  rnn_result forward;
  rnn_status status = run_forward(model, fresh, counted, &forward, error);
  if (status) return status;
  keep_leaving_state(model);
  rnn_window_backward(&model->window, &model->network, model->gradients);
  forward.gradient_norm = sqrt(kernel_squared_norm(
      model->gradients, (size_t)model->network.parameters.reals));
  status = diverged(forward.gradient_norm, "gradient norm", error);
  if (!status) *result = forward;
  return status;
}

enum { CLIP_NONE, CLIP_NORM, CLIP_VALUE };

/* By norm as PyTorch's clip_grad_norm_: g · min(1, limit / (‖g‖ + 1e-6)). */
static void update(rnn_model *model, double norm) {
  const rnn_config *config = &model->network.config;
  double ratio = config->clip_at / (norm + 1e-6);
  rnn_update u = {
      .p = model->network.values,
      .g = model->gradients,
      .slots = {model->slots[0], model->slots[1]},
      .count = model->network.parameters.reals,
      .scale = config->clip == CLIP_NORM && ratio < 1 ? (real)ratio : 1,
      .limit = config->clip == CLIP_VALUE ? (real)config->clip_at : 0,
      .updates = model->iteration + 1,
  };
  model->optimizer->update(&u, config);
}

static rnn_status run_step(rnn_model *model, int fresh, size_t counted,
                           rnn_result *result, rnn_error *error) {
  rnn_result backward;
  rnn_status status = run_backward(model, fresh, counted, &backward, error);
  if (status) return status;
  update(model, backward.gradient_norm);
  model->iteration++;
  model->symbols += model->window.B * model->window.T;
  backward.symbols = model->symbols;
  if (model->network.config.carry) {
    real *carried = model->carried;
    model->carried = model->leaving;
    model->leaving = carried;
  }
  *result = backward;
  return RNN_OK;
}

typedef rnn_status run(rnn_model *, int, size_t, rnn_result *, rnn_error *);

static rnn_status with_batch(run *run, rnn_model *model, const rnn_batch *batch,
                             rnn_result *result, rnn_error *error) {
  const rnn_config *config = &model->network.config;
  size_t counted;
  rnn_status status =
      rnn_window_read(&model->window, &model->network, batch, config->batch,
                      config->steps, &counted, error);
  return status ? status
                : run(model, batch->fresh != 0, counted, result, error);
}

rnn_status rnn_forward(rnn_model *model, const rnn_batch *batch,
                       rnn_result *result, rnn_error *error) {
  return with_batch(run_forward, model, batch, result, error);
}

rnn_status rnn_backward(rnn_model *model, const rnn_batch *batch,
                        rnn_result *result, rnn_error *error) {
  return with_batch(run_backward, model, batch, result, error);
}

rnn_status rnn_step(rnn_model *model, const rnn_batch *batch,
                    rnn_result *result, rnn_error *error) {
  return with_batch(run_step, model, batch, result, error);
}

void rnn_reset_state(rnn_model *model) {
  const rnn_network *n = &model->network;
  memset(model->carried, 0,
         (size_t)(rnn_state_parts(n) * rnn_state_count(&n->config)) *
             sizeof(real));
}

rnn_status rnn_read(rnn_model *model, const void *symbols, int width,
                    uint64_t length, rnn_error *error) {
  int same;
  rnn_status status = rnn_text_open(&model->text, &model->network.config,
                                    symbols, width, length, &same, error);
  if (!status && !same) rnn_reset_state(model);
  return status;
}

rnn_plan rnn_reading_plan(const rnn_model *model) {
  return model->text.plan;
}

rnn_status rnn_train(rnn_model *model, uint64_t iterations, rnn_result *result,
                     rnn_error *error) {
  const rnn_plan *plan = &model->text.plan;
  rnn_window *w = &model->window;
  if (!model->text.symbols)
    return rnn_fail(error, RNN_INVALID_TEXT, "there is no text to read yet");
  for (uint64_t i = 0; i < iterations; i++) {
    rnn_window_use(w, &model->network, plan->batch, plan->steps);
    rnn_text_window(&model->text, w->inputs, w->targets);
    rnn_status status = run_step(model, !model->network.config.carry,
                                 w->B * w->T, result, error);
    if (status) return status;
    if (rnn_text_advance(&model->text, &model->random)) rnn_reset_state(model);
  }
  return RNN_OK;
}
