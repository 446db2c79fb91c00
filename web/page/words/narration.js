/** What happens, in one plain sentence, for those who listen. */
import { fixed, inWords } from '../draw/numbers.js'
import { drawingFor, sizesOf } from '../drawing.js'
import { t } from '../language/index.js'
import { roundOf } from '../state.js'
import { rightIn } from './bet.js'
import { taskNarration } from './tasks.js'

/** @typedef {import('../types.js').State} State */
/** @typedef {import('../types.js').Frame} Frame */

/** @param {State} state @param {Frame | null} frame @param {boolean} paused  just now */
export function narration(state, frame, paused) {
  const { run, progress } = state
  if (!run) return ''
  const round = roundOf(state)
  const when = paused ? t`Paused at round ${round}.` : t`Round ${round}.`
  if (run.task) return `${when} ${taskNarration(state)}`
  return `${when} ${drawingFor(run, state.width) === 'folded' ? surprise(progress) : score(run, frame)}`.trim()
}

/** @param {State['progress']} progress */
const surprise = (progress) => progress ? t`Each next letter surprises the network by ${fixed(progress.loss / Math.LN2, 1)} bits.` : t('It has not been trained yet.')

/** @param {import('../types.js').Run} run @param {Frame | null} frame */
function score(run, frame) {
  if (!frame) return ''
  const { T } = sizesOf(run)
  const right = rightIn(frame)
  const all = inWords(T)
  if (right === T) return t`The network gets all ${all} letters right.`
  if (right === 0) return t`The network gets none of ${all} letters right.`
  return right === 1 ? t`The network gets one of ${all} letters right.` : t`The network gets ${inWords(right)} of ${all} letters right.`
}
