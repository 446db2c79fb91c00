/** Finds words in the text that is read. */

/** @typedef {import('../../../types.js').Run} Run */

/** What is looked for: letters of either case, and any white space where there is some. @param {string} words */
const patternOf = (words) => new RegExp(words.trim().replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/\s+/g, '\\s+'), 'giu')

/**
 * The next place of these words after a letter, from the start again where there is none; letters are counted as the network reads
 * them, without those that it does not know.
 * @param {string} text @param {string} words @param {number} after @param {Run} run
 * @returns {{ at: number, length: number, again: boolean } | null}  again: it was passed by
 */
export function findIn(text, words, after, { vocabulary, plan }) {
  if (words.trim() === '') return null
  const known = new Set(vocabulary.symbols)
  const pattern = patternOf(words)
  const lettersIn = (/** @type {number} */ from, /** @type {number} */ to) => {
    let count = 0
    for (let i = from; i < to;) {
      const symbol = String.fromCodePoint(text.codePointAt(i) ?? 0)
      i += symbol.length
      if (known.has(symbol)) count++
    }
    return count
  }
  pattern.lastIndex = unitAt(text, after + 1, known)
  for (const again of [false, true]) {
    const found = pattern.exec(text)
    const at = found ? lettersIn(0, found.index) : Infinity
    if (found && at < plan.length - 1) return { at, length: lettersIn(found.index, found.index + found[0].length), again }
    pattern.lastIndex = 0
  }
  return null
}

/** Where a letter stands in the text. @param {string} text @param {number} letter @param {ReadonlySet<string>} known */
function unitAt(text, letter, known) {
  let unit = 0
  for (const symbol of text) {
    if (letter <= 0) break
    unit += symbol.length
    if (known.has(symbol)) letter--
  }
  return unit
}
