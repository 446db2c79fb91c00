/**
 * Seeded random numbers, the same on every machine: sfc32 of PractRand (Doty-Humphrey 2010). Its state has 128 bits, so
 * that a seed has many streams, which do not meet.
 */

/** @typedef {() => number} Random  the next number, from 0 to below 1, a multiple of 2⁻³² */

/** @param {number} seed  @param {number} [stream]  @returns {Random} */
export function randomFrom(seed, stream = 0) {
  let [a, b, c, counter] = [seed | 0, stream | 0, 0, 1]
  const next = () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 15; i++) next()
  return next
}

/** A whole number from 0 to below n. @param {Random} random  @param {number} n */
export const below = (random, n) => Math.floor(random() * n)

/** @param {Random} random  @param {number} low  @param {number} high */
export const between = (random, low, high) => low + (high - low) * random()

/** In an order of its own (Fisher and Yates). @template T  @param {Random} random  @param {readonly T[]} list  @returns {T[]} */
export function shuffled(random, list) {
  const all = [...list]
  for (let i = all.length - 1; i > 0; i--) {
    const j = below(random, i + 1);
    [all[i], all[j]] = [all[j], all[i]]
  }
  return all
}
