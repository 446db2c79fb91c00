/** The looks inside, for every cell, in three browsers: what they say is what the engine finds under Node. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { three } from '../../web/page/draw/numbers.js'
import { presets } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { CELLS, inNode } from './in-node.js'
import { choose, closed, pauseAfter, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

const PLACE = { batch: 1, steps: 4, inputs: [0, 1, 2, 2], targets: [1, 2, 2, 3], fresh: true }

/** The network of the page. @param {string} cell @param {number} rounds */
const networkOf = (cell, rounds) => inNode({ ...presets.hello.config, cell }, rounds)

/** Whether gates see the state. @param {ReturnType<typeof inNode>} model */
const looksBack = (model) => model.parameters.some(({ name }) => name === 'rnn.weight_hh_l0')

/** Opens a look inside, of a network of this cell that has stopped after some rounds; answers its rounds. @param {Page} page @param {string} panel @param {string} cell */
async function look(page, panel, cell) {
  await page.waitFor((panel) => document.getElementById(`tab-${panel}`) !== null, {}, panel)
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
  return pauseAfter(page, 3)
}

/** Waits until a look inside says something, which its paused network does after a moment. @param {Page} page @param {string} panel @param {string} words */
async function says(page, panel, words) {
  const told = () => page.evaluate((panel) => document.querySelector(`#panel-${panel} .words`)?.textContent?.replace(/\s+/g, ' ') ?? '', panel)
  for (const end = Date.now() + 20_000; !(await told()).includes(words);) {
    if (Date.now() > end) assert.fail(`“${words}” is not in “${await told()}”`)
    await new Promise((next) => setTimeout(next, 50))
  }
}

/** Presses a key; again where the focus had gone elsewhere before it came, as a drawer that closes takes it back. @param {Page} page @param {string} selector @param {string} key */
async function key(page, selector, key) {
  do {
    await page.waitFor((selector) => {
      const node = /** @type {HTMLElement | SVGElement | null} */ (document.querySelector(selector))
      if (!node) return false
      delete node.dataset.struck
      node.addEventListener('keydown', () => { node.dataset.struck = '' }, { once: true })
      node.focus()
      return document.activeElement === node
    }, {}, selector)
    await page.press(key)
  } while (await page.evaluate((selector) => document.querySelector(`${selector}[data-struck]`) === null, selector))
}

/** As the page writes shares. @param {number} v */
const share = (v) => `${Number((v * 100).toPrecision(2))} %`

inEachBrowser(({ name, open }) => {
  /** Its network does not begin by itself twice: each cell in a page of its own. @param {import('node:test').TestContext} t @param {(page: Page, cell: string) => Promise<void>} run */
  async function eachCell(t, run, cells = CELLS) {
    const page = await open(t)
    await reaches(page, 1)
    for (const cell of cells) await run(page, cell)
    assert.deepEqual(await page.errors(), [])
  }

  test(`${name} tells how much of the blame is left some letters back`, (t) => eachCell(t, async (page, cell) => {
    const rounds = await look(page, 'gradients', cell)
    const model = networkOf(cell, rounds)
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

  test(`${name} tells where the eigenvalues are, and what another radius would cost`, (t) => eachCell(t, async (page, cell) => {
    const rounds = await look(page, 'spectrum', cell)
    const model = networkOf(cell, rounds)
    if (!looksBack(model)) return void await says(page, 'spectrum', 'there is no matrix')
    const gate = { vanilla: '', lstm: 'g', gru: 'n' }[cell]
    const { real, imaginary, radius } = model.eigenvalues({ gate })
    const grow = real.filter((x, i) => Math.hypot(x, imaginary[i]) > 1).length
    const bits = () => `${(model.forward(PLACE).loss / Math.LN2).toFixed(2)} bits`
    const learned = bits()
    await says(page, 'spectrum', `With the radius that it learned, the letters above cost ${learned} each`)
    await says(page, 'spectrum', ['all three directions fade', 'one of three directions grows', 'two of three directions grow', 'all of three directions grow'][grow])
    await page.waitFor((radius) => /** @type {HTMLInputElement} */ (document.querySelector('#panel-spectrum .claim input')).value === radius, {}, radius.toFixed(2))
    assert.equal(await page.evaluate(() => document.querySelectorAll('#panel-spectrum .eigenvalue').length), 3)
    assert.equal(await page.evaluate(() => document.querySelectorAll('#panel-spectrum .grows').length), grow)

    await key(page, '#panel-spectrum .slide', 'End')
    const to = Number((radius * 2).toPrecision(3))
    const W = model.getParameter('rnn.weight_hh_l0')
    const from = { vanilla: 0, lstm: 18, gru: 18 }[cell] ?? 0
    model.setParameter('rnn.weight_hh_l0', W.map((value, i) => (i >= from && i < from + 9 ? value * to / radius : value)))
    await says(page, 'spectrum', `With this radius the letters above cost ${bits()} each; with the ${radius.toFixed(2)} that it learned, ${learned}`)
    await press(page, 'Back to what it learned')
    await says(page, 'spectrum', `With the radius that it learned, the letters above cost ${learned} each`)
    model.dispose()
  }))

  test(`${name} tells how much later bets depend on a letter`, (t) => eachCell(t, async (page, cell) => {
    const rounds = await look(page, 'sensitivity', cell)
    const model = networkOf(cell, rounds)
    for (const [press, step, later] of /** @type {const} */ ([['Home', 0, 2], ['ArrowRight', 1, 2]])) {
      await key(page, '#panel-sensitivity .slide', press)
      const { norms } = model.sensitivity({ inputs: PLACE.inputs }, { step })
      const moved = norms[step + later] / norms[step]
      await says(page, 'sensitivity', moved > 1 ? `the bet moves ${moved.toFixed(1)} times` : `the bet still moves by ${share(moved)}`)
      await page.waitFor((step) => document.querySelectorAll('#panel-sensitivity tbody td')[step]?.textContent === '100 %', {}, step)
    }
    await key(page, '#panel-sensitivity .slide', 'End')
    await says(page, 'sensitivity', 'is the last one')
    model.dispose()
  }))

  test(`${name} tells where a step would fall, clipped and not`, (t) => {
    let clip = 5
    return eachCell(t, async (page, cell) => {
      const rounds = await look(page, 'clipping', cell)
      await press(page, 'along the gradient')
      const model = networkOf(cell, rounds)
      const { loss, gradientNorm } = model.backward(PLACE)
      const learned = model.parameters.map(({ name }) => ({ name, values: model.getParameter(name), gradient: model.getGradient(name) }))
      const bitsAfter = (/** @type {number} */ rate) => {
        for (const { name, values, gradient } of learned) model.setParameter(name, values.map((value, i) => value - rate * gradient[i]))
        return `${three(model.forward(PLACE).loss / Math.LN2)} bits`
      }
      await says(page, 'clipping', `The slope is ${three(gradientNorm)}.`)
      await says(page, 'clipping', `goes ${three(10 * gradientNorm)} far: from ${three(loss / Math.LN2)} bits to ${bitsAfter(10)}.`)
      if (clip === 5) await says(page, 'clipping', 'Clipped at it is the same step')
      await key(page, '#panel-clipping .slide', 'Home')
      clip = Math.max(0.001, Number((clip / 10).toPrecision(2)))
      await says(page, 'clipping', clip < gradientNorm ? `it goes ${three(10 * clip)} far, to ${bitsAfter(10 * clip / gradientNorm)}.` : 'it is the same step')
      await press(page, 'along two weights')
      await says(page, 'clipping', `and of ${model.parameters[looksBack(model) ? 1 : 0].name.replace('rnn.', '')}.`)
      await page.waitFor(() => document.querySelectorAll('#panel-clipping tbody tr').length >= 5)
      model.dispose()
    })
  })

  test(`${name} trains a network of the other kind beside the first, until one looks elsewhere`, async (t) => {
    const page = await open(t)
    await reaches(page, 1)
    const rounds = await look(page, 'gradients', 'vanilla')
    await key(page, '#panel-gradients .slide', 'Home')
    await press(page, 'Train an LSTM beside it')
    const twin = networkOf('lstm', rounds)
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
