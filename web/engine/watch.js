/** What units say along a text, and what follows from it: the work behind diagnostics.js. A text of any length is read in pieces. */
import { checkIndices, RnnError } from './errors.js'

/** @typedef {import('./probe.js').Inside} Inside */
/** @typedef {import('./model.js').Tensor} Tensor */
/** @typedef {{ gate: string, mean: Float64Array, below: Float64Array, above: Float64Array }} GateStatistics  (H); shares of the text */
/** @typedef {{ unit: number, feature: string, correlation: number }} Correlation */

const PIECE = 2048

/**
 * Reads a text from zero state. `use` is told the numbers of each piece, (length, parts, H), and where the piece begins.
 * @param {Inside} inside
 * @param {ArrayLike<number>} text
 * @param {{ layer: number, parts: string, end?: number }} what  parts: letters, each h, c or a gate
 * @param {(values: Float32Array, from: number, length: number) => void} use
 */
function read({ memory, block, config }, text, { layer, parts, end = text.length }, use) {
  const { exports } = memory
  const numbers = parts.length * Number(config.hidden)
  checkIndices({ layer })
  memory.borrow([exports.stream_size(block, 1), 4 * PIECE, parts.length + 1, 4 * PIECE * numbers], (room, symbols, partsAt, values) => {
    const stream = exports.stream_init(room, block, 1)
    memory.writeBytes(partsAt, [...parts, '\0'].map((letter) => letter.charCodeAt(0)))
    for (let from = 0; from < end; from += PIECE) {
      const length = Math.min(PIECE, end - from)
      memory.writeIntegers(symbols, Array.prototype.slice.call(text, from, from + length))
      memory.check(exports.watch(stream, symbols, length, layer, partsAt, values))
      use(memory.floats(values, length * numbers), from, length)
    }
  })
}

/**
 * @param {Inside} inside
 * @param {ArrayLike<number>} text
 * @param {{ layer?: number, state?: string, from?: number, to?: number }} options
 * @returns {Tensor}
 */
export function activations(inside, text, { layer = 0, state = 'h', from = 0, to = text.length }) {
  const H = Number(inside.config.hidden)
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= text.length)) throw new RnnError('invalid-text', `symbols ${from} … ${to} are outside a text of ${text.length}`)
  if (state.length !== 1) throw new RnnError('invalid-config', `state is one letter, not "${state}"`)
  const data = new Float32Array((to - from) * H)
  read(inside, text, { layer, parts: state, end: to }, (values, first, length) => {
    const skipped = Math.max(0, Math.min(length, from - first))
    data.set(values.subarray(skipped * H), (first + skipped - from) * H)
  })
  return { shape: [to - from, H], data }
}

/**
 * @param {Inside} inside
 * @param {ArrayLike<number>} text
 * @param {{ layer?: number, below?: number, above?: number }} options
 * @returns {GateStatistics[]}
 */
export function gateStatistics(inside, text, { layer = 0, below = 0.1, above = 0.9 }) {
  const { memory, block, config } = inside
  const H = Number(config.hidden)
  const gates = memory.text(memory.exports.gate_names(block))
  if (!gates) throw new RnnError('invalid-config', `the ${config.cell} cell has no gates`)
  if (text.length === 0) throw new RnnError('invalid-text', 'the text is empty')
  const told = Array.from(gates, (gate) => ({ gate, mean: new Float64Array(H), below: new Float64Array(H), above: new Float64Array(H) }))
  read(inside, text, { layer, parts: gates }, (values) => {
    values.forEach((value, i) => {
      const unit = i % H
      const one = told[Math.floor(i / H) % gates.length]
      one.mean[unit] += value / text.length
      if (value < below) one.below[unit] += 1 / text.length
      if (value > above) one.above[unit] += 1 / text.length
    })
  })
  return told
}

/**
 * @param {Inside} inside
 * @param {ArrayLike<number>} text
 * @param {Readonly<Record<string, ArrayLike<number>>>} features
 * @param {{ layer?: number, state?: string }} options
 * @returns {Correlation[]}
 */
export function correlations(inside, text, features, { layer = 0, state = 'h' }) {
  const H = Number(inside.config.hidden)
  const n = text.length
  for (const [name, values] of Object.entries(features)) {
    if (values.length !== n) throw new RnnError('invalid-text', `${name} has ${values.length} numbers, the text ${n} symbols`)
  }
  if (state.length !== 1) throw new RnnError('invalid-config', `state is one letter, not "${state}"`)
  // Less the first value of each, so that what is constant has a variance of exactly 0.
  const first = new Float64Array(H)
  const [sums, squares] = [new Float64Array(H), new Float64Array(H)]
  const kept = Object.entries(features).map(([name, values]) => ({ name, values, sum: 0, square: 0, products: new Float64Array(H) }))
  read(inside, text, { layer, parts: state }, (values, from, length) => {
    if (from === 0) first.set(values.subarray(0, H))
    for (let i = 0; i < length; i++) {
      for (let u = 0; u < H; u++) {
        const h = values[i * H + u] - first[u]
        sums[u] += h
        squares[u] += h * h
      }
      for (const feature of kept) {
        const f = feature.values[from + i] - feature.values[0]
        feature.sum += f
        feature.square += f * f
        for (let u = 0; f !== 0 && u < H; u++) feature.products[u] += f * (values[i * H + u] - first[u])
      }
    }
  })
  return kept.flatMap(({ name, sum, square, products }) => Array.from(products, (product, unit) => {
    const spread = Math.sqrt((n * square - sum * sum) * (n * squares[unit] - sums[unit] * sums[unit]))
    return { unit, feature: name, correlation: spread > 0 ? (n * product - sum * sums[unit]) / spread : 0 }
  })).sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation))
}
