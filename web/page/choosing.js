/** Which letters may come, by the rules of src/choice.c: what the model bets, sharpened, and what they leave of it. */

/** @typedef {import('../presets.js').Rules} Rules */

/** Rules that leave no letter out. */
export const FREE = { topK: 0, topP: 1, minP: 0, typicalP: 1 }
/** The least share of the bets that one can ask for: less is one letter all the same. */
export const LEAST_SHARE = 0.05

/** @param {readonly number[]} order @param {ArrayLike<number>} weights */
const sumOf = (order, weights) => order.reduce((sum, k) => sum + weights[k], 0)

/** The first that have this share of what all have. @param {number[]} order @param {ArrayLike<number>} weights @param {number} share */
function reach(order, weights, share) {
  if (!(share < 1)) return order
  const wanted = sumOf(order, weights) * share
  let passed = 0
  return order.slice(0, order.findIndex((k) => (passed += weights[k]) >= wanted) + 1 || order.length)
}

/** By how near their surprise is to its mean. @param {number[]} order @param {ArrayLike<number>} weights */
function typicalFirst(order, weights) {
  const whole = sumOf(order, weights)
  const surprise = (/** @type {number} */ k) => -Math.log(weights[k] / whole)
  const mean = order.reduce((sum, k) => sum + weights[k] / whole * surprise(k), 0)
  return [...order].sort((a, b) => Math.abs(surprise(a) - mean) - Math.abs(surprise(b) - mean) || a - b)
}

/**
 * @param {ArrayLike<number>} distribution  what the model bets
 * @param {Rules & { temperature: number }} rules
 * @returns {Float64Array} probabilities with which each letter comes; 0: never
 */
export function chances(distribution, rules) {
  const { temperature, topK, topP, minP, typicalP } = { ...FREE, ...rules }
  const bets = Float64Array.from(distribution)
  const weights = temperature === 0 ? bets : bets.map((p) => p ** (1 / temperature))
  const ranked = [...weights.keys()].filter((k) => weights[k] > 0).sort((a, b) => weights[b] - weights[a] || a - b)
  const first = ranked.slice(0, temperature === 0 ? 1 : topK || ranked.length)
  const likely = reach(first, weights, topP).filter((k) => weights[k] >= minP * weights[ranked[0]])
  const left = typicalP < 1 ? reach(typicalFirst(likely, weights), weights, typicalP) : likely
  const whole = sumOf(left, weights)
  const result = new Float64Array(weights.length)
  for (const k of left) result[k] = weights[k] / whole
  return result
}
