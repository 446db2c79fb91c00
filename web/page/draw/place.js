/** Numbers that can be asked what they are made of: "name layer step index", and "r" for the pass that reads backward, reached by pointer and by keyboard. */
import { english, t } from '../language/index.js'
import { say, shape } from './dom.js'

/** @typedef {import('../arithmetic/place.js').Spot} Spot */

/** @type {Record<string, string>} */
const WORDS = english({
  h: 'hidden state', c: 'cell state', g: 'proposal', n: 'proposal', f: 'keep gate', i: 'write gate', o: 'show gate', z: 'keep gate', r: 'look-back gate',
  a: 'sum', tanh_c: 'tanh of the cell state', logits: 'score', p: 'bet', loss: 'surprise',
})

/** @param {Spot} spot */
export const spotText = ({ name, layer, step, index, reverse }) => `${name} ${layer} ${step} ${index}${reverse ? ' r' : ''}`

/** @param {string} text @returns {Spot} */
export function spotOf(text) {
  const [name, layer, step, index, reverse] = text.split(' ')
  return { name, layer: Number(layer), step: Number(step), index: Number(index), ...(reverse && { reverse: true }) }
}

/** Makes a number reachable, with a name; again where it has become another. @param {Element} group */
export function nameSpot(group) {
  const { name, layer, step, index, reverse } = spotOf(group.getAttribute('data-spot') ?? '')
  const word = t(WORDS[name] ?? name)
  const what = name === 'loss' ? word : ['logits', 'p'].includes(name) ? t`${word} of output ${index + 1}` : t`${word} of neuron ${index + 1}, layer ${layer + 1}`
  group.setAttribute('role', 'button')
  if (group.firstElementChild?.tagName !== 'title') group.prepend(shape(null, 'title'))
  say(/** @type {Element} */ (group.firstElementChild), `${what}${reverse ? `, ${t('reading backward')}` : ''}, ${step < 0 ? t('before the first step') : t`step ${step + 1}`} `)
}
