/**
 * Texts as numbers. What a symbol stands for:
 *
 *   characters  a Unicode code point
 *   words       up to 40 letters, marks, digits and apostrophes in a row, and the space before them; or any other code point
 *   bytes       a byte of UTF-8
 *
 * Joined, they are the text again. Characters that a vocabulary lacks are left out; words that it lacks are read as one symbol
 * that stands for all of them; there is no byte that it lacks.
 */
import { RnnError } from './errors.js'

/** @typedef {'characters' | 'words' | 'bytes'} Tokens */
/** @typedef {{ symbols: Uint8Array | Uint16Array, unknown: Map<string, number> }} Encoded  unknown: how often came what is not in the vocabulary */

/** @type {readonly Tokens[]} */
export const TOKENS = Object.freeze(['characters', 'words', 'bytes'])

/** The most symbols that a network can tell apart. */
const MAXIMUM = 65535

/** Symbols of a vocabulary of words, unless one says otherwise. */
export const USUAL_WORDS = 4000

/** Bytes that the words may take in a checkpoint, whose header is 1 MiB. */
const ROOM = 900_000

/** How the symbol for words that are not in the vocabulary is shown. No word is written so. */
export const UNKNOWN = '⟨?⟩'

const WORD = / ?[\p{L}\p{M}\p{N}'’]{1,40}|[^]/gu

/** Characters that are cut at once. */
const PIECE = 65536

/** A surrogate without its other half has no bytes of its own. */
const LONE = /\p{Cs}/gu

/** How a byte is shown: as ASCII has it, or in hexadecimal digits. @param {unknown} _  @param {number} byte */
const faceOf = (_, byte) => byte > 31 && byte < 127 || byte === 9 || byte === 10 || byte === 13 ? String.fromCharCode(byte) : `⟨${byte.toString(16).toUpperCase().padStart(2, '0')}⟩`

/** Piece by piece, each but for its last word, which may go on in the next one. @param {string} text */
export function* wordsOf(text) {
  for (let from = 0; from < text.length;) {
    const words = text.slice(from, from + PIECE).match(WORD) ?? []
    if (from + PIECE < text.length) words.pop()
    for (const word of words) {
      yield word
      from += word.length
    }
  }
}

/** @param {string} text */
export function countCharacters(text) {
  let count = 0
  for (const _ of text) count++
  return count
}

/** How often each part of a text comes. @param {Iterable<string>} parts  @returns {Map<string, number>} */
function tally(parts) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + 1)
  return counts
}

/** How much there is of what is unknown. @param {Encoded['unknown']} unknown */
export const total = (unknown) => [...unknown.values()].reduce((sum, count) => sum + count, 0)

export class Vocabulary {
  #indices

  /** @param {readonly string[]} symbols  as they are shown  @param {Tokens} [tokens]  what they stand for */
  constructor(symbols, tokens = 'characters') {
    this.tokens = tokens
    this.symbols = Object.freeze([...symbols])
    this.#indices = new Map(this.symbols.map((symbol, index) => [symbol, index]))
    if (this.#indices.size !== this.symbols.length) throw new RnnError('invalid-text', 'a symbol is twice in the vocabulary')
  }

  get size() {
    return this.symbols.length
  }

  /** The symbol of all words that are not in the vocabulary. */
  get unknown() {
    return this.tokens === 'words' ? 0 : undefined
  }

  /** Symbols that are not written unless one asks for them. */
  get unwritten() {
    return this.unknown === undefined ? [] : [this.unknown]
  }

  /** @param {string} text  @returns {Encoded} */
  encode(text) {
    if (this.tokens === 'bytes') return { symbols: new TextEncoder().encode(text), unknown: tally(text.match(LONE) ?? []) }
    const room = this.size <= 256 ? new Uint8Array(text.length) : new Uint16Array(text.length)
    /** @type {Map<string, number>} */
    const unknown = new Map()
    const { unknown: other } = this
    let length = 0
    for (const part of this.tokens === 'words' ? wordsOf(text) : text) {
      const index = this.#indices.get(part)
      if (index === undefined) unknown.set(part, (unknown.get(part) ?? 0) + 1)
      const symbol = index ?? other
      if (symbol !== undefined) room[length++] = symbol
    }
    return { symbols: 2 * length < room.length ? room.slice(0, length) : room.subarray(0, length), unknown }
  }

  /** The space at the end of a prompt belongs to the word that is to come. @param {string} prompt  @returns {Encoded} */
  encodePrompt(prompt) {
    return this.encode(this.tokens === 'words' ? prompt.replace(/ $/, '') : prompt)
  }

  /** @param {ArrayLike<number>} symbols */
  decode(symbols) {
    return this.tokens === 'bytes' ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(symbols)) : this.spell(symbols).join('')
  }

  /**
   * What each symbol adds to a text. A character of several bytes comes with the last of them.
   * @param {ArrayLike<number>} symbols
   * @returns {string[]}
   */
  spell(symbols) {
    if (this.tokens !== 'bytes') return Array.from(symbols, (symbol) => this.symbols[symbol])
    const speller = this.speller()
    return Array.from(symbols, (symbol, i) => speller([symbol]) + (i === symbols.length - 1 ? speller() : ''))
  }

  /** Decodes piece by piece, also where a piece ends within a character; without symbols, the rest. @returns {(symbols?: ArrayLike<number>) => string} */
  speller() {
    if (this.tokens !== 'bytes') return (symbols = []) => this.decode(symbols)
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    return (symbols) => symbols ? decoder.decode(Uint8Array.from(symbols), { stream: true }) : decoder.decode()
  }

  /** Characters that a symbol stands for: none, if it is the one of all unknown words. @param {number} symbol  @param {string} text  that it stands for */
  charactersOf(symbol, text) {
    return symbol === this.unknown ? 0 : countCharacters(text)
  }

  /** Of an encoded text, in the mean. @param {string} text  @param {Encoded} encoded */
  charactersPerSymbol(text, { symbols, unknown }) {
    if (this.tokens === 'characters') return 1
    const lost = this.tokens === 'words' ? [...unknown].reduce((sum, [word, count]) => sum + count * countCharacters(word), 0) : 0
    return (countCharacters(text) - lost) / symbols.length
  }

  /**
   * The parts of a text that its symbols stand for, one for each symbol that `encode` makes of it.
   * @param {string} text
   * @returns {Generator<{ symbol: number, text: string }, void, void>}
   */
  *read(text) {
    if (this.tokens === 'bytes') {
      const speller = this.speller()
      for (const symbol of new TextEncoder().encode(text)) yield { symbol, text: speller([symbol]) }
      return
    }
    for (const part of this.tokens === 'words' ? wordsOf(text) : text) {
      const symbol = this.#indices.get(part) ?? this.unknown
      if (symbol !== undefined) yield { symbol, text: part }
    }
  }

  /**
   * The ways in which a text may be among others: a word with and without the space before it. Those with unknown symbols are left out.
   * @param {string} text
   * @returns {Encoded['symbols'][]}
   */
  forms(text) {
    const [plain, spaced] = [text, ` ${text}`].map((form) => this.encode(form))
    const forms = this.tokens === 'words' && spaced.symbols.length === plain.symbols.length ? [plain, spaced] : [plain]
    return forms.filter(({ symbols, unknown }) => symbols.length && !unknown.size).map(({ symbols }) => symbols)
  }

  /** A list of characters, or an object that tells what the symbols are. */
  toJSON() {
    const { tokens, symbols } = this
    return tokens === 'characters' ? symbols : tokens === 'bytes' ? { tokens } : { tokens, symbols }
  }

  /** @param {string} json  @returns {Vocabulary} */
  static fromJSON(json) {
    /** @type {unknown} */
    const saved = JSON.parse(json)
    const { tokens, symbols } = /** @type {{ tokens?: unknown, symbols?: unknown }} */ (Array.isArray(saved) ? { tokens: 'characters', symbols: saved } : saved ?? {})
    if (tokens === 'bytes') return createVocabulary('', { tokens })
    const list = Array.isArray(symbols) && symbols.every((symbol) => typeof symbol === 'string') ? /** @type {string[]} */ (symbols) : []
    if (tokens === 'characters' && list.every((symbol) => countCharacters(symbol) === 1) && Array.isArray(symbols) && list.length === symbols.length) return new Vocabulary(list)
    if (tokens === 'words' && list[0] === UNKNOWN && list.slice(1).every((word) => [...wordsOf(word)].length === 1)) return new Vocabulary(list, tokens)
    throw new RnnError('invalid-text', 'this is not a vocabulary')
  }
}

/** The most frequent, those that came first first among equals. @param {Map<string, number>} counts  @param {number} most */
const frequent = (counts, most) => [...counts].sort((a, b) => b[1] - a[1]).slice(0, most).map(([part]) => part)

/** @param {string} text  @param {number} maximum */
function charactersOf(text, maximum) {
  const all = new Set(text)
  if (all.size > MAXIMUM && maximum === MAXIMUM) throw new RnnError('invalid-text', `the text has ${all.size} different symbols, at most ${MAXIMUM} can be told apart`)
  const kept = all.size > maximum ? new Set(frequent(tally(text), maximum)) : all
  return new Vocabulary([...all].filter((character) => kept.has(character)))
}

/** @param {string} text  @param {number} maximum */
function wordVocabulary(text, maximum) {
  const vocabulary = new Vocabulary([UNKNOWN, ...frequent(tally(wordsOf(text)), maximum - 1)], 'words')
  const bytes = new TextEncoder().encode(JSON.stringify(JSON.stringify(vocabulary))).length
  if (bytes > ROOM) throw new RnnError('invalid-text', `${vocabulary.size} words take ${bytes} bytes, and a saved model has ${ROOM} for them; a smaller vocabulary fits`)
  return vocabulary
}

/**
 * The vocabulary of a text. Characters are numbered in the order of their first appearance, words by how often they come, the
 * unknown one first. Of more than `maximum`, the most frequent are kept.
 * @param {string} text
 * @param {{ tokens?: Tokens, maximum?: number }} [options]  65,535 characters, 4,000 words
 * @returns {Vocabulary}
 * @throws {RnnError} invalid-text, for an empty text or one with too many different symbols
 */
export function createVocabulary(text, { tokens = 'characters', maximum = tokens === 'words' ? USUAL_WORDS : MAXIMUM } = {}) {
  if (!TOKENS.includes(tokens)) throw new RnnError('invalid-config', `tokens are ${TOKENS.join(', ')}, not "${tokens}"`)
  if (!(Number.isInteger(maximum) && maximum >= 2 && maximum <= MAXIMUM)) throw new RnnError('invalid-config', `a vocabulary of at most ${maximum} symbols is outside 2 … ${MAXIMUM}`)
  if (tokens === 'bytes') return new Vocabulary(Array.from({ length: 256 }, faceOf), tokens)
  if (!text) throw new RnnError('invalid-text', 'the text is empty')
  return tokens === 'words' ? wordVocabulary(text, maximum) : charactersOf(text, maximum)
}
