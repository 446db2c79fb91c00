/** What a layer reads, and the head: the states below, and with residual layers what those read themselves. */
import { t } from '../language/index.js'
import { term } from './place.js'

/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('./place.js').Term} Term */
/** @typedef {import('./place.js').Factor} Factor */

/**
 * What a layer says, in one column: its state, and what is added to it.
 * @param {Place} place @param {number} layer @param {number} column @returns {{ label: string, factor: Factor }[]}
 */
function saidBy(place, layer, column) {
  const { H, L, ways, config, at } = place
  const [reverse, j] = [column >= H, column % H]
  const alone = reverse ? t`backward neuron ${j + 1}` : t`neuron ${j + 1}`
  const among = reverse ? t`backward neuron ${j + 1}, layer ${layer + 1}` : t`neuron ${j + 1}, layer ${layer + 1}`
  const own = { label: L > 1 ? among : alone, factor: at({ name: 'h', layer, index: j, reverse }) }
  const adds = config.residual && (layer > 0 || (config.input !== 'one-hot' && config.inputSize === ways.length * H))
  return adds ? [own, ...readBy(place, layer, column)] : [own]
}

/** What a layer reads in one column; layer L is the head. @param {Place} place @param {number} layer @param {number} column */
const readBy = (place, layer, column) => layer > 0 ? saidBy(place, layer - 1, column)
  : [place.config.input === 'vector' ? { label: t`number ${column + 1} that it reads`, factor: place.at({ name: 'x', index: column }) }
    : { label: t`number ${column + 1} of the letter`, factor: place.at({ name: 'embedding', index: column }) }]

/** The columns of what a layer reads. @param {Place} place @param {number} layer */
const widthOf = ({ H, ways, config }, layer) => (layer > 0 ? ways.length * H : Number(config.inputSize))

/** All that a layer reads, as numbers. @param {Place} place @returns {ArrayLike<number>} */
export function numbersRead(place) {
  const { layer, config, row } = place
  if (layer === 0 && config.input === 'one-hot') return row({ name: 'x' })
  return Array.from({ length: widthOf(place, layer) }, (_, column) => readBy(place, layer, column).reduce((sum, { factor }) => sum + factor.value, 0))
}

/** What comes through a matrix from below; layer L is the head. @param {Place} place @param {string} matrix @param {number} row @param {number} [layer] @returns {Term[]} */
export function fromBelow(place, matrix, row, layer = place.layer) {
  const { config, frame, step, weight, at } = place
  const letter = frame.inputs[step]
  if (layer === 0 && config.input === 'one-hot') return [{ ...term(t('reads'), weight(matrix, row, letter), at({ name: 'x', index: letter })), letter }]
  return Array.from({ length: widthOf(place, layer) }, (_, column) => column)
    .flatMap((column) => readBy(place, layer, column).map(({ label, factor }) => term(label, weight(matrix, row, column), factor)))
}
