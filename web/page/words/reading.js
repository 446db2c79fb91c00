/** What happens at the yellow column, in a sentence. */
import { fixed, inWords, percent } from '../draw/numbers.js'
import { drawingFor, sizesOf } from '../drawing.js'
import { phrase, t } from '../language/index.js'
import { betAt, mostBlamed, rowAt } from './bet.js'

/** @typedef {import('../draw/phrase.js').Part} Part */
/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Frame} Frame */
/** @typedef {(state: State, frame: Frame) => Part[]} Tell */

/** By drawing, and of tasks; the others come with below.js. @type {Partial<Record<import('../drawing.js').Drawing | 'task', Record<State['direction'], Tell>>>} */
export const sentences = { vanilla: { forward, backward } }

/** @param {State} state @param {Frame | null} frame @returns {Part[]} */
export function reading(state, frame) {
  const { run } = state
  if (!run || !frame || state.step >= frame.inputs.length) return []
  return sentences[run.task ? 'task' : drawingFor(run, state.width)]?.[state.direction](state, frame) ?? []
}

/** @param {State} state @param {Frame} frame @returns {Part[]} */
function forward(state, frame) {
  const { H, L } = sizesOf(/** @type {import('../types.js').Run} */ (state.run))
  const { reads, guess, target, right, p } = betAt(state, frame)
  const memory = Array.from(rowAt(frame, `h_l${L - 1}`, state.step - 1, H))
  const [step, share] = [String(state.step + 1), percent(p)]
  const chips = memory.slice(0, 4).flatMap((value, i) => [...(i > 0 ? [' '] : []), { value, text: fixed(value) }])
  const remembered = memory.length > 4 ? [...chips, ' …'] : chips
  return [
    ...(memory.every((v) => v === 0) ? phrase`Step ${step}. It reads ${reads}, remembers nothing yet, and bets ${share} % on ${guess}.`
      : phrase`Step ${step}. It reads ${reads}, remembers ${remembered} and bets ${share} % on ${guess}.`),
    ' ', ...(right ? [t('Right.')] : phrase`It should say ${target}.`),
  ]
}

/** @param {State} state @param {Frame} frame @returns {Part[]} */
export function backward(state, frame) {
  const { H, L } = sizesOf(/** @type {import('../types.js').Run} */ (state.run))
  const { target, pTarget } = betAt(state, frame)
  const { neuron, part } = mostBlamed(state, frame, L - 1)
  const later = frame.inputs.length - state.step - 1
  const reach = later === 0 ? t('for this bet alone: nothing comes later.') : later === 1 ? t('for this bet and for the one after it.') : t`for this bet and for the ${inWords(later)} after it.`
  return [
    ...phrase`Step ${String(state.step + 1)}. The bet on ${target} was ${percent(pTarget)} %.`, ' ',
    ...(H > 1 ? phrase`Neuron ${String(neuron + 1)} is most to blame, ${part}, ${reach}` : phrase`Its neuron is to blame, ${part}, ${reach}`),
  ]
}
