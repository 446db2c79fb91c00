#include "probe.h"

#include <string.h>

static void lay_out(rnn_arena *arena, rnn_probe *probe, const rnn_model *model,
                    uint32_t steps) {
  rnn_network_layout(arena, &probe->network, &model->network.config);
  probe->gradients = RNN_TAKE(arena, real, probe->network.parameters.reals);
  probe->scratch = RNN_TAKE(arena, double,
                            2 * (uint64_t)model->network.config.hidden +
                                rnn_probe_inputs(&model->network.config));
  rnn_window_layout(arena, &probe->window, &probe->network, RNN_PROBE_ROWS,
                    steps, RNN_TO_TRACE);
}

uint64_t rnn_probe_size(const rnn_model *model, uint32_t steps) {
  rnn_probe probe;
  rnn_arena measure = {0, 0};
  (void)RNN_TAKE(&measure, rnn_probe, 1);
  lay_out(&measure, &probe, model, steps);
  return measure.used;
}

/* From the rows of one sequence to those of all, which are the same. */
static void spread(rnn_window *w, size_t T, size_t panels_read) {
  for (size_t r = T * RNN_PROBE_ROWS; r-- > 0;) {
    size_t t = r / RNN_PROBE_ROWS;
    w->inputs[r] = w->inputs[t];
    for (size_t p = 0; p < panels_read; p++) {
      real *panel = w->vectors + p * w->stride;
      memmove(panel + r * PANEL, panel + t * PANEL, PANEL * sizeof(real));
    }
  }
}

rnn_status rnn_probe_run(void *block, const rnn_model *model,
                         const rnn_batch *batch, rnn_probe **result,
                         rnn_error *error) {
  rnn_arena arena = {(uintptr_t)block, 0};
  rnn_probe *probe = RNN_TAKE(&arena, rnn_probe, 1);
  rnn_network *n = &probe->network;
  rnn_window *w = &probe->window;
  size_t counted;
  if (batch->batch != 1)
    return rnn_fail(error, RNN_INVALID_BATCH,
                    "one sequence is looked at, not %u",
                    (unsigned)batch->batch);
  if (rnn_source_steps(&model->network.config))
    return rnn_fail(error, RNN_INVALID_CONFIG,
                    "a network with an encoder is not looked at this way");
  memset(block, 0, (size_t)rnn_probe_size(model, batch->steps));
  lay_out(&arena, probe, model, batch->steps);
  memcpy(n->values, model->network.values,
         (size_t)n->parameters.reals * sizeof(real));
  rnn_status status =
      rnn_window_read(w, n, batch, 1, batch->steps, &counted, error);
  if (status) return status;
  spread(w, batch->steps,
         n->config.input == RNN_VECTOR ? PANELS(n->config.input_size) : 0);
  rnn_window_use(w, n, RNN_PROBE_ROWS, batch->steps);
  rnn_window_enter(w, model, 1);
  rnn_window_prepare(w, n);
  rnn_window_forward(w, n, rnn_alone(w));
  rnn_window_prepare_backward(w, n, probe->gradients, rnn_alone(w));
  *result = probe;
  return RNN_OK;
}
