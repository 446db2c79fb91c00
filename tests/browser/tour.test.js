/** The tour, taken from its first stop to its last with the real controls, in three browsers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './each.js'
import { choose, press, reaches, takeTour } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

/** Moves a slider, or types into a yellow number. @param {Page} page @param {string} label @param {string} value */
const set = (page, label, value) => page.waitFor((label, value) => {
  const input = [...document.querySelectorAll('input')].find((node) => node.getAttribute('aria-label') === label)
  if (!input) return false
  input.focus()
  input.value = value
  input.dispatchEvent(new Event('input', { bubbles: true }))
  input.dispatchEvent(new Event('change', { bubbles: true }))
  input.blur()
  return true
}, {}, label, value)

/** What is done at each stop. @type {((page: Page) => Promise<unknown>)[]} */
const DEEDS = [
  (page) => press(page, 'Pause training'),
  (page) => set(page, 'Time step', '1'),
  (page) => set(page, 'Time step', '4'),
  (page) => press(page, '← backward'),
  (page) => press(page, 'Train'),
  (page) => set(page, 'temperature', '1.8'),
  async (page) => {
    await reaches(page, 20)
    await press(page, 'Pause training')
    await set(page, 'Round', '11')
  },
  async (page) => {
    await set(page, 'learning rate', '1.5')
    await press(page, 'Train')
  },
  async (page) => {
    await press(page, 'Settings')
    await choose(page, '#field-cell', 'gru')
    await press(page, 'Make this network')
  },
  async (page) => {
    await page.waitFor(() => { document.querySelector('#lessons')?.scrollIntoView(); return document.querySelector('#lessons .claim') !== null })
    await set(page, 'spectral radius', '0.45')
  },
]

inEachBrowser(({ name, open }) => {
  test(`${name} takes the tour to its end`, async (t) => {
    const page = await open(t)
    await reaches(page, 3)
    await takeTour(page)
    for (const [i, deed] of DEEDS.entries()) {
      await page.waitFor((place) => document.querySelector('#tour .soft')?.textContent === place, {}, `${i + 1} of ${DEEDS.length}`)
      const pointed = await page.evaluate(() => document.querySelectorAll('[data-pointed]').length)
      assert.equal(pointed, 1, `stop ${i + 1} points at ${pointed} controls`)
      await deed(page)
      await page.waitFor(() => document.querySelector('#tour')?.classList.contains('passed'), { timeout: 60_000 })
      await press(page, i + 1 < DEEDS.length ? 'Next' : 'Finish')
    }
    await page.waitFor(() => document.querySelector('#tour')?.hasAttribute('hidden') && document.querySelectorAll('[data-pointed]').length === 0)
    assert.deepEqual(await page.errors(), [])
  })
})
