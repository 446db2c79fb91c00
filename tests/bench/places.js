/** Where things run: processes under Node, pages of browsers, Python. Each answers the requests of answer.js. */
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { HAS_THREAD_TIMES, started } from './clock.js'
import { launch, WATCH } from '../browser/drive.js'
import { serve } from '../../web/serve.js'

/** @typedef {import('./answer.js').Request} Request */
/** @typedef {{ ask: <R>(request: Request) => Promise<R>, close: () => unknown, about?: string, roots: string[], thread?: string }} Place */
// roots: the processes that it is in; thread: the one that works there, where that is known
/** @typedef {{ result?: unknown, error?: string }} Answer */

const HERE = new URL('.', import.meta.url)

/** @param {Answer} answer */
function resultOf({ result, error }) {
  if (error) throw new Error(error)
  return result
}

/** @param {string} module of this folder  @param {string[]} [given] to its create()  @param {string[]} [execArgv] to Node  @returns {Promise<Place>} */
export async function openNode(module, given = [], execArgv = []) {
  const child = fork(new URL('host.js', HERE), [new URL(module, HERE).href, ...given], { execArgv, serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let said = ''
  child.stderr?.on('data', (text) => (said += text))
  const died = once(child, 'exit').then(() => Promise.reject(new Error(said.match(/^\w*Error.*$/m)?.[0] ?? 'its process ended')))
  died.catch(() => {})
  const next = async () => resultOf((await Promise.race([once(child, 'message'), died]))[0])
  await next()
  return {
    roots: [String(child.pid)],
    thread: HAS_THREAD_TIMES ? `/proc/${child.pid}/task/${child.pid}` : undefined,
    ask: (request) => {
      child.send(request)
      return /** @type {Promise<any>} */ (next())
    },
    close: () => child.kill(),
  }
}

/** Python on so many threads, told line by line. @param {string} script of this folder  @param {number} threads  @returns {Promise<Place>} */
export async function openPython(script, threads) {
  // A core type that was set for other programs would slow this one down; BLAS has threads of its own to be limited;
  // threads that wait actively stop one another where cores are busy with other programs.
  const { OPENBLAS_CORETYPE: _, ...rest } = process.env
  const env = { ...rest, OPENBLAS_NUM_THREADS: String(threads), OMP_NUM_THREADS: String(threads), OMP_WAIT_POLICY: 'passive' }
  const python = process.env.BENCH_PYTHON ?? '/usr/bin/python3'
  const child = spawn(python, [fileURLToPath(new URL(script, HERE)), String(threads)], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (text) => (said += text))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(said.trim().split('\n').at(-1) || 'its process ended')
    return resultOf(JSON.parse(value))
  }
  child.on('error', (error) => (said += error.message))
  const about = String(await next())
  return {
    about,
    roots: [String(child.pid)],
    thread: HAS_THREAD_TIMES ? `/proc/${child.pid}/task/${child.pid}` : undefined,
    ask: (request) => {
      child.stdin.write(JSON.stringify(request, (_, value) => (ArrayBuffer.isView(value) ? Array.from(/** @type {Int32Array} */ (value)) : value)) + '\n')
      return /** @type {Promise<any>} */ (next())
    },
    close: () => child.kill(),
  }
}

/** A browser's page; its places are workers. @param {import('../browser/drive.js').BrowserName} name */
export async function openBrowser(name) {
  const before = new Set(started())
  const browser = await launch(name)
  const site = await serve(fileURLToPath(new URL('../../', HERE)), { port: 0, prelude: WATCH })
  const page = await browser.open(`${site.url}tests/bench/page/index.html`)
  await page.waitFor(() => 'ask' in window)
  const roots = started().filter((id) => !before.has(id))
  return {
    /** @param {string} module of this folder  @param {string} key one for each place  @returns {Place} */
    place: (module, key) => ({
      roots,
      ask: (request) => /** @type {Promise<any>} */ (page.evaluate(
        (module, key, request) => Reflect.get(window, 'ask')(module, key, request), new URL(module, `${site.url}tests/bench/`).href, key,
        /** @type {import('../browser/drive.js').Json} */ (/** @type {unknown} */ (request)))),
      close() {},
    }),
    async close() {
      await browser.close()
      await site.close()
    },
  }
}
