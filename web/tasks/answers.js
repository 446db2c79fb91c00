/** What a model says to a batch of any size, and how well it does. Only what is counted is looked at. */
import { accuracy, meanSquaredError, ofClass, ofClasses } from './metrics.js'

/** @typedef {import('./task.js').Batch} Batch */
/** @typedef {import('./task.js').Model} Model */

/** Some sequences of a batch. @param {Batch} batch  @param {number} from  @param {number} count  @returns {Batch} */
export function part(batch, from, count) {
  /** @template {ArrayLike<number> | undefined} A  @param {A} all */
  const cut = (all) => {
    if (!all) return undefined
    const each = all.length / batch.batch
    return Array.prototype.slice.call(all, from * each, (from + count) * each)
  }
  const { inputs, vectors, targets, values, mask, lengths, sources, sourceVectors, sourceLengths, sourceSteps } = batch
  const arrays = Object.entries({ inputs, vectors, targets, values, mask, lengths, sources, sourceVectors, sourceLengths }).filter(([, all]) => all).map(([name, all]) => [name, cut(all)])
  return { batch: count, steps: batch.steps, sourceSteps, fresh: true, ...Object.fromEntries(arrays) }
}

/** Rows of a matrix, each cut to its length. @param {ArrayLike<number>} all  @param {ArrayLike<number>} lengths  @returns {number[][]} */
export const rowsOf = (all, lengths) => Array.from(lengths, (length, b) => Array.prototype.slice.call(all, b * all.length / lengths.length, b * all.length / lengths.length + length))

/** What an encoder reads of each sequence: symbols, or the numbers of a vector. @param {Batch} batch */
export const sourcesOf = ({ batch, sources = [], sourceVectors, sourceLengths = [] }) =>
  sourceVectors ? rowsOf(sourceVectors, new Array(batch).fill(sourceVectors.length / batch)) : rowsOf(sources, sourceLengths)

/**
 * Of each row: R × O numbers, as many sequences at a time as the model takes.
 * @param {Model} model
 * @param {Batch} batch
 * @param {'logits' | 'p'} name  p are probabilities where the loss has them
 */
export function outputsOf(model, batch, name = 'logits') {
  const size = Number(model.config.batch)
  const outputs = Number(model.config.outputs) || Number(model.config.vocabulary)
  const rows = batch.batch * (model.config.pool === 'each' ? batch.steps : 1)
  const all = new Float32Array(rows * outputs)
  for (let from = 0; from < batch.batch; from += size) {
    const { mask: _, targets, ...piece } = part(batch, from, Math.min(size, batch.batch - from))
    // Something has to be counted for a trace, and need not be for an answer.
    const { data } = model.trace({ ...piece, ...(targets && { targets: Array.from(targets, (target) => Math.max(0, target)) }) }, { names: [name] }).get(name)
    all.set(data, from * all.length / batch.batch)
  }
  return all
}

/** The rows that count. @param {Batch} batch  @param {number} rows */
export function countedRows({ mask, targets }, rows) {
  return Array.from({ length: rows }, (_, row) => row).filter((row) => (!mask || mask[row]) && (!targets || targets[row] !== -1))
}

/** The mean loss of all that is counted, nats where answers are classes. @param {Model} model  @param {Batch} batch */
export function lossOf(model, batch) {
  const size = Number(model.config.batch)
  let [sum, count] = [0, 0]
  for (let from = 0; from < batch.batch; from += size) {
    const piece = part(batch, from, Math.min(size, batch.batch - from))
    const counted = countedRows(piece, piece.batch * (model.config.pool === 'each' ? piece.steps : 1)).length
    if (counted) sum += counted * model.forward(piece).loss
    count += counted
  }
  return sum / count
}

/** The likeliest class of each row. @param {Model} model  @param {Batch} batch  @returns {number[]} */
export function classesOf(model, batch) {
  const logits = outputsOf(model, batch)
  const outputs = Number(model.config.outputs) || Number(model.config.vocabulary)
  return Array.from({ length: logits.length / outputs }, (_, row) => {
    let best = 0
    for (let o = 1; o < outputs; o++) if (logits[row * outputs + o] > logits[row * outputs + best]) best = o
    return best
  })
}

/** Answers by class. @param {Model} model  @param {Batch} batch */
export function measureClasses(model, batch) {
  const classes = classesOf(model, batch)
  const rows = countedRows(batch, classes.length)
  const targets = /** @type {ArrayLike<number>} */ (batch.targets)
  return ofClasses(rows.map((row) => classes[row]), rows.map((row) => targets[row]), Number(model.config.outputs) || Number(model.config.vocabulary))
}

/** Yes where the logit is above 0, and no elsewhere. @param {Model} model  @param {Batch} batch */
export const flagsOf = (model, batch) => Array.from(outputsOf(model, batch), (logit) => Number(logit > 0))

/** Answers of yes and no: precision, recall and F1 are of yes. @param {Model} model  @param {Batch} batch */
export function measureFlags(model, batch) {
  const flags = flagsOf(model, batch)
  const rows = countedRows(batch, flags.length)
  const values = /** @type {ArrayLike<number>} */ (batch.values)
  const [answers, wanted] = [rows.map((row) => flags[row]), rows.map((row) => values[row])]
  return { accuracy: accuracy(answers, wanted), ...ofClass(answers, wanted, 1) }
}

/** Answers in numbers, each alone. @param {Model} model  @param {Batch} batch  @param {ArrayLike<number>} [answers] of someone else */
export function measureNumbers(model, batch, answers = outputsOf(model, batch)) {
  const values = /** @type {ArrayLike<number>} */ (batch.values)
  const each = Number(model.config.outputs)
  const rows = countedRows(batch, values.length / each)
  /** @param {ArrayLike<number>} all */
  const counted = (all) => rows.flatMap((row) => Array.from({ length: each }, (_, o) => all[row * each + o]))
  return { meanSquaredError: meanSquaredError(counted(answers), counted(values)) }
}
