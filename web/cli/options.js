/** Options of the command line: made from the engine's fields, read with what is wrong told in a sentence. */
import { parseArgs } from 'node:util'
import { distance } from '../../build/unroll/tasks.js'
import { presets } from '../presets.js'

/** @typedef {import('../../build/unroll/types/fields.js').Field} Field */
/** @typedef {import('../../build/unroll/types/fields.js').FieldValue} FieldValue */
/**
 * @typedef {object} Option
 * @property {string} name  as it is typed, without the dashes
 * @property {'integer' | 'real' | 'choice' | 'flag' | 'file' | 'text'} kind
 * @property {string} help
 * @property {string} [field]  the field of the configuration that it sets
 * @property {string} [taskField]  the field of the task that it sets
 * @property {string} [group]
 * @property {readonly string[]} [choices]
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {FieldValue} [default]
 */
/**
 * @typedef {object} Given
 * @property {string[]} positionals
 * @property {(name: string) => number | undefined} number
 * @property {(name: string) => string | undefined} text
 * @property {(name: string) => boolean | undefined} flag
 * @property {Record<string, FieldValue>} config  the fields that were given
 * @property {Record<string, number>} taskFields  those of the task
 */

/** What the user typed makes no sense: exit code 2. */
export class UsageError extends Error {}

/** @type {Option} */
export const MODE = { name: 'mode', kind: 'choice', choices: ['strict', 'fused'], default: 'strict', help: 'strict: the same numbers on every machine. fused: faster, and the last bits are this machine\'s own.' }

/** @type {Option} */
export const TOKENS = { name: 'tokens', kind: 'choice', choices: ['characters', 'words', 'bytes'], help: 'What a text is cut into; a saved model knows.' }

/** @type {Option} */
export const JSON_LINES = { name: 'json', kind: 'flag', help: 'For machines: an object a line, the last with done: true.' }

/** learningRate → learning-rate @param {string} name */
export const kebabCase = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Messages of the engine begin with the field they speak of. @param {string} message */
export const asTyped = (message) => message.replace(/^[a-z]+[A-Z][A-Za-z]*(?= )/, kebabCase)

/**
 * An option for each field that a text leaves open.
 * @param {readonly Readonly<Field>[]} fields
 * @returns {Option[]}
 */
export function fieldOptions(fields) {
  const usual = presets.own.config
  return fields.filter(({ name }) => name !== 'vocabulary').map((field) => ({
    ...field, field: field.name, name: kebabCase(field.name), default: usual[field.name] ?? field.default,
  }))
}

/** A question to end an error with. @param {string} name  @param {readonly string[]} names  @param {string} [dashes] */
export function nearest(name, names, dashes = '') {
  const [best] = names.map((known) => ({ known, far: known.startsWith(name) ? 0 : distance(name, known) })).sort((a, b) => a.far - b.far)
  return best && best.far <= Math.max(1, Math.ceil(name.length / 3)) ? ` (did you mean ${dashes}${best.known}?)` : ''
}

/** @param {readonly string[]} names */
const oneOf = (names) => names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`

/**
 * @param {Option} option
 * @param {string | undefined} value
 * @param {boolean | undefined} attached with =
 * @returns {FieldValue}
 */
function readValue({ name, kind, choices = [], minimum = -Infinity, maximum = Infinity }, value, attached) {
  if (kind === 'flag') {
    if (value !== undefined) throw new UsageError(`--${name} takes no value`)
    return true
  }
  if (value === undefined || (value.startsWith('--') && !attached)) throw new UsageError(`--${name} needs a value`)
  if (kind === 'file' || kind === 'text') return value
  if (kind === 'choice') {
    if (choices.includes(value)) return value
    throw new UsageError(`--${name} is ${oneOf(choices)}, not "${value}"${nearest(value, choices)}`)
  }
  const number = value.trim() ? Number(value) : NaN
  if (!Number.isFinite(number)) throw new UsageError(`--${name} is a number, not "${value}"`)
  if (number < minimum || number > maximum) throw new UsageError(`--${name} ${value} is outside ${minimum} … ${maximum}`)
  if (kind === 'integer' && !Number.isInteger(number)) throw new UsageError(`--${name} ${value} is not a whole number`)
  return number
}

/**
 * @param {readonly string[]} args
 * @param {readonly Option[]} options
 * @param {string} usage of the command, in whose capitals are the arguments without a name
 * @returns {Given}
 * @throws {UsageError}
 */
export function parse(args, options, usage) {
  const names = options.flatMap(({ name, kind, field }) => kind === 'flag' && field ? [name, `no-${name}`] : [name])
  const { tokens } = parseArgs({
    args: [...args], strict: false, tokens: true, allowPositionals: true,
    options: Object.fromEntries(names.map((name) =>
      [name, { type: options.find((option) => option.name === name && option.kind !== 'flag') ? 'string' : 'boolean' }])),
  })
  /** @type {Map<string, FieldValue>} */
  const values = new Map()
  /** @type {Given['config']} */
  const config = {}
  /** @type {Given['taskFields']} */
  const taskFields = {}
  /** @type {string[]} */
  const positionals = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    if (!names.includes(token.name) || !token.rawName.startsWith('--')) {
      throw new UsageError(`there is no option ${token.rawName}${nearest(token.name, names, '--')}`)
    }
    const named = options.find(({ name }) => name === token.name)
    const option = named ?? /** @type {Option} */ (options.find(({ name }) => `no-${name}` === token.name))
    const read = readValue(option, token.value, token.inlineValue)
    const value = named ? read : false
    values.set(option.name, value)
    if (option.field) config[option.field] = value
    if (option.taskField) taskFields[option.taskField] = Number(value)
  }
  checkPositionals(positionals, usage)
  /** @param {string} name  @param {string} type */
  const get = (name, type) => typeof values.get(name) === type ? values.get(name) : undefined
  return {
    positionals, config, taskFields,
    number: (name) => /** @type {number | undefined} */ (get(name, 'number')),
    text: (name) => /** @type {string | undefined} */ (get(name, 'string')),
    flag: (name) => /** @type {boolean | undefined} */ (get(name, 'boolean')),
  }
}

/** @param {readonly string[]} given  @param {string} usage */
function checkPositionals(given, usage) {
  const wanted = usage.match(/(?<!\[)\b[A-Z]+\b/g) ?? []
  const allowed = usage.match(/\b[A-Z]+\b/g) ?? []
  if (given.length < wanted.length) throw new UsageError(`${wanted[given.length]} is missing; usage: unroll ${usage}`)
  if (given.length > allowed.length) throw new UsageError(`"${given[allowed.length]}" is one argument too many; usage: unroll ${usage}`)
}
