/** What a trainer's worker holds: one model, its text, and what is told of it. No messages here, and no threads. */
import { RnnError } from './errors.js'
import { createVocabulary, Vocabulary } from './text.js'

/** @typedef {import('./engine.js').Engine} Engine */
/** @typedef {import('./fields.js').Config} Config */
/** @typedef {import('./model.js').Model} Model */
/** @typedef {import('./model.js').Tensor} Tensor */
/** @typedef {{ shape: readonly number[], data: Float32Array }} Parameter */

/**
 * What to tell beside the loss, and how often. `every` is in milliseconds, 0: each time.
 * @typedef {object} Watch
 * @property {true | { from: number, length: number }} [trace] symbols of the text to run through the network; true: the first window
 * @property {boolean} [parameters] tell all parameters with the trace
 * @property {number} [every]
 * @property {SampleOptions & { every?: number }} [sample]
 */
/**
 * @typedef {object} SampleOptions
 * @property {string} prompt
 * @property {number} length
 * @property {number} [temperature]
 * @property {'sample' | 'greedy'} [strategy]
 * @property {number} [seed]
 * @property {boolean} [distributions]
 */
/** @typedef {{ text: string, symbols: number[], probabilities: number[], distributions?: number[][] }} Sample */
/**
 * One sequence through the network, from zero state: every number by name, as `Model.trace` tells.
 * @typedef {object} Frame
 * @property {number} iteration
 * @property {number[]} inputs
 * @property {number[]} targets
 * @property {Record<string, Tensor>} values
 * @property {Record<string, Parameter>} [parameters]
 */
/**
 * @typedef {object} Progress
 * @property {number} iteration
 * @property {number} iterations     since the report before
 * @property {number} loss           of the last iteration, nats per symbol
 * @property {number} gradientNorm   before clipping
 * @property {number} symbols        read since the first weights
 * @property {number} charactersPerSecond
 * @property {Float64Array} losses   iteration, loss, iteration, loss, …: at most 64 pairs, means where there were more
 * @property {Frame} [frame]
 * @property {Sample} [sample]
 */
/**
 * @typedef {object} Run
 * @property {Config} config
 * @property {readonly Readonly<import('./fields.js').Field>[]} fields
 * @property {{ symbols: readonly string[] }} vocabulary
 * @property {readonly { name: string, shape: readonly number[] }[]} parameters
 * @property {import('./model.js').ReadingPlan} plan
 * @property {number} bytes          of the model
 * @property {[symbol: string, count: number][]} unknown  left out of the text
 * @property {number} iteration
 * @property {import('./engine.js').Mode} mode  what computes
 * @property {number} threads
 */

const MOST_LOSSES = 64
const RATE_WINDOW = 2000 // ms over which characters per second are told

/**
 * At most `most` pairs: neighbours share a mean, at the last iteration among them.
 * @param {number[]} pairs
 * @param {number} most
 */
export function thin(pairs, most) {
  const count = pairs.length / 2
  if (count <= most) return Float64Array.from(pairs)
  const thinned = new Float64Array(2 * most)
  for (let i = 0; i < most; i++) {
    const from = Math.floor(i * count / most)
    const to = Math.floor((i + 1) * count / most)
    let sum = 0
    for (let j = from; j < to; j++) sum += pairs[2 * j + 1]
    thinned[2 * i] = pairs[2 * to - 2]
    thinned[2 * i + 1] = sum / (to - from)
  }
  return thinned
}

export class Session {
  #engine
  /** @type {Model | undefined} */
  #model
  #vocabulary = new Vocabulary([])
  /** @type {Uint8Array | Uint16Array} */
  #symbols = new Uint8Array()
  #lastFrame = -Infinity
  #lastSample = -Infinity
  /** Recent times and symbols read until then. @type {{ at: number, symbols: number }[]} */
  #recent = []

  /** @param {Engine} engine */
  constructor(engine) {
    this.#engine = engine
  }

  get #live() {
    if (!this.#model) throw new RnnError('disposed', 'there is no model yet')
    return this.#model
  }

  /**
   * A new model for a text. The old one stays until this one stands.
   * @param {{ config: Config, text: string, vocabulary?: readonly string[] }} options
   * @returns {Run}
   */
  start({ config, text, vocabulary }) {
    const known = vocabulary ? new Vocabulary(vocabulary) : createVocabulary(text)
    return this.#take(this.#engine.createModel({ ...config, vocabulary: known.size }), known, text)
  }

  /**
   * A model from a checkpoint that `save` made.
   * @param {{ bytes: Uint8Array, text: string }} options
   * @returns {Run}
   */
  load({ bytes, text }) {
    const model = this.#engine.loadModel(bytes)
    try {
      return this.#take(model, Vocabulary.fromJSON(model.extra.vocabulary ?? 'null'), text)
    } catch (error) {
      model.dispose()
      throw error
    }
  }

  /**
   * @param {Model} model
   * @param {Vocabulary} vocabulary
   * @param {string} text
   * @returns {Run}
   */
  #take(model, vocabulary, text) {
    const { symbols, unknown } = vocabulary.encode(text)
    let plan
    try {
      plan = model.setText(symbols)
    } catch (error) {
      model.dispose()
      throw error
    }
    this.#model?.dispose()
    this.#model = model
    this.#vocabulary = vocabulary
    this.#symbols = symbols
    this.#lastFrame = this.#lastSample = -Infinity
    this.#recent = []
    const { config, parameters, iteration } = model
    return {
      config, parameters, iteration, plan, mode: this.#engine.mode, threads: this.#engine.threads, fields: this.#engine.fields, bytes: this.#engine.modelSize(config),
      vocabulary: { symbols: vocabulary.symbols }, unknown: [...unknown],
    }
  }

  /**
   * Trains for about `interval` milliseconds or `iterations`, whichever is first, and at least once.
   * @param {{ iterations: number, interval: number, watch: Watch }} options
   * @returns {Progress}
   */
  train({ iterations, interval, watch }) {
    const model = this.#live
    const start = performance.now()
    /** @type {number[]} */
    const losses = []
    let chunk = 1
    let done = 0
    let last
    do {
      const now = performance.now()
      const count = Math.min(chunk, iterations - done)
      last = model.train(count)
      losses.push(last.iteration, last.loss)
      done += count
      if (performance.now() - now < 1) chunk *= 2
    } while (done < iterations && performance.now() - start < interval)
    return {
      ...last, iterations: done, losses: thin(losses, MOST_LOSSES), charactersPerSecond: this.#charactersPerSecond(last.symbols),
      ...this.look({ watch }),
    }
  }

  /** @param {number} symbols read until now */
  #charactersPerSecond(symbols) {
    const at = performance.now()
    const gap = at - (this.#recent.at(-1)?.at ?? at)
    if (gap > RATE_WINDOW / 2) this.#recent = []
    this.#recent.push({ at, symbols })
    while (this.#recent.length > 2 && at - this.#recent[0].at > RATE_WINDOW) this.#recent.shift()
    const first = this.#recent[0]
    return at > first.at ? (symbols - first.symbols) / (at - first.at) * 1000 : 0
  }

  /**
   * The frame and the sample that are due. Nothing is trained.
   * @param {{ watch: Watch }} options
   * @returns {{ frame?: Frame, sample?: Sample }}
   */
  look({ watch: { trace, parameters, every = 0, sample } }) {
    const now = performance.now()
    /** @type {{ frame?: Frame, sample?: Sample }} */
    const seen = {}
    if (trace && now - this.#lastFrame >= every) {
      seen.frame = this.#frame(trace, parameters ?? false)
      this.#lastFrame = performance.now()
    }
    if (sample && now - this.#lastSample >= (sample.every ?? 0)) {
      seen.sample = this.generate(sample)
      this.#lastSample = performance.now()
    }
    return seen
  }

  /**
   * @param {true | { from: number, length: number }} trace
   * @param {boolean} parameters
   * @returns {Frame}
   */
  #frame(trace, parameters) {
    const model = this.#live
    const wanted = trace === true ? { from: 0, length: Number(model.config.steps) } : trace
    const last = this.#symbols.length - 1
    const from = Math.max(0, Math.min(wanted.from, last - 1))
    const length = Math.max(1, Math.min(wanted.length, last - from))
    const inputs = Array.from(this.#symbols.subarray(from, from + length))
    const targets = Array.from(this.#symbols.subarray(from + 1, from + length + 1))
    const traced = model.trace({ batch: 1, steps: length, inputs, targets, fresh: true })
    return {
      iteration: model.iteration, inputs, targets,
      values: Object.fromEntries(traced.names.map((name) => [name, traced.get(name)])),
      ...(parameters && {
        parameters: Object.fromEntries(model.parameters.map(({ name, shape }) => [name, { shape, data: model.getParameter(name) }])),
      }),
    }
  }

  /**
   * What the model writes after a prompt. Symbols it does not know are passed over; an empty prompt starts as the text does.
   * @param {SampleOptions} options
   * @returns {Sample}
   */
  generate({ prompt, length, temperature = 1, strategy = 'sample', seed = 1, distributions = false }) {
    const known = this.#vocabulary.encode(prompt).symbols
    const made = this.#live.generate({
      prompt: known.length ? known : this.#symbols.subarray(0, 1), length, temperature, strategy, seed, distributions,
    })
    const V = this.#vocabulary.size
    return {
      text: this.#vocabulary.decode(made.symbols),
      symbols: Array.from(made.symbols),
      probabilities: Array.from(made.probabilities),
      ...(made.distributions && {
        distributions: Array.from({ length }, (_, i) => Array.from(made.distributions?.subarray(i * V, (i + 1) * V) ?? [])),
      }),
    }
  }

  /** @param {Config} changes  @returns {Config} the configuration after them */
  configure(changes) {
    this.#live.configure(changes)
    return this.#live.config
  }

  /** @param {{ extra?: Readonly<Record<string, string>> }} options  @returns {Uint8Array} */
  save({ extra = {} }) {
    return this.#live.save({ ...extra, vocabulary: JSON.stringify(this.#vocabulary) })
  }
}
