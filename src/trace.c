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
#include "seq2seq.h"

enum {
  MAX_GATES = 4,
  /* Of each gate pre, dpre and itself; h, c, their initials and extra, each
   * with its gradient; the head's; and seven more. */
  MAX_ENTRIES =
      RNN_MAX_STRANDS * (3 * MAX_GATES + 10) + 2 * (RNN_MAX_HEAD + 1) + 7,
  /* Of all that again, a source's, and what is made of it. */
  ALL_ENTRIES = MAX_ENTRIES * (1 + RNN_SEQ2SEQ) + 6 * RNN_SEQ2SEQ
};

typedef struct {
  rnn_trace_entry shown;
  const real *at; /* panels with the window's stride; NULL: what was read,
                     one-hot, or, of no width, losses */
  int mirrored;   /* its steps are in opposite order */
  uint32_t width; /* of each part of its columns */
  const rnn_window *window;
} entry;

struct rnn_trace {
  rnn_network network; /* the model's, with transposed weights of its own */
  rnn_window window;
  int count;
  entry entries[ALL_ENTRIES];
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

/* What entries are added of: the decoder, or what reads its source. */
typedef struct {
  rnn_trace *trace;
  const rnn_network *network;
  const rnn_window *window;
  const char *prefix;
} scene;

static entry *add(const scene *of, const real *at, uint32_t steps, uint32_t n,
                  const char *name) {
  entry *e = &of->trace->entries[of->trace->count++];
  *e = (entry){.shown = {.shape = {(uint32_t)of->window->B, steps, n}},
               .at = at,
               .width = n,
               .window = of->window};
  rnn_print(e->shown.name, sizeof e->shown.name, "%s%s", of->prefix, name);
  return e;
}

/* A matrix of a strand: "h_l0", "da_i_l1_reverse". */
static void add_of(const scene *of, const real *at, uint32_t steps,
                   const char *name, const char *gate, size_t strand) {
  uint32_t D = rnn_directions(&of->network->config);
  const rnn_layer *l = &of->window->strands[strand];
  entry *e = add(of, at, steps, (uint32_t)l->H, "");
  e->mirrored = strand % D > 0;
  rnn_print(e->shown.name, sizeof e->shown.name, "%s%s%s%s_l%u%s", of->prefix,
            name, *name && *gate ? "_" : "", gate, (unsigned)(strand / D),
            e->mirrored ? "_reverse" : "");
}

static void add_strand(const scene *of, size_t i) {
  const rnn_cell *cell = of->network->cell;
  const rnn_layer *l = &of->window->strands[i];
  uint32_t T = (uint32_t)of->window->T;
  for (int g = 0; g < cell->gates; g++) {
    char gate[2] = {cell->gate_names[0] ? cell->gate_names[g] : '\0', '\0'};
    size_t from = (size_t)g * l->P * l->stride;
    add_of(of, l->pre + from, T, "a", gate, i);
    add_of(of, l->dpre + from, T, "da", gate, i);
    if (cell->keeps_gates) add_of(of, l->gates + from, T, "", gate, i);
  }
  add_of(of, step_at(l, l->h, 1), T, "h", "", i);
  add_of(of, step_at(l, l->dh, 1), T, "dh", "", i);
  add_of(of, l->h, 0, "initial_h", "", i);
  add_of(of, l->dh, 0, "dinitial_h", "", i);
  if (cell->has_c) {
    add_of(of, step_at(l, l->c, 1), T, "c", "", i);
    add_of(of, step_at(l, l->dc, 1), T, "dc", "", i);
    add_of(of, l->c, 0, "initial_c", "", i);
    add_of(of, l->dc, 0, "dinitial_c", "", i);
  }
  if (cell->extra_name) add_of(of, l->extra, T, cell->extra_name, "", i);
  if (cell->extra_has_gradient) {
    char name[20];
    rnn_print(name, sizeof name, "d%s", cell->extra_name);
    add_of(of, l->dextra, T, name, "", i);
  }
}

/* What is read, and all layers. */
static void add_layers(const scene *of) {
  const rnn_window *w = of->window;
  const rnn_config *config = &of->network->config;
  uint32_t T = (uint32_t)w->T, E = config->input_size;
  int vector = config->input == RNN_VECTOR;
  add(of, vector ? w->vectors : NULL, T, vector ? E : config->vocabulary, "x");
  if (config->input == RNN_EMBEDDING) add(of, w->vectors, T, E, "embedding");
  if (w->dvectors) add(of, w->dvectors, T, E, vector ? "dx" : "dembedding");
  for (size_t i = 0; i < rnn_strands(config); i++) add_strand(of, i);
}

/* What attention found, and what the head reads because of it. */
static void add_attention(const scene *of) {
  const rnn_window *w = of->window;
  const rnn_config *encoder = &of->network->encoder->config;
  uint32_t T = (uint32_t)w->T;
  uint32_t n = rnn_directions(encoder) * encoder->hidden;
  if (!w->shares) return;
  add(of, w->shares, T, (uint32_t)w->source->window.T, "attention");
  add(of, w->context, T, n, "context")->width = encoder->hidden;
  add(of, w->dcontext, T, n, "dcontext")->width = encoder->hidden;
  if (!w->attended) return;
  add(of, w->attended, T, of->network->config.hidden, "attended");
  add(of, w->dattended, T, of->network->config.hidden, "da_attended");
}

/* What the head reads once it is pooled, and its hidden layers. */
static void add_head(const scene *of, uint32_t steps) {
  const rnn_window *w = of->window;
  const rnn_config *config = &of->network->config;
  if (w->pooled) {
    uint32_t n = rnn_directions(config) * config->hidden;
    add(of, w->pooled, steps, n, "pooled")->width = config->hidden;
    add(of, w->dpooled, steps, n, "dpooled")->width = config->hidden;
  }
  for (uint32_t m = 0; m < config->head_layers; m++) {
    char name[24];
    rnn_print(name, sizeof name, "head_%u", (unsigned)m);
    add(of, w->hidden[m], steps, config->head_size, name);
    rnn_print(name, sizeof name, "dhead_%u", (unsigned)m);
    add(of, w->dhidden[m], steps, config->head_size, name);
  }
}

static void add_entries(rnn_trace *trace) {
  const rnn_window *w = &trace->window;
  const rnn_network *n = &trace->network;
  uint32_t O = rnn_outputs(&n->config);
  uint32_t steps = w->pooled ? 0 : (uint32_t)w->T;
  scene all = {trace, n, w, ""};
  trace->count = 0;
  add_layers(&all);
  if (rnn_has_source(w)) add_attention(&all);
  add_head(&all, steps);
  add(&all, w->logits.at, steps, O, "logits");
  add(&all, w->dlogits.at, steps, O, "dlogits");
  add(&all, w->p.at, steps, O, "p");
  add(&all, NULL, steps, 1, "loss")->width = 0;
  if (!rnn_has_source(w)) return;
  scene source = {trace, n->encoder, &w->source->window, "source."};
  add_layers(&source);
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
  if (rnn_has_source(&trace->window))
    rnn_source_forward(&trace->window, &trace->network);
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
static real number_at(const entry *e, size_t b, size_t t, size_t k) {
  const rnn_window *w = e->window;
  if (e->mirrored && e->shown.shape[1] && t < w->lengths[b])
    t = w->lengths[b] - 1 - t;
  size_t r = t * w->B + b;
  if (!e->at) return e->width ? w->inputs[r] == k : (real)w->losses[r];
  k = k / e->width * PANELS(e->width) * PANEL + k % e->width;
  return e->at[k / PANEL * w->stride + r * PANEL + k % PANEL];
}

void rnn_trace_gradient_norms(const rnn_trace *trace, double *norms) {
  const rnn_window *w = &trace->window;
  uint32_t D = rnn_directions(&trace->network.config);
  for (size_t i = 0; i < rnn_strands(&trace->network.config); i++) {
    entry dh = {.shown = {.shape = {0, (uint32_t)w->T, 0}},
                .at = rnn_after_steps(w, w->strands[i].dh),
                .mirrored = i % D > 0,
                .width = (uint32_t)w->strands[i].H,
                .window = w};
    for (size_t t = 0; t < w->T; t++) {
      double squares = 0;
      for (size_t b = 0; b < w->B; b++)
        for (size_t k = 0; k < w->strands[i].H; k++) {
          double d = (double)number_at(&dh, b, t, k);
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
        *values++ = number_at(e, b, t, k);
}
