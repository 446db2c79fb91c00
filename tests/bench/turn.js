/**
 * A turn: work in slices of a few milliseconds, and what the machine can do before and after each. Its speed changes by
 * a factor of two within a second, and not in the same way for all kinds of work, so only neighbours are compared.
 */
import { rateOf, timed } from './clock.js'

/** @typedef {import('./answer.js').Bound} Bound */
/** @typedef {import('./configurations.js').Work} Work */
/** @typedef {import('./measure.js').Ready} Ready */

/** Generating with one stream reads every weight for each symbol. @type {Record<Work, Bound[]>} */
const BOUNDS = { train: ['peak'], generate: ['peak', 'bandwidth'], evaluate: ['peak'] }

const SLICE = 15 // ms of work; at least one piece of it
const BESIDE = 4 // ms of each bound, or
const BESIDE_SHARE = 1 / 8 // of a slice that is long

/** @param {Ready} who @param {Record<Work, number>} milliseconds of the turn */
export async function takeTurn({ place, peer, threads, jobs, thread }, milliseconds) {
  for (const job of jobs) {
    const { work, steps } = job
    const bounds = peer || threads > 1 ? [] : BOUNDS[work]
    /** What the machine can do now. @returns {Promise<number[]>} */
    const reach = async () => {
      const rates = []
      const request = { milliseconds: Math.max(BESIDE, job.slice * BESIDE_SHARE) }
      for (const bound of bounds) rates.push(rateOf(await timed(thread, () => place.ask({ name: 'bound', bound, ...request }))))
      return rates
    }
    /** @type {import('./clock.js').Timed[]} */
    const slices = []
    let before = await reach()
    for (let left = milliseconds[work]; left > 0; left -= job.slice) {
      const slice = await timed(thread, () => place.ask({ name: 'run', work, steps, milliseconds: bounds.length ? SLICE : left }))
      job.slice = slice.milliseconds
      slices.push(slice)
      const after = await reach()
      bounds.forEach((bound, i) => {
        const reached = (before[i] + after[i]) / 2
        job.reached[bound].push(reached)
        job.shares[bound].push(rateOf(slice) / reached)
      })
      before = after
    }
    job.rates.push(rateOf(...slices))
  }
}
