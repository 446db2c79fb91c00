/* Doubles as decimal text and back, exactly.
 *
 * The C library could, but it does so in 128-bit floating point, which is a
 * fifth of a WebAssembly module. */
#ifndef RNN_DECIMAL_H
#define RNN_DECIMAL_H

#include <stddef.h>

enum { RNN_DECIMAL_TEXT = 32 }; /* bytes that any number fits, with its end */

/* As printf's %.{digits}g, 1 ≤ digits ≤ 17: rounded to the nearest, ties to
 * even. 17 digits tell every double apart. Returns the length. */
size_t rnn_decimal_write(char text[RNN_DECIMAL_TEXT], double x, int digits);

/* The double nearest to a number such as -12.5e-3, ties to even. 0 where the
 * text is anything else or longer than 31 characters. */
int rnn_decimal_read(const char *text, size_t length, double *x);

#endif
