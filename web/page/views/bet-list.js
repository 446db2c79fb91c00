/** The likeliest letters with a bar each. */
import { pool, element, say } from '../draw/dom.js'
import { shade } from '../draw/colour.js'
import { clipped, glyph, percent } from '../draw/numbers.js'

/** @typedef {{ p: number, k: number }} Bet  probability and symbol */

/** @param {ArrayLike<number>} distribution @param {number} most @returns {Bet[]} the likeliest first */
export const likeliest = (distribution, most) => Array.from(distribution, (p, k) => ({ p, k })).sort((a, b) => b.p - a.p).slice(0, most)

/** @param {HTMLElement} root */
export function createBetList(root) {
  root.className = 'bets'
  const rows = pool(root, () => element('div', { class: 'bet' },
    element('span', { class: 'letter' }), element('span', { class: 'room' }, element('i')), element('span', { class: 'percent' })))
  /** @param {Bet[]} bets @param {number} chosen  the symbol to stress @param {readonly string[]} symbols */
  return (bets, chosen, symbols) => {
    const longest = Math.max(0, ...bets.map(({ k }) => (symbols[k] ?? '').length))
    root.style.setProperty('--name', longest > 1 ? `${Math.min(9, longest * 0.75)}em` : '14px')
    rows(bets.length).forEach(paint)
    /** @param {HTMLElement} row @param {number} i */
    function paint(row, i) {
      const { p, k } = bets[i]
      const [letter, room, number] = row.children
      say(letter, clipped(glyph(symbols[k] ?? ''), 12))
      say(number, `${percent(p)} %`)
      row.classList.toggle('chosen', k === chosen)
      const bar = /** @type {HTMLElement} */ (room.firstElementChild)
      bar.style.transform = `scaleX(${Math.max(0.01, p).toFixed(3)})`
      bar.style.background = shade('value', p).background
    }
  }
}
