/* Numbers of a trace that are held by hand: a step is done as always, and then
 * what follows from the numbers that are held, done anew.
 *
 * On the way back a held number is a constant. What the cell would send through
 * it is kept from leaving the unit: a held h gets no gradient while its step is
 * undone, and of gates that lead on through nothing but what is held the rows
 * of W_hh are zero meanwhile, and da in the end. */
#include <string.h>

#include "place.h"

static int can_hold(const rnn_window *w, const rnn_network *n,
                    const rnn_hold *hold) {
  unsigned what = hold->what, gates = (unsigned)n->cell->gates;
  if (w->B > 1 || hold->step >= w->lengths[0]) return 0;
  if (what == RNN_HOLD_H) return 1;
  if (n->config.layer_norm || n->config.peephole) return 0;
  if (n->cell == &rnn_minlstm && what < 2 && !(hold->value > 0)) return 0;
  return what == RNN_HOLD_C ? n->cell->has_c
                            : what < gates && n->cell->keeps_gates;
}

rnn_status rnn_check_holds(const rnn_window *w, const rnn_network *n,
                           rnn_error *error) {
  rnn_status status = RNN_OK;
  for (uint32_t i = 0; i < w->hold_count && !status; i++) {
    const rnn_hold *hold = &w->holds[i];
    status = rnn_check_layer(n, hold->layer, hold->direction, error);
    if (!status) status = rnn_check_unit(n, hold->unit, error);
    if (!status && !can_hold(w, n, hold))
      return rnn_fail(error, RNN_INVALID_CONFIG,
                      "hold %u cannot be: it takes one sequence, one of its %u "
                      "steps, and h, or what this cell can hold beside h",
                      (unsigned)i, (unsigned)w->lengths[0]);
  }
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

/* Where a unit is in a matrix over time; a step later, PANEL reals on. */
static size_t place_of(const step *s, size_t unit) {
  return unit / PANEL * s->l->stride + s->t * PANEL + unit % PANEL;
}

/* Writes what is held of a unit, and tells it in bits. */
static unsigned take_held(const step *s, size_t unit) {
  const rnn_layer *l = s->l;
  unsigned held = 0;
  for (uint32_t i = 0; i < s->w->hold_count; i++) {
    const rnn_hold *hold = &s->w->holds[i];
    size_t t = hold->direction ? s->w->lengths[0] - 1 - hold->step : hold->step;
    if (hold->unit != unit || t != s->t ||
        hold->layer * s->directions + hold->direction != s->strand)
      continue;
    held |= 1u << hold->what;
    real *at = hold->what < RNN_HOLD_C
                   ? l->gates + hold->what * l->P * l->stride
                   : (hold->what == RNN_HOLD_C ? l->c : l->h) + PANEL;
    at[place_of(s, unit)] = hold->value;
  }
  return held;
}

/* A row of a matrix, to `aside` and back. */
static void put_aside(const step *s, real *matrix, int back) {
  for (size_t unit = 0; unit < s->l->H; unit++) {
    real *here = matrix + place_of(s, unit), *there = s->w->aside + unit;
    *(back ? here : there) = *(back ? there : here);
  }
}

/* --- Forward -------------------------------------------------------------- */

/* What follows from what is held before h'; `all`: for all units. */
static void settle(const step *s, int all) {
  for (size_t unit = 0; unit < s->l->H; unit++) {
    unsigned held = take_held(s, unit);
    if ((held & ~(1u << RNN_HOLD_H) || all) && s->cell->settle)
      s->cell->settle(s->l, place_of(s, unit), held);
  }
}

void rnn_held_forward(const rnn_window *w, const rnn_network *n, size_t strand,
                      size_t from, size_t to) {
  step s = step_of(w, n, strand);
  const rnn_layer *l = s.l;
  size_t last = (size_t)n->cell->gates - 1;
  real *pre = gate_at(l, l->pre, last, 0);
  for (s.t = from; s.t < to; s.t++) {
    put_aside(&s, pre, 0);
    rnn_cell_forward(n->cell, l, s.t, s.t + 1);
    settle(&s, 0);
    if (!n->cell->extra_recurs) continue;
    /* What all units propose comes of an extra of which some is held. */
    put_aside(&s, pre, 1);
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
    size_t at = place_of(s, unit);
    unsigned held = take_held(s, unit), shut = held;
    unsigned neck = held >> (l->dc ? RNN_HOLD_C : gates - 1) & 1;
    if (neck) shut |= s->cell->makers;
    for (size_t g = 0; g < gates; g++) {
      if (!(shut >> g & 1)) continue;
      l->dpre[at + g * l->P * l->stride] = 0;
      for (size_t p = 0; w.at && p < l->P; p++)
        memset(w.at + p * w.stride + (g * l->P * PANEL + unit) * PANEL, 0,
               PANEL * sizeof(real));
    }
    if (!after && held >> RNN_HOLD_H) l->dh[at + PANEL] = 0;
    if (after && neck && s->cell->makers) (l->dc ? l->dc : l->dextra)[at] = 0;
  }
}

void rnn_held_backward(const rnn_window *w, const rnn_network *n, size_t strand,
                       size_t from, size_t to) {
  step s = step_of(w, n, strand);
  const rnn_layer *l = s.l;
  for (s.t = to; s.t-- > from;) {
    put_aside(&s, l->dh + PANEL, 0);
    close_ways(&s, 0);
    rnn_cell_backward(n->cell, l, s.t, s.t + 1);
    close_ways(&s, 1);
    put_aside(&s, l->dh + PANEL, 1);
    if (l->w_hh.at)
      kernel_transpose(l->w_hh_transposed, l->w_hh, l->P * PANEL,
                       (size_t)n->cell->gates * l->P);
  }
}
