/* The square of recurrent weights that belongs to one gate. */
#include "../model.h"
#include "place.h"

rnn_status rnn_recurrent_weights(const rnn_model *model, uint32_t layer,
                                 uint32_t direction, char letter, double *to,
                                 rnn_error *error) {
  const rnn_network *n = &model->network;
  size_t gate, H = n->config.hidden;
  rnn_status status = rnn_check_layer(n, layer, direction, error);
  if (!status) status = rnn_find_gate(n, letter, &gate, error);
  if (status) return status;
  size_t strand = layer * rnn_directions(&n->config) + direction;
  int index = n->parameters.strands[strand].weight_hh;
  if (index < 0)
    return rnn_fail(error, RNN_INVALID_CONFIG,
                    "no gate of the %s cell sees the state: there are no "
                    "recurrent weights",
                    n->cell->name);
  const rnn_parameter *p = &n->parameters.table[index];
  for (size_t r = gate * H; r < (gate + 1) * H; r++)
    for (size_t k = 0; k < H; k++)
      *to++ = n->values[p->offset +
                        rnn_parameter_place(p, (uint32_t)r, (uint32_t)k)];
  return RNN_OK;
}
