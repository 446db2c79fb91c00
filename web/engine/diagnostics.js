/** Looking deeper into a model. All models have these methods; none of them changes a model. */
import * as probe from './probe.js'

/** @typedef {import('./batch.js').Batch} Batch */
/** @typedef {import('./probe.js').Direction} Direction */
/** @typedef {import('./probe.js').Inside} Inside */
/** @typedef {import('./probe.js').Sequence} Sequence */

export class Diagnostics {
  /** @protected @returns {Inside} */
  get inside() {
    throw new Error('a model says what is inside')
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
}
