/** Sequences side by side, as the core reads them. */
import { RnnError } from './errors.js'

/** @typedef {import('./memory.js').Memory} Memory */
/** @typedef {import('./memory.js').Pointer} Pointer */
/** @typedef {import('./fields.js').Config} Config */

/**
 * Row-major. I is the input size, O the number of outputs; R is B·T, or B where the output comes once a sequence.
 * @typedef {object} Batch
 * @property {number} batch   B, at most the configuration's
 * @property {number} steps   T, at most the configuration's
 * @property {ArrayLike<number>} [inputs]   B·T symbols, unless inputs are vectors
 * @property {ArrayLike<number>} [vectors]  B·T·I numbers, if inputs are vectors
 * @property {ArrayLike<number>} [targets]  R classes; −1 is not counted
 * @property {ArrayLike<number>} [values]   R·O numbers, if the loss is binary or squared
 * @property {ArrayLike<number>} [mask]     R; 0 is not counted
 * @property {ArrayLike<number>} [lengths]  B; steps of each sequence, after which comes padding
 * @property {number} [sourceSteps]         S, at most the configuration's, where there is an encoder
 * @property {ArrayLike<number>} [sources]  B·S symbols that it reads, unless sources are vectors
 * @property {ArrayLike<number>} [sourceVectors]  B·S·sourceSize numbers, if they are
 * @property {ArrayLike<number>} [sourceLengths]  B; steps of each source, after which comes padding
 * @property {boolean} [fresh]  start from zero state, not from the carried one
 */

/** rnn_batch of src/rnn.h in 32-bit memory, in bytes. */
const SIZE = 52

const SYMBOLS = ['inputs', 'targets', 'mask', 'sources']
const WHOLE = ['inputs', 'targets', 'lengths', 'sources', 'sourceLengths']

/** @param {string} name  @param {ArrayLike<number>} values  @param {number} count  @param {string} why */
function checkCount(name, values, count, why) {
  if (values.length !== count) throw new RnnError('invalid-batch', `${name} has ${values.length} ${SYMBOLS.includes(name) ? 'symbols' : 'numbers'}, ${why} needs ${count}`)
}

/** @param {string} name  @param {ArrayLike<number>} values */
function checkWhole(name, values) {
  if (!(values instanceof Int32Array) && !Array.prototype.every.call(values, Number.isInteger)) throw new RnnError('invalid-batch', `${name} are not all whole numbers`)
}

/**
 * Calls `use` with a batch in the module's memory.
 * @template T
 * @param {Memory} memory
 * @param {Config} config
 * @param {Batch} given
 * @param {(at: Pointer) => T} use
 * @returns {T}
 */
export function withBatch(memory, config, given, use) {
  const { batch, steps, fresh = false, sourceSteps = 0 } = given
  if (!(Number.isInteger(batch) && Number.isInteger(steps) && batch > 0 && steps > 0)) throw new RnnError('invalid-batch', `a batch of ${batch} × ${steps} cannot be`)
  if (!Number.isInteger(sourceSteps) || sourceSteps < 0) throw new RnnError('invalid-batch', `sources of ${sourceSteps} steps cannot be`)
  const each = batch * steps
  const rows = config.pool === 'each' ? each : batch
  const outputs = Number(config.outputs) || Number(config.vocabulary)
  /** In the order of rnn_batch's pointers. @type {[keyof Batch, number, (at: Pointer, values: ArrayLike<number>) => void, number][]} */
  const arrays = [
    ['inputs', each, memory.writeIntegers.bind(memory), 4], ['targets', rows, memory.writeIntegers.bind(memory), 4],
    ['mask', rows, memory.writeBytes.bind(memory), 1], ['vectors', each * Number(config.inputSize), memory.writeFloats.bind(memory), 4],
    ['values', rows * outputs, memory.writeFloats.bind(memory), 4], ['lengths', batch, memory.writeIntegers.bind(memory), 4],
    ['sources', batch * sourceSteps, memory.writeIntegers.bind(memory), 4], ['sourceLengths', batch, memory.writeIntegers.bind(memory), 4],
    ['sourceVectors', batch * sourceSteps * Number(config.sourceSize ?? 0), memory.writeFloats.bind(memory), 4],
  ]
  const present = arrays.map(([name, count, write, bytes]) => {
    const values = /** @type {ArrayLike<number> | undefined} */ (given[name])
    if (!values) return { bytes: 1, write: () => 0 }
    checkCount(name, values, count, `batch ${batch} × steps ${name.startsWith('source') ? sourceSteps : steps}`)
    if (WHOLE.includes(name)) checkWhole(name, values)
    return { bytes: count * bytes, write: (/** @type {Pointer} */ at) => (write(at, values), at) }
  })
  return memory.borrow([SIZE, ...present.map(({ bytes }) => bytes)], (at, ...places) => {
    const [inputs, targets, mask, vectors, values, lengths, sources, sourceLengths, sourceVectors] = present.map(({ write }, i) => write(places[i]))
    memory.writeIntegers(at, [batch, steps, inputs, targets, mask, fresh ? 1 : 0, vectors, values, lengths, sources, sourceLengths, sourceSteps, sourceVectors])
    return use(at)
  })
}
