/** One configuration: everyone opens it, is verified and warmed up, and then they take turns. */
import { flopsOf, textOf, weightBytesOf, WORKS } from './configurations.js'
import { findThread } from './clock.js'
import { median, middle, spread } from './statistics.js'
import { nameOf } from './subjects.js'
import { takeTurn } from './turn.js'
import { verify, weightsOf } from './verify.js'

/** @typedef {import('./answer.js').Bound} Bound */
/** @typedef {import('./configurations.js').Configuration} Configuration */
/** @typedef {import('./configurations.js').Work} Work */
/** @typedef {import('./places.js').Place} Place */
/** @typedef {import('./subjects.js').Candidate} Candidate */
/** @typedef {Candidate & { place: Place }} Present */
/** @typedef {{ rounds: number, milliseconds: Record<Work, number>, warm: number, limit: number }} Effort */
/**
 * @typedef {object} Row
 * @property {string} config
 * @property {Work} work
 * @property {string | null} peer
 * @property {string} engine
 * @property {string} mode
 * @property {number} threads
 * @property {number} charsPerSecond    the median
 * @property {[number, number]} spread  10th and 90th percentile
 * @property {number} gflops
 * @property {number | null} peakShare  of the peak in the same module, measured beside each slice; for peers, under Node
 * @property {number | null} speedup    of several threads: times what one does, measured beside each slice on the same clock
 * @property {number | null} boundShare of generating: of what the bandwidth allows, when each weight is read once for each symbol
 * @property {number | null} bytes      of a model, where it is known
 * @property {number} steps             of the windows it was measured on
 */
/** What slices are measured beside: what bounds them, or the same work on one thread. @typedef {Bound | 'alone'} Beside */
/**
 * @typedef {object} Job
 * @property {Work} work
 * @property {number} steps
 * @property {number} slice  ms that the last took
 * @property {number[]} rates  of turns
 * @property {Record<Beside, number[]>} reached  what was reached beside each slice
 * @property {Record<Beside, number[]>} shares  symbols of each slice per operation, byte or symbol reached beside it
 */
/** @typedef {Present & { bytes: number | null, jobs: Job[], thread: string | undefined, alone?: Ready }} Ready */

/** What has been said of those who are absent, so that it is said once. */
const said = new Set()

/** Symbols that peers write in a piece of generating; ourselves we choose it. */
const GENERATED = 100

/** Tells the thread that works in a place, which a compiler's thread may surpass at first. @param {Place} place @param {number} milliseconds */
async function warmBounds({ ask, roots }, milliseconds) {
  await ask({ name: 'bound', bound: 'bandwidth', milliseconds })
  await ask({ name: 'bound', bound: 'peak', milliseconds })
  return findThread(roots, () => ask({ name: 'bound', bound: 'peak', milliseconds }))
}

/**
 * @param {Present} who @param {Configuration} configuration @param {import('../../web/engine/index.js').Engine} engine @param {Effort} effort
 * @param {Work[]} works
 * @returns {Promise<Ready>}
 */
async function prepare(who, configuration, engine, effort, works) {
  const { place, peer, mode, threads, like } = who
  const given = peer ? { weights: weightsOf(engine, configuration), text: textOf(configuration) } : {}
  const { bytes } = await place.ask(/** @type {const} */ ({ name: 'open', opening: { configuration, mode, threads, ...given } }))
  if (peer) await verify(place, engine, configuration, like)
  /** @type {Job[]} */
  const jobs = []
  for (const work of works) {
    if (threads > 1 && !peer && work !== 'train') continue
    if (peer === 'brain.js' && work === 'evaluate') continue
    let steps = peer && work === 'generate' ? GENERATED : configuration.steps
    if (peer) ({ steps } = await place.ask({ name: 'fit', work, steps, limit: effort.limit }))
    await place.ask({ name: 'run', work, steps, milliseconds: effort.warm * (threads > 1 ? 4 : 1) })
    jobs.push({ work, steps, slice: 0, rates: [], reached: { peak: [], bandwidth: [], alone: [] }, shares: { peak: [], bandwidth: [], alone: [] } })
  }
  if (threads > 1) return { ...who, bytes, jobs, thread: undefined }
  const found = peer ? undefined : await warmBounds(place, effort.warm / 2)
  return { ...who, bytes, jobs, thread: place.thread ?? found }
}

/**
 * @param {Configuration} configuration
 * @param {Present[]} candidates
 * @param {import('../../web/engine/index.js').Engine} engine
 * @param {Effort} effort
 * @param {(line: string) => void} say
 * @param {Work[]} [works]
 */
export async function measure(configuration, candidates, engine, effort, say, works = WORKS) {
  /** @type {Ready[]} */
  const ready = []
  for (const who of candidates.filter(({ cells }) => cells?.includes(configuration.cell) ?? true)) {
    try {
      const alone = ready.find(({ peer, engine, mode, threads }) => who.threads > 1 && threads === 1 && peer === who.peer && engine === who.engine && mode === who.mode)
      ready.push({ ...await prepare(who, configuration, engine, effort, works), alone })
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
      // A mode or threads that are not to be had here are told as "there is no …".
      if (!who.peer && !/\bthere (is|are) no /.test(why)) process.exitCode = 1
      const line = `without ${nameOf(who)}: ${why}`
      if (!said.has(line)) say(line)
      said.add(line)
    }
  }
  for (let round = 0; round < effort.rounds; round++) {
    for (const who of [...ready]) {
      try {
        await takeTurn(who, effort.milliseconds)
      } catch (error) {
        ready.splice(ready.indexOf(who), 1)
        say(`${configuration.name}: not measured, ${nameOf(who)}: ${error instanceof Error ? error.message : error}`)
      }
    }
  }
  const peaks = new Map(ready.map((who) => /** @type {const} */ ([`${who.engine} ${who.mode}`, who.jobs.flatMap(({ reached }) => reached.peak)])).filter(([, found]) => found.length))
  return { rows: ready.flatMap((who) => rowsOf(who, configuration, peaks)), peaks }
}

/** @param {Ready} who @param {Configuration} configuration @param {Map<string, number[]>} peaks @returns {Row[]} */
function rowsOf({ peer, engine, mode, threads, bytes, jobs }, configuration, peaks) {
  const peak = peaks.get(peer ? 'node strict' : `${engine} ${mode}`)
  return jobs.map(({ work, steps, rates, shares }) => {
    const charsPerSecond = median(rates)
    const flops = flopsOf(configuration, work)
    const speedup = shares.alone.length ? middle(shares.alone) : null
    const share = shares.peak.length ? middle(shares.peak) : peak && charsPerSecond / median(peak) / threads
    return {
      config: configuration.name, work, peer, engine, mode, threads, charsPerSecond, spread: spread(rates), gflops: charsPerSecond * flops / 1e9,
      peakShare: share ? share * flops : null, speedup, boundShare: shares.bandwidth.length ? middle(shares.bandwidth) * weightBytesOf(configuration) / (configuration.streams ?? 1) : null, bytes, steps,
    }
  })
}
