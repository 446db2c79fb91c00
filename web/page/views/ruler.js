/** Under the score: which way the numbers flow, and the scrubber over time, aligned with the columns. */
import { element, icon, put, say, show } from '../draw/dom.js'
import { count } from '../draw/numbers.js'
import { columnsFor, drawingFor } from '../drawing.js'
import { t } from '../language/index.js'
import { spans } from './score/geometry.js'

/** @type {import('../types.js').CreateView} */
export function createRuler(root, emit) {
  const button = (/** @type {'forward' | 'backward'} */ value, /** @type {string} */ text) =>
    element('button', { click: () => emit({ type: 'direction', value }) }, text)
  const forward = button('forward', t('forward →'))
  const backward = button('backward', t('← backward'))
  const rollIcon = icon('M13 8a5 5 0 1 1-2-4M11.5 .5v4h-4')
  const roll = element('button', { class: 'icon roll', 'aria-label': t('Rolled up'), click: () => emit({ type: 'roll', value: !rolled }) }, rollIcon.svg)
  const label = element('span', { class: 'soft' })
  const slider = element('input', { type: 'range', min: 1, step: 1, 'aria-label': t('Time step'), input: () => emit({ type: 'step', value: Number(slider.value) - 1 }) })
  const ticks = element('div', { class: 'ticks', 'aria-hidden': 'true' })
  const time = element('div', { class: 'time' }, label, slider, ticks)
  const where = element('span')
  const pan = (/** @type {number} */ way, /** @type {string} */ text, /** @type {string} */ name) =>
    element('button', { class: 'icon', 'aria-label': name, click: () => emit({ type: 'pan', from: from + way * stride }) }, text)
  const earlier = pan(-1, '‹', t('Earlier letters'))
  const later = pan(1, '›', t('Later letters'))
  const window = element('div', { class: 'pan' }, earlier, where, later)
  root.append(element('div', { class: 'switch', role: 'group', 'aria-label': t('Direction') }, forward, backward), roll, time, window)

  let from = 0
  let rolled = false
  let columns = 0
  /** How far one goes on at a time: half of the letters, or, of a task, one sequence. */
  let stride = 1
  let key = ''

  return {
    render(state) {
      const { run, width, direction } = state
      show(root, run !== null)
      if (!run) return
      forward.setAttribute('aria-pressed', String(direction === 'forward'))
      backward.setAttribute('aria-pressed', String(direction === 'backward'))
      from = state.from
      rolled = state.rolled
      const folded = drawingFor(run, width) === 'folded'
      show(roll, !folded)
      roll.setAttribute('aria-pressed', String(rolled))
      roll.title = rolled ? t('Unroll it: every step on its own') : t('Roll it up: one network, and its memory goes round')
      columns = columnsFor(run, width, state.zoom)
      const span = spans[drawingFor(run, width)]
      const next = `${width} ${columns} ${state.zoom} ${drawingFor(run, width)} ${run.config.hidden} ${run.config.layers}`
      if (span && next !== key) {
        key = next
        const { first, last } = span(run, width, state.zoom)
        time.style.left = `${first - 11}px`
        time.style.width = `${last - first + 22}px`
        slider.max = String(columns)
        ticks.replaceChildren(...(folded ? [] : Array.from({ length: columns }, (_, t) => {
          const tick = element('span')
          tick.style.left = `calc(11px + ${columns > 1 ? t / (columns - 1) : 0} * (100% - 22px))`
          return tick
        })))
        slider.disabled = columns < 2
        root.classList.toggle('folded', folded)
      }
      if (slider.value !== String(state.step + 1)) slider.value = String(state.step + 1)
      stride = run.task ? 1 : Math.ceil(columns / 2)
      const words = folded && !run.task ? t`letter ${state.step + 1}` : t`step ${state.step + 1}`
      say(label, folded ? '' : words)
      if (slider.getAttribute('aria-valuetext') !== words) slider.setAttribute('aria-valuetext', words)
      show(window, folded && run.plan.length - 1 > columns)
      const [first, last, all] = [from + 1, from + columns, run.task?.sequences ?? run.plan.length].map(count)
      put(earlier, { 'aria-label': run.task ? t('The sequence before') : t('Earlier letters') })
      put(later, { 'aria-label': run.task ? t('Another sequence') : t('Later letters') })
      say(where, run.task ? (width < 400 ? t`${first} of ${all}` : t`sequence ${first} of ${all}`) : width < 350 ? `${first}–${last}` : width < 400 ? t`${first}–${last} of ${all}` : t`letters ${first}–${last} of ${all}`)
      earlier.disabled = from === 0
      later.disabled = from >= run.plan.length - 1 - columns
    },
    destroy() { root.replaceChildren() },
  }
}
