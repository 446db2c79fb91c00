/** A network that reads both ways, folded: two passes, each with its label, and the arithmetic of both. The page has no text for one yet, so it is shown alone. */
import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { build } from 'esbuild'
import { loadEngine } from '../../build/unroll/unroll.js'
import { inEachBrowser } from './each.js'

/** @typedef {import('./drive.js').Page} Page */

const H = 7
const LETTERS = [...'both ways']
const engine = await loadEngine()
const model = engine.createModel({ cell: 'lstm', bidirectional: true, hidden: H, layers: 2, steps: 8, batch: 1, vocabulary: 9, seed: 4 })
const batch = { batch: 1, steps: 8, inputs: [0, 1, 2, 3, 4, 5, 6, 7], targets: [1, 2, 3, 4, 5, 6, 7, 8] }
const trace = model.trace({ ...batch, fresh: true })
const shown = {
  run: {
    config: model.config, plan: { length: 9, batch: 1, steps: 8, shrunk: false }, parameters: model.parameters.map(({ name, shape }) => ({ name, shape: [...shape] })),
    vocabulary: { symbols: LETTERS }, bytes: 1, iteration: 0, fields: [],
  },
  frame: {
    iteration: 0, inputs: batch.inputs, targets: batch.targets,
    values: Object.fromEntries(trace.names.map((name) => [name, { shape: [...trace.get(name).shape], data: Array.from(trace.get(name).data) }])),
    parameters: Object.fromEntries(model.parameters.map(({ name, shape }) => [name, { shape: [...shape], data: Array.from(model.getParameter(name)) }])),
  },
}

const folder = mkdtempSync(join(tmpdir(), 'unroll-both-ways-'))
after(() => rmSync(folder, { recursive: true }))
for (const file of ['style.css', 'below.css']) copyFileSync(`build/site/${file}`, join(folder, file))
writeFileSync(join(folder, 'index.html'), `<!doctype html><html lang="en"><meta charset="utf-8"><title>Both ways</title><link rel="icon" href="data:,"><link rel="stylesheet" href="style.css"><link rel="stylesheet" href="below.css">
  <main class="stage" id="stage"><section class="score" id="score"></section><div class="reading" id="reading"></div></main><script type="module" src="index.js"></script></html>`)
await build({
  bundle: true, format: 'esm', outfile: join(folder, 'index.js'), logLevel: 'warning',
  stdin: {
    resolveDir: 'web/page', contents: `
      import { initialState, update } from './state.js'
      import { createScore, drawings } from './views/score.js'
      import { createAsking } from './views/score/asking.js'
      import { createFolded } from './views/score/folded.js'
      import { createEquation } from './views/equation.js'
      const { run, frame } = ${JSON.stringify(shown)}
      for (const tensors of [frame.values, frame.parameters]) for (const tensor of Object.values(tensors)) tensor.data = Float32Array.from(tensor.data)
      drawings.folded = createFolded
      const stage = document.getElementById('stage')
      let state = { ...initialState, run, width: Math.round(stage.getBoundingClientRect().width) - 56 }
      const dispatch = (intent) => { state = update(state, intent); requestAnimationFrame(draw) }
      const views = [[createScore, 'score'], [createAsking, 'score'], [createEquation, 'reading']].map(([create, id]) => create(document.getElementById(id), dispatch))
      const draw = () => { for (const view of views) view.render(state, frame) }
      window.dispatch = dispatch
      draw()`,
  },
})

inEachBrowser(({ name, open }) => {
  test(`${name} draws the two passes of a network that reads both ways, and tells what each number is made of`, async (t) => {
    const page = await open(t)
    await page.waitFor(() => document.querySelectorAll('.heat').length === 4)
    const labels = await page.evaluate(() => document.querySelector('#score .figure')?.textContent ?? '')
    for (const label of ['layer 1, reads →', 'layer 1, ← reads', 'layer 2, reads →', 'layer 2, ← reads']) assert.ok(labels.includes(label), label)
    await page.press('Tab')
    for (const [index, name] of ['_l0', '_l0_reverse', '_l1', '_l1_reverse'].entries()) {
      await page.evaluate((index) => { /** @type {HTMLElement} */ (document.querySelectorAll('.heat')[index]).focus() }, index)
      for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'ArrowDown']) await page.press(key)
      const words = await page.waitFor((index) => /neuron 2, letter 3, t: .*/.exec(document.querySelectorAll('.heat [role="gridcell"]')[index].textContent ?? '')?.[0], {}, index)
      const neuron = 1
      const value = Number(words.replace(/.*: /, '').replace('\u2212', '-'))
      const core = (/** @type {string} */ what, /** @type {number} */ step) => trace.get(what + name).data[step * H + neuron]
      assert.ok(Math.abs(value - core('h', 2)) < 0.0006, `${words}, the core has ${core('h', 2)}`)
      const owner = `layer ${index < 2 ? 1 : 2}, neuron ${neuron + 1}${name.endsWith('reverse') ? ', reading backward' : ''}`
      const told = await page.waitFor((owner) => {
        const root = document.querySelector('.equation:not([hidden])')
        const number = (/** @type {Element} */ node) => Number((node.textContent ?? '').replace('\u2212', '-').replace('e\u2212', 'e-'))
        return root?.querySelector('.what .soft')?.textContent === owner && { factors: [...root.querySelectorAll('.terms .chip')].map(number), result: number(/** @type {Element} */ (root.querySelector(':scope > .term .chip'))) }
      }, {}, owner)
      assert.ok(told)
      assert.ok(Math.abs(told.factors.reduce((product, factor) => product * factor, 1) - told.result) < 0.0016 && Math.abs(told.result - core('h', 2)) < 0.0006, JSON.stringify(told))
      // What was before: a letter to the left, or, read backward, to the right.
      const before = await page.evaluate(() => document.querySelector('.opened .spot text')?.textContent?.replace('\u2212', '-'))
      assert.equal(before, core('c', name.endsWith('reverse') ? 3 : 1).toFixed(2))
    }
    assert.deepEqual(await page.errors(), [])
  })
}, { root: folder })
