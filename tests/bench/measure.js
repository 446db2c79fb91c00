/** One configuration: everyone opens it, is verified and warmed up, and then they take turns. */
import { flopsOf, textOf, WORKS } from './configurations.js'
import { findThread, rate } from './clock.js'
import { median, spread } from './statistics.js'
import { nameOf } from './subjects.js'
import { verify, weightsOf } from './verify.js'

/** @typedef {import('./answer.js').Run} Run */
/** @typedef {import('./configurations.js').Configuration} Configuration */
/** @typedef {import('./configurations.js').Work} Work */
/** @typedef {import('./places.js').Place} Place */
/** @typedef {import('./subjects.js').Candidate} Candidate */
/** @typedef {Candidate & { place: Place }} Present */
/** @typedef {{ rounds: number, milliseconds: Record<Work, number>, peak: number, warm: number, limit: number }} Effort */
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
 * @property {number | null} peakShare  of the peak in the same module, measured in turn with it; for peers, under Node
 * @property {number | null} bytes      of a model, where it is known
 * @property {number} steps             of the windows it was measured on
 */
/** @typedef {{ work: Work, steps: number, rates: number[], shares: number[] }} Job  shares: symbols per operation at the peak just before */
/** @typedef {Present & { bytes: number | null, jobs: Job[], peaks: number[], thread: string | undefined }} Ready */

/** What has been said of those who are absent, so that it is said once. */
const said = new Set()

/** Symbols that peers write in a piece of generating; ourselves we choose it. */
const GENERATED = 100

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
  /** @type {string | undefined} */
  let thread
  for (const work of works) {
    if (threads > 1 && !peer && work !== 'train') continue
    if (peer === 'brain.js' && work === 'evaluate') continue
    let steps = peer && work === 'generate' ? GENERATED : configuration.steps
    if (peer) ({ steps } = await place.ask({ name: 'fit', work, steps, limit: effort.limit }))
    const busiest = await findThread(place.roots, () => place.ask({ name: 'run', work, steps, milliseconds: effort.warm }))
    if (threads === 1) thread ??= place.thread ?? busiest // a compiler's thread may be busier at first
    jobs.push({ work, steps, rates: [], shares: [] })
  }
  if (!peer && threads === 1) await place.ask({ name: 'peak', milliseconds: effort.peak })
  return { ...who, bytes, jobs, peaks: [], thread }
}

/** @param {Ready} who @param {Effort} effort */
async function takeTurn({ place, peer, threads, jobs, peaks, thread }, effort) {
  for (const { work, steps, rates, shares } of jobs) {
    const peak = !peer && threads === 1 && await rate(thread, () => place.ask({ name: 'peak', milliseconds: effort.peak }))
    const symbols = await rate(thread, () => place.ask({ name: 'run', work, steps, milliseconds: effort.milliseconds[work] }))
    rates.push(symbols)
    if (!peak) continue
    peaks.push(peak)
    shares.push(symbols / peak)
  }
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
  for (const who of candidates) {
    try {
      ready.push(await prepare(who, configuration, engine, effort, works))
    } catch (error) {
      const line = `without ${nameOf(who)}: ${error instanceof Error ? error.message.split('\n')[0] : error}`
      if (!said.has(line)) say(line)
      said.add(line)
    }
  }
  for (let round = 0; round < effort.rounds; round++) {
    for (const who of [...ready]) {
      try {
        await takeTurn(who, effort)
      } catch (error) {
        ready.splice(ready.indexOf(who), 1)
        say(`${configuration.name}: not measured, ${nameOf(who)}: ${error instanceof Error ? error.message : error}`)
      }
    }
  }
  const peaks = new Map(ready.filter((who) => who.peaks.length).map((who) => [`${who.engine} ${who.mode}`, who.peaks]))
  return { rows: ready.flatMap((who) => rowsOf(who, configuration, peaks)), peaks }
}

/** @param {Ready} who @param {Configuration} configuration @param {Map<string, number[]>} peaks @returns {Row[]} */
function rowsOf({ peer, engine, mode, threads, bytes, jobs }, configuration, peaks) {
  const peak = peaks.get(peer ? 'node strict' : `${engine} ${mode}`)
  return jobs.map(({ work, steps, rates, shares }) => {
    const charsPerSecond = median(rates)
    const flops = flopsOf(configuration, work)
    const share = shares.length ? median(shares) : peak && charsPerSecond / median(peak) / threads
    return {
      config: configuration.name, work, peer, engine, mode, threads, charsPerSecond, spread: spread(rates),
      gflops: charsPerSecond * flops / 1e9, peakShare: share ? share * flops : null, bytes, steps,
    }
  })
}
