/* The peak: a ← a · x + y in 12 accumulators that do not wait for one another.
 * A product and a sum take 3 or 4 cycles each, and processors begin two of both
 * in a cycle, so 12 chains keep them busy; with x and y they fill 14 of the 16
 * registers. The two rounds of an iteration hide the loop's own counting.
 *
 * x and y follow from the argument: were they known, compilers would write them
 * as constants into every operation, and engines load those from memory. */
#include "peak.h"

#include "lanes.h"

#define EACH(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11)
#define BEGIN(i) lanes a##i = splat(i);
#define TURN(i) a##i = multiply_add(y, a##i, x);
#define ADD(i) sum += a##i;

real rnn_peak(uint32_t iterations) {
  lanes x = splat((real)0.5 + (real)iterations * (real)1e-9);
  lanes y = splat((real)0.25 + (real)iterations * (real)1e-9);
  lanes sum = splat(0);
  EACH(BEGIN)
  for (uint32_t n = 0; n < iterations; n++) {
    EACH(TURN) EACH(TURN)
  }
  EACH(ADD)
  return sum_of_lanes(sum);
}

#define SUM(p)                                                                 \
  ((load(p) + load(p + LANES)) + (load(p + 2 * LANES) + load(p + 3 * LANES)))

/* Four loads are added up before a total takes them, so that totals do not wait
 * for one another. A total for each load would fill the registers, and engines,
 * which load all that a turn needs at its beginning, would put some of it into
 * memory. Two places are read side by side, since processors fetch ahead of
 * both: beyond the first cache that is up to a fifth faster than one. */
real rnn_bandwidth(const real *block, size_t reals, uint32_t iterations) {
  lanes sum = splat(0), other = splat(0);
  const real *middle = block + reals / 2;
  for (uint32_t n = 0; n < iterations; n++)
    for (size_t i = 0; i < reals / 2; i += 4 * LANES) {
      sum += SUM(block + i);
      other += SUM(middle + i);
    }
  return sum_of_lanes(sum + other);
}
