/**
 * The worker's side of a trainer: it answers messages, one after another. The page speaks first; the handler is installed
 * before anything is awaited, since an engine may lose what arrives earlier.
 *
 * request  { id, name, options }     name: a method of Session, or 'open' with what loadEngine takes
 * answer   { id, result } or { id, error: { code, message } }
 *
 * While it opens, the worker asks the page for threads, since browsers may forget a worker that a worker makes.
 *
 * wish     { place }
 * thread   { thread: the place's index } or { thread, error }, once it is there or cannot be
 *
 * A browser does not tell a page that a worker is gone, but it frees the worker's locks. So the page names one:
 *
 * lock     { lock: a name }, and the same again when the worker holds it, for as long as it lives
 */
import { loadEngine } from './engine.js'
import { failureOf, RnnError } from './errors.js'
import { Session } from './session.js'

/** @typedef {'open' | 'start' | 'load' | 'train' | 'look' | 'inspect' | 'rewind' | 'poke' | 'scale' | 'generate' | 'size' | 'fields' | 'configure' | 'identity' | 'copy' | 'save'} RequestName */

/** @typedef {{ id: number, name: RequestName, options: unknown }} Request */
/** @typedef {{ thread: number, error?: import('./errors.js').Failure }} ThreadAnswer */
/** @typedef {import('./thread.js').Place} Place */

/** @type {Session | undefined} */
let session

/** Says something to the page. @type {(message: unknown) => void} */
let tell

/** Threads that have been asked for, by their index. @type {Map<number, (answer: ThreadAnswer) => void>} */
const wishes = new Map()

/** The page starts it, and ends it. @param {Place} place  @returns {Promise<import('./team.js').Thread>} */
const startThread = (place) => new Promise((resolve, reject) => {
  wishes.set(place.index, ({ error }) => error ? reject(new RnnError(error.code, error.message)) : resolve({ end() {} }))
  tell({ place })
})

/** @param {{ mode?: import('./engine.js').Mode, threads?: number, wasm?: ArrayBuffer | string | WebAssembly.Module }} options */
async function open(options) {
  session = new Session(await loadEngine(options, startThread))
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

/** @param {Request} request */
async function answer({ id, name, options }) {
  try {
    return { id, result: await perform(name, options) }
  } catch (error) {
    return { id, error: failureOf(error) }
  }
}

/** The end of the queue of answers. @type {Promise<void>} */
let queue = Promise.resolve()

/** Where there are no locks, the page is not told. Node tells its threads' end by itself. @param {string} lock */
function hold(lock) {
  if (typeof postMessage === 'function') navigator.locks?.request(lock, () => (tell({ lock }), new Promise(() => {}))).catch(() => {})
}

/** @param {Request | ThreadAnswer | { lock: string }} message */
function hear(message) {
  if ('thread' in message) wishes.get(message.thread)?.(message)
  else if ('lock' in message) hold(message.lock)
  else queue = queue.then(() => answer(message)).then(tell)
}

if (typeof postMessage === 'function') {
  tell = (message) => postMessage(message)
  onmessage = ({ data }) => hear(data)
} else {
  import('node:worker_threads').then(({ parentPort }) => {
    tell = (message) => parentPort?.postMessage(message)
    parentPort?.on('message', hear)
  })
}
