/** The order of a heat map's rows: by number, or by what the neurons did along the letters that are seen. */
import { english } from '../../../language/index.js'

export const ORDERS = english({ number: 'number', mean: 'mean value', change: 'how much they vary', similar: 'likeness' })

/**
 * @param {string} by
 * @param {ArrayLike<number>} data  (T, H)
 * @param {number} H
 * @returns {number[]} neurons, from the first row on; where they are equal, by number
 */
export function orderOf(by, data, H) {
  const all = Array.from({ length: H }, (_, i) => i)
  const T = data.length / H
  if (by === 'number' || T < 1) return all
  const means = all.map((i) => meanOf(T, (t) => data[t * H + i]))
  if (by === 'similar') return chain(data, T, H, means)
  const rank = by === 'mean' ? means : means.map((mean, i) => meanOf(T, (t) => (data[t * H + i] - mean) ** 2))
  return all.sort((a, b) => rank[b] - rank[a] || a - b)
}

/** @param {number} n @param {(t: number) => number} at */
function meanOf(n, at) {
  let sum = 0
  for (let t = 0; t < n; t++) sum += at(t)
  return sum / n
}

/**
 * From the neuron with the highest mean on, each time the one of the rest that differs least from the last: by the sum of squares.
 * @param {ArrayLike<number>} data @param {number} T @param {number} H @param {readonly number[]} means
 */
function chain(data, T, H, means) {
  const rest = new Set(means.keys())
  let last = means.indexOf(Math.max(...means))
  const order = []
  for (;;) {
    rest.delete(last)
    order.push(last)
    if (rest.size === 0) return order
    let [nearest, least] = [-1, Infinity]
    for (const i of rest) {
      let distance = 0
      for (let t = 0; t < T && distance < least; t++) distance += (data[t * H + i] - data[t * H + last]) ** 2
      if (distance < least) [nearest, least] = [i, distance]
    }
    // Where nothing can be compared, the next in number.
    last = nearest < 0 ? /** @type {number} */ (rest.values().next().value) : nearest
  }
}
