/** The worker that trains goes, in each way that a worker can; the page goes on with another one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { presets } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { lossInNode } from './in-node.js'
import { choose, closed, complete, lookInside, marks, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

const NOTICED = 2000 // ms
const KEPT = 2500 // ms between two copies, and the time they take

/** Workers that can be made to throw, to hang or to begin no more, by a message; the page finds all it has in `workers`. */
const PRELUDE = `<script>{
  const Original = Worker
  const MISCHIEF = "addEventListener('message', ({ data }) => { if (data.throws) setTimeout(() => { throw new Error('it threw') }); if (data.hangs) for (;;); });"
  window.workers = []
  window.Worker = class extends Original {
    constructor(url, options) {
      const href = new URL(url, document.baseURI).href
      const request = new XMLHttpRequest()
      request.open('GET', href, false)
      if (href.startsWith('blob:')) request.send()
      const code = window.broken ? "throw new Error('it is broken')" : MISCHIEF + (request.responseText || 'import ' + JSON.stringify(href))
      super(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), options)
      window.workers.push(this)
    }
  }
}</script>`

/** @param {'terminate' | 'throws' | 'hangs'} how  to the worker that is there @param {Page} page */
const end = (page, how) => page.evaluate((how) => {
  const { workers } = /** @type {{ workers: Worker[] }} */ (/** @type {unknown} */ (window))
  const worker = workers[workers.length - 1]
  if (how === 'terminate') worker.terminate()
  else worker.postMessage({ [how]: true })
  return Number(document.documentElement.dataset.iteration)
}, how)

/** @param {Page} page @param {string} words @param {number} [timeout] */
const says = (page, words, timeout) => page.waitFor((words) => {
  const text = document.querySelector('.notice')?.textContent ?? ''
  return text.includes(words) ? text : ''
}, { timeout }, words)

/** It trains on, to the numbers that it would have had. @param {Page} page @param {import('../../web/engine/fields.js').Config} config @param {number} from */
async function trainsOn(page, config, from) {
  await page.waitFor((from) => document.documentElement.dataset.training === 'running' && Number(document.documentElement.dataset.iteration) > from, {}, from)
  await press(page, 'Pause training')
  await page.waitFor(() => document.documentElement.dataset.training === 'paused')
  await press(page, 'One round')
  await reaches(page, from + 1)
  await page.waitFor(async () => {
    const before = document.documentElement.dataset.iteration
    await new Promise((next) => setTimeout(next, 200))
    return document.documentElement.dataset.iteration === before
  })
  const { iteration, loss } = await marks(page)
  assert.equal(loss, lossInNode(config, Number(iteration)), `the loss of round ${iteration}`)
}

inEachBrowser(({ name, open }) => {
  for (const how of /** @type {const} */ (['terminate', 'throws', 'hangs'])) {
    test(`${name} goes on with what was trained when its worker ${how === 'terminate' ? 'is ended from outside' : how}`, async (t) => {
      const page = await open(t)
      await reaches(page, 1)
      await press(page, 'Settings')
      await choose(page, '#field-cell', 'gru')
      await press(page, 'Make this network')
      await closed(page)
      await reaches(page, 30) // at 8 rounds a second, long enough for a copy
      const round = await end(page, how)
      // Of a hang, only time counts in which the page was not kept waiting: on a busy computer it may be longer.
      const told = await says(page, 'was started again', how === 'hangs' ? 30_000 : NOTICED)
      const from = Number(/goes on from round ([\d,]+)/.exec(told)?.[1].replace(',', ''))
      const lost = round - from
      assert.ok(lost >= 0 && lost <= 8 * (KEPT + NOTICED) / 1000, `${from} is what is left of ${round}`)
      assert.ok(from > 0)
      await trainsOn(page, { ...presets.hello.config, cell: 'gru' }, from)
      assert.equal((await page.errors()).filter((error) => !error.includes('it threw')).join(), '')
    })
  }

  test(`${name} brings back a network that rests, as it was left`, async (t) => {
    const page = await open(t)
    await reaches(page, 5)
    await press(page, 'Pause training')
    await page.waitFor(() => document.documentElement.dataset.training === 'paused')
    await new Promise((next) => setTimeout(next, 1500)) // it is copied at a pause
    const { iteration } = await marks(page)
    await end(page, 'terminate')
    await says(page, `it goes on from round ${iteration}`, NOTICED)
    const after = await marks(page)
    assert.deepEqual([after.iteration, after.training], [iteration, 'paused'])
    await press(page, 'One round')
    await reaches(page, Number(iteration) + 1)
    assert.equal((await marks(page)).loss, lossInNode(presets.hello.config, Number(iteration) + 1))
  })

  test(`${name} stops after three ends within a minute, and goes on when told to`, async (t) => {
    const page = await open(t)
    await reaches(page, 20)
    await page.evaluate(() => { Reflect.set(window, 'broken', true) })
    await end(page, 'terminate')
    const told = await says(page, 'three times within a minute')
    assert.match(told, /it is broken|script/)
    assert.match(told, /Go on from round \d+/)
    assert.equal((await marks(page)).training, 'paused')
    const [goOn, round] = /Go on from round (\d+)/.exec(told) ?? ['', '']
    assert.ok(Number(round) > 0)
    await press(page, 'Train')
    await page.waitFor(async () => { // until it tries no more
      const { workers } = /** @type {{ workers: Worker[] }} */ (/** @type {unknown} */ (window))
      const begun = workers.length
      await new Promise((next) => setTimeout(next, 1000))
      return workers.length === begun
    })
    await says(page, 'three times within a minute') // still
    assert.equal((await marks(page)).training, 'paused')
    await page.evaluate(() => { Reflect.set(window, 'broken', false) })
    await press(page, goOn)
    await trainsOn(page, presets.hello.config, Number(round))
  })

  for (const how of /** @type {('terminate' | 'hangs')[]} */ (name === 'chromium' ? ['terminate', 'hangs'] : ['terminate'])) {
    test(`${name} says so when the worker of the network beside it ${how === 'hangs' ? how : 'goes'}, and trains on; it can be begun again`, async (t) => {
      const page = await open(t)
      await reaches(page, 20)
      await complete(page)
      await page.type('.knobs input[aria-label^="speed"]', 'full')
      await page.press('Enter')
      await reaches(page, 1_000_000) // which take the other one a while
      await lookInside(page, 'gradients')
      await press(page, 'Train an LSTM beside it')
      await page.waitFor(() => /** @type {{ workers: Worker[] }} */ (/** @type {unknown} */ (window)).workers.length === 2)
      await page.waitFor(() => /The LSTM has learned/.test(document.querySelector('#panel-gradients')?.textContent ?? ''))
      await new Promise((next) => setTimeout(next, 1500)) // until its pace is known; if the computer is too busy for that, a minute is waited
      await end(page, how)
      await page.waitFor(() => document.querySelector('#panel-gradients')?.textContent?.includes('The LSTM cannot be had'), { timeout: 90_000 })
      const { iteration } = await marks(page)
      await reaches(page, Number(iteration) + 3)
      assert.equal(await page.evaluate(() => document.querySelector('.notice')?.textContent), '')
      await press(page, 'Train an LSTM beside it')
      await page.waitFor(() => /The LSTM (has learned|keeps|gets)|LSTM/.test(document.querySelector('#panel-gradients')?.textContent ?? '') && !document.querySelector('#panel-gradients')?.textContent?.includes('cannot be had'))
    })
  }
}, { prelude: PRELUDE })
