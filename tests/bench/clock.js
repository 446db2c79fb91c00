/**
 * What a piece of work took. Other programs run on the machine too, so work on one thread is measured by the time that
 * the busiest thread was on a processor (Linux tells it to the nanosecond); elsewhere, and for work on several threads,
 * by the time on the wall.
 */
import { readdirSync, readFileSync } from 'node:fs'

export const HAS_THREAD_TIMES = (() => {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[0]) > 0
  } catch {
    return false
  }
})()

/** @param {string} path */
function readOr(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // it has ended
  }
}

/** @param {string} path of a thread's folder  @returns {number} ms on a processor */
const timeOf = (path) => Number(readOr(`${path}/schedstat`).split(' ')[0]) / 1e6

/** Who started whom. @returns {Map<string, string[]>} */
function families() {
  /** @type {Map<string, string[]>} */
  const children = new Map()
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = readOr(`/proc/${id}/stat`).replace(/^.*\) \S /s, '').split(' ')[0]
    children.set(parent, [...(children.get(parent) ?? []), id])
  }
  return children
}

/** The processes that this one has started. */
export const started = () => (HAS_THREAD_TIMES ? families().get(String(process.pid)) ?? [] : [])

/** Processes, and those that they started. @param {readonly string[]} roots */
function withDescendants(roots) {
  const children = families()
  const found = [...roots]
  for (const id of found) found.push(...(children.get(id) ?? []))
  return found
}

/** The times of all their threads. @param {readonly string[]} roots @returns {Map<string, number>} */
function threadTimes(roots) {
  /** @param {string} id */
  const threadsOf = (id) => {
    try {
      return readdirSync(`/proc/${id}/task`).map((thread) => `/proc/${id}/task/${thread}`)
    } catch {
      return [] // it has ended
    }
  }
  return new Map(withDescendants(roots).flatMap(threadsOf).map((path) => [path, timeOf(path)]))
}

/**
 * Tells which thread of some processes works while `work` runs, or nothing where that cannot be known.
 * @param {readonly string[]} roots  the processes, and those that they started
 * @param {() => Promise<unknown>} work
 */
export async function findThread(roots, work) {
  if (!HAS_THREAD_TIMES) return void await work()
  const before = threadTimes(roots)
  await work()
  let busiest = ''
  let most = 0
  for (const [path, time] of threadTimes(roots)) {
    const spent = time - (before.get(path) ?? 0)
    if (spent > most) [busiest, most] = [path, spent]
  }
  return busiest
}

/** Of the time on the wall: less than this, and the thread is another one; a busy machine leaves it more. */
const LEAST_SHARE = 0.05

/** Work done, and the ms it took: on its thread, and on the wall. @typedef {{ done: number, spent: number, milliseconds: number }} Timed */

/**
 * The thread's clock leaves out what other programs take, and the worker's own what it takes to ask it: the less counts.
 * @param {string | undefined} thread
 * @param {() => Promise<import('./answer.js').Run>} work
 * @returns {Promise<Timed>}
 */
export async function timed(thread, work) {
  const before = thread ? timeOf(thread) : 0
  const { done, milliseconds } = await work()
  const spent = thread ? timeOf(thread) - before : milliseconds
  return { done, spent: spent > LEAST_SHARE * milliseconds ? Math.min(spent, milliseconds) : milliseconds, milliseconds }
}

/** Per second, of all parts. @param {...Timed} parts */
export const rateOf = (...parts) => parts.reduce((sum, { done }) => sum + done, 0) / parts.reduce((sum, { spent }) => sum + spent, 0) * 1000
