/** Powers of ten, as they are written in print. */
import { shape } from '../draw/dom.js'

/** @param {SVGTextElement} text @param {number} exponent */
export function power(text, exponent) {
  if (exponent === 0) { text.textContent = '× 1'; return }
  shape(text, 'tspan', {}, '10')
  shape(text, 'tspan', { dy: -5, 'font-size': 10 }, String(exponent).replace('-', '−'))
}
