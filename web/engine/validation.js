/**
 * Early stopping (Prechelt 1998, "Early stopping – but when?", where `patience` counts evaluations): the end of a text is held
 * out, the loss on it is told every so many iterations, and when it has not fallen for a while, the weights that had the lowest
 * are the result. Nothing here depends on the clock, so a run repeats bit for bit.
 */
import { RnnError } from './errors.js'

/** @typedef {import('./fields.js').Config} Config */
/** @typedef {import('./model.js').Model} Model */
/**
 * @typedef {object} ValidationOptions
 * @property {number} [share]     of the text, at its end, that is held out: 0.1
 * @property {number} [every]     iterations between two evaluations; by default as many as take ten times as long as one, but at least 100
 * @property {number} [patience]  evaluations without a lower loss before training stops: 10
 */
/** @typedef {{ iteration: number, loss: number, bytes?: Uint8Array }} Best  bytes: its checkpoint, unless it was in a file of before */
/** What changes while a model trains. @typedef {{ readonly best?: Best, readonly misses: number }} ValidationState */
/**
 * @typedef {object} Validated
 * @property {number} iteration
 * @property {number} loss           on what is held out, nats per symbol
 * @property {number} best           the lowest until then
 * @property {number} bestIteration
 * @property {boolean} stopped       it has not been lower for so many evaluations
 */

const RANGES = /** @type {const} */ ({ share: [0.001, 0.9], every: [1, 1e9], patience: [1, 1e6] })
const DEFAULTS = { share: 0.1, patience: 10 }
const LEAST_EVERY = 100
const COST = 0.3 // of a symbol's share in an evaluation, relative to training, at ten times as long

/** @param {string} name  @param {unknown} value */
function check(name, value) {
  if (!Object.hasOwn(RANGES, name)) throw new RnnError('invalid-config', `validation has no "${name}"; it has ${Object.keys(RANGES).join(', ')}`)
  const [least, most] = RANGES[/** @type {keyof typeof RANGES} */ (name)]
  if (typeof value !== 'number' || !(value >= least && value <= most)) throw new RnnError('invalid-config', `validation ${name} ${value} is outside ${least} … ${most}`)
  if (name !== 'share' && !Number.isInteger(value)) throw new RnnError('invalid-config', `validation ${name} ${value} is not a whole number`)
}

/** FNV-1a, 32 bits. @param {Uint8Array | Uint16Array} symbols */
function fingerprint(symbols) {
  let hash = 2166136261
  for (const symbol of symbols) hash = Math.imul(hash ^ symbol, 16777619) >>> 0
  return hash
}

export class Validation {
  /** @type {ValidationState} */
  state = Object.freeze({ misses: 0 })

  /**
   * @param {ValidationOptions} options
   * @param {Uint8Array | Uint16Array} symbols  of the whole text
   * @param {Config} config
   */
  constructor(options, symbols, { batch, steps, accumulate }) {
    const given = Object.entries(options).filter(([, value]) => value !== undefined)
    for (const [name, value] of given) check(name, value)
    const { share, patience, every } = /** @type {ValidationOptions & typeof DEFAULTS} */ ({ ...DEFAULTS, ...Object.fromEntries(given) })
    const count = Math.floor(symbols.length * share)
    if (Math.min(count, symbols.length - count) < 2) {
      throw new RnnError('invalid-text', `a share of ${share} holds out ${count} of ${symbols.length} symbols; to validate and to train need 2 each`)
    }
    /** What is trained on, and what is not. */
    this.training = symbols.subarray(0, symbols.length - count)
    this.held = symbols.subarray(symbols.length - count)
    this.share = share
    this.patience = patience
    this.every = every ?? Math.max(LEAST_EVERY, Math.ceil(count / (COST * Number(batch) * Number(steps) * Number(accumulate))))
  }

  /** Iterations until the next evaluation. @param {number} iteration */
  until(iteration) {
    return this.every - iteration % this.every
  }

  /**
   * Evaluates a model, if it is time to.
   * @param {Model} model
   * @param {() => Uint8Array} save  makes the checkpoint of the best
   * @returns {Validated | undefined}
   */
  after(model, save) {
    const { iteration } = model
    if (iteration % this.every) return undefined
    const { loss } = model.evaluate(this.held)
    const lowest = this.state.best
    const best = !lowest || loss < lowest.loss ? { iteration, loss, bytes: save() } : lowest
    const misses = best === lowest ? this.state.misses + 1 : 0
    const stopped = misses >= this.patience
    this.state = Object.freeze({ best, misses: stopped ? 0 : misses }) // who goes on after a stop has patience anew
    return { iteration, loss, best: best.loss, bestIteration: best.iteration, stopped }
  }

  /** What a checkpoint keeps: all but the weights of the best. */
  toJSON() {
    const { state: { best, misses }, share, every, patience, held } = this
    return { share, every, patience, text: fingerprint(held), misses, ...(best && { iteration: best.iteration, loss: best.loss }) }
  }

  /**
   * As it was when a checkpoint was saved, if that was of the same held-out text; else anew.
   * @param {string | undefined} saved  the checkpoint's extra string
   * @param {ValidationOptions | undefined} options  instead of the saved ones
   * @param {Uint8Array | Uint16Array} symbols
   * @param {{ iteration: number, config: Config }} model
   * @param {() => Uint8Array} save  the checkpoint
   * @returns {Validation | undefined}  nothing, when there is none to resume and none is asked for
   */
  static resume(saved, options, symbols, { iteration, config }, save) {
    const { share, every, patience, text, misses, ...best } = readSaved(saved)
    if (!options && share === undefined) return undefined
    const validation = new Validation({ share, every, patience, ...options }, symbols, config)
    if (share !== undefined && text === fingerprint(validation.held)) {
      validation.state = Object.freeze({ misses: Number(misses), ...(best.iteration !== undefined && {
        best: { iteration: best.iteration, loss: Number(best.loss), ...(best.iteration === iteration && { bytes: save() }) } }) })
    }
    return validation
  }
}

/** @param {string | undefined} saved  @returns {{ [K in 'share' | 'every' | 'patience' | 'text' | 'misses' | 'iteration' | 'loss']?: number }} */
function readSaved(saved) {
  if (saved === undefined) return {}
  try {
    const read = JSON.parse(saved)
    const { share, every, patience, text, misses, iteration = 0, loss = 0 } = read
    for (const [name, value] of Object.entries({ share, every, patience })) check(name, value)
    if (![text, misses, iteration].every((count) => Number.isInteger(count) && count >= 0) || !Number.isFinite(loss)) throw new Error('a count is not one')
    return read
  } catch (error) {
    throw new RnnError('bad-checkpoint', `its state of validation cannot be read: ${/** @type {Error} */ (error).message}`)
  }
}
