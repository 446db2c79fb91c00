/* What a checkpoint holds: one list of tensors, for writing and for reading. */
#ifndef RNN_CHECKPOINT_H
#define RNN_CHECKPOINT_H

#include "model.h"

enum {
  RNN_MAX_TENSORS =
      3 * RNN_MAX_PARAMETERS + (RNN_MAX_SKIP + 1) * RNN_MAX_LAYERS,
  RNN_MAX_HEADER = 1 << 20 /* bytes */
};

typedef struct {
  char name[64];
  uint32_t rows, columns; /* columns 0: a vector */
  /* Where the numbers are in a model: an array, and how it is packed. */
  enum { RNN_VALUES, RNN_SLOT_0, RNN_SLOT_1, RNN_STATE } array;
  uint32_t index; /* of the parameter, or of the part of the state */
} rnn_tensor;

/* Tensor `index`, in the order of the file; 0 past the last. */
int rnn_tensor_at(rnn_tensor *tensor, const rnn_config *config,
                  const rnn_parameters *parameters, int index);

uint64_t rnn_tensor_count(const rnn_tensor *tensor);

/* The place in `model` of a number of a tensor. */
real *rnn_tensor_number(const rnn_model *model, const rnn_tensor *tensor,
                        uint32_t row, uint32_t column);

#endif
