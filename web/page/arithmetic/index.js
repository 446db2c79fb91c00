/** The arithmetic that made a number: its terms, and what was done to their sum. All numbers are the core's. */
import { backward } from './backward.js'
import { forward } from './forward.js'
import { holdAt, placeOf, whereKnown } from './place.js'

/** @typedef {import('./place.js').Spot} Spot */
/** @typedef {import('./place.js').Sum} Sum */
/** @typedef {import('./place.js').Term} Term */
/** @typedef {import('./place.js').Frame} Frame */
/** @typedef {import('./place.js').Config} Config */

/** @type {Record<string, (sum: number) => number>} */
const FUNCTIONS = {
  '': (s) => s, tanh: Math.tanh, sigmoid: (s) => 1 / (1 + Math.exp(-s)), relu: (s) => Math.max(0, s), '−ln': (s) => -Math.log(s), square: (s) => s * s,
}

/** @param {Term} term */
export const productOf = ({ factors }) => factors.reduce((product, { value }) => product * value, 1)

/**
 * @param {Frame} frame
 * @param {Config} config
 * @param {Spot} spot
 * @returns {Sum | null} null for what comes from outside, and for what is not known
 */
export function explain(frame, config, spot) {
  const make = (spot.name.startsWith('d') ? backward : forward)(String(config.cell), spot.name)
  const inside = spot.step >= 0 && spot.step < frame.inputs.length
  if (!make || !(inside || spot.name === 'dh' || spot.name === 'dc')) return null
  return whereKnown(() => {
    const made = make(placeOf(frame, config, spot))
    if (!made) return null
    const { terms, after = '', share } = made
    const total = terms.reduce((sum, term) => sum + productOf(term), 0)
    const value = share === undefined ? FUNCTIONS[after](total) : share / total
    const held = heldAt(frame, spot)
    return { spot, terms, total, after: share === undefined ? after : 'share', value, ...(held !== null && { held }), gradient: spot.name.startsWith('d') }
  })
}

/** @param {Frame} frame @param {Spot} spot */
function heldAt(frame, spot) {
  if (!spot.name.startsWith('d')) return holdAt(frame, spot)?.value ?? null
  return spot.name.startsWith('da_') && holdAt(frame, { ...spot, name: spot.name.slice(3) }) ? 0 : null
}

/** The same place when the numbers run the other way: a state and its blame. @param {Spot} spot @param {'forward' | 'backward'} direction @returns {Spot} */
export function facing(spot, direction) {
  const { name } = spot
  const back = name.startsWith('d')
  if (back === (direction === 'backward') || ['p', 'loss', 'x', 'tanh_c'].includes(name)) return spot
  if (back) return { ...spot, name: name.replace(/^da_/, '').replace(/^d/, '') }
  return { ...spot, name: /^(h|c|a|logits|head_\d)$/.test(name) ? `d${name}` : `da_${name}` }
}

/**
 * Where the largest terms stand, and the bias: as many as fit, one place being left for what the others come to.
 * @param {readonly Term[]} terms
 * @param {number} most
 * @returns {readonly number[]}
 */
export function largestTerms(terms, most) {
  const places = [...terms.keys()]
  if (terms.length <= most) return places
  const rank = (/** @type {number} */ k) => (terms[k].bias ? Infinity : Math.abs(productOf(terms[k])))
  return places.sort((a, b) => rank(b) - rank(a)).slice(0, Math.max(1, most - 1)).sort((a, b) => a - b)
}
