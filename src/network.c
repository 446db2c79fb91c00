/* Memory of networks and windows: who stores what, and what shares a place. */
#include "network.h"
#include "seq2seq.h"
#include "small.h"

panels rnn_take_transposed(rnn_arena *arena, const rnn_network *network,
                           int index) {
  if (index < 0) return (panels){NULL, 0};
  const rnn_parameter *p = &network->parameters.table[index];
  return (panels){RNN_TAKE(arena, real, p->count),
                  (size_t)(p->count / (p->inner / PANEL))};
}

void rnn_network_transposes(rnn_arena *arena, rnn_network *network) {
  const rnn_parameters *all = &network->parameters;
  const rnn_config *config = &network->config;
  uint32_t D = rnn_directions(config);
  for (uint32_t i = 0; i < rnn_strands(config); i++) {
    network->w_hh_transposed[i] =
        rnn_take_transposed(arena, network, all->strands[i].weight_hh);
    network->w_skip_transposed[i] =
        rnn_take_transposed(arena, network, all->strands[i].weight_skip);
    if (i >= D || rnn_input_size(config))
      network->w_ih_transposed[i] =
          rnn_take_transposed(arena, network, all->strands[i].weight_ih);
  }
  network->tied.at = NULL;
  network->d_tied = NULL;
  for (uint32_t m = 0; m < config->head_layers + !rnn_tied(all, config); m++)
    network->head_transposed[m] =
        rnn_take_transposed(arena, network, all->head[m].weight);
  if (rnn_tied(all, config)) {
    const rnn_parameter *p = &all->table[all->embedding];
    network->tied = rnn_take_transposed(arena, network, all->embedding);
    network->d_tied = RNN_TAKE(arena, real, p->count);
    network->head_transposed[config->head_layers] =
        parameter_panels(network, network->values, all->embedding);
  }
}

void rnn_network_configure(rnn_network *network, const rnn_config *config) {
  network->config = *config;
  network->cell = rnn_cell_of(config);
  network->state_parts = rnn_state_parts(config);
  network->state_reals = network->state_parts * rnn_state_count(config);
}

void rnn_network_layout(rnn_arena *arena, rnn_network *network,
                        const rnn_config *config) {
  rnn_parameters *all = &network->parameters;
  rnn_network_configure(network, config);
  rnn_parameters_layout(all, config);
  network->values = RNN_TAKE(arena, real, all->reals);
  rnn_network_transposes(arena, network);
  network->encoder = NULL;
  if (rnn_source_steps(config)) rnn_encoder_layout(arena, network);
}

typedef struct {
  rnn_arena *arena;
  uint64_t stride; /* 64 bits: measured before anything is refused */
} taker;

/* A matrix over time of `units` columns. */
static real *take(taker to, uint64_t units) {
  return RNN_TAKE(to.arena, real, PANELS(units) * to.stride);
}

/* Of h, with room for the states before the first step: one, or more if steps
 * see farther back. */
static real *take_states(taker to, const rnn_config *config, size_t B) {
  return take(to, config->hidden) + (rnn_history(config) - 1) * B * PANEL;
}

static void lay_out_norm(taker to, rnn_norm *norm, const rnn_network *n,
                         int gain, uint64_t gates, rnn_purpose purpose) {
  *norm = (rnn_norm){.H = n->config.hidden,
                     .P = PANELS(n->config.hidden),
                     .stride = (size_t)to.stride,
                     .gain = parameter_panels(n, n->values, gain).at};
  if (gain < 0) return;
  uint64_t units = gates * norm->P * PANEL;
  norm->x = take(to, units);
  norm->inverse = take(to, PANEL);
  if (purpose != RNN_TO_STREAM) norm->dx = take(to, units);
}

static void lay_out_norms(taker to, rnn_layer *layer, const rnn_network *n,
                          const rnn_strand_parameters *at,
                          rnn_purpose purpose) {
  uint64_t gates = (uint64_t)n->cell->gates;
  lay_out_norm(to, &layer->norm_ih, n, at->norm_ih, gates, purpose);
  lay_out_norm(to, &layer->norm_hh, n, at->norm_hh, gates, purpose);
  lay_out_norm(to, &layer->norm_c, n, at->norm_c, 1, purpose);
  layer->norm_c.bias = parameter_panels(n, n->values, at->norm_c_bias).at;
  if (layer->norm_c.dx) layer->norm_c.dy = take(to, n->config.hidden);
}

static void lay_out_strand(taker to, rnn_layer *layer, const rnn_network *n,
                           size_t i, rnn_purpose purpose, real *shared_dh,
                           size_t B) {
  const rnn_config *config = &n->config;
  const rnn_cell *cell = n->cell;
  const rnn_strand_parameters *at = &n->parameters.strands[i];
  uint64_t H = PANELS(config->hidden) * PANEL, gates = (uint64_t)cell->gates;
  int apart = purpose == RNN_TO_TRACE;
  *layer = (rnn_layer){
      .B = B,
      .rows = B,
      .H = config->hidden,
      .P = PANELS(config->hidden),
      .stride = (size_t)to.stride,
      .config = config,
  };
  layer->w_hh = parameter_panels(n, n->values, at->weight_hh);
  layer->b_hh = parameter_panels(n, n->values, at->bias_hh).at;
  layer->peephole = parameter_panels(n, n->values, at->peephole).at;
  layer->w_hh_transposed = n->w_hh_transposed[i];
  lay_out_norms(to, layer, n, at, purpose);
  layer->pre = take(to, gates * H);
  layer->gates = apart && cell->keeps_gates ? take(to, gates * H) : layer->pre;
  layer->h = take_states(to, config, B);
  layer->c = cell->has_c ? take(to, H) : NULL;
  layer->extra = cell->extra_name ? take(to, H) : NULL;
  if (purpose == RNN_TO_STREAM) return;
  layer->dpre = apart ? take(to, gates * H) : layer->pre;
  layer->dh = apart ? take_states(to, config, B) : shared_dh;
  if (cell->has_c) layer->dc = apart || cell->keeps_c ? take(to, H) : layer->c;
  if (cell->extra_has_gradient)
    layer->dextra =
        apart || cell->extra_has_gradient == 1 ? take(to, H) : layer->extra;
}

/* What layers say where it is not simply h, and what second directions read. */
static void lay_out_joins(taker to, rnn_window *w, const rnn_network *n,
                          rnn_purpose purpose) {
  const rnn_config *config = &n->config;
  uint64_t said = rnn_said_panels(n) * PANEL, E = rnn_input_size(config);
  int any = 0;
  for (size_t l = 0; l < config->layers; l++) {
    int joins = rnn_directions(config) > 1 || rnn_adds_input(config, l) ||
                (config->dropout > 0 && l + 1 < config->layers);
    w->said[l] = joins ? take(to, said) : NULL;
    any |= joins;
    uint64_t reads = l ? said : E;
    w->mirrored[l] =
        rnn_directions(config) > 1 && reads ? take(to, reads) : NULL;
  }
  w->vectors = E ? take(to, E) : NULL;
  if (purpose == RNN_TO_STREAM) return;
  int blamed = config->input == RNN_EMBEDDING || purpose == RNN_TO_TRACE;
  w->dvectors = E && blamed ? take(to, E) : NULL;
  uint64_t wider = E > said ? E : said;
  for (int i = 0; i < 2; i++) w->dsaid[i] = any ? take(to, wider) : NULL;
  w->dmirrored = rnn_directions(config) > 1 ? take(to, wider) : NULL;
}

static void lay_out_head(taker to, rnn_window *w, const rnn_network *n,
                         uint64_t rows, rnn_purpose purpose) {
  const rnn_config *config = &n->config;
  uint64_t O = rnn_outputs(config);
  int stream = purpose == RNN_TO_STREAM, apart = purpose == RNN_TO_TRACE;
  if (config->pool) w->pooled = take(to, rnn_said_panels(n) * PANEL);
  for (uint32_t m = 0; m < config->head_layers; m++)
    w->hidden[m] = take(to, config->head_size);
  w->logits = (panels){take(to, O), (size_t)to.stride};
  if (stream) return;
  if (config->pool) w->dpooled = take(to, rnn_said_panels(n) * PANEL);
  for (uint32_t m = 0; m < config->head_layers; m++)
    w->dhidden[m] = take(to, config->head_size);
  w->targets = RNN_TAKE(to.arena, int32_t, rows);
  if (config->loss != RNN_CROSS_ENTROPY) w->values = take(to, O);
  w->losses = RNN_TAKE(to.arena, double, rows);
  w->p = w->dlogits = w->logits;
  if (apart) {
    w->p.at = take(to, O);
    w->dlogits.at = take(to, O);
  }
}

/* Panels begin an odd number of cache lines apart: at a power of two they
 * would all fall into the same few places of the cache. There are
 * `before` states before the first step. */
static uint64_t panel_stride(uint64_t B, uint64_t T, uint64_t before) {
  uint64_t lines = ((T + before) * B * PANEL * sizeof(real) + 63) / 64;
  return (lines | 1) * 64 / sizeof(real);
}

/* The least whole number whose square is not below n. */
static size_t root_of(size_t n) {
  size_t root = 1;
  while (root * root < n) root++;
  return root;
}

void rnn_window_layout(rnn_arena *arena, rnn_window *window,
                       const rnn_network *network, size_t B, size_t T,
                       rnn_purpose purpose) {
  const rnn_config *config = &network->config;
  int apart = purpose == RNN_TO_TRACE, stream = purpose == RNN_TO_STREAM;
  int cut = purpose == RNN_TO_TRAIN && config->recompute && T > 1;
  size_t segment = cut ? root_of(T) : T;
  uint64_t rows = (uint64_t)B * T;
  taker to = {arena, panel_stride(B, segment, rnn_history(config))};
  *window =
      (rnn_window){.B = B,
                   .T = segment,
                   .steps = T,
                   .segment = segment,
                   .stride = (size_t)to.stride,
                   .small = purpose == RNN_TO_TRAIN && rnn_is_small(config)};
  /* Between two layers only one dh is alive. */
  real *dh = stream || apart ? NULL : take_states(to, config, B);
  for (size_t i = 0; i < rnn_strands(config); i++)
    lay_out_strand(to, &window->strands[i], network, i, purpose, dh, B);
  window->bias =
      RNN_TAKE(arena, real,
               (uint64_t)rnn_strands(config) * (uint64_t)network->cell->gates *
                   PANELS(config->hidden) * PANEL);
  window->inputs = RNN_TAKE(arena, uint32_t, rows);
  if (config->bidirectional && config->input == RNN_ONE_HOT)
    window->mirrored_inputs = RNN_TAKE(arena, uint32_t, rows);
  window->lengths = RNN_TAKE(arena, uint32_t, B);
  lay_out_joins(to, window, network, purpose);
  lay_out_head(to, window, network, rows, purpose);
  /* For one row kernels need no scratch. */
  if (!stream || rows > 1)
    window->scratch = RNN_TAKE(arena, real, KERNEL_SCRATCH);
  if (rnn_source_steps(config))
    rnn_source_layout(arena, window, network, B, purpose);
  if (stream) return;
  if (cut) {
    window->kept = RNN_TAKE(arena, real,
                            rnn_window_segments(window) * network->state_reals);
    window->arriving = RNN_TAKE(arena, real, network->state_reals);
  }
}

void rnn_window_use(rnn_window *window, const rnn_network *network,
                    size_t batch, size_t steps) {
  window->B = batch;
  window->steps = steps;
  window->T = steps < window->segment ? steps : window->segment;
  for (size_t i = 0; i < rnn_strands(&network->config); i++)
    window->strands[i].B = window->strands[i].rows = batch;
  for (size_t b = 0; b < batch; b++) window->lengths[b] = (uint32_t)steps;
}

size_t rnn_window_segments(const rnn_window *window) {
  return (window->steps + window->segment - 1) / window->segment;
}

rnn_window *rnn_window_segment(rnn_window *window, size_t index,
                               rnn_window *room) {
  if (window->steps <= window->segment) return window;
  size_t first = index * window->segment, left = window->steps - first;
  *room = *window;
  room->T = left < window->segment ? left : window->segment;
  room->first = first;
  room->inputs += first * window->B;
  room->targets += first * window->B;
  room->losses += first * window->B;
  return room;
}
