#include "../fields.h"
#include "loss.h"

void rnn_loss(const rnn_loss_rows *of, uint32_t loss) {
  switch (loss) {
  case RNN_CROSS_ENTROPY: rnn_cross_entropy(of); return;
  case RNN_BINARY: rnn_binary_cross_entropy(of); return;
  default: rnn_squared_error(of);
  }
}
