/** The lesson on fading, in three browsers: its numbers are the network's own. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVocabulary, loadEngine } from '../../build/unroll/unroll.js'
import { presets } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { marks, press, reaches } from './use.js'

const engine = await loadEngine()

/** The spectral radius, and how much of a nudge arrives from each step. @param {number} rounds */
function measure(rounds) {
  const model = engine.createModel({ ...presets.hello.config, vocabulary: 4 })
  const { symbols } = createVocabulary('hello').encode('hello')
  model.setText(symbols)
  model.train(rounds)
  const measured = { radius: model.eigenvalues().radius, norms: [...model.jacobians({ inputs: symbols.subarray(0, 4) }).spectral] }
  model.dispose()
  return measured
}

/** @param {number} norm  where the figure has it */
const heightOf = (norm) => 148 - 148 / 6 * Math.log10(norm)

inEachBrowser(({ name, open }) => {
  test(`${name} tells in the lesson what the network above measures`, async (t) => {
    const page = await open(t)
    await reaches(page, 5)
    await press(page, 'Pause training')
    await page.waitFor(() => document.documentElement.dataset.training === 'paused')
    await page.waitFor(() => {
      document.querySelector('#lessons')?.scrollIntoView()
      return document.querySelectorAll('#lessons .measured').length === 4
    })
    const { radius, norms } = measure(Number((await marks(page)).iteration))
    await page.waitFor((text) => document.querySelector('#lessons .words')?.textContent?.includes(text), {}, `the spectral radius is ${radius.toFixed(2)}.`)
    const drawn = await page.evaluate(() => [...document.querySelectorAll('#lessons .measured')].map((dot) => Number(dot.getAttribute('cy'))))
    norms.reverse().forEach((norm, k) => assert.ok(Math.abs(drawn[k] - heightOf(norm)) < 1e-3, `${k}: ${drawn[k]} is not ${heightOf(norm)}`))

    // By keyboard: fewer steps, a larger radius; then the network's own.
    const outcome = () => page.evaluate(() => Number(document.querySelector('#lessons .claim b')?.textContent))
    await page.click('#lessons [aria-label="steps back"]')
    await page.press('PageDown')
    for (let i = 0; i < 6; i++) await page.press('ArrowDown')
    await page.waitFor(() => document.querySelectorAll('#lessons .figure g rect').length === 5)
    assert.equal(await outcome(), Number((0.8 ** 4).toPrecision(3)))
    await press(page, 'Use the network’s own value')
    await page.waitFor((value) => Number(document.querySelector('#lessons .claim b')?.textContent) === value, {}, Number((Number(radius.toFixed(2)) ** 4).toPrecision(3)))
    await press(page, '← backward')
    await page.waitFor(() => /to blame/.test(document.querySelector('#score')?.textContent ?? ''))
    assert.deepEqual(await page.errors(), [])
  })
})
