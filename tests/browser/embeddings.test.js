/** Which symbols are alike: the page shows the components and the neighbours that the engine finds under Node. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVocabulary } from '../../build/unroll/unroll.js'
import { fixed, three } from '../../web/page/draw/numbers.js'
import { presets } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { inNode } from './in-node.js'
import { complete, lookInside, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */
/** @typedef {import('../../build/unroll/unroll.js').Model} Model */

const PANEL = '#panel-embeddings'
const SEARCH = `${PANEL} input[type="search"]`
const { symbols: LETTERS } = createVocabulary('hello')

/** @param {Page} page @param {number} rounds */
async function learn(page, rounds) {
  for (let round = 0; round < rounds; round++) {
    const before = Number(await page.evaluate(() => document.documentElement.dataset.iteration))
    await press(page, 'One round')
    await reaches(page, before + 1)
  }
}

/** What the list says: names, distances and cosines. @param {Page} page @param {string} head */
const listed = (page, head) => page.waitFor((head) => {
  const node = document.querySelector('#panel-embeddings .found-head b')
  if (node?.textContent !== `Near ${head}`) return false
  return [...document.querySelectorAll('#panel-embeddings .found button')].map(({ children: [name, distance, , cosine] }) => [name.textContent, distance.lastElementChild?.textContent, cosine.lastElementChild?.textContent])
}, {}, head)

/** The rows that it must say. @param {Model} model @param {number} symbol @param {readonly string[]} names @param {'cosine' | 'distance'} [by] */
const near = (model, symbol, names, by) => model.neighbours({ symbol, count: 8, by }).map((one) => [names[one.symbol], three(one.distance), fixed(one.cosine)])

/** Where the table has the points. @param {Page} page */
const told = (page) => page.evaluate(() => [...document.querySelectorAll('#panel-embeddings tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent ?? '')))

/** Waits until the table says this. @param {Page} page @param {readonly (readonly string[])[]} rows */
const tells = (page, rows) => page.waitFor((rows) => JSON.stringify([...document.querySelectorAll('#panel-embeddings tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent))) === rows, {}, JSON.stringify(rows))

/** @param {Model} model @param {readonly string[]} names @param {readonly [number, number]} [signs] */
const rowsOf = (model, names, signs = [1, 1]) => {
  const { coordinates } = model.projection()
  return names.map((name, i) => [name, three(signs[0] * coordinates[2 * i]), three(signs[1] * coordinates[2 * i + 1])])
}

/** Searches, and takes the first that is found. @param {Page} page @param {string} words */
async function take(page, words) {
  await page.type(SEARCH, words)
  await page.press('Enter')
}

/** What of the words disturbs: names that lie on one another, and a page that is wider than its window. @param {Page} page */
const disorder = (page) => page.evaluate(() => {
  const names = /** @type {SVGTextElement[]} */ ([...document.querySelectorAll('#panel-embeddings svg.symbol-map text')]).filter(({ textContent }) => textContent)
  const boxes = names.map((node) => ({ text: node.textContent, box: node.getBBox() }))
  const lies = boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => {
    const across = Math.min(a.box.x + a.box.width, b.box.x + b.box.width) - Math.max(a.box.x, b.box.x)
    return across > 0.5 && Math.abs(a.box.y + a.box.height / 2 - b.box.y - b.box.height / 2) < 15
  }).map((b) => `${a.text} on ${b.text}`))
  return [...lies, ...document.documentElement.scrollWidth > innerWidth ? ['too wide'] : []]
})

inEachBrowser(({ name, open, url }) => {
  test(`${name} shows the components and neighbours of letters, which are the engine's, and moves them without a flip`, async (t) => {
    const page = await open(t, { reducedMotion: true })
    await complete(page)
    await learn(page, 5)
    await lookInside(page, 'embeddings')
    const model = inNode(presets.hello.config, 5)
    await tells(page, rowsOf(model, LETTERS))
    for (const [i, letter] of LETTERS.entries()) {
      await take(page, letter)
      assert.deepEqual(await listed(page, letter), near(model, i, LETTERS), letter)
    }
    await press(page, 'distance')
    const [[nearest, distance]] = near(model, 3, LETTERS, 'distance')
    await page.waitFor((claim) => document.querySelector('#panel-embeddings .claim')?.textContent === claim, {}, `Closest to o is ${nearest}, at a distance of ${distance}.`)

    const before = model.projection().coordinates
    await learn(page, 1)
    model.train()
    const after = model.projection().coordinates
    const sign = (/** @type {number} */ k) => Math.sign(LETTERS.reduce((sum, _, i) => sum + before[2 * i + k] * after[2 * i + k], 0))
    await tells(page, rowsOf(model, LETTERS, [sign(0), sign(1)]))
    assert.deepEqual([await disorder(page), await page.errors()], [[], []])
    model.dispose()
  })

  test(`${name} goes from symbol to symbol by arrow keys and by a press, and finds symbols by what they are called`, async (t) => {
    const page = await open(t, { url: `${url}#v=1&preset=moby-dick&hidden=16`, reducedMotion: true, width: 320, height: 700 })
    await complete(page)
    await lookInside(page, 'embeddings')
    await page.waitFor(() => document.querySelectorAll('#panel-embeddings tbody tr').length > 50)
    await take(page, 'space')
    await listed(page, '·')
    assert.match(await page.evaluate(() => document.querySelector('#panel-embeddings output')?.textContent ?? ''), /^1 of \d+; Enter takes space$/)
    assert.equal(await page.evaluate(() => document.querySelector('#panel-embeddings .rings')?.getAttribute('d')?.split('M').length), 2)
    await page.type(SEARCH, 'no such thing')
    await page.waitFor(() => document.querySelector('#panel-embeddings output')?.textContent === 'No symbol has “no such thing” in it.')
    assert.deepEqual(await disorder(page), [])

    const rows = (await told(page)).map(([symbol, ...at]) => ({ symbol, at: at.map((text) => Number(text.replace('−', '-'))) }))
    const [x, y] = rows.find(({ symbol }) => symbol === 'space')?.at ?? []
    const ahead = rows.map(({ symbol, at }) => ({ symbol, along: x - at[0], aside: Math.abs(at[1] - y) })).filter(({ along, aside }) => along > 0 && aside <= along)
    const next = ahead.sort((a, b) => a.along + a.aside - b.along - b.aside)[0]
    const way = next ? 'ArrowLeft' : 'ArrowRight'
    await page.evaluate(() => /** @type {SVGElement | null} */ (document.querySelector('#panel-embeddings svg.symbol-map'))?.focus())
    await page.press(way)
    const head = await page.waitFor(() => {
      const { textContent } = document.querySelector('#panel-embeddings .found-head b') ?? {}
      return textContent !== 'Near ·' && textContent?.slice('Near '.length)
    })
    if (next) assert.equal(head, next.symbol)

    await page.evaluate(() => {
      const svg = document.querySelector('#panel-embeddings svg.symbol-map')
      const [x, y] = svg?.querySelector('.near-dots')?.getAttribute('d')?.slice(1).split('h')[0].split(' ').map(Number) ?? []
      const box = svg?.getBoundingClientRect()
      svg?.dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: (box?.left ?? 0) + x, clientY: (box?.top ?? 0) + y }))
    })
    await page.waitFor((head) => document.querySelector('#panel-embeddings .found-head b')?.textContent !== `Near ${head}`, {}, head)
    assert.deepEqual([await disorder(page), await page.errors()], [[], []])
  })

  test(`${name} compares the rows of an embedding, and says where there are no symbols`, async (t) => {
    const page = await open(t, { url: `${url}#v=1&preset=hello&input=embedding&inputSize=6`, reducedMotion: true })
    await complete(page)
    await learn(page, 3)
    await lookInside(page, 'embeddings')
    const model = inNode({ ...presets.hello.config, input: 'embedding', inputSize: 6 }, 3)
    assert.deepEqual(await listed(page, 'h'), near(model, 0, LETTERS))
    await tells(page, rowsOf(model, LETTERS))
    model.dispose()
    assert.match(await page.evaluate(() => document.querySelector('#panel-embeddings .words')?.textContent ?? ''), /vector of length 6, its embedding/)
    const numbers = await open(t, { url: `${url}#v=1&preset=adding`, reducedMotion: true })
    await complete(numbers)
    await lookInside(numbers, 'embeddings')
    await numbers.waitFor(() => document.querySelector('#panel-embeddings .claim')?.textContent === 'This network reads numbers, not symbols: there is nothing to compare.')
    assert.equal(await numbers.evaluate(() => document.querySelector('#panel-embeddings .picture')?.checkVisibility()), false)
    assert.deepEqual([...await page.errors(), ...await numbers.errors()], [])
  })
})
