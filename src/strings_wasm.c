/* Some functions of the C library, for WebAssembly: short, since the strings
 * here are. The library's read many bytes at a time, and weigh four times as
 * much. */
#include <stdint.h>
#include <string.h>

/* Not to be taken for the functions that they are. */
#define OWN __attribute__((no_builtin))

OWN size_t strlen(const char *text) {
  size_t length = 0;
  while (text[length]) length++;
  return length;
}

OWN void *memchr(const void *bytes, int wanted, size_t count) {
  const unsigned char *at = bytes;
  for (; count--; at++)
    if (*at == (unsigned char)wanted) return (void *)(uintptr_t)at;
  return NULL;
}

OWN int memcmp(const void *a, const void *b, size_t count) {
  const unsigned char *one = a, *other = b;
  for (; count--; one++, other++)
    if (*one != *other) return *one - *other;
  return 0;
}

OWN char *strchr(const char *text, int wanted) {
  return memchr(text, wanted, strlen(text) + 1);
}
