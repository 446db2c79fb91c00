/** Workers, alike in browsers and in Node. */
import { RnnError } from './errors.js'

/**
 * @template Heard
 * @typedef {{ post: (message: unknown) => void, listen: (onMessage: (data: Heard) => void, onDeath: (why: string) => void) => void, end: () => void, unref: () => void }} Port
 *   unref: the program may end although this worker has not; pages end as they like
 */

/**
 * @template Heard
 * @param {string | URL | Worker} worker
 * @returns {Promise<Port<Heard>>}
 */
export async function openPort(worker) {
  if (typeof Worker === 'undefined') return openThread(new URL(/** @type {URL} */ (worker)))
  const started = worker instanceof Worker ? worker : new Worker(sameOrigin(worker), { type: 'module' })
  return {
    post: (message) => started.postMessage(message),
    listen(onMessage, onDeath) {
      started.onmessage = ({ data }) => onMessage(data)
      started.onerror = (event) => onDeath(event.message || 'its script could not be loaded')
    },
    end: () => started.terminate(),
    unref() {},
  }
}

/** Workers of another origin are refused everywhere; one that imports from there is not. @param {string | URL} url */
function sameOrigin(url) {
  const { href, origin } = new URL(url, location.href)
  if (origin === location.origin || origin === 'null') return href
  return URL.createObjectURL(new Blob([`import ${JSON.stringify(href)}`], { type: 'text/javascript' }))
}

/** The same under Node. @template Heard  @param {URL} url  @returns {Promise<Port<Heard>>} */
async function openThread(url) {
  const { Worker: Thread } = await import('node:worker_threads')
  const thread = new Thread(url, { execArgv: [] }) // options of the main program, as --input-type, are not for it
  return {
    post: (message) => thread.postMessage(message),
    listen(onMessage, onDeath) {
      thread.on('message', onMessage)
      thread.on('error', (error) => onDeath(error.message))
      thread.on('exit', () => onDeath('it was ended'))
    },
    end: () => void thread.terminate(),
    unref: () => thread.unref(),
  }
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} milliseconds
 * @param {string} late what to say then
 * @returns {Promise<T>}
 */
export async function withTimeout(promise, milliseconds, late) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  try {
    return await Promise.race([promise, new Promise((_, reject) => {
      timer = setTimeout(() => reject(new RnnError('unsupported', `${late} (${milliseconds / 1000} s)`)), milliseconds)
    })])
  } finally {
    clearTimeout(timer)
  }
}
