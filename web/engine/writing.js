/** Writing texts: the work behind a model's generate. */
import { checkIndices, RnnError } from './errors.js'

/** @typedef {import('./memory.js').Memory} Memory */
/** @typedef {import('./memory.js').Pointer} Pointer */
/** @typedef {import('./probe.js').Inside} Inside */
/** @typedef {{ layer: number, unit: number, value: number, state?: 'h' | 'c' }} Clamp  after each step; h = o∘tanh(c) follows c */
/**
 * Which symbol comes next. Each rule works on what those before it have left, and leaves at least one symbol.
 * @typedef {object} Choice
 * @property {number} [repetitionPenalty]  1; logits of what the text holds already are divided by it, or multiplied where they are below 0
 * @property {Readonly<Record<number, number>>} [bias]  to add to the logits of some symbols
 * @property {ArrayLike<number>} [ban]     symbols never to write
 * @property {readonly ArrayLike<number>[]} [stops]  runs of at most 32 symbols with which a text ends
 */
/**
 * @typedef {object} Sampling
 * @property {'sample' | 'greedy'} [strategy]  'sample'
 * @property {number} [temperature]  1; lower is more careful
 * @property {number} [topK]         0: all; else so many of the likeliest
 * @property {number} [topP]         1: all; else the fewest of the likeliest that have this probability together (nucleus)
 * @property {number} [minP]         0: all; else those at least this share as likely as the likeliest
 * @property {number} [typicalP]     1: all; else the fewest of this probability whose surprise is nearest to its mean
 * @property {readonly Clamp[]} [clamp]  units to hold
 * @property {boolean} [distributions]   tell all probabilities of each symbol
 * @property {boolean} [entropies]       tell their entropy
 */
/**
 * @typedef {ArrayLike<number> | readonly ArrayLike<number>[]} Source  symbols, the same for all texts, or some for each; where sources are vectors, the
 *   numbers of all steps, one after another
 * @typedef {object} Piece
 * @property {Source} [source]           for an encoder to read before anything is written; what comes then begins anew
 * @property {ArrayLike<number>} [prompt]  symbols to read first
 * @property {number} length             symbols to write
 * @property {number} [seed]             1; a piece without a prompt goes on with the numbers of the one before
 */
/**
 * `prompt` has at least one symbol; so many texts (`count`, 1) side by side, the i-th as seed + i alone would write it.
 * @typedef {Choice & Sampling & Piece & { prompt: ArrayLike<number>, count?: number }} Generation
 */
/**
 * Of shape (length), or (count, length) for several texts; distributions (length, V) or (count, length, V). After the end of
 * a text its symbols are −1. Probabilities and entropies, in nats, are the model's own, before any rule.
 * @typedef {{ symbols: Int32Array, probabilities: Float32Array, entropies?: Float32Array, distributions?: Float32Array }} Generated
 */
/** rnn_clamp of src/rnn.h, in bytes. */
const CLAMP = 16

/** @param {string} message */
export const refuse = (message) => new RnnError('invalid-batch', message)

/** @param {string} what  @param {number} value  @param {number} least  @param {string} told */
export function checkCount(what, value, least, told) {
  if (!Number.isInteger(value) || value < least) throw refuse(`${what} ${value} ${told}`)
}

/** @param {Memory} memory  @param {Pointer} at  @param {Clamp} clamp */
function writeClamp(memory, at, { layer, unit, value, state = 'h' }) {
  if (!Number.isFinite(value)) throw new RnnError('invalid-config', `a unit cannot be held at ${value}`)
  if (state !== 'h' && state !== 'c') throw new RnnError('invalid-config', `state is h or c, not "${state}"`)
  checkIndices({ layer, unit })
  memory.writeIntegers(at, [layer, unit, state === 'c' ? 1 : 0])
  memory.writeFloats(at + 12, [value])
}

/** What the logits of each symbol are changed by; none where nothing is. @param {Choice} choice  @param {number} V */
function biasOf({ bias = {}, ban = [] }, V) {
  const changes = [...Object.entries(bias).map(([symbol, by]) => /** @type {const} */ ([Number(symbol), by])), ...Array.from(ban, (symbol) => /** @type {const} */ ([symbol, -Infinity]))]
  const all = new Float32Array(changes.length ? V : 0)
  for (const [symbol, by] of changes) {
    if (!Number.isInteger(symbol) || symbol < 0 || symbol >= V) throw refuse(`symbol ${symbol} is outside the vocabulary of ${V}`)
    all[symbol] += by
  }
  return all
}

/**
 * Tells the core how to choose, for the call that `use` makes.
 * @template T
 * @param {Inside} inside
 * @param {Choice & Sampling} options
 * @param {() => T} use
 */
export function choosing({ memory, config }, options, use) {
  const { repetitionPenalty = 1, stops = [], strategy = 'sample', temperature = 1, topK = 0, topP = 1, minP = 0, typicalP = 1 } = options
  if (strategy !== 'sample' && strategy !== 'greedy') throw refuse(`strategy is sample or greedy, not "${strategy}"`)
  if (strategy === 'sample' && !(temperature > 0)) throw refuse(`temperature ${temperature} is not above 0; for the likeliest symbols use strategy greedy`)
  checkCount('topK', topK, 0, 'is not a whole number from 0 on')
  for (const [name, value] of Object.entries({ topP, typicalP, repetitionPenalty })) if (!(value > 0)) throw refuse(`${name} ${value} is not above 0`)
  const bias = biasOf(options, Number(config.vocabulary))
  const ends = stops.flatMap((stop) => [...Array.from(stop), -1])
  return memory.borrow([4 * bias.length, 4 * ends.length], (biasAt, endsAt) => {
    memory.writeFloats(biasAt, bias)
    memory.writeIntegers(endsAt, ends)
    memory.exports.choose(repetitionPenalty, bias.length ? biasAt : 0, strategy === 'greedy' ? 0 : temperature, topK, topP, minP, typicalP)
    memory.exports.stop_at(endsAt, ends.length)
    return use()
  })
}

/** @param {Inside} inside  @param {number} count  @param {string} of */
export function streamSize({ memory, block }, count, of) {
  checkCount('', count, 1, `${of} cannot be written`)
  return memory.exports.stream_size(block, count)
}

/**
 * @param {Inside} inside
 * @param {Pointer} stream
 * @param {number} count
 * @param {Source | undefined} source
 */
export function readSource({ memory, config }, stream, count, source) {
  if (!source) return
  if (!Number(config.sourceSteps) || !memory.exports.stream_read_source) throw refuse('this network has no encoder to read a source')
  const each = Array.isArray(source) && typeof source[0] === 'object'
  const sources = /** @type {ArrayLike<number>[]} */ (each ? source : Array.from({ length: count }, () => source))
  if (sources.length !== count) throw refuse(`${sources.length} sources are not one for each of ${count} texts`)
  const numbers = Number(config.sourceSize) > 0
  const size = numbers ? Number(config.sourceSize) : 1
  const uneven = sources.find(({ length }) => length % size)
  if (uneven) throw refuse(`a source of ${uneven.length} numbers is not of whole steps of ${size}`)
  const lengths = sources.map(({ length }) => length / size)
  const steps = Math.max(...lengths)
  const { stream_read_source: read } = memory.exports
  memory.borrow([4 * count * steps * size, 4 * count], (at, lengthsAt) => {
    sources.forEach((one, i) => memory[numbers ? 'writeFloats' : 'writeIntegers'](at + 4 * i * steps * size, one))
    memory.writeIntegers(lengthsAt, lengths)
    memory.check(read(stream, numbers ? 0 : at, numbers ? at : 0, lengthsAt, steps))
  })
}

/** The rules of the core, by the names they have here. @param {string} message */
export const reword = (message) => message.replace(/^[a-z]+_[a-z_]+/, (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()))

/**
 * @param {Inside} inside
 * @param {Pointer} stream
 * @param {number} count
 * @param {Choice & Sampling & Piece} options
 * @returns {Generated}
 */
export function write(inside, stream, count, { source, prompt = [], length, seed = 1, distributions = false, entropies = false, clamp = [], ...how }) {
  const { memory, config } = inside
  checkCount('a length of', length, 0, 'cannot be written')
  readSource(inside, stream, count, source)
  const written = count * length
  const all = distributions ? written * Number(config.vocabulary) : 0
  return choosing(inside, how, () =>
    memory.borrow([4 * prompt.length, CLAMP * clamp.length, 4 * written, 4 * written, entropies ? 4 * written : 0, 4 * all], (promptAt, clamps, symbols, probabilities, surprises, every) => {
      clamp.forEach((one, i) => writeClamp(memory, clamps + CLAMP * i, one))
      memory.writeIntegers(promptAt, prompt)
      memory.check(memory.exports.generate(stream, promptAt, prompt.length, length, seed >>> 0, clamps, clamp.length,
        symbols, probabilities, entropies ? surprises : 0, distributions ? every : 0), reword)
      return {
        symbols: memory.integers(symbols, written), probabilities: memory.floats(probabilities, written),
        ...(entropies && { entropies: memory.floats(surprises, written) }),
        ...(distributions && { distributions: memory.floats(every, all) }),
      }
    }))
}

/** @param {Inside} inside  @param {Generation} options  @returns {Generated} */
export function generate(inside, { count = 1, ...options }) {
  const { memory, block } = inside
  return memory.borrow([streamSize(inside, count, 'texts')], (room) => write(inside, memory.exports.stream_init(room, block, count), count, options))
}
