/** Names of the rows, verbs first and terms second, and the legend of the colours. */
import { put, say, shape } from '../../draw/dom.js'
import { squash, tableFor } from '../../draw/colour.js'
import { t } from '../../language/index.js'

/** @param {Element} parent @param {number} y  baseline of the verb */
export function createName(parent, y) {
  const verb = shape(parent, 'text', { x: 0, y, class: 'verb' })
  const term = shape(parent, 'text', { x: 0, y: y + 15, class: 'soft' })
  return (/** @type {string} */ a, /** @type {string} */ b) => { say(verb, a); say(term, b) }
}

/**
 * A symbol with an index, such as W_xh.
 * @param {Element} parent
 * @param {{ x: number, y: number, anchor?: string }} place
 * @param {string} symbol
 * @param {string} index
 */
export function createSymbol(parent, { x, y, anchor = 'start' }, symbol, index) {
  const text = shape(parent, 'text', { x, y, class: 'symbol', 'text-anchor': anchor })
  shape(text, 'tspan', {}, symbol)
  shape(text, 'tspan', { dy: 3, 'font-size': 11 }, index)
  return text
}

/** @param {Element} parent @param {number} x @param {number} y */
export function createLegend(parent, x, y) {
  const title = shape(parent, 'text', { x, y: y - 8, class: 'soft' })
  const stripes = Array.from({ length: 24 }, (_, i) => shape(parent, 'rect', { x: x + i * 4.5, y, width: 4.6, height: 10 }))
  const marks = [-1, 0, 1].map((v) => {
    const at = x + 54 + 54 * squash(v)
    shape(parent, 'path', { d: `M${at} ${y + 10}v4`, class: 'wire' })
    return shape(parent, 'text', { x: at, y: y + 27, class: 'soft middle' })
  })
  return (/** @type {boolean} */ back, /** @type {number} */ unit) => {
    say(title, back ? t('colour of a gradient') : t('colour of a number'))
    const table = tableFor(back ? 'gradient' : 'value')
    stripes.forEach((stripe, i) => { stripe.style.fill = table[Math.round((i / 23) * 512)].background })
    const one = back ? (unit >= 0.001 ? String(Number(unit.toPrecision(1))) : unit.toExponential(0).replace('-', '\u2212')) : '1'
    ;['\u2212' + one, '0', one].forEach((text, i) => say(marks[i], text))
  }
}

/** What the gates look like. @param {Element} parent @param {number} y @param {(x: number, y: number, open: number) => void} draw */
export function createGateLegend(parent, y, draw) {
  shape(parent, 'text', { x: 0, y, class: 'soft' }, t('a gate'))
  ;/** @type {[number, string][]} */ ([[1, t('open')], [0.5, t('half')], [0, t('shut')]]).forEach(([open, word], i) => {
    draw(14 + i * 34, y + 20, open)
    shape(parent, 'text', { x: 14 + i * 34, y: y + 48, class: 'soft middle' }, word)
  })
}

/** The yellow column. @param {Element} parent @param {number} height */
export function createWash(parent, height) {
  const rect = shape(parent, 'rect', { class: 'wash', y: -4, height: height + 4, rx: 6 })
  return (/** @type {number} */ x, /** @type {number} */ width) => put(rect, { x, width })
}
