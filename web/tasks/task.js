/**
 * What a task is: sequences that are made or drawn from data, the network that reads them, and how well it answers.
 *
 * @typedef {import('../engine/batch.js').Batch} Batch
 * @typedef {import('../engine/fields.js').Config} Config
 * @typedef {import('../engine/model.js').Model} Model
 * @typedef {import('./random.js').Random} Random
 * @typedef {Readonly<Record<string, number>>} Values    a task's own fields, by name
 * @typedef {Readonly<Record<string, number>>} Metrics   what was measured, by name
 * @typedef {{ name: string, kind: 'integer' | 'real', default: number, minimum: number, maximum: number, help: string }} TaskField
 * @typedef {{ metric: string, iterations: number } & ({ atLeast: number } | { atMost: number })} Goal
 *
 * What is known of a series, what comes then, where that is known, and how the numbers are told: each column times its deviation, and its mean added.
 * @typedef {{ known: readonly (readonly number[])[], truth: readonly (readonly number[])[], horizon: number, columns: readonly { mean: number, deviation: number }[] }} Going
 *
 * A part of a picture, in points. @typedef {{ x: number, y: number, width: number, height: number }} Window
 *
 * How a source is answered: by a search that keeps so many texts (1: always the likeliest symbol), or drawn.
 * @typedef {{ width: number } | { temperature: number, seed: number }} Rewriting
 *
 * @typedef {object} Task
 * @property {string} name
 * @property {string} label  what it is, in a few words
 * @property {'many-to-one' | 'aligned' | 'delayed' | 'sequence-to-sequence'} shape  one answer a sequence, one a step, one a step that comes later, or a
 *   sequence after another, which needs an engine with encoders
 * @property {readonly TaskField[]} fields
 * @property {(values: Values) => Config} config  of the network; what the sequences fix, and defaults
 * @property {(random: Random, count: number, values: Values) => Batch} sample  to learn from; each starts from zero state
 * @property {(values: Values) => Batch} [held]   all that is never learned from, where data is split; else it is sampled
 * @property {(values: Values) => Batch} [glance]  a part of it that is measured while it learns, where all of it would take long
 * @property {(model: Model, batch: Batch, values: Values) => Metrics} metrics
 * @property {Goal} goal  what a default run reaches on what was held out
 * @property {(model: Model, batch: Batch, values: Values) => string} show  the first sequence, and what the model says to it
 * @property {(batch: Batch) => Batch} [measured]  what of it is measured, unless all is
 * @property {(values: Values) => Readonly<Record<string, number>>} [counts]  how the data was used
 * @property {(values: Values) => { sources?: readonly string[], reads?: readonly string[], says?: readonly string[] }} [symbols]  what the symbols of sources, those that are read,
 *   and the answers are called
 * @property {(model: Model, batch: Batch, values: Values) => number[][]} [writes]  what it writes after each source, always the likeliest answer
 * @property {(model: Model, batch: Batch, values: Values) => import('../engine/searching.js').Search & { source: number[] }} [opens]  how it writes after the first source, for a search
 * @property {(model: Model, source: string, learned: { values: Values, encoding?: unknown }, how: Rewriting) => { text: string, logProbability: number }[]} [rewrite]  what is written after a source of one's own, the best first
 * @property {(values: Values) => readonly (readonly string[])[]} [spelled]  the words of all that is held out, where symbols do not tell them
 * @property {(text: string, encoding: unknown, values: Values, config: Config) => { batch: Batch, weighed: readonly string[] }} [read]  a text of one's own, as a model that was saved with this
 *   encoding reads it, and what its answer gives a probability each: the words, or the classes
 * @property {(values: Values) => readonly Window[]} [windows]  where in a picture each step looks
 * @property {number} [across]  what is written is a picture, with so many points in a row
 * @property {number} [sourceAcross]  a source is a picture, with so many points in a row
 * @property {(source: readonly number[], values: Values) => number[]} [right]  where sources are points of a plane, from 0 to 1 each: what should be written after one
 * @property {readonly string[]} [corners]  of that plane: above left and right, below left and right
 * @property {string} [between]  what joins symbols to a text, nothing by default
 * @property {string} [betweenSources]  the same of sources, where they are joined otherwise
 * @property {(values: Values) => unknown} [encoding]  how the data became numbers, which a saved model needs; for JSON
 * @property {(text: string, encoding: unknown, values: Values, config: Config) => Batch} [examine]  all of one's own data, as a model that was saved with this encoding reads it
 * @property {(random: Random, length: number, values: Values) => Going} [goOn]  a series, and how it goes on; none where answers do not make the next sequence
 * @property {(text: string, encoding: unknown, values: Values) => Going} [goOnFrom]  the same of one's own data, all of which is known
 * @property {readonly string[]} [roles]  of the columns of such a file, in order; where it is one alone, several columns may have it
 * @property {(text: string) => Task} [from]  the same on one's own data, from a CSV or TSV file
 * @property {{ file: string, read: (text: string) => Task }} [asset]  a file beside the program that holds its data: without it there is only its row, see `openTask`
 */
import { RnnError } from '../engine/errors.js'

/** Whole numbers. @param {string} name @param {number} initial @param {number} minimum @param {number} maximum @param {string} help @returns {TaskField} */
export const integer = (name, initial, minimum, maximum, help) => ({ name, kind: 'integer', default: initial, minimum, maximum, help })

/** @param {string} name @param {number} initial @param {number} minimum @param {number} maximum @param {string} help @returns {TaskField} */
export const real = (name, initial, minimum, maximum, help) => ({ name, kind: 'real', default: initial, minimum, maximum, help })

/**
 * A task before the file of its data is read.
 * @param {Pick<Task, 'name' | 'label' | 'goal' | 'shape' | 'fields' | 'from'>} row
 * @param {string} file
 * @param {(text: string) => Task} read
 * @returns {Task}
 */
export function unread(row, file, read) {
  const missing = () => { throw new RnnError('invalid-config', `the data of the task ${row.name} is a file, which openTask('${row.name}') reads`) }
  return { ...row, config: missing, sample: missing, metrics: missing, show: missing, asset: { file, read } }
}

/** A task's fields, with defaults filled in. @param {Task} task  @param {Values} given  @returns {Values} */
export function readValues({ name: task, fields }, given) {
  for (const [name, value] of Object.entries(given)) {
    const field = fields.find((one) => one.name === name)
    if (!field) throw new RnnError('invalid-config', `the task ${task} has no field "${name}"; its fields are ${fields.map((one) => one.name).join(', ')}`)
    if (!(value >= field.minimum && value <= field.maximum)) throw new RnnError('invalid-config', `${name} ${value} is outside ${field.minimum} … ${field.maximum}`)
    if (field.kind === 'integer' && !Number.isInteger(value)) throw new RnnError('invalid-config', `${name} ${value} is not a whole number`)
  }
  return Object.freeze({ ...Object.fromEntries(fields.map((field) => [field.name, field.default])), ...given })
}

/** What sequences fix of a network, whatever else it is. */
const FIXED = ['task', 'vocabulary', 'outputs', 'loss', 'steps', 'carry', 'sourceVocabulary', 'sourceSize', 'sourceSteps']

/** Whether nothing but what the task has can be chosen. @param {Config} made  of the task's network  @param {string} name */
export const isFixed = (made, name) => FIXED.includes(name) || (name === 'inputSize' && made.input === 'vector')

/** @param {Config} made  of the task's network  @param {string} name  @param {unknown} value */
export function fits(made, name, value) {
  if (name === 'pool') return (made.pool === 'each') === (value === 'each')
  if (name === 'input') return (made.input === 'vector') === (value === 'vector')
  return !isFixed(made, name)
}

/**
 * The task's network with `own` in place of its defaults.
 * @param {Task} task
 * @param {Values} values
 * @param {Config} own
 * @returns {Config}
 */
export function configOf(task, values, own) {
  /** @type {Config} */
  const made = { task: 'language-model', carry: false, ...task.config(values) }
  for (const [name, value] of Object.entries(own)) {
    if (value !== made[name] && !fits(made, name, value)) throw new RnnError('invalid-config', `${name} ${value} does not fit the task ${task.name}, which has ${made[name]}`)
  }
  return { ...made, ...own }
}

/** @param {Goal} goal  @param {Metrics} metrics */
export const reaches = (goal, metrics) => 'atLeast' in goal ? metrics[goal.metric] >= goal.atLeast : metrics[goal.metric] <= goal.atMost
