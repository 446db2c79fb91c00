/** Loading the module, and making models with it. */
import { RnnError } from './errors.js'
import { makeConfig, readConfig, readFields } from './fields.js'
import { Memory } from './memory.js'
import { Model } from './model.js'
import { readExtra } from './safetensors.js'

/** @typedef {import('./fields.js').Config} Config */
/** @typedef {URL | string | Response | BufferSource | WebAssembly.Module} WasmSource */

/**
 * Loads the core, compiled to WebAssembly: by default from `rnn.wasm` beside this file.
 *
 * @param {{ wasm?: WasmSource | Promise<Response> }} [options]
 * @returns {Promise<Engine>}
 * @throws {RnnError} unsupported, where WebAssembly SIMD is missing or forbidden
 */
export async function loadEngine({ wasm = new URL('./rnn.wasm', import.meta.url) } = {}) {
  const module = await compile(await wasm)
  const instance = await WebAssembly.instantiate(module, { env: { emscripten_notify_memory_growth() {} } })
  const exports = /** @type {import('./memory.js').Exports} */ (/** @type {unknown} */ (instance.exports))
  exports._initialize()
  return new Engine(new Memory(exports))
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
  const url = new URL(source, import.meta.url)
  if (url.protocol === 'file:' && typeof process !== 'undefined') {
    const { readFile } = await import('node:fs/promises')
    return readFile(url)
  }
  return bytesOfResponse(await fetch(url))
}

/** @param {Response} response */
async function bytesOfResponse(response) {
  if (!response.ok) throw new RnnError('unsupported', `the WebAssembly module could not be loaded: ${response.status} for ${response.url}`)
  return response.arrayBuffer()
}

/** The loaded core. */
export class Engine {
  #memory

  /** @param {Memory} memory */
  constructor(memory) {
    this.#memory = memory
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
      const block = memory.allocate(memory.exports.model_size(made))
      return new Model(memory, this.fields, memory.exports.model_init(block, made), {})
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
        memory.check(exports.checkpoint_config(copy, bytes.length, config))
        const extra = readExtra(bytes)
        const block = memory.allocate(exports.model_size(config))
        return new Model(memory, this.fields, exports.checkpoint_load(block, copy, bytes.length), extra)
      })
    } finally {
      exports.release(config)
    }
  }

  /** The defaults, with `config` in their place. @param {Config} config */
  completeConfig(config) {
    const made = makeConfig(this.#memory, this.fields, config)
    const complete = readConfig(this.#memory, this.fields, made)
    this.#memory.exports.release(made)
    return complete
  }
}
