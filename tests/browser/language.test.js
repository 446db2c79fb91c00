/** The page in German: where a link or the browser asks for it, and where one chooses it, with the run going on. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { inEachBrowser } from './each.js'
import { choose, closed, complete, marks, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const PRELUDE = `<script>${AXE.replaceAll('</script', '<\\/script')}</script>`
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Words of every other English sentence, and of no German one. */
const ENGLISH = /\b(the|of|and|with|from|it|its|which|is|are|letters?|weights?|rounds?|loss)\b/i

/** Lines, names and hints in English. @param {Page} page @param {string} selector */
const englishIn = async (page, selector) => (await page.evaluate((selector) => {
  const root = /** @type {HTMLElement} */ (document.querySelector(selector))
  const named = [...root.querySelectorAll('*')].flatMap((node) => ['aria-label', 'aria-valuetext', 'title', 'placeholder'].map((name) => node.getAttribute(name) ?? ''))
  const drawn = [...root.querySelectorAll('svg title')].map(({ textContent }) => textContent ?? '')
  return [...root.innerText.split('\n'), ...named, ...drawn]
}, selector)).filter((line) => ENGLISH.test(line))

/** @param {Page} page */
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)

/** @param {Page} page @returns {Promise<string[]>} */
const violations = (page) => page.evaluate(async (rules) => {
  const { violations } = await Reflect.get(window, 'axe').run(document, { runOnly: rules, resultTypes: ['violations'] })
  return violations.flatMap((/** @type {{ id: string, nodes: { target: string[] }[] }} */ { id, nodes }) => nodes.map(({ target }) => `${id} at ${target.join(' ')}`))
}, RULES)

/** @param {Page} page @param {string} language */
const speaks = (page, language) => page.waitFor((language) => document.documentElement.lang === language && document.querySelector('.play')?.getAttribute('aria-label'), {}, language)

inEachBrowser(({ name, url, open }) => {
  for (const [width, height] of [[1280, 800], [390, 844]]) {
    test(`${name} says everything in German, ${width} wide, and nothing lies beside the page`, async (t) => {
      const page = await open(t, { url: `${url}?lang=de`, width, height, reducedMotion: true })
      await press(page, 'Trainieren')
      await reaches(page, 3)
      await press(page, 'Training anhalten')
      await complete(page)
      assert.equal(await page.evaluate(() => document.title), 'Unroll: ein rekurrentes Netz, offengelegt')
      assert.match(await page.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('.bar')).innerText), /Lektionen\s+Teilen\s+Daten\s+Optionen/)
      await page.waitFor(() => /^Drei Neuronen lernen hello buchstabieren\. .* Nach \d+ Runden treffen sie .* Buchstaben\.$/.test(document.querySelector('#headline')?.textContent ?? ''))
      for (const place of ['.bar', '.intro', '#score', '#ruler', '#reading', '#transport', '#lessons']) assert.deepEqual(await englishIn(page, place), [], place)
      for (const panel of await page.evaluate(() => [...document.querySelectorAll('[role="tab"]:not([hidden])')].map(({ id }) => id.slice('tab-'.length)))) {
        await page.waitFor((panel) => {
          document.getElementById(`tab-${panel}`)?.click()
          document.getElementById('inspect')?.scrollIntoView()
          const node = document.getElementById(`panel-${panel}`)
          return node !== null && !node.hidden && node.innerText.length > 80
        }, {}, panel)
        assert.deepEqual(await englishIn(page, '#inspect'), [], panel)
        assert.ok(await overflow(page) <= 0, panel)
      }
      if (name !== 'webkit') assert.deepEqual(await violations(page), [])
      for (const [drawer, button] of [['data', 'Daten'], ['settings', 'Optionen']]) {
        await press(page, button)
        await page.waitFor((id) => /** @type {HTMLDialogElement} */ (document.getElementById(id)).open, {}, drawer)
        assert.deepEqual(await englishIn(page, `#${drawer}`), [], drawer)
        if (name !== 'webkit') assert.deepEqual(await violations(page), [], drawer)
        await page.press('Escape')
      }
      assert.ok(await overflow(page) <= 0)
      // WebKit tells of observers that it hears in the next frame, in any language.
      assert.deepEqual((await page.errors()).filter((error) => !error.includes('ResizeObserver loop')), [])
    })
  }

  test(`${name} has room for the longest headline of a small network`, async (t) => {
    const page = await open(t, { url: `${url}?lang=de#v=1&preset=hello&cell=lstm&hidden=2`, reducedMotion: true })
    await page.waitFor(() => document.documentElement.dataset.drawing === 'lstm')
    await press(page, 'Eine Runde')
    await reaches(page, 1)
    const [above, below] = await page.evaluate(() => ['#headline', '#score'].map((place) => document.querySelector(place)?.getBoundingClientRect()).map((box, i) => (i === 0 ? box?.bottom : box?.top)))
    assert.ok(Number(above) <= Number(below), `${above} is below ${below}`)
  })

  test(`${name} changes the language without losing the run, and keeps it for the next visit`, async (t) => {
    const page = await open(t, { reducedMotion: true })
    await press(page, 'Train')
    await reaches(page, 5)
    await press(page, 'Pause training')
    await complete(page)
    const before = await marks(page)
    await page.evaluate(() => { document.getElementById('tab-runs')?.click(); document.getElementById('inspect')?.scrollIntoView() })
    await page.waitFor(() => document.querySelectorAll('#panel-runs tbody tr').length === 1)
    await press(page, 'Settings')
    await choose(page, '#language', 'de')
    assert.equal(await speaks(page, 'de'), 'Trainieren')
    assert.deepEqual(await page.evaluate(() => [/** @type {HTMLDialogElement} */ (document.querySelector('#settings')).open, document.querySelector('#settings h2')?.textContent]), [true, 'Optionen'])
    assert.equal(await page.waitFor(() => document.querySelector('#panel-runs tbody th')?.textContent), '1  dieser, hello')
    assert.equal(await page.evaluate(() => document.querySelectorAll('#panel-runs tbody tr').length), 1)
    const now = await marks(page)
    assert.deepEqual([now.iteration, now.loss, now.training], [before.iteration, before.loss, 'paused'])
    await press(page, 'Schließen')
    await closed(page)
    await press(page, 'Eine Runde')
    await reaches(page, Number(before.iteration) + 1)
    await page.goto(url)
    assert.equal(await speaks(page, 'de'), 'Trainieren')
    await complete(page)
    await press(page, 'Optionen')
    await choose(page, '#language', 'en')
    assert.equal(await speaks(page, 'en'), 'Train')
    assert.match(await page.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('.bar')).innerText), /Lessons\s+Share\s+Data\s+Settings/)
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} says it in German in the page that is one file, too`, async (t) => {
    const page = await open(t, { url: pathToFileURL(resolve('build/unroll.html')).href, reducedMotion: true })
    await complete(page)
    await press(page, 'Settings')
    await choose(page, '#language', 'de')
    assert.equal(await speaks(page, 'de'), 'Trainieren')
    await press(page, 'Eine Runde')
    await reaches(page, 1)
    assert.deepEqual(await englishIn(page, '#score'), [])
  })
}, { prelude: PRELUDE })

inEachBrowser(({ name, url, open }) => {
  test(`${name} speaks the first language of the browser that it knows, unless a link says otherwise`, async (t) => {
    const page = await open(t, { reducedMotion: true })
    assert.equal(await speaks(page, 'de'), 'Trainieren')
    const english = await open(t, { url: `${url}?lang=en`, reducedMotion: true })
    assert.equal(await speaks(english, 'en'), 'Train')
  })
}, { prelude: "<script>Object.defineProperty(navigator, 'languages', { get: () => ['fr-CH', 'de-AT', 'en'] })</script>" })
