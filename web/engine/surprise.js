/** How well a model predicts a text, symbol by symbol: read once, forward, whatever its length. */
import { RnnError } from './errors.js'
import { total } from './text.js'

/** @typedef {import('./memory.js').Pointer} Pointer */
/** @typedef {import('./model.js').Model} Model */
/** @typedef {import('./probe.js').Inside} Inside */
/** @typedef {import('./text.js').Vocabulary} Vocabulary */
/** @typedef {{ symbol: number, probability: number }} Expected */
/**
 * Of a symbol: what it stands for, its probability (NaN for the first, which nothing comes before), the surprise, −log₂ of that,
 * and the likeliest symbols in its place, the likeliest first.
 * @typedef {{ symbol: number, text: string, probability: number, bits: number, expected: Expected[] }} Surprise
 */
/**
 * Of a text: means over the symbols that were predicted. loss is in nats, perplexity is e to its power; bitsPerCharacter counts
 * the code points that the symbols stand for; an unknown word costs bits, and counts no characters. unknown counts what is not in the vocabulary.
 * @typedef {{ loss: number, perplexity: number, bitsPerSymbol: number, bitsPerCharacter: number, symbols: number, characters: number, unknown: number }} Measured
 */

/** Added to a logit, it makes a symbol the likeliest whatever the others are. */
const CERTAIN = 1e30

/** The least probability that a float32 can tell. */
const LEAST = 2 ** -149

/** @param {number} probability */
export const natsOf = (probability) => -Math.log(Math.max(LEAST, probability))

/** A sequence that is read on and on. What is told of each symbol are the core's own probabilities. */
export class Reader {
  #inside
  #V
  #alternatives
  /** @type {Pointer} */
  #room
  #stream
  #begun = false

  /** @param {() => Inside} inside  of a model, as long as it lives  @param {number} alternatives  likeliest symbols to tell of */
  constructor(inside, alternatives) {
    const { memory, block, config } = inside()
    if (!(Number.isInteger(alternatives) && alternatives >= 0)) throw new RnnError('invalid-batch', `${alternatives} alternatives cannot be told`)
    this.#inside = inside
    this.#V = Number(config.vocabulary)
    this.#alternatives = Math.min(alternatives, this.#V)
    this.#room = memory.allocate(memory.exports.stream_size(block, 1))
    this.#stream = memory.exports.stream_init(this.#room, block, 1)
  }

  /**
   * @param {ArrayLike<number>} symbols
   * @returns {{ symbol: number, probability: number, expected: Expected[] }[]}  of each; NaN and nothing for the first of all
   */
  read(symbols) {
    if (!this.#room) throw new RnnError('disposed', 'this reader has been disposed')
    const V = this.#V
    const wrong = Array.prototype.findIndex.call(symbols, (symbol) => !(Number.isInteger(symbol) && symbol >= 0 && symbol < V))
    if (wrong >= 0) throw new RnnError('invalid-text', `symbol ${symbols[wrong]} at position ${wrong} is outside the vocabulary of ${V}`)
    const { memory } = this.#inside()
    return memory.borrow([4 * V, 4, 4, 4 * V], (bias, at, p, distribution) => {
      memory.writeFloats(bias, new Float32Array(V))
      memory.exports.choose(0, bias, 0, 0, 1, 0, 1)
      memory.exports.stop_at(0, 0)
      return Array.from(symbols, (symbol) => {
        if (!this.#begun) return this.#begin(symbol, at)
        memory.writeFloats(bias + 4 * symbol, [CERTAIN])
        memory.check(memory.exports.generate(this.#stream, 0, 0, 1, 0, 0, 0, at, p, 0, distribution))
        memory.writeFloats(bias + 4 * symbol, [0])
        return { symbol, probability: memory.floats(p, 1)[0], expected: likeliest(new Float32Array(memory.buffer, distribution, V), this.#alternatives) }
      })
    })
  }

  /** @param {number} symbol  @param {Pointer} at */
  #begin(symbol, at) {
    const { memory } = this.#inside()
    memory.writeIntegers(at, [symbol])
    memory.check(memory.exports.generate(this.#stream, at, 1, 0, 0, 0, 0, 0, 0, 0, 0))
    this.#begun = true
    return { symbol, probability: NaN, expected: [] }
  }

  /** Gives the memory back. Any further use throws. */
  dispose() {
    if (this.#room) this.#inside().memory.exports.release(this.#room)
    this.#room = 0
  }
}

/** @param {Float32Array} distribution  @param {number} most  @returns {Expected[]} */
function likeliest(distribution, most) {
  /** @type {Expected[]} */
  const best = []
  for (let symbol = 0; symbol < distribution.length; symbol++) {
    const probability = distribution[symbol]
    if (best.length === most && !(probability > (best.at(-1)?.probability ?? Infinity))) continue
    const place = best.findIndex((one) => probability > one.probability)
    best.splice(place < 0 ? best.length : place, 0, { symbol, probability })
    if (best.length > most) best.pop()
  }
  return best
}

/**
 * Each symbol of a text, as it is read from zero state. Nothing is kept of what has been told, so texts may be of any length.
 * @param {Model} model
 * @param {Vocabulary} vocabulary
 * @param {string} text
 * @param {{ alternatives?: number }} [options]  1
 * @returns {Generator<Surprise, void, void>}
 */
export function* surprises(model, vocabulary, text, { alternatives = 1 } = {}) {
  const reader = new Reader(() => model.inside, alternatives)
  try {
    for (const part of vocabulary.read(text)) {
      const [{ probability, expected }] = reader.read([part.symbol])
      yield { ...part, probability, bits: natsOf(probability) / Math.LN2, expected }
    }
  } finally {
    reader.dispose()
  }
}

/**
 * A short text at once.
 * @param {Model} model
 * @param {Vocabulary} vocabulary
 * @param {ArrayLike<number>} symbols
 * @param {readonly string[]} parts  what each stands for
 * @param {number} unknown           what is not in the vocabulary
 * @param {number} alternatives
 */
export function surpriseAlong(model, vocabulary, symbols, parts, unknown, alternatives) {
  if (symbols.length < 2) throw new RnnError('invalid-text', `a text needs at least 2 symbols that the network knows, one to read and one to predict; this one has ${symbols.length}`)
  const reader = new Reader(() => model.inside, alternatives)
  try {
    const read = reader.read(symbols)
    const nats = read.slice(1).reduce((sum, { probability }) => sum + natsOf(probability), 0)
    const characters = parts.slice(1).reduce((sum, part, i) => sum + vocabulary.charactersOf(symbols[i + 1], part), 0)
    return { ...measured(nats, read.length - 1, characters, unknown), parts, read }
  } finally {
    reader.dispose()
  }
}

/** @param {number} nats  of all  @param {number} symbols  @param {number} characters  @param {number} unknown  @returns {Measured} */
export function measured(nats, symbols, characters, unknown) {
  const loss = nats / symbols
  return { loss, perplexity: Math.exp(loss), bitsPerSymbol: loss / Math.LN2, bitsPerCharacter: nats / Math.LN2 / characters, symbols, characters, unknown }
}

/**
 * How well a model predicts a text, which it reads in streams side by side as `Model.evaluate` does.
 * @param {Model} model
 * @param {Vocabulary} vocabulary
 * @param {string} text
 * @returns {Measured}
 */
export function measureText(model, vocabulary, text) {
  const encoded = vocabulary.encode(text)
  const { loss, symbols } = model.evaluate(encoded.symbols)
  let [place, characters] = [0, 0]
  for (const part of vocabulary.read(text)) {
    if (place > symbols) break
    if (place++ > 0) characters += vocabulary.charactersOf(part.symbol, part.text)
  }
  return measured(loss * symbols, symbols, characters, total(encoded.unknown))
}
