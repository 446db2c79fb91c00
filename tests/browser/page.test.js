/** The page, as people use it, in three browsers. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { presets } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { CELLS, lossesInNode } from './in-node.js'
import { choose, closed, complete, marks, press, reaches, setNumber } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

const folder = mkdtempSync(join(tmpdir(), 'unroll-page-'))
after(() => rmSync(folder, { recursive: true }))

/** After a reset, the first round has Node's loss, and nothing has gone wrong until then. @param {Page} page */
async function beginsAsNode(page) {
  await press(page, 'Reset to the same first weights')
  await page.waitFor(() => document.documentElement.dataset.iteration === '0')
  await press(page, 'One round')
  await reaches(page, 1)
  assert.equal((await marks(page)).loss, lossesInNode(presets.hello.config, 1)[0])
  assert.deepEqual(await page.errors(), [])
}

/** Waits until all that was asked for is drawn. @param {Page} page */
const drawn = (page) => page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(() => next(true)))))

inEachBrowser(({ name, open }) => {
  test(`${name} learns hello by itself, round for round as Node does`, async (t) => {
    const page = await open(t)
    const losses = lossesInNode(presets.hello.config, 400)
    let seen = 0
    for (let last = ''; ;) {
      const { iteration, loss, writes } = await page.waitFor((last) => {
        const { iteration, loss, writes } = document.documentElement.dataset
        return loss && iteration !== last ? { iteration: Number(iteration), loss, writes } : null
      }, {}, last)
      assert.equal(loss, losses[iteration - 1], `the loss of round ${iteration}`)
      last = String(iteration)
      seen++
      if (writes === 'ello' && Number(loss) < 0.1) break
      assert.ok(iteration < 380, `it writes ${writes} after ${iteration} rounds`)
    }
    assert.ok(seen >= 10, `only ${seen} rounds were seen`)
    // What the page says of itself is ahead of what it draws by a frame.
    for (const words of ['reads', 'remembers', 'bets', 'should say', 'all four letters right']) {
      await page.waitFor((words) => document.body.innerText.replaceAll(/\s+/g, ' ').includes(words), {}, words)
    }
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} pauses, steps and begins again with the same weights`, async (t) => {
    const page = await open(t)
    await reaches(page, 3)
    await press(page, 'Pause training')
    await page.waitFor(() => document.documentElement.dataset.training === 'paused')
    await new Promise((next) => setTimeout(next, 300))
    const paused = await marks(page)
    await new Promise((next) => setTimeout(next, 400))
    assert.equal((await marks(page)).iteration, paused.iteration)
    await press(page, 'One round')
    await reaches(page, Number(paused.iteration) + 1)
    assert.equal((await marks(page)).iteration, String(Number(paused.iteration) + 1))
    await beginsAsNode(page)
  })

  test(`${name} trains every cell, drawn number by number and folded`, async (t) => {
    const page = await open(t)
    await reaches(page, 1)
    for (const cell of [...CELLS.slice(1), CELLS[0]]) {
      await press(page, 'Settings')
      await page.waitFor(() => document.querySelector('#field-cell') !== null)
      const before = await page.evaluate(() => document.documentElement.dataset.drawing)
      await choose(page, '#field-cell', cell)
      await press(page, 'Make this network')
      await page.waitFor((cell) => document.documentElement.dataset.drawing === cell, {}, cell)
      await reaches(page, 2)
      await drawn(page)
      assert.notEqual(before, cell)
    }
    // What no drawing has a place for is folded, at once.
    await press(page, 'Settings')
    await choose(page, '#field-input', 'embedding')
    await press(page, 'Make this network')
    await closed(page)
    await page.waitFor(() => document.documentElement.dataset.drawing === 'folded' && document.querySelector('#score')?.textContent?.includes('likeliest letter'))
    await reaches(page, 2)
    assert.equal(await page.evaluate(() => document.querySelector('#field-input')?.textContent?.includes('vector')), false)
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} trains in fused arithmetic where it has it, and in strict again`, async (t) => {
    const page = await open(t)
    await reaches(page, 1)
    for (const mode of ['fused', 'strict']) {
      await press(page, 'Settings')
      const offered = await page.waitFor(() => {
        const menu = document.querySelector('#field-arithmetic')
        return menu && { hidden: menu.closest('[hidden]') !== null }
      })
      assert.equal(offered.hidden, name === 'webkit')
      if (offered.hidden) return
      await choose(page, '#field-arithmetic', mode)
      await press(page, 'Make this network')
      await closed(page)
      await reaches(page, 5)
      await press(page, 'Settings')
      await page.waitFor((mode) => {
        const menu = /** @type {HTMLSelectElement} */ (document.querySelector('#field-arithmetic'))
        return menu.closest('[open]') && menu.value === mode
      }, {}, mode)
      await press(page, 'Settings')
      await closed(page)
    }
    await beginsAsNode(page)
  })

  test(`${name} learns a text of one's own from a file, and refuses a single letter`, async (t) => {
    const page = await open(t)
    await reaches(page, 1)
    const path = join(folder, 'mine.txt')
    writeFileSync(path, 'naïve café 🌊 '.repeat(40))
    await press(page, 'Data')
    await complete(page)
    await page.setFile('#file', path)
    await press(page, 'Start learning this text')
    await page.waitFor(() => document.documentElement.dataset.drawing === 'folded')
    await reaches(page, 5)
    await page.waitFor(() => (document.documentElement.dataset.writes ?? '').length > 100)
    const { writes = '' } = await marks(page)
    assert.ok([...writes].every((letter) => 'naïve café 🌊 '.includes(letter)), writes)

    await press(page, 'Data')
    await page.evaluate(() => {
      const area = /** @type {HTMLTextAreaElement} */ (document.querySelector('textarea'))
      area.value = 'x'
      area.dispatchEvent(new Event('input', { bubbles: true }))
    })
    await page.waitFor(() => document.body.innerText.includes('add at least one more'))
    assert.equal(await page.evaluate(() => [...document.querySelectorAll('button')].find((node) => node.textContent === 'Start learning this text')?.disabled), true)
    const { iteration } = await marks(page)
    await reaches(page, Number(iteration) + 1)
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} tells thousands of rounds in groups of three digits`, async (t) => {
    const page = await open(t)
    await reaches(page, 1)
    await setNumber(page, '.knobs input[aria-label^="speed"]', 'full')
    await reaches(page, 10_000)
    await press(page, 'Pause training')
    await page.waitFor(() => {
      const told = /After (\d{1,3}(?:\u2009\d{3})+) rounds/.exec(document.querySelector('#headline')?.textContent ?? '')?.[1]
      return document.documentElement.dataset.training === 'paused' && told?.replaceAll('\u2009', '') === document.documentElement.dataset.iteration
    })
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} waits for Train where motion is to be reduced`, async (t) => {
    const page = await open(t, { reducedMotion: true })
    await page.waitFor(() => document.documentElement.dataset.ready)
    await new Promise((next) => setTimeout(next, 500))
    assert.deepEqual([(await marks(page)).iteration, (await marks(page)).training], ['0', 'paused'])
    await press(page, 'Train')
    await reaches(page, 2)
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} opens the single file by double-click, and it learns`, async (t) => {
    const page = await open(t, { url: pathToFileURL(resolve('build/unroll.html')).href })
    await reaches(page, 5)
    const { iteration, loss } = await marks(page)
    assert.equal(loss, lossesInNode(presets.hello.config, Number(iteration)).at(-1))
    await choose(page, '#preset', 'moby-dick')
    await page.waitFor(() => document.documentElement.dataset.drawing === 'folded', { timeout: 60_000 })
    await reaches(page, 2)
    assert.deepEqual(await page.errors(), [])
  })
})
