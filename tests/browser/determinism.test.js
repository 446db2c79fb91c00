/** The same configuration, seed and text: the same bits in Node and in three browsers. */
import assert from 'node:assert/strict'
import { webcrypto } from 'node:crypto'
import { test } from 'node:test'
import { inEachBrowser } from './each.js'

/**
 * Trains one network of each kind; tells the bits of every loss, and a digest of each checkpoint. It runs in browsers
 * too, so it uses nothing from outside.
 * @param {string} url of unroll.js
 * @returns {Promise<string[]>}
 */
async function trajectories(url) {
  /** @type {typeof import('../../web/engine/index.js')} */
  const { loadEngine } = await import(url)
  const engine = await loadEngine()
  const text = Uint8Array.from({ length: 3000 }, (_, i) => (i * i * 7 + (i >> 3)) % 29)
  /** @type {import('../../web/engine/fields.js').Config[]} */
  const cells = [
    { cell: 'vanilla', activation: 'tanh', optimizer: 'sgd', momentum: 0.9, learningRate: 0.1 },
    { cell: 'vanilla', activation: 'relu', optimizer: 'adagrad', learningRate: 0.05, clip: 'value', clipAt: 0.01 },
    { cell: 'vanilla', activation: 'sigmoid', optimizer: 'rmsprop' },
    { cell: 'lstm', layers: 2 },
    { cell: 'gru', reset: 'after' },
    { cell: 'gru', reset: 'before', hidden: 64, steps: 40, batch: 7 },
  ]
  const told = []
  for (const cell of cells) {
    const model = engine.createModel({ vocabulary: 29, hidden: 19, batch: 5, steps: 13, seed: 3, ...cell })
    model.setText(text)
    const losses = new Float64Array(60)
    for (let i = 0; i < losses.length; i++) losses[i] = model.train().loss
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', model.save()))
    const bits = Array.from(new BigUint64Array(losses.buffer), (loss) => loss.toString(16))
    told.push([cell.cell, ...bits, ...Array.from(digest, (byte) => byte.toString(16))].join(' '))
    model.dispose()
  }
  return told
}

/**
 * A trainer's losses, with so many threads if they can be had.
 * @param {string} url of unroll.js
 * @param {number} threads
 */
async function withThreads(url, threads) {
  /** @type {typeof import('../../web/engine/index.js')} */
  const { createTrainer } = await import(url)
  const trainer = await createTrainer({ threads })
  const text = Array.from({ length: 3000 }, (_, i) => String.fromCharCode(97 + (i * i * 7 + (i >> 3)) % 26)).join('')
  const run = await trainer.start({ text, config: { cell: 'lstm', hidden: 64, batch: 16, steps: 20 } })
  const losses = []
  for (let i = 0; i < 20; i++) losses.push((await trainer.step(1)).loss)
  trainer.dispose()
  return { threads: run.threads, losses }
}

globalThis.crypto ??= /** @type {Crypto} */ (webcrypto) // Node 18 has it under this name only
const UNROLL = new URL('../../build/unroll/unroll.js', import.meta.url).href
const expected = await trajectories(UNROLL)
const alone = await withThreads(UNROLL, 1)

inEachBrowser(({ name, open, url }) => {
  test(`${name} trains with two threads, where memory can be shared, to the bits that Node has with one`, async (t) => {
    const page = await open(t, { url: new URL('site/licences.txt', url).href })
    const { threads, losses } = await page.evaluate(withThreads, new URL('unroll/unroll.js', url).href, 2)
    assert.equal(threads, await page.evaluate(() => typeof SharedArrayBuffer === 'undefined' ? 1 : 2))
    assert.deepEqual(losses, alone.losses)
  })

  test(`${name} trains every cell and optimizer to the bits that Node has`, async (t) => {
    const page = await open(t, { url: new URL('site/licences.txt', url).href })
    assert.deepEqual(await page.evaluate(trajectories, new URL('unroll/unroll.js', url).href), expected)
  })
}, { root: 'build' })
