/**
 * Takes pictures of the page in Chromium, at two sizes, light and dark. The README shows hello-1280-light.png.
 *
 *     node tests/browser/screenshots.js [folder] [state…]
 *
 * A state is the page's address after its name: `''`, `'#preset=moby'`. Pictures are called hello-1280-light.png.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '../../web/serve.js'
import { launch } from './drive.js'

const [folder = 'build/screenshots', ...states] = process.argv.slice(2)
const SIZES = [[1280, 800], [390, 844]]
const SCHEMES = /** @type {const} */ (['light', 'dark'])
const LEARNING = 4000 // ms until "hello" has something to show

mkdirSync(folder, { recursive: true })
const site = await serve('build/site', { port: 0 })
const browser = await launch('chromium')
for (const state of states.length ? states : ['']) {
  const name = state.replace(/[^\w]+/g, '-').replace(/^-|-$/g, '') || 'hello'
  for (const [width, height] of SIZES) {
    for (const colorScheme of SCHEMES) {
      const page = await browser.open(site.url + state, { width, height, colorScheme })
      await sleep(LEARNING)
      const path = join(folder, `${name}-${width}-${colorScheme}.png`)
      await page.screenshot(path)
      console.log(path, ...(await page.errors()))
      await page.close()
    }
  }
}
await browser.close()
await site.close()
