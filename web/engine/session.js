/** What a trainer's worker holds: one model, its text, and what is told of it. No messages here, and no threads. */
import { RnnError } from './errors.js'
import { fingerprint } from './fingerprint.js'
import { History } from './history.js'
import { looking } from './looking.js'
import { Observer, readPrompt, write } from './observer.js'
import { changed, endsScaled, scalingName, until } from './origin.js'
import { Rate, thin } from './progress.js'
import { recurrentBlock, scaleBlock } from './recurrent.js'
import { createVocabulary, Vocabulary } from './text.js'
import { Validation } from './validation.js'

/** @typedef {import('./engine.js').Engine} Engine */
/** @typedef {import('./fields.js').Config} Config */
/** @typedef {import('./model.js').Model} Model */
/** @typedef {import('./origin.js').Origin} Origin */
/** @typedef {import('./inspect.js').InspectionName} InspectionName */
/** @typedef {import('./observer.js').SampleOptions} SampleOptions */
/** @typedef {import('./validation.js').ValidationOptions} ValidationOptions */

/**
 * How training has gone on; with what was watched.
 * @typedef {Told & import('./observer.js').Seen} Progress
 */
/**
 * @typedef {object} Told
 * @property {number} iteration
 * @property {number} iterations     since the report before
 * @property {number} loss           of the last iteration, nats per symbol
 * @property {number} gradientNorm   before clipping
 * @property {number} symbols        read since the first weights
 * @property {number} charactersPerSecond
 * @property {Float64Array} losses   iteration, loss, iteration, loss, …: at most 64 pairs, means where there were more
 * @property {import('./validation.js').Validated & { losses: Float64Array }} [validation]  the last evaluation since the report before, and the
 *   losses of all as pairs like the above; when it says `stopped`, the model is the best one again, and training is over
 * @property {readonly number[]} kept  iterations to which `rewind` can return at once
 */
/**
 * What a run is: where it has come to, from what, and the fingerprint of all its weights.
 * @typedef {{ iteration: number, figures?: import('./history.js').Figures, origin?: Origin, weights: string }} Identity
 */
/** @typedef {{ bytes: Uint8Array, iteration: number, figures?: import('./history.js').Figures, origin?: Origin }} Copied */
/**
 * Where `rewind` has led to; the figures are those of the iteration, where any was trained.
 * @typedef {{ iteration: number, config: Config, kept: readonly number[], figures?: import('./history.js').Figures }} Rewound
 */
/**
 * @typedef {object} Run
 * @property {Config} config
 * @property {readonly Readonly<import('./fields.js').Field>[]} fields
 * @property {{ symbols: readonly string[] }} vocabulary
 * @property {readonly { name: string, shape: readonly number[] }[]} parameters
 * @property {import('./model.js').ReadingPlan} plan
 * @property {{ share: number, every: number, patience: number, symbols: number }} [validation]  how many symbols are held out, and the rest filled in
 * @property {number} bytes          of the model
 * @property {[symbol: string, count: number][]} unknown  left out of the text
 * @property {number} iteration
 * @property {import('./engine.js').Mode} mode  what computes
 * @property {number} threads
 */

const MOST_LOSSES = 64
const KEEPING = 0.02 // of the time, at most, goes into copies of the model
const REPLAY = 250 // ms that `rewind` may take to repeat what was learned after a copy

/** @param {import('./history.js').Figures} told  @returns {import('./history.js').Figures} */
const figuresOf = ({ loss, gradientNorm, symbols }) => ({ loss, gradientNorm, symbols })

/** What fails with a new model leaves none behind. @template T  @param {Model} model  @param {() => T} use */
function orDispose(model, use) {
  try {
    return use()
  } catch (error) {
    model.dispose()
    throw error
  }
}

export class Session {
  #engine
  /** @type {Model | undefined} */
  #model
  #vocabulary = new Vocabulary([])
  /** @type {Uint8Array | Uint16Array} */
  #symbols = new Uint8Array()
  #observer = new Observer()
  #history = new History()
  /** Of the last iteration. @type {import('./history.js').Figures | undefined} */
  #figures
  /** Recurrent weights as they were before they were scaled by hand. @type {Map<string, import('./recurrent.js').Block>} */
  #learned = new Map()
  /** @type {Validation | undefined} */
  #validation
  /** Unknown of a model that comes without. @type {Origin | undefined} */
  #origin
  /** From when on another copy may be made. */
  #keepAfter = 0
  /** Milliseconds that an iteration takes. */
  #pace = 0
  #rate = new Rate()

  /** @param {Engine} engine */
  constructor(engine) {
    this.#engine = engine
  }

  get #live() {
    if (!this.#model) throw new RnnError('disposed', 'there is no model yet')
    return this.#model
  }

  get #subject() {
    return {
      model: this.#live, symbols: this.#symbols, decode: (/** @type {ArrayLike<number>} */ symbols) => this.#vocabulary.decode(symbols),
      read: (/** @type {string} */ prompt) => readPrompt(this.#vocabulary, this.#symbols, prompt),
      write: (/** @type {SampleOptions} */ options) => this.generate(options), copy: () => this.#engine.loadModel(this.save({})),
    }
  }

  /**
   * A new model for a text. The old one stays until this one stands.
   * @param {{ config: Config, text: string, vocabulary?: readonly string[], validation?: ValidationOptions }} options
   * @returns {Run}
   */
  start({ config, text, vocabulary, validation }) {
    const known = vocabulary ? new Vocabulary(vocabulary) : createVocabulary(text)
    const model = this.#engine.createModel({ ...config, vocabulary: known.size })
    return this.#take(model, known, text, { config: model.config, changes: [] }, (symbols) => validation && new Validation(validation, symbols, model.config))
  }

  /**
   * A model from a checkpoint that `save` made, and how it came to be, where that is known.
   * @param {{ bytes: Uint8Array, text: string, origin?: Origin, validation?: ValidationOptions }} options
   * @returns {Run}
   */
  load({ bytes, text, origin, validation }) {
    const model = this.#engine.loadModel(bytes)
    const vocabulary = orDispose(model, () => Vocabulary.fromJSON(model.extra.vocabulary ?? 'null'))
    return this.#take(model, vocabulary, text, origin, (symbols) => Validation.resume(model.extra.validation, validation, symbols, model, () => bytes))
  }

  /**
   * @param {Model} model
   * @param {Vocabulary} vocabulary
   * @param {string} text
   * @param {Origin | undefined} origin
   * @param {(symbols: Uint8Array | Uint16Array) => Validation | undefined} validate
   * @returns {Run}
   */
  #take(model, vocabulary, text, origin, validate) {
    const { symbols, unknown } = vocabulary.encode(text)
    const validation = orDispose(model, () => validate(symbols))
    const plan = orDispose(model, () => model.setText(validation?.training ?? symbols))
    this.#model?.dispose()
    this.#model = model
    this.#learned.clear()
    this.#vocabulary = vocabulary
    this.#symbols = symbols
    this.#validation = validation
    this.#observer = new Observer()
    this.#rate = new Rate()
    this.#history = new History()
    this.#figures = undefined
    this.#origin = origin
    this.#keep()
    const { config, parameters, iteration } = model
    return {
      config, parameters, iteration, plan, mode: this.#engine.mode, threads: this.#engine.threads, fields: this.#engine.fields, bytes: this.#engine.modelSize(config),
      vocabulary: { symbols: vocabulary.symbols }, unknown: [...unknown],
      ...(validation && { validation: { share: validation.share, every: validation.every, patience: validation.patience, symbols: validation.held.length } }),
    }
  }

  /**
   * Trains for about `interval` milliseconds or `iterations`, whichever is first, and at least once.
   * @param {{ iterations: number, interval: number, watch: import('./observer.js').Watch }} options
   * @returns {Promise<Progress>}
   */
  async train({ iterations, interval, watch }) {
    const model = this.#live
    const start = performance.now()
    /** @type {number[]} */
    const losses = []
    /** @type {number[]} */
    const held = []
    /** @type {import('./validation.js').Validated | undefined} */
    let validated
    let chunk = 1
    let done = 0
    let last
    this.#history.forget(model.iteration)
    this.#learned.clear()
    this.#origin &&= until(this.#origin, model.iteration)
    do {
      const now = performance.now()
      const count = Math.min(chunk, iterations - done, this.#validation?.until(model.iteration) ?? Infinity)
      last = model.train(count)
      losses.push(last.iteration, last.loss)
      done += count
      if (performance.now() - now < 1) chunk *= 2
      const found = this.#validate()
      if (!found) continue
      validated = found
      held.push(found.iteration, found.loss)
    } while (done < iterations && !validated?.stopped && performance.now() - start < interval)
    this.#figures = figuresOf(last)
    this.#pace = (performance.now() - start) / done
    if (validated?.stopped) this.#returnToBest()
    if (performance.now() > this.#keepAfter) this.#keep()
    return {
      ...last, iteration: this.#live.iteration, iterations: done, ...(validated && { validation: { ...validated, losses: thin(held, MOST_LOSSES) } }),
      kept: this.#history.iterations, losses: thin(losses, MOST_LOSSES), charactersPerSecond: this.#rate.after(last.symbols),
      ...await this.look({ watch }),
    }
  }

  #validate() {
    return this.#validation?.after(this.#live, () => this.save({}))
  }

  /** Its weights are not there when they were left in a file of before. */
  #returnToBest() {
    const bytes = this.#validation?.state.best?.bytes
    if (!bytes) return
    this.#restore({ bytes, validation: this.#validation?.state })
    this.#figures = undefined
  }

  /** Makes a copy of the model as it is. */
  #keep() {
    const start = performance.now()
    this.#history.add({ iteration: this.#live.iteration, bytes: this.save({}), figures: this.#figures, validation: this.#validation?.state })
    this.#keepAfter = performance.now() + (performance.now() - start) / KEEPING
  }

  /**
   * The model as it was after an iteration, to the last bit; or, where that would take long, as it was at the copy that
   * is nearest. Copies of later iterations stay until there is more training.
   * @param {{ iteration: number }} options
   * @returns {Rewound}
   */
  rewind({ iteration }) {
    const now = this.#live.iteration
    if (now > (this.#history.iterations.at(-1) ?? -1)) this.#keep()
    const [before, after] = [this.#history.before(iteration), this.#history.after(iteration)]
    if (!before) throw new RnnError('invalid-batch', `there is no copy of the model at or before iteration ${iteration}`)
    const exact = (iteration - before.iteration) * this.#pace <= REPLAY && iteration <= (this.#history.iterations.at(-1) ?? 0)
    const nearest = !exact && after && after.iteration - iteration < iteration - before.iteration ? after : before
    this.#restore(nearest)
    this.#figures = nearest.figures
    while (exact && this.#live.iteration < iteration) {
      this.#figures = figuresOf(this.#live.train(Math.min(iteration - this.#live.iteration, this.#validation?.until(this.#live.iteration) ?? Infinity)))
      this.#validate()
    }
    return { iteration: this.#live.iteration, config: this.#live.config, kept: this.#history.iterations, figures: this.#figures }
  }

  /** Another state of the same model. @param {Pick<import('./history.js').Copy, 'bytes' | 'validation'>} copy */
  #restore({ bytes, validation }) {
    const model = this.#engine.loadModel(bytes)
    orDispose(model, () => model.setText(this.#validation?.training ?? this.#symbols))
    this.#model?.dispose()
    this.#model = model
    this.#learned.clear()
    if (this.#validation && validation) this.#validation.state = validation
    this.#rate = new Rate()
  }

  /** What is due. Nothing is trained. @param {{ watch: import('./observer.js').Watch }} options  @returns {Promise<import('./observer.js').Seen>} */
  look({ watch }) {
    return this.#observer.look(this.#subject, watch)
  }

  /**
   * @template {InspectionName} N
   * @param {{ name: N, options: import('./inspect.js').InspectionOptions<N> }} asked
   */
  async inspect({ name, options }) {
    const { inspect } = await looking()
    return inspect(this.#subject, name, options)
  }

  /** What the model writes after a prompt. @param {SampleOptions} options  @returns {import('./observer.js').Sample} */
  generate(options) {
    return write(this.#live, this.#vocabulary, this.#symbols, options)
  }

  /** Bytes that a model would take, with all it needs to train. @param {{ config: Config }} options */
  size({ config }) {
    return this.#engine.modelSize(config)
  }

  /** @param {Config} changes  @returns {Config} the configuration after them */
  configure(changes) {
    this.#live.configure(changes)
    for (const [name, value] of Object.entries(changes)) this.#change({ name, value })
    this.#keep()
    return this.#live.config
  }

  /** Sets one number of a parameter by hand. @param {{ name: string, index: number, value: number }} options */
  poke({ name, index, value }) {
    const values = this.#live.getParameter(name)
    if (!(Number.isInteger(index) && index >= 0 && index < values.length)) throw new RnnError('invalid-config', `${name} has ${values.length} numbers, none at ${index}`)
    values[index] = value
    this.#live.setParameter(name, values)
    this.#learned.clear()
    this.#change({ name, index, value })
    this.#keep()
  }

  /**
   * Gives the recurrent weights of a layer, or of one of its gates, a spectral radius by hand, or, without one, back what
   * they have learned. Until there is more training, each scaling is of what was learned.
   * @param {import('./recurrent.js').Recurrent & { radius?: number }} options
   * @returns {{ learned: number }} the radius that was learned
   */
  scale({ radius, ...which }) {
    const key = `${which.layer ?? 0} ${which.gate ?? ''} ${which.direction ?? 'forward'}`
    // Whoever repeats this knows what was learned before the scalings until now.
    const forgotten = this.#learned.size === 0 && this.#origin && endsScaled(this.#origin, this.#live.iteration)
    const block = this.#learned.get(key) ?? recurrentBlock(this.#live, which)
    scaleBlock(this.#live, block, radius ?? block.radius)
    this.#learned.set(key, block)
    this.#change(forgotten ? { name: '', value: '' } : { name: scalingName(which), value: radius ?? 'learned' })
    this.#keep()
    return { learned: block.radius }
  }

  /** @param {Omit<import('./origin.js').Change, 'iteration'>} change */
  #change(change) {
    const { iteration } = this.#live
    this.#origin &&= changed(this.#origin, { iteration, ...change })
  }

  /** @returns {Identity} */
  identity() {
    const model = this.#live
    const { iteration } = model
    const bytes = model.parameters.map(({ name }) => new Uint8Array(model.getParameter(name).buffer))
    const origin = this.#origin && until(this.#origin, iteration)
    return { iteration, figures: this.#figures, origin: origin?.changes.every(({ name }) => name) ? origin : undefined, weights: fingerprint(bytes) }
  }

  /** All that is needed to go on another time. @returns {Copied} */
  copy() {
    return { bytes: this.save({}), iteration: this.#live.iteration, figures: this.#figures, origin: this.#origin }
  }

  /** @param {{ extra?: Readonly<Record<string, string>> }} options  @returns {Uint8Array} */
  save({ extra = {} }) {
    return this.#live.save({ ...extra, vocabulary: JSON.stringify(this.#vocabulary), ...(this.#validation && { validation: JSON.stringify(this.#validation) }) })
  }
}
