/** What a trainer's session learns from where that is a task: its sequences, those that are held out, and what is told of them. */
import { RnnError } from '../engine/errors.js'
import { lossOf, outputsOf, part, sourcesOf } from './answers.js'
import { examine } from './examine.js'
import { Learning } from './learn.js'
import { configOf, fits, isFixed, readValues } from './task.js'

/** @typedef {import('./task.js').Task} Task */
/** @typedef {import('./task.js').Batch} Batch */
/** @typedef {import('./task.js').Config} Config */
/** @typedef {import('./task.js').Metrics} Metrics */
/** @typedef {import('./task.js').Model} Model */
/** @typedef {import('./task.js').Values} Values */
/** @typedef {import('../engine/fields.js').Field} Field */
/** @typedef {import('../engine/place.js').Place} Place */
/** @typedef {import('../engine/validation.js').Validated} Validated */
/** A sequence in words: what is read, and what is wanted. @typedef {{ reads: string, wanted: string }} Described */
/**
 * What a session tells of its task.
 * @typedef {object} Told
 * @property {string} name
 * @property {Task['shape']} shape
 * @property {number} sequences            that are held out
 * @property {readonly string[]} outputs   what classes are called; none where the answer is a number
 * @property {readonly string[]} roles     of the columns of a file of one's own, see task.js; none where it learns from no file
 * @property {number} horizon              steps from a number to the one that is asked
 * @property {Readonly<Record<string, number>>} counts  how its data was used
 * @property {import('./task.js').Goal} goal
 * @property {boolean} sentences           it reads sentences, and answers to each word
 * @property {boolean} replies             it answers to a text of one's own
 * @property {readonly import('./task.js').Window[]} [windows]  where in a picture each step looks
 * @property {string} between  what joins its symbols
 * @property {number} [across]             answers are a picture, with so many points in a row
 * @property {number} [sourceAcross]       sources are pictures, with so many points in a row
 * @property {readonly string[]} [corners] of the plane that sources are points of
 * @property {readonly Described[]} preview  the first sequences that are held out
 */

/** Looks at what is held out until a task's goal is reached, about. */
const LOOKS = 20

/** Sequences that are told in words, and numbers of them. */
const [DESCRIBED, NUMBERS] = [10, 8]

/** So many steps at most get a belief each, where the answer comes once. */
const MOST_BELIEFS = 128

/** A configuration in two: the task's own fields, and the network's. @param {Task} task  @param {Config} given */
function split({ fields }, given) {
  const isOwn = (/** @type {string} */ name) => fields.some((field) => field.name === name)
  const those = (/** @type {boolean} */ own) => Object.fromEntries(Object.entries(given).filter(([name]) => isOwn(name) === own))
  return { fields: /** @type {Values} */ (those(true)), config: those(false) }
}

/**
 * What can be chosen: the task's own fields, and those of the network that its sequences leave open, with its defaults.
 * @param {readonly Readonly<Field>[]} fields  of the engine
 * @param {Task} task
 * @returns {Readonly<Field>[]}
 */
export function fieldsOfTask(fields, task) {
  const made = configOf(task, readValues(task, {}), {})
  const own = task.fields.map((field) => ({ ...field, choices: [], unit: '', group: 'task', live: false }))
  const open = fields.filter((field) => !isFixed(made, field.name))
  return [...own, ...open.map((field) => ({ ...field, choices: field.choices.filter((choice) => fits(made, field.name, choice)), default: made[field.name] ?? field.default }))]
}

export class Practice {
  #learning
  /** The lowest loss on what is held out, so far. @type {import('../engine/validation.js').ValidationState} */
  state = Object.freeze({ misses: 0 })

  /**
   * @param {import('./learn.js').Maker} engine
   * @param {{ task: Task, config?: Config, model?: Model }} asked  model: one that was saved by a practice of the task
   */
  constructor(engine, { task, config = {}, model }) {
    this.task = task
    const options = model ? { model, fields: savedFields(task, model) } : split(task, config)
    this.#learning = new Learning(engine, task, options)
    const { held } = this.#learning
    const { targets = [] } = task.measured?.(held) ?? held
    /** Which of those that are held out are measured, and so shown. */
    this.shown = Array.from({ length: held.batch }, (_, b) => b).filter((b) => targets.length !== held.batch || targets[b] !== -1)
    this.every = Math.ceil(task.goal.iterations / LOOKS)
  }

  get model() {
    return this.#learning.model
  }

  get values() {
    return this.#learning.values
  }

  /** What is never learned from. @returns {Batch} */
  get held() {
    return this.#learning.held
  }

  /** All that was chosen: the network, and the task's own fields. @returns {Config} */
  get config() {
    return { ...this.model.config, ...this.values }
  }

  /** Goes on with a model of the same shape. @param {Model} model  @returns {import('../engine/model.js').ReadingPlan} */
  prepare(model) {
    this.#learning.model = model
    const [batch, { steps }] = [Number(model.config.batch), this.held]
    return { length: steps + this.shown.length, batch, steps, shrunk: false }
  }

  /** @param {number} count  of updates  @returns {import('../engine/model.js').Training} */
  train(count) {
    let told = this.#learning.step()
    for (let done = 1; done < count; done++) told = this.#learning.step()
    return { ...told, symbols: told.iteration * Number(this.model.config.batch) * this.held.steps }
  }

  /** Updates until what is held out is looked at. @param {number} iteration */
  until(iteration) {
    return this.every - iteration % this.every
  }

  /** Looks at what is held out, if it is time to. @param {Model} model  @returns {Validated & { metrics: Metrics } | undefined} */
  after({ iteration }) {
    if (iteration % this.every) return undefined
    const loss = lossOf(this.model, this.held)
    const lowest = this.state.best
    const best = lowest && lowest.iteration < iteration && lowest.loss <= loss ? lowest : { iteration, loss }
    this.state = Object.freeze({ best, misses: 0 })
    return { iteration, loss, best: best.loss, bestIteration: best.iteration, stopped: false, metrics: this.#learning.metrics() }
  }

  /** One that is held out: `from` is its number. @param {Place} place  @returns {Batch} */
  batchAt({ from }) {
    const one = part(this.held, this.shown[Math.max(0, Math.min(this.shown.length - 1, from))], 1)
    return shortened(one, one.lengths ? one.lengths[0] : one.steps, this.model.config)
  }

  /**
   * What it says after each step: of probabilities, logits where the answer is a number. Where the answer comes once, it is
   * what the answer would be if the sequence ended there.
   * @param {Batch} batch  of one sequence
   * @returns {Float32Array | undefined}
   */
  beliefs(batch) {
    const { pool, loss } = this.model.config
    if (pool === 'each' || batch.steps > MOST_BELIEFS) return undefined
    const lengths = Array.from({ length: batch.steps }, (_, t) => t + 1)
    const repeated = (/** @type {ArrayLike<number> | undefined} */ all) => all && lengths.flatMap(() => Array.from(all))
    const { inputs, vectors, targets, values } = batch
    const grown = Object.fromEntries(Object.entries({ inputs, vectors, targets, values }).map(([name, all]) => [name, repeated(all)]).filter(([, all]) => all))
    return outputsOf(this.model, { batch: batch.steps, steps: batch.steps, lengths, fresh: true, ...grown }, loss === 'squared' ? 'logits' : 'p')
  }

  /** A source and what is written after it, where sources are read. @param {Batch} batch  of one sequence  @returns {{ source: string[], written: string[] } | undefined} */
  rewritten(batch) {
    const written = this.task.writes?.(this.model, batch, this.values)
    if (!written) return undefined
    const { sources = [], says = [] } = this.task.symbols?.(this.values) ?? {}
    return { source: readOf(batch, sources), written: written[0].map((symbol) => says[symbol]) }
  }

  /** How a search begins after a source that is held out, and what its symbols are called. @param {number} from  @returns {import('../engine/inspect.js').Searched} */
  searched(from) {
    const options = this.task.opens?.(this.model, this.batchAt({ from, length: 0 }), this.values)
    if (!options) throw new RnnError('invalid-config', `the task ${this.task.name} reads no sources, after which something could be searched`)
    const { sources = [], says = [] } = this.task.symbols?.(this.values) ?? {}
    return { prompt: options.source.map((symbol) => sources[symbol]).join(this.task.between ?? ''), names: says, between: this.task.between ?? '', options }
  }

  /** Deeper questions about it, see examine.js. @param {import('./examine.js').Examination} name  @param {import('./examine.js').Asked} options */
  examine(name, options) {
    return examine(this, name, options)
  }

  /** What a saved model is to tell of it. */
  extra() {
    return { task: JSON.stringify({ name: this.task.name, fields: this.values, encoding: this.task.encoding?.(this.values) }) }
  }

  /** @returns {Told} */
  told() {
    const { task, values, shown } = this
    return {
      name: task.name, shape: task.shape, sequences: shown.length, outputs: task.symbols?.(values).says ?? [], roles: task.roles ?? [], sentences: task.spelled !== undefined, replies: task.read !== undefined || (task.rewrite !== undefined && !this.model.config.sourceSize),
      horizon: values.horizon ?? 1, between: task.between ?? '', across: task.across, sourceAcross: task.sourceAcross, corners: task.corners, windows: task.windows?.(values), counts: task.counts?.(values) ?? {}, goal: task.goal, preview: Array.from({ length: Math.min(DESCRIBED, shown.length) }, (_, from) => this.#described(from)),
    }
  }

  /** @param {number} from  @returns {Described} */
  #described(from) {
    const batch = this.batchAt({ from, length: 0 })
    const { inputs, vectors = [], targets, values = [], mask } = batch
    const { sources, reads = [], says = [] } = this.task.symbols?.(this.values) ?? {}
    const read = batch.sourceSteps ? readOf(batch, sources) : inputs && Array.from(inputs, (symbol) => reads[symbol])
    const classes = targets ?? (this.model.config.loss === 'binary' ? values : undefined)
    const counted = classes && Array.from(classes).filter((target, row) => target >= 0 && (mask?.[row] ?? 1))
    return { reads: read?.join((sources && this.task.betweenSources) ?? this.task.between ?? '') ?? numbers(vectors), wanted: counted ? counted.map((target) => says[target]).join(this.task.between ?? '') : numbers(values) }
  }

  /** What symbols that are read are called; none where numbers are read. @returns {readonly string[]} */
  get symbols() {
    return this.task.symbols?.(this.values).reads ?? []
  }
}

/** The first of some numbers. @param {ArrayLike<number>} all */
const numbers = (all) => Array.from(all).slice(0, NUMBERS).map((value) => value.toFixed(2)).join(' ') + (all.length > NUMBERS ? ' …' : '')

/** What an encoder reads, in words. @param {Batch} batch  of one sequence  @param {readonly string[]} [symbols]  none where that is a vector */
function readOf(batch, symbols = []) {
  const [source] = sourcesOf(batch)
  return batch.sourceVectors ? [numbers(source)] : source.map((symbol) => symbols[symbol])
}

/** The first steps of one sequence. @param {Batch} batch  @param {number} steps  @param {Config} config  @returns {Batch} */
function shortened({ lengths: _, ...batch }, steps, config) {
  if (steps === batch.steps) return batch
  const { inputs, vectors, targets, values, mask, ...rest } = batch
  const cut = (/** @type {Record<string, ArrayLike<number> | undefined>} */ arrays) => Object.fromEntries(Object.entries(arrays)
    .flatMap(([name, all]) => (all ? [[name, Array.prototype.slice.call(all, 0, all.length / batch.steps * steps)]] : [])))
  return { ...rest, steps, ...cut({ inputs, vectors }), ...(config.pool === 'each' ? cut({ targets, values, mask }) : { targets, values, mask }) }
}

/** @param {Task} task  @param {Model} model  @returns {Values} */
function savedFields(task, { extra }) {
  /** @type {unknown} */
  let saved
  try {
    saved = JSON.parse(extra.task ?? 'null')
  } catch {
    throw new RnnError('bad-checkpoint', 'what it says of its task cannot be read')
  }
  const { name, fields, encoding } = /** @type {{ name?: string, fields?: Values, encoding?: unknown }} */ (saved ?? {})
  if (name !== task.name || !fields) throw new RnnError('bad-checkpoint', `it has not learned the task ${task.name}`)
  const values = readValues(task, fields)
  if (JSON.stringify(encoding) !== JSON.stringify(task.encoding?.(values))) throw new RnnError('bad-checkpoint', 'it has learned from other data')
  return values
}
