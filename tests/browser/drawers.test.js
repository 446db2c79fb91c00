/** The drawers, in three browsers: equations, costs and defaults in Settings; the place in the text and strange letters in Data. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inEachBrowser } from './each.js'
import { choose, complete, marks, press, reaches, setNumber } from './use.js'

inEachBrowser(({ name, open }) => {
  test(`${name} shows the equations of what is chosen, what it would cost, and goes back to a default`, async (t) => {
    const page = await open(t)
    await reaches(page, 2)
    await press(page, 'Settings')
    const equations = () => page.evaluate(() => [...document.querySelectorAll('.formulas math')].map((node) => node.textContent))
    await page.waitFor(() => document.querySelector('.formulas math') !== null)
    assert.equal((await equations())[0], 'ht=tanh(Wxhxt+Whhht−1+bh)')
    await choose(page, '#field-cell', 'gru')
    await page.waitFor(() => document.querySelectorAll('.formulas math').length === 7)
    assert.equal((await equations())[3], 'ht=(1−zt)∘nt+zt∘ht−1')
    await choose(page, '#field-reset', 'before')
    await page.waitFor(() => document.querySelector('.formulas')?.textContent?.includes('(rt∘ht−1)'))
    await page.waitFor(() => /in memory; then .*about as fast/.test(document.querySelector('#settings .lead')?.textContent ?? ''))
    await press(page, 'hidden: back to default 128')
    await page.waitFor(() => /times slower a letter/.test(document.querySelector('#settings .lead')?.textContent ?? ''))
    await press(page, 'Make this network')
    await page.waitFor(() => document.documentElement.dataset.drawing === 'folded')
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} keeps some of a text unseen, checks by it, and stops when that gets no better`, async (t) => {
    const page = await open(t)
    await reaches(page, 2)
    await complete(page)
    await press(page, 'Data')
    await page.waitFor((text) => {
      const area = /** @type {HTMLTextAreaElement} */ (document.querySelector('#data textarea'))
      area.value = text
      area.dispatchEvent(new Event('input', { bubbles: true }))
      return true
    }, {}, `${'abcd'.repeat(40)}${'dbca'.repeat(10)}`)
    await press(page, 'Start learning this text')
    await page.waitFor(() => document.documentElement.dataset.drawing === 'folded')
    await press(page, 'Settings')
    await setNumber(page, '#field-heldOut', '0.2')
    await page.waitFor(() => document.querySelector('#field-patience')?.closest('.field')?.hasAttribute('hidden') === false)
    await setNumber(page, '#field-patience', '1')
    await press(page, 'Make this network')
    await page.waitFor(() => /stopped by itself/.test(document.querySelector('#reading')?.textContent ?? ''), { timeout: 60_000 })
    assert.equal((await marks(page)).training, 'paused')
    assert.match(String(await page.evaluate(() => document.querySelector('.loss .checks')?.getAttribute('d'))), /^M[\d. ]+h0M/)
    await press(page, 'Data')
    await page.waitFor(() => /first 160 letters and keeps the last 40 unseen/.test(document.querySelector('#data')?.textContent ?? ''))
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} marks in the text what is drawn, and tells characters that cannot be read`, async (t) => {
    const page = await open(t)
    await reaches(page, 2)
    await press(page, 'Data')
    await page.waitFor(() => document.querySelector('.passage mark')?.textContent === 'hello')
    await page.click('.trial input')
    await page.write('hole é!')
    await page.waitFor(() => /^3 characters are left out/.test(document.querySelector('.trial [role=status]')?.textContent ?? ''))
    assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('.tried .unknown')].map((node) => node.textContent)), [' ', 'é', '!'])
    assert.equal((await marks(page)).training, 'running')
    assert.deepEqual(await page.errors(), [])
  })
})
