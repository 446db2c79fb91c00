/* Memory of networks and windows: who stores what, and what shares a place. */
#include "network.h"

/* [K][units] for a matrix [units][K]: the same count. */
static panels take_transposed(rnn_arena *arena, const rnn_network *network,
                              int index) {
  const rnn_parameter *p = &network->parameters.table[index];
  return (panels){RNN_TAKE(arena, real, p->count),
                  (size_t)(p->count / (p->inner / PANEL))};
}

void rnn_network_layout(rnn_arena *arena, rnn_network *network,
                        const rnn_config *config) {
  rnn_parameters *all = &network->parameters;
  network->config = *config;
  network->cell = rnn_cell_of(config);
  rnn_parameters_layout(all, config);
  network->values = RNN_TAKE(arena, real, all->reals);
  for (uint32_t l = 0; l < config->layers; l++) {
    network->w_hh_transposed[l] =
        take_transposed(arena, network, all->layers[l].weight_hh);
    if (l)
      network->w_ih_transposed[l] =
          take_transposed(arena, network, all->layers[l].weight_ih);
  }
  network->w_out_transposed =
      take_transposed(arena, network, all->output_weight);
}

typedef struct {
  rnn_arena *arena;
  uint64_t stride; /* 64 bits: measured before anything is refused */
} taker;

/* A matrix over time of `units` columns. */
static real *take(taker to, uint64_t units) {
  return RNN_TAKE(to.arena, real, PANELS(units) * to.stride);
}

static void lay_out_layer(taker to, rnn_layer *layer, const rnn_network *n,
                          size_t l, rnn_purpose purpose, real *shared_dh,
                          size_t B) {
  const rnn_config *config = &n->config;
  const rnn_cell *cell = n->cell;
  const rnn_layer_parameters *at = &n->parameters.layers[l];
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
  layer->w_hh_transposed = n->w_hh_transposed[l];
  layer->pre = take(to, gates * H);
  layer->gates = apart && cell->keeps_gates ? take(to, gates * H) : layer->pre;
  layer->h = take(to, H);
  layer->c = cell->has_c ? take(to, H) : NULL;
  layer->extra = cell->extra_name ? take(to, H) : NULL;
  if (purpose == RNN_TO_STREAM) return;
  layer->dpre = apart ? take(to, gates * H) : layer->pre;
  layer->dh = apart ? take(to, H) : shared_dh;
  if (cell->has_c) layer->dc = apart ? take(to, H) : layer->c;
  if (cell->extra_has_gradient)
    layer->dextra =
        apart || cell->extra_has_gradient == 1 ? take(to, H) : layer->extra;
}

/* Panels begin an odd number of cache lines apart: at a power of two they
 * would all fall into the same few places of the cache. One more step than T,
 * for the state before the first. */
static uint64_t panel_stride(uint64_t B, uint64_t T) {
  uint64_t lines = ((T + 1) * B * PANEL * sizeof(real) + 63) / 64;
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
  taker to = {arena, panel_stride(B, segment)};
  *window = (rnn_window){.B = B,
                         .T = segment,
                         .steps = T,
                         .segment = segment,
                         .stride = (size_t)to.stride};
  /* Between two layers only one dh is alive. */
  real *dh = stream || apart ? NULL : take(to, config->hidden);
  for (size_t l = 0; l < config->layers; l++)
    lay_out_layer(to, &window->layers[l], network, l, purpose, dh, B);
  window->bias =
      RNN_TAKE(arena, real,
               (uint64_t)config->layers * (uint64_t)network->cell->gates *
                   PANELS(config->hidden) * PANEL);
  window->inputs = RNN_TAKE(arena, uint32_t, rows);
  window->logits = (panels){take(to, config->vocabulary), (size_t)to.stride};
  /* For one row kernels need no scratch. */
  if (!stream || B > 1) window->scratch = RNN_TAKE(arena, real, KERNEL_SCRATCH);
  if (stream) return;
  window->targets = RNN_TAKE(arena, int32_t, rows);
  window->losses = RNN_TAKE(arena, double, rows);
  window->p = window->dlogits = window->logits;
  if (apart) {
    window->p.at = take(to, config->vocabulary);
    window->dlogits.at = take(to, config->vocabulary);
  }
  uint64_t state = rnn_state_parts(network) * rnn_state_count(config);
  if (cut) {
    window->kept = RNN_TAKE(arena, real, rnn_window_segments(window) * state);
    window->arriving = RNN_TAKE(arena, real, state);
  }
}

void rnn_window_use(rnn_window *window, const rnn_network *network,
                    size_t batch, size_t steps) {
  window->B = batch;
  window->steps = steps;
  window->T = steps < window->segment ? steps : window->segment;
  for (size_t l = 0; l < network->config.layers; l++)
    window->layers[l].B = window->layers[l].rows = batch;
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
  room->inputs += first * window->B;
  room->targets += first * window->B;
  room->losses += first * window->B;
  return room;
}
