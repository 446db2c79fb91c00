/** "It writes": a fresh sample, the alternatives it had at one letter, and how daring it is. */
import { element, say, show } from '../draw/dom.js'
import { createSpin } from '../draw/spin.js'
import { shade } from '../draw/colour.js'
import { fixed } from '../draw/numbers.js'
import { t } from '../language/index.js'
import { createAlternatives } from './writes/alternatives.js'
import { createFlow } from './writes/flow.js'
import { createTiles } from './writes/tiles.js'

/** Samples up to this length are tiles, longer ones flow as text. */
const TILES = 12

/** @type {import('../types.js').CreateView} */
export function createWrites(root, emit) {
  const note = element('span', { class: 'soft' }, t('careful'))
  const swatch = element('i')
  const key = element('span', { class: 'key' }, t('unsure'), swatch, t('sure'))
  const tilesRoot = element('div')
  const flowRoot = element('div')
  const alternativesRoot = element('div', { class: 'alternatives' })

  const temperature = createSpin({
    label: t('temperature'), minimum: 0, maximum: 2, step: 0.05, format: fixed, change: (value) => emit({ type: 'sampling', change: { temperature: value } }),
  })
  const slider = element('input', {
    type: 'range', min: 0, max: 2, step: 0.05, 'aria-label': t('temperature'),
    input: () => emit({ type: 'sampling', change: { temperature: Number(slider.value) } }),
  })
  root.append(
    element('div', { class: 'written' },
      element('div', { class: 'label' }, element('span', { class: 'verb' }, t('it writes')), element('button', { class: 'mini', click: () => emit({ type: 'again' }) }, t('try again')), key),
      tilesRoot, flowRoot),
    alternativesRoot,
    element('div', { class: 'temperature' },
      element('div', { class: 'label' }, t('temperature'), ' ', temperature.node), slider, element('div', { class: 'ends' }, note, element('span', { class: 'soft' }, t('wild')))),
  )
  const tiles = createTiles(tilesRoot, emit)
  const flow = createFlow(flowRoot, emit)
  const alternatives = createAlternatives(alternativesRoot, emit)

  let unsure = ''
  return {
    render(state, frame) {
      const flowing = state.sampling.length > TILES
      root.classList.toggle('flowing', flowing)
      show(tilesRoot, !flowing)
      show(flowRoot, flowing)
      ;(flowing ? flow : tiles).render(state, frame)
      alternatives.render(state, frame)
      temperature.set(state.sampling.temperature)
      if (Number(slider.value) !== state.sampling.temperature) slider.value = String(state.sampling.temperature)
      say(note, state.sampling.strategy === 'greedy' ? t('best bet') : t('careful'))
      const low = shade('value', 0.05).background
      if (low !== unsure) swatch.style.background = `linear-gradient(90deg, ${unsure = low}, ${shade('value', 1).background})`
    },
    destroy() { root.replaceChildren() },
  }
}
