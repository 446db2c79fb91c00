/** Layer normalisation within a cell (src/layer_norm.h), with the numbers of a trace. What is normalised together is worked out here. */
import { numbersRead } from './below.js'

/** @typedef {import('./place.js').Place} Place */

const EPSILON = 1e-5

/** Whether the cell normalises. @param {Place} place */
export const normalises = ({ config }) => Boolean(config.layerNorm)

/** @param {Place} place @param {'ih' | 'hh' | 'c'} part */
export const gainOf = ({ matrix }, part) => `${matrix(`norm_${part}`)}.weight`

/** @param {Float64Array} x @returns {number} */
const meanOf = (x) => x.reduce((sum, value) => sum + value, 0) / x.length

/** x̂, and 1 ÷ √(σ² + ε). @param {Float64Array} x */
function standardise(x) {
  const mean = meanOf(x)
  const apart = x.map((value) => value - mean)
  const inverse = 1 / Math.sqrt(meanOf(apart.map((value) => value * value)) + EPSILON)
  return { x: apart.map((value) => value * inverse), inverse }
}

/** What gate g gets through a matrix, of all units. @param {Place} place @param {'ih' | 'hh'} part @param {number} g */
function projected(place, part, g) {
  const { H, config, numbers, matrix, row, step, reverse } = place
  const weights = numbers(matrix(`weight_${part}`))
  const resets = config.cell === 'gru' && config.reset === 'before' && g === 2
  const read = part === 'ih' ? numbersRead(place) : resets ? row({ name: 'reset_h' }) : row({ name: 'h', step: step + (reverse ? 1 : -1) })
  return Float64Array.from({ length: H }, (_, j) => {
    const first = (g * H + j) * read.length
    let sum = 0
    for (let k = 0; k < read.length; k++) sum += weights[first + k] * read[k]
    return sum
  })
}

/** x̂ of a gate, or of c. @param {Place} place @param {'ih' | 'hh' | 'c'} part @param {number} [g] */
export const standardised = (place, part, g = 0) => standardise(part === 'c' ? Float64Array.from(place.row({ name: 'c' })) : projected(place, part, g))

/**
 * The gradient of what is normalised, from that of what comes out: with d = γ∘dy, (d − mean(d) − x̂ mean(d∘x̂)) ÷ √(σ² + ε).
 * @param {Place} place @param {'ih' | 'hh' | 'c'} part @param {number} g @param {ArrayLike<number>} dy
 */
export function before(place, part, g, dy) {
  const { x, inverse } = standardised(place, part, g)
  const gain = place.numbers(gainOf(place, part)).subarray(g * place.H, (g + 1) * place.H)
  const d = Float64Array.from(dy, (value, j) => value * gain[j])
  const [mean, along] = [meanOf(d), meanOf(d.map((value, j) => value * x[j]))]
  return d.map((value, j) => (value - mean - x[j] * along) * inverse)
}
