/** What the page weighs, and how soon it trains: in Chromium, each time with a new profile. */
import { statSync } from 'node:fs'
import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import { launch } from '../browser/drive.js'
import { serve } from '../../web/serve.js'
import { median, spread } from './statistics.js'

/**
 * Notes, in ms since navigation, when the page made its worker, asked it to train, and had the first report of training;
 * and when it told of that, by when everything that it is made of has been asked for.
 */
const PRELUDE = `<script>{
  const marks = window.marks = {}
  const mark = (name) => { marks[name] ??= performance.now() }
  window.Worker = class extends Worker {
    constructor(...options) {
      mark('worker')
      super(...options)
      this.addEventListener('message', ({ data }) => { if (data.result?.iterations >= 1) mark('trained') })
    }
    postMessage(message, ...options) {
      mark(message.name)
      super.postMessage(message, ...options)
    }
  }
  const { dataset } = document.documentElement
  new MutationObserver(() => { if (dataset.iteration >= 1) mark('told') }).observe(document.documentElement, { attributes: true })
}</script>`

/** @typedef {{ worker: number, train: number, trained: number, told: number }} Marks */

const marks = () => {
  const noted = /** @type {Marks | undefined} */ (Reflect.get(window, 'marks'))
  if (!noted?.told) return null
  const requests = performance.getEntriesByType('resource').filter(({ startTime }) => startTime < noted.told)
  return { ...noted, paths: ['/', ...requests.map(({ name }) => new URL(name).pathname)] }
}

/** What the page notes of its start. @param {string} url @returns {Promise<Marks & { paths: string[] }>} */
async function loadOnce(url) {
  const browser = await launch('chromium')
  try {
    const page = await browser.open(url)
    return await page.waitFor(marks)
  } finally {
    await browser.close()
  }
}

/** How long each phase took. @param {Marks} marks */
const phases = ({ worker, train, trained, told }) => ({
  'until the worker is made': worker, 'until it is asked to train': train - worker, 'until the first report': trained - train,
  'until the page tells of it': told - trained,
})

/** Passes requests on to `target`, and notes what was answered. @param {string} target */
async function listening(target) {
  /** @type {Map<string, number>} path → bytes as gzip */
  const sizes = new Map()
  const server = createServer(async (request, response) => {
    const answer = await fetch(new URL(request.url ?? '', target))
    const body = Buffer.from(await answer.arrayBuffer())
    if (answer.ok) sizes.set(request.url ?? '', gzipSync(body, { level: 9 }).length)
    response.writeHead(answer.status, Object.fromEntries([...answer.headers].filter(([name]) => /^(content-type|cross-origin)/.test(name)))).end(body)
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { url: `http://127.0.0.1:${port}/`, sizes, close: () => (server.close(), server.closeAllConnections()) }
}

/** What the page loads until it trains: bytes as gzip, by path. */
export async function weighPage() {
  const site = await serve('build/site', { port: 0, prelude: PRELUDE })
  const proxy = await listening(site.url)
  try {
    const { paths } = await loadOnce(proxy.url)
    return Object.fromEntries([...proxy.sizes].filter(([path]) => paths.includes(path)))
  } finally {
    proxy.close()
    await site.close()
  }
}

/** @param {number} times */
export async function measurePage(times) {
  const requests = await weighPage()
  const site = await serve('build/site', { port: 0, prelude: PRELUDE })
  try {
    /** @type {Marks[]} */
    const loads = []
    for (let i = 0; i < times; i++) loads.push(await loadOnce(site.url))
    const starts = loads.map(({ trained }) => trained)
    const took = loads.map(phases)
    return {
      wasmBytes: statSync('build/site/rnn.wasm').size,
      compressedBytes: Object.values(requests).reduce((sum, bytes) => sum + bytes, 0), requests,
      firstStepMilliseconds: median(starts), spread: spread(starts), quickestMilliseconds: Math.min(...starts), loads: times,
      phases: Object.fromEntries(Object.keys(took[0]).map((name) => [name, median(took.map((each) => Reflect.get(each, name)))])),
    }
  } finally {
    await site.close()
  }
}
