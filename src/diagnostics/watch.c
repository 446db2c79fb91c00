/* What units say while a text is read: h, c or gates, after each symbol. */
#include <string.h>

#include "../stream.h"
#include "place.h"

/* Where a part of a layer's numbers begins; NULL: see `error`. */
static const real *find_part(const rnn_stream *stream, uint32_t layer,
                             char part, rnn_error *error) {
  const rnn_network *n = &stream->model->network;
  const rnn_layer *l = &stream->window.strands[layer];
  size_t gate;
  if (part == 'h') return l->h;
  if (part == 'c' && l->c) return l->c;
  if (!n->cell->keeps_gates || rnn_find_gate(n, part, &gate, error)) {
    rnn_fail(error, RNN_INVALID_CONFIG,
             "what a unit of the %s cell says is one letter of \"h%s%s\"",
             n->cell->name, l->c ? "c" : "",
             n->cell->keeps_gates ? n->cell->gate_names : "");
    return NULL;
  }
  return l->gates + gate * l->P * l->stride;
}

const char *rnn_gate_names(const rnn_model *model) {
  const rnn_cell *cell = model->network.cell;
  return cell->keeps_gates ? cell->gate_names : "";
}

static rnn_status check(const rnn_network *n, const uint32_t *symbols,
                        uint32_t length, uint32_t layer, rnn_error *error) {
  if (n->config.input == RNN_VECTOR || n->config.bidirectional ||
      rnn_source_steps(&n->config))
    return rnn_fail(error, RNN_INVALID_CONFIG,
                    "units are watched in networks that read symbols in one "
                    "direction, and no source");
  for (uint32_t i = 0; i < length; i++)
    if (symbols[i] >= n->config.vocabulary)
      return rnn_fail(error, RNN_INVALID_TEXT,
                      "symbol %u is outside the vocabulary of %u",
                      (unsigned)symbols[i], (unsigned)n->config.vocabulary);
  return rnn_check_layer(n, layer, 0, error);
}

rnn_status rnn_watch(rnn_stream *stream, const uint32_t *symbols,
                     uint32_t length, uint32_t layer, const char *parts,
                     real *values, rnn_error *error) {
  rnn_status status =
      check(&stream->model->network, symbols, length, layer, error);
  for (const char *part = parts; *part && !status; part++)
    if (!find_part(stream, layer, *part, error)) status = RNN_INVALID_CONFIG;
  for (uint32_t i = 0; i < length && !status; i++) {
    const rnn_layer *l = &stream->window.strands[layer];
    rnn_stream_feed(stream, symbols + i);
    for (const char *part = parts; *part; part++) {
      const real *from = find_part(stream, layer, *part, error);
      for (size_t u = 0; u < l->H; u++)
        *values++ = from[u / PANEL * l->stride + u % PANEL];
    }
  }
  return status;
}
