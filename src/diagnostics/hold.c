/* Numbers of a trace that are held by hand: a step is done as always, and then
 * what follows from the numbers that are held, done anew.
 *
 * On the way back a held number is a constant. What the cell would send through
 * it is kept from leaving the unit: a held h gets no gradient while its step is
 * undone, and of gates that lead on through nothing but what is held the rows
 * of W_hh are zero meanwhile, and da in the end. */
#include <string.h>

#include "place.h"

static rnn_status check(const rnn_window *w, const rnn_network *n,
                        const rnn_hold *hold, rnn_error *error) {
  unsigned what = hold->what;
  unsigned gates = n->cell->keeps_gates ? (unsigned)n->cell->gates : 0;
  rnn_status status = rnn_check_layer(n, hold->layer, hold->direction, error);
  if (!status) status = rnn_check_unit(n, hold->unit, error);
  if (status) return status;
  const char *why = NULL;
  if (w->B > 1) why = "in one sequence at a time";
  if (hold->step >= w->lengths[0]) why = "at a step that there is";
  if (what != RNN_HOLD_H && (n->config.layer_norm || n->config.peephole))
    why = "with layer_norm or peepholes if it is h";
  if (what != RNN_HOLD_H && (what != RNN_HOLD_C || !n->cell->has_c) &&
      what >= gates)
    why = "if the cell has it";
  if (n->cell == &rnn_minlstm && what < 2 && !(hold->value > 0))
    why = "above 0 if it is f or i of minlstm";
  return why ? rnn_fail(error, RNN_INVALID_CONFIG,
                        "a number can be held only %s", why)
             : RNN_OK;
}

rnn_status rnn_check_holds(const rnn_window *w, const rnn_network *n,
                           rnn_error *error) {
  rnn_status status = RNN_OK;
  for (uint32_t i = 0; i < w->hold_count && !status; i++)
    status = check(w, n, &w->holds[i], error);
  return status;
}

/* --- One step of a strand, of one sequence -------------------------------- */

typedef struct {
  const rnn_window *w;
  const rnn_cell *cell;
  const rnn_layer *l;
  size_t strand, directions, t;
} step;

static step step_of(const rnn_window *w, const rnn_network *n, size_t strand) {
  return (step){
      w, n->cell, &w->strands[strand], strand, rnn_directions(&n->config), 0};
}

/* Number `unit` of a row of a matrix over time. */
static real *number(const step *s, real *matrix, size_t row, size_t unit) {
  return matrix
             ? matrix + unit / PANEL * s->l->stride + row * PANEL + unit % PANEL
             : NULL;
}

static real *gate(const step *s, real *matrix, size_t g, size_t unit) {
  return number(s, matrix, s->t, g * s->l->P * PANEL + unit);
}

/* Writes what is held of the unit, and tells it in bits. */
static unsigned take_held(const step *s, size_t unit, real *const *at) {
  unsigned held = 0;
  for (uint32_t i = 0; i < s->w->hold_count; i++) {
    const rnn_hold *hold = &s->w->holds[i];
    size_t t = hold->direction ? s->w->lengths[0] - 1 - hold->step : hold->step;
    if (hold->unit != unit || t != s->t ||
        hold->layer * s->directions + hold->direction != s->strand)
      continue;
    held |= 1u << hold->what;
    *at[hold->what] = hold->value;
  }
  return held;
}

static rnn_unit unit_of(const step *s, size_t unit) {
  const rnn_layer *l = s->l;
  rnn_unit u;
  for (size_t g = 0; g < (size_t)s->cell->gates; g++) {
    u.at[g] = gate(s, l->gates, g, unit);
    u.a = gate(s, l->pre, g, unit);
  }
  u.at[RNN_HOLD_C] = number(s, l->c, s->t + 1, unit);
  u.at[RNN_HOLD_H] = number(s, l->h, s->t + 1, unit);
  u.extra = number(s, l->extra, s->t, unit);
  u.c_before = number(s, l->c, s->t, unit);
  u.h_before = number(s, l->h, s->t, unit);
  u.held = take_held(s, unit, u.at);
  return u;
}

/* A row of a matrix of states, to `aside` and back. */
static void put_aside(const step *s, real *matrix, size_t row, int back) {
  for (size_t unit = 0; unit < s->l->H; unit++) {
    real *here = number(s, matrix, row, unit), *there = s->w->aside + unit;
    *(back ? here : there) = *(back ? there : here);
  }
}

/* --- Forward -------------------------------------------------------------- */

/* What follows from what is held; `all`: for all units. */
static void settle(const step *s, int all) {
  for (size_t unit = 0; unit < s->l->H; unit++) {
    rnn_unit u = unit_of(s, unit);
    if ((u.held || all) && s->cell->settle) s->cell->settle(&u);
  }
}

void rnn_held_forward(const rnn_window *w, const rnn_network *n, size_t strand,
                      size_t from, size_t to) {
  step s = step_of(w, n, strand);
  const rnn_layer *l = s.l;
  size_t last = (size_t)n->cell->gates - 1;
  real *pre = gate_at(l, l->pre, last, 0);
  for (s.t = from; s.t < to; s.t++) {
    put_aside(&s, pre, s.t, 0);
    rnn_cell_forward(n->cell, l, s.t, s.t + 1);
    settle(&s, 0);
    if (!n->cell->extra_recurs) continue;
    /* What all units propose comes of an extra of which some is held. */
    put_aside(&s, pre, s.t, 1);
    rnn_recur(l, s.t, step_at(l, pre, s.t), step_at(l, l->extra, s.t), last, 1);
    settle(&s, 1);
  }
}

/* --- Backward ------------------------------------------------------------- */

/* Closes the ways out of units through what is held, before a step is undone
 * and, where they need not be open meanwhile, after it. */
static void close_ways(const step *s, int after) {
  const rnn_layer *l = s->l;
  panels w = l->w_hh_transposed;
  size_t gates = (size_t)s->cell->gates;
  for (size_t unit = 0; unit < l->H; unit++) {
    unsigned held = unit_of(s, unit).held, shut = held;
    unsigned neck = held >> (l->dc ? RNN_HOLD_C : gates - 1) & 1;
    if (neck) shut |= s->cell->makers;
    for (size_t g = 0; g < gates; g++) {
      size_t row = g * l->P * PANEL + unit;
      if (!(shut >> g & 1)) continue;
      *number(s, l->dpre, s->t, row) = 0;
      for (size_t p = 0; w.at && p < l->P; p++)
        memset(w.at + p * w.stride + row * PANEL, 0, PANEL * sizeof(real));
    }
    if (!after && held >> RNN_HOLD_H) *number(s, l->dh, s->t + 1, unit) = 0;
    if (after && neck && s->cell->makers)
      *number(s, l->dc ? l->dc : l->dextra, s->t, unit) = 0;
  }
}

void rnn_held_backward(const rnn_window *w, const rnn_network *n, size_t strand,
                       size_t from, size_t to) {
  step s = step_of(w, n, strand);
  const rnn_layer *l = s.l;
  for (s.t = to; s.t-- > from;) {
    put_aside(&s, l->dh, s.t + 1, 0);
    close_ways(&s, 0);
    rnn_cell_backward(n->cell, l, s.t, s.t + 1);
    close_ways(&s, 1);
    put_aside(&s, l->dh, s.t + 1, 1);
    if (l->w_hh.at)
      kernel_transpose(l->w_hh_transposed, l->w_hh, l->P * PANEL,
                       (size_t)n->cell->gates * l->P);
  }
}
