/* The recurrent cells: a file and a row each. */
#ifndef RNN_CELLS_TABLE_H
#define RNN_CELLS_TABLE_H

#define RNN_CELLS(X)                                                           \
  X(vanilla)                                                                   \
  X(lstm)                                                                      \
  X(gru)                                                                       \
  X(mingru)                                                                    \
  X(minlstm)

enum {
#define X(name) RNN_CELL_##name,
  RNN_CELLS(X)
#undef X
};

#endif
