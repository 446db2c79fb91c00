/** A small picture of points. */
import { element, put } from '../../draw/dom.js'

/** Pixels of a point. */
const POINT = 10

/** It is as square as most pictures until there is one. @param {HTMLElement} parent @param {string} title */
export function createPaper(parent, title) {
  const canvas = element('canvas', { role: 'img', class: 'paper', width: POINT, height: POINT })
  parent.append(element('figure', {}, canvas, element('figcaption', { class: 'soft' }, title)))
  const context = canvas.getContext('2d')
  return (/** @type {readonly number[]} */ ink, /** @type {number} */ across, down = across) => {
    const rows = Array.from({ length: down }, (_, y) => ink.slice(y * across, (y + 1) * across).map((value) => '.+#'[Math.round(value * 2)]).join(''))
    put(canvas, { width: across * POINT, height: down * POINT, 'aria-label': `${title}: ${rows.join(' ')}` })
    if (!context) return
    context.clearRect(0, 0, canvas.width, canvas.height)
    context.fillStyle = getComputedStyle(canvas).color
    ink.forEach((value, i) => {
      context.globalAlpha = value
      context.fillRect(i % across * POINT, Math.floor(i / across) * POINT, POINT - 1, POINT - 1)
    })
  }
}
