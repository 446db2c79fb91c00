/* A network: its configuration, where its parameters lie, and their values.
 * A window: the network unrolled over B sequences and T steps.
 *
 * One network may have several windows: to train, to trace, to generate. */
#ifndef RNN_NETWORK_H
#define RNN_NETWORK_H

#include "cell.h"
#include "parameters.h"

typedef struct {
  rnn_config config;
  const rnn_cell *cell;
  rnn_parameters parameters;
  real *values;
  /* For the way back, made anew from the values by each backward pass. */
  panels w_ih_transposed[RNN_MAX_LAYERS], w_hh_transposed[RNN_MAX_LAYERS];
  panels w_out_transposed;
} rnn_network;

/* What a window is for decides what it stores. */
typedef enum {
  RNN_TO_STREAM, /* forward only, T = 1 */
  RNN_TO_TRAIN,  /* gradients take the place of what they are made from */
  RNN_TO_TRACE   /* every number and its gradient has a place of its own */
} rnn_purpose;

/* With `recompute`, the steps of a window are cut into segments of about √T,
 * and only one of them is stored at a time, with the states before all of them.
 */
typedef struct {
  size_t B, T;    /* sequences in use; steps of the segment in work */
  size_t steps;   /* of all segments */
  size_t segment; /* steps that there is room for */
  size_t stride;  /* reals from panel to panel */
  rnn_layer layers[RNN_MAX_LAYERS];
  real *bias;       /* (L, G·P·8): what is added to each projection */
  uint32_t *inputs; /* (T·B) symbols, r = t·B + b */
  int32_t *targets; /* (T·B), −1: not counted */
  panels logits, p, dlogits; /* (T·B, V) */
  double *losses;            /* (T·B) */
  real *kept;     /* states before each segment; NULL: there is one only */
  real *arriving; /* gradients of the state after the segment in work */
  real *scratch;
} rnn_window;

void rnn_network_layout(rnn_arena *arena, rnn_network *network,
                        const rnn_config *config);
void rnn_window_layout(rnn_arena *arena, rnn_window *window,
                       const rnn_network *network, size_t B, size_t T,
                       rnn_purpose purpose);

/* Uses `batch` sequences and `steps` steps of what was laid out. */
void rnn_window_use(rnn_window *window, const rnn_network *network,
                    size_t batch, size_t steps);

/* What all parts need before a forward pass, and is done once for all. */
void rnn_window_prepare(rnn_window *window, const rnn_network *network);

/* A part of the sequences, from inputs and the state in rows 0 … B−1 of h and c
 * to logits. */
void rnn_window_forward(rnn_window *window, const rnn_network *network,
                        rnn_part part);

/* A part of the sequences, from logits to p, dlogits and losses. */
void rnn_window_loss(rnn_window *window, const rnn_network *network,
                     size_t counted, rnn_part part);

/* What the way back needs: transposed weights, and gradients that are zero. A
 * part of it; all meet afterwards. */
void rnn_window_prepare_backward(rnn_window *window, rnn_network *network,
                                 real *gradients, rnn_part part);

/* From dlogits, and what arrives, to `gradients`, laid out as the values are:
 * adds a part. All parts meet in its middle. */
void rnn_window_backward(rnn_window *window, const rnn_network *network,
                         real *gradients, rnn_part part);

size_t rnn_window_segments(const rnn_window *window);
/* The window as it is while it works on segment `index`: itself if there is one
 * only, else a copy in `room`. */
rnn_window *rnn_window_segment(rnn_window *window, size_t index,
                               rnn_window *room);

/* Of all rows, in a fixed order. */
double rnn_window_total_loss(const rnn_window *window);

static inline rnn_part rnn_alone(const rnn_window *window) {
  return (rnn_part){0, 1, NULL, window->scratch};
}

/* Reals of h, or of c, of one layer where states are kept: [P][B][8]. */
static inline uint64_t rnn_state_count(const rnn_config *config) {
  return (uint64_t)PANELS(config->hidden) * config->batch * PANEL;
}

/* Of those, there is h of each layer and then, if the cell has one, c. */
static inline uint32_t rnn_state_parts(const rnn_network *network) {
  return network->config.layers * (network->cell->has_c ? 2 : 1);
}

static inline panels parameter_panels(const rnn_network *network, real *values,
                                      int index) {
  const rnn_parameter *p = &network->parameters.table[index];
  return (panels){values + p->offset, (size_t)p->inner * PANEL};
}

#endif
