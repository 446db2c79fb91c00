/* How the outputs depend on what was read at one step: ∂o_t/∂x_s for each t,
 * from which Graves (2012, figure 4.1) draws how sensitivity vanishes. */
#include <math.h>
#include <string.h>

#include "place.h"
#include "probe.h"

/* An output at a step is number t·O + o. */
typedef struct {
  rnn_probe *probe;
  size_t T, O, I; /* outputs come at T steps, or once */
  size_t step;
} question;

/* Where the gradient of output `number` in row b begins. */
static real *dlogit(const question *q, size_t number, size_t b) {
  const panels *d = &q->probe->window.dlogits;
  size_t t = number / q->O, o = number % q->O;
  return d->at + o / PANEL * d->stride + (t * RNN_PROBE_ROWS + b) * PANEL +
         o % PANEL;
}

/* Goes back from outputs `first` … `end` − 1, each in a row of its own. */
static void send_back(const question *q, size_t first, size_t end) {
  rnn_window w = q->probe->window;
  const rnn_network *n = &q->probe->network;
  memset(w.dlogits.at, 0, PANELS(q->O) * w.stride * sizeof(real));
  for (size_t i = first; i < end; i++) *dlogit(q, i, i - first) = 1;
  if (!w.pooled && !n->config.bidirectional) w.T = (end - 1) / q->O + 1;
  rnn_window_backward_sequences(&w, n, rnn_alone(&w));
}

/* dx of a symbol as if it were a vector with a one: W_ihᵀ dpre, of both
 * directions. */
static void blame_symbol(const question *q, size_t b, double *dx) {
  const rnn_window *w = &q->probe->window;
  const rnn_network *n = &q->probe->network;
  for (size_t d = 0; d < rnn_directions(&n->config); d++) {
    const rnn_layer *l = &w->strands[d];
    panels weight =
        parameter_panels(n, n->values, n->parameters.strands[d].weight_ih);
    size_t step = d ? w->T - 1 - q->step : q->step;
    const real *dpre = rnn_dprojected(l) + (step * l->B + b) * PANEL;
    for (size_t g = 0; g < (size_t)n->cell->gates * l->P; g++)
      for (size_t i = 0; i < q->I; i++)
        for (size_t u = 0; u < PANEL; u++)
          dx[i] += (double)weight.at[g * weight.stride + i * PANEL + u] *
                   (double)dpre[g * l->stride + u];
  }
}

static void read_back(const question *q, size_t b, double *dx) {
  const rnn_window *w = &q->probe->window;
  size_t row = q->step * RNN_PROBE_ROWS + b;
  for (size_t i = 0; i < q->I; i++)
    dx[i] =
        w->dvectors
            ? (double)
                  w->dvectors[i / PANEL * w->stride + row * PANEL + i % PANEL]
            : 0;
  if (!w->dvectors) blame_symbol(q, b, dx);
}

rnn_status rnn_sensitivity(void *block, const rnn_model *model,
                           const rnn_batch *batch, uint32_t step,
                           real *matrices, double *norms, rnn_error *error) {
  const rnn_config *config = &model->network.config;
  size_t T = config->pool ? 1 : batch->steps, O = rnn_outputs(config);
  question q = {NULL, T, O, rnn_probe_inputs(config), step};
  if (rnn_check_index("step", step, batch->steps, error))
    return RNN_INVALID_BATCH;
  rnn_status status = rnn_probe_run(block, model, batch, &q.probe, error);
  if (status) return status;
  double *dx = q.probe->scratch;
  memset(norms, 0, T * sizeof *norms);
  memset(matrices, 0, T * O * q.I * sizeof *matrices);
  size_t first = config->pool || config->bidirectional ? 0 : step * O, end;
  for (; first < T * O; first = end) {
    end = first + RNN_PROBE_ROWS < T * O ? first + RNN_PROBE_ROWS : T * O;
    send_back(&q, first, end);
    for (size_t i = first; i < end; i++) {
      read_back(&q, i - first, dx);
      for (size_t k = 0; k < q.I; k++) {
        matrices[i * q.I + k] = (real)dx[k];
        norms[i / O] += dx[k] * dx[k];
      }
    }
  }
  for (size_t t = 0; t < T; t++) norms[t] = sqrt(norms[t]);
  return RNN_OK;
}
