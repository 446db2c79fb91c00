/** The page by axe-core's rules for WCAG 2.2 AA: light and dark, wide and narrow, with its drawers open. In Chromium. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { serve } from '../../web/serve.js'
import { launch } from './drive.js'
import { choose, closed, lookInside, looksInside, press, reaches } from './use.js'

const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

const browser = await launch('chromium')
const site = await serve('build/site', { port: 0, prelude: `<script>${AXE.replaceAll('</script', '<\\/script')}</script>` })
after(async () => {
  await browser.close()
  await site.close()
})

/** What breaks a rule, in words. @param {import('./drive.js').Page} page @returns {Promise<string[]>} */
const violations = (page) => page.evaluate(async () => {
  const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  const { violations } = await Reflect.get(window, 'axe').run(document, { runOnly: rules, resultTypes: ['violations'] })
  return violations.flatMap((/** @type {{ id: string, nodes: { target: string[], failureSummary: string }[] }} */ { id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`))
})

/** Opens one after the other: all, or those named. @param {import('./drive.js').Page} page @param {string[]} [named] */
async function keepsThemInside(page, named) {
  for (const panel of named ?? await looksInside(page)) {
    await lookInside(page, panel)
    assert.deepEqual(await violations(page), [], panel)
  }
}

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  for (const [width, height] of [[1280, 800], [390, 844]]) {
    test(`the page keeps the rules of accessibility, ${colorScheme}, ${width} wide, and so do its drawers and the looks inside`, async (t) => {
      const page = await browser.open(site.url, { width, height, colorScheme, reducedMotion: true })
      t.after(() => page.close())
      await press(page, 'Train')
      await reaches(page, 3)
      await press(page, 'Pause training')
      assert.deepEqual(await violations(page), [])
      await keepsThemInside(page)
      for (const drawer of ['Data', 'Settings']) {
        await press(page, drawer)
        await page.waitFor((id) => /** @type {HTMLDialogElement} */ (document.getElementById(id)).open, {}, drawer.toLowerCase())
        assert.deepEqual(await violations(page), [], drawer)
        await page.evaluate((id) => /** @type {HTMLDialogElement} */ (document.getElementById(id)).close(), drawer.toLowerCase())
      }
    })
  }
}

test('so do the looks inside a network with gates', async (t) => {
  const page = await browser.open(site.url, { reducedMotion: true })
  t.after(() => page.close())
  await page.waitFor(() => document.documentElement.dataset.ready)
  await press(page, 'Settings')
  await choose(page, '#field-cell', 'lstm')
  await press(page, 'Make this network')
  await closed(page)
  await press(page, 'One round')
  await reaches(page, 1)
  await keepsThemInside(page, ['neurons', 'gates', 'weights', 'runs'])
})

for (const [width, height] of [[1280, 800], [390, 844]]) {
  test(`so does the folded score, ${width} wide, with its neuron opened and asked about`, async (t) => {
    const page = await browser.open(`${site.url}#v=1&text=${'To be or not to be, that is the question. '.repeat(5)}&cell=lstm&hidden=40&layers=2&steps=30&batch=2`, { width, height, reducedMotion: true })
    t.after(() => page.close())
    await page.waitFor(() => document.querySelector('.heat canvas') !== null)
    await press(page, 'Zoom in')
    await page.press('Tab')
    await page.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('.heat')).focus())
    await page.press('Enter')
    await page.waitFor(() => document.querySelector('.equation:not([hidden])') !== null)
    assert.deepEqual(await violations(page), [])
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false)
  })
}

test('a page that breaks a rule is found', async (t) => {
  const page = await browser.open(site.url)
  t.after(() => page.close())
  await reaches(page, 1)
  await page.evaluate(() => { document.body.append(document.createElement('img')) })
  assert.match((await violations(page)).join(), /image-alt/)
})
