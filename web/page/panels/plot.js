/** What figures share: drawings as wide as their place, logarithmic scales, yellow handles, and tables for those who read instead of seeing. */
import { element, pool, put, say, shape, show } from '../draw/dom.js'
import { fixed, pointed } from '../draw/numbers.js'
import { t } from '../language/index.js'

const DIGITS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** @param {number} exponent  a whole number */
export const tenTo = (exponent) => `10${exponent < 0 ? '⁻' : ''}${String(Math.abs(exponent)).replace(/\d/g, (digit) => DIGITS[Number(digit)])}`

/** A share of something, however small. @param {number} v */
export function share(v) {
  if (!Number.isFinite(v)) return '–'
  if (v === 0) return t('nothing')
  if (v >= 10) return t`${v < 1000 ? fixed(v, 0) : v.toExponential(0).replace(/e\+?/, ' × 10^')} times`
  if (v >= 0.0001) return `${pointed(String(Number((v * 100).toPrecision(2))))} %`
  const [lead, exponent] = v.toExponential(0).split('e')
  return `${lead} × ${tenTo(Number(exponent))}`
}

/**
 * An SVG whose units are pixels.
 * @param {HTMLElement} figure
 * @param {number} height
 * @param {string} [name]  of its class
 */
export function createPlot(figure, height, name = '') {
  const svg = shape(figure, 'svg', { class: `figure plot ${name}`, role: 'group' })
  let width = 0
  /** @type {(() => void) | null} */
  let latest = null
  const observer = new ResizeObserver(([entry]) => {
    const now = Math.round(entry.contentRect.width)
    if (now === width) return
    width = now
    latest?.()
  })
  observer.observe(svg)
  return {
    svg,
    /** Draws now, and again when there is another width. @param {(width: number) => void} paint */
    draw(paint) {
      latest = () => {
        if (!width) return
        put(svg, { viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'false' })
        paint(width)
      }
      latest()
    },
    destroy: () => observer.disconnect(),
  }
}

/**
 * Decades from 1 downwards, or upwards where there is more than 1, between two heights. They grow with what is shown, and
 * begin anew with another key.
 * @param {number} top  @param {number} bottom  in pixels
 */
export function createDecades(top, bottom) {
  let [low, high, known] = [-2, 0, /** @type {unknown} */ (null)]
  return {
    /** @param {Iterable<number>} values  @param {unknown} key  @param {number} least  the lowest decade */
    fit(values, key, least = -10) {
      if (key !== known) [low, high, known] = [-2, 0, key]
      for (const v of values) {
        if (!(v > 0 && Number.isFinite(v))) continue
        const decade = Math.log10(v)
        while (decade < low && low > least) low -= 2
        while (decade > high && high < 10) high += 1
      }
    },
    /** @param {number} v */
    y: (v) => (v > 0 ? Math.max(top - 8, Math.min(bottom, top + ((high - Math.log10(v)) / (high - low)) * (bottom - top))) : bottom),
    get ticks() {
      const each = high - low > 8 ? 2 : 1
      return Array.from({ length: Math.floor((high - low) / each) + 1 }, (_, i) => high - i * each)
    },
  }
}

/** Lines across, with what they stand for at the left. @param {SVGElement} parent */
export function createRules(parent) {
  const lines = pool(shape(parent, 'g'), () => shape(null, 'path', { class: 'ground' }))
  const labels = pool(shape(parent, 'g'), () => shape(null, 'text', { class: 'soft end' }))
  return (/** @type {readonly { y: number, text: string }[]} */ rules, /** @type {number} */ from, /** @type {number} */ to) => {
    const shown = [lines(rules.length), labels(rules.length)]
    rules.forEach(({ y, text }, i) => {
      put(shown[0][i], { d: `M${from} ${y}H${to}` })
      put(shown[1][i], { x: from - 8, y: y + 4 })
      say(shown[1][i], text)
    })
  }
}

/** Numbers below an axis. @param {SVGElement} parent */
export function createMarks(parent) {
  const labels = pool(shape(parent, 'g'), () => shape(null, 'text', { class: 'soft middle' }))
  return (/** @type {readonly { x: number, text: string }[]} */ marks, /** @type {number} */ y) => {
    const shown = labels(marks.length)
    marks.forEach(({ x, text }, i) => {
      put(shown[i], { x, y })
      say(shown[i], text)
    })
  }
}

/** Whole numbers that divide an axis without crowding it. @param {number} most @param {number} room  pixels for each of them */
export function eachOf(most, room) {
  const least = Math.max(1, 44 / room)
  for (let power = 1; ; power *= 10) for (const lead of [1, 2, 5]) if (lead * power >= least || lead * power > most) return lead * power
}

/**
 * A yellow handle: dragged, or moved by the arrow keys. It is there once it has a place, since before that it cannot tell how far it may go.
 * @param {SVGSVGElement} svg
 * @param {{ label: string, move: (x: number, y: number) => void, step: (by: number, key: string) => void }} options  move: to a place of the drawing, in its units
 */
export function createHandle(svg, { label, move, step }) {
  const node = shape(svg, 'g', { class: 'slide', role: 'slider', tabindex: 0, 'aria-label': label })
  show(node, false)
  shape(node, 'rect', { class: 'reach', x: -16, y: -16, width: 32, height: 32 })
  shape(node, 'rect', { class: 'handle', x: -11, y: -9, width: 22, height: 18, rx: 5 })
  const toward = (/** @type {PointerEvent} */ event) => {
    const box = svg.getBoundingClientRect()
    const { width, height } = svg.viewBox.baseVal
    move((event.clientX - box.left) / box.width * width, (event.clientY - box.top) / box.height * height)
  }
  node.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    node.setPointerCapture(event.pointerId)
    node.focus({ preventScroll: true })
    event.preventDefault()
  })
  node.addEventListener('pointermove', (event) => { if (node.hasPointerCapture(event.pointerId)) toward(event) })
  node.addEventListener('keydown', (event) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -Infinity, End: Infinity }[event.key]
    if (!by || event.ctrlKey || event.altKey || event.metaKey) return
    event.preventDefault()
    step(by, event.key)
  })
  let pointer = -1
  node.addEventListener('pointerdown', ({ pointerId }) => { pointer = pointerId })
  return {
    node,
    /** Whether a hand is on it. */
    held: () => node.hasPointerCapture(pointer),
    /** @param {{ x: number, y: number, value: number, least: number, most: number, text: string }} place */
    put({ x, y, value, least, most, text }) {
      show(node, true)
      put(node, { transform: `translate(${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10})`, 'aria-valuemin': least, 'aria-valuemax': most, 'aria-valuenow': value, 'aria-valuetext': text })
    },
  }
}

const REST = 1000 // ms between two tellings while it trains

/**
 * The numbers of a figure, for those who do not see it.
 * @param {HTMLElement} figure  @param {string} caption  @param {readonly string[]} heads
 */
export function createTable(figure, caption, heads) {
  const body = element('tbody')
  const table = element('table', {}, element('caption', {}, caption), element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))), body)
  figure.append(element('div', { class: 'hidden' }, table))
  const rows = pool(body, () => element('tr', {}, element('th', { scope: 'row' }), ...heads.slice(1).map(() => element('td'))))
  let told = -Infinity
  return (/** @type {boolean} */ training, /** @type {() => readonly (readonly string[])[]} */ tell) => {
    const now = performance.now()
    if (training && now - told < REST) return
    told = now
    const lines = tell()
    const shown = rows(lines.length)
    lines.forEach((line, i) => line.forEach((text, k) => { const cell = shown[i].children[k]; if (cell) say(cell, text) }))
  }
}
