/**
 * Asking a number of the score what it is made of: by pointing, by focus, and for good by a click. Arrows move within the numbers of
 * one kind, Tab goes from kind to kind; what takes no part is dimmed.
 */
import { nameSpot, spotOf, spotText } from '../../draw/place.js'
import { explain, facing } from '../../arithmetic/index.js'

/** @typedef {import('../../types.js').State} State */
/** @typedef {import('../../types.js').Frame} Frame */
/** @typedef {import('../../types.js').Run} Run */
/** @typedef {import('../../arithmetic/place.js').Sum} Sum */
/** @typedef {import('../../arithmetic/place.js').Spot} Spot */

/** What is asked about now, with the numbers of the frame. @param {State} state @param {Frame | null} frame @returns {Sum | null} */
export function askedOf(state, frame) {
  const { spot, run } = state
  return spot && run && frame ? explain(frame, run.config, facing(spot, state.direction)) : null
}

const ACROSS = ['logits', 'p']

/** Where an arrow leads: letters stand side by side within a step. @param {Spot} spot @param {string} key @param {number} V @returns {Spot | null} */
function moved(spot, key, V) {
  const [dx, dy] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key] ?? [0, 0]
  if (!dx && !dy) return null
  if (!ACROSS.includes(spot.name)) return { ...spot, step: spot.step + dx, index: spot.index + dy }
  const place = spot.step * V + spot.index + dx
  return { ...spot, step: Math.floor(place / V), index: ((place % V) + V) % V }
}

/** @type {import('../../types.js').CreateView} */
export function createAsking(root, emit) {
  let state = /** @type {State | null} */ (null)
  let marked = ''
  /** @type {Element | null} */
  let drawing = null
  /** Whether the focus moves by keys; not every browser says so of shapes. */
  let byKeys = false
  const nodeOf = (/** @type {Spot} */ spot) => root.querySelector(`[data-spot="${spotText(spot)}"]`)
  /** @param {Event} event  the number under it, or the one that a weight goes into */
  const spotAt = ({ target }) => {
    const node = target instanceof Element ? target.closest('[data-spot], [data-feeds]') : null
    const text = node?.getAttribute('data-spot') ?? node?.getAttribute('data-feeds')
    return text ? spotOf(text) : null
  }

  /** One number of each kind can be reached by Tab: at the step, and in the row, where one was last. @param {Spot} [last] */
  function stops(last) {
    /** @type {Map<string, Element[]>} */
    const kinds = new Map()
    for (const node of root.querySelectorAll('[data-spot]')) {
      const { name, layer } = spotOf(node.getAttribute('data-spot') ?? '')
      const kind = `${name} ${layer}`
      if (!node.hasAttribute('role')) nameSpot(node)
      kinds.set(kind, [...kinds.get(kind) ?? [], node])
    }
    for (const nodes of kinds.values()) {
      const here = nodes.filter((node) => spotOf(node.getAttribute('data-spot') ?? '').step === (last?.step ?? 0))
      const same = last && here.find((node) => spotOf(node.getAttribute('data-spot') ?? '').index === last.index)
      const stop = same ?? here[0] ?? nodes[0]
      for (const node of nodes) node.setAttribute('tabindex', node === stop ? '0' : '-1')
    }
  }

  const listeners = /** @type {[string, (event: Event) => void][]} */ ([
    ['pointerover', (event) => {
      const unknown = event.target instanceof Element && event.target.matches('.blank')
      if (/** @type {PointerEvent} */ (event).pointerType !== 'touch') emit({ type: 'ask', spot: unknown ? null : spotAt(event), follow: false })
    }],
    ['pointerleave', () => emit({ type: 'ask', spot: null, follow: false })],
    ['focusin', (event) => {
      const spot = spotAt(event)
      if (!spot) return
      stops(spot)
      if (byKeys) emit({ type: 'ask', spot, follow: true })
    }],
    ['focusout', () => emit({ type: 'ask', spot: null, follow: false })],
    ['click', (event) => {
      const spot = spotAt(event)
      const same = spot && state?.pinned && state.spot && spotText(state.spot) === spotText(spot)
      if (spot) emit({ type: 'pin', spot: same ? null : spot })
    }],
    ['keydown', (event) => {
      const { key } = /** @type {KeyboardEvent} */ (event)
      const spot = spotAt(event)
      if (!spot) return
      const next = moved(spot, key, state?.run ? state.run.vocabulary.symbols.length : 1)
      const node = next && nodeOf(next)
      if (node instanceof SVGElement) node.focus()
      else if (key === 'Enter' || key === ' ') emit({ type: 'pin', spot: state?.pinned ? null : spot })
      if (next || key === 'Enter' || key === ' ') event.preventDefault()
    }],
  ])
  for (const [type, listener] of listeners) root.addEventListener(type, listener)
  const escape = (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape' && state?.spot && !event.defaultPrevented) emit({ type: 'pin', spot: null }) }
  const keys = () => { byKeys = true }
  const pointer = () => { byKeys = false }
  document.addEventListener('keydown', escape)
  document.addEventListener('keydown', keys, true)
  document.addEventListener('pointerdown', pointer, true)

  return {
    render(next, frame) {
      state = next
      if (root.firstElementChild !== drawing || !root.querySelector('[data-spot][tabindex="0"]')) {
        drawing = root.firstElementChild
        marked = ''
        stops()
      }
      const sum = askedOf(next, frame)
      const key = sum ? `${spotText(sum.spot)} ${next.pinned} ${frame && Array.prototype.join.call(frame.inputs)}` : ''
      if (key === marked) return
      marked = key
      mark(root, sum, next.pinned ? next.spot : null)
    },
    destroy() {
      for (const [type, listener] of listeners) root.removeEventListener(type, listener)
      document.removeEventListener('keydown', escape)
      document.removeEventListener('keydown', keys, true)
      document.removeEventListener('pointerdown', pointer, true)
    },
  }
}

/** @param {HTMLElement} root @param {Sum | null} sum @param {Spot | null} pinned */
function mark(root, sum, pinned) {
  const used = new Set()
  if (sum) {
    const both = (/** @type {Spot} */ spot) => { used.add(spotText(facing(spot, 'forward'))); used.add(spotText(spot)) }
    both(sum.spot)
    for (const { factors } of sum.terms) {
      const column = factors.find(({ gradient, spot }) => gradient && spot)?.spot?.step ?? sum.spot.step
      for (const { spot, weight } of factors) {
        if (spot) both(spot)
        if (weight) used.add(`${column} ${weight.name} ${weight.index}`)
      }
    }
  }
  root.classList.toggle('asking', sum !== null)
  const asked = sum ? spotText(facing(sum.spot, 'forward')) : ''
  for (const node of root.querySelectorAll('[data-spot], [data-weight]')) {
    const text = node.getAttribute('data-spot') ?? node.getAttribute('data-weight')
    node.classList.toggle('used', used.has(text))
    node.classList.toggle('asked', text === asked)
    if (node.hasAttribute('data-spot')) node.setAttribute('aria-pressed', String(pinned !== null && text === spotText(pinned)))
  }
}
