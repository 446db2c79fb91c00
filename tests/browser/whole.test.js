/** The whole page, in three browsers: the looks inside every kind of cell, and all of it by keyboard. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './each.js'
import { CELLS } from './in-node.js'
import { closed, complete, marks, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

/** Settings of networks, each other than that before; hello's cell is not the first. @type {[string, Record<string, string>][]} */
const KINDS = [
  ...[...CELLS].reverse().map((cell) => /** @type {[string, Record<string, string>]} */ ([cell, { cell }])),
  ['layer-normalised', { cell: 'gru', layerNorm: 'true' }], ['two-layered, embedding', { cell: 'lstm', layerNorm: 'false', layers: '2', input: 'embedding' }],
]

/** Sets a field of Settings, which are open. @param {Page} page @param {string} field @param {string} value */
const setField = (page, field, value) => page.waitFor((field, value) => {
  const input = /** @type {HTMLInputElement | HTMLSelectElement | null} */ (document.getElementById(`field-${field}`))
  if (!input) return false
  if (input.type === 'checkbox') { if (String(/** @type {HTMLInputElement} */ (input).checked) !== value) input.click() }
  else {
    input.value = value
    for (const type of ['input', 'change']) input.dispatchEvent(new Event(type, { bubbles: true }))
  }
  return true
}, {}, field, value)

/** Goes by Tab to what is described. @param {Page} page @param {string} selector @param {string} [text] of the element */
async function tabTo(page, selector, text = '') {
  for (let presses = 0; presses < 90; presses++) {
    await page.press('Tab')
    const there = await page.evaluate((selector, text) => document.activeElement !== null && document.activeElement.matches(selector) && (document.activeElement.textContent ?? '').includes(text), selector, text)
    if (there) return
  }
  assert.fail(`Tab does not lead to ${selector} ${text}`)
}

inEachBrowser(({ name, open }) => {
  test(`${name} shows every look inside every cell, a layer-normalised and a two-layered network, and refuses in words what cannot read a text`, async (t) => {
    const page = await open(t)
    await complete(page)
    for (const [kind, settings] of KINDS) {
      await press(page, 'Settings')
      for (const [field, value] of Object.entries(settings)) await setField(page, field, value)
      await press(page, 'Make this network')
      await closed(page)
      await reaches(page, 3)
      for (const panel of await page.evaluate(() => [...document.querySelectorAll('[role="tab"]:not([hidden])')].map(({ id }) => id.slice('tab-'.length)))) {
        await page.waitFor((panel) => {
          document.getElementById(`tab-${panel}`)?.click()
          document.getElementById('inspect')?.scrollIntoView()
          const node = document.getElementById(`panel-${panel}`)
          return node !== null && !node.hidden && node.innerText.length > 80 && [...node.querySelectorAll('svg:has(> title)')].every((svg) => !svg.checkVisibility() || svg.querySelector('title')?.textContent)
        }, {}, panel)
        const wrong = await page.evaluate((panel) => /NaN|undefined|Infinity|\[object/.exec(document.getElementById(`panel-${panel}`)?.innerText ?? '')?.[0] ?? '', panel)
        assert.equal(wrong, '', `${panel} of a ${kind} network`)
      }
      assert.deepEqual(await page.errors(), [], kind)
    }
    await press(page, 'Settings')
    await setField(page, 'bidirectional', 'true')
    await press(page, 'Make this network')
    await page.waitFor(() => document.querySelector('#settings .foot')?.textContent?.includes('in one direction'))
    await reaches(page, Number((await marks(page)).iteration))
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} can be used by keyboard alone, from a text of one's own to the arithmetic of a number`, async (t) => {
    const page = await open(t)
    await reaches(page, 1)
    await complete(page)

    await tabTo(page, 'button', 'Data')
    await page.press('Enter')
    await page.waitFor(() => document.activeElement?.matches('#data textarea'))
    await page.press('End')
    for (const _ of 'hello') await page.press('Backspace')
    await page.write('banana')
    await page.waitFor(() => document.querySelector('#data .primary:enabled') !== null)
    await tabTo(page, '#data button', 'Start learning this text')
    await page.press('Enter')
    await page.waitFor(() => document.querySelector('#headline')?.textContent?.includes('banana') && document.documentElement.dataset.drawing === 'vanilla')
    await page.press('Escape')

    await tabTo(page, 'button', 'Settings')
    await page.press('Enter')
    await page.waitFor(() => document.activeElement?.closest('#settings') !== null)
    await tabTo(page, '#field-hidden')
    await page.press('ArrowUp')
    await page.waitFor(() => document.querySelector('#settings .primary:enabled') !== null)
    await tabTo(page, '#settings button', 'Make this network')
    await page.press('Enter')
    await closed(page)
    await page.waitFor(() => document.querySelector('#headline')?.textContent?.startsWith('Four neurons'))

    await tabTo(page, '.temperature [aria-label="temperature"]')
    await page.press('ArrowUp')
    await page.waitFor(() => /** @type {HTMLInputElement} */ (document.querySelector('.temperature .drag')).value === '0.65')

    await tabTo(page, '.play')
    await page.press(' ')
    await page.waitFor(() => document.documentElement.dataset.training === 'paused')
    await new Promise((next) => setTimeout(next, 500))
    const { iteration } = await marks(page)
    await tabTo(page, '[aria-label="One round"]')
    await page.press('Enter')
    await page.waitFor((next) => document.documentElement.dataset.iteration === next, {}, String(Number(iteration) + 1))

    await tabTo(page, '[data-spot]')
    const first = await page.evaluate(() => document.activeElement?.getAttribute('data-spot'))
    await page.press('ArrowRight')
    assert.notEqual(await page.evaluate(() => document.activeElement?.getAttribute('data-spot')), first)
    await page.press('Enter')
    await page.waitFor(() => document.querySelectorAll('.equation:not([hidden]) .chip').length > 0 && document.querySelector('.equation input') !== null)
    await page.press('Escape')
    await page.waitFor(() => document.querySelector('.equation')?.hasAttribute('hidden'))
    assert.deepEqual(await page.errors(), [])
  })
})
