/** What can be asked of a task's network beside one sequence: what it confuses, how a series goes on, which words are names, what it answers to a text of one's own, and what it writes to a point. */
import { RnnError } from '../engine/errors.js'
import { classesOf, countedRows, flagsOf, outputsOf } from './answers.js'
import { freeRun } from './free-run.js'
import { accuracy, ofClass, ofClasses } from './metrics.js'

/** @typedef {import('./task.js').Metrics} Metrics */
/** @typedef {import('./practice.js').Practice} Practice */
/** @typedef {{ wanted: number, said: number }} Cell  classes */
/** @typedef {{ sequence: number, step: number }} Example  sequence: its number for `batchAt`; step: of the answer, −1 where it comes once */
/**
 * counts: a row for each class that was wanted, a column for each that was said; examples: of the cell that was asked for;
 * classes: of each alone.
 * @typedef {{ counts: number[][], metrics: Metrics, classes: Metrics[], cell?: Cell, examples: Example[] }} Confusion
 */
/**
 * Numbers of one column over time. truth: from 0 on, T and as many more as the task asks ahead; predicted: of the times from
 * `horizon` on; free: of those from `start` on, where it reads its own predictions.
 * @typedef {{ sequence: number, horizon: number, start: number, truth: number[], predicted: number[], free: number[] }} Series
 */
/** Of a sequence that is held out, or of a text of one's own: its words, and how likely each is what is looked for. @typedef {{ sequence?: number, text?: string, words: readonly string[], shares: number[], wanted?: number[] }} Tags */
/** To a text of one's own: what it writes, or how likely each answer is. @typedef {{ text: string, written?: string, weighed?: Weighed[] }} Reply */
/** An answer, and how likely it is. @typedef {{ label: string, share: number }} Weighed */
/** To a point of the plane that sources are from: what it writes, and what should be written. @typedef {{ source: number[], written: string[], right: string[] }} Point */
/** @typedef {{ cell?: Cell, sequence?: number, start?: number, column?: number, text?: string, source?: number[] }} Asked */

const MOST_EXAMPLES = 12

/** What it says to all that is held out, of classes or of yes and no. @param {Practice} practice */
function answersTo({ model, task, held }) {
  const batch = task.measured?.(held) ?? held
  const { loss, outputs } = model.config
  if (loss === 'squared') throw new RnnError('invalid-config', `the answers of the task ${task.name} are numbers, not classes`)
  const said = loss === 'binary' ? flagsOf(model, batch) : classesOf(model, batch)
  const wanted = /** @type {ArrayLike<number>} */ (loss === 'binary' ? batch.values : batch.targets)
  return { said, wanted, rows: countedRows(batch, said.length), classes: loss === 'binary' ? 2 : Number(outputs) }
}

/** @param {Practice} practice  @param {Asked} asked  @returns {Confusion} */
function confusion(practice, { cell }) {
  const { said, wanted, rows, classes } = answersTo(practice)
  const counts = Array.from({ length: classes }, () => new Array(classes).fill(0))
  for (const row of rows) counts[wanted[row]][said[row]]++
  const [answers, truth] = [rows.map((row) => said[row]), rows.map((row) => wanted[row])]
  const each = practice.model.config.pool === 'each' ? practice.held.steps : 1
  const found = cell ? rows.filter((row) => wanted[row] === cell.wanted && said[row] === cell.said).slice(0, MOST_EXAMPLES) : []
  return {
    counts, classes: counts.map((_, which) => ofClass(answers, truth, which)), ...(cell && { cell }),
    metrics: practice.model.config.loss === 'binary' ? { accuracy: accuracy(answers, truth), ...ofClass(answers, truth, 1) } : ofClasses(answers, truth, classes),
    examples: found.map((row) => ({ sequence: practice.shown.indexOf(Math.floor(row / each)), step: each > 1 ? row % each : -1 })),
  }
}

/** @param {Practice} practice  @param {Asked} asked  @returns {Series} */
function series(practice, { sequence = 0, start, column = 0 }) {
  const { model, task } = practice
  const { inputSize, outputs, loss, pool } = model.config
  if (loss !== 'squared' || pool !== 'each' || inputSize !== outputs) throw new RnnError('invalid-config', `the task ${task.name} is not of a series`)
  const [size, { horizon }] = [Number(outputs), practice.told()]
  const batch = practice.batchAt({ from: sequence, length: 0 })
  const from = Math.max(horizon, Math.min(batch.steps, start ?? Math.ceil(batch.steps / 2)))
  const one = (/** @type {ArrayLike<number>} */ all, first = 0) => Array.from({ length: all.length / size - first }, (_, t) => all[(first + t) * size + column])
  const { vectors = [], values = [] } = batch
  const known = Array.from({ length: from }, (_, t) => Array.prototype.slice.call(vectors, t * size, (t + 1) * size))
  return {
    sequence, horizon, start: from, truth: [...one(vectors), ...one(values, batch.steps - horizon)],
    predicted: one(outputsOf(model, batch)), free: Array.from(freeRun(model, known, batch.steps + horizon - from, horizon), (row) => row[column]),
  }
}

/** What it has learned, as a saved model would tell it. @param {Practice} practice */
const learnedBy = ({ task, values }) => ({ values, encoding: task.encoding?.(values) })

/**
 * What a model answers to a text of one's own: how likely each class is, the likeliest first, or each word what is looked for.
 * @param {Practice['model']} model  @param {Practice['task']} task  @param {string} text  @param {{ values: import('./task.js').Values, encoding?: unknown }} learned
 * @returns {Weighed[]}
 */
export function weigh(model, task, text, { values, encoding }) {
  if (!task.read) throw new RnnError('invalid-config', `the task ${task.name} reads no texts of one's own`)
  const { weighed, batch } = task.read(text, encoding, values, model.config)
  const shares = outputsOf(model, batch, 'p')
  const all = weighed.map((label, i) => ({ label, share: shares[i] }))
  return model.config.pool === 'each' ? all : all.sort((a, b) => b.share - a.share)
}

/** @param {Practice} practice  @param {Asked} asked  @returns {Reply} */
function reply(practice, { text = '' }) {
  const { model, task } = practice
  if (!task.rewrite) return { text, weighed: weigh(model, task, text, learnedBy(practice)) }
  const [{ text: written }] = task.rewrite(model, text, learnedBy(practice), { width: 1 })
  return { text, written }
}

/** @param {Practice} practice  @param {Asked} asked  @returns {Tags} */
function tags(practice, { sequence = 0, text }) {
  const { model, task, values } = practice
  if (!task.spelled) throw new RnnError('invalid-config', `the task ${task.name} reads no sentences`)
  if (text !== undefined) {
    const weighed = weigh(model, task, text, learnedBy(practice))
    return { text, words: weighed.map(({ label }) => label), shares: weighed.map(({ share }) => share) }
  }
  const batch = practice.batchAt({ from: sequence, length: 0 })
  return { sequence, words: task.spelled(values)[sequence], shares: Array.from(outputsOf(model, batch, 'p')), wanted: Array.from(batch.values ?? []) }
}

/** @param {Practice} practice  @param {Asked} asked  @returns {Point} */
function point({ model, task, values }, { source = [] }) {
  const { writes, right, symbols } = task
  if (!writes || !right) throw new RnnError('invalid-config', `the sources of the task ${task.name} are no points`)
  const { says = [] } = symbols?.(values) ?? {}
  const [written] = writes(model, { batch: 1, steps: 1, sourceSteps: 1, sourceVectors: source }, values)
  return { source, written: written.map((symbol) => says[symbol]), right: right(source, values).map((symbol) => says[symbol]) }
}

const EXAMINATIONS = { confusion, series, tags, reply, point }
/** @typedef {keyof typeof EXAMINATIONS} Examination */

/** @param {Practice} practice  @param {Examination} name  @param {Asked} asked */
export const examine = (practice, name, asked) => EXAMINATIONS[name](practice, asked)
