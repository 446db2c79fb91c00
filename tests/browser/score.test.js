/** The score as something to be asked and touched, in three browsers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVocabulary } from '../../build/unroll/unroll.js'
import { presets } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { CELLS, engine } from './in-node.js'
import { choose, closed, pauseAfter, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

/** What makes numbers reachable comes when the first drawing is done. @param {Page} page */
const reachable = (page) => page.waitFor(() => document.querySelector('[data-spot][tabindex="0"]') !== null)

/** @param {Page} page @param {string} cell */
async function makeHello(page, cell) {
  if (await page.evaluate((cell) => document.documentElement.dataset.drawing === cell, cell)) return
  await press(page, 'Settings')
  await page.waitFor(() => document.querySelector('#field-cell') !== null)
  await choose(page, '#field-cell', cell)
  await press(page, 'Make this network')
  await closed(page)
  await page.waitFor((cell) => document.documentElement.dataset.drawing === cell, {}, cell)
  await page.waitFor((gate) => document.querySelector(`[data-spot^="${gate} "][tabindex="0"]`) !== null, {}, { lstm: 'o', gru: 'r', mingru: 'z', minlstm: 'i' }[cell] ?? 'h')
}

/** The focus goes to a number. @param {Page} page @param {string} spot */
const focus = (page, spot) => page.evaluate((spot) => /** @type {SVGElement} */ (document.querySelector(`[data-spot="${spot}"]`)).focus(), spot)

/** Pins a number by keyboard; again where the page was drawn anew in between, as when its width has changed. @param {Page} page @param {string} spot */
async function pin(page, spot) {
  for (let tries = 0; tries < 5; tries++) {
    await focus(page, spot)
    await page.press('Enter')
    const shown = await page.waitFor((spot) => document.querySelector('.equation:not([hidden])') !== null && document.querySelector(`[data-spot="${spot}"]`)?.getAttribute('aria-pressed') === 'true', { timeout: 3000 }, spot).catch(() => false)
    // What was shown for the focus is drawn anew for the pin, in the next frame.
    if (shown) return page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(() => next(true)))))
  }
}

/** The last number of every kind that there is at the third step. @param {Page} page @returns {Promise<string[]>} */
const kindsShown = (page) => page.evaluate(() => {
  const spots = [...document.querySelectorAll('#score [data-spot]')].map((node) => node.getAttribute('data-spot') ?? '').filter((spot) => spot.split(' ')[2] === '2')
  return [...new Map(spots.map((spot) => [spot.split(' ')[0], spot])).values()]
})

/** What the reading line shows: numbers as they are written, and the number on the score. @param {Page} page */
const equation = (page) => page.waitFor(() => {
  const root = document.querySelector('.equation:not([hidden])')
  if (!root) return null
  const asked = document.querySelector('.spot.asked > text')
  const number = (/** @type {Element} */ node) => Number((node instanceof HTMLInputElement ? node.value : node.textContent ?? '').replace('\u2212', '-').replace('e\u2212', 'e-'))
  const chips = (/** @type {Element} */ node) => [...node.querySelectorAll('.chip, input')].map(number)
  return {
    terms: [...root.querySelectorAll('.terms .term')].map(chips), result: number(/** @type {Element} */ (root.querySelector(':scope > .term .chip'))),
    signs: [...root.querySelectorAll(':scope > .sign')].map((node) => node.textContent ?? ''), what: root.querySelector('.what')?.textContent ?? '',
    shown: asked ? number(asked) : -1e9, pinned: root.querySelectorAll('input').length > 0,
    dimmed: document.querySelectorAll('.asking .spot:not(.used)').length,
  }
})

/** @param {{ terms: number[][], signs: string[] }} told */
function valueOf({ terms, signs }) {
  const total = terms.reduce((sum, factors) => sum + factors.reduce((product, factor) => product * factor, 1), 0)
  if (signs[0].includes('tanh')) return Math.tanh(total)
  if (signs[0].includes('ln')) return -Math.log(total)
  if (signs[0].includes('σ')) return 1 / (1 + Math.exp(-total))
  const share = /([\d.]+) ÷/.exec(signs[0])
  return share ? Number(share[1]) / total : total
}

inEachBrowser(({ name, open }) => {
  /** @param {import('node:test').TestContext} t @param {import('./drive.js').View} [view] */
  const openWhole = async (t, view = {}) => {
    const page = await open(t, view)
    await reaches(page, 1)
    await reachable(page)
    return page
  }

  test(`${name} shows the terms of every kind of number in every cell, which add up to the number on the score`, async (t) => {
    const page = await openWhole(t)
    for (const cell of CELLS) {
      await makeHello(page, cell)
      await pauseAfter(page, 6)
      await page.press('Tab')
      for (const direction of ['forward →', '← backward']) {
        await press(page, direction)
        const spots = await kindsShown(page)
        assert.ok(spots.length > 3, `${cell} ${direction}: ${spots}`)
        for (const spot of spots) {
          await pin(page, spot)
          const told = await equation(page)
          const tolerance = 0.0015 * told.terms.flat().reduce((sum, factor) => sum + Math.abs(factor) + 1, 1)
          assert.ok(Math.abs(valueOf(told) - told.result) <= tolerance, `${cell} ${spot} ${direction}: ${JSON.stringify(told)}`)
          assert.ok(told.terms.length > 0 && told.dimmed > 0)
          const [rounding, unit] = spot.startsWith('logits') ? [0.051, 1] : [0.0056, spot.startsWith('p') ? 100 : 1]
          if (/^(h|c|g|n|logits|p) /.test(spot)) assert.ok(Math.abs(told.result - told.shown / unit) <= rounding, `${cell} ${spot}: ${told.result}, the score has ${told.shown}`)
          await page.press('Escape')
          await page.waitFor(() => document.querySelector('.equation')?.hasAttribute('hidden'))
        }
      }
      await press(page, 'forward →')
      await press(page, 'Train')
    }
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} goes from number to number by arrows, and from kind to kind by Tab`, async (t) => {
    const page = await openWhole(t)
    await pauseAfter(page, 3)
    await press(page, 'forward →')
    await page.press('Tab')
    await focus(page, 'h 0 0 0')
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-spot') ?? '')
    for (const [key, spot] of [['ArrowDown', 'h 0 0 1'], ['ArrowRight', 'h 0 1 1'], ['ArrowUp', 'h 0 1 0'], ['ArrowUp', 'h 0 1 0'], ['Tab', 'logits 0 1 0'], ['ArrowRight', 'logits 0 1 1'], ['ArrowLeft', 'logits 0 1 0'], ['ArrowLeft', 'logits 0 0 3'], ['Tab', 'p 0 0 3']]) {
      await page.press(key)
      assert.equal(await focused(), spot, key)
    }
    await page.waitFor(() => document.querySelector('#ruler input')?.getAttribute('aria-valuetext') === 'step 1')
    await page.press('Enter')
    await press(page, 'One round')
    await reaches(page, 4)
    await new Promise((next) => setTimeout(next, 300))
    assert.ok((await equation(page)).what.startsWith('p1'), 'what is pinned stays while it learns')
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} changes the loss by a weight set by hand, as Node does`, async (t) => {
    const page = await openWhole(t)
    await pauseAfter(page, 5)
    await press(page, 'Reset to the same first weights')
    await page.waitFor(() => document.documentElement.dataset.iteration === '0')
    await page.waitFor(() => document.querySelector('[data-spot="h 0 1 0"] .cell') !== null)
    await pin(page, 'h 0 1 0')
    await equation(page)
    await page.type('.equation input', '2.5')
    await page.press('Enter')
    await page.waitFor(() => /** @type {HTMLInputElement | null} */ (document.querySelector('.equation input'))?.value === '2.500')
    await press(page, 'One round')
    await reaches(page, 1)
    const vocabulary = createVocabulary('hello')
    const model = engine.createModel({ ...presets.hello.config, vocabulary: vocabulary.size })
    model.setText(vocabulary.encode('hello').symbols)
    const weights = model.getParameter('rnn.weight_ih_l0')
    weights[1] = 2.5
    model.setParameter('rnn.weight_ih_l0', weights)
    const untouched = engine.createModel({ ...presets.hello.config, vocabulary: vocabulary.size })
    untouched.setText(vocabulary.encode('hello').symbols)
    const expected = String(model.train().loss)
    assert.notEqual(String(untouched.train().loss), expected)
    assert.equal(await page.evaluate(() => document.documentElement.dataset.loss), expected)
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} rolls every cell up into one step that goes round, and unrolls it`, async (t) => {
    const page = await openWhole(t)
    /** How many steps are seen, whether the loop is, and what the network remembers at the step. */
    const seen = () => page.evaluate(() => {
      const visible = (/** @type {Element} */ node) => getComputedStyle(node).visibility === 'visible'
      const steps = [...document.querySelectorAll('#score .step')].filter((node) => node.querySelector('[data-spot^="p "]'))
      return { steps: steps.filter(visible).length, loop: visible(/** @type {Element} */ (document.querySelector('#score .loop'))), pressed: document.querySelector('.roll')?.getAttribute('aria-pressed') }
    })
    const settles = async (/** @type {{ steps: number, loop: boolean, pressed: string }} */ expected) => {
      for (let tries = 0; ; tries++) {
        const now = await seen()
        if (now.steps === expected.steps && now.loop === expected.loop && now.pressed === expected.pressed) return
        assert.ok(tries < 100, JSON.stringify(now))
        await new Promise((next) => setTimeout(next, 50))
      }
    }
    for (const cell of CELLS) {
      await makeHello(page, cell)
      await reaches(page, 2)
      await settles({ steps: 4, loop: false, pressed: 'false' })
      await press(page, 'Rolled up')
      await settles({ steps: 1, loop: true, pressed: 'true' })
      await press(page, 'Rolled up')
      await settles({ steps: 4, loop: false, pressed: 'false' })
    }
    assert.deepEqual(await page.errors(), [])
  })
})
