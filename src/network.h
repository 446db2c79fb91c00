/* A network: its configuration, where its parameters lie, and their values.
 * A window: the network unrolled over B sequences and T steps.
 *
 * One network may have several windows: to train, to trace, to generate. */
#ifndef RNN_NETWORK_H
#define RNN_NETWORK_H

#include "cell.h"
#include "parameters.h"
#include "rows.h"

typedef struct rnn_network {
  rnn_config config;
  const rnn_cell *cell;
  rnn_parameters parameters;
  real *values;
  uint32_t state_parts; /* rnn_state_parts, */
  uint64_t state_reals; /* and the reals of them all */
  /* Made anew from the values: the output's weights, if they are the
   * embedding's, by each forward pass, the others by each backward pass. */
  panels w_ih_transposed[RNN_MAX_STRANDS], w_hh_transposed[RNN_MAX_STRANDS];
  panels w_skip_transposed[RNN_MAX_STRANDS];
  panels head_transposed[RNN_MAX_HEAD + 1];
  panels tied;  /* [V/8][E][8]; NULL: the output has weights of its own */
  real *d_tied; /* gradients of those, before they join the embedding's */
  struct rnn_network *encoder; /* what reads its source; NULL: nothing does */
  panels fed_transposed, query_transposed, key_transposed;
  panels of_context_transposed, of_state_transposed;
  panels bridge_transposed[RNN_MAX_BRIDGES];
} rnn_network;

/* What a window is for decides what it stores. */
typedef enum {
  RNN_TO_STREAM, /* forward only, T = 1 */
  RNN_TO_TRAIN,  /* gradients take the place of what they are made from */
  RNN_TO_TRACE   /* every number and its gradient has a place of its own */
} rnn_purpose;

/* With `recompute`, the steps of a window are cut into segments of about √T,
 * and only one of them is stored at a time, with the states before all of them.
 *
 * All matrices over time are (T·B, columns) in panels, with one stride. What
 * the second direction reads and says is mirrored: its step 0 is the last step
 * of each sequence. */
typedef struct rnn_window {
  size_t B, T;    /* sequences in use; steps of the segment in work */
  size_t steps;   /* of all segments */
  size_t first;   /* steps before the segment in work */
  size_t segment; /* steps that there is room for */
  size_t stride;  /* reals from panel to panel */
  rnn_layer strands[RNN_MAX_STRANDS];
  real *bias; /* (L·D, G·P·8): what is added to each projection */

  uint32_t *inputs, *mirrored_inputs; /* (T·B) symbols; NULL: not needed */
  uint32_t *lengths;                  /* (B) steps of each sequence */
  real *vectors, *dvectors; /* (T·B, input_size); NULL: symbols are looked up,
                               or no one asks for this gradient */
  /* Of each layer: what it says to the one above, NULL if that is h; and what
   * its second direction reads. (T·B, D·H) */
  real *said[RNN_MAX_LAYERS], *mirrored[RNN_MAX_LAYERS];
  real *dsaid[2]; /* gradients of what a layer says and of what it reads */
  real *dmirrored;

  real *pooled, *dpooled; /* (B, D·H); NULL: the head reads each step */
  real *hidden[RNN_MAX_HEAD], *dhidden[RNN_MAX_HEAD]; /* of the head */
  panels logits, p, dlogits; /* (R, O), R = T·B or, if pooled, B */
  int32_t *targets;          /* (R), −1: not counted */
  real *values;              /* (R, O), targets that are numbers, or NULL */
  double *losses;            /* (R) */

  struct rnn_source *source;  /* what it reads first; NULL: nothing */
  real *fed, *dfed;           /* (T·B, E): what of it each step reads */
  real *context, *dcontext;   /* (T·B, E): what attention found in it; with
                                 additive attention, that is what is fed */
  real *shares;               /* (T·B, S): attention to each of its steps */
  real *query, *dquery;       /* (T·B, A), of additive attention */
  real *attended, *dattended; /* (T·B, H): what the head reads instead of h */
  real *dlast;                /* of an encoder: gradients of its last states */

  const rnn_clamp *clamps; /* (clamp_count), units that are held */
  uint32_t clamp_count;

  const rnn_hold *holds; /* (hold_count), numbers that a trace holds */
  uint32_t hold_count;
  real *aside; /* (H), for those: one step of a strand */

  int small;            /* may go the way of small.h */
  uint32_t dropout_key; /* of this step's masks */
  int dropping;         /* dropout is at work */
  real *kept;     /* states before each segment; NULL: there is one only */
  real *arriving; /* gradients of the state after the segment in work */
  real *scratch;
} rnn_window;

/* The configuration, and what follows from it alone. */
void rnn_network_configure(rnn_network *network, const rnn_config *config);
void rnn_network_layout(rnn_arena *arena, rnn_network *network,
                        const rnn_config *config);
/* What is made anew from the values, of a network that has them. */
void rnn_network_transposes(rnn_arena *arena, rnn_network *network);
/* [K][units] for a matrix [units][K], {NULL} for none. */
panels rnn_take_transposed(rnn_arena *arena, const rnn_network *network,
                           int index);
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

/* What the way back needs: transposed weights, and gradients that are zero, or,
 * with NULL, that are added to. A part of it; all meet afterwards. */
void rnn_window_prepare_backward(rnn_window *window, rnn_network *network,
                                 real *gradients, rnn_part part);

/* From dlogits, and what arrives, to `gradients`, laid out as the values are:
 * adds a part. All parts meet in its middle. */
void rnn_window_backward(rnn_window *window, const rnn_network *network,
                         real *gradients, rnn_part part);

/* The first half of that, a part of the sequences: from dlogits to dpre, and
 * to dvectors. Threads need not meet. */
void rnn_window_backward_sequences(rnn_window *window,
                                   const rnn_network *network, rnn_part part);

/* The second half, when all parts have done that: adds a part of the gradients
 * of the weights. */
void rnn_window_gradients(rnn_window *window, const rnn_network *network,
                          real *gradients, rnn_part part);

/* Fills the transposed matrix of a weight, if there is one: a part. */
void rnn_transpose(const rnn_network *network, panels to, int weight,
                   rnn_part part);

/* A strand's view whose matrices over time begin at row `row`. */
void rnn_layer_skip(rnn_layer *view, size_t row);

/* Zeroes the states before the first step. */
void rnn_window_start(rnn_window *window, const rnn_network *network);

/* Part `part` of the state in a window: h or c of a layer. */
real *rnn_window_state(const rnn_window *window, const rnn_network *network,
                       uint32_t part);

/* Holds the units of a layer, after a step of a window of one, at what the
 * window's clamps say. */
void rnn_clamp_units(const rnn_window *window, const rnn_network *network,
                     size_t layer);

/* As rnn_cell_forward and rnn_cell_backward, with what the window holds. */
void rnn_held_forward(const rnn_window *window, const rnn_network *network,
                      size_t strand, size_t from, size_t to);
void rnn_held_backward(const rnn_window *window, const rnn_network *network,
                       size_t strand, size_t from, size_t to);

/* The steps of a strand, the last first: from dh and dc that are complete or
 * zero to all of them, and dpre. */
void rnn_window_unrun(const rnn_window *window, const rnn_network *network,
                      size_t strand, const rnn_rows *rows);

size_t rnn_window_segments(const rnn_window *window);
/* The window as it is while it works on segment `index`: itself if there is one
 * only, else a copy in `room`. */
rnn_window *rnn_window_segment(rnn_window *window, size_t index,
                               rnn_window *room);

/* Of all rows, in a fixed order. */
double rnn_window_total_loss(const rnn_window *window);

/* An encoder has none. */
static inline int rnn_has_head(const rnn_network *network) {
  return !RNN_SEQ2SEQ || network->parameters.head[0].bias >= 0;
}

static inline int rnn_has_source(const rnn_window *window) {
  return RNN_SEQ2SEQ && window->source != NULL;
}

static inline rnn_part rnn_alone(const rnn_window *window) {
  return (rnn_part){0, 1, NULL, window->scratch};
}

static inline rnn_rows rnn_window_rows(const rnn_window *w, rnn_part part) {
  return (rnn_rows){w->B, w->T, w->stride, part};
}

/* The rows that the head has: one for each step, or for each sequence. */
static inline rnn_rows rnn_head_rows(const rnn_window *w, rnn_part part) {
  return (rnn_rows){w->B, w->pooled ? 1 : w->T, w->stride, part};
}

static inline size_t rnn_head_count(const rnn_window *w) {
  return w->pooled ? w->B : w->steps * w->B;
}

/* The states after each step, of ((T+1)·B, H) that begin before the first. */
static inline real *rnn_after_steps(const rnn_window *w, real *states) {
  return states + w->B * PANEL;
}

/* What layer l says to the one above, or to the head: (T·B, D·H). */
static inline real *rnn_said(const rnn_window *w, const rnn_network *n,
                             size_t l) {
  size_t first = l * rnn_directions(&n->config);
  return w->said[l] ? w->said[l] : rnn_after_steps(w, w->strands[first].h);
}

/* The gradient of that: straight to dh, if it can be. */
static inline real *rnn_dsaid(const rnn_window *w, const rnn_network *n,
                              size_t l) {
  size_t first = l * rnn_directions(&n->config);
  return w->said[l] ? w->dsaid[l % 2]
                    : rnn_after_steps(w, w->strands[first].dh);
}

/* Panels of what a layer says. */
static inline size_t rnn_said_panels(const rnn_network *n) {
  return rnn_directions(&n->config) * PANELS(n->config.hidden);
}

/* What a layer reads is added to what it says. */
static inline int rnn_adds_input(const rnn_config *config, size_t l) {
  return config->residual && (l || rnn_input_size(config) ==
                                       rnn_directions(config) * config->hidden);
}

/* Reals of the embedding, if it is not to be trained. */
static inline size_t rnn_frozen(const rnn_network *n) {
  return n->config.freeze_embedding && n->parameters.embedding >= 0
             ? (size_t)n->parameters.table[n->parameters.embedding].count
             : 0;
}

/* It reads symbols forwards and tells the next one at each step. */
static inline int rnn_is_language_model(const rnn_config *config) {
  return config->input != RNN_VECTOR && !config->bidirectional &&
         config->pool == RNN_EACH && config->loss == RNN_CROSS_ENTROPY &&
         rnn_outputs(config) == config->vocabulary;
}

/* Reals of h, or of c, of one layer where states are kept: [P][B][8]. */
static inline uint64_t rnn_state_count(const rnn_config *config) {
  return (uint64_t)PANELS(config->hidden) * config->batch * PANEL;
}

/* States before a step that it sees. */
static inline uint32_t rnn_history(const rnn_config *config) {
  return config->skip ? config->skip : 1;
}

/* The states `steps` before those that `states` begins with. */
static inline real *rnn_before(const rnn_window *w, real *states,
                               size_t steps) {
  return states - steps * w->B * PANEL;
}

/* Of those, there is h of each layer; then, if the cell has one, c; then, if
 * steps see farther back, h of the step before, and so on. A network that reads
 * backwards too has no state to carry on. */
static inline uint32_t rnn_state_parts(const rnn_config *config) {
  if (config->bidirectional) return 0;
  return config->layers *
         (rnn_history(config) + (uint32_t)rnn_cell_of(config)->has_c);
}

/* {NULL} for a parameter that there is not, of index −1. */
static inline panels parameter_panels(const rnn_network *network, real *values,
                                      int index) {
  if (index < 0) return (panels){NULL, 0};
  const rnn_parameter *p = &network->parameters.table[index];
  return (panels){values + p->offset, (size_t)p->inner * PANEL};
}

#endif
