/** Finds words in the text that is read. */
import { partsOf } from '../../../letters.js'

/** @typedef {import('../../../types.js').Run} Run */

/** What is looked for: letters of either case, and any white space where there is some. @param {string} words */
const patternOf = (words) => new RegExp(words.trim().replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/\s+/g, '\\s+'), 'giu')

/**
 * The next place of these words after a symbol, from the start again where there is none; symbols are counted as the network reads
 * them, without letters that it does not know.
 * @param {string} text @param {string} words @param {number} after @param {Run} run
 * @returns {{ at: number, length: number, again: boolean } | null}  again: it was passed by
 */
export function findIn(text, words, after, { vocabulary, plan }) {
  if (words.trim() === '') return null
  const pattern = patternOf(words)
  pattern.lastIndex = unitAt(text, after + 1, vocabulary)
  for (const again of [false, true]) {
    const found = pattern.exec(text)
    const [at, end] = found ? placesOf(text, [found.index, found.index + found[0].length - 1], vocabulary) : [Infinity, Infinity]
    if (found && at < plan.length - 1) return { at, length: end + 1 - at, again }
    pattern.lastIndex = 0
  }
  return null
}

/** Which symbols stand at places of the text, in order. @param {string} text @param {readonly number[]} units @param {Run['vocabulary']} vocabulary */
function placesOf(text, units, vocabulary) {
  let [unit, symbol] = [0, 0]
  /** @type {number[]} */
  const places = []
  for (const { part, symbols } of partsOf(text, vocabulary)) {
    unit += part.length
    while (places.length < units.length && unit > units[places.length]) places.push(symbol)
    if (places.length === units.length) break
    symbol += symbols
  }
  return places
}

/** Where a symbol stands in the text. @param {string} text @param {number} wanted @param {Run['vocabulary']} vocabulary */
function unitAt(text, wanted, vocabulary) {
  let [unit, symbol] = [0, 0]
  for (const { part, symbols } of partsOf(text, vocabulary)) {
    if (symbol >= wanted) break
    unit += part.length
    symbol += symbols
  }
  return unit
}
