/** One number of the score: a square for a value, a pill for a gradient, an outline for what has not happened yet. */
import { put, say, shape } from './dom.js'
import { shade } from './colour.js'

/** @typedef {import('./colour.js').Scale} Scale */

/**
 * @param {Element} parent
 * @param {{ x: number, y: number, width: number, height: number, size?: number }} box  size: of the type; 0 shows no number
 */
export function createCell(parent, { x, y, width, height, size = 14 }) {
  const rect = shape(parent, 'rect', { x, y, width: Math.max(1, width), height: Math.max(1, height), rx: 2, class: 'cell' })
  const text = size ? shape(parent, 'text', { x: x + width / 2, y: y + height / 2 + size * 0.35, 'font-size': size, class: 'middle' }) : null
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
 */
export function createMatrix(parent, { x, y, rows, columns, width, height }) {
  const gap = width > 4 && height > 4 ? 1 : 0.5
  const rects = Array.from({ length: rows * columns }, (_, n) => shape(parent, 'rect', {
    x: x + (n % columns) * width + gap / 2, y: y + Math.floor(n / columns) * height + gap / 2, width: width - gap, height: height - gap,
  }))
  const drawn = new Array(rows * columns).fill('')
  return {
    /** @param {ArrayLike<number>} data @param {(row: number, column: number) => number} at  where (row, column) lies in data */
    paint(data, at) {
      for (let n = 0; n < rects.length; n++) {
        const { background } = shade('value', data[at(Math.floor(n / columns), n % columns)])
        if (drawn[n] !== background) rects[n].style.fill = drawn[n] = background
      }
    },
  }
}
