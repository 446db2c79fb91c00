/** What went wrong, as one sentence with what to do next. */
import { capital, pointed } from './draw/numbers.js'
import { engineSays, t } from './language/index.js'

/** @typedef {import('./types.js').State} State */
/** @typedef {import('./state.js').Notice} Notice */

/** @type {() => Notice['remedy']} */
const toData = () => ({ label: t('Open Data'), intent: { type: 'drawer', name: 'data' } })
/** @type {() => Notice['remedy']} */
const toSettings = () => ({ label: t('Open Settings'), intent: { type: 'drawer', name: 'settings' } })

/** An error as one sentence with what to do next. @param {unknown} error @param {State} state @returns {Notice} */
export function noticeFor(error, state) {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const message = engineSays(error instanceof Error ? error.message.replace(/\.$/, '') : String(error))
  const rate = Number(state.run?.config.learningRate ?? 0)
  const slower = Number((rate / 4).toPrecision(2))
  if (code === 'not-here') return { tone: 'error', text: `${capital(message)}.` }
  if (code === 'not-loaded' || !code && (/\(\d{3}\)$/.test(message) || (error instanceof TypeError && /fetch|load|import/i.test(message)))) {
    return { tone: 'error', text: t`Something could not be loaded: ${message}. Check the connection, then try again; or reload the page.` }
  }
  if (code === 'diverged') {
    return {
      tone: 'error', text: t`The loss ran away to infinity after round ${state.progress?.iteration ?? state.run?.iteration ?? 0}; the network is as it was just before. Take smaller corrections, then train on.`,
      remedy: { label: t`Learning rate ${pointed(String(slower))}`, intent: { type: 'edit', field: 'learningRate', value: slower } },
    }
  }
  if (code === 'invalid-text') return { tone: 'error', text: t`This text cannot be learned: ${message}. Add something to it.`, remedy: toData() }
  if (code === 'bad-checkpoint') return { tone: 'error', text: t`This file cannot be loaded: ${message}. The network is as it was; choose another file.`, remedy: toData() }
  if (code === 'invalid-config' || code === 'not-live') return { tone: 'error', text: t`${capital(message)}. Change it in Settings.`, remedy: toSettings() }
  if (code === 'out-of-memory') {
    return { tone: 'error', text: t`There is not enough memory for that: ${message}. Try fewer neurons, a smaller batch or fewer steps.`, remedy: toSettings() }
  }
  if (code === 'worker-failed') return { tone: 'error', text: t`The part that trains has stopped: ${message}. Reload the page to begin again.` }
  if (code === 'unsupported') return { tone: 'error', text: t`This browser cannot run the network: ${message}. A current Chrome, Firefox or Safari can.` }
  return { tone: 'error', text: t`Something went wrong: ${message}. Reset to begin again with the same weights.`, remedy: { label: t('Reset'), intent: { type: 'reset' } } }
}
