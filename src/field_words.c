/* What fields.h says to people. The WebAssembly module leaves it out: its
 * JavaScript has these words from the build. */
#include "rnn.h"

static const rnn_field_words words[] = {
#define X(kind, name, initial, minimum, maximum, unit, group, live, choices,   \
          help)                                                                \
  {unit, group, help},
    RNN_FIELDS(X)
#undef X
};

const rnn_field_words *rnn_field_words_at(int index) {
  return &words[index];
}
