/** Loading the module, and making models with it. */
import { RnnError } from './errors.js'
import { makeConfig, readConfig, readFields } from './fields.js'
import { Memory } from './memory.js'
import { Model } from './model.js'
import { supportedModes } from './modes.js'
import { request } from './request.js'
import { hasEncoder, readExtra } from './safetensors.js'
import { inferConfig, renameTensors, setWeights } from './state-dict.js'
import { readTensors } from './tensors.js'
import { canShareMemory, createSharedMemory, gatherTeam, startThread } from './team.js'

/** @typedef {import('./fields.js').Config} Config */
/** @typedef {URL | string | Response | BufferSource | WebAssembly.Module} WasmSource */
/**
 * strict: the same bits on every machine. fused: products and sums are one instruction where the machine has it, which
 * is faster; the last bits are then the machine's own.
 * @typedef {'strict' | 'fused'} Mode
 */

const MOST_THREADS = 64

/**
 * Loads the core, compiled to WebAssembly: by default from `rnn.wasm`, or its variant for the mode and for threads,
 * beside this file. Where fused arithmetic or threads are asked for and cannot be had, the engine does without;
 * `engine.mode` and `engine.threads` tell. Threads need memory that can be shared: Node has it, and workers of pages that
 * are cross-origin isolated. They change no bit of a result. Models with encoders need the larger module, which computes
 * strictly, by one thread.
 *
 * @param {{ mode?: Mode, threads?: number, seq2seq?: boolean, wasm?: WasmSource | Promise<Response> }} [options]
 *   seq2seq: with encoders; wasm: another module, whatever its mode, for one thread
 * @param {typeof startThread} [start] who starts the other threads
 * @returns {Promise<Engine>}
 * @throws {RnnError} unsupported, where WebAssembly SIMD is missing or forbidden
 */
export async function loadEngine({ mode = 'strict', threads = 1, seq2seq = false, wasm } = {}, start = startThread) {
  if (mode !== 'strict' && mode !== 'fused') throw new RnnError('invalid-config', `mode is strict or fused, not "${mode}"`)
  if (!(Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS)) throw new RnnError('invalid-config', `threads ${threads} is outside 1 … ${MOST_THREADS}`)
  if (wasm) return instantiate(await compile(await wasm))
  if (seq2seq) return instantiate(await compile(new URL('./rnn-seq2seq.wasm', import.meta.url)))
  const fused = mode === 'fused' && supportedModes().includes(mode)
  if (threads > 1 && canShareMemory()) {
    const module = await optional(fused ? './rnn-fused-threads.wasm' : './rnn-threads.wasm')
    const engine = module && await instantiate(module, threads, start).catch(() => undefined)
    if (engine) return engine
  }
  return instantiate((fused && await optional('./rnn-fused.wasm')) || await compile(new URL('./rnn.wasm', import.meta.url)))
}

/** A module that not every build has. @param {string} name */
const optional = (name) => compile(new URL(name, import.meta.url)).catch(() => undefined)

/** @param {WebAssembly.Module} module  @param {number} [threads]  @param {typeof startThread} [start] */
async function instantiate(module, threads = 1, start = startThread) {
  const shared = threads > 1 ? createSharedMemory() : undefined
  const instance = await WebAssembly.instantiate(module, shared && { env: { memory: shared } })
  const exports = /** @type {import('./memory.js').Exports} */ (/** @type {unknown} */ (instance.exports))
  exports._initialize()
  const memory = new Memory(exports, shared)
  return new Engine(memory, shared && await gatherTeam(memory, module, shared, threads, start))
}

/**
 * @param {WasmSource} source
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile(source) {
  if (source instanceof WebAssembly.Module) return source
  try {
    return await WebAssembly.compile(await bytesOf(source))
  } catch (error) {
    if (error instanceof RnnError) throw error
    throw new RnnError('unsupported', `the WebAssembly module could not be compiled; it needs WebAssembly SIMD and, under a content security policy, 'wasm-unsafe-eval' (${error instanceof Error ? error.message : error})`)
  }
}

/**
 * @param {URL | string | Response | BufferSource} source
 * @returns {Promise<BufferSource>}
 */
async function bytesOf(source) {
  if (typeof Response !== 'undefined' && source instanceof Response) return bytesOfResponse(source)
  if (!(source instanceof URL) && typeof source !== 'string') return /** @type {BufferSource} */ (source)
  return bytesOfResponse(await request(new URL(source, import.meta.url)))
}

/** @param {Response} response */
async function bytesOfResponse(response) {
  if (!response.ok) throw new RnnError('unsupported', `the WebAssembly module could not be loaded: ${response.status} for ${response.url}`)
  return response.arrayBuffer()
}

/** The loaded core. */
export class Engine {
  #memory
  #team

  /** @param {Memory} memory  @param {import('./team.js').Team} [team] */
  constructor(memory, team) {
    this.#memory = memory
    this.#team = team
    /** How it computes. @type {Mode} */
    this.mode = memory.exports.fused() ? 'fused' : 'strict'
    /** How many threads compute together. */
    this.threads = team?.threads ?? 1
    /** Whether models can have encoders. */
    this.seq2seq = memory.exports.stream_read_source !== undefined
    /** The table of hyperparameters, for building controls. */
    this.fields = readFields(memory)
  }

  /**
   * Bytes that a model of this configuration takes.
   * @param {Config} config
   */
  modelSize(config) {
    const made = makeConfig(this.#memory, this.fields, config)
    const size = this.#memory.exports.model_size(made)
    this.#memory.exports.release(made)
    return size
  }

  /**
   * A new model, its weights drawn from the seed. Fields that are not named have their defaults.
   * @param {Config} config
   * @returns {Model}
   */
  createModel(config) {
    const memory = this.#memory
    const made = makeConfig(memory, this.fields, config)
    try {
      memory.check(memory.exports.config_check(made))
      const block = memory.allocate(memory.exports.model_size(made))
      return this.#model(memory.exports.model_init(block, made), {}, this.mode)
    } finally {
      memory.exports.release(made)
    }
  }

  /**
   * A model as `save` wrote it: weights, optimizer, states, place in the text.
   * @param {Uint8Array} bytes
   * @returns {Model}
   * @throws {RnnError} bad-checkpoint, and nothing has changed
   */
  loadModel(bytes) {
    const memory = this.#memory
    const { exports } = memory
    const config = makeConfig(memory, this.fields, {})
    try {
      return memory.borrow([bytes.length], (copy) => {
        memory.writeBytes(copy, bytes)
        if (!this.seq2seq && hasEncoder(bytes)) throw new RnnError('bad-checkpoint', 'this model has an encoder, which needs an engine that has them: load one with seq2seq: true')
        memory.check(exports.checkpoint_config(copy, bytes.length, config))
        const { extra, arithmetic } = readExtra(bytes)
        const block = memory.allocate(exports.model_size(config))
        return this.#model(exports.checkpoint_load(block, copy, bytes.length), extra, this.mode === 'fused' ? this.mode : arithmetic)
      })
    } finally {
      exports.release(config)
    }
  }

  /**
   * A new model with the weights of a safetensors file that holds nothing else: the state_dict of the matching torch.nn
   * model, in float32 or float64. Names and shapes tell cell, sizes, layers, directions, embedding and whether it is
   * tied; what they cannot tell is `config`'s, as `activation`, or `input: 'vector'` where there is no embedding.
   * @param {Uint8Array} bytes
   * @param {Config} [config]
   * @param {{ rename?: Readonly<Record<string, string>> }} [options]
   *   rename: beginnings of the file's names, and what they are here: { 'lstm.': 'rnn.', 'decoder.': 'output.' }
   * @returns {Model}
   * @throws {RnnError} bad-checkpoint, with the tensor and its shape
   */
  importWeights(bytes, config = {}, { rename = {} } = {}) {
    const tensors = renameTensors(readTensors(bytes), rename)
    const model = this.createModel(inferConfig(tensors, config))
    try {
      setWeights(model, tensors)
    } catch (error) {
      model.dispose()
      throw error
    }
    return model
  }

  /** @param {import('./memory.js').Pointer} pointer  @param {Readonly<Record<string, string>>} extra  @param {Mode} arithmetic */
  #model(pointer, extra, arithmetic) {
    if (this.#team) this.#memory.exports.model_use_team(pointer, this.#team.pointer)
    return new Model(this.#memory, this.fields, pointer, extra, arithmetic)
  }

  /** Ends the other threads; models can be used no more. An engine of one thread needs no end. */
  dispose() {
    this.#team?.dismiss()
  }

  /** The defaults, with `config` in their place. @param {Config} config */
  completeConfig(config) {
    const made = makeConfig(this.#memory, this.fields, config)
    const complete = readConfig(this.#memory, this.fields, made)
    this.#memory.exports.release(made)
    return complete
  }
}
