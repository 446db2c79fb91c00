/** What a model's weights do to a state, and what flows back through time: the work behind diagnostics.js. */
import { withBatch } from './batch.js'
import { checkIndices, RnnError } from './errors.js'

/** @typedef {import('./memory.js').Memory} Memory */
/** @typedef {import('./memory.js').Pointer} Pointer */
/** @typedef {import('./fields.js').Config} Config */
/** @typedef {{ memory: Memory, block: Pointer, config: Config }} Inside  of a model */
/** @typedef {import('./batch.js').Batch} Batch */
/** @typedef {import('./model.js').Tensor} Tensor */
/** @typedef {'forward' | 'reverse'} Direction */
/** @typedef {{ inputs?: ArrayLike<number>, vectors?: ArrayLike<number> }} Sequence  symbols, or steps · I numbers */

/**
 * Largest modulus first, of a pair the upper one.
 * @typedef {{ real: Float64Array, imaginary: Float64Array, radius: number }} Eigenvalues  radius: the largest modulus
 */

/**
 * Of the last state by each: matrices (T, H, H), a row for each unit of the last state; and their norms, (T).
 * @typedef {{ matrices: Tensor, frobenius: Float64Array, spectral: Float64Array }} Jacobians
 */
/**
 * Of the outputs, R of them (T, or 1 where the output comes once): matrices (R, O, I) and their Frobenius norms, (R).
 * @typedef {{ matrices: Tensor, norms: Float64Array }} Sensitivity
 */

/** @param {number} layer  @param {Direction} direction */
export function strandOf(layer, direction) {
  checkIndices({ layer })
  if (direction !== 'forward' && direction !== 'reverse') throw new RnnError('invalid-config', `direction is forward or reverse, not "${direction}"`)
  return /** @type {const} */ ([layer, direction === 'reverse' ? 1 : 0])
}

/**
 * @param {Inside} inside
 * @param {{ layer?: number, gate?: string, direction?: Direction }} options
 * @returns {Eigenvalues}
 */
export function eigenvalues({ memory, block, config }, { layer = 0, gate = '', direction = 'forward' }) {
  const H = Number(config.hidden)
  const strand = strandOf(layer, direction)
  return memory.borrow([8 * (2 + H) * H], (numbers) => {
    memory.check(memory.exports.eigenvalues(block, ...strand, gate.length === 1 ? gate.charCodeAt(0) : 0, numbers))
    const [re, im] = [memory.doubles(numbers, H), memory.doubles(numbers + 8 * H, H)]
    const modulus = Float64Array.from(re, (x, i) => Math.hypot(x, im[i]))
    const order = Array.from(re, (_, i) => i).sort((i, j) => modulus[j] - modulus[i] || im[j] - im[i])
    return { real: Float64Array.from(order, (i) => re[i]), imaginary: Float64Array.from(order, (i) => im[i]), radius: modulus[order[0]] }
  })
}

/**
 * Only the last target of each sequence is counted. Where outputs come once, they all are.
 * @param {Batch} batch  @param {Config} config
 */
function lastOnly(batch, config) {
  if (config.pool !== 'each') return batch
  const { steps, lengths, mask } = batch
  return {
    ...batch,
    mask: Uint8Array.from({ length: batch.batch * steps }, (_, i) => {
      const last = (lengths ? lengths[Math.floor(i / steps)] : steps) - 1
      return Number(i % steps === last && (!mask || mask[i] !== 0))
    }),
  }
}

/**
 * @param {Inside} inside
 * @param {Batch} batch
 * @param {{ from?: 'all' | 'last' }} options
 * @returns {Float64Array[]}
 */
export function gradientNorms({ memory, block, config }, batch, { from = 'all' }) {
  const { exports } = memory
  if (from !== 'all' && from !== 'last') throw new RnnError('invalid-batch', `from is all or last, not "${from}"`)
  const [T, strands] = [batch.steps, Number(config.layers) * (config.bidirectional ? 2 : 1)]
  return withBatch(memory, config, from === 'last' ? lastOnly(batch, config) : batch, (at) =>
    memory.borrow([exports.trace_size(block, batch.batch, T), 8, 8 * strands * T], (room, status, norms) => {
      const trace = exports.trace_run(room, block, at, 0, 0, status)
      memory.check(memory.integers(status, 1)[0])
      exports.trace_gradient_norms(trace, norms)
      return Array.from({ length: strands }, (_, i) => memory.doubles(norms + 8 * i * T, T))
    }))
}

/**
 * One sequence, with targets that do not matter.
 * @param {Config} config  @param {Sequence} sequence
 * @returns {Batch}
 */
function batchOf(config, { inputs, vectors }) {
  const steps = inputs?.length ?? (vectors?.length ?? 0) / Number(config.inputSize)
  const rows = config.pool === 'each' ? steps : 1
  const values = config.loss === 'cross-entropy' ? undefined : new Float32Array(rows * outputsOf(config))
  return { batch: 1, steps, inputs, vectors, targets: new Int32Array(rows), values }
}

/** @param {Config} config */
const outputsOf = (config) => Number(config.outputs) || Number(config.vocabulary)

/**
 * Runs a function of the core that fills matrices and norms.
 * @param {Inside} inside  @param {Sequence} sequence  @param {(steps: number) => number[]} shapeOf  @param {number} norms for each matrix
 * @param {(room: Pointer, batch: Pointer, matrices: Pointer, norms: Pointer) => number} fill
 */
function probe({ memory, block, config }, sequence, shapeOf, norms, fill) {
  const batch = batchOf(config, sequence)
  return withBatch(memory, config, batch, (at) => {
    const shape = shapeOf(batch.steps)
    const [count, rows] = [shape[0] * shape[1] * shape[2], shape[0]]
    return memory.borrow([memory.exports.probe_size(block, batch.steps), 4 * count, 8 * norms * rows], (room, matrices, normsAt) => {
      memory.check(fill(room, at, matrices, normsAt))
      return {
        matrices: { shape, data: memory.floats(matrices, count) },
        norms: Array.from({ length: norms }, (_, i) => memory.doubles(normsAt + 8 * i * rows, rows)),
      }
    })
  })
}

/**
 * @param {Inside} inside
 * @param {Sequence} sequence
 * @param {{ layer?: number, direction?: Direction, state?: 'h' | 'c' }} options
 * @returns {Jacobians}
 */
export function jacobians(inside, sequence, { layer = 0, direction = 'forward', state = 'h' }) {
  const H = Number(inside.config.hidden)
  const strand = strandOf(layer, direction)
  if (state !== 'h' && state !== 'c') throw new RnnError('invalid-config', `state is h or c, not "${state}"`)
  const { matrices, norms: [frobenius, spectral] } = probe(inside, sequence, (steps) => [steps, H, H], 2, (room, batch, ...to) =>
    inside.memory.exports.jacobians(room, inside.block, batch, ...strand, state === 'c' ? 1 : 0, ...to))
  return { matrices, frobenius, spectral }
}

/**
 * @param {Inside} inside
 * @param {Sequence} sequence
 * @param {{ step?: number }} options
 * @returns {Sensitivity}
 */
export function sensitivity(inside, sequence, { step = 0 }) {
  const { config } = inside
  const I = Number(config.input === 'one-hot' ? config.vocabulary : config.inputSize)
  checkIndices({ step })
  const { matrices, norms: [norms] } = probe(inside, sequence, (steps) => [config.pool === 'each' ? steps : 1, outputsOf(config), I], 1,
    (room, batch, ...to) => inside.memory.exports.sensitivity(room, inside.block, batch, step, ...to))
  return { matrices, norms }
}
