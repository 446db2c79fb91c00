/* Units held at a value while a text is written. */
#include <string.h>

#include "place.h"

rnn_status rnn_check_clamps(const rnn_network *n, const rnn_clamp *clamps,
                            uint32_t count, rnn_error *error) {
  rnn_status status = RNN_OK;
  for (uint32_t i = 0; i < count && !status; i++) {
    status = rnn_check_layer(n, clamps[i].layer, 0, error);
    if (!status) status = rnn_check_unit(n, clamps[i].unit, error);
    if (!status) status = rnn_check_state(n, clamps[i].of_c != 0, error);
    if (!status && clamps[i].of_c && n->config.layer_norm)
      return rnn_fail(error, RNN_INVALID_CONFIG,
                      "c of unit %u cannot be held with layer_norm, where h of "
                      "a unit depends on c of all",
                      (unsigned)clamps[i].unit);
  }
  return status;
}

/* h follows a c that is held: h' = o∘tanh(c'). */
static void hold(const rnn_layer *l, const rnn_cell *cell, const rnn_clamp *c,
                 size_t b) {
  size_t at = c->unit / PANEL * l->stride + b * PANEL + c->unit % PANEL;
  size_t after = at + l->B * PANEL;
  real h = c->value;
  if (c->of_c) {
    real *open = l->gates;
    open += (size_t)(strchr(cell->gate_names, 'o') - cell->gate_names) * l->P *
            l->stride;
    l->c[after] = c->value;
    h = open[at] * rnn_tanh(c->value);
  }
  l->h[after] = h;
}

void rnn_clamp_units(const rnn_window *w, const rnn_network *n, size_t layer) {
  for (uint32_t i = 0; i < w->clamp_count; i++)
    for (size_t b = 0; w->clamps[i].layer == layer && b < w->B; b++)
      hold(&w->strands[layer], n->cell, &w->clamps[i], b);
}
