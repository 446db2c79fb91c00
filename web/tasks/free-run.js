/** A series that goes on by what is said of it, for any length. */
import { RnnError } from '../engine/errors.js'
import { outputsOf } from './answers.js'

/** @typedef {import('./task.js').Model} Model */
/** @typedef {readonly (readonly number[])[]} Rows  numbers of each time */

/**
 * Of each time after those that are known, what the model says of it `horizon` steps before; then that is known as well. What it
 * reads is as much of what is known as it has steps for, each time from zero state.
 * @param {Model} model
 * @param {Rows} known
 * @param {number} count
 * @param {number} horizon
 * @returns {Generator<number[], void, void>}
 */
export function* freeRun(model, known, count, horizon) {
  const [size, most] = [Number(model.config.outputs), Number(model.config.steps)]
  if (known.length < horizon) throw new RnnError('invalid-text', `a series of ${known.length} is too short to go on from, ${horizon} steps ahead`)
  if (known.some((row) => row.length !== size)) throw new RnnError('invalid-text', `the model reads ${size} numbers at a time, and the series has ${known[0].length}`)
  let rows = known.slice(-(most + horizon - 1))
  for (let i = 0; i < count; i++) {
    const read = rows.slice(0, rows.length - horizon + 1).slice(-most)
    const vectors = Float32Array.from(read.flat())
    const said = outputsOf(model, { batch: 1, steps: read.length, vectors, values: vectors, fresh: true })
    const next = Array.from(said.subarray(said.length - size))
    yield next
    rows = [...rows, next].slice(-(most + horizon - 1))
  }
}
