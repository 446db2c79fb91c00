/**
 * Takes pictures of the page in Chromium, at two sizes, light and dark: of every preset, look inside, drawer and lesson, and
 * of the tour. The README shows hello-1280-light.png.
 *
 *     node tests/browser/screenshots.js [folder] [name…]
 *
 * Names are those below, the tabs' and the presets', all unless told; `moby-dick/gates` is a look inside after another preset.
 * Pictures are called hello-1280-light.png.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { presets } from '../../web/presets.js'
import { serve } from '../../web/serve.js'
import { launch } from './drive.js'
import { choose, complete, press, takeTour } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

const SIZES = [[1280, 800], [390, 844]]
const SCHEMES = /** @type {const} */ (['light', 'dark'])
const LEARNING = 4000 // ms until "hello" has something to show
const DRAWING = 1200 // ms until all that was asked for is drawn
const PANELS = ['attention', 'neurons', 'gates', 'gradients', 'spectrum', 'sensitivity', 'clipping', 'weights', 'embeddings', 'sampling', 'beam', 'surprise', 'runs']

/** @param {Page} page @param {string} panel */
const look = (page, panel) => page.waitFor((panel) => {
  document.getElementById(`tab-${panel}`)?.click()
  document.getElementById('inspect')?.scrollIntoView()
  return document.getElementById(`panel-${panel}`)?.innerText
}, {}, panel)

/** What is done to see something. @type {Record<string, (page: Page) => Promise<unknown>>} */
const DEEDS = {
  ...Object.fromEntries(Object.keys(presets).filter((name) => name !== 'own').map((name) => [name, (page) => name === 'hello' ? sleep(0) : choose(page, '#preset', name).then(() => sleep(LEARNING))])),
  ...Object.fromEntries(PANELS.map((name) => [name, (page) => look(page, name)])),
  ...Object.fromEntries(['lstm', 'gru'].map((cell) => [cell, async (page) => {
    await press(page, 'Settings')
    await choose(page, '#field-cell', cell)
    await press(page, 'Make this network')
    await sleep(LEARNING)
  }])),
  backward: (page) => press(page, '← backward'),
  data: (page) => press(page, 'Data'),
  settings: (page) => press(page, 'Settings'),
  lesson: (page) => page.waitFor(() => { document.getElementById('lessons')?.scrollIntoView(); return document.querySelector('#lessons .claim') }),
  lessons: (page) => press(page, 'Lessons'),
  what: (page) => press(page, 'What am I looking at? The network, unrolled through time'),
  tour: (page) => takeTour(page),
}

const [folder = 'build/screenshots', ...asked] = process.argv.slice(2)
const names = asked.length ? asked : [...Object.keys(DEEDS), ...PANELS.map((panel) => `moby-dick/${panel}`)]
const unknown = names.flatMap((name) => name.split('/')).filter((deed) => !(deed in DEEDS))
if (unknown.length) throw new Error(`there is no ${unknown.join(', no ')}; there are ${Object.keys(DEEDS).join(', ')}`)

mkdirSync(folder, { recursive: true })
const site = await serve('build/site', { port: 0 })
const browser = await launch('chromium')
for (const name of names) {
  for (const [width, height] of SIZES) {
    for (const colorScheme of SCHEMES) {
      const page = await browser.open(site.url, { width, height, colorScheme })
      await complete(page)
      await sleep(LEARNING)
      for (const deed of name.split('/')) await DEEDS[deed](page)
      await sleep(DRAWING)
      const path = join(folder, `${name.replaceAll('/', '-')}-${width}-${colorScheme}.png`)
      await page.screenshot(path)
      console.log(path, ...(await page.errors()))
      await page.close()
    }
  }
}
await browser.close()
await site.close()
