/** The looks inside, for every cell, in three browsers: what they say is what the engine finds under Node. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { createVocabulary, loadEngine } from '../../build/unroll/unroll.js'
import { presets } from '../../web/presets.js'
import { serve } from '../../web/serve.js'
import { BROWSERS, launch, WATCH } from './drive.js'
import { choose, closed, marks, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

const CELLS = ['vanilla', 'lstm', 'gru', 'mingru']
const PLACE = { batch: 1, steps: 4, inputs: [0, 1, 2, 2], targets: [1, 2, 2, 3], fresh: true }
const engine = await loadEngine()

/** The network of the page. @param {string} cell @param {number} rounds */
function inNode(cell, rounds) {
  const vocabulary = createVocabulary('hello')
  const model = engine.createModel({ ...presets.hello.config, cell, vocabulary: vocabulary.size })
  model.setText(vocabulary.encode('hello').symbols)
  if (rounds) model.train(rounds)
  return model
}

/** Opens a look inside, of a network of this cell that has stopped after some rounds; answers its rounds. @param {Page} page @param {string} panel @param {string} cell */
async function look(page, panel, cell) {
  await page.waitFor((panel) => document.getElementById(`tab-${panel}`), {}, panel)
  if (cell !== 'vanilla') {
    await press(page, 'Settings')
    await choose(page, '#field-cell', cell)
    await press(page, 'Make this network')
    await closed(page)
  }
  await page.evaluate((panel) => {
    document.getElementById(`tab-${panel}`)?.click()
    document.getElementById('inspect')?.scrollIntoView()
  }, panel)
  await reaches(page, 3)
  await press(page, 'Pause training')
  await page.waitFor(() => document.documentElement.dataset.training === 'paused')
  return Number((await marks(page)).iteration)
}

/** Waits until a look inside says something, which its paused network does after a moment. @param {Page} page @param {string} panel @param {string} words */
const says = (page, panel, words) => page.waitFor((panel, words) =>
  document.querySelector(`#panel-${panel} .words`)?.textContent?.replace(/\s+/g, ' ').includes(words), {}, panel, words)

/** @param {Page} page @param {string} selector @param {string} key */
async function key(page, selector, key) {
  await page.evaluate((selector) => /** @type {HTMLElement | SVGElement} */ (document.querySelector(selector)).focus(), selector)
  await page.press(key)
}

/** As the page writes shares. @param {number} v */
const share = (v) => `${Number((v * 100).toPrecision(2))} %`

for (const name of BROWSERS) {
  describe(name, async () => {
    const browser = await launch(name)
    const site = await serve('build/site', { port: 0, prelude: WATCH })
    after(async () => {
      await browser.close()
      await site.close()
    })

    /** Its network does not begin by itself twice: each cell in a page of its own. @param {import('node:test').TestContext} t @param {(page: Page, cell: string) => Promise<void>} run */
    async function eachCell(t, run, cells = CELLS) {
      const page = await browser.open(site.url)
      t.after(() => page.close())
      await reaches(page, 1)
      for (const cell of cells) await run(page, cell)
      assert.deepEqual(await page.errors(), [])
    }

    test(`${name} tells how much of the blame is left some letters back`, (t) => eachCell(t, async (page, cell) => {
      const rounds = await look(page, 'gradients', cell)
      const model = inNode(cell, rounds)
      const [norms] = model.gradientNorms(PLACE, { from: 'last' })
      model.dispose()
      for (const [press, lag] of /** @type {const} */ ([['End', 3], ['ArrowLeft', 2], ['Home', 1]])) {
        await key(page, '#panel-gradients .slide', press)
        const left = norms[3 - lag] / norms[3]
        await says(page, 'gradients', left > 1 ? `${left.toFixed(1)} times the blame` : left >= 0.0001 ? `still gets ${share(left)} of the blame` : 'still gets')
        assert.equal(await page.evaluate(() => document.querySelector('#panel-gradients .slide')?.getAttribute('aria-valuenow')), String(lag))
      }
      await page.waitFor(() => document.querySelectorAll('#panel-gradients tbody tr').length === 4)
    }))

    test(`${name} trains a network of the other kind beside the first, until one looks elsewhere`, async (t) => {
      const page = await browser.open(site.url)
      t.after(() => page.close())
      await reaches(page, 1)
      const rounds = await look(page, 'gradients', 'vanilla')
      await key(page, '#panel-gradients .slide', 'Home')
      await press(page, 'Train an LSTM beside it')
      const twin = inNode('lstm', rounds)
      const [norms] = twin.gradientNorms(PLACE, { from: 'last' })
      twin.dispose()
      const left = norms[2] / norms[3]
      await says(page, 'gradients', `After ${rounds} rounds, an LSTM of the same size keeps ${share(left)}`)
      await page.evaluate(() => document.getElementById('tab-spectrum')?.click())
      await page.evaluate(() => document.getElementById('tab-gradients')?.click())
      await says(page, 'gradients', 'What would a network with gates keep?')
      assert.deepEqual(await page.errors(), [])
    })
  })
}
