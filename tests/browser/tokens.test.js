/** Words and bytes on the page, in three browsers: chosen, learned, written and shared; and the look at what surprises. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createVocabulary, surprises } from '../../build/unroll/unroll.js'
import { presetFor, presets } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { engine } from '../engine/helpers.js'
import { table } from '../../web/page/language/de.js'
import { OF_LETTERS } from '../../web/page/language/nouns.js'
import { choose, complete, lookInside, looksInside, marks, press, reaches, takeFile } from './use.js'

const TEXT = 'The cat sat on the mat, and the dog — grüß Gott — sat by the cat. The whale sat on the dog. '.repeat(3)
const ROUNDS = 3

const folder = mkdtempSync(join(tmpdir(), 'unroll-tokens-'))
after(() => rmSync(folder, { recursive: true }))

/** A network of what the page would make, after some rounds. @param {import('../../build/unroll/types/text.js').Tokens} tokens @param {number} maximum */
function inNode(tokens, maximum) {
  const vocabulary = createVocabulary(TEXT, { tokens, ...(tokens === 'words' && { maximum }) })
  const model = engine.createModel({ ...presetFor(TEXT).config, ...(tokens === 'words' && { input: 'embedding', inputSize: 64 }), vocabulary: vocabulary.size })
  model.setText(vocabulary.encode(TEXT).symbols)
  return { model, vocabulary, loss: model.train(ROUNDS).loss }
}

/** @param {import('./drive.js').Page} page @param {string} text */
const draft = (page, text) => page.waitFor((text) => {
  const area = /** @type {HTMLTextAreaElement | null} */ (document.querySelector('#data textarea'))
  if (!area) return false
  area.value = text
  area.dispatchEvent(new Event('input', { bubbles: true }))
  return true
}, {}, text)

/** Texts of all nodes. @param {import('./drive.js').Page} page @param {string} selector */
const textsOf = (page, selector) => page.evaluate((selector) => [...document.querySelectorAll(selector)].map((node) => node.textContent ?? ''), selector)

/** Of letters, whatever is read. */
const MEANT = [...OF_LETTERS].flatMap((text) => [text, String(table[text])])

/** All that the page says now, shown or not, where it says letter. @param {import('./drive.js').Page} page */
const lettersIn = async (page) => (await page.evaluate(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT)
  const said = []
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node instanceof Element) said.push(...['aria-label', 'aria-valuetext', 'aria-description', 'title', 'placeholder'].map((name) => /** @type {Element} */ (node).getAttribute(name) ?? ''))
    else if (!node.parentElement?.closest('script, style')) said.push(node.textContent ?? '')
  }
  return said
})).filter((text) => /\bletters?\b|\bBuchst/i.test(text) && !MEANT.some((meant) => text.includes(meant)))

/** Opens each explanation. @param {import('./drive.js').Page} page */
const explain = (page) => page.waitFor(() => {
  const buttons = [...document.querySelectorAll('.explain')]
  for (const button of buttons) {
    const over = button.nextElementSibling
    if (over && !over.querySelector('h3')) /** @type {HTMLElement} */ (button).click()
  }
  return buttons.length > 5 && buttons.every((button) => button.nextElementSibling?.querySelector('h3'))
})

/** Where the page says letter, all its looks, drawers and explanations opened. @param {import('./drive.js').Page} page @param {{ data: string, settings: string, close: string }} names */
async function lettersEverywhere(page, { data, settings, close }) {
  const found = new Set()
  const look = async () => { for (const text of await lettersIn(page)) found.add(text) }
  for (const direction of [2, 1]) {
    await page.evaluate((direction) => /** @type {HTMLElement} */ (document.querySelector(`#ruler .switch button:nth-child(${direction})`)).click(), direction)
    await look()
  }
  for (const panel of await looksInside(page)) {
    await page.waitFor((panel) => {
      document.getElementById(`tab-${panel}`)?.click()
      document.getElementById('inspect')?.scrollIntoView()
      const node = document.getElementById(`panel-${panel}`)
      return node !== null && node.innerText.length > 80 && [...node.querySelectorAll('title')].every(({ textContent, parentElement }) => textContent || !parentElement?.checkVisibility())
    }, {}, panel)
    await look()
  }
  await explain(page)
  await look()
  for (const drawer of [data, settings]) {
    await press(page, drawer)
    await page.waitFor(() => document.querySelector('dialog[open]') !== null)
    await page.waitFor(() => !document.querySelector('#data[open] .stale'))
    await look()
    await press(page, close)
    await page.waitFor(() => document.querySelector('dialog[open]') === null)
  }
  return [...found]
}

const NAMES = {
  en: { data: 'Data', settings: 'Settings', close: 'Close', round: 'One round', as: 'word by word', earlier: 'Earlier letters' },
  de: { data: 'Daten', settings: 'Optionen', close: 'Schließen', round: 'Eine Runde', as: 'Wort für Wort', earlier: 'Frühere Buchstaben' },
}

inEachBrowser(({ name, open, url }) => {
  for (const [language, names] of Object.entries(NAMES)) {
    for (const [drawing, network] of Object.entries({ vanilla: { cell: 'vanilla', hidden: '3' }, folded: { cell: 'lstm', hidden: '64' } })) {
      test(`${name} says nowhere that words are letters, in the language ${language}, drawn ${drawing}`, async (t) => {
        const words = new URLSearchParams({ v: '1', text: 'a cat sat on a mat ', tokens: 'words', maxVocabulary: '9', input: 'one-hot', batch: '1', steps: '4', heldOut: '0', ...network })
        const page = await open(t, { url: `${url}?lang=${language}#${words}`, reducedMotion: true })
        await complete(page)
        await page.waitFor((words) => document.querySelector('#headline')?.textContent?.includes(words), {}, names.as)
        assert.equal((await marks(page)).drawing, drawing)
        await press(page, names.round)
        await reaches(page, 1)
        assert.deepEqual(await lettersEverywhere(page, names), [])
        const [[other, others]] = Object.entries(NAMES).filter(([code]) => code !== language)
        await press(page, names.settings)
        await choose(page, '#language', other)
        await page.waitFor((words) => document.querySelector('#headline')?.textContent?.includes(words), {}, others.as)
        assert.deepEqual(await lettersIn(page), [])
        await press(page, others.close)
        await choose(page, '#preset', 'hello')
        await page.waitFor((name) => document.querySelector(`#ruler [aria-label='${name}']`) !== null, {}, others.earlier)
        assert.deepEqual(await page.errors(), [])
      })
    }
  }

  for (const [task, nouns] of Object.entries({ adding: 'steps', sorting: 'symbols', tagging: 'words', reversal: 'letters' })) {
    test(`${name} calls what the task ${task} reads ${nouns}`, async (t) => {
      const page = await open(t, { url: `${url}#v=1&preset=${task}`, reducedMotion: true })
      await complete(page)
      await page.waitFor(() => document.querySelector('#ruler [aria-label="Another sequence"]') !== null)
      await press(page, 'One round')
      await reaches(page, 1)
      const found = await lettersEverywhere(page, NAMES.en)
      if (nouns === 'letters') assert.ok(found.length > 10)
      else assert.deepEqual(found.filter((text) => nouns !== 'words' || text !== 'letter'), []) // which is one of the words that it reads
      assert.ok(await page.evaluate((nouns) => document.querySelector(`#panel-gradients [aria-label^='${nouns} back']`) !== null, nouns))
      assert.deepEqual(await page.errors(), [])
    })
  }

  for (const tokens of /** @type {const} */ (['words', 'bytes'])) {
    test(`${name} learns ${tokens} as Node does, shows what it reads, and what surprises it`, async (t) => {
      const page = await open(t, { reducedMotion: true })
      await complete(page)
      await press(page, 'Data')
      await draft(page, TEXT)
      await press(page, tokens)
      if (tokens === 'words') {
        await page.waitFor(() => document.querySelector('#data .cut input')?.checkVisibility())
        await page.type('#data .cut input', '12')
        await page.press('Enter')
        await page.waitFor(() => /The 11 most frequent have a symbol each; \d+ others are read as one, ⟨\?⟩, \d+ times/.test(document.querySelector('#data')?.textContent ?? ''))
      }
      const { model, vocabulary, loss } = inNode(tokens, 12)
      t.after(() => model.dispose())
      const { symbols, unknown } = vocabulary.encode(TEXT)
      if (tokens === 'words') {
        const lost = [...unknown.values()].reduce((sum, count) => sum + count, 0)
        await page.waitFor((words) => document.querySelector('#data')?.textContent?.includes(words), {}, `The 11 most frequent have a symbol each; ${unknown.size} others are read as one, ⟨?⟩, ${lost} times`)
      } else await page.waitFor((words) => document.querySelector('#data .lead')?.textContent?.includes(words), {}, `The text has ${symbols.length} bytes, ${new Set(symbols).size} different ones`)
      await press(page, 'Start learning this text')
      await page.waitFor((label) => document.querySelector('#headline')?.textContent?.includes(label), {}, tokens === 'words' ? 'word by word' : 'byte by byte')
      for (let round = 1; round <= ROUNDS; round++) {
        await press(page, 'One round')
        await reaches(page, round)
      }
      assert.equal(Number((await marks(page)).loss), loss)
      await lookInside(page, 'surprise')
      const own = 'The dog sat on the zebra — Gott!'
      await press(page, 'my text')
      await page.waitFor(() => document.querySelector('#panel-surprise textarea')?.checkVisibility())
      await page.waitFor((text) => {
        const area = /** @type {HTMLTextAreaElement} */ (document.querySelector('#panel-surprise textarea'))
        if (area.value !== text) { area.value = text; area.dispatchEvent(new Event('input', { bubbles: true })) }
        return document.querySelectorAll('#panel-surprise .passage span').length > 3
      }, {}, own)
      const told = [...surprises(model, vocabulary, own)]
      await page.waitFor((count) => document.querySelectorAll('#panel-surprise .passage span').length === count, {}, told.length)
      const [shown, said] = [await textsOf(page, '#panel-surprise .passage span'), await textsOf(page, '#panel-surprise .claim')]
      assert.deepEqual(shown, told.map(({ text, symbol }) => text || vocabulary.symbols[symbol]))
      const mean = told.slice(1).reduce((sum, { bits }) => sum + bits, 0) / (told.length - 1)
      assert.ok(said[0].includes(`by ${mean.toFixed(2)} bits`), said[0])
      await page.click('#panel-surprise .passage span:nth-child(3)')
      const [line] = await textsOf(page, '#panel-surprise .picture .how')
      assert.ok(line.includes(`${told[2].bits.toFixed(1)} bits`) && line.includes('It expected'), line)
      assert.deepEqual(await page.errors(), [])
    })
  }

  test(`${name} goes on with a run of words from its link, its file, and after a reload`, async (t) => {
    const page = await open(t, { url: `${url}#${new URLSearchParams({ v: '1', text: TEXT.slice(0, 92), tokens: 'words', maxVocabulary: '9', input: 'embedding', inputSize: '8' })}`, reducedMotion: true })
    await complete(page)
    await page.waitFor(() => document.querySelector('#headline')?.textContent?.includes('word by word'))
    await press(page, 'Data')
    await page.waitFor(() => document.querySelector('#data .cut [aria-pressed=true]')?.textContent === 'words' && /** @type {HTMLInputElement} */ (document.querySelector('#data .cut input')).value === '9')
    const hash = await page.evaluate(() => location.hash)
    for (const part of ['tokens=words', 'maxVocabulary=9', 'input=embedding', 'inputSize=8']) assert.ok(hash.includes(part), hash)
    await press(page, 'One round')
    await reaches(page, 1)
    assert.doesNotMatch(String((await marks(page)).writes), /⟨/)
    const path = join(folder, `${name}.safetensors`)
    writeFileSync(path, await takeFile(page, 'the network'))
    const other = await open(t, { reducedMotion: true })
    await complete(other)
    await press(other, 'Data')
    await other.setFile('#file', path)
    await other.waitFor(() => document.querySelector('#headline')?.textContent?.includes('word by word') && document.documentElement.dataset.iteration === '1')
    await press(other, 'One round')
    await press(page, 'One round')
    for (const each of [page, other]) await reaches(each, 2)
    assert.equal((await marks(other)).loss, (await marks(page)).loss)
    await page.evaluate(() => dispatchEvent(new Event('pagehide')))
    await page.waitFor(() => document.documentElement.dataset.saved === '2')
    await page.goto(`${url}?again`)
    await page.waitFor(() => /Go on from round 2/.test(document.querySelector('.notice .button')?.textContent ?? ''))
    await page.click('.notice .button')
    await page.waitFor(() => document.querySelector('#headline')?.textContent?.includes('word by word') && document.documentElement.dataset.iteration === '2')
    await page.waitFor(() => [...document.querySelectorAll('button')].some((node) => /^(Pause training|Train)$/.test(node.getAttribute('aria-label') ?? '') && !node.disabled))
    for (const each of [page, other]) {
      await press(each, 'One round')
      await reaches(each, 3)
    }
    assert.equal((await marks(page)).loss, (await marks(other)).loss)
    for (const each of [page, other]) assert.deepEqual(await each.errors(), [])
  })
})

test('the presets stay as they were: characters, unless one says otherwise', () => {
  for (const { config } of Object.values(presets)) assert.ok(!('tokens' in config))
})
