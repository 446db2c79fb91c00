/** What explains the page, in three browsers: explanations, captions at first sight, and narration. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVocabulary, loadEngine } from '../../build/unroll/unroll.js'
import { presets } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { choose, complete, lookInside, marks, press, reaches, takeTour } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

const engine = await loadEngine()
const NUMBERS = ['none', 'one', 'two', 'three', 'all']

/** What the narration says of the network after so many rounds, from what it does under Node. @param {number} rounds */
function told(rounds) {
  const vocabulary = createVocabulary('hello')
  const model = engine.createModel({ ...presets.hello.config, vocabulary: vocabulary.size })
  model.setText(vocabulary.encode('hello').symbols)
  if (rounds) model.train(rounds)
  const { data } = model.trace({ batch: 1, steps: 4, inputs: Int32Array.of(0, 1, 2, 2), targets: Int32Array.of(1, 2, 2, 3), fresh: true }).get('logits')
  model.dispose()
  const right = [1, 2, 2, 3].filter((target, t) => [0, 1, 2, 3].every((k) => data[4 * t + k] <= data[4 * t + target])).length
  return `The network gets ${NUMBERS[right]}${right < 4 ? ' of' : ''} four letters right.`
}

/** Where the blocks of the page lie, and how wide it is. @param {Page} page @returns {Promise<string>} */
const places = (page) => page.evaluate(() => JSON.stringify([document.documentElement.scrollWidth, ...['#bar', '#writes', '#score', '#ruler', '#reading', '#transport', '#inspect', '#lessons', '.play', '.curve-box'].map((selector) => {
  const { left, top, width, height } = /** @type {Element} */ (document.querySelector(selector)).getBoundingClientRect()
  return [left, top + scrollY, width, height].map(Math.round)
})]))

/** Captions that are seen somewhere on the page. @param {Page} page @returns {Promise<string[]>} */
const captions = (page) => page.evaluate(() => [...document.querySelectorAll('.caption-line')].filter((node) => node.checkVisibility()).map((node) => node.querySelector('span')?.textContent ?? ''))

/** The explanation that is open. @param {Page} page */
const explained = (page) => page.waitFor(() => {
  const over = /** @type {HTMLElement | null} */ (document.querySelector('.over:popover-open'))
  return over?.querySelectorAll('p').length === 3 ? [...over.children].map(({ textContent }) => textContent).join('\n') : ''
})

/** Waits until the buttons that explain are there, and answers how many: for each tab, the score, what is written, the curve and the lesson. @param {Page} page */
const explainers = (page) => page.waitFor(() => {
  const count = document.querySelectorAll('.explain').length
  return count === document.querySelectorAll('[role="tab"]:not([hidden])').length + 4 ? count : 0
})

inEachBrowser(({ name, open, url }) => {
  test(`${name} explains what one looks at, and nothing moves`, async (t) => {
    const page = await open(t, { reducedMotion: true })
    await complete(page)
    const many = await explainers(page)
    const before = await places(page)
    const said = new Set()
    for (let i = 0; i < many; i++) {
      const visible = await page.evaluate((i) => {
        const button = /** @type {HTMLButtonElement} */ (document.querySelectorAll('.explain')[i])
        const tab = document.getElementById(button.parentElement?.id.replace('panel-', 'tab-') ?? '')
        tab?.click()
        return !tab?.hidden
      }, i)
      assert.ok(visible)
      await page.waitFor((i) => {
        const button = /** @type {HTMLButtonElement} */ (document.querySelectorAll('.explain')[i])
        if (!button.checkVisibility()) return false
        button.focus()
        return true
      }, {}, i)
      await page.press('Enter')
      const text = await explained(page)
      assert.match(text, /\nLook for .+\nTry .+/)
      said.add(text)
      await page.press('Escape')
      await page.waitFor(() => document.querySelector('.over:popover-open') === null)
      assert.equal(await page.evaluate((i) => document.activeElement === document.querySelectorAll('.explain')[i], i), true, 'the focus stays on the button')
    }
    assert.equal(said.size, many, 'two views have the same explanation')
    await page.evaluate(() => { document.getElementById('tab-gradients')?.click(); scrollTo(0, 0) })
    // The look inside that was opened first is filled now; what lies above it is where it was.
    const upTo = (/** @type {string} */ text) => JSON.stringify([...JSON.parse(text).slice(0, 7), ...JSON.parse(text).slice(9)])
    assert.equal(upTo(await places(page)), upTo(before))

    await page.click('#ruler .explain')
    assert.match(await explained(page), /Every tile is a number/)
    await page.click('#ruler .explain')
    await page.waitFor(() => document.querySelector('.over:popover-open') === null)
    await choose(page, '#preset', 'min-char-rnn')
    await page.waitFor(() => document.querySelector('#score .folded') !== null)
    await page.click('#ruler .explain')
    assert.match(await explained(page), /each thin row one neuron/)
    // WebKit tells of observers that it hears in the next frame.
    assert.deepEqual((await page.errors()).filter((error) => !error.includes('ResizeObserver loop')), [])
  })

  test(`${name} captions what is seen for the first time, one on the first screen, until it is dismissed for good`, async (t) => {
    const page = await open(t, { reducedMotion: true })
    await complete(page)
    const first = 'Each column is one letter. Blue is above zero, orange below.'
    await page.waitFor((first) => [...document.querySelectorAll('.caption-line')].some((node) => node.checkVisibility() && node.textContent?.startsWith(first)), {}, first)
    const before = await places(page)
    assert.deepEqual(await captions(page), [first])
    await takeTour(page)
    await page.waitFor(() => document.querySelector('#tour')?.checkVisibility())
    assert.deepEqual(await captions(page), [])
    await press(page, 'End the tour')
    await page.waitFor(() => document.querySelector('.score-caption')?.checkVisibility())
    await page.click('.score-caption button')
    assert.deepEqual(await captions(page), [])
    assert.equal(await places(page), before)
    await page.evaluate(() => document.getElementById('lessons')?.scrollIntoView())
    await page.waitFor(() => document.querySelector('.lessons-caption')?.checkVisibility())
    await lookInside(page, 'neurons') // leaving the page would break off what it loads for that
    await page.goto(url)
    await complete(page)
    await explainers(page)
    await new Promise((next) => setTimeout(next, 200))
    assert.deepEqual(await captions(page), [])
    await page.evaluate(() => document.getElementById('lessons')?.scrollIntoView())
    await page.waitFor(() => document.querySelector('.lessons-caption')?.checkVisibility())
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} narrates only where that is switched on: single rounds at once, training now and then, a pause`, async (t) => {
    const page = await open(t, { reducedMotion: true })
    await press(page, 'Train')
    await reaches(page, 5)
    await complete(page)
    const spoken = () => page.evaluate(() => document.querySelector('.narration')?.textContent ?? null)
    assert.equal(await spoken(), '')
    await press(page, 'Settings')
    await page.waitFor(() => {
      const box = /** @type {HTMLInputElement | null} */ (document.querySelector('#settings[open] #narration'))
      box?.click()
      return box?.checked
    })
    await press(page, 'Settings')
    await page.waitFor(() => /^Round \d+\. The network gets/.test(document.querySelector('.narration')?.textContent ?? ''))
    const { iteration } = await marks(page)
    const during = await spoken()
    await reaches(page, Number(iteration) + 8)
    assert.equal(await spoken(), during, 'it speaks again within ten seconds')
    await press(page, 'Pause training')
    await page.waitFor(() => document.querySelector('.narration')?.textContent?.startsWith('Paused'))
    await new Promise((next) => setTimeout(next, 800))
    const rounds = Number((await marks(page)).iteration)
    assert.equal(await spoken(), `Paused at round ${rounds}. ${told(rounds)}`)
    await press(page, 'One round')
    await page.waitFor((sentence) => document.querySelector('.narration')?.textContent === sentence, {}, `Round ${rounds + 1}. ${told(rounds + 1)}`)

    await page.goto(url)
    await page.waitFor(() => /^Round \d+\./.test(document.querySelector('.narration')?.textContent ?? ''))
    assert.deepEqual(await page.errors(), [])
  })
})
