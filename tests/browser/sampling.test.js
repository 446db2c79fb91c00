/** The rules of sampling that are set on the page are those by which it writes, and a link has them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVocabulary } from '../../build/unroll/unroll.js'
import { presets } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { inNode } from './in-node.js'
import { complete, lookInside, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

const ROUNDS = 12
const PANEL = '#panel-sampling'

/** What hello's network writes under Node. @param {import('../../build/unroll/types/writing.js').Sampling} rules */
function writtenInNode(rules) {
  const vocabulary = createVocabulary('hello')
  const model = inNode(presets.hello.config, ROUNDS)
  const { symbols } = model.generate({ prompt: vocabulary.encode('h').symbols, length: 4, seed: 1, ...rules })
  model.dispose()
  return vocabulary.decode(symbols)
}

/** @param {Page} page */
const written = (page) => page.evaluate(() => [...document.querySelectorAll('.written .tile:not(.given)')].map((node) => node.textContent?.trim().slice(0, 1)).join(''))

/** @param {Page} page @param {string} label @param {string} value */
async function set(page, label, value) {
  await page.type(`${PANEL} .words input[aria-label="${label}"]`, value)
  await page.press('Enter')
}

inEachBrowser(({ name, open, url }) => {
  test(`${name} writes by the rules that are set, shows what they leave, and shares them`, async (t) => {
    const page = await open(t, { reducedMotion: true })
    await complete(page)
    for (let round = 1; round <= ROUNDS; round++) {
      await press(page, 'One round')
      await reaches(page, round)
    }
    await lookInside(page, 'sampling')
    await set(page, 'temperature', '2')
    for (const [label, value, rules] of /** @type {const} */ ([['top-k', '2', { topK: 2 }], ['min-p', '90', { topK: 2, minP: 0.9 }]])) {
      await set(page, label, value)
      const wanted = writtenInNode({ temperature: 2, ...rules })
      await page.waitFor((wanted) => [...document.querySelectorAll('.written .tile')].map((node) => node.textContent?.trim().slice(0, 1)).join('').endsWith(wanted), {}, wanted)
    }
    await page.waitFor(() => document.querySelectorAll('#panel-sampling .bet-outline.out').length >= 2)
    const address = await page.waitFor(() => location.hash.includes('sample=2::2::0.9') && location.href)
    const other = await open(t, { url: String(address).replace(/^[^#]*/, url), reducedMotion: true })
    await complete(other)
    await lookInside(other, 'sampling')
    await other.waitFor(() => /** @type {HTMLInputElement} */ (document.querySelector('#panel-sampling input[aria-label="top-k"]')).value === '2')
    await press(page, 'Leave nothing out')
    await page.waitFor(() => document.querySelectorAll('#panel-sampling .bet-outline.out').length === 0)
    assert.ok(await written(page))
    assert.deepEqual([...await page.errors(), ...await other.errors()], [])
  })
})
