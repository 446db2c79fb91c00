/* Gradients against differences of the loss, as well as float32 can tell.
 *
 *   D(s) = (L(w + s) − L(w − s)) / 2s       numeric = (4 D(s) − D(2s)) / 3
 *
 * Rounding of L leaves an error of ε L / s in D, its curvature one of s²: with
 * the extrapolation (Richardson 1911), which leaves s⁴, a step as large as 1/64
 * is good, and rounding shows in the fifth digit after the point. What could
 * not be told is said: the rounding, and how far D(s) and D(2s) are apart. */
#include <float.h>
#include <math.h>

#include "../model.h"

static const double STEP = 1.0 / 64;

/* Of a backward pass, so that dropout is at work, with the same masks. */
static rnn_status loss_at(rnn_model *model, const rnn_batch *batch, real *w,
                          double at, double *loss, rnn_error *error) {
  rnn_result result;
  *w = (real)at;
  rnn_status status = rnn_backward(model, batch, &result, error);
  if (!status) *loss = result.loss;
  return status;
}

static rnn_status difference(rnn_model *model, const rnn_batch *batch, real *w,
                             double step, double *slope, rnn_error *error) {
  double before = (double)*w, above = 0, below = 0, from, to;
  rnn_status status = loss_at(model, batch, w, before + step, &above, error);
  to = (double)*w;
  if (!status) status = loss_at(model, batch, w, before - step, &below, error);
  from = (double)*w;
  *w = (real)before;
  *slope = (above - below) / (to - from);
  return status;
}

static rnn_status check_one(rnn_model *model, const rnn_batch *batch, real *w,
                            double loss, rnn_gradient_check *to,
                            rnn_error *error) {
  double near, far;
  rnn_status status = difference(model, batch, w, STEP, &near, error);
  if (!status) status = difference(model, batch, w, 2 * STEP, &far, error);
  if (status) return status;
  to->numeric = (4 * near - far) / 3;
  to->uncertainty =
      fabs(near - far) / 3 + 4 * FLT_EPSILON * fmax(1, loss) / STEP;
  return RNN_OK;
}

/* Number `index` of a parameter, inside the model. */
static uint64_t place_of(const rnn_parameter *p, uint32_t index) {
  uint32_t columns = p->columns ? p->columns : 1;
  return p->offset + rnn_parameter_place(p, index / columns, index % columns);
}

rnn_status rnn_check_gradients(rnn_model *model, const rnn_batch *batch,
                               rnn_gradient_check *samples, uint32_t count,
                               uint32_t seed, rnn_error *error) {
  const rnn_parameters *all = &model->network.parameters;
  rnn_result result;
  rnn_random random;
  rnn_random_seed(&random, seed);
  rnn_status status = rnn_backward(model, batch, &result, error);
  for (uint32_t i = 0; i < count && !status; i++) {
    rnn_gradient_check *s = &samples[i];
    s->parameter = i % (uint32_t)all->count;
    const rnn_parameter *p = &all->table[s->parameter];
    s->index = rnn_random_below(&random, (uint32_t)rnn_parameter_numbers(p));
    s->analytic = (double)model->gradients[place_of(p, s->index)];
  }
  for (uint32_t i = 0; i < count && !status; i++) {
    rnn_gradient_check *s = &samples[i];
    real *w =
        model->network.values + place_of(&all->table[s->parameter], s->index);
    status = check_one(model, batch, w, result.loss, s, error);
  }
  return status ? status : rnn_backward(model, batch, &result, error);
}
