/** Encoders and decoders: what is written after a source, and what is refused. Their gradients are tests/c/test_seq2seq.c's. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toOnnx, toPyTorch } from '../../build/unroll/export.js'
import { assertClose, assertFails, encoders as engine, engine as small, randomText } from './helpers.js'

const [V, SOURCE_V, T, S, B] = [5, 6, 4, 5, 3]
const SIZE = { vocabulary: V, sourceVocabulary: SOURCE_V, sourceSteps: S, steps: T, batch: B, hidden: 7, layers: 2, carry: false, seed: 3 }
const [START, END] = [3, 4]

/** @type {Record<string, import('./helpers.js').Config>} */
const NETWORKS = {
  plain: { cell: 'lstm' },
  fed: { cell: 'gru', context: 'each', sourceHidden: 9, sourceBidirectional: true },
  additive: { cell: 'gru', attention: 'additive', attentionSize: 6 },
  multiplicative: { cell: 'lstm', attention: 'multiplicative', input: 'embedding', inputSize: 4 },
  vectors: { cell: 'gru', sourceSize: 3, context: 'each', sourceHidden: 9 },
  'attention to vectors': { cell: 'lstm', sourceSize: 2, attention: 'additive', input: 'embedding', inputSize: 4 },
}

/** A model whose weights are large enough for it to prefer some symbols. @param {import('./helpers.js').Config} config */
function modelOf(config) {
  const model = engine.createModel({ ...SIZE, ...config })
  for (const { name } of model.parameters) model.setParameter(name, model.getParameter(name).map((x) => 4 * x))
  return model
}

const LENGTHS = [5, 2, 4]
/** Symbols, or as many numbers for each. @param {import('./helpers.js').Config} config */
const sourcesFor = ({ sourceSize }) => LENGTHS.map((length, i) => sourceSize
  ? [...randomText(length * Number(sourceSize), 100, i + 1)].map((x) => x / 50 - 1) : [...randomText(length, SOURCE_V, i + 1)])

/** @typedef {{ sources?: number[], sourceVectors?: number[] }} Read */

/** Sources side by side, padded. @param {import('./helpers.js').Config} config  @param {readonly number[][]} [sources] */
function padded(config, sources = sourcesFor(config)) {
  const size = Number(config.sourceSize ?? 0) || 1
  const all = sources.flatMap((one) => [...one, ...Array(S * size - one.length).fill(0)])
  const read = /** @type {Read} */ (config.sourceSize ? { sourceVectors: all } : { sources: all })
  return { batch: sources.length, sourceSteps: S, ...read, sourceLengths: sources.map(({ length }) => length / size), fresh: true }
}

/** @param {import('./helpers.js').Config} config  @param {number} [seed] */
const batch = (config, seed = 7) => ({ ...padded(config), steps: T, inputs: [...randomText(B * T, V, seed)], targets: [...randomText(B * T, V, seed + 1)] })

/** Where a row is largest. @param {Float32Array} row */
const likeliest = (row) => row.indexOf(Math.max(...row))

/** The logits of the last of some inputs, by a trace, which reads them all anew. @param {import('./helpers.js').Model} model  @param {number[]} source  @param {number[]} inputs */
function logitsAfter(model, source, inputs) {
  const { data } = model.trace({ ...padded(model.config, [source]), steps: inputs.length, inputs, targets: inputs.map(() => 0) }).get('logits')
  return data.subarray(data.length - V)
}

for (const [name, config] of Object.entries(NETWORKS)) {
  test(`${name}: what is written follows from the logits of a trace, for several sources at once`, () => {
    const model = modelOf(config)
    const sources = sourcesFor(config)
    const { symbols } = model.generate({ source: sources, count: B, prompt: [START], length: T, strategy: 'greedy' })
    sources.forEach((source, b) => {
      const read = [START]
      for (let t = 0; t < T; t++) read.push(likeliest(logitsAfter(model, source, read)))
      assert.deepEqual([...symbols.subarray(b * T, (b + 1) * T)], read.slice(1), `source ${b}`)
      assert.deepEqual([...model.generate({ source, prompt: [START], length: T, strategy: 'greedy' }).symbols], read.slice(1))
    })
  })

  test(`${name}: a search as wide as all texts finds the likeliest of them`, () => {
    const model = modelOf(config)
    const [source] = sourcesFor(config)
    /** Each text of three symbols, or that ends before. @type {{ text: number[], score: number }[]} */
    const all = []
    const follow = (/** @type {number[]} */ text, /** @type {number} */ score) => {
      if (text.length === 3 || text.at(-1) === END) return void all.push({ text, score })
      const row = logitsAfter(model, source, [START, ...text])
      const sum = Math.log(row.reduce((total, x) => total + Math.exp(x), 0))
      row.forEach((x, symbol) => follow([...text, symbol], score + x - sum))
    }
    follow([], 0)
    all.sort((a, b) => b.score - a.score)
    const { texts } = model.search({ source, prompt: [START], length: 3, width: V ** 3, stops: [[END]] })
    assert.equal(texts.length, all.length)
    texts.slice(0, 8).forEach(({ symbols, logProbability }, i) => {
      assert.deepEqual(symbols, all[i].text)
      assertClose(logProbability, all[i].score, 1e-5, 'log-probability')
    })
  })

  test(`${name}: with no teacher, training reads what the network itself holds likeliest`, () => {
    const model = modelOf({ ...config, learningRate: 0 })
    const { inputs, ...rest } = batch(config)
    const own = sourcesFor(config).flatMap((source, b) => {
      const read = [inputs[b * T]]
      while (read.length < T) read.push(likeliest(logitsAfter(model, source, read)))
      return read
    })
    model.configure({ teacherForcing: 0 })
    const { loss, gradientNorm } = model.step({ ...rest, inputs })
    model.configure({ teacherForcing: 1 })
    const expected = model.step({ ...rest, inputs: own })
    assert.notDeepEqual(own, inputs)
    assertClose(loss, expected.loss, 1e-6, 'loss')
    assertClose(gradientNorm, expected.gradientNorm, 1e-5, 'gradient norm')
    assert.notEqual(model.step({ ...rest, inputs }).loss, loss)
    model.configure({ teacherForcing: 0.5 })
    const half = new Set(Array.from({ length: 20 }, () => model.step({ ...rest, inputs }).loss))
    assert.ok(half.size > 1, 'each step draws anew which inputs are the truth')
  })

  test(`${name}: a saved model goes on as it would have, and an engine without encoders says what it needs`, () => {
    const model = modelOf({ ...config, teacherForcing: 0.7 })
    for (let i = 0; i < 3; i++) model.step(batch(config, i))
    const saved = model.save()
    const again = engine.loadModel(saved)
    for (let i = 3; i < 6; i++) assert.equal(again.step(batch(config, i)).loss, model.step(batch(config, i)).loss)
    assert.deepEqual(again.save(), model.save())
    assertFails(() => small.loadModel(saved), 'bad-checkpoint', /seq2seq: true/)
  })
}

test('attention of a step is shared among the steps of its own source', () => {
  for (const name of ['additive', 'multiplicative']) {
    const trace = modelOf(NETWORKS[name]).trace(batch(NETWORKS[name]))
    const { shape, data } = trace.get('attention')
    assert.deepEqual(shape, [B, T, S])
    for (let row = 0; row < B * T; row++) {
      const shares = data.subarray(row * S, (row + 1) * S)
      const length = LENGTHS[Math.floor(row / T)]
      assertClose(shares.reduce((sum, x) => sum + x, 0), 1, 1e-6, 'sum')
      assert.ok(shares.every((x, s) => s < length ? x > 0 : x === 0))
    }
    const said = trace.get('source.h_l1')
    const context = trace.get('context')
    for (let k = 0; k < 7; k++) {
      const sum = Array.from({ length: S }, (_, s) => data[s] * said.data[s * 7 + k]).reduce((a, b) => a + b, 0)
      assertClose(context.data[k], sum, 1e-6, 'context')
    }
  }
})

test('a writer goes on with its source, and begins anew with another', () => {
  const model = modelOf(NETWORKS.additive)
  const writer = model.openWriter()
  const [first, second] = sourcesFor(NETWORKS.additive)
  const whole = model.generate({ source: first, prompt: [START], length: 6, strategy: 'greedy' }).symbols
  const pieces = [writer.write({ source: first, prompt: [START], length: 2, strategy: 'greedy' }), writer.write({ length: 4, strategy: 'greedy' })]
  assert.deepEqual(pieces.flatMap(({ symbols }) => [...symbols]), [...whole])
  assert.deepEqual(writer.write({ source: second, prompt: [START], length: 3, strategy: 'greedy' }).symbols, model.generate({ source: second, prompt: [START], length: 3, strategy: 'greedy' }).symbols)
  writer.dispose()
})

test('what cannot be is told, and changes nothing', () => {
  const model = modelOf(NETWORKS.plain)
  const plain = batch(NETWORKS.plain)
  const { sources, sourceSteps, ...without } = plain
  assert.ok(sources)
  const before = model.save()
  const options = { prompt: [START], length: 2 }
  /** @type {[() => unknown, string, RegExp][]} */
  const cases = [
    [() => model.step(without), 'invalid-batch', /needs sources/],
    [() => model.step({ ...plain, sourceSteps: S + 1, sources: Array(B * (S + 1)).fill(0) }), 'invalid-batch', /source of 6 steps is outside 1 … 5/],
    [() => model.step({ ...plain, sources: sources.map(() => SOURCE_V) }), 'invalid-batch', /symbol 6 of source 0, step 0 is outside its vocabulary of 6/],
    [() => model.step({ ...plain, sourceLengths: [5, 0, 1] }), 'invalid-batch', /source 1 has 0 steps/],
    [() => model.step({ ...plain, sources: [0] }), 'invalid-batch', /sources has 1 symbols, batch 3 × steps 5 needs 15/],
    [() => model.generate(options), 'invalid-batch', /reads a source before it writes/],
    [() => model.generate({ ...options, source: [] }), 'invalid-batch', /source of 0 steps/],
    [() => model.generate({ ...options, source: sourcesFor(NETWORKS.plain), count: 2 }), 'invalid-batch', /3 sources are not one for each of 2 texts/],
    [() => model.setText(new Uint8Array(20)), 'invalid-text', /without an encoder/],
    [() => model.jacobians({ inputs: [0, 1] }), 'invalid-config', /encoder/],
    [() => small.createModel({ sourceSteps: 4 }), 'invalid-config', /seq2seq: true/],
    [() => small.createModel({ vocabulary: 5 }).generate({ ...options, source: [1] }), 'invalid-batch', /no encoder/],
    [() => engine.createModel({ attention: 'additive' }), 'invalid-config', /attention and context need an encoder/],
    [() => engine.createModel({ ...SIZE, bidirectional: true }), 'invalid-config', /has no future/],
    [() => engine.createModel({ ...SIZE, pool: 'last' }), 'invalid-config', /output at each step/],
    [() => engine.createModel({ ...SIZE, skip: 2 }), 'invalid-config', /skip/],
    [() => engine.createModel({ ...SIZE, recompute: true }), 'invalid-config', /recompute/],
  ]
  for (const [act, code, message] of cases) assertFails(act, code, message)
  assert.deepEqual(model.save(), before)
})

test('vectors that cannot be a source are told with their numbers, and change nothing', () => {
  const model = modelOf(NETWORKS.vectors)
  const good = batch(NETWORKS.vectors)
  const { sourceVectors, ...without } = good
  assert.ok(sourceVectors)
  const before = model.save()
  const options = { prompt: [START], length: 2 }
  /** @type {[() => unknown, string, RegExp][]} */
  const cases = [
    [() => model.step(without), 'invalid-batch', /needs vectors as the sources/],
    [() => model.step({ ...without, sources: Array(B * S).fill(0) }), 'invalid-batch', /needs vectors as the sources/],
    [() => model.step({ ...good, sourceVectors: [1, 2] }), 'invalid-batch', /sourceVectors has 2 numbers, batch 3 × steps 5 needs 45/],
    [() => model.step({ ...good, sourceVectors: sourceVectors.map((x, i) => i === 20 ? NaN : x) }), 'invalid-batch', /number 2 of source 1, step 1 is not finite/],
    [() => model.generate({ ...options, source: [1, 2, 3, 4] }), 'invalid-batch', /a source of 4 numbers is not of whole steps of 3/],
    [() => model.generate({ ...options, source: Array(18).fill(0) }), 'invalid-batch', /source of 6 steps is outside 1 … 5/],
    [() => model.generate({ ...options, source: [1, Infinity, 3] }), 'invalid-batch', /number 1 of source 0, step 0 is not finite/],
    [() => model.search({ ...options, source: [1, 2] }), 'invalid-batch', /2 numbers is not of whole steps of 3/],
    [() => modelOf(NETWORKS.plain).step({ ...good }), 'invalid-batch', /sourceVectors has 45 numbers, batch 3 × steps 5 needs 0/],
    [() => engine.createModel({ sourceSize: 3 }), 'invalid-config', /source_size, attention and context need an encoder/],
    [() => engine.createModel({ ...SIZE, sourceSize: 1025 }), 'invalid-config', /sourceSize 1025 is outside 0 … 1024/],
    [() => toOnnx(model), 'unsupported', /an encoder cannot be written as ONNX/],
    [() => toPyTorch(model, { batch: good }), 'unsupported', /an encoder cannot be written as PyTorch/],
  ]
  for (const [act, code, message] of cases) assertFails(act, code, message)
  assert.deepEqual(model.save(), before)
})

test('numbers of 32 bits are read as they are, and names and sizes of weights are PyTorch\'s', () => {
  const model = modelOf(NETWORKS.vectors)
  const [source] = sourcesFor(NETWORKS.vectors)
  const options = { prompt: [START], length: T }
  assert.deepEqual(model.generate({ ...options, source: Float32Array.from(source) }), model.generate({ ...options, source }))
  const trace = model.trace(batch(NETWORKS.vectors))
  assert.deepEqual(trace.get('source.x').shape, [B, S, 3])
  source.forEach((x, i) => assert.equal(trace.get('source.x').data[i], Math.fround(x)))
  const shapes = new Map(model.parameters.map(({ name, shape }) => [name, shape]))
  assert.deepEqual(shapes.get('encoder.rnn.weight_ih_l0'), [27, 3])
  assert.ok(!shapes.has('encoder.embedding.weight'))
})
