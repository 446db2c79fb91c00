/** The driver itself, proved in the three browsers on small pages made here. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { serve } from '../../web/serve.js'
import { BROWSERS, launch, WATCH } from './drive.js'

const folder = mkdtempSync(join(tmpdir(), 'unroll-harness-'))
after(() => rmSync(folder, { recursive: true }))

for (const [name, text] of Object.entries({
  'index.html': `<!doctype html><link rel="icon" href="data:,"><title>Harness</title>
    <meta http-equiv="Content-Security-Policy" content="script-src 'self'; worker-src 'self'">
    <button>click me</button><input id="text" value="old"><input id="file" type="file">
    <script type="module" src="index.js"></script>`,
  'index.js': `
    const worker = new Worker('worker.js', { type: 'module' })
    worker.onmessage = ({ data }) => { window.answer = data }
    worker.postMessage(20)
    const [button, text, file] = document.querySelectorAll('button, input')
    button.onclick = () => { button.textContent = 'clicked' }
    text.onkeydown = ({ key }) => { if (key === 'Enter') document.title = text.value }
    file.onchange = async () => { document.title = await file.files[0].text() }`,
  'worker.js': `import { more } from './more.js'\nonmessage = ({ data }) => postMessage(more(data))`,
  'more.js': 'export const more = (x) => x + 1',
  'broken.html': `<!doctype html><link rel="icon" href="data:,"><script>
      console.error('said', 1)
      Promise.reject(new RangeError('rejected'))
      throw new TypeError('thrown')
    </script><script src="missing.js"></script>`,
  'alone.html': `<!doctype html><title>alone</title><script>
      const source = URL.createObjectURL(new Blob(['onmessage = ({ data }) => postMessage(data * 2)']))
      const worker = new Worker(source)
      worker.onmessage = ({ data }) => { window.answer = data; console.error('answered') }
      worker.postMessage(21)
    </script>`,
  'note.txt': 'from a file',
})) {
  writeFileSync(join(folder, name), text)
}

for (const name of BROWSERS) {
  describe(name, async () => {
    const browser = await launch(name)
    const site = await serve(folder, { port: 0, prelude: WATCH })
    after(async () => {
      await browser.close()
      await site.close()
    })

    test(`${name} runs a module worker, isolated, with a clean console`, async () => {
      const page = await browser.open(site.url)
      assert.equal(await page.waitFor(() => Reflect.get(window, 'answer')), 21)
      assert.equal(await page.evaluate(() => crossOriginIsolated && typeof SharedArrayBuffer), 'function')
      assert.equal(await page.evaluate(async (a, b) => (await Promise.resolve(a)) + b.c, 1, { c: 2 }), 3)
      await assert.rejects(page.evaluate(() => Promise.reject(new Error('why not'))), /why not/)
      await assert.rejects(page.waitFor(() => false, { timeout: 100 }), /not true within 100 ms/)
      assert.deepEqual(await page.errors(), [])
    })

    test(`${name} clicks, types, presses keys and picks files`, async () => {
      const page = await browser.open(site.url)
      await page.click('button')
      await page.type('#text', 'new, Ünicode')
      await page.press('Enter')
      assert.deepEqual(await page.evaluate(() => [document.querySelector('button')?.textContent, document.title]), ['clicked', 'new, Ünicode'])
      await page.setFile('#file', join(folder, 'note.txt'))
      await page.waitFor(() => document.title === 'from a file')
      assert.deepEqual(await page.errors(), [])
    })

    test(`${name} shows a page at the size, colours and motion asked for`, async () => {
      const page = await browser.open(site.url, { width: 390, height: 844, colorScheme: 'dark', reducedMotion: true })
      const seen = await page.evaluate(() => [
        innerWidth, innerHeight, matchMedia('(prefers-color-scheme: dark)').matches, matchMedia('(prefers-reduced-motion: reduce)').matches,
      ])
      assert.deepEqual(seen, [390, 844, true, true])
      const plain = await browser.open(site.url)
      const usual = await plain.evaluate(() => [
        innerWidth, innerHeight, matchMedia('(prefers-color-scheme: light)').matches, matchMedia('(prefers-reduced-motion: reduce)').matches,
      ])
      assert.deepEqual(usual, [1280, 800, true, false])
      const picture = join(folder, 'page.png')
      await page.screenshot(picture)
      assert.deepEqual([readFileSync(picture).readUInt32BE(16), readFileSync(picture).readUInt32BE(20)], [390, 844])
    })

    test(`${name} reports what a page logs, throws, rejects and cannot load`, async () => {
      const page = await browser.open(site.url + 'broken.html')
      await page.waitFor(() => document.readyState === 'complete')
      const errors = (await page.errors()).join('\n')
      for (const part of [/said 1/, /rejected/, /thrown/, /missing\.js/]) assert.match(errors, part)
    })

    test(`${name} runs a page and its worker from file://`, async () => {
      const page = await browser.open(pathToFileURL(join(folder, 'alone.html')).href)
      assert.equal(await page.waitFor(() => Reflect.get(window, 'answer')), 42)
      assert.equal(await page.evaluate(() => location.protocol), 'file:')
      assert.match((await page.errors()).join('\n'), /answered/)
    })
  })
}
