/** How the page lies at every width, in Chromium: nothing sideways, no text on another, room for fingers, and nothing that jumps while it learns. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { serve } from '../../web/serve.js'
import { launch } from './drive.js'
import { disorder, jumps, smallTargets } from './layout.js'
import { openPreset, TASKS, TEXTS } from './learned.js'
import { complete, lookInside, looksInside, press, reaches, takeTour } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

const SIZES = /** @type {const} */ ([[320, 640], [390, 844], [768, 1024], [1280, 800], [1920, 1080]])
const BLOCKS = ['#bar', '#writes', '#score', '#ruler', '#reading', '#transport', '#inspect', '#lessons']

const browser = await launch('chromium')
const site = await serve('build/site', { port: 0 })
after(async () => {
  await browser.close()
  await site.close()
})

/** Waits until what is asked for is drawn, and the answer to what was asked with it. @param {Page} page */
const settled = (page) => page.evaluate(async () => {
  for (let frame = 0; frame < 4; frame++) await new Promise((next) => requestAnimationFrame(next))
})

/** Waits until what came into view by a new size is filled. @param {Page} page */
const filled = (page) => page.evaluate(async () => {
  const height = () => document.documentElement.scrollHeight
  for (let last = -1, tries = 0; last !== height() && tries < 5; tries++) {
    last = height()
    await new Promise((next) => setTimeout(next, 300))
  }
})

/** @param {Page} page @param {string} what @param {string} within */
async function orderly(page, what, within) {
  await settled(page)
  const faults = [...await page.evaluate(disorder, within), ...await page.evaluate(smallTargets, within)]
  return faults.map((fault) => `${what}: ${fault}`)
}

/** @param {Page} page @returns {Promise<string[]>} */
async function inside(page) {
  const faults = []
  for (const panel of await looksInside(page)) {
    await lookInside(page, panel)
    faults.push(...await orderly(page, panel, '#inspect'))
  }
  await page.evaluate(() => document.getElementById('lessons')?.scrollIntoView())
  await page.waitFor(() => document.querySelector('#lessons .claim') !== null)
  faults.push(...await orderly(page, 'lesson', '#lessons'))
  await page.evaluate(() => scrollTo(0, 0))
  return faults
}

/** @param {Page} page @returns {Promise<string[]>} */
async function drawers(page) {
  const faults = []
  for (const name of ['Data', 'Settings']) {
    await press(page, name)
    await page.waitFor((id) => /** @type {HTMLDialogElement} */ (document.getElementById(id)).open, {}, name.toLowerCase())
    faults.push(...await orderly(page, name, `#${name.toLowerCase()}`))
    await page.press('Escape')
    await page.waitFor((id) => !(/** @type {HTMLDialogElement} */ (document.getElementById(id)).open), {}, name.toLowerCase())
  }
  return faults
}

for (const { name: preset } of TEXTS) {
  test(`${preset} lies in order at every width, with its drawers and looks inside`, async (t) => {
    const page = await browser.open(site.url)
    t.after(() => page.close())
    await openPreset(page, preset)
    await reaches(page, 10)
    await press(page, 'Pause training')
    const faults = []
    for (const [width, height] of SIZES) {
      await page.resize(width, height)
      const found = [...await orderly(page, 'page', '#bar, #stage'), ...await inside(page), ...await drawers(page)]
      faults.push(...found.map((fault) => `${width}: ${fault}`))
    }
    assert.deepEqual(faults, [])
    assert.deepEqual(await page.errors(), [])
  })
}

test('every task lies in order at every width', async (t) => {
  const page = await browser.open(site.url)
  t.after(() => page.close())
  const faults = []
  for (const task of TASKS) {
    await openPreset(page, task)
    await reaches(page, 3)
    await press(page, 'Pause training')
    for (const [width, height] of SIZES) {
      await page.resize(width, height)
      faults.push(...await orderly(page, `${width}: ${task}`, '#bar, #stage'))
    }
  }
  assert.deepEqual(faults, [])
  assert.deepEqual(await page.errors(), [])
})

test('the tour lies in order at every width, at each of its stops', async (t) => {
  const page = await browser.open(site.url)
  t.after(() => page.close())
  await complete(page)
  await takeTour(page)
  const faults = []
  for (let stop = 1; stop <= 10; stop++) {
    await page.waitFor((stop) => document.querySelector('#tour .soft')?.textContent?.startsWith(`${stop} of`), {}, stop)
    for (const [width, height] of SIZES) {
      await page.resize(width, height)
      faults.push(...(await orderly(page, `${width}: stop ${stop}`, await page.evaluate(() => document.querySelector('#tour')?.classList.contains('away') ? '#tour' : '#bar, .intro, #score'))))
    }
    await press(page, stop < 10 ? 'Next' : 'Finish')
  }
  assert.deepEqual(faults, [])
})

for (const preset of ['hello', 'moby-dick']) {
  test(`nothing jumps while ${preset} is learned`, async (t) => {
    const page = await browser.open(site.url)
    t.after(() => page.close())
    await openPreset(page, preset)
    const faults = []
    for (const [width, height] of [[320, 640], [360, 640], [390, 844], [1280, 800]]) {
      await page.resize(width, height)
      await filled(page)
      faults.push(...(await page.evaluate(jumps, BLOCKS, 1200)).map((fault) => `${width}: ${fault}`))
    }
    assert.deepEqual(faults, [])
  })
}

test('what is out of order is found', async (t) => {
  const page = await browser.open(site.url)
  t.after(() => page.close())
  await reaches(page, 1)
  await page.evaluate(() => {
    const box = document.createElement('div')
    box.style.cssText = 'position: absolute; left: 28px; top: 60px; width: 1400px; overflow: hidden; white-space: nowrap'
    box.innerHTML = '<button style="width: 12px; height: 12px; padding: 0">x</button><button style="width: 12px; height: 12px; padding: 0">y</button> this lies on the headline'
    const cut = document.createElement('p')
    cut.style.cssText = 'width: 40px; height: 20px; overflow: hidden; white-space: nowrap'
    cut.textContent = 'longer than its box'
    document.querySelector('#stage')?.append(box, cut)
  })
  const found = [...await page.evaluate(disorder, '#stage'), ...await page.evaluate(smallTargets, '#stage')].join('\n')
  for (const fault of [/in a window of 1280/, /“this lies on the headline” lies on|lies on “this lies on the headline”/, /“longer than its box” is cut off/, /^x is 12/m]) assert.match(found, fault)
})
