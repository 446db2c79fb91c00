/* The optimizers: a file and a row each. */
#ifndef RNN_OPTIMIZERS_TABLE_H
#define RNN_OPTIMIZERS_TABLE_H

#define RNN_OPTIMIZERS(X)                                                      \
  X(sgd)                                                                       \
  X(adagrad)                                                                   \
  X(rmsprop)                                                                   \
  X(adam)

enum {
#define X(name) RNN_OPTIMIZER_##name,
  RNN_OPTIMIZERS(X)
#undef X
};

#endif
