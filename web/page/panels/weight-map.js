/** All weights of a part of a parameter: a pixel each, and how many there are of each size. */
import { element, pool, put, say, shape, show } from '../draw/dom.js'
import { indexOf, tableFor } from '../draw/colour.js'
import { fixed } from '../draw/numbers.js'
import { t } from '../language/index.js'

/** @typedef {import('../../engine/region.js').Told} Told */
/** @typedef {import('./weight-names.js').Block} Block */

/** The widest that one weight is drawn, in pixels. */
const WIDEST = 16

/** @param {HTMLElement} root */
export function createMap(root) {
  const canvas = element('canvas', { role: 'img' })
  const marker = element('i')
  const title = element('span', { class: 'verb' })
  root.append(element('div', { class: 'pixels' }, canvas, marker), title)
  const context = canvas.getContext('2d')
  let image = new ImageData(1, 1)
  let pixels = new Uint32Array(image.data.buffer)
  let choose = (/** @type {number} */ _row, /** @type {number} */ _column) => {}
  canvas.addEventListener('click', (event) => {
    const box = canvas.getBoundingClientRect()
    choose((event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width)
  })

  return {
    /** @param {Block} block @param {Told} told @param {{ row: number, column: number, columns: number }} pick @param {(row: number, column: number) => void} pickAt */
    render(block, { shape: [rows, columns], each, values }, pick, pickAt) {
      // One column lies on its side.
      const flat = columns === 1
      const [height, width] = flat ? [1, rows] : [rows, columns]
      choose = (y, x) => choosePart(...(flat ? /** @type {const} */ ([x, 0]) : /** @type {const} */ ([y, x])))
      const choosePart = (/** @type {number} */ down, /** @type {number} */ right) => pickAt(block.row + Math.min(block.rows - 1, Math.floor(down * rows) * each[0]), Math.min(pick.columns - 1, Math.floor(right * columns) * each[1]))
      if (canvas.width !== width || canvas.height !== height) {
        put(canvas, { width, height })
        image = new ImageData(width, height)
        pixels = new Uint32Array(image.data.buffer)
        root.style.maxWidth = `${Math.max(64, width * WIDEST)}px`
        canvas.style.height = flat ? `${WIDEST}px` : ''
      }
      const table = tableFor('value')
      for (let i = 0; i < pixels.length; i++) pixels[i] = table[indexOf(values[i])].pixel
      context?.putImageData(image, 0, 0)
      say(title, block.title)
      put(canvas, { 'aria-label': `${block.title || t('weights')}, ${block.rows} × ${pick.columns}` })
      const inside = pick.row >= block.row && pick.row < block.row + block.rows
      show(marker, inside)
      if (!inside) return
      const [down, right] = [Math.floor((pick.row - block.row) / each[0]), Math.floor(pick.column / each[1])]
      Object.assign(marker.style, {
        left: `${(flat ? down : right) / width * 100}%`, top: `${(flat ? 0 : down) / height * 100}%`, width: `${100 / width}%`, height: `${100 / height}%`,
      })
    },
  }
}

/** @param {HTMLElement} root */
export function createHistogram(root) {
  const node = element('div', { class: 'histogram' })
  const caption = element('div', { class: 'caption' })
  root.append(node)
  node.append(caption)
  const svg = shape(node, 'svg', { class: 'figure', role: 'img', viewBox: '0 0 410 96' })
  const title = shape(svg, 'title', {}, t('How many weights there are of each size'))
  const bars = pool(shape(svg, 'g'), () => shape(null, 'rect', { class: 'bar', width: 9 }))
  shape(svg, 'path', { class: 'axes', d: 'M0 76.5H410' })
  const marks = [0, 205, 410].map((x, i) => shape(svg, 'text', { x, y: 92, class: 'soft', 'text-anchor': ['start', 'middle', 'end'][i] }))
  return {
    /** @param {Told} told @param {string} of */
    render({ counts, limit }, of) {
      const all = counts.reduce((sum, n) => sum + n, 0)
      show(node, all > 64)
      say(caption, of ? t`how many there are of each size, ${of}` : t('how many there are of each size'))
      const most = Math.max(1, ...counts)
      bars(counts.length).forEach((bar, i) => put(bar, { x: i * 10, y: (76 - 72 * counts[i] / most).toFixed(1), height: (72 * counts[i] / most).toFixed(1) }))
      ;[-limit, 0, limit].forEach((value, i) => say(marks[i], fixed(value)))
      const small = counts.reduce((sum, n, i) => (Math.abs(i - (counts.length - 1) / 2) <= (counts.length - 1) / 8 ? sum + n : sum), 0)
      say(title, t`${all} weights between ${fixed(-limit)} and ${fixed(limit)}; ${Math.round(100 * small / all)} % are within a quarter of that`)
    },
  }
}
