/** A model that trains in a worker, while the page stays free. At most one message is on its way at any time. */
import { failureOf, RnnError } from './errors.js'
import { openPort, withTimeout } from './port.js'
import { startThread } from './team.js'

/** @typedef {import('./engine.js').Mode} Mode */
/** @typedef {import('./fields.js').Config} Config */
/** @typedef {import('./inspect.js').InspectionName} InspectionName */
/** @typedef {import('./session.js').Progress} Progress */
/** @typedef {import('./session.js').Run} Run */
/** @typedef {import('./observer.js').Sample} Sample */
/** @typedef {import('./observer.js').SampleOptions} SampleOptions */
/** @typedef {import('./observer.js').Seen} Seen */
/** @typedef {import('./session.js').Session} Session */
/** @typedef {import('./observer.js').Watch} Watch */
/** @typedef {import('./validation.js').ValidationOptions} ValidationOptions */
/** @typedef {import('./worker.js').RequestName} RequestName */

/** @typedef {{ readonly id: number, readonly name: RequestName, readonly options: unknown }} Request */
/** @typedef {{ id: number, result?: unknown, error?: import('./errors.js').Failure }} Answer */
/** @typedef {{ place: import('./thread.js').Place }} Wish */
/** @typedef {{ lock: string }} Held */

/**
 * @typedef {object} TrainOptions
 * @property {number} [iterations] Infinity
 * @property {number} [interval]   milliseconds of training between two reports: 50
 * @property {number} [rate]       iterations per second at most: Infinity
 * @property {Watch} [watch]       what else to report
 * @property {AbortSignal} [signal] ends the loop after the report that is on its way
 */

const OPEN_TIMEOUT = 20000 // ms; engines may refuse WebAssembly without a word

/**
 * @param {{ mode?: Mode, threads?: number, worker?: string | URL | Worker, wasm?: ArrayBuffer | string | URL | WebAssembly.Module }} [options]
 *   mode, threads and wasm as for `loadEngine`; by default `worker.js` and the module beside this file, from any origin that
 *   allows it
 * @returns {Promise<Trainer>}
 */
export async function createTrainer({ mode, threads, worker = new URL('./worker.js', import.meta.url), wasm } = {}) {
  /** @type {import('./port.js').Port<Answer | Wish | Held>} */
  const port = await openPort(worker)
  const trainer = new Trainer(port)
  try {
    const opened = trainer.open({ mode, threads, wasm: wasm instanceof URL ? wasm.href : wasm })
    await withTimeout(opened, OPEN_TIMEOUT, 'the engine did not start; a content security policy must allow \'wasm-unsafe-eval\' and workers')
  } catch (error) {
    trainer.dispose()
    throw error
  }
  return trainer
}

/** @param {number} milliseconds  @param {AbortSignal} [signal] which ends the pause at once  @returns {Promise<void>} */
const pause = (milliseconds, signal) => new Promise((resolve) => {
  const end = () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
    resolve()
  }
  const timer = setTimeout(end, signal?.aborted ? 0 : milliseconds)
  signal?.addEventListener('abort', end)
})

/** The same, whenever it was last told. @param {Watch} watch  @returns {Watch} */
const atOnce = ({ sample, inspect, ...watch }) => ({
  ...watch, every: 0, ...(sample && { sample: { ...sample, every: 0 } }), ...(inspect && { inspect: { ...inspect, every: 0 } }),
})

export class Trainer {
  #port
  #nextId = 1
  /** The end of the queue of requests. @type {Promise<unknown>} */
  #queue = Promise.resolve()
  /** @type {Request & { resolve: (result: any) => void, reject: (error: RnnError) => void } | undefined} */
  #waiting
  /** @type {Request | undefined} */
  #answered
  /** @type {RnnError | undefined} */
  #dead
  /** @type {(error: RnnError) => void} */
  #tellDeath = () => {}
  /** Why the worker is gone, as soon as it is; of one that is disposed this never comes. @type {Promise<RnnError>} */
  death = new Promise((resolve) => { this.#tellDeath = resolve })

  /** Those that the worker has asked for. @type {Promise<import('./team.js').Thread>[]} */
  #threads = []

  /** @param {import('./port.js').Port<Answer | Wish | Held>} port */
  constructor(port) {
    this.#port = port
    port.listen(
      (message) => 'place' in message ? this.#startThread(message) : 'lock' in message ? this.#outlive(message) : this.#take(message),
      (why) => this.end(why))
  }

  /** What the worker has been asked and not answered yet. @returns {Request | undefined} */
  get asked() {
    return this.#waiting
  }

  /** What it answered last. @returns {Request | undefined} */
  get answered() {
    return this.#answered
  }

  /** Whether nothing can be asked any more. */
  get ended() {
    return this.#dead !== undefined
  }

  /** A lock that the worker holds comes free when the worker is gone. @param {Held} held */
  #outlive({ lock }) {
    navigator.locks.request(lock, () => this.end('it was ended')).catch(() => {})
  }

  /** @param {Answer} answer */
  #take({ id, result, error }) {
    if (!this.#waiting || this.#waiting.id !== id) return
    const { resolve, reject, ...answered } = this.#waiting
    this.#waiting = undefined
    this.#answered = answered
    if (error) reject(new RnnError(error.code, error.message))
    else resolve(result)
  }

  /** @param {Wish} wish */
  async #startThread({ place }) {
    const starting = startThread(place)
    this.#threads.push(starting)
    try {
      await starting
      this.#port.post({ thread: place.index })
    } catch (error) {
      this.#endThreads() // the worker does without any
      this.#port.post({ thread: place.index, error: failureOf(error) })
    }
  }

  #endThreads() {
    for (const starting of this.#threads) starting.then((thread) => thread.end(), () => {})
  }

  /** @param {RnnError} error */
  #die(error) {
    if (this.#dead) return
    this.#dead = error
    this.#waiting?.reject(error)
    this.#waiting = undefined
    this.#endThreads()
    this.#port.end()
    if (error.code === 'worker-failed') this.#tellDeath(error)
  }

  /**
   * Sends a request when the answer to the one before has come.
   * @template T
   * @param {RequestName} name
   * @param {unknown} [options]
   * @returns {Promise<T>}
   */
  #ask(name, options = {}) {
    const answer = this.#queue.then(() => new Promise((resolve, reject) => {
      if (this.#dead) return reject(this.#dead)
      const id = this.#nextId++
      this.#waiting = { id, name, options, resolve, reject }
      this.#port.post({ id, name, options })
    }))
    this.#queue = answer.catch(() => {})
    return /** @type {Promise<T>} */ (answer)
  }

  /** @param {{ mode?: Mode, threads?: number, wasm?: ArrayBuffer | string | WebAssembly.Module }} options  @returns {Promise<void>} */
  open(options) {
    const opened = this.#ask('open', options)
    this.#port.post({ lock: `unroll ${Math.random()}` })
    return /** @type {Promise<void>} */ (opened)
  }

  /**
   * A new model for a text. On failure the old model stays. With `validation`,
   * training stops by itself: see validation.js.
   * @param {import('./session.js').StartOptions} options
   * @returns {Promise<Run>}
   */
  start(options) {
    return this.#ask('start', options)
  }

  /**
   * A model as `save` wrote it; the origin is what `identity` told of it. If it was validated, it is so again, with its
   * best loss and its patience as they were.
   * @param {{ bytes: Uint8Array, text: string, task?: string, origin?: import('./origin.js').Origin, validation?: ValidationOptions }} options
   * @returns {Promise<Run>}
   */
  load(options) {
    return this.#ask('load', options)
  }

  /**
   * Trains and reports. While a report is in the caller's hands, the next stretch of training runs already. Leaving
   * the loop, or aborting, ends the training within one interval.
   * @param {TrainOptions} [options]
   * @returns {AsyncGenerator<Progress, void, void>}
   */
  async *train({ iterations = Infinity, interval = 50, rate = Infinity, watch = {}, signal } = {}) {
    let left = iterations
    let due = performance.now()
    const next = async () => {
      if (due > performance.now()) await pause(due - performance.now(), signal)
      if (left <= 0 || signal?.aborted) return undefined
      const count = Number.isFinite(rate) ? Math.max(1, Math.round(rate * interval / 1000)) : Infinity
      due = Math.max(due, performance.now() - interval) + (Number.isFinite(rate) ? count / rate * 1000 : 0)
      const report = /** @type {Progress} */ (await this.#ask('train', { iterations: Math.min(count, left), interval, watch }))
      left = report.validation?.stopped ? 0 : left - report.iterations
      return report
    }
    for (let coming = next(); ;) {
      const report = await coming
      if (!report) return
      coming = next()
      coming.catch(() => {}) // the next turn of the loop throws it
      yield report
    }
  }

  /**
   * `count` iterations, and all that is watched, as it is after them.
   * @param {number} [count]
   * @param {Watch} [watch]
   * @returns {Promise<Progress>}
   */
  step(count = 1, watch = {}) {
    return this.#ask('train', { iterations: count, interval: Infinity, watch: atOnce(watch) })
  }

  /** What is watched, as it is now. @param {Watch} watch  @returns {Promise<Seen>} */
  look(watch) {
    return this.#ask('look', { watch: atOnce(watch) })
  }

  /**
   * Looks deeper into the model, at a place of its text: see inspect.js.
   * @template {InspectionName} N
   * @param {N} name
   * @param {import('./inspect.js').InspectionOptions<N>} options
   * @returns {Promise<import('./inspect.js').InspectionResult<N>>}
   */
  inspect(name, options) {
    return this.#ask('inspect', { name, options })
  }

  /**
   * The model as it was after an iteration, to the last bit, or as near to it as is quickly done. Training goes on from there.
   * @param {number} iteration
   * @returns {Promise<import('./session.js').Rewound>}
   */
  rewind(iteration) {
    return this.#ask('rewind', { iteration })
  }

  /** Sets one number of a parameter, row-major, out first. @param {string} name  @param {number} index  @param {number} value  @returns {Promise<void>} */
  poke(name, index, value) {
    return this.#ask('poke', { name, index, value })
  }

  /**
   * Scales recurrent weights to a spectral radius; without one, back to what they have learned.
   * @param {import('./recurrent.js').Recurrent & { radius?: number }} options
   * @returns {Promise<{ learned: number }>} the radius that was learned
   */
  scale(options) {
    return this.#ask('scale', options)
  }

  /** @param {SampleOptions} options  @returns {Promise<Sample>} */
  generate(options) {
    return this.#ask('generate', options)
  }

  /** Bytes that a model would take: as `Engine.modelSize`. @param {Config} config  @returns {Promise<number>} */
  size(config) {
    return this.#ask('size', { config })
  }

  /** What can be chosen of a network: for a text, or for a task. @param {{ task?: string }} [options]  @returns {Promise<Run['fields']>} */
  fields(options = {}) {
    return this.#ask('fields', options)
  }

  /** Changes live fields. @param {Config} changes  @returns {Promise<Config>} the configuration after them */
  configure(changes) {
    return this.#ask('configure', changes)
  }

  /** How the run came to be and where it is, with a fingerprint of its weights. @returns {Promise<import('./session.js').Identity>} */
  identity() {
    return this.#ask('identity')
  }

  /** A checkpoint with what it is of, for `load`. @returns {Promise<import('./session.js').Copied>} */
  copy() {
    return this.#ask('copy')
  }

  /** A checkpoint, the vocabulary in it. @param {Readonly<Record<string, string>>} [extra]  @returns {Promise<Uint8Array>} */
  save(extra = {}) {
    return this.#ask('save', { extra })
  }

  /** Ends the worker and its threads. What is under way fails with code 'disposed'. */
  dispose() {
    this.#die(new RnnError('disposed', 'this trainer has been disposed'))
  }

  /** The same for a worker that has failed: with code 'worker-failed'. @param {string} why */
  end(why) {
    this.#die(new RnnError('worker-failed', `the worker failed: ${why}`))
  }
}
