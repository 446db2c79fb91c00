/** How training goes on, in few numbers. */

const RATE_WINDOW = 2000 // ms over which characters per second are told

/**
 * At most `most` pairs: neighbours share a mean, at the last iteration among them.
 * @param {number[]} pairs
 * @param {number} most
 */
export function thin(pairs, most) {
  const count = pairs.length / 2
  if (count <= most) return Float64Array.from(pairs)
  const thinned = new Float64Array(2 * most)
  for (let i = 0; i < most; i++) {
    const from = Math.floor(i * count / most)
    const to = Math.floor((i + 1) * count / most)
    let sum = 0
    for (let j = from; j < to; j++) sum += pairs[2 * j + 1]
    thinned[2 * i] = pairs[2 * to - 2]
    thinned[2 * i + 1] = sum / (to - from)
  }
  return thinned
}

/** How many symbols are read in a second. */
export class Rate {
  /** Recent times and symbols read until then. @type {{ at: number, symbols: number }[]} */
  #recent = []

  /** @param {number} symbols read until now */
  after(symbols) {
    const at = performance.now()
    const gap = at - (this.#recent.at(-1)?.at ?? at)
    if (gap > RATE_WINDOW / 2) this.#recent = []
    this.#recent.push({ at, symbols })
    while (this.#recent.length > 2 && at - this.#recent[0].at > RATE_WINDOW) this.#recent.shift()
    const first = this.#recent[0]
    return at > first.at ? (symbols - first.symbols) / (at - first.at) * 1000 : 0
  }
}
