/* Every number of a forward and a backward pass, by name.
 *
 * The window is laid out with a place of its own for each matrix; the names
 * follow from the cell's row: a gate "i" of layer 0 is i_l0, what went into its
 * nonlinearity a_i_l0, and the gradient of that da_i_l0. */
#include <math.h>
#include <string.h>

#include "diagnostics/place.h"
#include "losses/loss.h"
#include "model.h"
#include "print.h"

enum {
  MAX_GATES = 4,
  /* Of each gate pre, dpre and itself; h, c, their initials and extra, each
   * with its gradient; the head's; and seven more. */
  MAX_ENTRIES =
      RNN_MAX_STRANDS * (3 * MAX_GATES + 10) + 2 * (RNN_MAX_HEAD + 1) + 7
};

typedef struct {
  rnn_trace_entry shown;
  const real *at; /* panels with the window's stride; NULL: see number_at */
  int mirrored;   /* its steps are in opposite order */
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
  trace->window.aside = RNN_TAKE(arena, real, model->network.config.hidden);
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

static entry *add(rnn_trace *trace, const real *at, uint32_t steps, uint32_t n,
                  const char *name) {
  entry *e = &trace->entries[trace->count++];
  *e = (entry){{.shape = {(uint32_t)trace->window.B, steps, n}}, at, 0};
  rnn_print(e->shown.name, sizeof e->shown.name, "%s", name);
  return e;
}

/* A matrix of a strand: "h_l0", "da_i_l1_reverse". */
static void add_of(rnn_trace *trace, const real *at, uint32_t steps,
                   const char *name, const char *gate, size_t strand) {
  uint32_t D = rnn_directions(&trace->network.config);
  const rnn_layer *l = &trace->window.strands[strand];
  entry *e = add(trace, at, steps, (uint32_t)l->H, "");
  e->mirrored = strand % D > 0;
  rnn_print(e->shown.name, sizeof e->shown.name, "%s%s%s_l%u%s", name,
            *name && *gate ? "_" : "", gate, (unsigned)(strand / D),
            e->mirrored ? "_reverse" : "");
}

static void add_strand(rnn_trace *trace, size_t i) {
  const rnn_cell *cell = trace->network.cell;
  const rnn_layer *l = &trace->window.strands[i];
  uint32_t T = (uint32_t)trace->window.T;
  for (int g = 0; g < cell->gates; g++) {
    char gate[2] = {cell->gate_names[0] ? cell->gate_names[g] : '\0', '\0'};
    size_t from = (size_t)g * l->P * l->stride;
    add_of(trace, l->pre + from, T, "a", gate, i);
    add_of(trace, l->dpre + from, T, "da", gate, i);
    if (cell->keeps_gates) add_of(trace, l->gates + from, T, "", gate, i);
  }
  add_of(trace, step_at(l, l->h, 1), T, "h", "", i);
  add_of(trace, step_at(l, l->dh, 1), T, "dh", "", i);
  add_of(trace, l->h, 0, "initial_h", "", i);
  add_of(trace, l->dh, 0, "dinitial_h", "", i);
  if (cell->has_c) {
    add_of(trace, step_at(l, l->c, 1), T, "c", "", i);
    add_of(trace, step_at(l, l->dc, 1), T, "dc", "", i);
    add_of(trace, l->c, 0, "initial_c", "", i);
    add_of(trace, l->dc, 0, "dinitial_c", "", i);
  }
  if (cell->extra_name) add_of(trace, l->extra, T, cell->extra_name, "", i);
  if (cell->extra_has_gradient) {
    char name[20];
    rnn_print(name, sizeof name, "d%s", cell->extra_name);
    add_of(trace, l->dextra, T, name, "", i);
  }
}

/* What the head reads once it is pooled, and its hidden layers. */
static void add_head(rnn_trace *trace, uint32_t steps) {
  const rnn_window *w = &trace->window;
  const rnn_config *config = &trace->network.config;
  if (w->pooled) {
    uint32_t n = rnn_directions(config) * config->hidden;
    add(trace, w->pooled, steps, n, "pooled");
    add(trace, w->dpooled, steps, n, "dpooled");
  }
  for (uint32_t m = 0; m < config->head_layers; m++) {
    char name[24];
    rnn_print(name, sizeof name, "head_%u", (unsigned)m);
    add(trace, w->hidden[m], steps, config->head_size, name);
    rnn_print(name, sizeof name, "dhead_%u", (unsigned)m);
    add(trace, w->dhidden[m], steps, config->head_size, name);
  }
}

static void add_entries(rnn_trace *trace) {
  const rnn_window *w = &trace->window;
  const rnn_config *config = &trace->network.config;
  uint32_t T = (uint32_t)w->T, steps = w->pooled ? 0 : T;
  uint32_t E = config->input_size, O = rnn_outputs(config);
  int vector = config->input == RNN_VECTOR;
  trace->count = 0;
  add(trace, vector ? w->vectors : NULL, T, vector ? E : config->vocabulary,
      "x");
  if (config->input == RNN_EMBEDDING) add(trace, w->vectors, T, E, "embedding");
  if (w->dvectors) add(trace, w->dvectors, T, E, vector ? "dx" : "dembedding");
  for (size_t i = 0; i < rnn_strands(config); i++) add_strand(trace, i);
  add_head(trace, steps);
  add(trace, w->logits.at, steps, O, "logits");
  add(trace, w->dlogits.at, steps, O, "dlogits");
  add(trace, w->p.at, steps, O, "p");
  add(trace, NULL, steps, 1, "loss");
}

rnn_status rnn_trace_run(void *block, const rnn_model *model,
                         const rnn_batch *batch, const rnn_hold *holds,
                         uint32_t count, rnn_trace **result, rnn_error *error) {
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
  trace->window.holds = holds, trace->window.hold_count = count;
  if (!status) status = rnn_check_holds(&trace->window, &trace->network, error);
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

/* Number k of sequence b at step t. Of numbers in two parts, each is padded. */
static real number_at(const rnn_trace *trace, const entry *e, size_t b,
                      size_t t, size_t k) {
  const rnn_window *w = &trace->window;
  size_t H = trace->network.config.hidden, P = PANELS(H);
  if (e->mirrored && e->shown.shape[1] && t < w->lengths[b])
    t = w->lengths[b] - 1 - t;
  if (e->at && (e->at == w->pooled || e->at == w->dpooled))
    k = k / H * P * PANEL + k % H;
  size_t r = t * w->B + b;
  if (e->at) return e->at[k / PANEL * w->stride + r * PANEL + k % PANEL];
  return e == trace->entries ? w->inputs[r] == k : (real)w->losses[r];
}

void rnn_trace_gradient_norms(const rnn_trace *trace, double *norms) {
  const rnn_window *w = &trace->window;
  uint32_t D = rnn_directions(&trace->network.config);
  for (size_t i = 0; i < rnn_strands(&trace->network.config); i++) {
    entry dh = {.shown = {.shape = {0, (uint32_t)w->T, 0}},
                .at = rnn_after_steps(w, w->strands[i].dh),
                .mirrored = i % D > 0};
    for (size_t t = 0; t < w->T; t++) {
      double squares = 0;
      for (size_t b = 0; b < w->B; b++)
        for (size_t k = 0; k < w->strands[i].H; k++) {
          double d = (double)number_at(trace, &dh, b, t, k);
          squares += d * d;
        }
      *norms++ = sqrt(squares);
    }
  }
}

void rnn_trace_get(const rnn_trace *trace, int index, real *values) {
  const entry *e = &trace->entries[index];
  size_t steps = e->shown.shape[1] ? e->shown.shape[1] : 1;
  for (size_t b = 0; b < e->shown.shape[0]; b++)
    for (size_t t = 0; t < steps; t++)
      for (size_t k = 0; k < e->shown.shape[2]; k++)
        *values++ = number_at(trace, e, b, t, k);
}
