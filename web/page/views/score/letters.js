/** The upper end of a column: the letters of the vocabulary with the one that is read, and the one-hot input. */
import { put, say, shape } from '../../draw/dom.js'
import { createCell } from '../../draw/cell.js'
import { fitting, glyph } from '../../draw/numbers.js'

/**
 * @param {Element} parent
 * @param {{ x: number, letter: number, wide: boolean, oneHot?: { y: number, height: number } }} place
 * @param {readonly string[]} symbols
 */
export function createLetters(parent, { x, letter, wide, oneHot }, symbols) {
  const V = symbols.length
  const faces = symbols.map((symbol, k) => shape(parent, 'text', { x: x + (k + 0.5) * letter, y: wide ? 24 : 22, class: 'letter middle' }, fitting(glyph(symbol), letter)))
  const cells = oneHot ? symbols.map((_, k) => createCell(parent, { x: x + k * letter + 1, y: oneHot.y, width: letter - 2, height: oneHot.height, size: letter >= 10 ? 12 : 0 })) : []
  return {
    /** @param {ArrayLike<number>} input  x of all steps @param {number} t @param {number} read  the letter @param {boolean} known */
    paint(input, t, read, known) {
      faces.forEach((face, k) => put(face, { class: k === read ? 'big middle' : 'letter middle' }))
      if (letter < 11) faces.forEach((face, k) => say(face, k === read ? fitting(glyph(symbols[k]), letter * V) : ''))
      cells.forEach((cell, k) => (known ? cell.paint('value', input[t * V + k], input[t * V + k] ? '1' : '0') : cell.clear()))
    },
  }
}
