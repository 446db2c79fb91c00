/** Keeps the run in this browser while it trains, and offers to go on with it on the next visit. */
import { count } from './draw/numbers.js'
import { t } from './language/index.js'
import { openSlots } from './slots.js'
import { roundOf } from './state.js'
import { titleOf } from './words/tasks.js'

/** @typedef {import('./types.js').Intent} Intent */
/** @typedef {import('./types.js').State} State */
/** @typedef {import('./opening.js').Pending} Pending */

const EACH = 10_000 // ms between two copies, at least
const SHARE = 20 // the time between two copies is this many times what one takes, at least

/** What makes a run one's own; before, the page shows what it begins with by itself. */
const OWN = ['pause', 'single', 'reset', 'apply', 'learn', 'load', 'edit', 'poke', 'rewind']

/** One page at a time keeps its run. @returns {Promise<boolean>} */
const alone = () => new Promise((resolve) => {
  if (!navigator.locks) return resolve(true)
  navigator.locks.request('unroll-autosave', { ifAvailable: true }, (lock) => {
    resolve(lock !== null)
    return lock ? new Promise(() => {}) : undefined
  }).catch(() => resolve(true))
})

/** Why nothing is kept, and what to do about it. */
const WHY = {
  another: () => t('Another tab keeps its run in this browser, so this one is lost when it is closed: save the network as a file to go on with it another time.'),
  refused: () => t('This browser keeps nothing of this page, as in private windows, so the run is lost when the tab is closed: save the network as a file to go on with it another time.'),
  full: () => t('There is no room left in this browser to keep this run: free some, or save the network as a file to go on with it another time.'),
}

/**
 * Where the browser keeps nothing, as it may for files and in private windows, it says so, once, when there is something to lose.
 * @param {() => State} current
 * @param {import('./types.js').Emit} emit
 * @param {() => Promise<Pending | null>} copy  of the run as it is
 */
export async function createAutosave(current, emit, copy) {
  const first = await alone().catch(() => true)
  const slots = first ? await openSlots().catch(() => null) : null
  let told = false
  let own = false
  let saving = false
  let after = performance.now() + EACH
  let kept = -1

  /** @param {keyof typeof WHY} why */
  function tell(why) {
    if (told || current().notice) return
    told = true
    emit({ type: 'notice', notice: { tone: 'note', text: WHY[why](), remedy: { label: t('Save the network'), intent: { type: 'save', kind: 'network' } } } })
  }

  async function save() {
    if (!own || saving || roundOf(current()) === kept || !current().progress || current().opening) return
    if (!slots) return tell(first ? 'refused' : 'another')
    saving = true
    const began = performance.now()
    const pending = await copy().catch(() => null) // the worker may have ended
    try {
      if (pending) await slots.write(pending)
      if (pending) document.documentElement.dataset.saved = String(pending.saved?.past?.progress?.iteration ?? '')
      kept = roundOf(current())
    } catch (error) { // the copy before stays
      tell(/** @type {Error} */ (error).name === 'QuotaExceededError' ? 'full' : 'refused')
    }
    saving = false
    after = performance.now() + Math.max(EACH, SHARE * (performance.now() - began))
  }

  addEventListener('visibilitychange', () => { if (document.hidden) void save() })
  addEventListener('pagehide', () => void save())

  const pending = await slots?.read().catch(() => null)
  const round = pending?.saved?.past?.progress?.iteration
  if (pending && round && !current().notice && !current().goal) {
    emit({ type: 'notice', notice: { tone: 'note', text: t`Last time you left “${titleOf(pending)}” at round ${count(round)}.`, remedy: { label: t`Go on from round ${count(round)}`, intent: { type: 'open', pending } } } })
  }
  return {
    /** @param {Intent} intent */
    heed(intent) {
      own ||= OWN.includes(intent.type) || (intent.type === 'open' && intent.pending.saved !== undefined && !intent.pending.after) || (intent.type === 'preset' && intent.name !== 'hello')
      if (intent.type === 'started') after = performance.now() + EACH
      if (intent.type === 'progress' && performance.now() > after) void save()
    },
  }
}
