/* Every number of a forward and a backward pass, by name.
 *
 * The window is laid out with a place of its own for each matrix; the names
 * follow from the cell's row: a gate "i" of layer 0 is i_l0, what went into its
 * nonlinearity a_i_l0, and the gradient of that da_i_l0. */
#include <string.h>

#include "losses/loss.h"
#include "model.h"
#include "print.h"

enum {
  MAX_GATES = 4,
  /* Of each gate pre, dpre and itself; h, c, their initials and extra, each
   * with its gradient; and five more. */
  MAX_ENTRIES = RNN_MAX_LAYERS * (3 * MAX_GATES + 10) + 5
};

typedef struct {
  rnn_trace_entry shown;
  const real *at; /* panels with the window's stride; NULL: see number_at */
} entry;

struct rnn_trace {
  rnn_network network; /* the model's, with transposed weights of its own */
  rnn_window window;
  int count;
  entry entries[MAX_ENTRIES];
};

/* `values` are the model's; what only the way back needs is new. */
static void lay_out(rnn_arena *arena, rnn_trace *trace, const rnn_model *model,
                    uint32_t batch, uint32_t steps, real **gradients) {
  rnn_network_layout(arena, &trace->network, &model->network.config);
  *gradients = RNN_TAKE(arena, real, trace->network.parameters.reals);
  rnn_window_layout(arena, &trace->window, &trace->network, batch, steps,
                    RNN_TO_TRACE);
}

uint64_t rnn_trace_size(const rnn_model *model, uint32_t batch,
                        uint32_t steps) {
  rnn_trace trace;
  real *gradients;
  rnn_arena measure = {0, 0};
  (void)RNN_TAKE(&measure, rnn_trace, 1);
  lay_out(&measure, &trace, model, batch, steps, &gradients);
  return measure.used;
}

static void add(rnn_trace *trace, const real *at, uint32_t steps, uint32_t n,
                const char *name, const char *gate, int layer) {
  entry *e = &trace->entries[trace->count++];
  *e = (entry){{.shape = {(uint32_t)trace->window.B, steps, n}}, at};
  const char *between = *gate ? "_" : "";
  if (layer < 0)
    rnn_print(e->shown.name, sizeof e->shown.name, "%s", name);
  else
    rnn_print(e->shown.name, sizeof e->shown.name, "%s%s%s_l%d", name,
              *name ? between : "", gate, layer);
}

static void add_layer(rnn_trace *trace, int index) {
  const rnn_cell *cell = trace->network.cell;
  const rnn_layer *l = &trace->window.layers[index];
  uint32_t H = (uint32_t)l->H, T = (uint32_t)trace->window.T;
  for (int g = 0; g < cell->gates; g++) {
    char gate[2] = {cell->gate_names[0] ? cell->gate_names[g] : '\0', '\0'};
    size_t from = (size_t)g * l->P * l->stride;
    add(trace, l->pre + from, T, H, "a", gate, index);
    add(trace, l->dpre + from, T, H, "da", gate, index);
    if (cell->keeps_gates) add(trace, l->gates + from, T, H, "", gate, index);
  }
  add(trace, step_at(l, l->h, 1), T, H, "h", "", index);
  add(trace, step_at(l, l->dh, 1), T, H, "dh", "", index);
  add(trace, l->h, 0, H, "initial_h", "", index);
  add(trace, l->dh, 0, H, "dinitial_h", "", index);
  if (cell->has_c) {
    add(trace, step_at(l, l->c, 1), T, H, "c", "", index);
    add(trace, step_at(l, l->dc, 1), T, H, "dc", "", index);
    add(trace, l->c, 0, H, "initial_c", "", index);
    add(trace, l->dc, 0, H, "dinitial_c", "", index);
  }
  if (cell->extra_name) add(trace, l->extra, T, H, cell->extra_name, "", index);
  if (cell->extra_has_gradient) {
    char name[20];
    rnn_print(name, sizeof name, "d%s", cell->extra_name);
    add(trace, l->dextra, T, H, name, "", index);
  }
}

static void add_entries(rnn_trace *trace) {
  const rnn_window *w = &trace->window;
  uint32_t V = trace->network.config.vocabulary, T = (uint32_t)w->T;
  trace->count = 0;
  add(trace, NULL, T, V, "x", "", -1);
  for (uint32_t l = 0; l < trace->network.config.layers; l++)
    add_layer(trace, (int)l);
  add(trace, w->logits.at, T, V, "logits", "", -1);
  add(trace, w->dlogits.at, T, V, "dlogits", "", -1);
  add(trace, w->p.at, T, V, "p", "", -1);
  add(trace, NULL, T, 1, "loss", "", -1);
}

rnn_status rnn_trace_run(void *block, const rnn_model *model,
                         const rnn_batch *batch, rnn_trace **result,
                         rnn_error *error) {
  rnn_arena arena = {(uintptr_t)block, 0};
  rnn_trace *trace = RNN_TAKE(&arena, rnn_trace, 1);
  real *gradients;
  size_t counted;
  memset(block, 0, (size_t)rnn_trace_size(model, batch->batch, batch->steps));
  lay_out(&arena, trace, model, batch->batch, batch->steps, &gradients);
  memcpy(trace->network.values, model->network.values,
         (size_t)trace->network.parameters.reals * sizeof(real));
  rnn_status status =
      rnn_window_read(&trace->window, &trace->network, batch, batch->batch,
                      batch->steps, &counted, error);
  if (status) return status;
  int carries = !batch->fresh && batch->batch <= model->network.config.batch;
  rnn_window_enter(&trace->window, model, !carries);
  rnn_window_prepare(&trace->window, &trace->network);
  rnn_part alone = rnn_alone(&trace->window);
  rnn_window_forward(&trace->window, &trace->network, alone);
  rnn_window_loss(&trace->window, &trace->network, counted, alone);
  rnn_window_prepare_backward(&trace->window, &trace->network, gradients,
                              alone);
  rnn_window_backward(&trace->window, &trace->network, gradients, alone);
  add_entries(trace);
  *result = trace;
  return RNN_OK;
}

int rnn_trace_count(const rnn_trace *trace) {
  return trace->count;
}

rnn_trace_entry rnn_trace_at(const rnn_trace *trace, int index) {
  return trace->entries[index].shown;
}

/* Number k of sequence b at step t. */
static real number_at(const rnn_trace *trace, const entry *e, size_t b,
                      size_t t, size_t k) {
  const rnn_window *w = &trace->window;
  size_t r = t * w->B + b;
  if (e->at) return e->at[k / PANEL * w->stride + r * PANEL + k % PANEL];
  return e == trace->entries ? w->inputs[r] == k : (real)w->losses[r];
}

void rnn_trace_get(const rnn_trace *trace, int index, real *values) {
  const entry *e = &trace->entries[index];
  size_t steps = e->shown.shape[1] ? e->shown.shape[1] : 1;
  for (size_t b = 0; b < e->shown.shape[0]; b++)
    for (size_t t = 0; t < steps; t++)
      for (size_t k = 0; k < e->shown.shape[2]; k++)
        *values++ = number_at(trace, e, b, t, k);
}
