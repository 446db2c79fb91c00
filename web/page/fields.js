/** The hyperparameter table of the engine, as the settings show it. */
import { plain } from './draw/numbers.js'
import { english, t } from './language/index.js'

/** @typedef {import('./types.js').Field} Field */
/** @typedef {import('./types.js').Setting} Setting */
/** @typedef {import('./types.js').Config} Config */

/** A field as texts have it, in which there are no numbers to read. @param {Field} field @returns {Field} */
export const ofTexts = (field) => field.name === 'input' ? { ...field, choices: field.choices?.filter((choice) => choice !== 'vector') } : field

/** learningRate → learning rate, beta1 → beta 1, l1 → L1 @param {string} name */
export const labelOf = (name) => t(name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/(\d)/, ' $1').replace(/^l /, 'L'))

const CHOICES = /** @type {Record<string, string>} */ ({
  lstm: 'LSTM', gru: 'GRU', mingru: 'minGRU', minlstm: 'minLSTM', sgd: 'SGD', adagrad: 'Adagrad', rmsprop: 'RMSProp', adam: 'Adam', relu: 'ReLU', xavier: 'Xavier', he: 'He', norm: english('by norm'), value: english('by value'),
})

/** @param {string} choice */
export const choiceLabel = (choice) => t(CHOICES[choice] ?? choice)

/** @param {Field} field @param {Setting} value */
export function writeSetting(field, value) {
  if (field.kind === 'flag') return value ? t('on') : t('off')
  return typeof value === 'number' ? plain(value) : choiceLabel(String(value))
}

/** There is nothing to choose. @param {Field} field */
export const isFixed = (field) => field.kind === 'integer' && field.minimum === field.maximum

/** @param {Field} field */
export function rangeOf(field) {
  if (isFixed(field)) return ''
  return field.kind === 'integer' || field.kind === 'real' ? t`${plain(field.minimum)} to ${plain(field.maximum)}` : ''
}

/**
 * @param {Field} field
 * @param {Setting} value
 * @returns {string} what is wrong with it, or nothing
 */
export function mistakeIn(field, value) {
  if (field.kind === 'choice') return field.choices?.includes(String(value)) ? '' : t`${labelOf(field.name)} cannot be “${String(value)}”.`
  if (field.kind === 'flag') return ''
  if (typeof value !== 'number' || Number.isNaN(value)) return t`${labelOf(field.name)} needs a number.`
  if (field.kind === 'integer' && !Number.isInteger(value)) return t`${labelOf(field.name)} needs a whole number.`
  if (value < field.minimum || value > field.maximum) return t`${labelOf(field.name)} goes from ${rangeOf(field)}.`
  return ''
}
