/** One number of a trace, and its way to the numbers that it is made of. */
import { t } from '../language/index.js'

/** @typedef {import('../types.js').Frame} Frame */
/** @typedef {import('../types.js').Config} Config */

/**
 * Where a number stands: its name in the trace without the layer, such as h, da_i or logits.
 * @typedef {{ name: string, layer: number, step: number, index: number, reverse?: boolean }} Spot
 *   step: −1 is the state before the first
 *
 * @typedef {object} Factor
 * @property {number} value
 * @property {boolean} [gradient]
 * @property {Spot} [spot]      where it stands itself
 * @property {{ name: string, index: number, besides: number }} [weight]   a parameter; besides: what another one adds to it
 *
 * @typedef {{ label: string, factors: Factor[], bias?: boolean, letter?: number, answer?: number }} Term
 *   the product of its factors; letter: of what is read, or answer: of what is said, to end the label with
 *
 * @typedef {object} Sum
 * @property {Spot} spot
 * @property {readonly Term[]} terms
 * @property {number} total      of the terms
 * @property {string} after      what is done to the total: a function's name, or nothing
 * @property {number} value      what comes out
 * @property {number} [held]     what it is instead, where it is held by hand; of a gradient: where nothing passes what is
 * @property {boolean} gradient
 */

/** @param {string} label @param {Factor[]} factors @returns {Term} */
export const term = (label, ...factors) => ({ label, factors })

/** A number made from another: 1 − z, or the slope of a nonlinearity. @param {number} value @param {Factor} of @returns {Factor} */
export const from = (value, of) => ({ value, spot: of.spot })

/** What is held by hand at a place, where it is. @param {Frame} frame @param {Spot} spot */
export const holdAt = ({ hold }, { name, layer, step, index, reverse }) => hold?.find((one) =>
  one.state === name && one.layer === layer && one.step === step && one.unit === index && (one.direction === 'reverse') === Boolean(reverse))

/** What the whole network has once, whatever its layers. */
const UNLAYERED = /^(x|embedding|d?logits|p|loss|d?head_\d|attention|d?context|(da_)?attended)$/

/** A matrix that no one knows here. What it takes part in is not explained. */
class Unknown extends Error {}

/** Whether a source is read before. @param {Config} config */
export const isDecoder = ({ sourceSteps = 0 }) => Number(sourceSteps) > 0

/** @param {Frame} frame @param {Config} config @param {Spot} spot */
export function placeOf(frame, config, spot) {
  const H = Number(config.hidden)
  const L = Number(config.layers)
  const T = frame.inputs.length
  const ways = config.bidirectional ? [false, true] : [false]
  const suffix = (/** @type {number} */ layer, /** @type {boolean | undefined} */ reverse) => `_l${layer}${reverse ? '_reverse' : ''}`
  const earlier = (/** @type {boolean | undefined} */ reverse) => (reverse ? 1 : -1)

  /** All numbers of one name at one step. @param {{ name: string } & Partial<Spot>} other  where it differs from this place */
  function row(other) {
    const { name, layer, step, reverse } = { ...spot, ...other }
    const full = UNLAYERED.test(name) ? name : name + suffix(layer, reverse)
    const outside = step < 0 || step >= T
    const tensor = frame.values[outside ? (name.startsWith('d') ? `dinitial_${full.slice(1)}` : `initial_${full}`) : full]
    if (!tensor) throw new Unknown(full)
    const n = tensor.shape[tensor.shape.length - 1]
    const at = outside || tensor.data.length === n ? 0 : step // what comes once has one row
    return tensor.data.subarray(at * n, (at + 1) * n)
  }

  /** @param {{ name: string } & Partial<Spot>} other @returns {Factor} */
  function at(other) {
    const { name, layer, step, index, reverse } = { ...spot, ...other }
    // What a state is to blame for passes on to what makes it, unless it is held.
    const stopped = (name === 'dh' || name === 'dc') && holdAt(frame, { name: name.slice(1), layer, step, index, reverse })
    return { value: stopped ? 0 : row(other)[index], spot: { name, layer, step, index, reverse }, ...(name.startsWith('d') && { gradient: true }) }
  }

  /** A parameter's name beside those of an encoder. @param {string} name */
  const whole = (name) => (isDecoder(config) && !name.startsWith('attention.') ? `decoder.${name}` : name)

  /** @param {string} name */
  const has = (name) => frame.parameters?.[whole(name)] !== undefined

  /** @param {string} name */
  function parameter(name) {
    const tensor = frame.parameters?.[whole(name)]
    if (!tensor) throw new Unknown(name)
    return tensor
  }

  /** @param {string} name @param {number} row @param {number} [column] @returns {Factor} */
  function weight(name, row, column = 0) {
    const { shape, data } = parameter(name)
    const index = row * (shape[1] ?? 1) + column
    return { value: data[index], weight: { name: whole(name), index, besides: 0 } }
  }

  /** The biases of a row, as one number. @param {readonly string[]} names @param {number} row @returns {Term[]} */
  function bias(names, row) {
    const there = names.filter(has).map((name) => weight(name, row))
    if (there.length === 0) return []
    const besides = there.slice(1).reduce((sum, { value }) => sum + value, 0)
    const { name, index } = /** @type {NonNullable<Factor['weight']>} */ (there[0].weight)
    return [{ label: t('bias'), bias: true, factors: [{ value: there[0].value + besides, weight: { name, index, besides } }] }]
  }

  return {
    ...spot, H, L, T, ways, config, frame, row, at, weight, has, bias,
    /** All numbers of a parameter. @param {string} name */
    numbers: (name) => parameter(name).data,
    matrix: (/** @type {string} */ name, layer = spot.layer, reverse = spot.reverse) => `rnn.${name}${suffix(layer, reverse)}`,
    now: (/** @type {string} */ name) => at({ name }),
    before: (/** @type {string} */ name, index = spot.index) => at({ name, index, step: spot.step + earlier(spot.reverse) }),
    /** The step that reads this one, unless it is the last. */
    after: spot.step - earlier(spot.reverse) >= 0 && spot.step - earlier(spot.reverse) < T ? spot.step - earlier(spot.reverse) : null,
  }
}
/** @typedef {ReturnType<typeof placeOf>} Place */

/** Whether what comes out is made of the state at this step: where the answer comes once, the last is read. @param {Place} place */
export function isAsked({ config: { pool, bidirectional }, step, T }) {
  if (pool === undefined || pool === 'each') return true
  if (pool !== 'last' || bidirectional) throw new Unknown(String(pool)) // it reads several
  return step === T - 1
}

/** Which of the answers count, by row. @param {Place} place @returns {boolean[]} */
export const countedIn = ({ frame: { values, targets, mask } }) => {
  const { shape, data } = values.logits
  return Array.from({ length: data.length / shape[shape.length - 1] }, (_, row) => (mask?.[row] ?? 1) !== 0 && (targets[row] ?? 0) !== -1)
}

/** What is wanted at a step, where it is a number or yes and no; it is known of one output alone. @param {Place} place */
export function wantedAt({ frame: { values, wanted }, step }) {
  const { shape, data } = values.logits
  if (!wanted || shape[shape.length - 1] !== 1) throw new Unknown('wanted')
  return wanted[data.length === 1 ? 0 : step]
}

/** The same of another layer, step or direction. @param {Place} place @param {Partial<Spot>} other @returns {Place} */
export const elsewhere = ({ frame, config, name, layer, step, index, reverse }, other) => placeOf(frame, config, { name, layer, step, index, reverse, ...other })

/** @param {() => Sum | null} explain @returns {Sum | null} null where a number is missing */
export function whereKnown(explain) {
  try {
    return explain()
  } catch (error) {
    if (error instanceof Unknown) return null
    throw error
  }
}
