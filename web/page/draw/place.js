/** Numbers that can be asked what they are made of: "name layer step index", reached by pointer and by keyboard. */
import { english, t } from '../language/index.js'
import { shape } from './dom.js'

/** @typedef {import('../arithmetic/place.js').Spot} Spot */

/** @type {Record<string, string>} */
const WORDS = english({
  h: 'hidden state', c: 'cell state', g: 'proposal', n: 'proposal', f: 'keep gate', i: 'write gate', o: 'show gate', z: 'keep gate', r: 'look-back gate',
  logits: 'score', p: 'bet', loss: 'surprise',
})

/** @param {Spot} spot */
export const spotText = ({ name, layer, step, index }) => `${name} ${layer} ${step} ${index}`

/** @param {string} text @returns {Spot} */
export function spotOf(text) {
  const [name, layer, step, index] = text.split(' ')
  return { name, layer: Number(layer), step: Number(step), index: Number(index) }
}

/** Makes a number reachable, with a name. @param {Element} group */
export function nameSpot(group) {
  const { name, layer, step, index } = spotOf(group.getAttribute('data-spot') ?? '')
  const word = t(WORDS[name] ?? name)
  const what = name === 'loss' ? word : ['logits', 'p'].includes(name) ? t`${word} of letter ${index + 1}` : t`${word} of neuron ${index + 1}, layer ${layer + 1}`
  group.setAttribute('role', 'button')
  group.prepend(shape(null, 'title', {}, `${what}, ${step < 0 ? t('before the first step') : t`step ${step + 1}`} `))
}
