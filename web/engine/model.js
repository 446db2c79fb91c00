/** A model: the core's functions on one block of memory. Results are copies. */
import { withBatch } from './batch.js'
import { Diagnostics } from './diagnostics.js'
import { neighbours, projection } from './embeddings.js'
import { checkIndices, RnnError } from './errors.js'
import { fieldIndex, readConfig, reword, toNumber } from './fields.js'
import { strandOf } from './probe.js'
import { writeExtra } from './safetensors.js'
import { search, Writer } from './searching.js'
import { Reader } from './surprise.js'
import { getWeights } from './state-dict.js'
import { writeTensors } from './tensors.js'
import { setVectors } from './vectors.js'
import { generate } from './writing.js'

/** @typedef {import('./memory.js').Memory} Memory */
/** @typedef {import('./memory.js').Pointer} Pointer */
/** @typedef {import('./fields.js').Config} Config */
/** @typedef {import('./fields.js').Field} Field */

/** @typedef {import('./batch.js').Batch} Batch */
/** @typedef {{ loss: number }} Loss  mean over the counted targets, in nats */
/** @typedef {{ loss: number, gradientNorm: number }} Step  the norm before clipping */
/** @typedef {{ loss: number, gradientNorm: number, iteration: number, symbols: number }} Training */
/** @typedef {{ length: number, batch: number, steps: number, shrunk: boolean }} ReadingPlan */
/** @typedef {{ shape: number[], data: Float32Array }} Tensor  row-major */
/** @typedef {{ names: string[], get: (name: string) => Tensor }} Trace */

const FORWARD = 0
const BACKWARD = 1
const STEP = 2

/** Layouts of src/rnn.h in 32-bit memory, in bytes. */
const SHAPE_NAME = 40
const ENTRY_NAME = 36

/** @param {unknown} symbols */
function checkText(symbols) {
  if (symbols instanceof Uint8Array || symbols instanceof Uint16Array) return
  const kind = ArrayBuffer.isView(symbols) ? symbols.constructor.name : typeof symbols
  throw new RnnError('invalid-text', `a text is a Uint8Array or a Uint16Array, not ${kind}`)
}

/**
 * A number of a trace, at one step, that is what one says: of h, c or a gate, by its letter in a trace. All that comes later
 * follows from it; gradients take it for a constant, and none passes through it.
 * @typedef {{ layer?: number, direction?: import('./probe.js').Direction, step: number, unit: number, value: number, state?: string }} Hold
 */

/** rnn_hold of src/rnn.h, in bytes, and what it names by numbers. */
const HOLD = 24
const HOLD_C = 4
const HOLD_H = 5

export class Model extends Diagnostics {
  #memory
  #fields
  #block
  /** @type {Pointer} the text's copy */
  #text = 0
  /** @type {ReadonlyMap<string, { index: number, shape: readonly number[] }>} */
  #parameters

  /**
   * @param {Memory} memory
   * @param {readonly Readonly<Field>[]} fields
   * @param {Pointer} block
   * @param {Readonly<Record<string, string>>} extra
   * @param {import('./engine.js').Mode} arithmetic
   */
  constructor(memory, fields, block, extra, arithmetic) {
    super()
    this.#memory = memory
    this.#fields = fields
    this.#block = block
    /** Strings that were saved with the model. */
    this.extra = extra
    /** strict: all that this model has learned has the same bits on every machine. It is saved with the model. */
    this.arithmetic = arithmetic
    this.#parameters = new Map(Array.from({ length: memory.exports.parameter_count(block) }, (_, index) => {
      const { name, shape } = this.#shape(index)
      return [name, { index, shape }]
    }))
    /** PyTorch's names and shapes, in a fixed order. */
    this.parameters = Object.freeze([...this.#parameters].map(([name, { shape }]) => Object.freeze({ name, shape })))
  }

  /** @param {number} index */
  #shape(index) {
    const { exports } = this.#memory
    return this.#memory.borrow([SHAPE_NAME + 8], (at) => {
      exports.parameter_shape(this.#block, index, at)
      const [rows, columns] = this.#memory.integers(at + SHAPE_NAME, 2)
      return { name: this.#memory.text(at), shape: Object.freeze(columns ? [rows, columns] : [rows]) }
    })
  }

  /** The model's block, or an error if it has been disposed. */
  get #live() {
    if (!this.#block) throw new RnnError('disposed', 'this model has been disposed')
    return this.#block
  }

  /** @internal @override */
  get inside() {
    return { memory: this.#memory, block: this.#live, config: this.config }
  }

  /** @internal @override */
  get parameterNames() {
    return [...this.#parameters.keys()]
  }

  /** Frozen, with every default filled in. @returns {Config} */
  get config() {
    return readConfig(this.#memory, this.#fields, this.#memory.exports.model_config(this.#live))
  }

  /** The table of hyperparameters, as `engine.fields`. */
  get fields() {
    return this.#fields
  }

  /** A letter for each gate, in the order of their weights; none where the cell has one gate only. */
  get gates() {
    return this.#memory.text(this.#memory.exports.gate_names(this.#live))
  }

  /** Updates done so far. */
  get iteration() {
    return this.#memory.exports.model_iteration(this.#live)
  }

  /** Of the next update: the configuration's, as the schedule has changed it. */
  get learningRate() {
    return this.#memory.exports.model_learning_rate(this.#live)
  }

  /**
   * Changes fields that are live; if one cannot change, none does.
   * @param {Config} changes
   */
  configure(changes) {
    const { exports } = this.#memory
    const block = this.#live
    const before = this.config
    const entries = Object.entries(changes).map(([name, value]) => /** @type {const} */ ([fieldIndex(this.#fields, name), value]))
    /** @param {number} index  @param {import('./fields.js').FieldValue} value */
    const set = (index, value) =>
      this.#memory.check(exports.model_configure(block, index, toNumber(this.#fields[index], value)), reword)
    try {
      for (const [index, value] of entries) set(index, value)
    } catch (error) {
      for (const [index] of entries) if (this.#fields[index].live) set(index, before[this.#fields[index].name])
      throw error
    }
  }

  /** @param {string} name */
  #parameter(name) {
    const parameter = this.#parameters.get(name)
    if (!parameter) throw new RnnError('invalid-config', `there is no parameter "${name}"; there are ${[...this.#parameters.keys()].join(', ')}`)
    return { index: parameter.index, count: parameter.shape.reduce((product, size) => product * size, 1) }
  }

  /** A copy, row-major, out first. @param {string} name */
  getParameter(name) {
    return this.#read(name, this.#memory.exports.parameter_get)
  }

  /** A copy of the gradient of the last backward pass, before clipping. @param {string} name */
  getGradient(name) {
    return this.#read(name, this.#memory.exports.gradient_get)
  }

  /** @param {string} name  @param {(model: Pointer, index: number, values: Pointer) => void} get */
  #read(name, get) {
    const block = this.#live
    const { index, count } = this.#parameter(name)
    return this.#memory.borrow([4 * count], (at) => {
      get(block, index, at)
      return this.#memory.floats(at, count)
    })
  }

  /** @param {string} name  @param {ArrayLike<number>} values */
  setParameter(name, values) {
    const block = this.#live
    const { index, count } = this.#parameter(name)
    if (values.length !== count) throw new RnnError('invalid-config', `${name} has ${count} numbers, got ${values.length}`)
    this.#memory.borrow([4 * count], (at) => {
      this.#memory.writeFloats(at, values)
      this.#memory.check(this.#memory.exports.parameter_set(block, index, at))
    })
  }

  /** @param {number} what  @param {Batch} batch */
  #run(what, batch) {
    const block = this.#live
    return withBatch(this.#memory, this.config, batch, (at) => this.#memory.borrow([24], (result) => {
      this.#memory.check(this.#memory.exports.model_run(block, what, at, result))
      const [loss, gradientNorm] = this.#memory.doubles(result, 2)
      return { loss, gradientNorm }
    }))
  }

  /** The loss of a batch. Nothing changes. @param {Batch} batch  @returns {Loss} */
  forward(batch) {
    return { loss: this.#run(FORWARD, batch).loss }
  }

  /** The loss and its gradients (`getGradient`). No update. @param {Batch} batch  @returns {Step} */
  backward(batch) {
    return this.#run(BACKWARD, batch)
  }

  /** Backward, clip, update; h and c are carried to the next step if the configuration says so. @param {Batch} batch  @returns {Step} */
  step(batch) {
    return this.#run(STEP, batch)
  }

  /**
   * The text that `train` reads. The same text as before a save continues where it was.
   * @param {Uint8Array | Uint16Array} symbols
   * @returns {ReadingPlan} shrunk when the text is shorter than batch × steps
   */
  setText(symbols) {
    const memory = this.#memory
    const block = this.#live
    checkText(symbols)
    const width = symbols.BYTES_PER_ELEMENT
    const copy = memory.allocate(symbols.byteLength)
    memory.writeBytes(copy, new Uint8Array(symbols.buffer, symbols.byteOffset, symbols.byteLength))
    return memory.borrow([16], (plan) => {
      try {
        memory.check(memory.exports.model_read(block, copy, width, symbols.length, plan))
      } catch (error) {
        memory.exports.release(copy)
        throw error
      }
      if (this.#text) memory.exports.release(this.#text)
      this.#text = copy
      const [batch, steps] = memory.doubles(plan, 2)
      const asked = this.config
      return { length: symbols.length, batch, steps, shrunk: batch !== asked.batch || steps !== asked.steps }
    })
  }

  /**
   * Updates along the text, and what the last of them found.
   * @param {number} [iterations]
   * @returns {Training}
   * @throws {RnnError} diverged: the model is as it was before the step that failed
   */
  train(iterations = 1) {
    const block = this.#live
    if (!Number.isInteger(iterations) || iterations < 1) throw new RnnError('invalid-batch', `${iterations} iterations cannot be done`)
    return this.#memory.borrow([24], (result) => {
      this.#memory.check(this.#memory.exports.model_train(block, iterations, result))
      const [loss, gradientNorm, symbols] = this.#memory.doubles(result, 3)
      return { loss, gradientNorm, symbols, iteration: this.iteration }
    })
  }

  /**
   * How well the model predicts a text; it learns nothing from it, and goes on with its own text as before. The text is
   * read in `batch` streams side by side, to their ends; up to batch − 1 last symbols are left out.
   * @param {Uint8Array | Uint16Array} symbols
   * @returns {{ loss: number, symbols: number }} nats per symbol, and the symbols that were predicted
   */
  evaluate(symbols) {
    const memory = this.#memory
    const block = this.#live
    checkText(symbols)
    return memory.borrow([symbols.byteLength, 24], (copy, result) => {
      memory.writeBytes(copy, new Uint8Array(symbols.buffer, symbols.byteOffset, symbols.byteLength))
      memory.check(memory.exports.model_evaluate(block, copy, symbols.BYTES_PER_ELEMENT, symbols.length, result))
      const [loss, , count] = memory.doubles(result, 3)
      return { loss, symbols: count }
    })
  }

  /**
   * Every number of a forward and backward pass, by name. The model does not change.
   * @param {Batch} batch
   * @param {{ hold?: readonly Hold[], names?: readonly string[] }} [options]  hold: numbers to hold by hand, in one sequence;
   *   names: of what is wanted, by default all there is
   * @returns {Trace}
   */
  trace(batch, { hold = [], names } = {}) {
    const memory = this.#memory
    const { exports } = memory
    const block = this.#live
    const tensors = withBatch(memory, this.config, batch, (at) =>
      memory.borrow([exports.trace_size(block, batch.batch, batch.steps), 8, HOLD * hold.length], (room, status, holds) => {
        hold.forEach((one, i) => this.#writeHold(holds + HOLD * i, one))
        const trace = exports.trace_run(room, block, at, holds, hold.length, status)
        memory.check(memory.integers(status, 1)[0])
        const all = Array.from({ length: exports.trace_count(trace) }, (_, index) => this.#shapeIn(trace, index))
        return new Map(all.filter(({ name }) => names?.includes(name) ?? true).map((entry) => [entry.name, this.#tensorIn(trace, entry)]))
      }))
    return {
      names: [...tensors.keys()],
      get(name) {
        const tensor = tensors.get(name)
        if (!tensor) throw new RnnError('invalid-batch', `there is no "${name}" in this trace; there are ${[...tensors.keys()].join(', ')}`)
        return tensor
      },
    }
  }

  /** @param {Pointer} trace  @param {number} index */
  #shapeIn(trace, index) {
    const memory = this.#memory
    return memory.borrow([ENTRY_NAME + 12], (at) => {
      memory.exports.trace_at(trace, index, at)
      const name = memory.text(at)
      const [B, T, n] = memory.integers(at + ENTRY_NAME, 3)
      return { index, name, shape: T === 0 ? [B, n] : name === 'loss' ? [B, T] : [B, T, n] }
    })
  }

  /** @param {Pointer} trace  @param {{ index: number, shape: number[] }} entry  @returns {Tensor} */
  #tensorIn(trace, { index, shape }) {
    const count = shape.reduce((product, size) => product * size, 1)
    return this.#memory.borrow([4 * count], (values) => {
      this.#memory.exports.trace_get(trace, index, values)
      return { shape, data: this.#memory.floats(values, count) }
    })
  }

  /**
   * Writes symbols, from zero state, after reading the prompt.
   * @param {import('./writing.js').Generation} options
   * @returns {import('./writing.js').Generated}
   */
  generate(options) {
    return generate(this.inside, options)
  }

  /**
   * Searches for the likeliest texts after a prompt (beam search), and tells the tree of all that were kept on the way.
   * @param {import('./searching.js').Search} options
   * @returns {import('./searching.js').Found}
   */
  search(options) {
    return search(this.inside, options)
  }

  /**
   * Texts that are written piece by piece: what one piece leaves is where the next begins. Dispose of it before the model.
   * @param {{ count?: number }} [options]
   * @returns {Writer}
   */
  openWriter({ count = 1 } = {}) {
    return new Writer(() => this.inside, count)
  }

  /**
   * A text that is read piece by piece, with the probability of each symbol; `surprises` does so with texts. Dispose of it before the model.
   * @param {{ alternatives?: number }} [options]  how many of the likeliest symbols to tell of: 1
   * @returns {Reader}
   */
  openReader({ alternatives = 1 } = {}) {
    return new Reader(() => this.inside, alternatives)
  }

  /** @param {Pointer} at  @param {Hold} hold */
  #writeHold(at, { layer = 0, direction = 'forward', step, unit, value, state = 'h' }) {
    const what = state === 'h' ? HOLD_H : state === 'c' ? HOLD_C : this.gates.indexOf(state)
    if (what < 0 || !state) throw new RnnError('invalid-config', `the ${this.config.cell} cell has no "${state}" to hold`)
    if (!Number.isFinite(value)) throw new RnnError('invalid-config', `a number cannot be held at ${value}`)
    checkIndices({ step, unit })
    this.#memory.writeIntegers(at, [...strandOf(layer, direction), step, unit, what])
    this.#memory.writeFloats(at + 20, [value])
  }

  /** Zeroes the carried h and c. */
  resetState() {
    this.#memory.exports.model_reset_state(this.#live)
  }

  /**
   * A safetensors file from which `loadModel` resumes exactly.
   * @param {Readonly<Record<string, string>>} [extra] strings to keep with it
   * @returns {Uint8Array<ArrayBuffer>}
   */
  save(extra = this.extra) {
    const memory = this.#memory
    const block = this.#live
    const members = writeExtra(extra, this.arithmetic)
    const size = memory.exports.checkpoint_size(block, members.length)
    if (!size) throw new RnnError('bad-checkpoint', `${members.length} bytes of extra strings do not fit the header's 1 MiB`)
    return memory.borrow([size, members.length], (at, extraAt) => {
      memory.writeBytes(extraAt, members)
      memory.exports.checkpoint_save(block, extraAt, members.length, at)
      return memory.bytes(at, size)
    })
  }

  /**
   * Word vectors in place of the embedding's weights. Training changes them unless `freezeEmbedding` is set.
   * @param {import('./vectors.js').Vectors} vectors
   * @param {readonly string[]} symbols  the vocabulary: a word or a letter for each
   * @returns {{ found: number, missing: string[] }} the symbols without a vector keep what they had
   */
  setEmbedding(vectors, symbols) {
    return setVectors(this, vectors, symbols)
  }

  /**
   * The symbols whose rows of the embedding are closest to that of one, the closest first: by their cosine, or by their
   * Euclidean distance. Where symbols are read one-hot, a symbol's row is its column of the first layer's W_ih.
   * @param {import('./embeddings.js').Near} options  count: 10
   * @returns {import('./embeddings.js').Neighbour[]}
   */
  neighbours(options) {
    return neighbours(this, options)
  }

  /**
   * The same rows, less their mean, in few dimensions: along their principal components, the largest first. The same
   * weights always have the same picture.
   * @param {{ components?: number }} [options]  2; fewer where a row has fewer numbers
   * @returns {import('./embeddings.js').Projection}
   */
  projection(options = {}) {
    return projection(this, options)
  }

  /**
   * The weights alone as a safetensors file: the state_dict of the matching torch.nn model.
   * @returns {Uint8Array<ArrayBuffer>}
   */
  exportWeights() {
    return writeTensors(getWeights(this))
  }

  /** Gives the memory back. Any further use throws. */
  dispose() {
    if (!this.#block) return
    this.#memory.exports.release(this.#block)
    if (this.#text) this.#memory.exports.release(this.#text)
    this.#block = this.#text = 0
  }
}
