/* One block of memory, handed out from its start.
 *
 * The same layout function walks an arena twice: with no base to measure, then
 * with the caller's block to carve. So sizes and pointers cannot disagree.
 * Sizes are 64 bits even where pointers have 32: a configuration that cannot
 * fit must be measured correctly to be refused. */
#ifndef RNN_ARENA_H
#define RNN_ARENA_H

#include <stddef.h>
#include <stdint.h>

#define RNN_ALIGNMENT 64 /* bytes; a cache line */

typedef struct {
  uintptr_t
      base; /* 0: only measure; then no address that is handed out is real */
  uint64_t used;
} rnn_arena;

/* The next `count` elements of `size` bytes, on a cache line of their own. */
static inline void *rnn_take(rnn_arena *arena, uint64_t count, size_t size) {
  void *start = (void *)(arena->base + (uintptr_t)arena->used);
  uint64_t bytes = count * size;
  arena->used += (bytes + RNN_ALIGNMENT - 1) & ~(uint64_t)(RNN_ALIGNMENT - 1);
  return start;
}

#define RNN_TAKE(arena, type, count)                                           \
  ((type *)rnn_take(arena, (uint64_t)(count), sizeof(type)))

#endif
