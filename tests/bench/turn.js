/**
 * A turn: work in slices of a few milliseconds, and what the machine can do before and after each. Its speed changes by
 * a factor of two within a second, and not in the same way for all kinds of work, so only neighbours are compared: one
 * thread with the machine's peak, and several threads with one.
 */
import { rateOf, timed } from './clock.js'

/** @typedef {import('./answer.js').Bound} Bound */
/** @typedef {import('./configurations.js').Work} Work */
/** @typedef {import('./measure.js').Beside} Beside */
/** @typedef {import('./measure.js').Job} Job */
/** @typedef {import('./measure.js').Ready} Ready */

/** Generating with one stream reads every weight for each symbol. @type {Record<Work, Bound[]>} */
const BOUNDS = { train: ['peak'], generate: ['peak', 'bandwidth'], evaluate: ['peak'] }

const SLICE = 15 // ms of work; at least one piece of it
const THREADS_SLICE = 100 // ms, where threads are compared with one of them, after
const AWAKE = 200 // ms that do not count: a processor that has waited is slower by half at first
const BESIDE = 4 // ms of each bound, or
const BESIDE_SHARE = 1 / 8 // of a slice that is long

/**
 * A slice of work on the wall, in the midst of training.
 * @param {import('./places.js').Place} place @param {Job} job
 */
async function awake({ ask }, { work, steps }) {
  await ask({ name: 'run', work, steps, milliseconds: AWAKE })
  return timed(undefined, () => ask({ name: 'run', work, steps, milliseconds: THREADS_SLICE }))
}

/** What the slices of a job are compared with. @param {Ready} who @param {Job} job @returns {[Beside, () => Promise<number>][]} */
function besides({ place, peer, alone, thread }, job) {
  if (alone) return [['alone', async () => rateOf(await awake(alone.place, job))]]
  return peer ? [] : BOUNDS[job.work].map((bound) => [bound, async () =>
    rateOf(await timed(thread, () => place.ask({ name: 'bound', bound, milliseconds: Math.max(BESIDE, job.slice * BESIDE_SHARE) })))])
}

/** @param {Ready} who @param {Record<Work, number>} milliseconds of the turn */
export async function takeTurn(who, milliseconds) {
  const { place, alone, thread, jobs } = who
  for (const job of jobs) {
    const { work, steps } = job
    const compared = besides(who, job)
    const slice = () => (alone ? awake(place, job) : timed(thread, () => place.ask({ name: 'run', work, steps, milliseconds: compared.length ? SLICE : milliseconds[work] })))
    /** What is reached now. @returns {Promise<number[]>} */
    const reach = async () => {
      const rates = []
      for (const [, rate] of compared) rates.push(await rate())
      return rates
    }
    /** @type {import('./clock.js').Timed[]} */
    const slices = []
    let before = await reach()
    for (let left = milliseconds[work]; left > 0; left -= job.slice) {
      const done = await slice()
      job.slice = done.milliseconds
      slices.push(done)
      const after = await reach()
      compared.forEach(([name], i) => {
        const reached = (before[i] + after[i]) / 2
        job.reached[name].push(reached)
        job.shares[name].push(rateOf(done) / reached)
      })
      before = after
    }
    job.rates.push(rateOf(...slices))
  }
}
