/** Hyperparameters, as src/fields.h tables them: reading the table, and turning plain objects into configurations. */
import { RnnError } from './errors.js'
import { WORDS } from './field-words.js'

/** @typedef {import('./memory.js').Memory} Memory */
/** @typedef {import('./memory.js').Pointer} Pointer */

/** @typedef {'integer' | 'real' | 'choice' | 'flag'} FieldKind */
/** @typedef {number | string | boolean} FieldValue  numbers; the name of a choice; true or false for a flag */
/**
 * @typedef {object} Field
 * @property {string} name
 * @property {FieldKind} kind
 * @property {FieldValue} default
 * @property {number} minimum
 * @property {number} maximum
 * @property {readonly string[]} choices  names, empty unless kind is 'choice'
 * @property {string} unit
 * @property {string} group
 * @property {boolean} live  may change while a model trains
 * @property {string} help   one sentence
 */
/** @typedef {Readonly<Record<string, FieldValue>>} Config */

/** @type {readonly FieldKind[]} */
const KINDS = ['integer', 'real', 'choice', 'flag']

/** learning_rate → learningRate @param {string} name */
export const camelCase = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())

/** Messages of the core name fields as C does. @param {string} message */
export const reword = (message) => message.replace(/^[a-z0-9]+(_[a-z0-9]+)*/, camelCase)

/**
 * @param {Memory} memory
 * @returns {readonly Readonly<Field>[]}
 */
export function readFields(memory) {
  const { exports } = memory
  return Object.freeze(Array.from({ length: exports.field_count() }, (_, index) => {
    const [name, choices] = [exports.field_name(index), exports.field_choices(index)].map((text) => memory.text(text))
    const [kind, initial, minimum, maximum, live] = [0, 1, 2, 3, 4].map((which) => exports.field_number(index, which))
    const names = choices.split('|').filter((choice) => choice)
    /** @type {Field} */
    const field = {
      name: camelCase(name), kind: KINDS[kind], default: initial, minimum,
      maximum: names.length ? names.length - 1 : maximum,
      choices: Object.freeze(names), live: live === 1, ...WORDS[camelCase(name)],
    }
    field.default = fromNumber(field, initial)
    return Object.freeze(field)
  }))
}

/**
 * @param {Readonly<Field>} field
 * @param {number} value
 * @returns {FieldValue}
 */
function fromNumber(field, value) {
  if (field.kind === 'choice') return field.choices[value]
  return field.kind === 'flag' ? value === 1 : value
}

/**
 * The number that the core wants; ranges are checked there.
 * @param {Readonly<Field>} field
 * @param {FieldValue} value
 */
export function toNumber(field, value) {
  if (field.kind === 'choice') {
    const index = field.choices.indexOf(String(value))
    if (index < 0) throw new RnnError('invalid-config', `${field.name} is ${field.choices.join(' or ')}, not "${value}"`)
    return index
  }
  if (field.kind === 'flag' && typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'number') throw new RnnError('invalid-config', `${field.name} is a number, not ${JSON.stringify(value) ?? typeof value}`)
  return value
}

/**
 * @param {readonly Readonly<Field>[]} fields
 * @param {string} name
 * @returns {number} the field's index
 */
export function fieldIndex(fields, name) {
  const index = fields.findIndex((field) => field.name === name)
  if (index < 0 && Object.hasOwn(WORDS, name)) throw new RnnError('invalid-config', `${name} needs an engine with encoders: load one with seq2seq: true`)
  if (index < 0) throw new RnnError('invalid-config', `there is no field "${name}"; the fields are ${fields.map((field) => field.name).join(', ')}`)
  return index
}

/**
 * A configuration in the module's memory: release it after use.
 * @param {Memory} memory
 * @param {readonly Readonly<Field>[]} fields
 * @param {Config} config
 * @returns {Pointer}
 */
export function makeConfig(memory, fields, config) {
  const { exports } = memory
  const made = exports.config_new()
  if (!made) throw new RnnError('out-of-memory', 'no room for a configuration')
  try {
    for (const [name, value] of Object.entries(config)) {
      if (value === undefined) continue
      const index = fieldIndex(fields, name)
      memory.check(exports.config_set(made, index, toNumber(fields[index], value)), reword)
    }
  } catch (error) {
    exports.release(made)
    throw error
  }
  return made
}

/**
 * @param {Memory} memory
 * @param {readonly Readonly<Field>[]} fields
 * @param {Pointer} config
 * @returns {Config}
 */
export function readConfig(memory, fields, config) {
  return Object.freeze(Object.fromEntries(fields.map((field, index) =>
    [field.name, fromNumber(field, memory.exports.config_get(config, index))])))
}
