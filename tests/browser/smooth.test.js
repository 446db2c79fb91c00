/**
 * How smoothly the page runs while it trains, in Chromium: frame times, long tasks, and how soon a pause is heard. What was
 * measured is told; what is asserted no busy machine breaks, only a page that stands still.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { serve } from '../../web/serve.js'
import { launch } from './drive.js'
import { TEXTS, openPreset } from './learned.js'
import { reaches, setNumber } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

const TIME = 3000 // ms of training that are watched
const [FRAME, PAUSE] = [250, 1000] // ms, of a median frame and until a pause is heard: far more than there should be

const browser = await launch('chromium')
const site = await serve('build/site', { port: 0 })
after(async () => {
  await browser.close()
  await site.close()
})

/** Frame times and long tasks for a time. @param {Page} page @param {number} time  ms */
const watch = (page, time) => page.evaluate(async (time) => {
  /** @type {number[]} */
  const tasks = []
  const observer = new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) tasks.push(Math.round(duration)) })
  observer.observe({ type: 'longtask' })
  /** @type {number[]} */
  const frames = []
  const from = Number(document.documentElement.dataset.iteration)
  const end = performance.now() + time
  for (let last = await new Promise(requestAnimationFrame); last < end;) {
    const now = await new Promise(requestAnimationFrame)
    frames.push(now - last)
    last = now
  }
  observer.disconnect()
  frames.sort((a, b) => a - b)
  const at = (/** @type {number} */ share) => Number(frames[Math.min(frames.length - 1, Math.floor(share * frames.length))].toFixed(1))
  return { frames: frames.length, median: at(0.5), slow: at(0.99), most: at(1), tasks, rounds: Number(document.documentElement.dataset.iteration) - from }
}, time)

/** Clicks on pause; answers the time until the page says so, and until no more rounds come, in ms. @param {Page} page */
const pause = (page) => page.evaluate(async () => {
  const marks = document.documentElement.dataset
  const began = performance.now()
  let last = { iteration: marks.iteration, at: began }
  const button = /** @type {HTMLButtonElement} */ (document.querySelector('.play'))
  button.click()
  await new Promise((next) => setTimeout(next))
  const said = marks.training === 'paused' ? performance.now() - began : NaN
  while (performance.now() - last.at < 800) {
    await new Promise((next) => setTimeout(next, 2))
    if (marks.iteration !== last.iteration) last = { iteration: marks.iteration, at: performance.now() }
  }
  return { said: Number(said.toFixed(1)), still: Number((last.at - began).toFixed(1)) }
})

for (const [name, preset, speed] of [['hello sweeps', 'hello', '2/s'], ...TEXTS.map(({ name }) => [`${name} trains`, name, 'full'])]) {
  test(`the page runs smoothly while ${name}, and hears a pause at once`, async (t) => {
    const page = await browser.open(site.url)
    t.after(() => page.close())
    await openPreset(page, preset)
    await setNumber(page, '.knobs input', speed)
    await reaches(page, 3)
    const { frames, median, slow, most, tasks, rounds } = await watch(page, TIME)
    t.diagnostic(`${name}: ${rounds} rounds in ${frames} frames of ${median} ms (median), ${slow} ms (99 %), ${most} ms (longest); ${tasks.length} tasks over 50 ms${tasks.length ? `: ${tasks.join(', ')} ms` : ''}`)
    const { said, still } = await pause(page)
    t.diagnostic(`${name}: the page says that it is paused after ${said} ms; the last round came after ${still} ms`)
    const rest = await watch(page, TIME / 3)
    t.diagnostic(`at rest, on this machine as busy as it is: frames of ${rest.median} ms (median), ${rest.slow} ms (99 %), ${rest.most} ms (longest); ${rest.tasks.length} tasks over 50 ms`)
    assert.ok(rounds > 0, 'it does not train')
    assert.ok(median < FRAME, `a median frame takes ${median} ms`)
    assert.ok(said < PAUSE, `a pause is heard after ${said} ms`)
    assert.deepEqual(await page.errors(), [])
  })
}
