/* Creating models, and access to their parameters. */
#include "model.h"
#include "seq2seq.h"

#include <math.h>
#include <string.h>

void rnn_model_layout(rnn_arena *arena, rnn_model *model,
                      const rnn_config *config) {
  rnn_network *n = &model->network;
  rnn_network_layout(arena, n, config);
  model->optimizer = rnn_optimizer_of(config);
  model->gradients = RNN_TAKE(arena, real, n->parameters.reals);
  for (int i = 0; i < 2; i++)
    model->slots[i] = model->optimizer->slots[i]
                          ? RNN_TAKE(arena, real, n->parameters.reals)
                          : NULL;
  uint64_t H = rnn_most_hidden(config);
  model->square =
      config->spectral_radius > 0 ? RNN_TAKE(arena, double, (H + 2) * H) : NULL;
  model->carried = RNN_TAKE(arena, real, n->state_reals);
  model->leaving = RNN_TAKE(arena, real, n->state_reals);
  rnn_window_layout(arena, &model->window, n, config->batch, config->steps,
                    RNN_TO_TRAIN);
}

uint64_t rnn_model_size(const rnn_config *config) {
  rnn_model model;
  rnn_arena measure = {0, 0};
  (void)RNN_TAKE(&measure, rnn_model, 1);
  rnn_model_layout(&measure, &model, config);
  return measure.used;
}

rnn_model *rnn_model_carve(void *block, const rnn_config *config) {
  memset(block, 0, (size_t)rnn_model_size(config));
  rnn_arena arena = {(uintptr_t)block, 0};
  rnn_model *model = RNN_TAKE(&arena, rnn_model, 1);
  rnn_model_layout(&arena, model, config);
  model->plateau = rnn_plateau_start();
  return model;
}

rnn_model *rnn_model_init(void *block, const rnn_config *config) {
  rnn_model *model = rnn_model_carve(block, config);
  rnn_random_seed(&model->random, config->seed);
  const rnn_network *n = &model->network;
  rnn_parameters_initialise(n->values, &n->parameters, config, &model->random,
                            model->square);
  if (rnn_source_steps(config))
    rnn_parameters_initialise(n->values, &n->encoder->parameters,
                              &n->encoder->config, &model->random,
                              model->square);
  return model;
}

const rnn_config *rnn_model_config(const rnn_model *model) {
  return &model->network.config;
}

rnn_status rnn_configure(rnn_model *model, int field, double value,
                         rnn_error *error) {
  const rnn_field *row = rnn_field_at(field);
  if (!row->live)
    return rnn_fail(error, RNN_NOT_LIVE,
                    "%s cannot change while a model trains; it needs a new one",
                    row->name);
  return rnn_config_set(&model->network.config, field, value, error);
}

uint64_t rnn_iteration(const rnn_model *model) {
  return model->iteration;
}

double rnn_learning_rate(const rnn_model *model) {
  const rnn_config *config = &model->network.config;
  return config->learning_rate *
         rnn_schedule_factor(config, model->iteration, &model->plateau);
}

int rnn_parameter_count(const rnn_model *model) {
  return model->network.parameters.count;
}

static const rnn_parameter *parameter(const rnn_model *model, int index) {
  return &model->network.parameters.table[index];
}

rnn_shape rnn_parameter_shape(const rnn_model *model, int index) {
  const rnn_parameter *p = parameter(model, index);
  rnn_shape shape = {.rows = p->rows, .columns = p->columns};
  memcpy(shape.name, p->name, sizeof shape.name);
  return shape;
}

void rnn_parameter_get(const rnn_model *model, int index, real *values) {
  const rnn_parameter *p = parameter(model, index);
  rnn_parameter_unpack(values, p, model->network.values + p->offset);
}

rnn_status rnn_parameter_set(rnn_model *model, int index, const real *values,
                             rnn_error *error) {
  const rnn_parameter *p = parameter(model, index);
  for (uint64_t i = 0; i < rnn_parameter_numbers(p); i++)
    if (!isfinite(values[i]))
      return rnn_fail(error, RNN_INVALID_CONFIG,
                      "number %llu of %s is not finite", (unsigned long long)i,
                      p->name);
  rnn_parameter_pack(model->network.values + p->offset, p, values);
  return RNN_OK;
}

void rnn_gradient_get(const rnn_model *model, int index, real *values) {
  const rnn_parameter *p = parameter(model, index);
  rnn_parameter_unpack(values, p, model->gradients + p->offset);
}
