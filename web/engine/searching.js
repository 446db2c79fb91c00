/** Texts that are searched for, or written in pieces: the work behind a model's search and openWriter. */
import { RnnError } from './errors.js'
import { checkCount, choosing, readSource, refuse, reword, streamSize, write } from './writing.js'

/** @typedef {import('./memory.js').Pointer} Pointer */
/** @typedef {import('./probe.js').Inside} Inside */
/** @typedef {import('./writing.js').Choice} Choice */
/** @typedef {import('./writing.js').Generated} Generated */
/** @typedef {import('./writing.js').Piece} Piece */
/** @typedef {import('./writing.js').Sampling} Sampling */
/**
 * @typedef {object} SearchOnly
 * @property {ArrayLike<number>} prompt  at least one symbol
 * @property {ArrayLike<number>} [source]  for an encoder to read before, as in writing.js
 * @property {number} length             symbols of a text, at most
 * @property {number} [width]            4 texts are kept after each symbol
 * @property {number} [lengthPenalty]    0: scores are log-probabilities; α: they are divided by ((5 + symbols) / 6)^α, so that
 *   longer texts, which are less likely, have their chance (Wu et al. 2016)
 */
/** @typedef {Choice & SearchOnly} Search */
/**
 * The best texts, the best first, and all that were kept: (length, width), row-major, row i after i + 1 symbols. Symbols are −1
 * where a text had ended before; parents are places in the row before; a log-probability of −∞ means that no text is there.
 * @typedef {{ texts: { symbols: number[], logProbability: number, score: number }[], tree: Tree }} Found
 */
/** @typedef {{ width: number, symbols: Int32Array, parents: Int32Array, logProbabilities: Float64Array }} Tree */

/** @param {Tree} tree  @param {number} length  @param {number} place */
function follow({ width, symbols, parents }, length, place) {
  /** @type {number[]} */
  const text = []
  for (let row = length - 1, at = place; row >= 0; at = parents[row * width + at], row--) {
    const symbol = symbols[row * width + at]
    if (symbol >= 0) text.push(symbol)
  }
  return text.reverse()
}

/** @param {Inside} inside  @param {Search} options  @returns {Found} */
export function search(inside, { source, prompt, length, width = 4, lengthPenalty = 0, ...choice }) {
  const { memory, block } = inside
  checkCount('a length of', length, 1, 'cannot be searched')
  checkCount('width', width, 1, 'is not a whole number from 1 on')
  if (!Number.isFinite(lengthPenalty)) throw refuse(`lengthPenalty ${lengthPenalty} is no number`)
  const divisors = Float64Array.from({ length: length + 1 }, (_, n) => ((5 + n) / 6) ** lengthPenalty)
  const all = length * width
  const sizes = [streamSize(inside, width, 'texts'), 4 * prompt.length, 8 * divisors.length, 4 * all, 4 * all, 8 * all]
  return choosing(inside, choice, () => memory.borrow(sizes, (room, promptAt, divisorsAt, symbols, parents, logProbabilities) => {
    memory.writeIntegers(promptAt, prompt)
    memory.writeDoubles(divisorsAt, divisors)
    const stream = memory.exports.stream_init(room, block, width)
    readSource(inside, stream, width, source)
    memory.check(memory.exports.beam_search(stream, promptAt, prompt.length, length, divisorsAt, symbols, parents, logProbabilities), reword)
    const tree = { width, symbols: memory.integers(symbols, all), parents: memory.integers(parents, all), logProbabilities: memory.doubles(logProbabilities, all) }
    const texts = Array.from(tree.logProbabilities.subarray(all - width), (logProbability, place) => {
      const text = follow(tree, length, place)
      return { symbols: text, logProbability, score: logProbability / divisors[text.length] }
    })
    return { texts: texts.filter(({ logProbability }) => logProbability > -Infinity), tree }
  }))
}

/** One or several texts that are written in pieces. The weights may change in between. */
export class Writer {
  #inside
  #count
  /** @type {Pointer} */
  #room
  #stream

  /** @param {() => Inside} inside  of a model, as long as it lives  @param {number} count */
  constructor(inside, count) {
    const { memory, block } = inside()
    this.#inside = inside
    this.#count = count
    this.#room = memory.allocate(streamSize(inside(), count, 'texts'))
    this.#stream = memory.exports.stream_init(this.#room, block, count)
  }

  /**
   * Reads a prompt and writes on; without one, as if the piece before had been longer.
   * @param {Choice & Sampling & Piece} options
   * @returns {Generated}
   */
  write(options) {
    if (!this.#room) throw new RnnError('disposed', 'this writer has been disposed')
    return write(this.#inside(), this.#stream, this.#count, options)
  }

  /** Gives the memory back. Any further use throws. */
  dispose() {
    if (this.#room) this.#inside().memory.exports.release(this.#room)
    this.#room = 0
  }
}
