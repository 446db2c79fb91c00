/** What goes on beside the drawing: copies are made and kept, what fails is mended or told. Loaded after the first drawing. */
import { createAddress } from './address.js'
import { createAutosave } from './autosave.js'
import { createAway } from './away.js'
import { createKeeper } from './keeper.js'
import { leftNotice, stoppedNotice } from './notices.js'
import { watchForHanging } from './overdue.js'
import { createRecovery } from './recovery.js'
import { createRuns } from './runs.js'

/** @typedef {import('./types.js').Intent} Intent */
/** @typedef {Awaited<ReturnType<typeof import('./session.js')['createSession']>>} Session */

/**
 * @param {() => import('./types.js').State} current
 * @param {import('./types.js').Emit} emit
 * @param {() => Session | null} session
 * @param {() => Promise<{ address(): void }>} sharing
 */
export function createUpkeep(current, emit, session, sharing) {
  const keeper = createKeeper(current, () => session()?.copy() ?? Promise.reject(new Error('there is no network yet')))
  /** @type {Awaited<ReturnType<typeof createAutosave>> | null} */
  let autosave = null
  /** What it has missed until it is there. @type {Intent[] | null} */
  let early = []
  createAutosave(current, emit, keeper.take).catch(() => null).then((opened) => {
    autosave = opened
    for (const intent of early ?? []) opened?.heed(intent)
    early = null
  })
  const away = createAway(current, emit, () => session()?.refresh())
  const address = createAddress(current, sharing)
  const runs = createRuns(emit)
  watchForHanging(() => session()?.trainer(), () => current().run?.validation !== undefined || current().run?.task !== undefined)

  return {
    fail: createRecovery(current, emit, keeper.last),
    /** @param {import('./files.js').FileKind} kind @param {string} [of]  selector, of a picture */
    async save(kind, of) {
      const [{ saveFile }, { sourceOf }] = await Promise.all([import('./files.js'), import('./model-file.js')])
      const notice = await saveFile(kind, current(), async () => await session()?.trainer().save(sourceOf(current())) ?? new Uint8Array(), of)
      if (notice) emit({ type: 'notice', notice })
    },
    /** @param {import('./opening.js').Pending} before */
    left(before) {
      const notice = leftNotice(before)
      emit({ type: 'notice', notice: { ...notice, text: [current().notice?.text, notice.text].filter((text) => text).join(' ') } })
    },
    /** @param {string} name @param {Uint8Array} bytes */
    async load(name, bytes) {
      const { pendingOfFile } = await import('./model-file.js')
      emit({ type: 'open', pending: await pendingOfFile(name, bytes, current()) })
    },
    /** @param {Intent} intent */
    heed(intent) {
      if (early) early.push(intent)
      else autosave?.heed(intent)
      keeper.heed(intent)
      address.heed(intent)
      away.heed(intent)
      runs.follow(current())
      const stopped = intent.type === 'progress' && intent.progress.validation
      if (stopped && stopped.stopped) emit({ type: 'notice', notice: stoppedNotice(stopped.best, stopped.bestIteration) })
    },
  }
}
