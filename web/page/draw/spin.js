/**
 * A yellow number: drag it sideways, use the arrow keys, or type. Yellow means that it can be dragged.
 */
import { t } from '../language/index.js'
import { element } from './dom.js'

/**
 * @typedef {object} SpinOptions
 * @property {string} label
 * @property {number} minimum
 * @property {number} maximum
 * @property {number} [step]                      of an arrow key and of four pixels, on a linear scale
 * @property {boolean} [whole]                     only whole numbers
 * @property {boolean} [logarithmic]              then 40 pixels or four arrow keys double it
 * @property {(value: number) => string} format
 * @property {(text: string) => number} [parse]
 * @property {(value: number) => void} change
 * @property {(text: string) => void} [refuse]  the typed text is not a number in range; without it the nearest one is taken
 */

/** @param {string} text */
export const parseNumber = (text) => Number(text.trim().replace(/\u2212/g, '-').replace(/[\s\u2009]/g, '').replace(',', '.').replace('%', '') || NaN)

/** ARIA knows no exponents. @param {number} v */
const decimal = (v) => (String(v).includes('e') ? v.toFixed(20).replace(/\.?0+$/, '') : String(v))

/** @param {SpinOptions} options */
export function createSpin(options) {
  const { label, minimum, logarithmic, format, change } = options
  let { maximum } = options
  const parse = options.parse ?? parseNumber
  let value = minimum
  let typing = false
  /** @type {{ x: number, value: number, moved: boolean } | null} */
  let drag = null
  let refused = false

  const node = element('input', {
    class: 'drag', type: 'text', role: 'spinbutton', inputmode: 'decimal', autocomplete: 'off', spellcheck: 'false',
    'aria-label': label, 'aria-valuemin': decimal(minimum), 'aria-valuemax': decimal(maximum),
    title: t`${label}: drag left or right, use the arrow keys, or type`,
  })

  const step = () => options.step ?? 1
  /** @param {number} v */
  const rounded = (v) => (logarithmic ? Number(v.toPrecision(2)) : Number((Math.round(v / step()) * step()).toPrecision(10)))
  /** @param {number} from @param {number} notches */
  const moved = (from, notches) => {
    const v = logarithmic ? (from > 0 ? from : 1e-6) * 2 ** (notches / 4) : from + notches * step()
    return Math.min(maximum, Math.max(minimum, rounded(v)))
  }
  const write = () => {
    const text = format(value)
    if (node.value !== text) node.value = text
    node.style.width = `calc(${Math.max(2, text.length)}ch + 12px)`
  }
  const publish = () => {
    const text = format(value)
    if (node.getAttribute('aria-valuetext') === text) return
    node.setAttribute('aria-valuenow', decimal(value))
    node.setAttribute('aria-valuetext', text)
  }
  /** @param {number} v */
  const accept = (v) => {
    typing = false
    refused = false
    node.removeAttribute('aria-invalid')
    const changed = v !== value
    value = v
    write()
    publish()
    if (changed) change(v)
  }
  const commit = () => {
    if (!typing) return
    const v = parse(node.value)
    if (v >= minimum && v <= maximum && !(options.whole && v % 1)) return accept(v)
    refused = true
    typing = false
    node.setAttribute('aria-invalid', 'true')
    options.refuse?.(node.value)
    if (!options.refuse) accept(v > maximum ? maximum : v < minimum ? minimum : value)
  }

  node.addEventListener('input', () => { typing = true; node.style.width = `calc(${Math.max(2, node.value.length)}ch + 12px)` })
  node.addEventListener('focus', () => node.select())
  node.addEventListener('blur', commit)
  node.addEventListener('keydown', (event) => {
    const notches = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key]
    if (notches) { event.preventDefault(); accept(moved(value, notches)) }
    else if (event.key === 'Enter') { commit(); node.select() }
    else if (event.key === 'Escape' && (typing || refused)) { event.stopPropagation(); accept(value); node.select() }
  })
  node.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || typing) return
    drag = { x: event.clientX, value, moved: false }
    node.setPointerCapture(event.pointerId)
    if (document.activeElement !== node) event.preventDefault()
  })
  node.addEventListener('pointermove', (event) => {
    if (!drag) return
    const distance = event.clientX - drag.x
    if (!drag.moved && Math.abs(distance) < 4) return
    drag.moved = true
    event.preventDefault()
    accept(moved(drag.value, logarithmic ? distance / 10 : Math.round(distance / 4)))
  })
  const release = () => {
    if (drag && !drag.moved) { node.focus({ preventScroll: true }); node.select() }
    drag = null
  }
  node.addEventListener('pointerup', release)
  node.addEventListener('pointercancel', () => { drag = null })

  return {
    node,
    /** @param {number} most */
    limit(most) {
      if (most === maximum) return
      maximum = most
      node.setAttribute('aria-valuemax', decimal(most))
    },
    /** @param {number} v  what the state says; typing is not disturbed */
    set(v) {
      if (v === value && node.value !== '') return
      value = v
      if (!typing && !refused) write()
      publish()
    },
  }
}
