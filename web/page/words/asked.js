/** What happens at the yellow step of a task, in a sentence. */
import { answerAt, isOnce, kindOf, readAt } from '../answers.js'
import { glyph, percent, three } from '../draw/numbers.js'
import { phrase, t } from '../language/index.js'
import { mostBlamed } from './bet.js'

/** @typedef {import('../draw/phrase.js').Part} Part */
/** @typedef {import('./reading.js').Tell} Tell */

/** What it says to it. @param {import('../types.js').Run} run @param {import('../answers.js').Answer} answer @returns {Part[]} */
function saysOf(run, { says, share }) {
  if (!says) return [t('What it says comes at the end.')]
  const said = { letter: says }
  if (kindOf(run) === 'number') return isOnce(run) ? phrase`If that were the end, it would say ${said}.` : phrase`It says ${said}.`
  return isOnce(run) ? phrase`If that were the end, it would say ${said}, ${percent(share)} % sure.` : phrase`It says ${said}, ${percent(share)} % sure.`
}

/** @param {import('../types.js').Run} run @param {import('../answers.js').Answer} answer @returns {Part[]} */
function verdictOn(run, { asked, right, wanted, loss }) {
  if (!asked) return isOnce(run) ? [] : [t('Nothing is asked here.')]
  if (right) return [t('Right.')]
  return kindOf(run) === 'number' ? phrase`It should say ${{ letter: wanted }}: a squared error of ${three(loss)}.` : phrase`It should say ${{ letter: wanted }}.`
}

/** @type {Tell} */
function forward(state, frame) {
  const { run, step } = state
  if (!run) return []
  const answer = answerAt(run, frame, step)
  const reads = { letter: glyph(readAt(run, frame, step)) }
  return [...phrase`Step ${String(step + 1)}. It reads ${reads}.`, ' ', ...saysOf(run, answer), ' ', ...verdictOn(run, answer)]
}

/** @type {Tell} */
function backward(state, frame) {
  const { neuron, part } = mostBlamed(state, frame, state.layer)
  const [step, who] = [String(state.step + 1), String(neuron + 1)]
  return phrase`Step ${step}. Neuron ${who} is most to blame here, ${part}, for all answers that follow from it.`
}

export const asked = { forward, backward }
