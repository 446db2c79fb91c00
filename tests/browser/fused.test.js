/**
 * Fused arithmetic against strict, in Node and in the browsers that have it.
 *
 * A fused product and sum rounds once, a strict one twice, so each may differ by 6e-8 of itself. Measured over six cells,
 * three sizes and three seeds, from the same weights: losses differ by at most 2.4e-9 of themselves, and gradients, as
 * vectors, by at most 4.5e-7 of their length. Training lets such differences grow, and the larger a network the faster;
 * in networks as small as here, within 100 steps, no loss differed by more than 4.0e-7 of itself (relu; the others 1.3e-8).
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { inEachBrowser } from './each.js'

const LOSS = 1e-7
const GRADIENT = 1e-6
const LOSS_IN_100_STEPS = 1e-5

/**
 * The largest differences between the modes for each cell, relative. It runs in browsers too, so it uses nothing from
 * outside.
 * @param {string} url of unroll.js
 */
async function compare(url) {
  /** @type {typeof import('../../web/engine/index.js')} */
  const { loadEngine } = await import(url)
  const strict = await loadEngine()
  const fused = await loadEngine({ mode: 'fused' })
  /** @type {import('../../web/engine/fields.js').Config[]} */
  const cells = [
    { cell: 'vanilla', activation: 'tanh' }, { cell: 'vanilla', activation: 'relu' }, { cell: 'vanilla', activation: 'sigmoid' },
    { cell: 'lstm' }, { cell: 'gru', reset: 'after' }, { cell: 'gru', reset: 'before' },
  ]
  const text = Uint8Array.from({ length: 3000 }, (_, i) => (i * i * 7 + (i >> 3)) % 29)
  const told = []
  for (const cell of cells) {
    for (const [hidden, batch, steps, layers] of [[19, 5, 13, 1], [64, 7, 40, 2], [128, 32, 50, 1]]) {
      const models = [strict, fused].map((engine) => {
        const model = engine.createModel({ vocabulary: 29, hidden, batch, steps, layers, seed: 3, ...cell })
        model.setText(text)
        return model
      })
      const [exact, fast] = models
      const inputs = Int32Array.from({ length: batch * steps }, (_, i) => (i * 7919 + ((i * i) >> 3)) % 29)
      const targets = inputs.map((symbol) => (symbol * 5 + 3) % 29)
      const [a, b] = models.map((model) => model.backward({ batch, steps, inputs, targets }).loss)
      let gradient = 0
      for (const { name } of exact.parameters) {
        const [x, y] = models.map((model) => model.getGradient(name))
        const difference = Math.hypot(...x.map((number, i) => number - y[i]))
        gradient = Math.max(gradient, difference / Math.hypot(...x))
      }
      let trained = 0
      for (let i = 0; i < (hidden < 20 ? 100 : 0); i++) {
        const [p, q] = models.map((model) => model.train().loss)
        trained = Math.max(trained, Math.abs(p - q) / p)
      }
      told.push({ what: `${cell.cell} ${cell.activation ?? cell.reset ?? ''} ${hidden}`, loss: Math.abs(a - b) / a, gradient, trained })
      exact.dispose()
      fast.dispose()
    }
  }
  return { mode: fused.mode, told }
}

/** @param {Awaited<ReturnType<typeof compare>>} result */
function assertClose({ mode, told }) {
  assert.equal(mode, 'fused')
  assert.equal(told.length, 18)
  for (const { what, loss, gradient, trained } of told) {
    assert.ok(loss <= LOSS, `${what}: the loss differs by ${loss}`)
    assert.ok(gradient <= GRADIENT, `${what}: a gradient differs by ${gradient}`)
    assert.ok(trained <= LOSS_IN_100_STEPS, `${what}: a loss of 100 steps differs by ${trained}`)
  }
}

/** Where there is no relaxed SIMD, both are strict. @param {Awaited<ReturnType<typeof compare>>} result */
function assertStrict({ mode, told }) {
  assert.equal(mode, 'strict')
  for (const { what, ...differences } of told) assert.deepEqual(differences, { loss: 0, gradient: 0, trained: 0 }, what)
}

const fuses = Number(process.versions.node.split('.')[0]) >= 20
test(fuses ? 'fused arithmetic agrees with strict in Node' : 'Node 18 has no relaxed SIMD, and is strict instead', async () => {
  setFlagsFromString('--experimental-wasm-relaxed-simd') // Node 20 needs it
  const result = await compare(new URL('../../build/unroll/unroll.js', import.meta.url).href)
  if (fuses) assertClose(result)
  else assertStrict(result)
})

inEachBrowser(({ name, open, url }) => {
  test(name === 'webkit' ? 'webkit has no relaxed SIMD, and is strict instead' : `fused arithmetic agrees with strict in ${name}`, async (t) => {
    const page = await open(t, { url: new URL('site/licences.txt', url).href })
    const result = await page.evaluate(compare, new URL('unroll/unroll.js', url).href)
    if (name === 'webkit') assertStrict(result)
    else assertClose(result)
  })
}, { root: 'build' })
