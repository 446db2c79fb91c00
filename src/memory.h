/* Blocks of WebAssembly memory, for JavaScript to keep models and batches in.
 * One thread asks for them all. */
#ifndef RNN_MEMORY_H
#define RNN_MEMORY_H

#include <stddef.h>

/* A block that begins at a multiple of RNN_ALIGNMENT; NULL: there is no room.
 */
void *rnn_memory_take(size_t bytes);

/* NULL is no block. */
void rnn_memory_give_back(void *block);

#endif
