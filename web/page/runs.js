/**
 * What was trained in this visit and in earlier ones: settings, figures and a thinned loss curve of each run, on this computer
 * alone. The same settings with the same text are the same run, bit for bit, so of those the longest is kept.
 */
import { fingerprintOf } from '../engine/fingerprint.js'
import { presets } from '../presets.js'
import { isOwn } from './preset-text.js'

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./types.js').Config} Config */
/** What was measured last on what is held out, by its name in words/tasks.js. @typedef {readonly [name: string, value: number]} Measured */
/**
 * @typedef {object} Kept
 * @property {string} id
 * @property {string} label            what the text, or the table of a task, is called
 * @property {string} preset
 * @property {string | null} text      one's own; null where the preset has it, or it is too long to keep
 * @property {boolean} [lost]          it is too long to keep
 * @property {Config} config           as asked for
 * @property {Config} made             with everything filled in
 * @property {import('../presets.js').Sampling} sampling
 * @property {number} rate
 * @property {number} rounds
 * @property {number} seconds          spent training
 * @property {number} letters          read, or steps
 * @property {number} best             the lowest loss of the curve, see loss-unit.js
 * @property {Measured} [measured]
 * @property {readonly number[]} iterations
 * @property {readonly number[]} losses
 * @property {number} at               when it was kept, ms since 1970
 */

const NAME = 'unroll-runs'
const VERSION = 1
const STORE = 'runs'
// Nothing is written while the page is left: WebKit would hold the store for it, and the next page would wait.
const EVERY = 5000 // ms between two times that a run is kept while it trains
const MOST = 60
const MOST_LETTERS = 2e6 // of all texts together
const LONGEST = 2e5
const POINTS = 120

/** Neighbours share a mean, at the last round among them. @param {readonly number[]} iterations @param {readonly number[]} losses */
export function thinned(iterations, losses, most = POINTS) {
  const count = Math.min(most, iterations.length)
  const ends = Array.from({ length: count }, (_, i) => Math.floor((i + 1) * iterations.length / count))
  return {
    iterations: ends.map((end) => iterations[end - 1]),
    losses: ends.map((end, i) => {
      const part = losses.slice(ends[i - 1] ?? 0, end)
      return part.reduce((sum, loss) => sum + loss, 0) / part.length
    }),
  }
}

/** The newest that fit the bounds, each once. @param {readonly Kept[]} list */
function bounded(list) {
  let letters = 0
  const newest = [...list].sort((a, b) => b.at - a.at)
  return newest.filter(({ id }, i) => newest.findIndex((run) => run.id === id) === i).slice(0, MOST).filter(({ text }) => (letters += text?.length ?? 0) <= MOST_LETTERS)
}

/** A task has its own metric; a text surprises. @param {State} state @returns {Measured | undefined} */
function measuredIn({ run, metrics, validation }) {
  if (run?.task && metrics) return [run.task.goal.metric, metrics[run.task.goal.metric]]
  const loss = validation.losses.at(-1)
  return loss === undefined ? undefined : ['bitsPerSymbol', loss / Math.LN2]
}

/** The present run as it would be kept. @param {State} state @param {string} id @returns {Kept | null} */
export function describeRun(state, id) {
  const { label, preset, text, config, run, sampling, rate, seconds, progress, curve } = state
  if (!run || !progress || curve.losses.length === 0) return null
  const { seed, ...writing } = sampling
  const own = isOwn(state)
  const lost = own && text.length > LONGEST
  return {
    id, label, preset, text: own && !lost ? text : null, lost, config, made: run.config, measured: measuredIn(state), sampling: writing, rate,
    rounds: progress.iteration, seconds, letters: progress.symbols, best: Math.min(...curve.losses), ...thinned(curve.iterations, curve.losses), at: Date.now(),
  }
}

/** @param {IDBOpenDBRequest | IDBRequest | IDBTransaction} request @returns {Promise<unknown>} */
const finished = (request) => new Promise((resolve, reject) => {
  if (request instanceof IDBTransaction) request.oncomplete = () => resolve(undefined)
  else request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})

/** @returns {Promise<IDBDatabase>} */
async function openStore() {
  const request = indexedDB.open(NAME, VERSION)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' })
  return /** @type {IDBDatabase} */ (await finished(request))
}

/** @param {import('./types.js').Emit} emit */
export function createRuns(emit) {
  /** @type {IDBDatabase | null} */
  let store = null
  /** @type {State | null} */
  let last = null
  let id = ''
  let keptAt = 0
  let keptRound = 0
  /** @type {readonly Kept[] | null} */
  let written = null

  const read = async () => {
    store = await openStore()
    return written = /** @type {Kept[]} */ (await finished(store.transaction(STORE).objectStore(STORE).getAll()))
  }
  read().then(
    (list) => emit({ type: 'runs', list: bounded([...list, ...(last?.runs.list ?? [])]), kept: true }),
    () => emit({ type: 'runs', list: last?.runs.list ?? [], kept: false }))

  /** The store follows the list. @param {readonly Kept[]} list */
  function write(list) {
    const before = written ?? []
    written = list
    if (!store) return
    const changes = store.transaction(STORE, 'readwrite', { durability: 'relaxed' })
    for (const run of before) if (!list.some((other) => other.id === run.id)) changes.objectStore(STORE).delete(run.id)
    for (const run of list) if (!before.includes(run)) changes.objectStore(STORE).put(run)
    changes.onabort = () => emit({ type: 'runs', list, kept: false })
  }

  /** @param {State} state @param {string} id */
  function keep(state, id) {
    const run = describeRun(state, id)
    const longer = state.runs.list.find((other) => other.id === id && other.rounds > (run?.rounds ?? 0))
    if (!run || longer) return
    const list = bounded([run, ...state.runs.list.filter((other) => other.id !== id)])
    write(list)
    emit({ type: 'runs', list, kept: state.runs.kept })
  }

  return {
    /** Sees each state, also those that are never drawn, and keeps the run now and then. @param {State} state */
    follow(state) {
      const before = last
      last = state
      if (state.runs.list !== written) write(state.runs.list)
      if (before?.run?.parameters !== state.run?.parameters) {
        const left = id
        id = `${fingerprintOf(JSON.stringify(state.config) + (presets[state.preset].task ?? ''))} ${fingerprintOf(state.text)}`
        keptRound = 0
        if (before) keep({ ...before, runs: state.runs }, left)
      }
      const round = state.progress?.iteration ?? keptRound
      if (round === keptRound || (state.training && performance.now() - keptAt < EVERY)) return
      keptAt = performance.now()
      keptRound = round
      keep(state, id)
    },
  }
}
