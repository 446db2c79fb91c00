/** The network of "hello" takes its first step while the page is still on its way, and the page takes that over. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createVocabulary, loadEngine } from '../../build/unroll/unroll.js'
import { presets } from '../../web/presets.js'
import { serve } from '../../web/serve.js'
import { WATCH } from './drive.js'
import { inEachBrowser } from './each.js'
import { marks, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

/** Notes what the workers are asked, with what of the page was there by then, and the loss of every round it tells of. */
const NOTES = `<script>{
  const asked = window.asked = []
  const losses = window.losses = {}
  window.Worker = class extends Worker {
    postMessage(message, ...options) {
      if (message.name) asked.push(message.name + (document.documentElement.dataset.training ? '' : ' ahead'))
      super.postMessage(message, ...options)
    }
  }
  const { dataset } = document.documentElement
  new MutationObserver(() => { if (dataset.loss) losses[dataset.iteration] = dataset.loss }).observe(document.documentElement, { attributes: true })
}</script>`

/** Motion is to be reduced, but only once the page itself asks. */
const CHANGE_OF_MIND = `<script>{
  const { matchMedia } = window
  let times = 0
  window.matchMedia = (query) => /motion/.test(query) && times++ > 0 ? { matches: true } : matchMedia.call(window, query)
}</script>`

/** Copies are taken at their own pace. @param {Page} page */
const noted = (page) => page.evaluate(() => ({
  asked: /** @type {string[]} */ (Reflect.get(window, 'asked')).filter((name) => name !== 'copy'), losses: /** @type {Record<string, string>} */ (Reflect.get(window, 'losses')),
}))

const engine = await loadEngine()
const model = engine.createModel({ ...presets.hello.config, vocabulary: 4 })
model.setText(createVocabulary('hello').encode('hello').symbols)
const expected = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [i + 1, String(model.train().loss)]))

/** The losses of the first five rounds. @param {Record<string, string>} losses */
const firstFive = (losses) => Object.fromEntries(Object.entries(losses).filter(([round]) => Number(round) <= 5))

inEachBrowser(async ({ name, open }) => {
  const fickle = await serve('build/site', { port: 0, prelude: WATCH + NOTES + CHANGE_OF_MIND })
  after(() => fickle.close())

  test(`${name} takes the first step before the page asks, and takes it once`, async (t) => {
    const page = await open(t)
    await reaches(page, 5)
    const { asked, losses } = await noted(page)
    assert.deepEqual(asked.slice(0, 4), ['open ahead', 'start ahead', 'train ahead', 'train'])
    assert.deepEqual(firstFive(losses), expected)
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} takes no step ahead where motion is to be reduced`, async (t) => {
    const page = await open(t, { reducedMotion: true })
    await page.waitFor(() => document.documentElement.dataset.ready)
    const { asked } = await noted(page)
    assert.deepEqual([asked.slice(0, 3), asked.includes('train')], [['open ahead', 'start ahead', 'look'], false])
    assert.equal((await marks(page)).iteration, '0')
  })

  test(`${name} undoes the step where the page goes another way`, async (t) => {
    const page = await open(t, { url: fickle.url })
    await page.waitFor(() => document.documentElement.dataset.ready)
    assert.deepEqual((await noted(page)).asked.slice(0, 5), ['open ahead', 'start ahead', 'train ahead', 'start', 'look'])
    assert.equal((await marks(page)).training, 'paused')
    await press(page, 'Train')
    await reaches(page, 5)
    assert.deepEqual(firstFive((await noted(page)).losses), expected)
    assert.deepEqual(await page.errors(), [])
  })
}, { prelude: NOTES })
