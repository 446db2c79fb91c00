/* All memory behind the stack and the data is cut into pieces that lie side by
 * side, each with its size in a line before it. There are some tens of them, so
 * the first that fits is found by walking; free neighbours join on the way.
 * Emscripten's smallest allocator is six times as large. */
#include <stdint.h>

#include "arena.h"
#include "memory.h"

enum { LINE = RNN_ALIGNMENT, PAGE = 65536, MOST_PAGES = 65535 };

typedef struct {
  size_t size; /* with this line */
  int taken;
} piece;

extern unsigned char __heap_base;

static uintptr_t end; /* of the last piece; 0: there is none yet */

static uintptr_t first(void) {
  return ((uintptr_t)&__heap_base + LINE - 1) & ~(uintptr_t)(LINE - 1);
}

static void join_free(piece *at) {
  for (;;) {
    piece *next = (piece *)((uintptr_t)at + at->size);
    if ((uintptr_t)next == end || next->taken) return;
    at->size += next->size;
  }
}

static void *find(size_t size) {
  for (uintptr_t at = first(); at < end; at += ((piece *)at)->size) {
    piece *p = (piece *)at;
    if (p->taken) continue;
    join_free(p);
    if (p->size < size) continue;
    if (p->size > size) *(piece *)(at + size) = (piece){.size = p->size - size};
    *p = (piece){size, 1};
    return (void *)(at + LINE);
  }
  return NULL;
}

/* One more piece: what memory there is at first, later what it grows by. */
static int grow(size_t size) {
  size_t pages = end ? size / PAGE + 1 : 0;
  uintptr_t from = end ? end : first();
  if (__builtin_wasm_memory_size(0) + pages > MOST_PAGES ||
      __builtin_wasm_memory_grow(0, pages) == SIZE_MAX)
    return 0;
  end = __builtin_wasm_memory_size(0) * PAGE;
  if (from < end) *(piece *)from = (piece){.size = end - from};
  return 1;
}

void *rnn_memory_take(size_t bytes) {
  size_t size = ((bytes + LINE - 1) & ~(size_t)(LINE - 1)) + LINE;
  void *block;
  while (!(block = find(size)))
    if (!grow(size)) return NULL;
  return block;
}

void rnn_memory_give_back(void *block) {
  if (block) ((piece *)((uintptr_t)block - LINE))->taken = 0;
}
