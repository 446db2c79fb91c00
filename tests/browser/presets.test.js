/**
 * Every preset, in three browsers: it is learned as Node learns it, better than by letter frequencies, is written, goes on
 * after a reload, and is repeated elsewhere from its link. A new preset is tested by being in the table.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './each.js'
import { lossOf, openPreset, TASKS, TEXTS } from './learned.js'
import { keptAt, marks, pauseAfter, press, reaches, setNumber } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

/** What a letter surprises by whoever knows only how frequent each is, in nats. @param {string} text */
function surpriseByFrequency(text) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  const shares = [...counts.values()].map((count) => count / text.length)
  return -shares.reduce((sum, share) => sum + share * Math.log(share), 0)
}

inEachBrowser(({ name, open, url }) => {
  /** The next round is that of Node. @param {Page} page @param {string} preset @param {number} round */
  async function goesOn(page, preset, round) {
    await press(page, 'One round')
    await reaches(page, round + 1)
    const { iteration, loss } = await marks(page)
    assert.deepEqual([iteration, loss], [String(round + 1), lossOf(preset, round + 1)])
  }

  /** Shares the run of a page that rests. @param {import('node:test').TestContext} t @param {Page} page @param {string} preset @param {number} round */
  async function repeatsElsewhere(t, page, preset, round) {
    await press(page, 'Share')
    await page.waitFor(() => document.querySelector('.notice')?.textContent?.includes('repeats this run'))
    const link = await page.evaluate(() => location.hash)
    const [, rounds, loss] = /&round=(\d+):([\d.]+):\w+$/.exec(link) ?? []
    assert.deepEqual([Number(rounds), Number(loss)], [round, Number(Number(lossOf(preset, round)).toPrecision(9))], link)

    const other = await open(t, { url: url + link })
    await other.waitFor(() => document.querySelector('.notice')?.textContent?.includes('the same numbers as when it was shared'), { timeout: 60_000 })
    const { iteration, training } = await marks(other)
    assert.deepEqual([iteration, training], [rounds, 'paused'])
    await goesOn(other, preset, round)
    assert.deepEqual(await other.errors(), [])
    // Else the first would go on in a tab behind it, which Firefox holds back.
    await other.close()
  }

  /** @param {Page} page @param {string} preset @param {number} round */
  async function outlivesItsPage(page, preset, round) {
    await keptAt(page, round)
    await page.goto(url)
    assert.equal((await page.waitFor(() => document.querySelector('.notice .button')?.textContent))?.replace(/\D/g, ''), String(round))
    await page.click('.notice .button')
    await page.waitFor((round) => document.documentElement.dataset.training === 'paused' && document.documentElement.dataset.iteration === round, { timeout: 60_000 }, String(round))
    await goesOn(page, preset, round)
  }

  for (const { name: preset, text, config, sample } of TEXTS) {
    /** Trains until it is good, and has written. @param {Page} page */
    async function learns(page) {
      await setNumber(page, '.knobs input', 'full')
      await press(page, 'Train')
      const least = config.batch === 1 ? 500 : 60 // rounds; few letters tell little
      await page.waitFor((least, most) => {
        const { iteration, loss } = document.documentElement.dataset
        return Number(iteration) >= least && loss !== '' && Number(loss) < most
      }, { timeout: 90_000 }, least, surpriseByFrequency(text))
      await page.waitFor((length) => [...document.documentElement.dataset.writes ?? ''].length >= length, {}, sample.length)
      const { writes = '' } = await marks(page)
      assert.ok([...writes].every((letter) => text.includes(letter)), writes)
    }

    test(`${name} learns ${preset} as Node does, better than by letter frequencies; its link repeats it elsewhere, and it outlives a reload`, async (t) => {
      const page = await open(t)
      await openPreset(page, preset)
      await repeatsElsewhere(t, page, preset, await pauseAfter(page, 5))
      await learns(page)
      const round = await pauseAfter(page)
      assert.equal((await marks(page)).loss, lossOf(preset, round))
      await outlivesItsPage(page, preset, round)
      assert.deepEqual(await page.errors(), [])
    })
  }

  for (const task of TASKS) {
    test(`${name} repeats a run of ${task} elsewhere from its link, and it outlives a reload`, async (t) => {
      const page = await open(t)
      await openPreset(page, task)
      const round = await pauseAfter(page, 2)
      await repeatsElsewhere(t, page, task, round)
      await outlivesItsPage(page, task, round)
      assert.deepEqual(await page.errors(), [])
    })
  }
})
