/** A network is taken along as a file, and opened again. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { toOnnx, toPyTorch } from '../../build/unroll/export.js'
import { createVocabulary, loadEngine } from '../../build/unroll/unroll.js'
import { presets } from '../../web/presets.js'
import { inEachBrowser } from './each.js'
import { complete, keptAt, marks, pauseAfter, press, reaches, takeFile } from './use.js'

const folder = mkdtempSync(join(tmpdir(), 'unroll-files-'))
after(() => rmSync(folder, { recursive: true }))
const engine = await loadEngine()

inEachBrowser(({ name, open, url }) => {
  test(`${name} saves a network that goes on in Node and on the page, and loses nothing to a damaged file`, async (t) => {
    const page = await open(t)
    await reaches(page, 12)
    await press(page, 'Pause training')
    await page.waitFor(() => document.documentElement.dataset.training === 'paused')
    await press(page, 'Data')
    const bytes = await takeFile(page, 'the network')
    const losses = new TextDecoder().decode(await takeFile(page, 'its losses')).trim().split('\n')
    const model = engine.loadModel(bytes)
    t.after(() => model.dispose())
    const { iteration } = model
    assert.equal(String(iteration), (await marks(page)).iteration)
    assert.deepEqual([losses[0], losses.length, losses.at(-1)?.split(',')], ['round,loss_nats,validation_loss_nats', iteration + 1, [String(iteration), (await marks(page)).loss, '']])
    model.setText(createVocabulary('hello').encode('hello').symbols)
    const next = String(model.train(1).loss)

    const damaged = bytes.slice()
    damaged[20] ^= 0xff
    const paths = [join(folder, `${name}-damaged.safetensors`), join(folder, `${name}.safetensors`)]
    writeFileSync(paths[0], damaged)
    writeFileSync(paths[1], bytes)
    await complete(page)
    await page.setFile('#file', paths[0])
    await page.waitFor(() => document.querySelector('.notice')?.textContent?.includes('This file cannot be loaded'))
    assert.equal((await marks(page)).iteration, String(iteration))
    await press(page, 'Reset to the same first weights')
    await page.waitFor(() => document.documentElement.dataset.iteration === '0')
    await page.setFile('#file', paths[1])
    await page.waitFor((iteration) => document.documentElement.dataset.iteration === String(iteration), {}, iteration)
    await press(page, 'One round')
    await reaches(page, iteration + 1)
    assert.equal((await marks(page)).loss, next)
    assert.equal(presets.hello.config.hidden, model.config.hidden)
    assert.deepEqual(await page.errors(), [])
  })

  test(`${name} writes a network for other programs as Node does, and says by name what they do not have`, async (t) => {
    const page = await open(t)
    await reaches(page, 5)
    await complete(page)
    await press(page, 'Pause training')
    await page.waitFor(() => document.documentElement.dataset.training === 'paused')
    await press(page, 'Data')
    const model = engine.loadModel(await takeFile(page, 'the network'))
    t.after(() => model.dispose())
    const onnx = await takeFile(page, 'ONNX')
    assert.ok(onnx.length > 500)
    assert.deepEqual([...onnx], [...toOnnx(model)])
    const program = new TextDecoder().decode(await takeFile(page, 'PyTorch'))
    assert.equal(program, toPyTorch(model, { file: 'hello.safetensors' }))
    await page.waitFor(() => document.querySelector('.notice')?.textContent?.includes('hello.safetensors beside it'))

    const other = await open(t, { url: `${url}#v=1&preset=hello&layerNorm=true` })
    await reaches(other, 1)
    await complete(other)
    await press(other, 'Data')
    for (const format of ['ONNX', 'PyTorch']) {
      await press(other, format)
      await other.waitFor((format) => document.querySelector('.notice')?.textContent?.includes(`layerNorm true cannot be written as ${format}`), {}, format)
    }
    for (const each of [page, other]) assert.deepEqual(await each.errors(), [])
  })

  test(`${name} goes on with the text that a network came from, and says what it lacks of another`, async (t) => {
    const page = await open(t, { url: `${url}#v=1&text=helium` })
    await reaches(page, 3)
    await complete(page)
    await press(page, 'Pause training')
    await page.waitFor(() => document.documentElement.dataset.training === 'paused')
    await press(page, 'Data')
    const bytes = await takeFile(page, 'the network')
    const model = engine.loadModel(bytes)
    t.after(() => model.dispose())
    const { source: _, ...extra } = model.extra
    const paths = ['with', 'without'].map((what) => join(folder, `${name}-${what}.safetensors`))
    writeFileSync(paths[0], bytes)
    writeFileSync(paths[1], model.save(extra))

    const other = await open(t)
    await reaches(other, 3)
    await complete(other)
    const says = (/** @type {string} */ words) => other.waitFor((words) => document.querySelector('.notice')?.textContent?.includes(words), {}, words)
    await press(other, 'Data')
    await other.setFile('#file', paths[1])
    await says('goes on with “hello” and leaves out 1 of its 4 different characters, which it does not know (o)')
    await other.setFile('#file', paths[0])
    await says('goes on with its own text')
    await other.waitFor(() => /** @type {HTMLTextAreaElement} */ (document.querySelector('#data textarea')).value === 'helium')
    assert.equal((await marks(other)).iteration, String(model.iteration))
    model.setText(createVocabulary('helium').encode('helium').symbols)
    await press(other, 'One round')
    await reaches(other, model.iteration + 1)
    assert.equal((await marks(other)).loss, String(model.train(1).loss))
  })

  test(`${name} learns from a long file, and goes on with it after a reload`, async (t) => {
    const path = join(folder, 'long story.txt')
    // Longer than what the browser keeps as text, and with a character of three bytes.
    const story = `It – was${' and was'.repeat(150_000)}.`
    writeFileSync(path, story)
    const page = await open(t)
    await complete(page)
    const data = (/** @type {string} */ words) => page.waitFor((words) => document.querySelector('#data')?.textContent?.replaceAll(/\s/g, '').includes(words), {}, words)
    await page.setFile('#file', path)
    await data(`${story.length}characters`)
    await press(page, 'Start learning this text')
    await page.waitFor(() => document.documentElement.dataset.drawing === 'folded')
    const round = await pauseAfter(page, 1)
    await keptAt(page, round)
    await page.goto(url)
    await page.waitFor((round) => document.querySelector('.notice')?.textContent?.includes(`“long story” at round ${round}`), {}, String(round))
    await page.click('.notice .button')
    await page.waitFor((round) => document.documentElement.dataset.training === 'paused' && document.documentElement.dataset.iteration === round, {}, String(round))
    await press(page, 'Data')
    await data(`${story.length}characters`)
    await press(page, 'One round')
    await reaches(page, round + 1)
    assert.deepEqual(await page.errors(), [])
  })
})
