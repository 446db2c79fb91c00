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
import { complete, lookInside, marks, press, reaches, takeFile } from './use.js'

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

inEachBrowser(({ name, open, url }) => {
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
