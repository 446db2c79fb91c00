/** How numbers are written: a true minus sign, thin spaces between thousands, no more digits than can be read. The decimal sign is that of the language. */
import { english, point, t } from '../language/index.js'

const MINUS = '\u2212'
const THIN = '\u2009'

/** @param {string} text  of a number, with a point */
export const pointed = (text) => text.replace('.', point)

/** @param {number} v @param {number} [digits] */
export function fixed(v, digits = 2) {
  const text = Math.abs(v).toFixed(digits)
  return (v < 0 && Number(text) !== 0 ? MINUS : '') + pointed(text)
}

/** Gradients fade over many orders of magnitude. @param {number} v */
export function small(v) {
  const size = Math.abs(v)
  if (size === 0 || size >= 0.005) return fixed(v)
  return (v < 0 ? MINUS : '') + size.toExponential(0).replace('e-', `e${MINUS}`)
}

/** A rounded 100 would claim certainty. @param {number} p */
export const percent = (p) => (p > 0.995 && p < 1 ? '99' : String(Math.round(p * 100)))

/** @param {number} n */
export const count = (n) => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, THIN)

/** @param {number} n */
export function short(n) {
  if (n < 1000) return String(n)
  if (n < 1e6) return (n < 1e4 ? fixed(n / 1000, 1) : String(Math.round(n / 1000))) + 'k'
  return fixed(n / 1e6, 1) + 'M'
}

/** @param {number} v  a hyperparameter: at most four significant digits, no trailing noise */
export function plain(v) {
  if (Number.isInteger(v)) return Math.abs(v) < 1e4 ? String(v).replace('-', MINUS) : (v < 0 ? MINUS : '') + count(Math.abs(v))
  if (Math.abs(v) >= 1e-4) return pointed(String(Number(v.toPrecision(4)))).replace('-', MINUS)
  return pointed(v.toExponential()).replace('-', MINUS)
}

/** @param {number} v  three significant digits */
export function three(v) {
  const size = Math.abs(v)
  if (!Number.isFinite(v)) return '–'
  if (size >= 1000) return count(v)
  if (size !== 0 && size < 0.001) return pointed(v.toExponential(1)).replace('-', MINUS)
  return fixed(v, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)
}

/** @param {number} seconds */
export function duration(seconds) {
  const s = Math.floor(seconds)
  return s < 60 ? `${s} s` : s < 3600 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`
}

/** @param {number} n */
export function bytes(n) {
  return n < 1e6 ? `${Math.max(1, Math.round(n / 1000))} kB` : `${fixed(n / 1e6, 1)} MB`
}

const NAMES = english(['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'])

/** @param {number} n */
export const inWords = (n) => NAMES[n] ? t(NAMES[n]) : count(n)

/** @param {string} text */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1)

/** Stands for all words that the network does not know. */
const UNKNOWN = '⟨?⟩'

/** As much of it as has room. @param {string} face @param {number} most */
export const clipped = (face, most) => face.length > most && [...face].length > most ? `${[...face].slice(0, Math.max(1, most - 1)).join('')}…` : face

/** What a character of a word is wide, in pixels; an ellipsis is twice as wide. */
const CHARACTER = 8

/** A byte in hexadecimal digits, or what is unknown, where there is no room for brackets. */
const BRACKETED = /^⟨(..?)⟩$/

/** Words and names of classes are cut to what a column has room for. @param {string} face @param {number} width */
export function fitting(face, width) {
  const [room, all, capitals] = [Math.floor(width / CHARACTER), [...face].length, face.match(/\p{Lu}/gu)?.length ?? 0]
  if (all <= 1 || all + capitals / 2 <= room) return face
  return BRACKETED.test(face) ? face.replace(BRACKETED, '$1') : room > 3 ? clipped(face, room - 1) : [...face.replace(/^·/, '')][0]
}

/** Characters that have no shape get one. @param {string} symbol */
export function glyph(symbol) {
  if (symbol?.length > 1 && symbol.startsWith(' ')) return `·${symbol.slice(1)}` // a word, and the space before it
  if (symbol === ' ') return '·'
  if (symbol === '\n') return '↵'
  if (symbol === '\t') return '⇥'
  if (symbol === '\r') return '␍'
  return symbol < ' ' || symbol === undefined ? '␣' : symbol
}

/** @param {string} symbol */
export function spoken(symbol) {
  if (symbol === UNKNOWN) return t('an unknown word')
  if (symbol.length > 1 && /^[ ·]/.test(symbol)) return symbol.slice(1)
  return symbol === ' ' ? t('space') : symbol === '\n' ? t('line break') : symbol === '\t' ? t('tab') : symbol
}

/** @param {ArrayLike<number>} values @param {number} from @param {number} length @returns {number} offset of the largest */
export function largest(values, from, length) {
  let best = 0
  for (let k = 1; k < length; k++) if (values[from + k] > values[from + best]) best = k
  return best
}
