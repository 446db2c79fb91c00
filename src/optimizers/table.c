#include "optimizer.h"

const rnn_optimizer *rnn_optimizer_of(const rnn_config *config) {
  static const rnn_optimizer *const table[] = {
#define X(name) &rnn_##name,
      RNN_OPTIMIZERS(X)
#undef X
  };
  return table[config->optimizer];
}
