/** The lower end of a column: probability bars, the target as an empty glass that learning fills, and the target's tile. */
import { placed, put, say, shape } from '../../draw/dom.js'
import { shade } from '../../draw/colour.js'
import { fitting, glyph, largest, percent } from '../../draw/numbers.js'
import { t } from '../../language/index.js'

/** A word in a tile, in pixels. */
const NAME = { character: 9, edge: 12 }

/**
 * @param {Element} parent
 * @param {{ x: number, letter: number, wide: boolean, bars: { y: number, height: number }, betLetters: number, target: { y: number, width: number, height: number } }} place
 * @param {readonly string[]} symbols
 * @param {number} step
 */
export function createBets(parent, { x, letter, wide, bars, betLetters, target }, symbols, step) {
  const V = symbols.length
  const bar = Math.min(wide ? 28 : 10, letter * 0.62)
  const bottom = bars.y + bars.height
  const centre = (/** @type {number} */ k) => x + (k + 0.5) * letter
  const named = letter >= 8
  const rows = symbols.map((symbol, k) => {
    const group = placed(parent, `p 0 ${step} ${k}`)
    shape(group, 'rect', { x: x + k * letter, y: bars.y - 4, width: letter, height: betLetters + 4 - bars.y, class: 'hit' })
    return {
      bar: shape(group, 'rect', { x: centre(k) - bar / 2, width: bar, y: bottom, height: 0 }),
      number: shape(group, 'text', { x: centre(k), class: 'middle' }),
      letter: shape(group, 'text', { x: centre(k), y: betLetters, class: 'letter middle' }, named ? fitting(glyph(symbol), letter) : ''),
    }
  })
  shape(parent, 'path', { d: `M${x} ${bottom + 2.5}h${letter * V}`, class: 'ground' })
  const glass = shape(parent, 'rect', { y: bars.y - 2, width: bar + 4, height: bars.height + 4, rx: 2, class: 'glass' })
  const loss = placed(parent, `loss 0 ${step} 0`)
  const tile = shape(loss, 'rect', { y: target.y, width: target.width, height: target.height, rx: 3 })
  const face = shape(loss, 'text', { y: target.y + target.height / 2 + 8, class: 'big middle' })
  const verdict = shape(loss, 'text', { y: target.y + target.height / 2 + 5 })

  return {
    /**
     * @param {ArrayLike<number>} p  probabilities of all steps
     * @param {number} from          where this step begins in p
     * @param {number} right         the target
     * @param {'bets' | 'errors' | 'unknown'} mode
     */
    paint(p, from, right, mode) {
      const known = mode !== 'unknown'
      const guess = largest(p, from, V)
      const hit = guess === right
      rows.forEach((row, k) => {
        const share = known ? p[from + k] : 0
        const height = Math.max(known ? 1 : 0, share * bars.height)
        const { background, text } = shade('value', share)
        put(row.bar, { y: bottom - height, height, class: mode === 'errors' ? 'hollow' : '' })
        row.bar.style.fill = mode === 'errors' ? '' : background
        const inside = height > Math.min(34, bars.height * 0.55) && wide && letter >= 24
        put(row.number, { y: wide ? (inside ? bottom - height + 16 : bottom - height - 5) : bars.y - 6 })
        row.number.style.fill = inside && mode === 'bets' ? text : ''
        row.number.style.fontWeight = k === guess ? '700' : ''
        say(row.number, known && (wide && letter >= 24 || k === guess) ? percent(share) : '')
        row.letter.classList.toggle('chosen', known && k === guess)
      })
      put(glass, { x: centre(right) - bar / 2 - 2 })
      const name = fitting(glyph(symbols[right] ?? ''), letter * V - NAME.edge)
      const long = [...name].length
      const width = long > 1 ? Math.max(target.width, long * NAME.character + NAME.edge) : target.width
      const at = Math.max(x - 6 + width / 2, Math.min(x + letter * V + 6 - width / 2, centre(right)))
      put(tile, { x: at - width / 2, width, class: !known ? 'tile plain' : hit ? 'tile right' : 'tile wrong' })
      put(face, { x: at, class: `${long > 1 ? 'name' : 'big'} middle${known && hit ? ' onink' : ''}` })
      say(face, name)
      const left = right >= V / 2
      const offset = width / 2 + (wide ? 9 : 6)
      put(verdict, { x: left ? at - offset : at + offset, 'text-anchor': left ? 'end' : 'start', class: hit ? 'strong' : 'soft' })
      const room = letter * V - width
      const roomy = wide && room >= 86
      say(verdict, !known || (long > 1 && room < 24) ? '' : hit ? (roomy ? t('✓ right') : '✓') : roomy ? t`it bets on ${fitting(glyph(symbols[guess]), room - 60)}` : '✗')
    },
  }
}
