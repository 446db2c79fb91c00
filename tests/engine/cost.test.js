/** What training costs: memory that is told before it is taken, and a guard against losing speed. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { presets } from '../../web/presets.js'
import { engine, randomText } from './helpers.js'

const V = 65
/** The configurations of the benchmark that are large. Stored: numbers of a unit and step that the way back needs. */
const LARGE = [
  { config: { cell: 'lstm', layers: 1, hidden: 128, steps: 50, batch: 32 }, gates: 4, stored: 7 },
  { config: { cell: 'lstm', layers: 2, hidden: 128, steps: 50, batch: 50 }, gates: 4, stored: 7 },
  { config: { cell: 'gru', layers: 2, hidden: 256, steps: 64, batch: 32 }, gates: 3, stored: 5 },
  { config: { cell: 'lstm', layers: 1, hidden: 512, steps: 64, batch: 32 }, gates: 4, stored: 7 },
]

/** Multiply–adds of the matrix products for one symbol, forward. @param {typeof LARGE[number]} row */
const products = ({ config: { hidden, layers }, gates }) => gates * hidden * hidden * (2 * layers - 1) + V * hidden

for (const row of LARGE) {
  const { config, gates, stored } = row
  const { hidden, layers, steps, batch } = config
  test(`${layers} × ${config.cell} of ${hidden} units takes at most 1.3 times what it must store`, () => {
    const parameters = products(row) + gates * hidden * (V + 2 * layers) + V
    const activations = steps * batch * (stored * hidden * layers + V)
    const bytes = 4 * (4 * parameters + activations) // parameters, gradients, two moments
    const size = engine.modelSize({ ...config, vocabulary: V })
    assert.ok(size > bytes && size <= 1.3 * bytes, `${size} bytes are ${(size / bytes).toFixed(2)} times ${bytes}`)
  })
}

/** @param {number[]} values */
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1]

const module = new WebAssembly.Module(readFileSync(new URL('../../build/unroll/rnn.wasm', import.meta.url)))

/**
 * Floating-point operations that the peak loop does in the time of the work, by turns.
 * @param {() => void} work
 */
function peakFlopsDuring(work) {
  const { exports } = new WebAssembly.Instance(module, { env: { emscripten_notify_memory_growth() {} } })
  const peak = /** @type {(iterations: number) => number} */ (exports.peak)
  const flops = /** @type {() => number} */ (exports.peak_flops)()
  for (let i = 0; i < 5; i++) { work(); peak(1e5) } // until both are compiled well
  return median(Array.from({ length: 15 }, () => {
    const start = performance.now()
    work()
    const middle = performance.now()
    peak(2e5)
    return flops * 2e5 * (middle - start) / (performance.now() - middle)
  }))
}

test('a training step reaches a quarter of the peak of its machine, and more where the machine is quiet', (t) => {
  const [row] = LARGE
  const { steps, batch } = row.config
  const model = engine.createModel({ ...row.config, vocabulary: V })
  model.setText(randomText(50_000, V))
  const share = 6 * products(row) * steps * batch / peakFlopsDuring(() => model.train())
  assert.ok(share > 0.25, `only ${(100 * share).toFixed(0)} % of the peak`)
  t.diagnostic(`${(100 * share).toFixed(0)} % of the peak`)
})

test('a training step of hello takes less than 80,000 operations at the peak do, and half where the machine is quiet', (t) => {
  const model = engine.createModel({ ...presets.hello.config, vocabulary: 4 })
  model.setText(Uint8Array.of(0, 1, 2, 2, 3))
  const STEPS = 20_000
  const flops = peakFlopsDuring(() => model.train(STEPS)) / STEPS
  assert.ok(flops < 80_000, `it takes as long as ${flops.toFixed(0)} operations`)
  t.diagnostic(`as long as ${flops.toFixed(0)} operations`)
})
