#include "place.h"

#include <string.h>

rnn_status rnn_check_layer(const rnn_network *n, uint32_t layer,
                           uint32_t direction, rnn_error *error) {
  if (layer >= n->config.layers)
    return rnn_fail(error, RNN_INVALID_CONFIG,
                    "there is no layer %u; there are %u, the first is 0",
                    (unsigned)layer, (unsigned)n->config.layers);
  if (direction >= rnn_directions(&n->config))
    return rnn_fail(error, RNN_INVALID_CONFIG,
                    "there is no direction %u; the network has %u, the first "
                    "is 0",
                    (unsigned)direction, (unsigned)rnn_directions(&n->config));
  return RNN_OK;
}

rnn_status rnn_check_unit(const rnn_network *n, uint32_t unit,
                          rnn_error *error) {
  if (unit < n->config.hidden) return RNN_OK;
  return rnn_fail(error, RNN_INVALID_CONFIG,
                  "there is no unit %u; a layer has %u, the first is 0",
                  (unsigned)unit, (unsigned)n->config.hidden);
}

rnn_status rnn_check_state(const rnn_network *n, uint32_t of_c,
                           rnn_error *error) {
  if (!of_c || n->cell->has_c) return RNN_OK;
  return rnn_fail(error, RNN_INVALID_CONFIG,
                  "the state of the %s cell has no c", n->cell->name);
}

rnn_status rnn_find_gate(const rnn_network *n, char letter, size_t *gate,
                         rnn_error *error) {
  const rnn_cell *cell = n->cell;
  const char *found = letter ? strchr(cell->gate_names, letter) : NULL;
  *gate = found ? (size_t)(found - cell->gate_names) : 0;
  if (found || cell->gates == 1) return RNN_OK;
  return rnn_fail(error, RNN_INVALID_CONFIG,
                  "a gate of the %s cell is one letter of \"%s\"", cell->name,
                  cell->gate_names);
}
