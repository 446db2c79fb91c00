/* Which layer, unit or gate of a network is meant: named by a caller, checked
 * here. INVALID_CONFIG for what there is not. */
#ifndef RNN_PLACE_H
#define RNN_PLACE_H

#include "../network.h"

rnn_status rnn_check_index(const char *what, uint32_t index, uint32_t count,
                           rnn_error *error);
rnn_status rnn_check_layer(const rnn_network *network, uint32_t layer,
                           uint32_t direction, rnn_error *error);
rnn_status rnn_check_unit(const rnn_network *network, uint32_t unit,
                          rnn_error *error);

/* Whether the cell has c, if that is what is meant. */
rnn_status rnn_check_state(const rnn_network *network, uint32_t of_c,
                           rnn_error *error);

/* INVALID_CONFIG for clamps that cannot be. */
rnn_status rnn_check_clamps(const rnn_network *network, const rnn_clamp *clamps,
                            uint32_t count, rnn_error *error);

/* INVALID_CONFIG for holds that cannot be in this window. */
rnn_status rnn_check_holds(const rnn_window *window, const rnn_network *network,
                           rnn_error *error);

/* Index of a gate by its letter; any will do where there is only one. */
rnn_status rnn_find_gate(const rnn_network *network, char letter, size_t *gate,
                         rnn_error *error);

#endif
