/** Texts as numbers: a symbol for each Unicode code point. */
import { RnnError } from './errors.js'

/** @typedef {{ symbols: Uint8Array | Uint16Array, unknown: Map<string, number> }} Encoded */

/** The most symbols that a network can tell apart. */
const MAXIMUM = 65535

/** The code points of a text, numbered in the order of their first appearance. */
export class Vocabulary {
  #indices

  /** @param {readonly string[]} symbols */
  constructor(symbols) {
    this.symbols = Object.freeze([...symbols])
    this.#indices = new Map(this.symbols.map((symbol, index) => [symbol, index]))
    if (this.#indices.size !== this.symbols.length) throw new RnnError('invalid-text', 'a symbol is twice in the vocabulary')
  }

  get size() {
    return this.symbols.length
  }

  /**
   * What the vocabulary lacks is left out and counted in `unknown`.
   * @param {string} text
   * @returns {Encoded}
   */
  encode(text) {
    const room = this.size <= 256 ? new Uint8Array(text.length) : new Uint16Array(text.length)
    /** @type {Map<string, number>} */
    const unknown = new Map()
    let length = 0
    for (const symbol of text) {
      const index = this.#indices.get(symbol)
      if (index === undefined) unknown.set(symbol, (unknown.get(symbol) ?? 0) + 1)
      else room[length++] = index
    }
    return { symbols: room.subarray(0, length), unknown }
  }

  /** @param {ArrayLike<number>} symbols */
  decode(symbols) {
    return Array.from(symbols, (index) => this.symbols[index]).join('')
  }

  toJSON() {
    return this.symbols
  }

  /** @param {string} json  @returns {Vocabulary} */
  static fromJSON(json) {
    /** @type {unknown} */
    const symbols = JSON.parse(json)
    if (!Array.isArray(symbols) || !symbols.every((symbol) => typeof symbol === 'string' && [...symbol].length === 1)) {
      throw new RnnError('invalid-text', 'this is not a vocabulary')
    }
    return new Vocabulary(symbols)
  }
}

/**
 * The vocabulary of a text.
 * @param {string} text
 * @returns {Vocabulary}
 * @throws {RnnError} invalid-text, for an empty text or one with too many different symbols
 */
export function createVocabulary(text) {
  const symbols = new Set(text)
  if (symbols.size === 0) throw new RnnError('invalid-text', 'the text is empty')
  if (symbols.size > MAXIMUM) throw new RnnError('invalid-text', `the text has ${symbols.size} different symbols, at most ${MAXIMUM} can be told apart`)
  return new Vocabulary([...symbols])
}
