/**
 * The worker's side of a trainer: it answers messages, one at a time. The page speaks first; the handler is installed
 * before anything is awaited, since an engine may lose what arrives earlier.
 *
 * request  { id, name, options }     name: a method of Session, or 'open' with what loadEngine takes
 * answer   { id, result } or { id, error: { code, message } }
 */
import { loadEngine } from './engine.js'
import { RnnError } from './errors.js'
import { Session } from './session.js'

/** @typedef {'open' | 'start' | 'load' | 'train' | 'look' | 'inspect' | 'rewind' | 'poke' | 'generate' | 'size' | 'configure' | 'save'} RequestName */

/** @type {Session | undefined} */
let session

/** @param {{ mode?: import('./engine.js').Mode, threads?: number, wasm?: ArrayBuffer | string | WebAssembly.Module }} options */
async function open(options) {
  session = new Session(await loadEngine(options))
}

/**
 * @param {RequestName} name
 * @param {any} options checked by the types of trainer.js
 */
function perform(name, options) {
  if (name === 'open') return open(options)
  if (!session) throw new RnnError('disposed', 'the engine has not been opened')
  return session[name](options)
}

/** @param {{ id: number, name: RequestName, options: unknown }} request */
async function answer({ id, name, options }) {
  try {
    return { id, result: await perform(name, options) }
  } catch (error) {
    const { message } = /** @type {Error} */ (error)
    return { id, error: { code: error instanceof RnnError ? error.code : 'internal', message } }
  }
}

if (typeof postMessage === 'function') {
  onmessage = async ({ data }) => postMessage(await answer(data))
} else {
  import('node:worker_threads').then(({ parentPort }) =>
    parentPort?.on('message', async (data) => parentPort.postMessage(await answer(data))))
}
