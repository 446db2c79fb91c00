/** Gradients against differences of the loss: the work behind diagnostics.js. */
import { withBatch } from './batch.js'
import { RnnError } from './errors.js'

/** @typedef {import('./batch.js').Batch} Batch */
/** @typedef {import('./probe.js').Inside} Inside */
/** @typedef {{ name: string, index: number, analytic: number, numeric: number, uncertainty: number }} GradientSample */
/**
 * worst: the largest difference, relative to the largest gradient that was checked; agrees: no difference is beyond its
 * uncertainty.
 * @typedef {{ samples: GradientSample[], worst: number, agrees: boolean }} GradientCheck
 */

/** rnn_gradient_check of src/rnn.h, in bytes. */
const SIZE = 32

/**
 * @param {Inside} inside
 * @param {readonly string[]} names of parameters
 * @param {{ batch: Batch, samples?: number, seed?: number }} options
 * @returns {GradientCheck}
 */
export function checkGradients({ memory, block, config }, names, { batch, samples: count = 50, seed = 1 }) {
  if (!Number.isInteger(count) || count < 1) throw new RnnError('invalid-batch', `${count} samples cannot be checked`)
  const samples = withBatch(memory, config, batch, (at) => memory.borrow([SIZE * count], (to) => {
    memory.check(memory.exports.check_gradients(block, at, to, count, seed >>> 0))
    return Array.from({ length: count }, (_, i) => {
      const [parameter, index] = memory.integers(to + SIZE * i, 2)
      const [analytic, numeric, uncertainty] = memory.doubles(to + SIZE * i + 8, 3)
      return { name: names[parameter], index, analytic, numeric, uncertainty }
    })
  }))
  const off = (/** @type {GradientSample} */ { analytic, numeric }) => Math.abs(analytic - numeric)
  const largest = Math.max(...samples.map(({ analytic, numeric }) => Math.max(Math.abs(analytic), Math.abs(numeric))))
  return {
    samples,
    worst: largest > 0 ? Math.max(...samples.map(off)) / largest : 0,
    agrees: samples.every((sample) => off(sample) <= sample.uncertainty),
  }
}
