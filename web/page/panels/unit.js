/** The chosen neuron, the same one as in the score: its yellow numbers, and what may be read of it. */
import { element, show } from '../draw/dom.js'
import { createPhrase } from '../draw/phrase.js'
import { createSpin } from '../draw/spin.js'
import { sizesOf } from '../drawing.js'
import { phrase, t } from '../language/index.js'

/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Run} Run */

/** “Layer 1, neuron 48”. @param {import('../types.js').Emit} emit @param {(text: string) => void} [refuse]  what cannot be chosen; without it the nearest is taken */
export function createUnit(emit, refuse) {
  let state = /** @type {State | null} */ (null)
  const choose = (/** @type {number} */ layer, /** @type {number} */ neuron) => emit({ type: 'neuron', layer: layer - 1, neuron: neuron - 1 })
  const layer = createSpin({ label: t('layer'), minimum: 1, maximum: 1, whole: true, format: String, change: (value) => choose(value, (state?.neuron ?? 0) + 1), refuse })
  const neuron = createSpin({ label: t('neuron'), minimum: 1, maximum: 1, whole: true, format: String, change: (value) => choose((state?.layer ?? 0) + 1, value), refuse })
  const ofLayer = element('span')
  const alone = element('span', {}, t('Neuron'), ' ')
  createPhrase(ofLayer)([...phrase`Layer ${{ node: layer.node }}, neuron`, ' '])
  return {
    node: element('span', {}, ofLayer, alone, neuron.node),
    /** @param {State} next @param {Run} run */
    render(next, run) {
      state = next
      const { H, L } = sizesOf(run)
      show(ofLayer, L > 1)
      show(alone, L === 1)
      layer.limit(L)
      neuron.limit(H)
      layer.set(next.layer + 1)
      neuron.set(next.neuron + 1)
    },
  }
}

/** How many letters may be read again and again: as many as are read in about a tenth of a second. @param {Run} run */
export function lettersFor({ parameters, plan }) {
  const weights = parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)
  return Math.min(plan.length, Math.max(300, Math.min(6000, Math.round(1e8 / weights))))
}
