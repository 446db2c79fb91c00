/** The beam search that the page shows is the one that Node finds. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVocabulary } from '../../build/unroll/unroll.js'
import { presets } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { inNode } from './in-node.js'
import { afterRounds, openPreset } from './learned.js'
import { complete, lookInside, pauseAfter, press, reaches } from './use.js'

/** What hello's network finds after so many rounds, under Node. @param {number} rounds @param {number} width */
function found(rounds, width) {
  const vocabulary = createVocabulary('hello')
  const model = inNode(presets.hello.config, rounds)
  const { texts } = model.search({ prompt: vocabulary.encode('h').symbols, length: 4, width })
  model.dispose()
  return texts.map(({ symbols }) => vocabulary.decode(Int32Array.from(symbols)))
}

/** What the first source that is held out is translated to, under Node. @param {number} rounds @param {number} width */
function translated(rounds, width) {
  const { model, task, values, held } = afterRounds('translation', rounds)
  const { says = [] } = task.symbols?.(values) ?? {}
  const { sources = [], sourceLengths = [] } = held
  const { texts } = model.search({ source: Array.from(sources).slice(0, sourceLengths[0]), prompt: [says.indexOf('▸')], length: 4, stops: [[says.indexOf('⏎')]], width })
  model.dispose()
  return texts.map(({ symbols }) => symbols.map((symbol) => says[symbol]).join('·'))
}

inEachBrowser(({ name, open }) => {
  test(`${name} shows the texts that a beam search keeps, and what greedy writes`, async (t) => {
    const page = await open(t, { reducedMotion: true })
    await complete(page)
    for (let round = 1; round <= 5; round++) {
      await press(page, 'One round')
      await reaches(page, round)
    }
    await lookInside(page, 'beam')
    for (const width of [3, 4, 1]) {
      await page.type('#panel-beam .words input', String(width))
      await page.press('Enter')
      const wanted = found(5, width)
      await page.waitFor((wanted) => [...document.querySelectorAll('#panel-beam tbody th')].map((node) => node.textContent).join() === wanted, {}, wanted.join())
      const [greedy] = found(5, 1)
      const drawn = await page.evaluate(() => [...document.querySelectorAll('#panel-beam .sign:not(.end)')].map((node) => node.textContent).join(''))
      assert.equal(drawn.slice(-4), greedy)
      const tiles = await page.evaluate(() => document.querySelectorAll('#panel-beam svg rect').length)
      assert.equal(tiles, 4 * width + 4)
    }
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} shows what a beam search writes after a source`, async (t) => {
    const page = await open(t)
    await openPreset(page, 'translation')
    const round = await pauseAfter(page, 20)
    await lookInside(page, 'beam')
    for (const width of [3, 2]) {
      await page.type('#panel-beam .words input', String(width))
      await page.press('Enter')
      const wanted = translated(round, width)
      await page.waitFor((wanted) => [...document.querySelectorAll('#panel-beam tbody th')].map((node) => node.textContent).join() === wanted, {}, wanted.join())
    }
    assert.deepEqual(await page.errors(), [])
  })
})
