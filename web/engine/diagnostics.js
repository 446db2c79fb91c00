/** Looking deeper into a model. All models have these methods; none of them changes what a model is. */
import { checkGradients } from './check.js'
import * as probe from './probe.js'
import * as watch from './watch.js'

/** @typedef {import('./batch.js').Batch} Batch */
/** @typedef {import('./probe.js').Direction} Direction */
/** @typedef {import('./probe.js').Inside} Inside */
/** @typedef {import('./probe.js').Sequence} Sequence */

export class Diagnostics {
  /** @internal @returns {Inside} */
  get inside() {
    throw new Error('a model says what is inside')
  }

  /** In their order. @internal @returns {string[]} */
  get parameterNames() {
    throw new Error('a model says what its parameters are')
  }

  /**
   * Eigenvalues of a layer's recurrent weights W_hh, of at most 512 units: of one gate's, named as in a trace, unless
   * the cell has one gate only.
   * @param {{ layer?: number, gate?: string, direction?: Direction }} [options]
   */
  eigenvalues(options = {}) {
    return probe.eigenvalues(this.inside, options)
  }

  /**
   * ‖∂loss/∂h_t‖ over units and sequences, (T), for each layer, and of it for each direction: of the mean loss of all
   * targets, or of the last of each sequence alone.
   * @param {Batch} batch
   * @param {{ from?: 'all' | 'last' }} [options]
   * @returns {Float64Array[]}
   */
  gradientNorms(batch, options = {}) {
    return probe.gradientNorms(this.inside, batch, options)
  }

  /**
   * How the last state of a layer depends on each before it: ∂h_T/∂h_t (c_t held fixed, where there is one), or
   * ∂c_T/∂c_t (h_t following). Exact, for one sequence read from zero state.
   * @param {Sequence} sequence
   * @param {{ layer?: number, direction?: Direction, state?: 'h' | 'c' }} [options]
   */
  jacobians(sequence, options = {}) {
    return probe.jacobians(this.inside, sequence, options)
  }

  /**
   * How the outputs, before softmax, depend on what is read at a step: a vector, a symbol's embedding, or a symbol as
   * the one among its V numbers. Exact, for one sequence read from zero state.
   * @param {Sequence} sequence
   * @param {{ step?: number }} [options]
   */
  sensitivity(sequence, options = {}) {
    return probe.sensitivity(this.inside, sequence, options)
  }

  /**
   * What the units of a layer say after each symbol of a text, read from zero state: (to − from, H).
   * @param {ArrayLike<number>} text  symbols
   * @param {{ layer?: number, state?: string, from?: number, to?: number }} [options]  state: 'h', 'c' or a gate, by its
   *   letter in a trace
   */
  activations(text, options = {}) {
    return watch.activations(this.inside, text, options)
  }

  /**
   * Of each gate and unit of a layer, along a text: its mean, and how often it is below or above a threshold (of sigmoid
   * gates: saturated).
   * @param {ArrayLike<number>} text
   * @param {{ layer?: number, below?: number, above?: number }} [options]  0.1 and 0.9
   */
  gateStatistics(text, options = {}) {
    return watch.gateStatistics(this.inside, text, options)
  }

  /**
   * Which unit goes with which feature of a text (Pearson's r; 0 for what never changes), the closest first.
   * @param {ArrayLike<number>} text
   * @param {Readonly<Record<string, ArrayLike<number>>>} features  a number for each symbol, as from `featuresOf`
   * @param {{ layer?: number, state?: string }} [options]
   */
  correlations(text, features, options = {}) {
    return watch.correlations(this.inside, text, features, options)
  }

  /**
   * Gradients of some numbers, drawn from each parameter in turn, against differences of the loss. A loss in float32 is
   * known to about 1e-7 of itself; with the best step, which is near 1/64 when errors of the order s² are extrapolated
   * away, slopes are known to about 1e-5. So gradients of 0.01 can be checked to three digits, and those below 1e-5 not at
   * all: `uncertainty` says how far each slope can be trusted. Where relu bends within a step, it is large. Afterwards the
   * model is as after `backward`.
   * @param {{ batch: Batch, samples?: number, seed?: number }} options  50 samples
   */
  checkGradients(options) {
    return checkGradients(this.inside, this.parameterNames, options)
  }
}
