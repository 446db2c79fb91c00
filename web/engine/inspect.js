/**
 * What a trainer can be asked about its model: the diagnostics of diagnostics.js, on a place of the text that it reads. All
 * of it is read from zero state.
 */
import { Diagnostics } from './diagnostics.js'
import { RnnError } from './errors.js'
import { featuresOf } from './features.js'
import { batchAt, readAt } from './place.js'
import { regionOf } from './region.js'
import { search } from './searching.js'
import { sliceOf } from './slice.js'

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
 * @typedef {{ prompt: string, length: number, width?: number }} BeamOptions
 * @typedef {{ symbol: string, parent: number, logProbability: number }} BeamNode  parent: its place in the row before; of the text so far
 * @typedef {{ text: string, logProbability: number }} BeamText
 * @typedef {{ prompt: string, rows: BeamNode[][], texts: BeamText[], greedy: BeamText & { rows: BeamNode[][] } }} Beam  a row for each symbol, the best first
 */

/** @param {Subject} subject  @param {import('./searching.js').Tree} tree  @returns {BeamNode[][]} */
const rowsOf = ({ decode }, { width, symbols, parents, logProbabilities }) => Array.from({ length: symbols.length / width }, (_, row) =>
  Array.from({ length: width }, (_, place) => row * width + place).filter((at) => logProbabilities[at] > -Infinity)
    .map((at) => ({ symbol: decode(symbols.subarray(at, at + 1)), parent: parents[at], logProbability: logProbabilities[at] })))

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
    told(into(subject).jacobians({ inputs: readAt(subject, { from, length }) }, options), matrices),

  /** @param {Subject} subject  @param {Place & { step?: number, matrices?: boolean }} options */
  sensitivity: (subject, { from, length, matrices, ...options }) =>
    told(into(subject).sensitivity({ inputs: readAt(subject, { from, length }) }, options), matrices),

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
    return into(subject).correlations(text, featuresOf(subject.decode(text)), options)
  },

  /** What it writes. @param {Subject} subject  @param {import('./observer.js').SampleOptions} options */
  sample: ({ write }, options) => write(options),

  /** The likeliest texts after a prompt, the tree in which they were found, and what always the likeliest symbol comes to. @param {Subject} subject  @param {BeamOptions} options  @returns {Beam} */
  beam(subject, { prompt, ...options }) {
    const start = subject.read(prompt)
    const [found, greedy] = [options.width ?? 4, 1].map((width) => search(subject.model.inside, { prompt: start, ...options, width }))
    const told = (/** @type {import('./searching.js').Found} */ { texts }) => texts.map(({ symbols, logProbability }) => ({ text: subject.decode(symbols), logProbability }))
    return { prompt: subject.decode(start), rows: rowsOf(subject, found.tree), texts: told(found), greedy: { ...told(greedy)[0], rows: rowsOf(subject, greedy.tree) } }
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
