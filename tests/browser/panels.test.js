/** The looks inside, in three browsers: what they say is what the engine says under Node of the same run. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVocabulary, featuresOf } from '../../build/unroll/unroll.js'
import { presets } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { CELLS, inNode, lossesInNode } from './in-node.js'
import { choose, closed, complete, marks, pauseAfter, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

const vocabulary = createVocabulary('hello')
const HELLO = vocabulary.encode('hello').symbols

/** As the page writes numbers. @param {number} value */
const fixed = (value) => (Number(value.toFixed(2)) === 0 ? Math.abs(value) : value).toFixed(2).replace('-', '\u2212')

/** @param {number} share */
const percent = (share) => String(Math.round(share * 100))

/** What the page trained, without a page. @param {string} cell @param {number} rounds */
const twin = (cell, rounds) => inNode({ ...presets.hello.config, cell }, rounds)

/** Opens a look inside, as soon as it is there. @param {Page} page @param {string} panel */
async function look(page, panel) {
  await page.waitFor((panel) => {
    const tab = document.getElementById(`tab-${panel}`)
    tab?.click()
    document.getElementById('inspect')?.scrollIntoView()
    return tab !== null
  }, {}, panel)
}

/** Makes a network of this cell and trains it a little. @param {Page} page @param {string} cell */
async function trained(page, cell) {
  if (cell !== 'vanilla') {
    await press(page, 'Settings')
    await page.waitFor(() => document.querySelector('#field-cell') !== null)
    await choose(page, '#field-cell', cell)
    await press(page, 'Make this network')
    await closed(page)
  }
  await press(page, 'Train')
  return pauseAfter(page, 5)
}

/** Waits until a text is shown somewhere in a panel. @param {Page} page @param {string} panel @param {string} text */
const shows = (page, panel, text) => page.waitFor((panel, text) => {
  const node = document.getElementById(`panel-${panel}`)
  const words = (node?.innerText ?? '').replaceAll(/[\s\u00a0]+/g, ' ')
  return words.includes(text) || [...(node?.querySelectorAll('[aria-label], button') ?? [])].some((one) => one.getAttribute('aria-label')?.includes(text) || one.textContent?.includes(text))
}, {}, panel, text).catch(async (error) => {
  const shown = await page.evaluate((panel) => document.getElementById(`panel-${panel}`)?.innerText ?? 'nothing', panel)
  throw new Error(`“${text}” is not shown, but:\n${shown}`, { cause: error })
})

/** @param {Page} page @param {string} selector */
const focus = (page, selector) => page.waitFor((selector) => {
  const node = /** @type {HTMLElement | null} */ (document.querySelector(selector))
  node?.focus()
  return node !== null && document.activeElement === node
}, {}, selector)

inEachBrowser(({ name, open, url }) => {
  for (const cell of CELLS) {
    test(`${name} tells what the neurons and gates of a ${cell} network follow`, async (t) => {
      const page = await open(t, { reducedMotion: true })
      const model = twin(cell, await trained(page, cell))
      await look(page, 'neurons')
      const told = model.correlations(HELLO, featuresOf('hello'))
      const best = told.find(({ feature }) => feature === 'positionInLine')
      assert.ok(best && best.correlation !== 0)
      await shows(page, 'neurons', `position in the line: neuron ${best.unit + 1}, r ${fixed(best.correlation)}`)
      const says = model.activations(HELLO).data
      await focus(page, '#panel-neurons .passage')
      await page.press('ArrowRight')
      await shows(page, 'neurons', `Letter 2, after “h”, e: ${fixed(says[3])}`)
      await focus(page, '#panel-neurons [aria-label="neuron"]')
      await page.press('ArrowUp')
      await shows(page, 'neurons', `Letter 2, after “h”, e: ${fixed(says[4])}`)
      await shows(page, 'neurons', `r = ${fixed(told.find(({ unit }) => unit === 1)?.correlation ?? NaN)}`)

      const { length, temperature } = presets.hello.sample
      const held = model.generate({ prompt: HELLO.subarray(0, 1), length, temperature, seed: 1, clamp: [{ layer: 0, unit: 1, value: 1.1 }] })
      await focus(page, '#panel-neurons .hold .drag')
      await page.press('ArrowUp')
      await shows(page, 'neurons', 'held at 1.1')
      await page.waitFor((text) => [...document.querySelectorAll('#panel-neurons .two .flow')].at(-1)?.textContent === text, {}, `h${vocabulary.decode(held.symbols)}`)

      await look(page, 'gates')
      if (cell === 'vanilla') {
        await press(page, 'Begin again with an LSTM')
        await page.waitFor(() => document.documentElement.dataset.drawing === 'lstm' && document.documentElement.dataset.iteration === '0')
        await shows(page, 'gates', 'keep, write and show')
      } else {
        const gate = { lstm: 'f', gru: 'z', mingru: 'z', minlstm: 'f' }[cell] ?? ''
        const of = model.gateStatistics(HELLO).find((one) => one.gate === gate)
        assert.ok(of)
        await shows(page, 'gates', `(over 0.9) on ${percent(of.above[1])} % of the letters and shut (under 0.1) on ${percent(of.below[1])} %.`)
        const values = Array.from(model.activations(HELLO, { state: gate }).data.filter((_, i) => i % 3 === 1))
        await shows(page, 'gates', `${fixed(Math.min(...values))} to ${fixed(Math.max(...values))}, most open on`)
      }
      assert.deepEqual(await page.errors(), [])
      model.dispose()
    })
  }

  for (const cell of CELLS) {
    test(`${name} shows the weights of a ${cell} network, and what comes of dragging one`, async (t) => {
      const page = await open(t, { reducedMotion: true })
      const model = twin(cell, await trained(page, cell))
      await look(page, 'weights')
      const looksBack = model.parameters.some(({ name }) => name === 'rnn.weight_hh_l0')
      const [parameter, columns] = looksBack ? ['rnn.weight_hh_l0', 3] : ['rnn.weight_ih_l0', 4]
      const values = model.getParameter(parameter)
      await shows(page, 'weights', `neuron 1: ${fixed(values[0])}`)
      await focus(page, '#panel-weights .near [aria-pressed="true"]')
      await page.press('ArrowDown')
      await page.press('ArrowRight')
      const at = columns + 1
      // What is dragged is what is drawn, which may be the choice before.
      await page.waitFor((at) => document.querySelectorAll('#panel-weights .near button')[at].getAttribute('aria-pressed') === 'true', {}, at)
      await shows(page, 'weights', 'neuron 2 the weight is')
      await shows(page, 'weights', `neuron 2: ${fixed(values[at])}`)
      await shows(page, 'weights', `it should be ${model.getGradient(parameter)[at] > 0 ? 'smaller' : 'larger'}.`)
      const batch = { batch: 1, steps: 4, inputs: HELLO.subarray(0, 4), targets: HELLO.subarray(1), fresh: true }
      const three = (/** @type {number} */ loss) => loss.toFixed(loss >= 1 ? 2 : 3)
      await shows(page, 'weights', `The loss on the letters above is ${three(model.forward(batch).loss)}.`)
      const before = model.forward(batch).loss
      await focus(page, '#panel-weights [aria-label="weight"]')
      for (let i = 0; i < 3; i++) await page.press('PageUp')
      // Steps of a tenth, from the weight as it is shown.
      values[at] = Number((Math.round(Number(values[at].toFixed(4)) * 100) / 100 + 0.3).toFixed(2))
      model.setParameter(parameter, values)
      await shows(page, 'weights', `neuron 2: ${fixed(values[at])}`)
      await shows(page, 'weights', `The loss on the letters above is ${three(model.forward(batch).loss)}; before you touched the weight, ${three(before)}.`)
      await press(page, 'Put it back')
      await shows(page, 'weights', `The loss on the letters above is ${three(before)}`)
      assert.deepEqual(await page.errors(), [])
      model.dispose()
    })
  }

  test(`${name} keeps a run that was left before it was drawn`, async (t) => {
    const page = await open(t, { reducedMotion: true })
    await complete(page)
    await page.evaluate(async () => {
      const request = window.requestAnimationFrame
      await new Promise(request) // no frame that is asked for already comes later
      const frames = /** @type {FrameRequestCallback[]} */ ([])
      window.requestAnimationFrame = (frame) => frames.push(frame)
      window.addEventListener('drawn', () => {
        window.requestAnimationFrame = request
        for (const frame of frames) request(frame)
      }, { once: true })
    })
    await press(page, 'One round')
    await reaches(page, 1)
    await choose(page, '#preset', 'hello-gru')
    await page.waitFor(() => document.documentElement.dataset.iteration === '0')
    await page.evaluate(() => void window.dispatchEvent(new Event('drawn')))
    await look(page, 'runs')
    await page.waitFor(() => [...document.querySelectorAll('#panel-runs tbody th')].map(({ textContent }) => textContent).join() === '1  hello')
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} keeps runs, deletes one and brings it back, and begins one again as it was`, async (t) => {
    const page = await open(t, { reducedMotion: true })
    const rounds = await trained(page, 'vanilla')
    await trained(page, 'gru')
    await look(page, 'runs')
    const losses = lossesInNode(presets.hello.config, rounds).map(Number)
    const listed = (/** @type {number} */ count) => page.waitFor((count) => document.querySelectorAll('#panel-runs tbody tr').length === count, {}, count)
    await listed(2)
    assert.match(await page.evaluate(() => document.querySelector('#panel-runs tbody tr:nth-child(2)')?.textContent ?? ''), new RegExp(`2  hellovanilla1 × 30\\.051${rounds}.*${(Math.min(...losses) / Math.LN2).toFixed(2)}`))
    await press(page, 'delete run 2')
    await listed(1)
    await press(page, 'Undo, bring it back')
    await listed(2)
    // Written down, it is there at the next visit.
    await new Promise((next) => setTimeout(next, 500))
    await page.goto(url)
    await page.waitFor(() => document.documentElement.dataset.ready)
    await look(page, 'runs')
    await listed(2)
    await page.evaluate(() => {
      const row = [...document.querySelectorAll('#panel-runs tbody tr')].find(({ textContent }) => textContent?.includes('GRU'))
      ;/** @type {HTMLButtonElement | null | undefined} */ (row?.querySelector('.acts button'))?.click()
    })
    await page.waitFor(() => document.documentElement.dataset.drawing === 'gru' && document.documentElement.dataset.iteration === '0')
    await press(page, 'One round')
    await reaches(page, 1)
    assert.equal((await marks(page)).loss, lossesInNode({ ...presets.hello.config, cell: 'gru' }, 1)[0])
    assert.deepEqual(await page.errors(), [])
  })
})
