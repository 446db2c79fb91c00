/**
 * Word vectors in GloVe's text format (Pennington et al. 2014): a word and its numbers on each line, one space between
 * them. A first line of two whole numbers, words and dimension, as word2vec and fastText write it, is a header.
 */
import { RnnError } from './errors.js'

/** @typedef {import('./model.js').Model} Model */
/**
 * @typedef {object} Vectors
 * @property {number} dimension  numbers of each
 * @property {ReadonlyMap<string, Float32Array>} vectors  by word
 * @property {number} read       how many there were, wanted or not
 */

/** Takes line after line. */
class Reader {
  #line = 0
  #dimension = 0
  #read = 0
  /** @type {Map<string, Float32Array>} */
  #vectors = new Map()
  #wanted

  /** @param {Iterable<string>} [words] */
  constructor(words) {
    this.#wanted = words && new Set(words)
  }

  /** @param {string} why */
  #malformed(why) {
    return new RnnError('invalid-text', `line ${this.#line} of the word vectors ${why}`)
  }

  /** @param {string} text */
  take(text) {
    this.#line++
    const line = text.trimEnd()
    if (this.#line === 1 && /^\d+ \d+$/.test(line)) {
      this.#dimension = Number(line.slice(line.indexOf(' ')))
      return
    }
    const parts = line.split(' ')
    this.#dimension ||= parts.length - 1
    const numbers = parts.splice(Math.max(1, parts.length - this.#dimension))
    // What is left is the word; some of GloVe's have spaces in them, but none ends in a number.
    const extra = parts.length > 1 && parts[parts.length - 1] !== '' && Number.isFinite(Number(parts[parts.length - 1]))
    if (numbers.length !== this.#dimension || !numbers.length || extra) {
      throw this.#malformed(`has ${numbers.length + (extra ? parts.length - 1 : 0)} numbers, not ${this.#dimension || 'one or more'}`)
    }
    this.#keep(parts.join(' '), numbers)
  }

  /** @param {string} word  @param {string[]} numbers */
  #keep(word, numbers) {
    this.#read++
    if (this.#wanted && !this.#wanted.has(word)) return
    const vector = Float32Array.from(numbers, (number) => number === '' ? NaN : Number(number))
    const wrong = vector.findIndex((number) => !Number.isFinite(number))
    if (wrong >= 0) throw this.#malformed(`has "${numbers[wrong]}" where a number should be`)
    if (this.#vectors.has(word)) throw this.#malformed(`has "${word}" again`)
    this.#vectors.set(word, vector)
  }

  /** @returns {Vectors} */
  end() {
    if (!this.#read) throw new RnnError('invalid-text', 'there are no word vectors')
    return { dimension: this.#dimension, vectors: this.#vectors, read: this.#read }
  }
}

/**
 * @param {string} text
 * @param {Iterable<string>} [words] those that are wanted; without them, all are kept
 * @returns {Vectors}
 * @throws {RnnError} invalid-text, with the line's number
 */
export function parseVectors(text, words) {
  const reader = new Reader(words)
  for (const line of text.replace(/\n$/, '').split('\n')) reader.take(line)
  return reader.end()
}

/**
 * The same from a file that need not fit in memory: a stream of bytes, as `response.body` or `createReadStream(file)`.
 * @param {AsyncIterable<Uint8Array>} stream
 * @param {Iterable<string>} [words]
 * @returns {Promise<Vectors>}
 */
export async function readVectors(stream, words) {
  const reader = new Reader(words)
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = /** @type {string} */ (lines.pop())
    for (const line of lines) reader.take(line)
  }
  rest += decoder.decode()
  if (rest) reader.take(rest)
  return reader.end()
}

/**
 * @param {Model} model
 * @param {Vectors} vectors
 * @param {readonly string[]} symbols
 */
export function setVectors(model, { dimension, vectors }, symbols) {
  const { input, inputSize, vocabulary } = model.config
  if (input !== 'embedding') throw new RnnError('invalid-config', `word vectors need input embedding, not ${input}`)
  if (dimension !== inputSize) throw new RnnError('invalid-config', `the word vectors have ${dimension} numbers, the embedding ${inputSize}`)
  if (symbols.length !== vocabulary) throw new RnnError('invalid-config', `${symbols.length} symbols were named, the vocabulary has ${vocabulary}`)
  const weights = model.getParameter('embedding.weight')
  const missing = symbols.filter((symbol, i) => {
    const vector = vectors.get(symbol)
    if (vector) weights.set(vector, i * dimension)
    return !vector
  })
  model.setParameter('embedding.weight', weights)
  return { found: symbols.length - missing.length, missing }
}
