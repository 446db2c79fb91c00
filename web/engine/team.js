/** Threads that train together in one shared memory (src/team.h). The first of them is the one that loads the engine. */
import { RnnError } from './errors.js'
import { openPort, withTimeout } from './port.js'

/** @typedef {import('./memory.js').Memory} Memory */
/** @typedef {import('./memory.js').Pointer} Pointer */
/** @typedef {{ pointer: Pointer, threads: number, dismiss: () => void }} Team */

const STACK = 262144 // bytes, as the Makefile has it for the first thread
const START_TIMEOUT = 10000 // ms

/** A page's own thread may not wait, memory may only be shared where pages are isolated, and Node has neither limit. */
export const canShareMemory = () =>
  typeof SharedArrayBuffer !== 'undefined' && !('document' in globalThis) && globalThis.crossOriginIsolated !== false

/** Memory for modules that share it: 64 KiB pages, as the modules declare them. */
export const createSharedMemory = () => new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true })

/**
 * Starts the other threads; each is in its place when this is done.
 * @param {Memory} memory
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Memory} shared
 * @param {number} threads
 * @returns {Promise<Team>}
 */
export async function gatherTeam(memory, module, shared, threads) {
  const { exports } = memory
  const pointer = exports.team_init(memory.allocate(exports.team_size(threads)), threads)
  /** @type {import('./port.js').Port<string>[]} */
  const workers = []
  const end = () => workers.forEach((worker) => worker.end())
  await Promise.all(Array.from({ length: threads - 1 }, async (_, i) => {
    /** @type {import('./port.js').Port<string>} */
    const worker = await openPort(new URL('./thread.js', import.meta.url))
    workers.push(worker)
    const ready = new Promise((resolve, reject) =>
      worker.listen(resolve, (why) => reject(new RnnError('worker-failed', `a thread failed: ${why}`))))
    worker.post({ module, memory: shared, stack: memory.allocate(STACK) + STACK, team: pointer, index: i + 1 })
    await withTimeout(ready, START_TIMEOUT, 'a thread did not start')
    worker.unref()
  })).catch((error) => {
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
