/** A part of a parameter, thinned where it is large, so that a picture of it is cheap to tell. */
import { RnnError } from './errors.js'

/**
 * Some rows and columns, all of them unless told; a vector is one column. A side of more than `most` is thinned: neighbours
 * become one, which is told as the value among them that is farthest from zero, with its own gradient.
 * @typedef {{ row?: number, rows?: number, column?: number, columns?: number, most?: number }} Region
 */
/**
 * @typedef {object} Told
 * @property {[rows: number, columns: number]} shape    of what is told
 * @property {[rows: number, columns: number]} each     neighbours in one
 * @property {Float32Array} values       row-major
 * @property {Float32Array} gradients    of the last window that was learned from; zero where none was yet
 * @property {Uint32Array} counts        how many values of the whole region lie in each of equal parts of −limit … limit
 * @property {number} limit              the largest distance from zero
 */

const MOST = 128
const PARTS = 41

/** @param {string} what  @param {number} from  @param {number} length  @param {number} size */
function checkSpan(what, from, length, size) {
  if (Number.isInteger(from) && Number.isInteger(length) && from >= 0 && length >= 1 && from + length <= size) return
  throw new RnnError('invalid-config', `there are ${size} ${what}, not ${length} from ${from} on`)
}

/**
 * @param {import('./model.js').Model} model
 * @param {string} name
 * @param {Region} region
 * @returns {Told}
 */
export function regionOf(model, name, { row = 0, column = 0, most = MOST, ...asked }) {
  const all = { values: model.getParameter(name), gradients: model.getGradient(name) }
  const [height, width = 1] = model.parameters.find((one) => one.name === name)?.shape ?? []
  const { rows = height - row, columns = width - column } = asked
  checkSpan('rows', row, rows, height)
  checkSpan('columns', column, columns, width)
  if (!Number.isInteger(most) || most < 1) throw new RnnError('invalid-config', `${most} rows and columns cannot be told`)
  const each = /** @type {[number, number]} */ ([Math.ceil(rows / most), Math.ceil(columns / most)])
  const shape = /** @type {[number, number]} */ ([Math.ceil(rows / each[0]), Math.ceil(columns / each[1])])
  const values = new Float32Array(shape[0] * shape[1])
  const gradients = new Float32Array(values.length)
  const limit = largestOf(all.values, row, rows, column, columns, width)
  const counts = new Uint32Array(PARTS)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const from = (row + i) * width + column + j
      const to = Math.floor(i / each[0]) * shape[1] + Math.floor(j / each[1])
      const value = all.values[from]
      if (limit > 0) counts[Math.min(PARTS - 1, Math.floor((value / limit + 1) / 2 * PARTS))]++
      if ((i % each[0] || j % each[1]) && Math.abs(value) <= Math.abs(values[to])) continue
      values[to] = value
      gradients[to] = all.gradients[from]
    }
  }
  return { shape, each, values, gradients, counts, limit }
}

/**
 * @param {Float32Array} values  @param {number} row  @param {number} rows  @param {number} column  @param {number} columns
 * @param {number} width  of all rows
 */
function largestOf(values, row, rows, column, columns, width) {
  let largest = 0
  for (let i = row; i < row + rows; i++) {
    for (let j = column; j < column + columns; j++) largest = Math.max(largest, Math.abs(values[i * width + j]))
  }
  return largest
}
