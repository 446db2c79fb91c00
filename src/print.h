/* snprintf, as far as it is used here: %s %c %d %u %x %llu %llx %g, with
 * a width that zeros fill (%08x) and a precision (%.*s, %.9g). */
#ifndef RNN_PRINT_H
#define RNN_PRINT_H

#include <stdarg.h>
#include <stddef.h>

/* At most size − 1 bytes and a zero byte, size ≥ 1. Returns how many bytes were
 * written, without the zero byte. */
__attribute__((format(printf, 3, 4))) size_t rnn_print(char *to, size_t size,
                                                       const char *format, ...);

size_t rnn_vprint(char *to, size_t size, const char *format, va_list arguments);

#endif
