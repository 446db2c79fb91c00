/**
 * What symbols mean to a network, as rows of numbers that can be compared: the rows of the embedding, or, where symbols are read
 * one-hot, the columns of W_ih of the first layer, of both directions where there are two. Of a
 * network with an encoder, those of the decoder.
 */
import { checkIndices, RnnError } from './errors.js'

/** @typedef {import('./model.js').Model} Model */
/** @typedef {{ count: number, size: number, values: Float64Array }} Rows  (count, size), row-major */
/** @typedef {{ symbol: number, count?: number, by?: 'cosine' | 'distance' }} Near */
/** @typedef {{ symbol: number, cosine: number, distance: number }} Neighbour  cosine: 0 where a row is all zeros */
/**
 * @typedef {object} Projection
 * @property {number} components
 * @property {Float64Array} coordinates  (V, components)
 * @property {Float64Array} axes         (components, E), orthonormal; the largest number of each is positive
 * @property {Float64Array} variances    of the coordinates: the mean of their squares
 * @property {Float64Array} shares       of the variance of all E numbers; 0 where all rows are the same
 */

/** How far an axis may be from being one, of the largest variance. */
const TOLERANCE = 1e-11
/** Directions among which axes are looked for at first. */
const FIRST = 16

/** @param {Float64Array} a  @param {Float64Array} b */
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0)

/** @param {Model} model  @returns {Rows} */
export function rowsOf(model) {
  const { input, inputSize, vocabulary } = model.config
  if (input === 'vector') throw new RnnError('invalid-config', 'this network reads numbers, and has no symbols to compare')
  const count = Number(vocabulary)
  if (input === 'embedding') return { count, size: Number(inputSize), values: Float64Array.from(model.getParameter(model.parameters.find(({ name }) => /^(decoder\.)?embedding\.weight$/.test(name))?.name ?? '')) }
  const matrices = model.parameters.filter(({ name }) => /^(decoder\.)?rnn\.weight_ih_l0(_reverse)?$/.test(name)).map(({ name }) => model.getParameter(name))
  const each = matrices[0].length / count
  const size = matrices.length * each
  const values = new Float64Array(count * size)
  matrices.forEach((matrix, part) => matrix.forEach((value, i) => { values[i % count * size + part * each + Math.floor(i / count)] = value }))
  return { count, size, values }
}

/**
 * @param {Model} model
 * @param {Near} options
 * @returns {Neighbour[]}
 */
export function neighbours(model, { symbol, count = 10, by = 'cosine' }) {
  const rows = rowsOf(model)
  checkIndices({ symbol, count })
  if (symbol >= rows.count) throw new RnnError('invalid-config', `there is no symbol ${symbol} among ${rows.count}`)
  if (by !== 'cosine' && by !== 'distance') throw new RnnError('invalid-config', `neighbours are told by cosine or by distance, not by ${by}`)
  const row = (/** @type {number} */ i) => rows.values.subarray(i * rows.size, (i + 1) * rows.size)
  const own = row(symbol)
  const length = Math.sqrt(dot(own, own))
  const all = Array.from({ length: rows.count }, (_, i) => {
    const other = row(i)
    const lengths = length * Math.sqrt(dot(other, other))
    const apart = other.map((value, j) => value - own[j])
    return { symbol: i, cosine: lengths > 0 ? dot(own, other) / lengths : 0, distance: Math.sqrt(dot(apart, apart)) }
  })
  all.splice(symbol, 1)
  return all.sort((a, b) => (by === 'cosine' ? b.cosine - a.cosine : a.distance - b.distance) || a.symbol - b.symbol).slice(0, count)
}

/** The last projection of a model, and the rows that it is of: while a network rests, one asks for the same again and again. @type {WeakMap<Model, { rows: Rows, told: Projection }>} */
const last = new WeakMap()

/**
 * @param {Model} model
 * @param {{ components?: number }} options
 * @returns {Projection}
 */
export function projection(model, { components = 2 }) {
  const rows = rowsOf(model)
  const known = last.get(model)
  const same = known?.told.components === components && known.rows.values.every((value, i) => value === rows.values[i])
  const told = same ? known.told : project(model, rows, components)
  last.set(model, { rows, told })
  return structuredClone(told)
}

/** Numbers that look random, the same each time. @param {number} length */
function someNumbers(length) {
  let state = 1
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}

/** @param {Model} model  @param {Rows} rows  @param {number} asked  @returns {Projection} */
function project({ inside: { memory } }, { count, size, values }, asked) {
  if (!Number.isInteger(asked) || asked < 1) throw new RnnError('invalid-config', `${asked} components cannot be told`)
  const components = Math.min(asked, size)
  const sizes = [count * size, components * size, components + 1, count * components]
  return memory.borrow(sizes.map((size) => 8 * size), (rows, axes, spread, coordinates) => {
    memory.writeDoubles(rows, values)
    memory.writeDoubles(axes, someNumbers(components * size))
    for (let most = Math.max(FIRST, components); ; most *= 2) {
      const among = Math.min(most, size)
      const off = memory.borrow([16 * among * size], (block) => memory.exports.principal_components(rows, count, size, components, among, block, axes, spread, coordinates))
      if (among === size || !(off > TOLERANCE * memory.doubles(spread, 1)[0])) break
    }
    const variances = memory.doubles(spread, components)
    const [total] = memory.doubles(spread + 8 * components, 1)
    return {
      components,
      coordinates: memory.doubles(coordinates, count * components),
      axes: memory.doubles(axes, components * size),
      variances,
      shares: variances.map((variance) => (total > 0 ? variance / total : 0)),
    }
  })
}
