/** What the page weighs, and how soon it trains: in Chromium, each time with a new profile. */
import { statSync } from 'node:fs'
import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import { launch } from '../browser/drive.js'
import { serve } from '../../web/serve.js'
import { median, spread } from './statistics.js'

/** Notes when the first training step was told of; the page's clock begins at its navigation. */
const PRELUDE = `<script>new MutationObserver((_, observer) => {
  if (!(Number(document.documentElement.dataset.iteration) >= 1)) return
  window.firstStep = performance.now()
  observer.disconnect()
}).observe(document.documentElement, { attributes: true })</script>`

const trained = () => Number(Reflect.get(window, 'firstStep') ?? 0)

/** From navigation to the first step, in ms. @param {string} url */
async function loadOnce(url) {
  const browser = await launch('chromium')
  try {
    const page = await browser.open(url)
    return Number(await page.waitFor(trained))
  } finally {
    await browser.close()
  }
}

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

/** @param {number} times */
export async function measurePage(times) {
  const site = await serve('build/site', { port: 0, prelude: PRELUDE })
  const proxy = await listening(site.url)
  try {
    await loadOnce(proxy.url)
    const requests = Object.fromEntries(proxy.sizes)
    const starts = []
    for (let i = 0; i < times; i++) starts.push(await loadOnce(site.url))
    return {
      wasmBytes: statSync('build/site/rnn.wasm').size,
      compressedBytes: Object.values(requests).reduce((sum, bytes) => sum + bytes, 0), requests,
      firstStepMilliseconds: median(starts), spread: spread(starts), loads: times,
    }
  } finally {
    proxy.close()
    await site.close()
  }
}
