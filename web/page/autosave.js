/** Keeps the run in this browser while it trains, and offers to go on with it on the next visit. */
import { count } from './draw/numbers.js'
import { t } from './language/index.js'
import { openSlots } from './slots.js'
import { roundOf } from './state.js'

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

/**
 * Nothing where the browser keeps nothing, as it may for files and in private windows.
 * @param {() => State} current
 * @param {import('./types.js').Emit} emit
 * @param {() => Promise<Pending | null>} copy  of the run as it is
 */
export async function createAutosave(current, emit, copy) {
  if (!await alone().catch(() => true)) return null
  const slots = await openSlots().catch(() => null)
  if (!slots) return null
  let own = false
  let saving = false
  let after = performance.now() + EACH
  let kept = -1

  async function save() {
    if (!own || saving || roundOf(current()) === kept || !current().progress || current().opening) return
    saving = true
    const began = performance.now()
    try {
      const pending = await copy()
      if (pending) await /** @type {NonNullable<typeof slots>} */ (slots).write(pending)
      if (pending) document.documentElement.dataset.saved = String(pending.saved?.past?.progress?.iteration ?? '')
      kept = roundOf(current())
    } catch { /* a full disk or an ended worker: the copy before stays */ }
    saving = false
    after = performance.now() + Math.max(EACH, SHARE * (performance.now() - began))
  }

  addEventListener('visibilitychange', () => { if (document.hidden) void save() })
  addEventListener('pagehide', () => void save())

  const pending = await slots.read().catch(() => null)
  const round = pending?.saved?.past?.progress?.iteration
  if (pending && round && !current().notice && !current().goal) {
    emit({ type: 'notice', notice: { tone: 'note', text: t`Last time you left “${pending.label}” at round ${count(round)}.`, remedy: { label: t`Go on from round ${count(round)}`, intent: { type: 'open', pending } } } })
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
