/** A page that nobody sees goes on training, and tells in its title how far it is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './each.js'
import { marks, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

/** What a browser does to a hidden page: no drawing, and timers once a second; where the address says so, the worker waits too. */
const PRELUDE = `<script>{
  let hidden = false
  const slow = new URLSearchParams(location.search).has('slow')
  Object.defineProperty(document, 'hidden', { get: () => hidden })
  const { requestAnimationFrame, setTimeout } = window
  let kept = []
  window.requestAnimationFrame = (draw) => hidden ? kept.push(draw) : requestAnimationFrame.call(window, draw)
  window.setTimeout = (act, delay, ...rest) => setTimeout.call(window, act, hidden ? Math.max(1000, delay ?? 0) : delay, ...rest)
  window.hide = (value) => {
    hidden = value
    if (!hidden) kept.splice(0).forEach((draw) => requestAnimationFrame.call(window, draw))
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  }
  window.Worker = class extends Worker {
    postMessage(message, ...rest) {
      if (slow && hidden && message.name === 'train') setTimeout.call(window, () => super.postMessage(message, ...rest), 20_000) // longer than it is hidden, however busy the machine
      else super.postMessage(message, ...rest)
    }
  }
}</script>`

/** @param {Page} page @param {boolean} hidden */
const hide = (page, hidden) => page.evaluate((hidden) => {
  const { hide } = /** @type {{ hide: (hidden: boolean) => void }} */ (/** @type {unknown} */ (window))
  hide(hidden)
}, hidden)

/** @param {number} ms */
const pause = (ms) => new Promise((next) => setTimeout(next, ms))

/** @param {Page} page */
const upkept = (page) => page.waitFor(() => document.querySelector('#data textarea') !== null && document.documentElement.dataset.ready)

inEachBrowser(({ name, open, url }) => {
  test(`${name} trains while it is hidden as it does otherwise, and its title tells the round`, async (t) => {
    const page = await open(t)
    await reaches(page, 20)
    await upkept(page)
    const title = await page.evaluate(() => document.title)
    await hide(page, true)
    const from = Number((await marks(page)).iteration)
    await pause(8000)
    const to = Number((await marks(page)).iteration)
    assert.ok(to - from > 8 * 8 / 2, `${to - from} rounds in 8 s, of 8 a second`)
    const shown = await page.evaluate(() => document.title)
    const [, round] = /^▶ round ([\d,]+) · Unroll$/.exec(shown) ?? assert.fail(shown)
    assert.ok(Number(round.replace(',', '')) >= to - 24, `${shown} at round ${to}`)
    await hide(page, false)
    assert.equal(await page.evaluate(() => document.title), title)
    await reaches(page, to + 2)
    assert.equal(await page.evaluate(() => document.querySelector('.notice')?.textContent), '')
    await press(page, 'Pause training')
    await hide(page, true)
    assert.equal(await page.evaluate(() => document.title), title, 'nothing goes on')
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} says on return that the browser has held it back`, async (t) => {
    const page = await open(t, { url: `${url}?slow` })
    await reaches(page, 20)
    await upkept(page)
    await page.type('.knobs input[aria-label^="speed"]', '60')
    await page.press('Enter')
    await pause(3000)
    await hide(page, true)
    await pause(8000)
    await hide(page, false)
    const told = await page.waitFor(() => document.querySelector('.notice')?.textContent ?? '').catch(async () => JSON.stringify(await marks(page)))
    const [, slow, fast] = /^While this tab was hidden.* train ([\d.]+) rounds a second instead of ([\d.]+)/.exec(told) ?? assert.fail(told)
    assert.ok(Number(slow) * 3 <= Number(fast) && Number(fast) <= 70, told)
    assert.deepEqual(await page.errors(), [])
  })
}, { browsers: ['chromium'], prelude: PRELUDE, together: true })
