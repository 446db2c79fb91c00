/* Where each parameter lies.
 *
 * Outside, parameters have PyTorch's names and shapes. Inside they lie in
 * panels of 8 units, so that the kernels read them in order:
 *
 *   matrix (rows, columns) as [P][K][8]: row r = gate·H + u, column k is at
 *     ((gate · PANELS(H) + u / 8) · K + k) · 8 + u % 8,  K = columns, padded
 *   vector (rows)          as [P][8], the same with K = 1
 *
 * What pads a panel is zero and stays zero: its gradient is zero too. */
#ifndef RNN_PARAMETERS_H
#define RNN_PARAMETERS_H

#include "rnn.h"

enum { RNN_MAX_LAYERS = 8, RNN_MAX_PARAMETERS = 4 * RNN_MAX_LAYERS + 2 };

typedef struct {
  char name[40];
  uint32_t rows, columns; /* as PyTorch has them; columns 0: a vector */
  uint32_t gates;         /* rows = gates · units */
  uint32_t inner;         /* K: columns, padded to whole panels if multiplied */
  uint64_t offset, count; /* in reals, padding included */
} rnn_parameter;

/* Indices of a layer's parameters, and of the output's. */
typedef struct {
  int weight_ih, weight_hh, bias_ih, bias_hh;
} rnn_layer_parameters;

typedef struct {
  int count;
  uint64_t reals; /* of all together */
  rnn_parameter table[RNN_MAX_PARAMETERS];
  rnn_layer_parameters layers[RNN_MAX_LAYERS];
  int output_weight, output_bias;
} rnn_parameters;

void rnn_parameters_layout(rnn_parameters *parameters,
                           const rnn_config *config);

/* PyTorch's count of numbers, without padding. */
uint64_t rnn_parameter_numbers(const rnn_parameter *parameter);

/* Where number (row, column) is, from the parameter's offset on. */
uint64_t rnn_parameter_place(const rnn_parameter *parameter, uint32_t row,
                             uint32_t column);

/* Between the padded panels and PyTorch's row-major order. */
void rnn_parameter_unpack(real *values, const rnn_parameter *parameter,
                          const real *panels);
void rnn_parameter_pack(real *panels, const rnn_parameter *parameter,
                        const real *values);

/* Draws all values as PyTorch does: uniform in ±1/√H. */
void rnn_parameters_initialise(real *values, const rnn_parameters *parameters,
                               const rnn_config *config, rnn_random *random);

#endif
