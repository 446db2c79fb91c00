/**
 * What a trainer can be asked about its model: the diagnostics of diagnostics.js, on a place of the text that it reads. All
 * of it is read from zero state.
 */
import { Diagnostics } from './diagnostics.js'
import { neighbours, projection } from './embeddings.js'
import { RnnError } from './errors.js'
import { featuresOfParts } from './features.js'
import { batchAt, readAt, sequenceAt } from './place.js'
import { regionOf } from './region.js'
import { search } from './searching.js'
import { sliceOf } from './slice.js'
import { surpriseAlong } from './surprise.js'
import { total } from './text.js'

/** @typedef {import('./model.js').Model} Model */
/** @typedef {import('./place.js').Place} Place */
/** @typedef {import('./place.js').Subject} Subject */
/** @typedef {import('./probe.js').Direction} Direction */

/** The diagnostics of a model, whether or not its class came with them. */
class Look extends Diagnostics {
  #model

  /** @param {Model} model */
  constructor(model) {
    super()
    this.#model = model
  }

  /** @override */
  get inside() {
    return this.#model.inside
  }

  /** @override */
  get parameterNames() {
    return this.#model.parameterNames
  }
}

/** @param {Subject} subject */
const into = ({ model }) => new Look(model)

/**
 * @typedef {{ prompt?: string, from?: number, length: number, width?: number }} BeamOptions  prompt: of a text; from: which source that is held out
 * @typedef {{ prompt: string, names: readonly string[], between: string, options: Pick<import('./searching.js').Search, 'source' | 'prompt' | 'stops' | 'ban'> }} Searched
 * @typedef {{ symbol: string, parent: number, logProbability: number }} BeamNode  parent: its place in the row before; of the text so far
 * @typedef {{ text: string, logProbability: number }} BeamText
 * @typedef {{ prompt: string, rows: BeamNode[][], texts: BeamText[], greedy: BeamText & { rows: BeamNode[][] } }} Beam  a row for each symbol, the best first
 */

/** @param {import('./text.js').Vocabulary} vocabulary  @param {string} text  @param {number} most */
function partsOf(vocabulary, text, most) {
  const parts = []
  for (const part of vocabulary.read(text)) {
    if (parts.length === most) break
    parts.push(part.text)
  }
  return parts
}

/** How a search begins, and what its symbols are called. @param {Subject} subject  @param {Pick<BeamOptions, 'prompt' | 'from'>} asked  @returns {Searched} */
function searchedOf({ practice, read, vocabulary }, { prompt = '', from = 0 }) {
  if (practice) return practice.searched(from)
  const start = read(prompt)
  return { prompt: vocabulary.decode(start), names: vocabulary.symbols, between: '', options: { prompt: start, ban: vocabulary.unwritten } }
}

/** Where a text had ended before, nothing follows. @param {readonly string[]} names  @param {import('./searching.js').Tree} tree  @returns {BeamNode[][]} */
const rowsOf = (names, { width, symbols, parents, logProbabilities }) => Array.from({ length: symbols.length / width }, (_, row) =>
  Array.from({ length: width }, (_, place) => row * width + place).filter((at) => logProbabilities[at] > -Infinity)
    .map((at) => ({ symbol: names[symbols[at]] ?? '', parent: parents[at], logProbability: logProbabilities[at] })))

/** @template {import('../tasks/examine.js').Examination} E  @param {Subject} subject  @param {E} name  @param {import('../tasks/examine.js').Asked} options  @returns {any} */
function examined({ practice }, name, options) {
  if (!practice) throw new RnnError('invalid-config', `only tasks have a ${name}, and this model learns a text`)
  return practice.examine(name, options)
}

/** Matrices are told where they are asked for: they are large. @template {{ matrices: unknown }} T  @param {T} probed  @param {boolean} [keep] */
const told = ({ matrices, ...norms }, keep = false) => (keep ? { ...norms, matrices } : norms)

/** By name, each told the options that it documents in diagnostics.js, and a place. */
export const inspections = {
  /** @param {Subject} subject  @param {{ layer?: number, gate?: string, direction?: Direction }} options */
  eigenvalues: (subject, options) => into(subject).eigenvalues(options),

  /** @param {Subject} subject  @param {Place & { of?: 'all' | 'last' }} options  of: whose loss */
  gradientNorms: (subject, { of, ...place }) => into(subject).gradientNorms(batchAt(subject, place), { from: of }),

  /** @param {Subject} subject  @param {Place & { layer?: number, direction?: Direction, state?: 'h' | 'c', matrices?: boolean }} options */
  jacobians: (subject, { from, length, matrices, ...options }) =>
    told(into(subject).jacobians(sequenceAt(subject, { from, length }), options), matrices),

  /** @param {Subject} subject  @param {Place & { step?: number, matrices?: boolean }} options */
  sensitivity: (subject, { from, length, matrices, ...options }) =>
    told(into(subject).sensitivity(sequenceAt(subject, { from, length }), options), matrices),

  /** What is read at a place. @param {Subject} subject  @param {Place} place */
  passage: (subject, place) => Array.from(readAt(subject, place)),

  /** Of all units, (length, H), or of one alone, (length, 1). @param {Subject} subject  @param {Place & { layer?: number, state?: string, unit?: number }} options */
  activations(subject, { from, length, unit, ...options }) {
    const all = into(subject).activations(readAt(subject, { from, length }), options)
    const [steps, H] = all.shape
    return unit === undefined ? all : { shape: [steps, 1], data: Float32Array.from({ length: steps }, (_, t) => all.data[t * H + unit]) }
  },

  /** @param {Subject} subject  @param {Place & { layer?: number, below?: number, above?: number }} options */
  gateStatistics: (subject, { from, length, ...options }) => into(subject).gateStatistics(readAt(subject, { from, length }), options),

  /** With features of the text, as `featuresOf` tells them. @param {Subject} subject  @param {Place & { layer?: number, state?: string }} options */
  correlations(subject, { from, length, ...options }) {
    const text = readAt(subject, { from, length })
    return into(subject).correlations(text, featuresOfParts(subject.vocabulary.spell(text)), options)
  },

  /**
   * How much each symbol surprises, of a place or, instead, of a text of one's own, up to `length` symbols of it.
   * @param {Subject} subject  @param {Place & { text?: string, alternatives?: number }} options
   */
  surprise(subject, { text, alternatives = 3, ...place }) {
    const { model, vocabulary } = subject
    if (text !== undefined) {
      const { symbols, unknown } = vocabulary.encode(text)
      return surpriseAlong(model, vocabulary, symbols.subarray(0, place.length), partsOf(vocabulary, text, place.length), total(unknown), alternatives)
    }
    const symbols = readAt(subject, place)
    return surpriseAlong(model, vocabulary, symbols, vocabulary.spell(symbols), symbols.filter((symbol) => symbol === vocabulary.unknown).length, alternatives)
  },

  /** With what was asked. @param {Subject} subject  @param {import('./embeddings.js').Near} options */
  neighbours: ({ model }, options) => ({ ...options, neighbours: neighbours(model, options) }),

  /** @param {Subject} subject  @param {{ components?: number }} options */
  projection: ({ model }, options) => projection(model, options),

  /** What it writes. @param {Subject} subject  @param {import('./observer.js').SampleOptions} options */
  sample: ({ write }, options) => write(options),

  /** The likeliest texts after a prompt or a source, the tree in which they were found, and what always the likeliest symbol comes to. @param {Subject} subject  @param {BeamOptions} asked  @returns {Beam} */
  beam(subject, { length, width: widest = 4, ...asked }) {
    const { prompt, names, between, options } = searchedOf(subject, asked)
    const [found, greedy] = [widest, 1].map((width) => search(subject.model.inside, { ...options, length, width }))
    const told = (/** @type {import('./searching.js').Found} */ { texts }) => texts.map(({ symbols, logProbability }) => ({ text: symbols.map((symbol) => names[symbol]).join(between), logProbability }))
    return { prompt, rows: rowsOf(names, found.tree), texts: told(found), greedy: { ...told(greedy)[0], rows: rowsOf(names, greedy.tree) } }
  },

  /** A part of a parameter and its gradient in the last window. @param {Subject} subject  @param {{ name: string } & import('./region.js').Region} options */
  parameters: ({ model }, { name, ...region }) => regionOf(model, name, region),

  /** Losses along lines through the weights, of a copy. @param {Subject} subject  @param {Place & import('./slice.js').SliceOptions} options */
  lossSlice(subject, { from, length, ...options }) {
    const copy = subject.copy()
    try {
      return sliceOf(copy, batchAt(subject, { from, length }), options)
    } finally {
      copy.dispose()
    }
  },

  /** What a task's network confuses. @param {Subject} subject  @param {{ cell?: import('../tasks/examine.js').Cell }} options  @returns {import('../tasks/examine.js').Confusion} */
  confusion: (subject, options) => examined(subject, 'confusion', options),

  /** How a series goes on, number by number and freely. @param {Subject} subject  @param {{ sequence?: number, start?: number, column?: number }} options  @returns {import('../tasks/examine.js').Series} */
  series: (subject, options) => examined(subject, 'series', options),

  /** Which words of a sentence are what a task looks for: of one that is held out, or of a text of one's own. @param {Subject} subject  @param {{ sequence?: number, text?: string }} options  @returns {import('../tasks/examine.js').Tags} */
  tags: (subject, options) => examined(subject, 'tags', options),

  /** What a task's network answers to a text of one's own. @param {Subject} subject  @param {{ text: string }} options  @returns {import('../tasks/examine.js').Reply} */
  reply: (subject, options) => examined(subject, 'reply', options),

  /** What is written to a point, where sources are points. @param {Subject} subject  @param {{ source: number[] }} options  @returns {import('../tasks/examine.js').Point} */
  point: (subject, options) => examined(subject, 'point', options),

  /** @param {Subject} subject  @param {Place & { samples?: number, seed?: number }} options */
  checkGradients: (subject, { from, length, ...options }) => into(subject).checkGradients({ batch: batchAt(subject, { from, length }), ...options }),
}

/** @typedef {keyof typeof inspections} InspectionName */
/** @template {InspectionName} N  @typedef {Parameters<typeof inspections[N]>[1]} InspectionOptions */
/** @template {InspectionName} N  @typedef {ReturnType<typeof inspections[N]>} InspectionResult */

/**
 * @template {InspectionName} N
 * @param {Subject} subject
 * @param {N} name
 * @param {InspectionOptions<N>} options
 * @returns {InspectionResult<N>}
 */
export function inspect(subject, name, options) {
  if (!Object.hasOwn(inspections, name)) throw new RnnError('invalid-config', `there is no inspection "${name}"; there are ${Object.keys(inspections).join(', ')}`)
  return /** @type {InspectionResult<N>} */ (/** @type {any} */ (inspections[name])(subject, options))
}
