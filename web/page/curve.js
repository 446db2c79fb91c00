/** The loss over all of training in at most 2,000 points: when they run out, neighbours are merged into their mean. */

const MOST = 2000

/** @typedef {{ iterations: readonly number[], losses: readonly number[], each: number }} Curve  each: updates per point, roughly */

/** @type {Curve} */
export const emptyCurve = { iterations: [], losses: [], each: 0 }

/**
 * What was learned from an earlier iteration takes the place of what was there.
 * @param {Curve} curve
 * @param {ArrayLike<number>} pairs  iteration, loss, iteration, loss, …
 * @returns {Curve}
 */
export function extendCurve(curve, pairs) {
  const kept = countBefore(curve, pairs[0])
  const iterations = curve.iterations.slice(0, kept)
  const losses = curve.losses.slice(0, kept)
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    if (curve.each && pairs[i] - (iterations.at(-1) ?? -Infinity) < curve.each && i + 3 < pairs.length) continue
    iterations.push(pairs[i])
    losses.push(pairs[i + 1])
  }
  return iterations.length > MOST ? halved(iterations, losses) : { iterations, losses, each: curve.each }
}

/** How many points lie before an iteration. @param {Curve} curve @param {number} iteration */
function countBefore({ iterations }, iteration) {
  let [low, high] = [0, iterations.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (iterations[middle] < iteration) low = middle + 1
    else high = middle
  }
  return low
}

/** The loss of the point at an iteration, or of the next. @param {Curve} curve @param {number} iteration */
export function lossAt(curve, iteration) {
  return curve.losses[Math.min(countBefore(curve, iteration), curve.losses.length - 1)] ?? NaN
}

/** @param {number[]} iterations @param {number[]} losses @returns {Curve} */
function halved(iterations, losses) {
  /** @type {number[]} */
  const x = [iterations[0]]
  /** @type {number[]} */
  const y = [losses[0]]
  for (let i = 1; i + 1 < iterations.length; i += 2) {
    x.push(iterations[i + 1])
    y.push((losses[i] + losses[i + 1]) / 2)
  }
  return { iterations: x, losses: y, each: ((x.at(-1) ?? 1) - x[0]) / x.length }
}

/** The iteration at the right end of the axis: 200, 500, 1,000, 2,000, … @param {number} iteration */
export function extentFor(iteration) {
  let extent = 200
  for (let k = 0; extent < iteration; k++) extent *= k % 3 === 0 ? 2.5 : 2
  return extent
}
