/** The loss curve is the scrub bar over training. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVocabulary, loadEngine } from '../../build/unroll/unroll.js'
import { presets } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { choose, complete, marks, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

const engine = await loadEngine()
const { config, sample } = presets.hello

/** hello after so many rounds, under Node. @param {number} rounds */
function inNode(rounds) {
  const vocabulary = createVocabulary('hello')
  const model = engine.createModel({ ...config, vocabulary: vocabulary.size })
  model.setText(vocabulary.encode('hello').symbols)
  const losses = Array.from({ length: rounds }, () => String(model.train().loss))
  const { prompt, ...options } = sample
  const { symbols } = model.generate({ ...options, prompt: vocabulary.encode(prompt).symbols, seed: 1 })
  const states = model.trace({ batch: 1, steps: 4, inputs: Int32Array.of(0, 1, 2, 2), targets: Int32Array.of(1, 2, 2, 3), fresh: true }).get('h_l0').data
  model.dispose()
  return { losses, writes: vocabulary.decode(symbols), states: [...states].map((value) => value.toFixed(2).replace('-', '\u2212')) }
}

/** What the score, the sample and the figures show, the colours of the weights included. @param {Page} page @returns {Promise<string>} */
const shown = (page) => page.evaluate(() => {
  const fills = [...document.querySelectorAll('#score rect, #writes .tile')].map((node) => /** @type {SVGElement} */ (node).style.cssText)
  const texts = [...document.querySelectorAll('#score text, #writes .tile, #writes .bet, .figures > div')].map((node) => node.textContent ?? '')
  return [...fills, ...texts.filter((text) => !text.startsWith('letters/s'))].join('\n')
})

/** @param {Page} page */
const lossesSeen = (page) => page.evaluate(() => {
  const { iteration = '', loss } = document.documentElement.dataset
  return [iteration, loss]
})

/** @param {Page} page @param {number} round */
const at = (page, round) => page.waitFor(async (round) => {
  await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))
  return document.documentElement.dataset.iteration === String(round)
}, {}, round)

/** Where the handle of a round is. @param {Page} page @param {number} round @returns {Promise<[number, number]>} */
const handleAt = (page, round) => page.evaluate((round) => {
  const handle = /** @type {HTMLInputElement} */ (document.querySelector('.curve-box input'))
  const { left, top, width, height } = handle.getBoundingClientRect()
  return [left + 6 + (width - 12) * round / Number(handle.max), top + height / 2]
}, round)

inEachBrowser(({ name, open }) => {
  test(`${name} goes back to any round of hello, and on from there as before`, async (t) => {
    const page = await open(t, { reducedMotion: true })
    await complete(page)
    const node = inNode(12)
    const { losses } = inNode(60)
    for (let round = 1; round <= 12; round++) {
      await press(page, 'One round')
      await at(page, round)
    }
    const before = await shown(page)
    for (const state of node.states) assert.ok(before.includes(state), `${state} is not on the page`)
    for (let round = 13; round <= 50; round++) {
      await press(page, 'One round')
      await reaches(page, round)
    }
    assert.ok(before !== await shown(page))

    await page.drag(await handleAt(page, 50), await handleAt(page, 31), await handleAt(page, 20), await handleAt(page, 12))
    await at(page, 12)
    assert.deepEqual(await lossesSeen(page), ['12', losses[11]])
    assert.equal((await marks(page)).writes, node.writes)
    assert.equal(await shown(page), before, 'the page does not look as it did')
    assert.equal((await marks(page)).training, 'paused')

    // What was learned later is still there, until there is more training.
    for (const [key, round] of /** @type {const} */ ([['ArrowRight', 13], ['End', 50], ['ArrowLeft', 49], ['Home', 0], ['PageUp', 10], ['ArrowUp', 11]])) {
      await page.press(key)
      await at(page, round)
      assert.equal((await marks(page)).loss, round ? losses[round - 1] : '', key)
    }
    for (let round = 12; round <= 20; round++) {
      await press(page, 'One round')
      await at(page, round)
      assert.equal((await marks(page)).loss, losses[round - 1], `round ${round}, the second time`)
    }
    await page.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('.curve-box input')).focus())
    await page.press('End')
    await at(page, 20)
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} goes back to a copy of a large network, marked by a tick`, async (t) => {
    const page = await open(t, { reducedMotion: true })
    await page.waitFor(() => document.documentElement.dataset.ready)
    await choose(page, '#preset', 'moby-dick')
    await page.waitFor(() => document.documentElement.dataset.drawing === 'folded', { timeout: 60_000 })
    await press(page, 'Train')
    await reaches(page, 60)
    await page.waitFor(() => (document.querySelector('.loss .copies')?.getAttribute('d')?.match(/M/g)?.length ?? 0) >= 2)
    await press(page, 'Pause training')
    await page.waitFor(() => document.documentElement.dataset.training === 'paused')
    const handle = '.curve-box input'
    await page.evaluate((handle) => /** @type {HTMLElement} */ (document.querySelector(handle)).focus(), handle)
    // What was under way at the pause may still come, and with it another round and another copy.
    const goes = (/** @type {boolean} */ back) => page.waitFor(([handle, back]) => {
      const [now, last] = (document.querySelector(handle)?.getAttribute('aria-valuetext')?.match(/[\d,]+/g) ?? []).map((number) => Number(number.replaceAll(',', '')))
      return Number(document.documentElement.dataset.iteration) === now && (back ? now < last : now === last && last >= 60)
    }, {}, /** @type {[string, boolean]} */ ([handle, back]))
    await page.press('ArrowLeft')
    await goes(true)
    await page.press('Home')
    await at(page, 0)
    await page.press('End')
    await goes(false)
    assert.deepEqual(await page.errors(), [])
  })
})
