/* Vectors of doubles, for what looks into matrices. */
#ifndef VECTORS_H
#define VECTORS_H

#include <stddef.h>

/* Σ x·y, in four sums, none of which waits for another. */
double rnn_dot(const double *x, const double *y, size_t n);

/* to += factor · x */
void rnn_add_scaled(double *to, double factor, const double *x, size_t n);

#endif
