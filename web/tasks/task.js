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
 * @typedef {object} Task
 * @property {string} name
 * @property {string} label  what it is, in a few words
 * @property {'many-to-one' | 'aligned' | 'delayed'} shape  one answer a sequence, one a step, or one a step that comes later
 * @property {readonly TaskField[]} fields
 * @property {(values: Values) => Config} config  of the network; what the sequences fix, and defaults
 * @property {(random: Random, count: number, values: Values) => Batch} sample  to learn from; each starts from zero state
 * @property {(values: Values) => Batch} [held]   all that is never learned from, where data is split; else it is sampled
 * @property {(model: Model, batch: Batch) => Metrics} metrics
 * @property {Goal} goal  what a default run reaches on what was held out
 * @property {(model: Model, batch: Batch, values: Values) => string} show  the first sequence, and what the model says to it
 * @property {(values: Values) => Readonly<Record<string, number>>} [counts]  how the data was used
 * @property {(values: Values) => unknown} [encoding]  how the data became numbers, which a saved model needs; for JSON
 * @property {(text: string) => Task} [from]  the same on one's own data, from a CSV or TSV file
 */
import { RnnError } from '../engine/errors.js'

/** Whole numbers. @param {string} name @param {number} initial @param {number} minimum @param {number} maximum @param {string} help @returns {TaskField} */
export const integer = (name, initial, minimum, maximum, help) => ({ name, kind: 'integer', default: initial, minimum, maximum, help })

/** @param {string} name @param {number} initial @param {number} minimum @param {number} maximum @param {string} help @returns {TaskField} */
export const real = (name, initial, minimum, maximum, help) => ({ name, kind: 'real', default: initial, minimum, maximum, help })

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
const FIXED = ['task', 'vocabulary', 'outputs', 'loss', 'steps', 'carry']

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
  /** @param {string} name  @param {unknown} value */
  const fits = (name, value) => {
    if (name === 'pool') return (made.pool === 'each') === (value === 'each')
    if (name === 'input') return (made.input === 'vector') === (value === 'vector')
    return !(FIXED.includes(name) || (name === 'inputSize' && made.input === 'vector'))
  }
  for (const [name, value] of Object.entries(own)) {
    if (value !== made[name] && !fits(name, value)) throw new RnnError('invalid-config', `${name} ${value} does not fit the task ${task.name}, which has ${made[name]}`)
  }
  return { ...made, ...own }
}

/** @param {Goal} goal  @param {Metrics} metrics */
export const reaches = (goal, metrics) => 'atLeast' in goal ? metrics[goal.metric] >= goal.atLeast : metrics[goal.metric] <= goal.atMost
