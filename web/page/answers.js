/** What a network is asked at each step of a traced sequence, and what it says: alike for texts and for tasks. */
import { fixed, glyph, largest } from './draw/numbers.js'
import { t } from './language/index.js'

/** @typedef {import('./types.js').Run} Run */
/** @typedef {import('./types.js').Frame} Frame */
/**
 * @typedef {object} Answer   at one step
 * @property {string} reads                 a symbol; nothing where numbers are read
 * @property {ArrayLike<number>} numbers    that are read in place of a symbol
 * @property {string} says
 * @property {number} share                 how sure it is of that; where it says a number, that number
 * @property {boolean} asked                something is wanted here
 * @property {string} wanted
 * @property {number} truth                 what is wanted: a class, or a number
 * @property {number} pWanted               how sure it was of that
 * @property {boolean} right
 * @property {number} loss                  of this answer; 0 where nothing is asked
 */

/** What the answers of a network are called, in order. @param {Run} run */
export const outputsOf = ({ task, vocabulary }) => task?.outputs ?? vocabulary.symbols

/** Whether the answer comes once, at the end. @param {Run} run */
export const isOnce = ({ config }) => config.pool !== undefined && config.pool !== 'each'

/** Whether a source is read before anything is said. @param {Run} run */
export const readsSource = ({ config }) => Number(config.sourceSteps ?? 0) > 0

/** What kind of answer it is. @param {Run} run @returns {'class' | 'flag' | 'number'} */
export const kindOf = ({ config: { loss } }) => (loss === 'squared' ? 'number' : loss === 'binary' ? 'flag' : 'class')

/** So many numbers of a step are told. */
const MOST = 4

/** Two digits tell the numbers that are read. */
const NUMBER = (/** @type {number} */ value) => fixed(value)

/** @param {Run} run @param {Frame} frame @param {number} t @returns {Answer} */
export function answerAt(run, frame, t) {
  const once = isOnce(run)
  const last = frame.inputs.length - 1
  const row = once ? 0 : t
  const asked = (!once || t === last) && (frame.mask?.[row] ?? 1) !== 0 && (frame.targets[row] ?? 0) !== -1
  const loss = asked ? frame.values.loss.data[row] : 0
  return { ...read(run, frame, t), asked, loss, ...said(run, frame, t, row) }
}

/** What is read at a step, in words or numbers. @param {Run | null} run @param {Frame} frame @param {number} step */
export function readAt(run, frame, step) {
  if (!run) return ''
  const { numbers } = read(run, frame, step)
  if (numbers.length > MOST) return t`a row of ${numbers.length} numbers`
  return numbers.length ? Array.from(numbers, NUMBER).join(' ') : run.vocabulary.symbols[frame.inputs[step]] ?? ''
}

/** @param {Run} run @param {Frame} frame @param {number} t */
function read({ vocabulary, config }, { inputs, values }, t) {
  const symbol = vocabulary.symbols[inputs[t]]
  if (inputs[t] >= 0) return { reads: glyph(symbol), numbers: [] }
  const size = Number(config.inputSize)
  return { reads: '', numbers: values.x.data.subarray(t * size, (t + 1) * size) }
}

/** What comes out at a step: a number for each output; none where that is not known before the end. @param {Run} run @param {Frame} frame @param {number} t @returns {ArrayLike<number>} */
function outAt(run, { values, beliefs, inputs }, t) {
  const { shape, data } = values[kindOf(run) === 'number' ? 'logits' : 'p']
  const size = shape[shape.length - 1]
  if (beliefs) return beliefs.subarray(t * size, (t + 1) * size)
  if (!isOnce(run)) return data.subarray(t * size, (t + 1) * size)
  return t === inputs.length - 1 ? data : []
}

/** How likely it takes each answer to be, at a step; nothing where answers are numbers. @param {Run} run @param {Frame} frame @param {number} t @returns {ArrayLike<number>} */
export function betsAt(run, frame, t) {
  const out = outAt(run, frame, t)
  const kind = kindOf(run)
  if (kind === 'number') return []
  return kind === 'flag' && out.length ? [1 - out[0], out[0]] : out
}

/** @param {Run} run @param {Frame} frame @param {number} t @param {number} row  of what is wanted */
function said(run, frame, t, row) {
  if (kindOf(run) === 'number') {
    const out = outAt(run, frame, t)
    const [share, truth] = [out.length ? out[0] : NaN, frame.wanted?.[row * Number(run.config.outputs)] ?? NaN]
    return { says: out.length ? NUMBER(share) : '', share, wanted: NUMBER(truth), truth, pWanted: NaN, right: false }
  }
  const [names, bets] = [outputsOf(run), betsAt(run, frame, t)]
  const truth = kindOf(run) === 'flag' ? frame.wanted?.[row] ?? 0 : frame.targets[row]
  const best = largest(bets, 0, bets.length)
  return { says: bets.length ? glyph(names[best]) : '', share: bets.length ? bets[best] : NaN, wanted: glyph(names[truth] ?? ''), truth, pWanted: bets[truth] ?? NaN, right: bets.length > 0 && best === truth }
}
