/**
 * Holding numbers of the drawing by hand: dragged sideways, or moved by + and −, a state or a gate stays where it is put, and
 * all that follows from it is seen. A yellow bar says that a number can be dragged, a black corner that it is held.
 */
import { say, shape } from '../draw/dom.js'
import { fixed } from '../draw/numbers.js'
import { spotOf, spotText } from '../draw/place.js'
import { t } from '../language/index.js'
import { canHold, holding, holdOf, movedBy, rangeOf, spotOfHold, valueAt, without } from './holds.js'

/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Frame} Frame */
/** @typedef {import('../types.js').Hold} Hold */

/** Pixels of a step, and how far a hand may tremble. */
const PIXELS = 4
/** Steps of a key. */
const KEYS = /** @type {Record<string, number>} */ ({ '+': 5, '=': 5, '-': -5, '_': -5, '\u2212': -5 })
/** Side of what can be touched. */
const TOUCH = 24

/** What a number of the drawing shows for it. @param {Element} node */
function dress(node) {
  const face = node.querySelector('.cell, .jamb')
  if (!face) return
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(face.getAttribute(name)))
  const [right, bottom, middle] = [x + width, y + height, x + width / 2]
  if (face.matches('.jamb')) {
    const [w, h] = [Math.max(TOUCH, width), Math.max(TOUCH, height)]
    node.prepend(shape(null, 'rect', { class: 'room', x: middle - w / 2, y: y + height / 2 - h / 2, width: w, height: h }))
    shape(node, 'rect', { class: 'grip', x: middle - 8, y: bottom + 1, width: 16, height: 4, rx: 2 })
    shape(node, 'path', { class: 'pin', d: `M${middle - 5} ${y - 8}h10l-5 7z` })
  } else {
    const corner = Math.min(10, height / 2)
    shape(node, 'rect', { class: 'grip', x: x + width * 0.2, y: bottom - 2, width: width * 0.6, height: 4, rx: 2 })
    shape(node, 'path', { class: 'pin', d: `M${right - corner} ${y}H${right}V${y + corner}z` })
  }
  shape(node, 'desc')
}

/** @type {import('../types.js').CreateView} */
export function createDragging(root, emit) {
  let state = /** @type {State | null} */ (null)
  let frame = /** @type {Frame | null} */ (null)
  /** @type {Element | null} */
  let drawing = null
  /** @type {readonly Hold[] | null} */
  let shown = null
  /** @type {{ node: Element, x: number, value: number, before: readonly Hold[], moved: boolean } | null} */
  let drag = null
  let dragged = false

  /** The number under an event, where it can be held. @param {Event} event */
  function numberAt({ target }) {
    const node = target instanceof Element ? target.closest('[data-spot]') : null
    const spot = node && spotOf(node.getAttribute('data-spot') ?? '')
    return state && frame && spot && canHold(spot, state) && node.querySelector('.grip') && !node.querySelector('.blank') ? { node, spot, state, frame } : null
  }

  const drop = () => { drag = null }
  /** Nothing is asked about meanwhile: all that follows is to be seen. @param {readonly Hold[]} holds */
  function hold(holds) {
    if (state) state = { ...state, holds } // another key may come before the next drawing
    emit({ type: 'hold', holds })
    emit({ type: 'ask', spot: null, follow: false })
  }
  /** As it was before a hand took it. */
  function cancel() {
    if (drag) hold(drag.before)
    drop()
  }

  const listeners = /** @type {[string, (event: never) => void, boolean?][]} */ ([
    ['pointerdown', (/** @type {PointerEvent} */ event) => {
      const at = event.button === 0 ? numberAt(event) : null
      dragged = false
      drag = at && { node: at.node, x: event.clientX, value: valueAt(at.state, at.frame, at.spot), before: at.state.holds, moved: false }
    }],
    ['pointermove', (/** @type {PointerEvent} */ event) => {
      if (!drag || !state?.run) return
      const distance = event.clientX - drag.x
      if (!drag.moved && Math.abs(distance) < PIXELS) return
      if (!drag.moved) drag.node.setPointerCapture(event.pointerId)
      drag.moved = dragged = true
      const spot = spotOf(drag.node.getAttribute('data-spot') ?? '')
      const value = movedBy(drag.value, Math.round(distance / PIXELS), rangeOf(spot.name, state.run.config))
      if (value !== holdOf(state.holds, spot)?.value) hold(holding(state.holds, spot, value))
    }],
    ['pointerup', drop], ['pointercancel', drop],
    ['click', (/** @type {Event} */ event) => {
      if (dragged) event.stopPropagation()
      dragged = false
    }, true],
    ['keydown', (/** @type {KeyboardEvent} */ event) => {
      const at = event.ctrlKey || event.altKey || event.metaKey ? null : numberAt(event)
      if (!at || !at.state.run) return
      const { spot, state: { holds, run, pinned } } = at
      const steps = KEYS[event.key]
      const lets = holdOf(holds, spot) && (['Delete', 'Backspace'].includes(event.key) || (event.key === 'Escape' && !pinned))
      if (!steps && !lets) return
      event.preventDefault()
      hold(lets ? without(holds, spot) : holding(holds, spot, movedBy(valueAt(at.state, at.frame, spot), steps, rangeOf(spot.name, run.config))))
    }],
  ])
  for (const [type, listener, capture] of listeners) root.addEventListener(type, /** @type {EventListener} */ (listener), capture)
  const escape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Escape' || !drag?.moved) return
    event.preventDefault()
    event.stopPropagation()
    cancel()
  }
  document.addEventListener('keydown', escape, true)

  /** @param {readonly Hold[]} holds */
  function mark(holds) {
    shown = holds
    const held = new Map(holds.map((hold) => [spotText(spotOfHold(hold)), hold]))
    for (const node of root.querySelectorAll('[data-spot]:has(> .grip)')) {
      const hold = held.get(node.getAttribute('data-spot') ?? '')
      node.classList.toggle('held', hold !== undefined)
      const told = node.querySelector('desc')
      if (told) say(told, hold ? t`Held by hand at ${fixed(hold.value)}. Delete lets go.` : t('Drag it sideways, or press plus or minus, to hold it.'))
    }
  }

  return {
    render(next, now) {
      state = next
      frame = now
      if (root.firstElementChild !== drawing || (shown === null && root.querySelector('[data-spot]'))) {
        drawing = root.firstElementChild
        for (const node of root.querySelectorAll('[data-spot]:not(:has(> .grip))')) {
          if (canHold(spotOf(node.getAttribute('data-spot') ?? ''), { ...next, direction: 'forward' })) dress(node)
        }
        mark(next.holds)
      }
      if (shown !== next.holds) mark(next.holds)
      root.classList.toggle('draggable', next.direction === 'forward')
    },
    destroy() {
      for (const [type, listener, capture] of listeners) root.removeEventListener(type, /** @type {EventListener} */ (listener), capture)
      document.removeEventListener('keydown', escape, true)
    },
  }
}
