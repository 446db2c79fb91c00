/** What went wrong, or ended by itself: one sentence, and what to do next. */
import { capital, count, fixed } from './draw/numbers.js'

/** @typedef {import('./types.js').State} State */
/** @typedef {import('./state.js').Notice} Notice */

/** @type {Notice['remedy']} */
const DATA = { label: 'Open Data', intent: { type: 'drawer', name: 'data' } }
/** @type {Notice['remedy']} */
const SETTINGS = { label: 'Open Settings', intent: { type: 'drawer', name: 'settings' } }

/** Training has ended by itself. @param {number} loss @param {number} iteration @returns {Notice} */
export const stoppedNotice = (loss, iteration) => ({
  tone: 'note', text: `It stopped by itself: on unseen text it did not get better any more. These are its best weights, of round ${count(iteration)}, with a loss of ${fixed(loss, 3)} there. Train to go on from them.`,
})

/** What was there before can be had again. @param {import('./opening.js').Pending} before @returns {Notice} */
export const leftNotice = (before) => ({
  tone: 'note', text: `You have left “${before.label}” at round ${count(before.saved?.past?.progress?.iteration ?? 0)}.`, remedy: { label: 'Undo', intent: { type: 'open', pending: before } },
})

/** An error as one sentence with what to do next. @param {unknown} error @param {State} state @returns {Notice} */
export function noticeFor(error, state) {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const message = error instanceof Error ? error.message.replace(/\.$/, '') : String(error)
  const rate = Number(state.run?.config.learningRate ?? 0)
  const slower = Number((rate / 4).toPrecision(2))
  if (code === 'diverged') {
    return {
      tone: 'error', text: `The loss ran away to infinity after round ${state.progress?.iteration ?? state.run?.iteration ?? 0}; the network is as it was just before. Take smaller corrections, then train on.`,
      remedy: { label: `Learning rate ${slower}`, intent: { type: 'edit', field: 'learningRate', value: slower } },
    }
  }
  if (code === 'invalid-text') return { tone: 'error', text: `This text cannot be learned: ${message}. Add some letters to it.`, remedy: DATA }
  if (code === 'bad-checkpoint') return { tone: 'error', text: `This file cannot be loaded: ${message}. The network is as it was.` }
  if (code === 'invalid-config' || code === 'not-live') return { tone: 'error', text: `${capital(message)}. Change it in Settings.`, remedy: SETTINGS }
  if (code === 'out-of-memory') {
    return { tone: 'error', text: `There is not enough memory for that: ${message}. Try fewer neurons, a smaller batch or fewer steps.`, remedy: SETTINGS }
  }
  if (code === 'worker-failed') return { tone: 'error', text: `The part that trains has stopped: ${message}. Reload the page to begin again.` }
  if (code === 'unsupported') return { tone: 'error', text: `This browser cannot run the network: ${message}. A current Chrome, Firefox or Safari can.` }
  return { tone: 'error', text: `Something went wrong: ${message}. Reset to begin again with the same weights.`, remedy: { label: 'Reset', intent: { type: 'reset' } } }
}
