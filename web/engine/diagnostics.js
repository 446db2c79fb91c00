/** Looking deeper into a model: what its weights do to a state, and what flows back through time. Models offer these. */
import { RnnError } from './errors.js'

/** @typedef {import('./memory.js').Memory} Memory */
/** @typedef {import('./memory.js').Pointer} Pointer */
/** @typedef {import('./fields.js').Config} Config */
/** @typedef {{ memory: Memory, block: Pointer, config: Config }} Inside  of a model */
/** @typedef {'forward' | 'reverse'} Direction */

/**
 * Largest modulus first, of a pair the upper one.
 * @typedef {{ real: Float64Array, imaginary: Float64Array, radius: number }} Eigenvalues  radius: the largest modulus
 */

/** @param {string} what  @param {unknown} value */
function checkIndex(what, value) {
  if (!Number.isInteger(value) || Number(value) < 0) throw new RnnError('invalid-config', `${what} ${value} is not a whole number from 0 on`)
}

/** @param {number} layer  @param {Direction} direction */
function strandOf(layer, direction) {
  checkIndex('layer', layer)
  if (direction !== 'forward' && direction !== 'reverse') throw new RnnError('invalid-config', `direction is forward or reverse, not "${direction}"`)
  return /** @type {const} */ ([layer, direction === 'reverse' ? 1 : 0])
}

/**
 * @param {Inside} inside
 * @param {{ layer?: number, gate?: string, direction?: Direction }} options
 * @returns {Eigenvalues}
 */
export function eigenvalues({ memory, block, config }, { layer = 0, gate = '', direction = 'forward' }) {
  const H = Number(config.hidden)
  const strand = strandOf(layer, direction)
  return memory.borrow([8 * (2 + H) * H], (numbers) => {
    memory.check(memory.exports.eigenvalues(block, ...strand, gate.length === 1 ? gate.charCodeAt(0) : 0, numbers))
    const [re, im] = [memory.doubles(numbers, H), memory.doubles(numbers + 8 * H, H)]
    const modulus = Float64Array.from(re, (x, i) => Math.hypot(x, im[i]))
    const order = Array.from(re, (_, i) => i).sort((i, j) => modulus[j] - modulus[i] || im[j] - im[i])
    return { real: Float64Array.from(order, (i) => re[i]), imaginary: Float64Array.from(order, (i) => im[i]), radius: modulus[order[0]] }
  })
}
