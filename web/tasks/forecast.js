/** What tasks share whose answer is a number that comes later in the same series. */
import { measureNumbers, outputsOf, part } from './answers.js'

/** @typedef {import('./task.js').Model} Model */
/** @typedef {import('./task.js').Batch} Batch */

/** Beside the error, that of saying the last number again (persistence). @param {Model} model  @param {Batch} batch */
export const measureForecast = (model, batch) => ({
  ...measureNumbers(model, batch), persistence: measureNumbers(model, batch, batch.vectors).meanSquaredError,
})

/** Steps of a sequence that are read before answers count. @param {number} count  @param {number} steps  @param {number} lead */
export const after = (count, steps, lead) => Uint8Array.from({ length: count * steps }, (_, i) => Number(i % steps >= lead))

/** The end of the first sequence, and its answer. @param {Model} model  @param {Batch} batch  @param {number} horizon */
export function showForecast(model, batch, horizon) {
  const each = Number(model.config.outputs)
  const { vectors = [], values = [], steps } = batch
  /** @param {ArrayLike<number>} all  @param {number} from */
  const told = (all, from) => Array.from({ length: each }, (_, o) => all[from * each + o].toFixed(3)).join(' ')
  const last = Array.from({ length: Math.min(4, steps) }, (_, i) => told(vectors, steps - Math.min(4, steps) + i)).join(', ')
  const answer = outputsOf(model, part(batch, 0, 1))
  return `… ${last}, then ${horizon === 1 ? 'next' : `after ${horizon} steps`} ${told(values, steps - 1)}, and it says ${told(answer, steps - 1)}`
}
