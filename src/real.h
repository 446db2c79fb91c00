/* The number that everything is computed in: float. With -DRNN_REAL_DOUBLE the
 * same sources compute in double, for gradient checks, where the 1e-7 of a
 * float would hide bugs. */
#ifndef RNN_REAL_H
#define RNN_REAL_H

#include <stddef.h>
#include <stdint.h>

#ifdef RNN_REAL_DOUBLE
typedef double real;
#else
typedef float real;
#endif

#endif
