/** Threads that train together in one shared memory (src/team.h). The first of them is the one that loads the engine. */
import { RnnError } from './errors.js'
import { openPort, withTimeout } from './port.js'

/** @typedef {import('./memory.js').Memory} Memory */
/** @typedef {import('./memory.js').Pointer} Pointer */
/** @typedef {import('./thread.js').Place} Place */
/** @typedef {{ end: () => void }} Thread */
/** @typedef {{ pointer: Pointer, threads: number, dismiss: () => void }} Team */

const STACK = 262144 // bytes, as the Makefile has it for the first thread
const START_TIMEOUT = 10000 // ms

/** A page's own thread may not wait, memory may only be shared where pages are isolated, and Node has neither limit. */
export const canShareMemory = () =>
  typeof SharedArrayBuffer !== 'undefined' && !('document' in globalThis) && globalThis.crossOriginIsolated !== false

/** Memory for modules that share it: 64 KiB pages, as the modules declare them. */
export const createSharedMemory = () => new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true })

/**
 * Starts a thread; it is in its place when this is done.
 * @param {Place} place
 * @returns {Promise<Thread>}
 */
export async function startThread(place) {
  /** @type {import('./port.js').Port<string>} */
  const worker = await openPort(new URL(place.script))
  try {
    const ready = new Promise((resolve, reject) =>
      worker.listen(resolve, (why) => reject(new RnnError('worker-failed', `a thread failed: ${why}`))))
    worker.post(place)
    await withTimeout(ready, START_TIMEOUT, 'a thread did not start')
    worker.unref()
    return worker
  } catch (error) {
    worker.end()
    throw error
  }
}

/**
 * Starts the other threads, all of them or none.
 * @param {Memory} memory
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Memory} shared
 * @param {number} threads
 * @param {typeof startThread} start
 * @returns {Promise<Team>}
 */
export async function gatherTeam(memory, module, shared, threads, start) {
  const { exports } = memory
  const pointer = exports.team_init(memory.allocate(exports.team_size(threads)), threads)
  const script = new URL('./thread.js', import.meta.url).href
  const starting = Array.from({ length: threads - 1 }, (_, i) =>
    start({ script, module, memory: shared, stack: memory.allocate(STACK) + STACK, team: pointer, index: i + 1 }))
  const end = () => starting.forEach((thread) => thread.then((started) => started.end(), () => {}))
  await Promise.all(starting).catch((error) => {
    end()
    throw error
  })
  return {
    pointer,
    threads,
    dismiss() {
      exports.team_dismiss(pointer)
      end()
    },
  }
}
