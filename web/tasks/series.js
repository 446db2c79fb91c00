/** A series of measurements: windows of it are learned from, and what comes after all of them is held out. */
import { RnnError } from '../engine/errors.js'
import { after, measureForecast, showForecast } from './forecast.js'
import { below } from './random.js'
import { readRows, wrongLine } from './rows.js'
import { integer, real } from './task.js'

/** @typedef {import('./task.js').Task} Task */
/** @typedef {import('./task.js').TaskField} TaskField */
/** @typedef {import('./task.js').Values} Values */
/** @typedef {readonly (readonly number[])[]} Series  numbers of each time */

export const SERIES_FIELDS = [
  integer('length', 50, 2, 2000, 'Steps in a window.'),
  integer('lead', 20, 0, 1999, 'Steps of a window that are read before answers count.'),
  integer('horizon', 6, 1, 1000, 'Steps from a number to the one that is asked.'),
  real('share', 0.25, 0.01, 0.9, 'Share of the series, at its end, that is held out.'),
]

/** Of each column: its mean, and the standard deviation unless that is 0. @param {Series} series */
const momentsOf = (series) => series[0].map((_, column) => {
  const mean = series.reduce((sum, row) => sum + row[column], 0) / series.length
  const variance = series.reduce((sum, row) => sum + (row[column] - mean) ** 2, 0) / series.length
  return { mean, deviation: Math.sqrt(variance) || 1 }
})

/** @param {Series} series  @param {ReturnType<typeof momentsOf>} moments  @returns {Series} */
function scaled(series, moments) {
  if (series[0].length !== moments.length) throw new RnnError('invalid-text', `the model reads ${moments.length} columns, and the data has ${series[0].length}`)
  return series.map((row) => row.map((value, column) => (value - moments[column].mean) / moments[column].deviation))
}

/** As a model was saved with them. @param {unknown} encoding  @returns {ReturnType<typeof momentsOf>} */
function columnsOf(encoding) {
  const { columns } = /** @type {{ columns?: unknown }} */ (encoding ?? {})
  const whole = Array.isArray(columns) && columns.length > 0 && columns.every((one) => Number.isFinite(one?.mean) && one.deviation > 0)
  if (!whole) throw new RnnError('bad-checkpoint', 'what the model says of its columns cannot be read')
  return columns
}

/** @param {Series} series  @param {Values} values */
function prepare(series, { length, lead, horizon, share }) {
  if (lead >= length) throw new RnnError('invalid-config', `lead ${lead} leaves nothing to count of length ${length}`)
  const count = series.length - Math.round(share * series.length)
  const reach = length + horizon // rows of a window with its answers
  const [training, held] = [count - reach + 1, Math.floor((series.length - count - horizon) / length)]
  if (training < 1 || held < 1) {
    const parts = `${count} to learn from and ${series.length - count} held out`
    throw new RnnError('invalid-text', `a series of ${series.length}, ${parts}, has no room in both for windows of ${length} and answers ${horizon} later`)
  }
  const moments = momentsOf(series.slice(0, count))
  const rows = scaled(series, moments)
  return { rows, moments, count, training, held }
}

/** @param {Series} rows  @param {readonly number[]} starts  @param {Values} values */
function windows(rows, starts, { length, lead, horizon }) {
  /** @param {number} later */
  const numbers = (later) => Float32Array.from(starts.flatMap((start) => rows.slice(start + later, start + later + length).flat()))
  return { batch: starts.length, steps: length, vectors: numbers(0), values: numbers(horizon), mask: after(starts.length, length, lead), fresh: true }
}

/** @param {string} text of a file all of whose columns are numbers  @returns {Series} */
export function readSeries(text) {
  const { header, rows } = readRows(text)
  return rows.map(({ line, cells }) => cells.map((cell, column) => {
    const value = cell.trim() ? Number(cell) : NaN
    if (!Number.isFinite(value)) throw wrongLine(line, `has "${cell}" in the column ${header[column]}, where a number should be`)
    return value
  }))
}

/**
 * A task of what comes later in a series.
 * @param {Pick<Task, 'name' | 'label' | 'goal'>} row
 * @param {(values: Values) => Series} make
 * @param {readonly TaskField[]} [fields] that it is made by
 * @returns {Task}
 */
export function forecasting(row, make, fields = []) {
  /** @type {{ key: string, prepared: ReturnType<typeof prepare> } | undefined} */
  let last
  /** @param {Values} values */
  const prepared = (values) => {
    const key = JSON.stringify(values)
    if (last?.key !== key) last = { key, prepared: prepare(make(values), values) }
    return last.prepared
  }
  return {
    ...row, shape: 'aligned', roles: ['series'], fields: [...fields, ...SERIES_FIELDS],
    config(values) {
      const [{ length: columns }] = prepared(values).rows
      return {
        input: 'vector', inputSize: columns, outputs: columns, loss: 'squared', pool: 'each', steps: values.length,
        cell: 'gru', hidden: 32, batch: 32, learningRate: 0.005, clip: 'norm', clipAt: 1,
      }
    },
    sample(random, count, values) {
      const { rows, training } = prepared(values)
      return windows(rows, Array.from({ length: count }, () => below(random, training)), values)
    },
    held(values) {
      const { rows, count, held } = prepared(values)
      return windows(rows, Array.from({ length: held }, (_, i) => count + i * values.length), values)
    },
    metrics: measureForecast,
    show: (model, batch, { horizon }) => showForecast(model, batch, horizon),
    counts(values) {
      const { rows, count } = prepared(values)
      return { examples: count, heldOut: rows.length - count, columns: rows[0].length }
    },
    encoding: (values) => ({ columns: prepared(values).moments }),
    examine(text, encoding, values) {
      const { length, horizon } = values
      const rows = scaled(readSeries(text), columnsOf(encoding))
      const count = Math.floor((rows.length - horizon) / length)
      if (count < 1) throw new RnnError('invalid-text', `a series of ${rows.length} has no room for a window of ${length} and answers ${horizon} later`)
      return windows(rows, Array.from({ length: count }, (_, i) => i * length), values)
    },
    goOn(_, length, values) {
      const { rows, count, moments } = prepared(values)
      return { known: rows.slice(0, count), truth: rows.slice(count, count + length), horizon: values.horizon, columns: moments }
    },
    goOnFrom(text, encoding, { horizon }) {
      const columns = columnsOf(encoding)
      return { known: scaled(readSeries(text), columns), truth: [], horizon, columns }
    },
    from(text) {
      const series = readSeries(text)
      return forecasting(row, () => series)
    },
  }
}
