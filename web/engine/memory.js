/** The module's memory and exports: pointers in, copies out. Views are made anew at each use, since memory may grow. */
import { RnnError } from './errors.js'

/** @typedef {number} Pointer  0 is NULL */

/**
 * What src/wasm.c exports.
 * @typedef {object} Exports
 * @property {WebAssembly.Memory} memory
 * @property {() => void} _initialize
 * @property {() => Pointer} last_error
 * @property {(status: number) => Pointer} status_code
 * @property {(bytes: number) => Pointer} allocate
 * @property {(block: Pointer) => void} release
 * @property {() => number} fused
 * @property {() => number} field_count
 * @property {(index: number) => Pointer} field_name
 * @property {(index: number) => Pointer} field_choices
 * @property {(index: number, which: number) => number} field_number
 * @property {() => Pointer} config_new
 * @property {(config: Pointer) => number} config_check
 * @property {(config: Pointer, field: number) => number} config_get
 * @property {(config: Pointer, field: number, value: number) => number} config_set
 * @property {(config: Pointer) => number} model_size
 * @property {(block: Pointer, config: Pointer) => Pointer} model_init
 * @property {(model: Pointer) => Pointer} model_config
 * @property {(model: Pointer, field: number, value: number) => number} model_configure
 * @property {(model: Pointer) => number} model_iteration
 * @property {(model: Pointer) => number} model_learning_rate
 * @property {(model: Pointer) => void} model_reset_state
 * @property {(model: Pointer) => number} parameter_count
 * @property {(model: Pointer, index: number, shape: Pointer) => void} parameter_shape
 * @property {(model: Pointer, index: number, values: Pointer) => void} parameter_get
 * @property {(model: Pointer, index: number, values: Pointer) => number} parameter_set
 * @property {(model: Pointer, index: number, values: Pointer) => void} gradient_get
 * @property {(model: Pointer, what: number, batch: Pointer, result: Pointer) => number} model_run
 * @property {(model: Pointer, symbols: Pointer, width: number, length: number, plan: Pointer) => number} model_read
 * @property {(model: Pointer, iterations: number, result: Pointer) => number} model_train
 * @property {(model: Pointer, symbols: Pointer, width: number, length: number, result: Pointer) => number} model_evaluate
 * @property {(threads: number) => number} team_size
 * @property {(block: Pointer, threads: number) => Pointer} team_init
 * @property {(team: Pointer) => void} team_dismiss
 * @property {(model: Pointer, team: Pointer) => void} model_use_team
 * @property {(model: Pointer, batch: number, steps: number) => number} trace_size
 * @property {(block: Pointer, model: Pointer, batch: Pointer, holds: Pointer, holdCount: number, status: Pointer) => Pointer} trace_run
 * @property {(trace: Pointer) => number} trace_count
 * @property {(trace: Pointer, index: number, entry: Pointer) => void} trace_at
 * @property {(trace: Pointer, index: number, values: Pointer) => void} trace_get
 * @property {(model: Pointer, layer: number, direction: number, gate: number, numbers: Pointer) => number} eigenvalues
 * @property {(rows: Pointer, count: number, size: number, components: number, most: number, block: Pointer,
 *   axes: Pointer, variances: Pointer, coordinates: Pointer) => number} principal_components
 * @property {(trace: Pointer, norms: Pointer) => void} trace_gradient_norms
 * @property {(model: Pointer, steps: number) => number} probe_size
 * @property {(block: Pointer, model: Pointer, batch: Pointer, layer: number, direction: number, ofC: number,
 *   matrices: Pointer, norms: Pointer) => number} jacobians
 * @property {(block: Pointer, model: Pointer, batch: Pointer, step: number, matrices: Pointer, norms: Pointer) => number} sensitivity
 * @property {(model: Pointer, batch: Pointer, samples: Pointer, count: number, seed: number) => number} check_gradients
 * @property {(model: Pointer) => Pointer} gate_names
 * @property {(block: Pointer, model: Pointer, count: number) => Pointer} stream_init
 * @property {(stream: Pointer, symbols: Pointer, length: number, layer: number, parts: Pointer, values: Pointer) => number} watch
 * @property {(model: Pointer, count: number) => number} stream_size
 * @property {(stream: Pointer, symbols: Pointer, vectors: Pointer, lengths: Pointer, steps: number) => number} [stream_read_source]  where there are encoders
 * @property {(repetitionPenalty: number, bias: Pointer, temperature: number, topK: number, topP: number, minP: number, typicalP: number) => void} choose
 * @property {(symbols: Pointer, length: number) => void} stop_at
 * @property {(stream: Pointer, prompt: Pointer, promptLength: number, length: number, seed: number, clamps: Pointer, clampCount: number,
 *   symbols: Pointer, probabilities: Pointer, entropies: Pointer, distributions: Pointer) => number} generate
 * @property {(stream: Pointer, prompt: Pointer, promptLength: number, length: number, divisors: Pointer,
 *   symbols: Pointer, parents: Pointer, logProbabilities: Pointer) => number} beam_search
 * @property {(model: Pointer, extraLength: number) => number} checkpoint_size
 * @property {(model: Pointer, extra: Pointer, extraLength: number, bytes: Pointer) => void} checkpoint_save
 * @property {(bytes: Pointer, size: number, config: Pointer) => number} checkpoint_config
 * @property {(block: Pointer, bytes: Pointer, size: number) => Pointer} checkpoint_load
 */

const MEBIBYTE = 1024 * 1024

export class Memory {
  /** @param {Exports} exports  @param {WebAssembly.Memory} [memory] that was given to the module, if it has none of its own */
  constructor(exports, memory = exports.memory) {
    this.exports = exports
    this.memory = memory
  }

  get buffer() {
    return this.memory.buffer
  }

  /**
   * A block of its own; release it with `exports.release`.
   * @param {number} bytes
   * @returns {Pointer}
   */
  allocate(bytes) {
    const block = this.exports.allocate(Math.max(1, bytes))
    if (!block) throw new RnnError('out-of-memory', `no room for ${Math.ceil(bytes / MEBIBYTE)} MiB in WebAssembly memory`)
    return block
  }

  /**
   * Calls `use` with blocks that are released afterwards.
   * @template T
   * @param {number[]} sizes in bytes
   * @param {(...blocks: Pointer[]) => T} use
   * @returns {T}
   */
  borrow(sizes, use) {
    /** @type {Pointer[]} */
    const blocks = []
    try {
      for (const size of sizes) blocks.push(this.allocate(size))
      return use(...blocks)
    } finally {
      for (const block of blocks) this.exports.release(block)
    }
  }

  /** @param {number} status  @param {(message: string) => string} [reword] */
  check(status, reword = (message) => message) {
    if (status === 0) return
    throw new RnnError(this.text(this.exports.status_code(status)), reword(this.text(this.exports.last_error())))
  }

  /** The text that ends with a zero byte. @param {Pointer} at */
  text(at) {
    const bytes = new Uint8Array(this.buffer, at)
    return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)))
  }

  /** @param {Pointer} at  @param {ArrayLike<number>} values */
  writeBytes(at, values) {
    new Uint8Array(this.buffer, at, values.length).set(values)
  }

  /** @param {Pointer} at  @param {ArrayLike<number>} values */
  writeIntegers(at, values) {
    new Int32Array(this.buffer, at, values.length).set(values)
  }

  /** @param {Pointer} at  @param {ArrayLike<number>} values */
  writeFloats(at, values) {
    new Float32Array(this.buffer, at, values.length).set(values)
  }

  /** @param {Pointer} at  @param {ArrayLike<number>} values */
  writeDoubles(at, values) {
    new Float64Array(this.buffer, at, values.length).set(values)
  }

  /** @param {Pointer} at  @param {number} count */
  bytes(at, count) {
    return new Uint8Array(this.buffer, at, count).slice()
  }

  /** @param {Pointer} at  @param {number} count */
  integers(at, count) {
    return new Int32Array(this.buffer, at, count).slice()
  }

  /** @param {Pointer} at  @param {number} count */
  floats(at, count) {
    return new Float32Array(this.buffer, at, count).slice()
  }

  /** @param {Pointer} at  @param {number} count */
  doubles(at, count) {
    return new Float64Array(this.buffer, at, count).slice()
  }
}
