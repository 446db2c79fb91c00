/** The hyperparameter table of the engine, as the settings show it. */
import { plain } from './draw/numbers.js'

/** @typedef {import('./types.js').Field} Field */
/** @typedef {import('./types.js').Setting} Setting */
/** @typedef {import('./types.js').Config} Config */

/** What a network that writes text has no choice in. */
const NOT_OF_TEXTS = ['vocabulary', 'bidirectional', 'pool', 'outputs', 'loss']

/** Fields that only mean something with certain others. @type {Record<string, (config: Config) => boolean>} */
const APPLIES = {
  activation: (config) => config.cell === 'vanilla',
  reset: (config) => config.cell === 'gru',
  candidate: (config) => config.cell === 'lstm',
  peephole: (config) => config.cell === 'lstm',
  layerNorm: (config) => config.cell !== 'mingru' && config.cell !== 'minlstm',
  forgetBias: (config) => config.cell === 'lstm' || config.cell === 'minlstm',
  initialDeviation: (config) => config.initialization === 'normal',
  spectralRadius: (config) => config.cell !== 'mingru' && config.cell !== 'minlstm',
  momentum: (config) => config.optimizer === 'sgd' || config.optimizer === 'rmsprop',
  decay: (config) => config.optimizer === 'rmsprop',
  nesterov: (config) => config.optimizer === 'sgd',
  decayKind: (config) => Number(config.weightDecay) > 0,
  scheduleSteps: (config) => config.schedule !== 'constant',
  scheduleFactor: (config) => config.schedule !== 'constant',
  schedulePatience: (config) => config.schedule === 'plateau',
  resetEvery: (config) => Boolean(config.carry),
  beta1: (config) => config.optimizer === 'adam',
  beta2: (config) => config.optimizer === 'adam',
  epsilon: (config) => config.optimizer !== 'sgd',
  clipAt: (config) => config.clip !== 'none',
  inputSize: (config) => config.input !== 'one-hot',
  freezeEmbedding: (config) => config.input === 'embedding',
  tie: (config) => config.input === 'embedding',
  residual: (config) => Number(config.layers) > 1 || config.input !== 'one-hot',
  dropout: (config) => Number(config.layers) > 1,
  dropoutMask: (config) => Number(config.dropout) > 0,
  patience: (config) => Number(config.heldOut) > 0,
  headSize: (config) => Number(config.headLayers) > 0,
  ...Object.fromEntries(NOT_OF_TEXTS.map((name) => [name, () => false])),
}

/** A field as texts have it, in which there are no numbers to read. @param {Field} field @returns {Field} */
export const ofTexts = (field) => field.name === 'input' ? { ...field, choices: field.choices?.filter((choice) => choice !== 'vector') } : field

/** @param {readonly Field[]} fields @param {Config} config @returns {Field[]} those worth showing */
export const applicable = (fields, config) => fields.filter((field) =>
  !(field.kind === 'choice' && (field.choices?.length ?? 0) < 2) && (APPLIES[field.name]?.(config) ?? true))

/** learningRate → learning rate @param {string} name */
export const labelOf = (name) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/(\d)/, ' $1')

const CHOICES = /** @type {Record<string, string>} */ ({
  lstm: 'LSTM', gru: 'GRU', mingru: 'minGRU', minlstm: 'minLSTM', sgd: 'SGD', adagrad: 'Adagrad', rmsprop: 'RMSProp', adam: 'Adam', relu: 'ReLU', xavier: 'Xavier', he: 'He', norm: 'by norm', value: 'by value',
})

/** @param {string} choice */
export const choiceLabel = (choice) => CHOICES[choice] ?? choice

/** @param {Field} field @param {Setting} value */
export function writeSetting(field, value) {
  if (field.kind === 'flag') return value ? 'on' : 'off'
  return typeof value === 'number' ? plain(value) : choiceLabel(String(value))
}

/** There is nothing to choose. @param {Field} field */
export const isFixed = (field) => field.kind === 'integer' && field.minimum === field.maximum

/** @param {Field} field */
export function rangeOf(field) {
  if (isFixed(field)) return ''
  return field.kind === 'integer' || field.kind === 'real' ? `${plain(field.minimum)} to ${plain(field.maximum)}` : ''
}

/**
 * @param {Field} field
 * @param {Setting} value
 * @returns {string} what is wrong with it, or nothing
 */
export function mistakeIn(field, value) {
  if (field.kind === 'choice') return field.choices?.includes(String(value)) ? '' : `${labelOf(field.name)} cannot be “${value}”.`
  if (field.kind === 'flag') return ''
  if (typeof value !== 'number' || Number.isNaN(value)) return `${labelOf(field.name)} needs a number.`
  if (field.kind === 'integer' && !Number.isInteger(value)) return `${labelOf(field.name)} needs a whole number.`
  if (value < field.minimum || value > field.maximum) return `${labelOf(field.name)} goes from ${rangeOf(field)}.`
  return ''
}
