/** What a unit may have found out about a text: for each symbol a number, as it is once the symbol has been read. */

import { countCharacters } from './text.js'

const OPENING = '([{⟨'
const CLOSING = ')]}⟩'
const WORD = /[\p{L}\p{M}\p{N}'’]/u

/** What holds of a part when it holds of one of its letters; of the others, the last letter tells. */
const ANY = ['isSpace', 'isUppercase', 'isDigit', 'isPunctuation']

/**
 * The same for parts of a text, one number for each; one without letters is as the part before.
 * @param {readonly string[]} parts
 * @returns {Record<string, Float32Array>}
 */
export function featuresOfParts(parts) {
  const lengths = parts.map(countCharacters)
  return Object.fromEntries(Object.entries(featuresOf(parts.join(''))).map(([name, values]) => {
    let end = 0
    return [name, Float32Array.from(lengths, (length) => {
      const own = values.subarray(end, end += length)
      return ANY.includes(name) && length ? Math.max(...own) : values[end - 1] ?? 0
    })]
  }))
}

/**
 * Each (length), one number for each code point:
 *
 *   insideQuotes    1 from a quotation mark to the one that closes it; a paragraph's end closes all
 *   bracketDepth    brackets that are open
 *   positionInLine, positionInWord   symbols before this one; 0 where there is no word
 *   isSpace, isUppercase, isDigit, isPunctuation   0 or 1
 *
 * @param {string} text
 * @returns {Record<string, Float32Array>}
 */
export function featuresOf(text) {
  const symbols = [...text]
  let [quoted, depth, inLine, inWord] = [false, 0, 0, 0]
  /** @type {Record<string, (symbol: string, before: string) => number>} */
  const features = {
    insideQuotes(symbol, before) {
      if (symbol === '"') quoted = !quoted
      else if (symbol === '“') quoted = true
      else if (symbol === '”' || (symbol === '\n' && before === '\n')) quoted = false
      return Number(quoted)
    },
    bracketDepth(symbol) {
      if (OPENING.includes(symbol)) depth++
      else if (CLOSING.includes(symbol)) depth = Math.max(0, depth - 1)
      return depth
    },
    positionInLine: (_, before) => (inLine = before === '\n' ? 0 : inLine + 1),
    positionInWord: (symbol, before) => (inWord = WORD.test(symbol) && WORD.test(before) ? inWord + 1 : 0),
    isSpace: (symbol) => Number(/\s/u.test(symbol)),
    isUppercase: (symbol) => Number(/\p{Lu}/u.test(symbol)),
    isDigit: (symbol) => Number(/\p{N}/u.test(symbol)),
    isPunctuation: (symbol) => Number(/\p{P}/u.test(symbol)),
  }
  return Object.fromEntries(Object.entries(features).map(([name, of]) => [name, Float32Array.from(symbols, (symbol, i) => of(symbol, symbols[i - 1] ?? '\n'))]))
}
