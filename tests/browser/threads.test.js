/** Threads in the page: where it may have them, where not and why, and how the page comes to be isolated without headers. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { createVocabulary, loadEngine } from '../../build/unroll/unroll.js'
import { checkFor } from '../../web/page/held-out.js'
import { presets } from '../../web/presets.js'
import { serve } from '../../web/serve.js'
import { weighPage } from '../bench/page-load.js'
import { WATCH } from './drive.js'
import { inEachBrowser } from './each.js'
import { choose, closed, marks, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

const MOST_BYTES = 100_000

/** The first losses on Moby Dick, under Node with one thread. */
async function lossesInNode() {
  const engine = await loadEngine()
  const text = readFileSync('build/site/moby-dick.txt', 'utf8')
  const vocabulary = createVocabulary(text)
  const model = engine.createModel({ ...presets['moby-dick'].config, vocabulary: vocabulary.size })
  const { symbols } = vocabulary.encode(text)
  model.setText(symbols.subarray(0, symbols.length - Math.floor(symbols.length * Number(checkFor(text).heldOut)))) // the page keeps the rest unseen
  return Array.from({ length: 3 }, () => String(model.train().loss))
}
const expected = await lossesInNode()

/** What the settings say of threads; they stay open. @param {Page} page */
async function threadsIn(page) {
  await closed(page)
  await press(page, 'Settings')
  return page.waitFor(() => {
    const row = /** @type {HTMLElement | null} */ (document.querySelector('#field-threads')?.closest('.field'))
    const input = row?.querySelector('input')
    return row && input && row.closest('[open]') && { threads: Number(input.value), fixed: input.disabled, text: row.innerText }
  })
}

/** The first losses from the first weights, round by round. @param {Page} page */
async function firstLosses(page) {
  await press(page, 'Reset to the same first weights')
  await page.waitFor(() => document.documentElement.dataset.iteration === '0')
  const losses = []
  while (losses.length < expected.length) {
    await press(page, 'One round')
    await reaches(page, losses.length + 1)
    losses.push((await marks(page)).loss)
  }
  return losses
}

test('the page loads no more than 100 kB until it trains, and nothing that one thread does not need', async () => {
  const requests = await weighPage()
  const names = new Set(Object.keys(requests).map((name) => name.replace(/-[A-Z0-9]{8}\.js$/, '.js')))
  assert.deepEqual([...names].sort(), ['/', '/chunk.js', '/main.js', '/rnn.wasm', '/style.css'])
  const bytes = Object.values(requests).reduce((sum, size) => sum + size, 0)
  assert.ok(bytes <= MOST_BYTES, `it loads ${bytes} bytes`)
})

inEachBrowser(async ({ name, open }) => {
  const plain = await serve('build/site', { port: 0, prelude: WATCH, isolated: false })
  after(() => plain.close())

  test(`${name} trains a large network with several threads where it may, to the bits that Node has with one`, async (t) => {
    const page = await open(t)
    await reaches(page, 1)
    const most = await page.evaluate(() => typeof SharedArrayBuffer === 'undefined' ? 1 : navigator.hardwareConcurrency)
    const small = await threadsIn(page)
    assert.deepEqual([small.threads, small.fixed], [1, most === 1])
    await press(page, 'Settings')
    await choose(page, '#preset', 'moby-dick')
    await page.waitFor(() => document.documentElement.dataset.drawing === 'folded', { timeout: 60_000 })
    await press(page, 'Pause training')
    assert.equal((await threadsIn(page)).threads, Math.min(most, 4))
    assert.deepEqual(await firstLosses(page), expected)
    if (most === 1) return
    await page.type('#field-threads', '1')
    await page.press('Enter')
    await press(page, 'Make this network')
    assert.equal((await threadsIn(page)).threads, 1)
    assert.deepEqual(await firstLosses(page), expected)
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} trains with one thread where the page is not isolated, says why, and is isolated at the next visit`, async (t) => {
    const page = await open(t, { url: plain.url })
    await page.evaluate(() => { Reflect.set(window, 'firstVisit', true) })
    await reaches(page, 2)
    const { threads, fixed, text } = await threadsIn(page)
    assert.deepEqual([threads, fixed, await page.evaluate(() => crossOriginIsolated)], [1, true, false])
    assert.match(text, /cross-origin isolated, as this one is from the next visit on/)
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}))
    await reaches(page, 5)
    assert.equal(await page.evaluate(() => Reflect.get(window, 'firstVisit')), true, 'the page was loaded again')
    assert.deepEqual(await page.errors(), [])

    await page.goto(plain.url)
    await reaches(page, 2)
    assert.equal(await page.evaluate(() => crossOriginIsolated), true)
    assert.equal((await threadsIn(page)).fixed, await page.evaluate(() => typeof SharedArrayBuffer === 'undefined' || navigator.hardwareConcurrency === 1))
    assert.deepEqual(await page.errors(), [])
  })
})
