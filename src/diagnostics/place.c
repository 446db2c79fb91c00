#include "place.h"

#include <string.h>

rnn_status rnn_check_index(const char *what, uint32_t index, uint32_t count,
                           rnn_error *error) {
  if (index < count) return RNN_OK;
  return rnn_fail(error, RNN_INVALID_CONFIG,
                  "there is no %s %u; there are %u, the first is 0", what,
                  (unsigned)index, (unsigned)count);
}

rnn_status rnn_check_layer(const rnn_network *n, uint32_t layer,
                           uint32_t direction, rnn_error *error) {
  rnn_status status = rnn_check_index("layer", layer, n->config.layers, error);
  return status ? status
                : rnn_check_index("direction", direction,
                                  rnn_directions(&n->config), error);
}

rnn_status rnn_check_unit(const rnn_network *n, uint32_t unit,
                          rnn_error *error) {
  return rnn_check_index("unit", unit, n->config.hidden, error);
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
