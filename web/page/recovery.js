/** When the worker has gone, another one goes on with the last copy of the run; unless that happens again and again. */
import { count } from './draw/numbers.js'
import { noticeFor } from './errors.js'
import { engineSays, t } from './language/index.js'
import { again } from './opening.js'
import { titleOf } from './words/tasks.js'

/** @typedef {import('./types.js').State} State */
/** @typedef {import('./opening.js').Pending} Pending */
/** @typedef {import('./state.js').Notice} Notice */

const MOST = 3 // times, as the words say, within
const WITHIN = 60_000 // ms

/** @param {Pending} pending */
const roundIn = ({ saved }) => saved?.past?.progress?.iteration ?? 0

/**
 * @param {() => State} current
 * @param {import('./types.js').Emit} emit
 * @param {() => Pending | null} last  copy of the run
 * @param {() => number} [now]         in ms
 * @returns {(error: unknown) => void} what to do when something has failed
 */
export function createRecovery(current, emit, last, now = () => performance.now()) {
  /** @type {number[]} */
  let ends = []
  /** Of the worker that has gone: all that it was asked fails for the same reason. @type {unknown} */
  let heard
  /** @type {Notice | null} */
  let given = null

  /** @param {Notice} notice */
  const fail = (notice) => emit({ type: 'failed', training: false, notice })

  /** What was there, to go on as it did. @param {State} state @returns {Pending} */
  function whole(state) {
    const pending = state.pending ?? last() ?? again(state)
    const round = roundIn(pending)
    const training = state.pending ? pending.after?.training ?? pending.saved?.training ?? true : state.training
    const text = state.pending && !pending.after ? t`What trains had stopped and was started again: “${titleOf(pending)}” opens.`
      : round ? t`What trains had stopped and was started again: it goes on from round ${count(round)}.`
        : t`What trains had stopped and was started again: it begins again with the same first weights.`
    return { ...pending, after: { training, notice: { tone: 'note', text } } }
  }

  return (error) => {
    const failed = /** @type {{ code?: string, message?: string }} */ (error)
    const state = current()
    if (failed.code !== 'worker-failed' || !(state.run ?? state.pending)) return fail(noticeFor(error, state))
    if (error === heard) return void (given && fail(given))
    heard = error
    ends = [...ends.filter((end) => now() - end < WITHIN), now()]
    const pending = whole(state)
    given = null
    if (ends.length < MOST) return emit({ type: 'open', pending })
    ends = []
    const label = roundIn(pending) ? t`Go on from round ${count(roundIn(pending))}` : t('Begin again')
    given = {
      tone: 'error', text: t`What trains has stopped three times within a minute (${engineSays(failed.message ?? '')}). Close other tabs to free memory, or make a smaller network, then go on.`,
      remedy: { label, intent: { type: 'open', pending: { ...pending, after: { training: true, notice: null } } } },
    }
    fail(given)
  }
}
