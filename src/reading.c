/* Training and evaluating along a text, window after window. */
#include "model.h"

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

/* The end of the text, or of the windows that a state is carried through. The
 * position tells how many were read, so a resumed run knows it too. */
static int state_ends(rnn_model *model) {
  uint32_t every = model->network.config.reset_every;
  if (rnn_text_advance(&model->text, &model->random)) return 1;
  return every && model->text.position / model->text.plan.steps % every == 0;
}

static rnn_status train_on_window(rnn_model *model, rnn_result *result,
                                  rnn_error *error) {
  const rnn_plan *plan = &model->text.plan;
  rnn_window *w = &model->window;
  rnn_window_use(w, &model->network, plan->batch, plan->steps);
  rnn_text_window(&model->text, w->inputs, w->targets);
  rnn_status status =
      rnn_step_filled(model, !model->network.config.carry, result, error);
  if (!status && state_ends(model)) rnn_reset_state(model);
  return status;
}

rnn_status rnn_train(rnn_model *model, uint64_t iterations, rnn_result *result,
                     rnn_error *error) {
  if (!model->text.symbols)
    return rnn_fail(error, RNN_INVALID_TEXT, "there is no text to read yet");
  for (uint64_t end = model->iteration + iterations; model->iteration < end;) {
    rnn_status status = train_on_window(model, result, error);
    if (status) return status;
  }
  return RNN_OK;
}

/* The next window of an evaluation, up to the end of the streams. */
static void fill_next(rnn_model *model, rnn_text *text) {
  uint64_t left = rnn_text_stream(&text->plan) - text->position;
  if (left < text->plan.steps) text->plan.steps = (uint32_t)left;
  rnn_window_use(&model->window, &model->network, text->plan.batch,
                 text->plan.steps);
  rnn_text_window(text, model->window.inputs, model->window.targets);
}

rnn_status rnn_evaluate(rnn_model *model, const void *symbols, int width,
                        uint64_t length, rnn_result *result, rnn_error *error) {
  rnn_text text = {.symbols = NULL};
  rnn_result part;
  int same;
  rnn_status status = rnn_text_open(&text, &model->network.config, symbols,
                                    width, length, &same, error);
  double total = 0;
  uint64_t read = 0, stream = status ? 0 : rnn_text_stream(&text.plan);
  while (text.position < stream && !status) {
    fill_next(model, &text);
    uint64_t count = (uint64_t)text.plan.batch * text.plan.steps;
    status = rnn_forward_filled(model, text.position == 0, &part, error);
    total += part.loss * (double)count;
    read += count;
    text.position += text.plan.steps;
  }
  if (!status)
    *result = (rnn_result){.loss = total / (double)read, .symbols = read};
  return status;
}
