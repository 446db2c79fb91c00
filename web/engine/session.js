/** What a trainer's worker holds: one model, its text, and what is told of it. No messages here, and no threads. */
import { RnnError } from './errors.js'
import { fingerprint } from './fingerprint.js'
import { History } from './history.js'
import { looking } from './looking.js'
import { loadEngine } from './engine.js'
import { Observer, readPrompt, write } from './observer.js'
import { changed, endsScaled, scalingName, until } from './origin.js'
import { practising, WITH_ENCODERS } from './practising.js'
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
 * The vocabulary is the text's, as `createVocabulary` makes it of `tokens` and `maximum`, unless one is given.
 * task: one of tasks.js, in place of a text, which makes its sequences; `config` has its own fields too, and `text` is empty, or a file of its data.
 * @typedef {{ config: Config, text: string, task?: string, vocabulary?: readonly string[], tokens?: import('./text.js').Tokens, maximum?: number, validation?: ValidationOptions }} StartOptions
 */

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
 * @property {import('./validation.js').Validated & { losses: Float64Array, metrics?: import('../tasks/task.js').Metrics }} [validation]  the last evaluation since the report before, and the
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
 * @property {{ tokens: import('./text.js').Tokens, symbols: readonly string[] }} vocabulary
 * @property {readonly { name: string, shape: readonly number[] }[]} parameters
 * @property {import('./model.js').ReadingPlan} plan
 * @property {{ share: number, every: number, patience: number, symbols: number }} [validation]  how many symbols are held out, and the rest filled in
 * @property {import('../tasks/practice.js').Told} [task]  in place of a text
 * @property {number} bytes          of the model
 * @property {[symbol: string, count: number][]} unknown  of the text, what is not in the vocabulary
 * @property {number} charactersPerSymbol  of the text
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
  /** That was opened, and that of the model, which may be one with encoders. */
  #opened
  #engine
  /** @type {Promise<import('./engine.js').Engine> | undefined} */
  #encoders
  /** @type {Model | undefined} */
  #model
  #vocabulary = new Vocabulary([])
  /** @type {Uint8Array | Uint16Array} */
  #symbols = new Uint8Array()
  #charactersPerSymbol = 1
  #observer = new Observer()
  #history = new History()
  /** Of the last iteration. @type {import('./history.js').Figures | undefined} */
  #figures
  /** Recurrent weights as they were before they were scaled by hand. @type {Map<string, import('./recurrent.js').Block>} */
  #learned = new Map()
  /** @type {Validation | undefined} */
  #validation
  /** A task, in place of a text. @type {import('../tasks/practice.js').Practice | undefined} */
  #practice
  /** Unknown of a model that comes without. @type {Origin | undefined} */
  #origin
  /** From when on another copy may be made. */
  #keepAfter = 0
  /** Milliseconds that an iteration takes. */
  #pace = 0
  #rate = new Rate()

  /** @param {Engine} engine */
  constructor(engine) {
    this.#opened = engine
    this.#engine = engine
  }

  get #live() {
    if (!this.#model) throw new RnnError('disposed', 'there is no model yet')
    return this.#model
  }

  get #subject() {
    return {
      model: this.#live, symbols: this.#symbols, vocabulary: this.#vocabulary,
      read: (/** @type {string} */ prompt) => readPrompt(this.#vocabulary, this.#symbols, prompt),
      write: (/** @type {SampleOptions} */ options) => this.generate(options), copy: () => this.#engine.loadModel(this.save({})), practice: this.#practice,
    }
  }

  /** What is looked at that is held out, if anything is. */
  get #checks() {
    return this.#practice ?? this.#validation
  }

  /** The engine for a task. @param {string} task */
  async #engineFor(task) {
    const { readsSources } = await practising()
    if (!readsSources(task) || this.#opened.seq2seq) return this.#opened
    this.#encoders ??= loadEngine({ wasm: WITH_ENCODERS })
    return this.#encoders
  }

  /** What can be chosen of a network: for a text, or for a task. @param {{ task?: string }} options */
  async fields({ task }) {
    if (!task) return this.#opened.fields
    const { fieldsOfTask, openTask } = await practising()
    return fieldsOfTask((await this.#engineFor(task)).fields, await openTask(task))
  }

  /**
   * A new model for a text, or for a task. The old one stays until this one stands.
   * @param {StartOptions} options
   * @returns {Run | Promise<Run>}
   */
  start({ config, text, task, vocabulary, tokens, maximum, validation }) {
    if (task) return this.#practise({ task, text, config })
    const known = vocabulary ? new Vocabulary(vocabulary) : createVocabulary(text, { tokens, maximum })
    const model = this.#opened.createModel({ ...config, vocabulary: known.size })
    return this.#take(model, known, text, { config: model.config, changes: [] }, (symbols) => validation && new Validation(validation, symbols, model.config))
  }

  /**
   * A model from a checkpoint that `save` made, and how it came to be, where that is known.
   * @param {{ bytes: Uint8Array, text: string, task?: string, origin?: Origin, validation?: ValidationOptions }} options
   * @returns {Run | Promise<Run>}
   */
  load({ bytes, text, task, origin, validation }) {
    if (task) return this.#practise({ task, text, bytes }, origin)
    const model = this.#opened.loadModel(bytes)
    const vocabulary = orDispose(model, () => Vocabulary.fromJSON(model.extra.vocabulary ?? 'null'))
    return this.#take(model, vocabulary, text, origin, (symbols) => Validation.resume(model.extra.validation, validation, symbols, model, () => bytes))
  }

  /** @param {{ task: string, text: string, config?: Config, bytes?: Uint8Array }} asked  @param {Origin} [origin]  @returns {Promise<Run>} */
  async #practise({ task: name, text, bytes, config }, origin) {
    const { Practice, fieldsOfTask, openTask } = await practising()
    const [engine, task] = [await this.#engineFor(name), await openTask(name, text)]
    const model = bytes && engine.loadModel(bytes)
    const make = () => new Practice(engine, { task, config, model })
    const practice = model ? orDispose(model, make) : make()
    const vocabulary = new Vocabulary(practice.symbols)
    const fields = fieldsOfTask(engine.fields, task)
    const run = this.#begin(practice.model, { vocabulary, symbols: new Uint8Array(), practice, engine }, model ? origin : { config: practice.config, changes: [] })
    return { ...run, config: practice.config, fields, task: practice.told() }
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
    const encoded = vocabulary.encode(text)
    const { symbols, unknown } = encoded
    const validation = orDispose(model, () => validate(symbols))
    const run = this.#begin(model, { vocabulary, symbols, charactersPerSymbol: vocabulary.charactersPerSymbol(text, encoded), validation }, origin)
    return {
      ...run, unknown: [...unknown],
      ...(validation && { validation: { share: validation.share, every: validation.every, patience: validation.patience, symbols: validation.held.length } }),
    }
  }

  /**
   * @param {Model} model
   * @param {{ vocabulary: Vocabulary, symbols: Uint8Array | Uint16Array, charactersPerSymbol?: number, validation?: Validation, practice?: import('../tasks/practice.js').Practice, engine?: Engine }} learned  from
   * @param {Origin | undefined} origin
   * @returns {Run}
   */
  #begin(model, { vocabulary, symbols, charactersPerSymbol = 1, validation, practice, engine = this.#opened }, origin) {
    const plan = orDispose(model, () => practice?.prepare(model) ?? model.setText(validation?.training ?? symbols))
    this.#model?.dispose()
    this.#model = model
    this.#engine = engine
    this.#learned.clear()
    this.#vocabulary = vocabulary
    this.#symbols = symbols
    this.#charactersPerSymbol = charactersPerSymbol
    this.#validation = validation
    this.#practice = practice
    this.#observer = new Observer()
    this.#rate = new Rate()
    this.#history = new History()
    this.#figures = undefined
    this.#origin = origin
    this.#keep()
    const { config, parameters, iteration } = model
    return {
      config, parameters, iteration, plan, mode: this.#engine.mode, threads: this.#engine.threads, fields: this.#engine.fields, bytes: this.#engine.modelSize(config),
      vocabulary: { tokens: vocabulary.tokens, symbols: vocabulary.symbols }, unknown: [], charactersPerSymbol,
    }
  }

  /** @param {number} count  of iterations */
  #learn(count) {
    return this.#practice?.train(count) ?? this.#live.train(count)
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
      const count = Math.min(chunk, iterations - done, this.#checks?.until(model.iteration) ?? Infinity)
      last = this.#learn(count)
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
      kept: this.#history.iterations, losses: thin(losses, MOST_LOSSES), charactersPerSecond: this.#charactersPerSymbol * this.#rate.after(last.symbols),
      ...await this.look({ watch }),
    }
  }

  #validate() {
    return this.#checks?.after(this.#live, () => this.save({}))
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
    this.#history.add({ iteration: this.#live.iteration, bytes: this.save({}), figures: this.#figures, validation: this.#checks?.state })
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
      this.#figures = figuresOf(this.#learn(Math.min(iteration - this.#live.iteration, this.#checks?.until(this.#live.iteration) ?? Infinity)))
      this.#validate()
    }
    return { iteration: this.#live.iteration, config: this.#live.config, kept: this.#history.iterations, figures: this.#figures }
  }

  /** Another state of the same model. @param {Pick<import('./history.js').Copy, 'bytes' | 'validation'>} copy */
  #restore({ bytes, validation }) {
    const model = this.#engine.loadModel(bytes)
    orDispose(model, () => this.#practice?.prepare(model) ?? model.setText(this.#validation?.training ?? this.#symbols))
    this.#model?.dispose()
    this.#model = model
    this.#learned.clear()
    if (this.#checks && validation) this.#checks.state = validation
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
    const own = this.#practice?.extra() ?? { vocabulary: JSON.stringify(this.#vocabulary), ...(this.#validation && { validation: JSON.stringify(this.#validation) }) }
    return this.#live.save({ ...extra, ...own })
  }
}
