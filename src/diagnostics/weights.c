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
  const rnn_parameter *p =
      &n->parameters.table[n->parameters.strands[strand].weight_hh];
  for (size_t r = gate * H; r < (gate + 1) * H; r++)
    for (size_t k = 0; k < H; k++)
      *to++ = n->values[p->offset +
                        rnn_parameter_place(p, (uint32_t)r, (uint32_t)k)];
  return RNN_OK;
}
