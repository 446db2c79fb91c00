/** One number of the score: a square for a value, a pill for a gradient, an outline for what has not happened yet. */
import { placed, put, say, shape } from './dom.js'
import { shade } from './colour.js'

/** @typedef {import('./colour.js').Scale} Scale */

/**
 * @param {Element} parent
 * @param {{ x: number, y: number, width: number, height: number, size?: number, spot?: string }} box  size: of the type; 0 shows no number; spot: see place.js
 */
export function createCell(parent, { x, y, width, height, size = 14, spot }) {
  const group = spot ? placed(parent, spot) : parent
  const rect = shape(group, 'rect', { x, y, width: Math.max(1, width), height: Math.max(1, height), rx: 2, class: 'cell' })
  const text = size ? shape(group, 'text', { x: x + width / 2, y: y + height / 2 + size * 0.35, 'font-size': size, class: 'middle' }) : null
  const corner = { value: Math.min(2, height / 4), gradient: Math.min(15, height / 2) }
  let last = ''
  return {
    /** @param {Scale} scale @param {number} value @param {string} words @param {number} [unit] */
    paint(scale, value, words, unit) {
      const { background, text: ink } = shade(scale, value, unit)
      const key = scale + background
      if (key !== last) {
        last = key
        put(rect, { rx: corner[scale], class: 'cell' })
        rect.style.fill = background
        if (text) text.style.fill = ink
      }
      if (text) say(text, words)
    },
    /** What has not been computed yet at the chosen step. */
    clear() {
      if (last === '') return
      last = ''
      put(rect, { class: 'cell blank', rx: 2 })
      rect.style.fill = ''
      if (text) say(text, '')
    },
  }
}

/**
 * Weights: a grid of colours without numbers, painted only when they change.
 * @param {Element} parent
 * @param {{ x: number, y: number, rows: number, columns: number, width: number, height: number }} box  size of one cell
 * @param {{ name: string, step: number, at: (row: number, column: number) => number, feeds: (row: number, column: number) => string }} weights
 *   the parameter, where (row, column) lies in it, and the number that each goes into
 */
export function createMatrix(parent, { x, y, rows, columns, width, height }, { name, step, at, feeds }) {
  const placeOf = (/** @type {number} */ n) => /** @type {const} */ ([Math.floor(n / columns), n % columns])
  const gap = width > 4 && height > 4 ? 1 : 0.5
  const rects = Array.from({ length: rows * columns }, (_, n) => shape(parent, 'rect', {
    x: x + (n % columns) * width + gap / 2, y: y + Math.floor(n / columns) * height + gap / 2, width: width - gap, height: height - gap,
    'data-weight': `${step} ${name} ${at(...placeOf(n))}`, 'data-feeds': feeds(...placeOf(n)),
  }))
  const drawn = new Array(rows * columns).fill('')
  return {
    /** @param {ArrayLike<number>} data */
    paint(data) {
      for (let n = 0; n < rects.length; n++) {
        const { background } = shade('value', data[at(...placeOf(n))])
        if (drawn[n] !== background) rects[n].style.fill = drawn[n] = background
      }
    },
  }
}
