/** What a text is made of, counted in slices so that the page stays responsive with texts of any size. */

/** @typedef {{ length: number, symbols: [symbol: string, count: number][] }} Letters  most frequent first */

const SLICE = 1 << 18

/**
 * @param {string} text
 * @returns {Promise<Letters>}
 */
export async function countLetters(text) {
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
