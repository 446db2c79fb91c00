/** Numbers of the score held by hand, in three browsers: dragged or moved by keys, and what follows from them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { createVocabulary, loadEngine } from '../../build/unroll/unroll.js'
import { presets } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { choose, closed, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */
/** @typedef {import('../../build/unroll/types/model.js').Hold} Hold */

const engine = await loadEngine()

/** What the score shows, as the page writes it: states, scores and bets of each step. */
/** @typedef {{ states: string[], scores: string[], bets: string[] }} Shown */

/** @param {Page} page @returns {Promise<Shown>} */
const shown = (page) => page.evaluate(() => {
  const texts = (/** @type {string} */ name) => [0, 1, 2, 3].flatMap((step) => [...document.querySelectorAll(`[data-spot^="${name} 0 ${step} "]`)].map((node) => node.querySelector('text')?.textContent ?? ''))
  return { states: texts('h'), scores: texts('logits'), bets: texts('p') }
})

const fixed = (/** @type {number} */ v, /** @type {number} */ digits) => (v < 0 && Number(v.toFixed(digits)) !== 0 ? '\u2212' : '') + Math.abs(v).toFixed(digits)

/** The same from Node's engine. @param {number} rounds @param {readonly Hold[]} hold @returns {Shown} */
function expected(rounds, hold) {
  const vocabulary = createVocabulary('hello')
  const model = engine.createModel({ ...presets.hello.config, vocabulary: vocabulary.size })
  const symbols = vocabulary.encode('hello').symbols
  model.setText(symbols)
  if (rounds) model.train(rounds)
  const trace = model.trace({ batch: 1, steps: 4, inputs: symbols.subarray(0, 4), targets: symbols.subarray(1), fresh: true }, { hold })
  const told = (/** @type {string} */ name, /** @type {number} */ digits) => Array.from(trace.get(name).data, (v) => fixed(v, digits))
  const percent = (/** @type {number} */ p) => (p > 0.995 && p < 1 ? '99' : String(Math.round(p * 100)))
  const made = { states: told('h_l0', 2), scores: told('logits', 1), bets: Array.from(trace.get('p').data, percent) }
  model.dispose()
  return made
}

/** Waits until the score shows this. @param {Page} page @param {Shown} wanted */
async function shows(page, wanted) {
  for (let tries = 0; ; tries++) {
    const now = await shown(page)
    if (isDeepStrictEqual(now, wanted)) return
    if (tries > 60) assert.deepEqual(now, wanted)
    await new Promise((next) => setTimeout(next, 50))
  }
}

/** What the reading line says of it, as it is seen. @param {Page} page */
const told = (page) => page.evaluate(() => {
  const line = /** @type {HTMLElement | null} */ (document.querySelector('#reading .holding'))
  return line && line.offsetParent ? line.innerText.replace(/\s+/g, ' ') : ''
})

/** Waits until it says this. @param {Page} page @param {RegExp} pattern */
async function says(page, pattern) {
  for (let tries = 0; !pattern.test(await told(page)); tries++) {
    if (tries > 60) assert.match(await told(page), pattern)
    await new Promise((next) => setTimeout(next, 50))
  }
}

/** Which numbers are marked. @param {Page} page */
const marked = (page) => page.evaluate(() => [...document.querySelectorAll('.spot.held')].map((node) => `${node.getAttribute('data-spot')} ${getComputedStyle(/** @type {Element} */ (node.querySelector('.pin'))).display}`))

/** @param {Page} page @param {string} spot @returns {Promise<[number, number]>} */
const middleOf = (page, spot) => page.evaluate((spot) => {
  const { x, y, width, height } = /** @type {Element} */ (document.querySelector(`[data-spot="${spot}"] > :is(.cell, .jamb)`)).getBoundingClientRect()
  return /** @type {[number, number]} */ ([x + width / 2, y + height / 2])
}, spot)

/** @param {Page} page @param {string} spot @param {number} distance */
async function dragNumber(page, spot, distance) {
  const [x, y] = await middleOf(page, spot)
  await page.drag([x, y], [x + distance / 2, y], [x + distance, y])
}

/** @param {Page} page @param {string} spot */
const focus = (page, spot) => page.evaluate((spot) => /** @type {SVGElement} */ (document.querySelector(`[data-spot="${spot}"]`)).focus(), spot)

/** Paused before the first round, where Node is too. @param {Page} page */
async function begin(page) {
  await reaches(page, 1)
  await page.waitFor(() => document.querySelector('[data-spot="h 0 1 0"] .grip') !== null)
  await press(page, 'Pause training')
  await press(page, 'Reset to the same first weights')
  await page.waitFor(() => document.documentElement.dataset.iteration === '0')
  await shows(page, expected(0, []))
}

inEachBrowser(({ name, open }) => {
  test(`${name} drags a state, shows at once all that follows, as Node computes it, and lets go without a trace`, async (t) => {
    const page = await open(t)
    await begin(page)
    const free = await shown(page)
    const natural = Number(free.states[4].replace('\u2212', '-'))
    await dragNumber(page, 'h 0 1 1', natural > 0 ? -160 : 160)
    const value = await page.waitFor((natural) => {
      const text = document.querySelector('[data-spot="h 0 1 1"].held') && document.querySelector('.holding .chip')?.textContent
      const value = Number(text?.replace('\u2212', '-'))
      return Math.abs(value - natural) > 0.75 && { value }
    }, {}, natural)
    assert.ok(value)
    const held = expected(0, [{ step: 1, unit: 1, state: 'h', value: value.value }])
    await shows(page, held)
    assert.deepEqual(held.states.slice(0, 3), free.states.slice(0, 3))
    for (const step of [2, 3]) assert.notDeepEqual(held.states.slice(3 * step, 3 * step + 3), free.states.slice(3 * step, 3 * step + 3), `step ${step} changes`)
    assert.deepEqual(await marked(page), ['h 0 1 1 inline'])
    await press(page, 'let go')
    await shows(page, free)
    assert.deepEqual([await marked(page), await told(page)], [[], ''])
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} holds several numbers by keys while it trains, which learns as if none were held`, async (t) => {
    const page = await open(t)
    await begin(page)
    await focus(page, 'h 0 1 2')
    for (let i = 0; i < 25; i++) await page.press('+')
    await focus(page, 'h 0 2 0')
    for (let i = 0; i < 25; i++) await page.press('-')
    /** @type {Hold[]} */
    const hold = [{ step: 1, unit: 2, state: 'h', value: 1 }, { step: 2, unit: 0, state: 'h', value: -1 }]
    await shows(page, expected(0, hold))
    await says(page, /You hold what neuron 1 remembers at the first l at −1\.00: all that comes after starts from that\. .*loss of these letters is \d\.\d+ with it/)
    await press(page, 'One round')
    await reaches(page, 1)
    await press(page, 'One round')
    await reaches(page, 2)
    await shows(page, expected(2, hold))
    // What is held says so, and what follows is the sum of its terms.
    await focus(page, 'h 0 1 2')
    await page.press('Enter')
    const equation = () => page.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('.equation:not([hidden])'))?.innerText.replace(/\s+/g, ' ') ?? '')
    await page.waitFor(() => document.querySelector('.equation:not([hidden]) .words') !== null && document.querySelector('.equation input') !== null)
    assert.match(await equation(), /held by hand.*by itself/)
    await page.type('.equation input', '0.25')
    await page.press('Enter')
    await shows(page, expected(2, [hold[1], { ...hold[0], value: 0.25 }]))
    await press(page, 'unpin')
    await page.waitFor(() => document.querySelector('.equation input') === null || document.querySelector('.equation')?.hasAttribute('hidden'))
    await focus(page, 'h 0 2 0')
    await page.press('Escape')
    await shows(page, expected(2, [{ ...hold[0], value: 0.25 }]))
    await focus(page, 'h 0 1 2')
    await page.press('Delete')
    await shows(page, expected(2, []))
    // A new network holds nothing.
    await page.press('+')
    await page.waitFor(() => document.querySelector('.spot.held') !== null)
    await press(page, 'Reset to the same first weights')
    await page.waitFor(() => document.documentElement.dataset.iteration === '0' && !document.querySelector('.spot.held'))
    await shows(page, expected(0, []))
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} shuts a gate by hand, says in words what that does, and lets go of all`, async (t) => {
    const page = await open(t, { width: 390, height: 844 })
    await reaches(page, 1)
    await press(page, 'Settings')
    await page.waitFor(() => document.querySelector('#field-cell') !== null)
    await choose(page, '#field-cell', 'lstm')
    await press(page, 'Make this network')
    await closed(page)
    await page.waitFor(() => document.querySelector('[data-spot="f 0 3 0"] .grip') !== null)
    await reaches(page, 3)
    await page.evaluate(() => document.querySelector('#score')?.scrollIntoView())
    await dragNumber(page, 'f 0 3 0', -220)
    await page.waitFor(() => document.querySelector('[data-spot="f 0 3 0"].held') !== null)
    await page.evaluate(() => document.querySelector('h1')?.scrollIntoView())
    await says(page, /You hold the keep gate of neuron 1 shut at the second l: what it knew is gone from there on\./)
    await focus(page, 'i 0 1 2')
    for (let i = 0; i < 12; i++) await page.press('+')
    await says(page, /You hold the write gate of neuron 3 open at e: all that it proposes is written\./)
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 390))
    await press(page, 'let go of all')
    await page.waitFor(() => !document.querySelector('.spot.held'))
    await says(page, /^$/)
    // minLSTM keeps and writes as its gates are to each other; what is shut in minGRU keeps.
    for (const [cell, gate, sentence] of /** @type {[string, string, RegExp][]} */ ([
      ['minlstm', 'f', /You hold the keep gate of neuron 1 shut at the second l: what it knew is gone/],
      ['mingru', 'z', /You hold the rewrite gate of neuron 1 shut at the second l: it keeps what it knew/],
    ])) {
      await press(page, 'Settings')
      await choose(page, '#field-cell', cell)
      await press(page, 'Make this network')
      await closed(page)
      await page.waitFor((cell) => document.documentElement.dataset.drawing === cell, {}, cell)
      await page.waitFor((gate) => document.querySelector(`[data-spot="${gate} 0 3 0"] .grip`) !== null, {}, gate)
      await reaches(page, 3)
      await focus(page, `${gate} 0 3 0`)
      for (let i = 0; i < 12; i++) await page.press('-')
      await says(page, sentence)
      await press(page, 'let go')
    }
    assert.deepEqual(await page.errors(), [])
  })
})
