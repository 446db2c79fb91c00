/* a ← a · x + y in 12 accumulators that do not wait for one another.
 *
 * A product and a sum take 3 or 4 cycles each, and processors begin two of both
 * in a cycle, so 12 chains keep them busy; with x and y they fill 14 of the 16
 * registers. The four rounds of an iteration hide the loop's own counting.
 *
 * x and y follow from the argument: were they known, compilers would write them
 * as constants into every operation, and engines load those from memory. */
#include "peak.h"

#include "lanes.h"

#define EACH(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11)
#define BEGIN(i) lanes a##i = splat(i);
#define TURN(i) a##i = a##i * x + y;
#define ADD(i) sum += a##i;

real rnn_peak(uint32_t iterations) {
  lanes x = splat((real)0.5 + (real)iterations * (real)1e-9);
  lanes y = splat((real)0.25 + (real)iterations * (real)1e-9);
  lanes sum = splat(0);
  EACH(BEGIN)
  for (uint32_t n = 0; n < iterations; n++) {
    EACH(TURN) EACH(TURN) EACH(TURN) EACH(TURN)
  }
  EACH(ADD)
  return sum_of_lanes(sum);
}
