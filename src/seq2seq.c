#include "seq2seq.h"

#include <math.h>
#include <string.h>

#include "attention.h"
#include "join.h"

rnn_config rnn_encoder_config(const rnn_config *config) {
  rnn_config encoder = *config;
  encoder.vocabulary = config->source_vocabulary;
  if (config->source_size)
    encoder.input = RNN_VECTOR, encoder.input_size = config->source_size;
  encoder.hidden = rnn_encoder_hidden(config);
  encoder.bidirectional = config->source_bidirectional;
  encoder.steps = config->source_steps;
  encoder.source_steps = encoder.attention = 0;
  encoder.outputs = 1, encoder.head_layers = 0, encoder.tie = 0;
  return encoder;
}

/* Parts of a state: h of all layers, then c. */
static uint32_t parts_of(const rnn_config *config) {
  return config->layers * (1 + (uint32_t)rnn_cell_of(config)->has_c);
}

/* --- Parameters ------------------------------------------------------------
 */

static void add_bridges(rnn_parameters *all, const rnn_config *config,
                        uint32_t parts, uint32_t width) {
  for (uint32_t i = 0; i < parts_of(config); i++) {
    char state = i < config->layers ? 'h' : 'c';
    unsigned l = i % config->layers;
    all->source.bridge[i] = (rnn_linear_parameters){-1, -1};
    if (parts * width == config->hidden && parts == 1) continue;
    all->source.bridge[i] = (rnn_linear_parameters){
        rnn_parameter_add(all, 1, config->hidden, parts, width,
                          "bridge.%c_l%u.weight", state, l),
        rnn_parameter_add(all, 1, config->hidden, 0, 0, "bridge.%c_l%u.bias",
                          state, l)};
  }
}

static void add_attention(rnn_parameters *all, const rnn_config *config,
                          uint32_t parts, uint32_t width) {
  rnn_source_parameters *at = &all->source;
  uint32_t H = config->hidden, K = rnn_key_size(config);
  if (!config->attention) return;
  at->key = rnn_parameter_add(all, 1, K, parts, width, "attention.key.weight");
  if (config->attention == RNN_ADDITIVE) {
    at->query = rnn_parameter_add(all, 1, K, 1, H, "attention.query.weight");
    at->score = rnn_parameter_add(all, 1, K, 0, 0, "attention.score.weight");
  } else {
    at->of_context =
        rnn_parameter_add(all, 1, H, parts, width, "attention.context.weight");
    at->of_state = rnn_parameter_add(all, 1, H, 1, H, "attention.state.weight");
  }
}

void rnn_source_parameters_layout(rnn_parameters *all,
                                  const rnn_config *config) {
  rnn_config of_encoder = rnn_encoder_config(config);
  uint32_t parts = rnn_directions(&of_encoder), width = of_encoder.hidden;
  rnn_parameters encoder;
  rnn_source_parameters *at = &all->source;
  at->fed = at->query = at->key = at->score = at->of_context = at->of_state =
      -1;
  if (rnn_is_fed(config))
    at->fed =
        rnn_parameter_add(all, (uint32_t)rnn_cell_of(config)->gates,
                          config->hidden, parts, width, "rnn.weight_context");
  all->prefix = "";
  add_bridges(all, config, parts, width);
  add_attention(all, config, parts, width);
  all->own = all->count;
  encoder.reals = all->reals;
  rnn_encoder_parameters_layout(&encoder, &of_encoder);
  memcpy(all->table + all->own, encoder.table,
         (size_t)encoder.count * sizeof *encoder.table);
  all->count += encoder.count;
  all->reals = encoder.reals;
}

/* --- Memory ----------------------------------------------------------------
 */

/* The encoder of a network whose parameters are laid out. */
static void lay_out_encoder(rnn_arena *arena, rnn_network *encoder,
                            const rnn_network *n) {
  const rnn_parameters *all = &n->parameters;
  rnn_config config = rnn_encoder_config(&n->config);
  rnn_network_configure(encoder, &config);
  encoder->values = n->values;
  encoder->encoder = NULL;
  encoder->parameters.reals = all->table[all->own].offset;
  rnn_encoder_parameters_layout(&encoder->parameters, &encoder->config);
  rnn_network_transposes(arena, encoder);
}

/* Where an arena only measures, there is no encoder to write to. */
void rnn_encoder_layout(rnn_arena *arena, rnn_network *n) {
  rnn_network measured, *taken = RNN_TAKE(arena, rnn_network, 1);
  const rnn_source_parameters *at = &n->parameters.source;
  lay_out_encoder(arena, arena->base ? taken : &measured, n);
  n->encoder = arena->base ? taken : NULL;
  n->fed_transposed = rnn_take_transposed(arena, n, at->fed);
  n->query_transposed = rnn_take_transposed(arena, n, at->query);
  n->key_transposed = rnn_take_transposed(arena, n, at->key);
  n->of_context_transposed = rnn_take_transposed(arena, n, at->of_context);
  n->of_state_transposed = rnn_take_transposed(arena, n, at->of_state);
  for (uint32_t i = 0; i < parts_of(&n->config); i++)
    n->bridge_transposed[i] =
        rnn_take_transposed(arena, n, at->bridge[i].weight);
}

/* A matrix over time, and its gradient unless it is NULL. */
static void take_pair(rnn_arena *arena, real **matrix, real **gradient,
                      size_t stride, uint64_t units) {
  *matrix = RNN_TAKE(arena, real, PANELS(units) * (uint64_t)stride);
  if (gradient)
    *gradient = RNN_TAKE(arena, real, PANELS(units) * (uint64_t)stride);
}

#define GRADIENT(of) (purpose == RNN_TO_STREAM ? NULL : &(of))

/* What the decoder's window has. */
static void lay_out_looks(rnn_arena *arena, rnn_window *w, const rnn_network *n,
                          uint64_t E, rnn_purpose purpose) {
  const rnn_config *config = &n->config;
  size_t stride = w->stride;
  if (rnn_attention(config)) {
    take_pair(arena, &w->shares, NULL, stride, config->source_steps);
    take_pair(arena, &w->context, GRADIENT(w->dcontext), stride, E);
  }
  if (rnn_attention(config) == RNN_ADDITIVE) {
    take_pair(arena, &w->query, GRADIENT(w->dquery), stride,
              config->attention_size);
    w->fed = w->context, w->dfed = w->dcontext;
  } else if (rnn_is_fed(config)) {
    take_pair(arena, &w->fed, GRADIENT(w->dfed), stride, E);
  }
  if (rnn_attention(config) == RNN_MULTIPLICATIVE)
    take_pair(arena, &w->attended, GRADIENT(w->dattended), stride,
              config->hidden);
}

void rnn_source_layout(rnn_arena *arena, rnn_window *w, const rnn_network *n,
                       size_t B, rnn_purpose purpose) {
  const rnn_config *config = &n->config;
  rnn_network measured;
  rnn_source own, *taken = RNN_TAKE(arena, rnn_source, 1);
  rnn_source *source = arena->base ? taken : &own;
  const rnn_network *encoder = n->encoder;
  if (!encoder) {
    rnn_arena nowhere = {0, 0};
    lay_out_encoder(&nowhere, &measured, n);
    encoder = &measured;
  }
  uint64_t E = rnn_said_panels(encoder) * PANEL, parts = parts_of(config);
  *source = (rnn_source){.dshares = NULL};
  rnn_window_layout(arena, &source->window, encoder, B, config->source_steps,
                    purpose);
  take_pair(arena, &source->last, GRADIENT(source->dlast), B * PANEL,
            parts * E);
  take_pair(arena, &source->initial, GRADIENT(source->dinitial), B * PANEL,
            parts * PANELS(config->hidden) * PANEL);
  if (rnn_attention(config))
    take_pair(arena, &source->keys, GRADIENT(source->dkeys),
              source->window.stride, rnn_key_size(config));
  source->dscore =
      RNN_TAKE(arena, real, PANELS(config->attention_size) * PANEL);
  source->dshares = RNN_TAKE(arena, real, config->source_steps);
  source->window.dlast = source->dlast;
  lay_out_looks(arena, w, n, E, purpose);
  w->source = arena->base ? taken : NULL;
}

/* --- Batches ---------------------------------------------------------------
 */

static rnn_status check_sources(const rnn_batch *batch,
                                const rnn_config *config, rnn_error *error) {
  uint32_t S = config->source_steps;
  if (config->source_size ? !batch->source_vectors : !batch->sources)
    return rnn_fail(error, RNN_INVALID_BATCH, "this network needs %s",
                    config->source_size ? "vectors as the sources of its batch"
                                        : "sources in its batch");
  if (batch->source_steps < 1 || batch->source_steps > S)
    return rnn_fail(error, RNN_INVALID_BATCH,
                    "source of %u steps is outside 1 … %u",
                    (unsigned)batch->source_steps, (unsigned)S);
  for (uint32_t b = 0; batch->source_lengths && b < batch->batch; b++)
    if (batch->source_lengths[b] < 1 ||
        batch->source_lengths[b] > batch->source_steps)
      return rnn_fail(error, RNN_INVALID_BATCH,
                      "source %u has %u steps, outside 1 … %u", (unsigned)b,
                      (unsigned)batch->source_lengths[b],
                      (unsigned)batch->source_steps);
  return RNN_OK;
}

/* Symbol or vector `at` of the batch becomes what is read in row r. */
static rnn_status read_step(rnn_window *from, const rnn_network *n,
                            const rnn_batch *batch, size_t at, size_t r,
                            rnn_error *error) {
  uint32_t V = n->config.source_vocabulary, I = n->config.source_size;
  unsigned b = (unsigned)(at / batch->source_steps);
  unsigned s = (unsigned)(at % batch->source_steps);
  if (!I) {
    int32_t x = batch->sources[at];
    if (x < 0 || x >= (int64_t)V)
      return rnn_fail(error, RNN_INVALID_BATCH,
                      "symbol %d of source %u, step %u is outside its "
                      "vocabulary of %u",
                      (int)x, b, s, (unsigned)V);
    from->inputs[r] = (uint32_t)x;
    return RNN_OK;
  }
  const real *numbers = batch->source_vectors + at * I;
  for (uint32_t k = 0; k < I; k++)
    if (!isfinite(numbers[k]))
      return rnn_fail(error, RNN_INVALID_BATCH,
                      "number %u of source %u, step %u is not finite",
                      (unsigned)k, b, s);
  rnn_write_row(from->vectors, from->stride, r, numbers, I);
  return RNN_OK;
}

static void read_padding(rnn_window *from, const rnn_network *n, size_t r) {
  from->inputs[r] = 0;
  for (size_t p = 0; p < PANELS(n->config.source_size); p++)
    memset(from->vectors + p * from->stride + r * PANEL, 0,
           PANEL * sizeof(real));
}

rnn_status rnn_source_read(rnn_window *w, const rnn_network *n,
                           const rnn_batch *batch, rnn_error *error) {
  rnn_window *from = &w->source->window;
  uint32_t B = batch->batch, S = batch->source_steps;
  rnn_status status = check_sources(batch, &n->config, error);
  if (status) return status;
  rnn_window_use(from, n->encoder, B, S);
  for (uint32_t b = 0; b < B; b++) {
    if (batch->source_lengths) from->lengths[b] = batch->source_lengths[b];
    for (uint32_t s = 0; s < S && !status; s++) {
      size_t r = (size_t)s * B + b;
      if (s >= from->lengths[b])
        read_padding(from, n, r);
      else
        status = read_step(from, n, batch, (size_t)b * S + s, r, error);
    }
    if (status) return status;
  }
  return RNN_OK;
}

/* --- From the last states to the first --------------------------------------
 */

/* Of `last`, or of its gradient: panels of part `part`, of B sequences. */
static panels part_at(const rnn_window *w, real *all, size_t part,
                      size_t count) {
  return (panels){all + part * count * w->B * PANEL, w->B * PANEL};
}

/* After each sequence's own last step. */
static void gather_last(const rnn_source *source, const rnn_network *encoder) {
  const rnn_window *from = &source->window;
  size_t D = rnn_directions(&encoder->config), L = encoder->config.layers;
  size_t B = from->B, P = from->strands[0].P;
  real *to = source->last;
  for (size_t part = 0; part < parts_of(&encoder->config); part++)
    for (size_t d = 0; d < D; d++)
      for (size_t p = 0; p < P; p++)
        for (size_t b = 0; b < B; b++, to += PANEL) {
          const rnn_layer *strand = &from->strands[part % L * D + d];
          const real *states = part < L ? strand->h : strand->c;
          memcpy(to,
                 states + p * from->stride + (from->lengths[b] * B + b) * PANEL,
                 PANEL * sizeof(real));
        }
}

/* Between the states before a window's first step and what is kept of them. */
static void copy_first(const rnn_window *w, real *states, panels kept,
                       size_t count, int to_window) {
  size_t bytes = w->B * PANEL * sizeof(real);
  for (size_t p = 0; p < count; p++) {
    real *here = states + p * w->stride, *there = kept.at + p * kept.stride;
    memcpy(to_window ? here : there, to_window ? there : here, bytes);
  }
}

static void cross_bridge(const rnn_window *w, const rnn_network *n,
                         size_t part) {
  size_t P = PANELS(n->config.hidden), E = rnn_said_panels(n->encoder);
  const rnn_linear_parameters *bridge = &n->parameters.source.bridge[part];
  panels last = part_at(w, w->source->last, part, E);
  panels initial = part_at(w, w->source->initial, part, P);
  if (bridge->weight >= 0) {
    kernel_broadcast(initial, parameter_panels(n, n->values, bridge->bias).at,
                     w->B, P);
    kernel_multiply(initial, last,
                    parameter_panels(n, n->values, bridge->weight), w->B,
                    E * PANEL, P, w->scratch);
    tanh_of(initial.at, initial.at, P * w->B * PANEL);
    last = initial;
  }
  copy_first(w, rnn_window_state(w, n, (uint32_t)part), last, P, 1);
}

void rnn_source_forward(rnn_window *w, const rnn_network *n) {
  rnn_window *from = &w->source->window;
  rnn_window_start(from, n->encoder);
  rnn_window_prepare(from, n->encoder);
  rnn_window_forward(from, n->encoder, rnn_alone(from));
  gather_last(w->source, n->encoder);
  for (size_t part = 0; part < parts_of(&n->config); part++)
    cross_bridge(w, n, part);
  if (rnn_attention(&n->config)) rnn_attention_keys(w, n);
}

/* --- What is fed to the steps of layer 0 ------------------------------------
 */

/* The end of the source, in the sequence of each row. */
static void feed_last(const rnn_window *w, const rnn_network *n, size_t t,
                      size_t count) {
  size_t E = rnn_said_panels(n->encoder);
  panels last = part_at(w, w->source->last, n->config.layers - 1, E);
  for (size_t p = 0; p < E; p++)
    for (size_t i = t; i < t + count; i++)
      memcpy(rnn_row(w->fed, i * w->B) + p * w->stride,
             last.at + p * last.stride, w->B * PANEL * sizeof(real));
}

void rnn_feed(const rnn_window *w, const rnn_network *n, size_t t,
              size_t count) {
  rnn_rows rows = {w->B, count, w->stride, rnn_alone(w)};
  size_t first = t * w->B;
  if (!w->fed) return;
  if (w->query)
    rnn_attend_before(w, n, t);
  else
    feed_last(w, n, t, count);
  rnn_rows_multiply(&rows, rnn_row(w->strands[0].pre, first),
                    rnn_row(w->fed, first),
                    parameter_panels(n, n->values, n->parameters.source.fed),
                    rnn_said_panels(n->encoder) * PANEL,
                    (size_t)n->cell->gates * w->strands[0].P);
}

void rnn_feed_back(const rnn_window *w, const rnn_network *n, size_t t,
                   size_t count) {
  rnn_rows rows = {w->B, count, w->stride, rnn_alone(w)};
  size_t first = t * w->B, E = rnn_said_panels(n->encoder);
  if (!w->fed) return;
  rnn_rows_clear(&rows, rnn_row(w->dfed, first), E);
  rnn_rows_multiply(&rows, rnn_row(w->dfed, first),
                    rnn_row(w->strands[0].dpre, first), n->fed_transposed,
                    (size_t)n->cell->gates * w->strands[0].P * PANEL, E);
  if (w->query) rnn_attend_before_back(w, n, t);
}

/* --- The way back -----------------------------------------------------------
 */

void rnn_source_depart(const rnn_window *w, const rnn_network *n,
                       size_t strand) {
  size_t P = PANELS(n->config.hidden), L = n->config.layers;
  const rnn_layer *layer = &w->strands[strand];
  copy_first(w, layer->dh, part_at(w, w->source->dinitial, strand, P), P, 0);
  if (layer->dc)
    copy_first(w, layer->dc, part_at(w, w->source->dinitial, L + strand, P), P,
               0);
}

void rnn_last_arrive(const rnn_window *w, const rnn_network *n, size_t strand,
                     size_t t) {
  size_t D = rnn_directions(&n->config), P = w->strands[0].P;
  const rnn_layer *layer = &w->strands[strand];
  for (size_t part = strand / D; part < parts_of(&n->config);
       part += n->config.layers) {
    panels last = part_at(w, w->dlast, part, rnn_said_panels(n));
    real *to = part < n->config.layers ? layer->dh : layer->dc;
    for (size_t b = 0; b < w->B; b++)
      for (size_t i = 0; w->lengths[b] == t && i < P * PANEL; i++)
        to[i / PANEL * w->stride + (t * w->B + b) * PANEL + i % PANEL] +=
            last.at[(strand % D * P + i / PANEL) * last.stride + b * PANEL +
                    i % PANEL];
  }
}

static void recross_bridge(const rnn_window *w, const rnn_network *n,
                           size_t part) {
  size_t P = PANELS(n->config.hidden), E = rnn_said_panels(n->encoder);
  panels d = part_at(w, w->source->dinitial, part, P);
  panels dlast = part_at(w, w->source->dlast, part, E);
  if (n->parameters.source.bridge[part].weight < 0) {
    memcpy(dlast.at, d.at, P * d.stride * sizeof(real));
    return;
  }
  const real *y = part_at(w, w->source->initial, part, P).at;
  for (size_t i = 0; i < P * d.stride; i++) d.at[i] *= 1 - y[i] * y[i];
  memset(dlast.at, 0, E * dlast.stride * sizeof(real));
  kernel_multiply(dlast, d, n->bridge_transposed[part], w->B, P * PANEL, E,
                  w->scratch);
}

/* The end of the source was fed to every step. */
static void gather_fed(const rnn_window *w, const rnn_network *n) {
  size_t E = rnn_said_panels(n->encoder);
  panels dlast = part_at(w, w->source->dlast, n->config.layers - 1, E);
  for (size_t p = 0; p < E; p++)
    for (size_t t = 0; t < w->T; t++)
      for (size_t i = 0; i < w->B * PANEL; i++)
        dlast.at[p * dlast.stride + i] +=
            w->dfed[p * w->stride + t * w->B * PANEL + i];
}

void rnn_source_prepare_backward(rnn_window *w, rnn_network *n) {
  const rnn_source_parameters *at = &n->parameters.source;
  rnn_source *source = w->source;
  rnn_window *from = &source->window;
  rnn_rows rows = {from->B, from->T, from->stride, rnn_alone(from)};
  rnn_rows_clear(&rows, rnn_dsaid(from, n->encoder, n->config.layers - 1),
                 rnn_said_panels(n->encoder));
  if (source->dkeys)
    rnn_rows_clear(&rows, source->dkeys, PANELS(rnn_key_size(&n->config)));
  memset(source->dscore, 0,
         PANELS(n->config.attention_size) * PANEL * sizeof(real));
  rnn_window_prepare_backward(from, n->encoder, NULL, rnn_alone(from));
  rnn_transpose(n, n->fed_transposed, at->fed, rnn_alone(w));
  rnn_transpose(n, n->query_transposed, at->query, rnn_alone(w));
  rnn_transpose(n, n->key_transposed, at->key, rnn_alone(w));
  rnn_transpose(n, n->of_context_transposed, at->of_context, rnn_alone(w));
  rnn_transpose(n, n->of_state_transposed, at->of_state, rnn_alone(w));
  for (uint32_t i = 0; i < parts_of(&n->config); i++)
    rnn_transpose(n, n->bridge_transposed[i], at->bridge[i].weight,
                  rnn_alone(w));
}

void rnn_source_backward_sequences(rnn_window *w, const rnn_network *n) {
  rnn_window *from = &w->source->window;
  for (size_t part = 0; part < parts_of(&n->config); part++)
    recross_bridge(w, n, part);
  if (w->fed && !w->query) gather_fed(w, n);
  if (rnn_attention(&n->config))
    rnn_attention_keys_back(w, n,
                            rnn_dsaid(from, n->encoder, n->config.layers - 1));
  rnn_window_backward_sequences(from, n->encoder, rnn_alone(from));
}

void rnn_source_gradients(rnn_window *w, const rnn_network *n,
                          real *gradients) {
  const rnn_source_parameters *at = &n->parameters.source;
  rnn_window *from = &w->source->window;
  size_t P = PANELS(n->config.hidden), E = rnn_said_panels(n->encoder);
  if (w->fed)
    kernel_outer(parameter_panels(n, gradients, at->fed),
                 (panels){w->fed, w->stride},
                 (panels){w->strands[0].dpre, w->stride}, w->T * w->B,
                 E * PANEL, (size_t)n->cell->gates * P);
  for (size_t part = 0; part < parts_of(&n->config); part++) {
    panels d = part_at(w, w->source->dinitial, part, P);
    if (at->bridge[part].weight < 0) continue;
    kernel_outer(parameter_panels(n, gradients, at->bridge[part].weight),
                 part_at(w, w->source->last, part, E), d, w->B, E * PANEL, P);
    kernel_column_sums(parameter_panels(n, gradients, at->bridge[part].bias).at,
                       d, w->B, P);
  }
  if (rnn_attention(&n->config)) rnn_attention_gradients(w, n, gradients);
  rnn_window_gradients(from, n->encoder, gradients, rnn_alone(from));
}

/* --- Scheduled sampling -----------------------------------------------------
 */

/* The window as if it had step t alone. */
static rnn_window at_step(const rnn_window *w, const rnn_network *n, size_t t) {
  rnn_window step = *w;
  size_t row = t * w->B;
  step.T = 1, step.first += t, step.inputs += row;
  for (size_t i = 0; i < rnn_strands(&n->config); i++)
    rnn_layer_skip(&step.strands[i], row);
  real **matrices[] = {&step.vectors, &step.logits.at, &step.context, &step.fed,
                       &step.shares,  &step.query,     &step.attended};
  for (size_t i = 0; i < sizeof matrices / sizeof matrices[0]; i++)
    *matrices[i] = rnn_row(*matrices[i], row);
  for (size_t l = 0; l < n->config.layers; l++)
    step.said[l] = rnn_row(step.said[l], row);
  for (size_t m = 0; m < n->config.head_layers; m++)
    step.hidden[m] = rnn_row(step.hidden[m], row);
  return step;
}

static uint32_t likeliest(const rnn_window *w, const rnn_network *n, size_t r) {
  uint32_t best = 0;
  const real *row = rnn_row(w->logits.at, r);
  for (uint32_t k = 1; k < n->config.vocabulary; k++)
    if (row[k / PANEL * w->logits.stride + k % PANEL] >
        row[best / PANEL * w->logits.stride + best % PANEL])
      best = k;
  return best;
}

void rnn_window_forward_freely(rnn_window *w, const rnn_network *n) {
  double share = n->config.teacher_forcing * 4294967296.0;
  for (size_t t = 0; t < w->T; t++) {
    rnn_window step = at_step(w, n, t);
    for (size_t b = 0; t && b < w->B; b++)
      if (rnn_mix(w->dropout_key ^ rnn_mix((uint32_t)(t * w->B + b))) >= share)
        step.inputs[b] = likeliest(w, n, (t - 1) * w->B + b);
    rnn_window_forward(&step, n, rnn_alone(w));
  }
}
