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

/**
 * What stands before, in and after a place of a text, counted in code points; cut where there is more.
 * @param {string} text @param {number} from @param {number} length @param {number} around
 */
export function passageOf(text, from, length, around) {
  const ends = [from - around, from, from + length, from + length + around].map((at) => Math.max(0, at))
  const units = ends.map(() => text.length)
  let [unit, point] = [0, 0]
  for (const symbol of text) {
    for (let i = 0; i < 4; i++) if (point === ends[i]) units[i] = unit
    if (point++ >= ends[3]) break
    unit += symbol.length
  }
  const [start, first, last, end] = units
  return [(start > 0 ? '…' : '') + text.slice(start, first), text.slice(first, last), text.slice(last, end) + (end < text.length ? '…' : '')]
}
