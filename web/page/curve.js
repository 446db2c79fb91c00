/** The loss over all of training in at most 2,000 points: when they run out, neighbours are merged into their mean. */

const MOST = 2000

/**
 * @typedef {{ iterations: readonly number[], losses: readonly number[], seconds: readonly number[], each: number }} Curve
 *   seconds: spent training until then; each: updates per point, roughly
 */

/** @type {Curve} */
export const emptyCurve = { iterations: [], losses: [], seconds: [], each: 0 }

/**
 * What was learned from an earlier iteration takes the place of what was there.
 * @param {Curve} curve
 * @param {ArrayLike<number>} pairs  iteration, loss, iteration, loss, …
 * @param {number} now  seconds spent training
 * @returns {Curve}
 */
export function extendCurve(curve, pairs, now) {
  const kept = countBefore(curve, pairs[0])
  const iterations = curve.iterations.slice(0, kept)
  const losses = curve.losses.slice(0, kept)
  const seconds = curve.seconds.slice(0, kept)
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    if (curve.each && pairs[i] - (iterations.at(-1) ?? -Infinity) < curve.each && i + 3 < pairs.length) continue
    iterations.push(pairs[i])
    losses.push(pairs[i + 1])
    seconds.push(now)
  }
  return iterations.length > MOST ? halved(iterations, losses, seconds) : { iterations, losses, seconds, each: curve.each }
}

/** How many points lie before an iteration. @param {Curve} curve @param {number} iteration */
export function countBefore({ iterations }, iteration) {
  let [low, high] = [0, iterations.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (iterations[middle] < iteration) low = middle + 1
    else high = middle
  }
  return low
}

/** Spent training until an iteration. @param {Curve} curve @param {number} iteration */
export function secondsAt(curve, iteration) {
  return curve.seconds[countBefore(curve, iteration + 1) - 1] ?? 0
}

/** @param {number[]} iterations @param {number[]} losses @param {number[]} seconds @returns {Curve} */
function halved(iterations, losses, seconds) {
  /** @type {number[]} */
  const x = [iterations[0]]
  /** @type {number[]} */
  const y = [losses[0]]
  /** @type {number[]} */
  const s = [seconds[0]]
  for (let i = 1; i + 1 < iterations.length; i += 2) {
    x.push(iterations[i + 1])
    y.push((losses[i] + losses[i + 1]) / 2)
    s.push(seconds[i + 1])
  }
  return { iterations: x, losses: y, seconds: s, each: ((x.at(-1) ?? 1) - x[0]) / x.length }
}

/** The iteration at the right end of the axis: 200, 500, 1,000, 2,000, … @param {number} iteration */
export function extentFor(iteration) {
  let extent = 200
  for (let k = 0; extent < iteration; k++) extent *= k % 3 === 0 ? 2.5 : 2
  return extent
}
