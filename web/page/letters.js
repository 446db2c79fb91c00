/** What a text is made of, counted in slices so that the page stays responsive with texts of any size. */
import { createVocabulary, wordsOf } from '../engine/text.js'

/** @typedef {{ length: number, symbols: [symbol: string, count: number][] }} Letters  most frequent first */

const SLICE = 1 << 18

/**
 * What a text is made of, as it is cut.
 * @param {string} text @param {string} tokens
 * @returns {Promise<Letters>}
 */
export const countSymbols = (text, tokens) => tokens === 'words' ? countWords(text) : tokens === 'bytes' ? countBytes(text) : countLetters(text)

/** @param {string} text @returns {Promise<Letters>} */
async function countWords(text) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  let length = 0
  for (const word of wordsOf(text)) {
    counts.set(word, (counts.get(word) ?? 0) + 1)
    if (++length % (SLICE / 4) === 0) await new Promise((resolve) => setTimeout(resolve))
  }
  return { length, symbols: [...counts].sort((a, b) => b[1] - a[1]) }
}

/** @param {string} text @returns {Promise<Letters>} */
async function countBytes(text) {
  const { symbols: faces } = createVocabulary('', { tokens: 'bytes' })
  const counts = new Float64Array(faces.length)
  let length = 0
  for (let from = 0; from < text.length; from += SLICE) {
    const bytes = new TextEncoder().encode(text.slice(from, from + SLICE))
    for (const byte of bytes) counts[byte]++
    length += bytes.length
    await new Promise((resolve) => setTimeout(resolve))
  }
  const symbols = faces.map((face, byte) => /** @type {[string, number]} */ ([face, counts[byte]])).filter(([, count]) => count > 0)
  return { length, symbols: symbols.sort((a, b) => b[1] - a[1]) }
}

/**
 * @param {string} text
 * @returns {Promise<Letters>}
 */
async function countLetters(text) {
  const plane = new Uint32Array(65536)
  /** @type {Map<number, number>} */
  const beyond = new Map()
  let length = 0
  for (let i = 0; i < text.length; i++, length++) {
    const code = text.codePointAt(i) ?? 0
    if (code > 65535) { beyond.set(code, (beyond.get(code) ?? 0) + 1); i++ }
    else plane[code]++
    if (i % SLICE === SLICE - 1) await new Promise((resolve) => setTimeout(resolve))
  }
  /** @type {[string, number][]} */
  const symbols = []
  for (let code = 0; code < plane.length; code++) if (plane[code]) symbols.push([String.fromCharCode(code), plane[code]])
  for (const [code, count] of beyond) symbols.push([String.fromCodePoint(code), count])
  return { length, symbols: symbols.sort((a, b) => b[1] - a[1]) }
}

/**
 * The parts of a text and how many symbols each is for the network, which are none where it does not know a letter.
 * @param {string} text @param {import('./types.js').Run['vocabulary']} vocabulary
 * @returns {Generator<{ part: string, symbols: number }, void, void>}
 */
export function* partsOf(text, { tokens, symbols }) {
  if (tokens === 'words') {
    for (const part of wordsOf(text)) yield { part, symbols: 1 }
    return
  }
  const known = new Set(symbols)
  for (const part of text) yield { part, symbols: tokens === 'bytes' ? bytesOf(part) : Number(known.has(part)) }
}

/** Of one character in UTF-8. @param {string} character */
function bytesOf(character) {
  const code = character.codePointAt(0) ?? 0
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
}

/**
 * What stands before, in and after a place of a text, counted in symbols; cut where there is more.
 * @param {string} text @param {number} from @param {number} length @param {number} around
 * @param {import('./types.js').Run['vocabulary']} vocabulary
 */
export function passageOf(text, from, length, around, vocabulary) {
  const ends = [from - around, from, from + length, from + length + around].map((at) => Math.max(0, at))
  const units = ends.map(() => text.length)
  let [unit, symbol] = [0, 0]
  for (const { part, symbols } of partsOf(text, vocabulary)) {
    for (let i = 0; i < 4; i++) if (symbol >= ends[i] && units[i] === text.length) units[i] = unit
    if (symbol > ends[3]) break
    symbol += symbols
    unit += part.length
  }
  const [start, first, last, end] = units
  return [(start > 0 ? '…' : '') + text.slice(start, first), text.slice(first, last), text.slice(last, end) + (end < text.length ? '…' : '')]
}
