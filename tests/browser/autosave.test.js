/** A run outlives its page, and what is left can be had again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { learn, tasks } from '../../build/unroll/tasks.js'
import { presets } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { engine, lossInNode } from './in-node.js'
import { choose, closed, complete, learnTable, marks, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

const CONFIG = { ...presets.hello.config, cell: 'gru' }
const LATEST = 12_000 // ms: a copy every 10 s, and the time it takes

/** Browsers that keep nothing, that are full, or that keep the run of another tab, as the address asks for. */
const PRELUDE = `<script>{
  const keeps = new URLSearchParams(location.search).get('keeps')
  if (keeps === 'nothing') Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('not here', 'SecurityError') } })
  if (keeps === 'full') {
    const { put } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = function (...values) {
      const request = put.apply(this, values)
      if (this.name === 'slots') {
        Object.defineProperty(this.transaction, 'error', { value: new DOMException('there is no room', 'QuotaExceededError') })
        this.transaction.abort()
      }
      return request
    }
  }
  if (keeps === 'elsewhere') navigator.locks.request('unroll-autosave', () => new Promise(() => {}))
}</script>`

/** Starts a run of one's own. @param {Page} page */
async function gated(page) {
  await reaches(page, 1)
  await press(page, 'Settings')
  await choose(page, '#field-cell', 'gru')
  await press(page, 'Make this network')
  await closed(page)
  await page.waitFor(() => document.documentElement.dataset.drawing === 'gru')
}

/** What the notice line offers. @param {Page} page */
const offer = (page) => page.waitFor(() => document.querySelector('.notice .button')?.textContent)

/** Goes on with what is offered, one round, as Node does. @param {Page} page @param {number} least  rounds @param {{ drawing: string, lossAt: (round: number) => string }} run */
async function goesOn(page, least, { drawing, lossAt } = { drawing: 'gru', lossAt: (round) => lossInNode(CONFIG, round) }) {
  await page.click('.notice .button')
  await page.waitFor((drawing) => document.documentElement.dataset.drawing === drawing, {}, drawing)
  await reaches(page, least)
  await page.waitFor(() => [...document.querySelectorAll('button')].some((node) => /^(Pause training|Train)$/.test(node.getAttribute('aria-label') ?? '') && !node.disabled))
  if ((await marks(page)).training === 'running') await press(page, 'Pause training')
  await page.waitFor(() => document.documentElement.dataset.training === 'paused')
  await press(page, 'One round')
  await reaches(page, least + 1)
  const { iteration, loss } = await marks(page)
  assert.equal(loss, lossAt(Number(iteration)), `the loss of round ${iteration}`)
}

inEachBrowser(({ name, open, url }) => {
  test(`${name} goes on after a reload with what was trained until 10 s before, also when the last copy is damaged`, async (t) => {
    const page = await open(t)
    await gated(page)
    const stale = (await marks(page)).saved ?? '' // of what the page began with
    const first = Number(await page.waitFor((stale) => document.documentElement.dataset.saved !== stale && document.documentElement.dataset.saved, { timeout: 3 * LATEST }, stale))
    const second = Number(await page.waitFor((first) => {
      const { saved } = document.documentElement.dataset
      return saved !== String(first) && saved
    }, { timeout: 3 * LATEST }, first))
    assert.ok(second > first)
    await page.goto(url)
    const offered = Number((await offer(page))?.replace(/\D/g, ''))
    assert.ok(offered >= second, `${offered} is offered, ${second} was kept`)
    await goesOn(page, offered)

    await page.goto(url)
    const again = Number((await offer(page))?.replace(/\D/g, ''))
    await page.evaluate(async () => {
      const opening = indexedDB.open('unroll', 1)
      await new Promise((done) => { opening.onsuccess = done })
      const store = opening.result.transaction('slots', 'readwrite').objectStore('slots')
      const found = ['a', 'b'].map((slot) => store.get(slot))
      await new Promise((done) => { found[1].onsuccess = done })
      const latest = found[0].result.when > found[1].result.when ? 0 : 1
      const slot = found[latest].result
      slot.bytes[slot.bytes.length - 9] ^= 1
      const put = store.put(slot, ['a', 'b'][latest])
      await new Promise((done) => { put.onsuccess = done })
      opening.result.close()
    })
    await page.goto(url)
    const before = Number((await offer(page))?.replace(/\D/g, ''))
    assert.ok(before <= again && before > 0, `${before} is offered instead of ${again}`)
    await goesOn(page, before)
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} brings back a run that was left, number for number`, async (t) => {
    const page = await open(t)
    await gated(page)
    await new Promise((next) => setTimeout(next, LATEST))
    const round = Number((await marks(page)).iteration)
    await press(page, 'Reset to the same first weights')
    await page.waitFor(() => document.documentElement.dataset.iteration === '0')
    assert.equal(await offer(page), 'Undo')
    await goesOn(page, round)
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} goes on after a reload with a task, on a table of one's own, number for number`, async (t) => {
    const table = `word,kind\n${Array.from({ length: 40 }, (_, i) => `${'abcdefgh'[i % 8]}${'klmnp'[i % 5]}${i % 2 ? 'o,dark' : 'e,bright'}`).join('\n')}\n`
    const page = await open(t)
    await complete(page)
    await choose(page, '#preset', 'names')
    await page.waitFor(() => document.querySelector('.answering') !== null)
    await learnTable(page, 'rhymes.csv', table)
    await page.waitFor(() => document.querySelector('.answers')?.textContent?.includes('bright'))
    const stale = (await marks(page)).saved ?? ''
    const kept = Number(await page.waitFor((stale) => document.documentElement.dataset.saved !== stale && document.documentElement.dataset.saved, { timeout: 3 * LATEST }, stale))
    await page.goto(url)
    const offered = Number((await offer(page))?.replace(/\D/g, ''))
    assert.ok(offered >= kept, `${offered} is offered, ${kept} was kept`)
    assert.match(await page.evaluate(() => document.querySelector('.notice')?.textContent ?? ''), /Last time you left “First names: rhymes” at round/)
    await goesOn(page, offered, {
      drawing: 'folded',
      lossAt(round) {
        const learning = learn(engine, tasks.names.from?.(table) ?? '')
        let loss = NaN
        for (let i = 0; i < round; i++) ({ loss } = learning.step())
        learning.model.dispose()
        return String(loss)
      },
    })
    assert.deepEqual(await page.errors(), [])
  })

  // The page plays a browser that refuses, so one of them will do.
  for (const [keeps, words] of name === 'chromium' ? [['nothing', 'keeps nothing of this page'], ['full', 'no room left']] : []) {
    test(`${name} says once that a run will not be kept where the browser ${keeps === 'full' ? 'has no room' : 'keeps nothing'}, and how to keep it`, async (t) => {
      const page = await open(t, { url: `${url}?keeps=${keeps}` })
      await reaches(page, 1)
      await new Promise((next) => setTimeout(next, 3000))
      assert.equal(await page.evaluate(() => document.querySelector('.notice')?.textContent), '', 'nothing is said of what nobody began')
      await gated(page)
      const says = (/** @type {string} */ words) => page.waitFor((words) => document.querySelector('.notice')?.textContent?.includes(words), { timeout: 2 * LATEST }, words)
      await says(words)
      assert.equal(await offer(page), 'Save the network')
      const saved = page.evaluate(() => new Promise((resolve) => {
        URL.createObjectURL = (blob) => (resolve(/** @type {Blob} */ (blob).size), '#transport')
      }))
      await page.click('.notice .button')
      assert.ok(Number(await saved) > 500)
      await press(page, 'dismiss')
      const { iteration } = await marks(page)
      await new Promise((next) => setTimeout(next, LATEST))
      await reaches(page, Number(iteration) + 10)
      assert.equal(await page.evaluate(() => document.querySelector('.notice')?.textContent), '', 'it is said once')
      assert.deepEqual(await page.errors(), [])
    })
  }

  test(`${name} says in a second tab that the first keeps its run`, async (t) => {
    const page = await open(t, { url: `${url}?keeps=elsewhere` })
    await gated(page)
    await page.waitFor(() => document.querySelector('.notice')?.textContent?.includes('Another tab keeps its run'), { timeout: 2 * LATEST })
  })
}, { prelude: PRELUDE, together: true })
