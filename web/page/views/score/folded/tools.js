/** What one can ask of the folded score: what it shows, in which order, how close, a neuron by its number, and a place of the text by its words. */
import { element, say, show } from '../../../draw/dom.js'
import { count } from '../../../draw/numbers.js'
import { t } from '../../../language/index.js'
import { createUnit } from '../../../panels/unit.js'
import { zoomsOf } from './geometry.js'
import { ORDERS } from './order.js'
import { shownOf } from './strands.js'

/** @typedef {import('../../../types.js').State} State */
/** @typedef {import('../../../types.js').Run} Run */
/** @typedef {import('./geometry.js').Geometry} Geometry */

/** @param {string} words */
const clip = (words) => (words.length > 16 ? `${words.slice(0, 16)}…` : words)

/** @param {HTMLElement} root @param {Run} run @param {Geometry} g @param {import('../../../types.js').Emit} emit */
export function createTools(root, run, g, emit) {
  let state = /** @type {State | null} */ (null)
  let zoom = 0
  const zooms = zoomsOf(run, g.width)
  const options = shownOf()[String(run.config.cell)] ?? shownOf().vanilla
  const showing = createMenu(t('showing'), options, (name) => emit({ type: 'showing', name }))
  const sorted = createMenu(t('sorted by'), Object.entries(ORDERS).map(([by, words]) => [by, t(words)]), (by) => emit({ type: 'sort', by }))
  const again = element('button', { class: 'mini', click: () => state && emit({ type: 'sort', by: state.sort.by }) }, t('sort again'))
  const answer = element('output', { 'aria-live': 'polite' })
  const tell = (/** @type {string} */ text) => { say(answer, text); answer.title = text }
  const unit = createUnit(emit, (text) => tell(t`there is no “${clip(text)}”, only 1 to ${g.H}`))
  const field = element('input', { type: 'search', 'aria-label': t('Find words in the text'), placeholder: t('words'), enterkeyhint: 'search', autocomplete: 'off', spellcheck: 'false' })
  const find = element('form', { class: 'find', role: 'search', submit: (/** @type {Event} */ event) => { event.preventDefault(); void search() } },
    element('span', { class: 'soft' }, t('find'), answer), element('span', {}, field, element('button', { class: 'mini' }, t('next'))))
  const zoomTo = (/** @type {number} */ way) => {
    const next = zooms[nearest(zooms, zoom) + way]
    if (next === undefined) return
    zoom = next
    emit({ type: 'zoom', value: next })
  }
  const away = element('button', { class: 'icon', 'aria-label': t('Zoom out'), title: t('Zoom out, or − on the map'), click: () => zoomTo(-1) }, '−')
  const closer = element('button', { class: 'icon', 'aria-label': t('Zoom in'), title: t('Zoom in, or + on the map'), click: () => zoomTo(1) }, '+')
  const bar = element('div', { class: 'tools', role: 'group', 'aria-label': t('The heat map') },
    showing.node, element('span', { class: 'sorting' }, sorted.node, again),
    element('span', { class: 'tool' }, element('span', { class: 'soft' }, t('go to')), unit.node), find,
    element('span', { class: 'tool' }, element('span', { class: 'soft' }, t('zoom')), element('span', { class: 'zoom' }, away, closer)))
  bar.style.maxWidth = `${g.width - g.panel - (g.wide ? 16 : 0)}px`
  root.append(bar)

  /** The window goes to the words, with some of what stands before them. */
  async function search() {
    if (!state?.run) return
    const words = field.value
    if (!words.trim()) return tell(t('type some words'))
    const { findIn } = await import('./find.js')
    const found = findIn(state.text, words, state.from + state.step, state.run)
    if (!found) return tell(t`“${clip(words.trim())}” is not in the text`)
    const from = Math.max(0, Math.min(found.at - Math.floor(g.read / 4), state.run.plan.length - 1 - g.read))
    emit({ type: 'pan', from })
    emit({ type: 'step', value: found.at - from })
    tell(found.again ? t`letter ${count(found.at + 1)}, from the start` : t`letter ${count(found.at + 1)}`)
  }

  return {
    zoomTo,
    /** @param {Geometry} now @param {State} next */
    render(now, next) {
      g = now
      state = next
      zoom = next.zoom
      show(showing.node, options.length > 1)
      showing.set(next.showing || options[0][0], next.direction === 'backward')
      sorted.set(next.sort.by)
      again.style.visibility = next.sort.by === 'number' ? 'hidden' : ''
      unit.render(next, run)
      show(find, !run.task)
      const at = nearest(zooms, next.zoom)
      away.disabled = at === 0
      closer.disabled = at === zooms.length - 1
    },
  }
}

/** @param {readonly number[]} zooms @param {number} zoom */
const nearest = (zooms, zoom) => Math.max(0, zooms.filter((one) => one <= zoom).length - 1)

/** @param {string} label @param {readonly (readonly [value: string, words: string])[]} options @param {(value: string) => void} choose */
function createMenu(label, options, choose) {
  const menu = element('select', { change: () => choose(menu.value) }, ...options.map(([value, words]) => element('option', { value }, words)))
  return {
    node: element('label', { class: 'tool' }, element('span', { class: 'soft' }, label), menu),
    /** @param {string} value @param {boolean} [disabled] */
    set(value, disabled = false) {
      if (menu.value !== value) menu.value = value
      menu.disabled = disabled
    },
  }
}
