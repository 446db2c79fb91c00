/** Copies of a model as it was, within a budget of bytes and evenly spread over the training. */

/** @typedef {{ loss: number, gradientNorm: number, symbols: number }} Figures  of the last iteration */
/** @typedef {import('./validation.js').ValidationState} ValidationState */
/** @typedef {{ iteration: number, bytes: Uint8Array, figures?: Figures, validation?: ValidationState }} Copy */

/** With the best weights until then, though several copies may share them. @param {Copy} copy */
const sizeOf = ({ bytes, validation }) => bytes.length + (validation?.best?.bytes?.length ?? 0)

const BUDGET = 64 * 2 ** 20
const MOST = 256

export class History {
  #budget
  /** In the order of their iterations. @type {Copy[]} */
  #copies = []
  #bytes = 0

  constructor(budget = BUDGET) {
    this.#budget = budget
  }

  /** Iterations of which there is a copy. */
  get iterations() {
    return this.#copies.map(({ iteration }) => iteration)
  }

  /** Takes the place of a copy of the same iteration, and of those after it. @param {Copy} copy */
  add(copy) {
    this.forget(copy.iteration - 1)
    this.#copies.push(copy)
    this.#bytes += sizeOf(copy)
    while (this.#copies.length > 2 && (this.#copies.length > MOST || this.#bytes > this.#budget)) this.#remove(this.#closest())
  }

  /** The copy whose neighbours are closest to each other; the first and the last stay. */
  #closest() {
    let at = 1
    const gap = (/** @type {number} */ i) => this.#copies[i + 1].iteration - this.#copies[i - 1].iteration
    for (let i = 2; i < this.#copies.length - 1; i++) if (gap(i) < gap(at)) at = i
    return at
  }

  /** @param {number} at */
  #remove(at) {
    const [copy] = this.#copies.splice(at, 1)
    this.#bytes -= sizeOf(copy)
  }

  /** The last copy at or before an iteration. @param {number} iteration  @returns {Copy | undefined} */
  before(iteration) {
    return this.#copies.filter((copy) => copy.iteration <= iteration).at(-1)
  }

  /** The first copy at or after an iteration. @param {number} iteration  @returns {Copy | undefined} */
  after(iteration) {
    return this.#copies.find((copy) => copy.iteration >= iteration)
  }

  /** What was learned after an iteration never was. @param {number} iteration */
  forget(iteration) {
    while ((this.#copies.at(-1)?.iteration ?? -Infinity) > iteration) this.#remove(this.#copies.length - 1)
  }
}
