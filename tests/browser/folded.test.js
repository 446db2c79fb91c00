/** The folded score: sorted, searched, seen from near and far, moved through by keys, and asked for its arithmetic, in three browsers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVocabulary } from '../../build/unroll/unroll.js'
import { presetFor } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { CELLS, engine } from './in-node.js'
import { choose, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */
/** @typedef {import('../../web/engine/fields.js').Config} Config */

const TEXT = 'Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse, and nothing particular to interest me on shore.'

/** @param {Config} config @param {string} [text] */
const linkTo = (config, text = TEXT) => `#${new URLSearchParams({ v: '1', text, ...Object.fromEntries(Object.entries(config).map(([name, value]) => [name, String(value)])) })}`

/** The same network under Node. @param {Config} config @param {number} rounds */
function learned(config, rounds) {
  const vocabulary = createVocabulary(TEXT)
  const model = engine.createModel({ ...presetFor(TEXT).config, ...config, vocabulary: vocabulary.size })
  const { symbols } = vocabulary.encode(TEXT)
  model.setText(symbols)
  for (let i = 0; i < rounds; i++) model.train()
  return {
    model, symbols,
    /** @param {number} from @param {number} steps */
    trace: (from, steps) => model.trace({ batch: 1, steps, inputs: Array.from(symbols.slice(from, from + steps)), targets: Array.from(symbols.slice(from + 1, from + steps + 1)), fresh: true }),
  }
}

/** How many letters are read side by side. @param {Page} page */
const columnsIn = (page) => page.evaluate(() => Number(document.querySelector('.heat')?.getAttribute('aria-colcount')))

/** Neurons from the first row on, as the rows are called. @param {Page} page */
const rowsIn = (page) => page.evaluate(() => [...document.querySelectorAll('.row-name')].map(({ textContent }) => Number(textContent)))

/** Trains to a round, one by one. @param {Page} page @param {number} from @param {number} to */
async function trainTo(page, from, to) {
  for (let round = from + 1; round <= to; round++) {
    await press(page, 'One round')
    await reaches(page, round)
  }
  await settled(page)
}

/** All that was asked for is told and drawn. @param {Page} page */
async function settled(page) {
  await new Promise((next) => setTimeout(next, 250))
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(() => next(true)))))
}

/** Waits until the page shows it. @param {() => Promise<unknown>} read @param {unknown} expected */
async function becomes(read, expected) {
  for (let tries = 0; ; tries++) {
    const now = await read()
    if (JSON.stringify(now) === JSON.stringify(expected)) return
    if (tries > 60) return assert.deepEqual(now, expected)
    await new Promise((next) => setTimeout(next, 50))
  }
}

/** What the neurons did, (H)(T). @param {ReturnType<typeof learned>} network @param {string} name @param {number} steps */
function tracks(network, name, steps) {
  const { data, shape: [, , H] } = network.trace(0, steps).get(name)
  return Array.from({ length: H }, (_, i) => Array.from({ length: steps }, (_, t) => data[t * H + i]))
}

/** @param {readonly number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Orders as they are told to be, found otherwise. @type {Record<string, (tracks: number[][]) => number[]>} */
const ORACLES = {
  mean: (tracks) => tracks.map((values, i) => ({ i, rank: mean(values) })).sort((a, b) => b.rank - a.rank).map(({ i }) => i + 1),
  change: (tracks) => tracks.map((values, i) => ({ i, rank: mean(values.map((value) => value * value)) - mean(values) ** 2 })).sort((a, b) => b.rank - a.rank).map(({ i }) => i + 1),
  similar(tracks) {
    const distance = (/** @type {number} */ a, /** @type {number} */ b) => Math.hypot(...tracks[a].map((value, t) => value - tracks[b][t]))
    const order = [ORACLES.mean(tracks)[0] - 1]
    while (order.length < tracks.length) {
      const rest = tracks.map((_, i) => i).filter((i) => !order.includes(i))
      order.push(rest.sort((a, b) => distance(a, order[order.length - 1]) - distance(b, order[order.length - 1]))[0])
    }
    return order.map((i) => i + 1)
  },
}

inEachBrowser(({ name, url, open }) => {
  /** A network that has not learned yet, and waits. @param {import('node:test').TestContext} t @param {Config} config @param {import('./drive.js').View} [view] */
  async function openFolded(t, config, view) {
    const page = await open(t, { url: url + linkTo(config), reducedMotion: true, ...view })
    await page.waitFor(() => document.querySelector('.heat canvas') !== null)
    await settled(page)
    return page
  }

  test(`${name} sorts the rows as told, holds the order while it learns, and sorts them again`, async (t) => {
    const config = { cell: 'lstm', hidden: 12, steps: 24, batch: 2, learningRate: 0.05, seed: 5 }
    const page = await openFolded(t, config)
    await trainTo(page, 0, 1)
    const steps = await columnsIn(page)
    assert.equal(steps, 24)
    await becomes(() => rowsIn(page), Array.from({ length: 12 }, (_, i) => i + 1))
    let rounds = 1
    for (const by of ['mean', 'change', 'similar']) {
      const before = ORACLES[by](tracks(learned(config, rounds), 'h_l0', steps))
      await choose(page, '.sorting select', by)
      await becomes(() => rowsIn(page), before)
      await trainTo(page, rounds, rounds += 12)
      assert.deepEqual(await rowsIn(page), before, 'the order moves while it learns')
      await press(page, 'sort again')
      const after = ORACLES[by](tracks(learned(config, rounds), 'h_l0', steps))
      assert.notDeepEqual(after, before, 'there was nothing to sort')
      await becomes(() => rowsIn(page), after)
    }
    await choose(page, '.tools select', 'f')
    await settled(page)
    await press(page, 'sort again')
    await becomes(() => rowsIn(page), ORACLES.similar(tracks(learned(config, rounds), 'f_l0', steps)))
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} finds words in the text and a neuron by its number, or says that there are none`, async (t) => {
    const page = await openFolded(t, { cell: 'gru', hidden: 40, steps: 12 })
    /** @param {string} selector @param {string} text */
    const enter = async (selector, text) => { await page.type(selector, text); await page.press('Enter') }
    /** The answer, and which letters are read from the yellow column on. */
    const seen = () => page.evaluate(() => {
      const letters = [...document.querySelectorAll('.folded > .figure .letter.middle')].map(({ textContent }) => textContent)
      const columns = Number(document.querySelector('.heat')?.getAttribute('aria-colcount'))
      const step = Number(/** @type {HTMLInputElement} */ (document.querySelector('#ruler input')).value) - 1
      return { answer: document.querySelector('.find output')?.textContent, letters: letters.slice(step, Math.min(columns, step + 5)).join('') }
    })
    for (const [words, at] of /** @type {[string, number][]} */ ([['MONEY', TEXT.indexOf('money')], ['me', TEXT.indexOf('me on')], ['me', TEXT.indexOf('me')], ['me', TEXT.indexOf('me years')], ['ago,\n never', TEXT.indexOf('ago,')]])) {
      await enter('.find input', words.replace(/\s+/g, '  '))
      const answer = `letter ${at + 1}${at === TEXT.indexOf('me') ? ', from the start' : ''}`
      await page.waitFor((answer) => document.querySelector('.find output')?.textContent === answer, {}, answer)
      await becomes(async () => (await seen()).letters, TEXT.slice(at, at + 5).replaceAll(' ', '·'))
    }
    const before = await seen()
    await enter('.find input', 'Queequeg')
    await page.waitFor(() => document.querySelector('.find output')?.textContent === '“Queequeg” is not in the text')
    assert.equal((await seen()).letters, before.letters)
    await enter('.tools [aria-label="neuron"]', '37')
    await page.waitFor(() => document.querySelector('.opened b')?.textContent === 'neuron 37')
    await enter('.tools [aria-label="neuron"]', '41')
    await page.waitFor(() => /there is no “41”.* only 1 to 40/.test(document.querySelector('.find output')?.textContent ?? ''))
    assert.equal(await page.evaluate(() => document.querySelector('.opened b')?.textContent), 'neuron 37')
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} shows 512 neurons and 200 letters, all of them and some, by buttons, keys and wheel`, async (t) => {
    const page = await openFolded(t, { cell: 'vanilla', hidden: 512, steps: 130, batch: 1 })
    const look = () => page.evaluate(() => {
      const [strip, map] = /** @type {HTMLCanvasElement[]} */ ([...document.querySelectorAll('.folded > canvas, .heat .pane canvas:first-child')])
      const box = /** @type {HTMLElement} */ (document.querySelector('.heat')).getBoundingClientRect()
      return {
        columns: map.width, strip: strip.width, rows: map.height, row: box.height / map.height, told: document.querySelector('#score')?.textContent?.match(/rows (\d+)–(\d+) of 512|\d+ in a row/)?.[0],
        numbers: !(/** @type {HTMLElement} */ (document.querySelector('.heat .figures'))).hidden,
      }
    })
    const far = await look()
    assert.deepEqual([far.columns, far.told], [far.strip, '3 in a row'])
    assert.ok(far.columns >= 48 && far.columns <= 52, `${far.columns} letters`)
    assert.ok(far.rows === 171 && far.row >= 1, JSON.stringify(far))
    await press(page, 'Zoom out')
    await becomes(async () => Math.floor((await look()).columns / 2), far.columns)
    await press(page, 'Zoom out')
    await becomes(async () => (await look()).columns, 130)
    await becomes(() => page.evaluate(() => [...document.querySelectorAll('button')].find((node) => node.ariaLabel === 'Zoom out')?.disabled), true)
    const focusMap = () => page.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('.heat')).focus())
    await page.press('Tab')
    await focusMap()
    for (const key of ['+', '+', '+']) await page.press(key)
    await becomes(async () => (await look()).rows, 52)
    const near = await look()
    assert.ok(near.row >= 4 && near.columns === far.columns && /^rows \d+–\d+ of 512$/.test(near.told ?? ''), JSON.stringify(near))
    const wheel = (/** @type {number} */ deltaY) => page.evaluate((deltaY) => {
      const event = new WheelEvent('wheel', { deltaY, ctrlKey: true, bubbles: true, cancelable: true })
      document.querySelector('.heat')?.dispatchEvent(event)
      return event.defaultPrevented
    }, deltaY)
    assert.ok(await wheel(-100))
    await becomes(async () => (await look()).rows, 26)
    await wheel(-100)
    await becomes(async () => (await look()).numbers, true)
    const close = await look()
    assert.ok(close.row >= 16 && close.columns === Math.floor(far.columns / 3), JSON.stringify(close))
    await page.press('End')
    for (const key of ['PageDown', 'PageDown', 'ArrowDown']) await page.press(key)
    await settled(page)
    const chosen = Number((await page.evaluate(() => document.querySelector('.opened b')?.textContent))?.replace('neuron ', ''))
    assert.equal(chosen, 2 * close.rows + 2)
    assert.ok((await rowsIn(page)).includes(chosen), 'the chosen neuron is out of sight')
    await page.evaluate(() => { /** @type {HTMLElement} */ (document.querySelector('.heat')).scrollTop = 1e6 })
    await becomes(async () => (await rowsIn(page)).at(-1), 512)
    await page.press('-')
    await becomes(async () => (await look()).rows, 26)
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} draws every cell folded, and all that can be shown of it, forward and backward`, async (t) => {
    const page = await openFolded(t, { cell: 'vanilla', hidden: 9, steps: 6 })
    /** @type {Config[]} */
    const configs = [
      ...CELLS.map((cell) => ({ cell, layers: 2 })),
      { cell: 'lstm', layerNorm: true }, { cell: 'gru', skip: 2 }, { cell: 'vanilla', input: 'embedding', inputSize: 6 }, { cell: 'lstm', peephole: true }, { cell: 'gru', headLayers: 1, headSize: 7 },
    ]
    for (const config of configs) {
      await page.evaluate((hash) => { location.hash = hash }, linkTo({ hidden: 9, steps: 6, ...config }))
      const { cell } = config
      await page.waitFor((layers) => document.querySelector('#score .heat') !== null && document.querySelectorAll('.heat').length === layers
        && document.querySelector('#headline')?.textContent?.includes('neurons'), {}, Number(config.layers ?? 1))
      await settled(page)
      const options = await page.evaluate(() => [...document.querySelectorAll('.tools select')][0].querySelectorAll('option').length)
      assert.equal(options, { vanilla: 2, lstm: 6, gru: 4, mingru: 3, minlstm: 4 }[String(cell)])
      for (const direction of ['forward →', '← backward']) {
        await press(page, direction)
        for (let option = 0; option < (direction === 'forward →' ? options : 1); option++) {
          await page.evaluate((option) => {
            const menu = /** @type {HTMLSelectElement} */ (document.querySelector('.tools select'))
            menu.selectedIndex = option
            menu.dispatchEvent(new Event('change', { bubbles: true }))
          }, option)
          await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(() => next(true)))))
          const colours = await page.evaluate(() => [...document.querySelectorAll('.heat .pane canvas:first-child')].map((node) => {
            const canvas = /** @type {HTMLCanvasElement} */ (node)
            const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')).getImageData(0, 0, canvas.width, canvas.height)
            return new Set(new Uint32Array(data.buffer)).size
          }))
          assert.ok(colours.every((count) => count > 3), `${JSON.stringify(config)} ${direction} ${option}: ${colours} colours`)
        }
      }
      await press(page, 'forward →')
    }
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} tells what the numbers of the opened neuron are made of in every cell, and they are those of the core`, async (t) => {
    const page = await openFolded(t, { cell: CELLS[0], hidden: 20, layers: 2, steps: 10, seed: 3 })
    const told = (/** @type {string} */ spot) => page.waitFor((spot) => {
      const root = document.querySelector('.equation:not([hidden])')
      if (!root || !document.querySelector(`.opened .spot.asked[data-spot="${spot}"]`)) return null
      const number = (/** @type {Element} */ node) => Number((node.textContent ?? '').replace('\u2212', '-').replace('e\u2212', 'e-'))
      return {
        terms: [...root.querySelectorAll('.terms .term')].map((term) => [...term.querySelectorAll('.chip')].map(number)),
        result: number(/** @type {Element} */ (root.querySelector(':scope > .term .chip'))), sign: root.querySelector(':scope > .sign')?.textContent ?? '',
        owner: root.querySelector('.what .soft')?.textContent ?? '',
      }
    }, {}, spot)
    for (const cell of CELLS) {
      const config = { cell, hidden: 20, layers: 2, steps: 10, seed: 3 }
      await page.evaluate((hash) => { location.hash = hash }, linkTo(config))
      await page.waitFor(() => document.documentElement.dataset.iteration === '0')
      await settled(page)
      await trainTo(page, 0, 1)
      const network = learned(config, 1)
      const trace = network.trace(0, 10)
      for (const [label, value] of [['layer', '2'], ['neuron', '8']]) {
        await page.type(`.tools [aria-label="${label}"]`, value)
        await page.press('Enter')
        await page.waitFor((words) => document.querySelector('.opened b')?.textContent?.includes(words), {}, `${label} ${value}`)
      }
      await page.press('Tab')
      for (const direction of ['forward →', '← backward']) {
        await press(page, direction)
        await settled(page)
        const spots = await page.evaluate(() => [...document.querySelectorAll('.opened .spot[data-spot]')].map((node) => node.getAttribute('data-spot') ?? ''))
        const nameOf = (/** @type {string} */ symbol) => (direction === 'forward →' ? symbol : ['h', 'c', 'a'].includes(symbol) ? `d${symbol}` : `da_${symbol}`)
        const named = new Set(spots.map((spot) => `${nameOf(spot.split(' ')[0])}_l1`))
        const gradients = trace.names.filter((name) => /^(dh|dc|da|da_.)_l1$/.test(name))
        assert.ok(direction === 'forward →' ? named.size >= 2 : gradients.every((name) => named.has(name)), `${cell} ${direction}: ${[...named]}`)
        for (const spot of spots) {
          await page.evaluate((spot) => /** @type {SVGElement} */ (document.querySelector(`.opened .spot[data-spot="${spot}"]`)).focus(), spot)
          const { terms, result, sign, owner } = await told(spot)
          assert.equal(owner, 'layer 2, neuron 8', spot)
          const total = terms.reduce((sum, factors) => sum + factors.reduce((product, factor) => product * factor, 1), 0)
          const value = sign.includes('tanh') ? Math.tanh(total) : sign.includes('σ') ? 1 / (1 + Math.exp(-total)) : total
          const tolerance = 0.0015 * terms.flat().reduce((sum, factor) => sum + Math.abs(factor) + 1, 1)
          assert.ok(Math.abs(value - result) <= tolerance, `${cell} ${spot} ${direction}: ${JSON.stringify(terms)} are not ${result}`)
          const [symbol, , step, index] = spot.split(' ')
          const core = trace.get(`${nameOf(symbol)}_l1`).data[Number(step) * 20 + Number(index)]
          assert.ok(Math.abs(core - result) <= 0.00051 + Math.abs(core) * 0.06, `${cell} ${spot} ${direction}: ${result}, the core has ${core}`)
        }
      }
      await press(page, 'forward →')
      network.model.dispose()
    }
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} goes through a heat map by arrows from one stop, and opens a neuron`, async (t) => {
    const page = await openFolded(t, { cell: 'gru', hidden: 16, steps: 10 })
    await page.press('Tab')
    await page.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('.heat')).focus())
    const at = () => page.evaluate(() => (document.querySelector('.heat [role="gridcell"]')?.textContent ?? '').replace(/(letter \d+).*/, '$1'))
    const [, letter] = /letter (\d+)/.exec(await at()) ?? []
    for (const [key, expected] of /** @type {[string, string][]} */ ([
      ['ArrowDown', `neuron 2, letter ${letter}`], ['ArrowDown', `neuron 3, letter ${letter}`], ['ArrowRight', `neuron 3, letter ${Number(letter) + 1}`], ['ArrowUp', `neuron 2, letter ${Number(letter) + 1}`], ['Home', 'neuron 2, letter 1'],
      ['End', 'neuron 2, letter 10'],
    ])) {
      await page.press(key)
      await becomes(at, expected)
    }
    await page.waitFor(() => document.querySelector('.equation:not([hidden])') !== null)
    await page.press('Enter')
    await becomes(() => page.evaluate(() => document.activeElement?.getAttribute('data-spot')), 'h 0 8 1')
    assert.equal(await page.evaluate(() => document.querySelectorAll('.folded > [tabindex="0"]').length), 1)
    assert.deepEqual(await page.errors(), [])
  })
})
