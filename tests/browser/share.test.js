/** A run is shared as a link, and opened again elsewhere. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { presetFor, presets } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { lossInNode } from './in-node.js'
import { choose, closed, complete, lookInside, marks, press, reaches } from './use.js'

/** @typedef {import('./drive.js').Page} Page */

/** The address after Share. @param {Page} page @returns {Promise<string>} */
async function share(page) {
  await press(page, 'Share')
  await says(page, 'repeats this run')
  return page.evaluate(() => location.hash)
}

/** @param {Page} page @param {string} words */
const says = (page, words) => page.waitFor((words) => document.querySelector('.notice')?.textContent?.includes(words), {}, words)

inEachBrowser(({ name, open, url }) => {
  test(`${name} repeats a shared run elsewhere, number for number`, async (t) => {
    const page = await open(t)
    await reaches(page, 3)
    await press(page, 'Pause training')
    await press(page, 'Settings')
    await choose(page, '#field-cell', 'gru')
    await press(page, 'Make this network')
    await closed(page)
    await reaches(page, 20)
    const hash = await share(page)
    const [, round, loss] = /round=(\d+):([\d.]+)/.exec(hash) ?? []
    assert.ok(hash.startsWith('#v=1&preset=hello&cell=gru&round='), hash)
    const there = lossInNode({ ...presets.hello.config, cell: 'gru' }, Number(round))
    assert.equal(Number(Number(there).toPrecision(9)), Number(loss))

    const other = await open(t, { url: url + hash })
    await says(other, 'the same numbers as when it was shared')
    const { iteration, training, drawing, loss: here } = await marks(other)
    assert.deepEqual([iteration, training, drawing, here], [round, 'paused', 'gru', there])
    await press(other, 'One round')
    await reaches(other, Number(round) + 1)
    assert.equal((await marks(other)).loss, lossInNode({ ...presets.hello.config, cell: 'gru' }, Number(round) + 1))

    // Other weights are told by their fingerprint.
    const wrong = await open(t, { url: url + hash.replace(/\w+$/, '0123456789a') })
    await says(wrong, 'but some weights differ')
    for (const each of [page, other, wrong]) assert.deepEqual(await each.errors(), [])
  })

  test(`${name} shares a short text of one's own in the link`, async (t) => {
    const text = 'banána & co 🌊'
    const { config } = presetFor(text)
    const loss = Number(lossInNode(config, 8, text).slice(0, 12)).toPrecision(9)
    const page = await open(t, { url: url + `#${new URLSearchParams({ v: '1', text, round: `8:${Number(loss)}:0` })}` })
    await says(page, 'Round 8: not the same numbers')
    assert.equal((await marks(page)).loss, lossInNode(config, 8, text))
    const hash = await share(page)
    assert.equal(new URLSearchParams(hash.slice(1)).get('text'), text)
    await page.evaluate((hash) => { location.hash = hash }, `${hash}&`.slice(0, -1).replace('v=1', 'v=1&seed=7'))
    await says(page, 'not the same numbers')
    assert.equal((await marks(page)).loss, lossInNode({ ...config, seed: 7 }, 8, text))
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} says in a sentence what is wrong with a link, and shows hello`, async (t) => {
    const page = await open(t, { url: url + '#v=1&preset=hello&hidden=99999' })
    await says(page, 'This link cannot be read: hidden goes from')
    await reaches(page, 2)
    const { iteration, loss } = await marks(page)
    assert.equal(loss, lossInNode(presets.hello.config, Number(iteration)))
    const foreign = await open(t, { url: url + '#access_token=x' })
    await says(foreign, 'it does not say what it is of')
    await reaches(foreign, 2)
    for (const each of [page, foreign]) assert.deepEqual(await each.errors(), [])
  })

  test(`${name} repeats a run whose recurrent weights were scaled by hand`, async (t) => {
    const page = await open(t)
    await reaches(page, 10)
    await complete(page)
    await press(page, 'Pause training')
    await lookInside(page, 'spectrum')
    await page.waitFor(() => document.querySelector('#panel-spectrum input.drag') !== null)
    await page.type('#panel-spectrum input.drag[aria-label="spectral radius"]', '1.23')
    await page.press('Enter')
    await page.waitFor(() => document.documentElement.dataset.training === 'paused')
    for (const more of [1, 2]) {
      const { iteration } = await marks(page)
      await press(page, 'One round')
      await reaches(page, Number(iteration) + 1)
      assert.equal(Number((await marks(page)).iteration), Number(iteration) + 1, `round ${more} after it`)
    }
    const hash = await share(page)
    assert.match(hash, /at=\d+:radius\.0:1\.23&round=/)
    const other = await open(t, { url: url + hash })
    await says(other, 'the same numbers as when it was shared')
    assert.equal((await marks(other)).loss, (await marks(page)).loss)
    for (const each of [page, other]) assert.deepEqual(await each.errors(), [])
  })

  test(`${name} keeps the address up to date with what is set by hand, in one entry of the history`, async (t) => {
    const page = await open(t)
    await reaches(page, 2)
    await complete(page)
    const before = await page.evaluate(() => history.length)
    await page.type('.knobs input[aria-label="learning rate"]', '0.02')
    await page.press('Enter')
    const address = (/** @type {string} */ words) => page.waitFor((words) => location.hash === words, {}, words)
    await address('#v=1&preset=hello&learningRate=0.02')
    for (const temperature of ['0.3', '0.9', '1.2']) {
      await page.type('.temperature input.drag', temperature)
      await page.press('Enter')
    }
    await address('#v=1&preset=hello&learningRate=0.02&sample=1.2:')
    assert.equal(await page.evaluate(() => history.length), before)
    const other = await open(t, { url: url + await page.evaluate(() => location.hash) })
    await reaches(other, 2)
    assert.equal(await other.waitFor(() => /** @type {HTMLInputElement | null} */ (document.querySelector('.knobs input[aria-label="learning rate"]'))?.value), '0.02')
    for (const each of [page, other]) assert.deepEqual(await each.errors(), [])
  })
})
