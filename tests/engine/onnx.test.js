/** Networks as ONNX, run by onnxruntime: outputs and states are the engine's. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InferenceSession, Tensor } from 'onnxruntime-web'
import { toOnnx } from '../../build/unroll/export.js'
import { assertFails, engine } from './helpers.js'
import { batchFor, makeNetwork, NETWORKS, withUnknown } from './networks.js'

/** @typedef {import('./helpers.js').Batch} Batch */
/** @typedef {import('./helpers.js').Model} Model */

// Two programs in float32, relative to the norm.
const TOLERANCE = 1e-6
const SIZES = [[1, 1], [3, 6], [2, 17]]

/** @typedef {Readonly<Record<string, import('onnxruntime-web').OnnxValue>>} Values */

/** States of 2 and more steps before, which a trace does not tell. @param {import('./helpers.js').Config} config */
const olderStates = ({ skip }) => Array.from({ length: Math.max(0, Number(skip) - 1) }, (_, i) => `h_${i + 2}`)

/**
 * @param {Model} model  @param {import('../../build/unroll/types/model.js').Trace} trace  @param {Batch} batch
 * @param {Values} [older]  what the window before left; none: zero
 */
function feedsOf({ config }, trace, { batch, steps, inputs = [], vectors }, older) {
  const states = config.cell === 'lstm' ? ['h', 'c'] : ['h']
  const input = config.input === 'vector'
    ? { vectors: new Tensor('float32', Float32Array.from(vectors ?? []), [batch, steps, Number(config.inputSize)]) }
    : { symbols: new Tensor('int64', BigInt64Array.from(Array.from(inputs), BigInt), [batch, steps]) }
  const initial = states.map((name) => {
    const data = strands(config).map((strand) => trace.get(`initial_${name}_${strand}`).data)
    return [`initial_${name}`, new Tensor('float32', Float32Array.from(data.flatMap((part) => [...part])), [data.length, batch, Number(config.hidden)])]
  })
  const shape = [strands(config).length, batch, Number(config.hidden)]
  const further = olderStates(config).map((name) =>
    [`initial_${name}`, older?.[`final_${name}`] ?? new Tensor('float32', new Float32Array(shape.reduce((product, size) => product * size)), shape)])
  return { ...input, ...Object.fromEntries([...initial, ...further]) }
}

/** In PyTorch's order. @param {import('./helpers.js').Config} config */
const strands = ({ layers, bidirectional }) => Array.from({ length: Number(layers) }, (_, l) => bidirectional ? [`l${l}`, `l${l}_reverse`] : [`l${l}`]).flat()

/** The state after each strand's last step: forwards the last, backwards the first. @param {Model} model  @param {import('../../build/unroll/types/model.js').Trace} trace  @param {string} name */
function finalStates({ config }, trace, name) {
  return strands(config).flatMap((strand) => {
    const { shape: [B, T, H], data } = trace.get(`${name}_${strand}`)
    const t = strand.endsWith('reverse') ? 0 : T - 1
    return Array.from({ length: B }, (_, b) => [...data.subarray((b * T + t) * H, (b * T + t + 1) * H)]).flat()
  })
}

/** @param {string} what  @param {ArrayLike<number>} actual  @param {ArrayLike<number>} expected */
function assertNear(what, actual, expected) {
  assert.equal(actual.length, expected.length, what)
  const norm = Math.hypot(...Array.from(expected))
  assert.ok(norm > 0.1, `${what} is not zero`)
  const error = Math.hypot(...Array.from(actual, (number, i) => number - expected[i])) / norm
  assert.ok(error <= TOLERANCE, `${what} differs by ${error}`)
}

for (const { name, config } of NETWORKS) {
  test(`${name}: onnxruntime computes what the engine does, from any state`, async () => {
    const model = makeNetwork(config)
    const session = await InferenceSession.create(toOnnx(model))
    for (const [i, [batch, steps]] of SIZES.entries()) {
      const first = batchFor(model.config, batch, steps, 3 + i)
      model.resetState()
      const older = config.skip && !config.bidirectional ? await session.run(feedsOf(model, model.trace({ ...first, fresh: true }), first)) : undefined
      model.step(first) // leaves a state to go on from
      const window = batchFor(model.config, batch, steps, 7 + i)
      const trace = model.trace(window)
      if (!config.bidirectional) assert.ok(trace.get('initial_h_l0').data.some((number) => number !== 0))
      const results = await session.run(feedsOf(model, trace, window, older))
      const { dims, data } = results.logits
      assert.deepEqual(dims, config.pool && config.pool !== 'each' ? [batch, data.length / batch] : [batch, steps, data.length / batch / steps])
      assertNear(`logits of ${batch} × ${steps}`, /** @type {Float32Array} */ (data), trace.get('logits').data)
      for (const state of config.cell === 'lstm' ? ['h', 'c'] : ['h']) {
        assertNear(`${state} after ${batch} × ${steps}`, /** @type {Float32Array} */ (results[`final_${state}`].data), finalStates(model, trace, state))
      }
    }
    await session.release()
    model.dispose()
  })
}

test('a text is written step by step in onnxruntime, as the engine writes it', async () => {
  const model = makeNetwork({ vocabulary: 7, cell: 'lstm', hidden: 12, layers: 2, batch: 1, steps: 4 })
  const { symbols, probabilities } = model.generate({ prompt: [3], length: 20, strategy: 'greedy' })
  const session = await InferenceSession.create(toOnnx(model))
  const zero = new Tensor('float32', new Float32Array(2 * 12), [2, 1, 12])
  let [symbol, h, c] = [3, /** @type {any} */ (zero), /** @type {any} */ (zero)]
  for (const [i, expected] of symbols.entries()) {
    const { logits, final_h, final_c } = await session.run({ symbols: new Tensor('int64', BigInt64Array.of(BigInt(symbol)), [1, 1]), initial_h: h, initial_c: c })
    const values = [.../** @type {Float32Array} */ (logits.data)]
    symbol = values.indexOf(Math.max(...values))
    const p = 1 / values.reduce((sum, value) => sum + Math.exp(value - values[symbol]), 0)
    assert.equal(symbol, expected, `symbol ${i}`)
    assert.ok(Math.abs(p - probabilities[i]) < 1e-5)
    ;[h, c] = [final_h, final_c]
  }
  await session.release()
  model.dispose()
})

test('the saved strings are the metadata, and what ONNX would lose is refused by name', () => {
  const model = engine.loadModel(makeNetwork({ vocabulary: 3, hidden: 2, batch: 1 }).save({ vocabulary: '["a","é","😀"]' }))
  assert.ok(Buffer.from(toOnnx(model)).includes(Buffer.from('["a","é","😀"]')))
  assertFails(() => toOnnx(withUnknown(model)), 'unsupported', /whatever true cannot be written as ONNX/)
  model.dispose()
})
