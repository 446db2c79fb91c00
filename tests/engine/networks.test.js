/** Networks of other parts than cells: what they are made of, what they read and what they refuse. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertClose, assertFails, CELLS, engine, randomBatch, randomText } from './helpers.js'

const SIZE = { vocabulary: 7, hidden: 6, layers: 2, batch: 2, steps: 5 }
/** @param {import('./helpers.js').Model} model */
const shapes = (model) => Object.fromEntries(model.parameters.map(({ name, shape }) => [name, [...shape]]))
/** @param {number} count  @param {number} [seed] */
const numbers = (count, seed = 1) => Float32Array.from(randomText(count, 200, seed), (x) => x / 100 - 1)

test('parameters have the names and shapes of PyTorch, whatever the network is made of', () => {
  const both = engine.createModel({ ...SIZE, cell: 'gru', input: 'embedding', inputSize: 3, bidirectional: true, headLayers: 1, headSize: 4, outputs: 5 })
  assert.deepEqual(shapes(both), {
    'embedding.weight': [7, 3],
    'rnn.weight_ih_l0': [18, 3], 'rnn.weight_hh_l0': [18, 6], 'rnn.bias_ih_l0': [18], 'rnn.bias_hh_l0': [18],
    'rnn.weight_ih_l0_reverse': [18, 3], 'rnn.weight_hh_l0_reverse': [18, 6], 'rnn.bias_ih_l0_reverse': [18], 'rnn.bias_hh_l0_reverse': [18],
    'rnn.weight_ih_l1': [18, 12], 'rnn.weight_hh_l1': [18, 6], 'rnn.bias_ih_l1': [18], 'rnn.bias_hh_l1': [18],
    'rnn.weight_ih_l1_reverse': [18, 12], 'rnn.weight_hh_l1_reverse': [18, 6], 'rnn.bias_ih_l1_reverse': [18], 'rnn.bias_hh_l1_reverse': [18],
    'head.0.weight': [4, 12], 'head.0.bias': [4], 'output.weight': [5, 4], 'output.bias': [5],
  })
  for (const { name, shape } of both.parameters) {
    const values = numbers(shape.reduce((product, size) => product * size, 1), name.length)
    both.setParameter(name, values)
    assert.deepEqual(both.getParameter(name), values, name)
  }
  const tied = shapes(engine.createModel({ ...SIZE, input: 'embedding', inputSize: 6, tie: true }))
  assert.ok('output.bias' in tied && !('output.weight' in tied))
})

test('an embedding of one-hot rows is a network without one', () => {
  for (const { config } of CELLS) {
    const plain = engine.createModel({ ...SIZE, ...config })
    const embedded = engine.createModel({ ...SIZE, ...config, input: 'embedding', inputSize: 7 })
    for (const { name } of plain.parameters) embedded.setParameter(name, plain.getParameter(name))
    embedded.setParameter('embedding.weight', Float32Array.from({ length: 49 }, (_, i) => Number(i % 8 === 0)))
    const vectors = engine.createModel({ ...SIZE, ...config, input: 'vector', inputSize: 7 })
    for (const { name } of plain.parameters) vectors.setParameter(name, plain.getParameter(name))
    const batch = randomBatch(2, 5, 7)
    const oneHot = batch.inputs.flatMap((x) => Array.from({ length: 7 }, (_, i) => Number(i === x)))
    const { loss } = plain.backward(batch)
    assertClose(embedded.backward(batch).loss, loss, 1e-6, 'embedding')
    assertClose(vectors.backward({ ...batch, inputs: undefined, vectors: oneHot }).loss, loss, 1e-6, 'vectors')
    plain.getGradient('rnn.weight_ih_l0').forEach((g, i) => assertClose(vectors.getGradient('rnn.weight_ih_l0')[i], g, 1e-6, 'gradient'))
  }
})

test('a second direction reads what the first would read of the reversed sequence', () => {
  for (const { config } of CELLS) {
    const model = engine.createModel({ ...SIZE, ...config, layers: 1, bidirectional: true })
    for (const { name } of model.parameters) if (name.endsWith('_l0')) model.setParameter(`${name}_reverse`, model.getParameter(name))
    const inputs = [1, 5, 2, 6, 3]
    const targets = [0, 0, 0, 0, 0]
    const trace = model.trace({ batch: 1, steps: 5, inputs, targets, fresh: true })
    const mirrored = model.trace({ batch: 1, steps: 5, inputs: [...inputs].reverse(), targets, fresh: true })
    const h = trace.get('h_l0').data
    const reverse = mirrored.get('h_l0_reverse').data
    for (let t = 0; t < 5; t++) assert.deepEqual(reverse.subarray(6 * t, 6 * t + 6), h.subarray(6 * (4 - t), 6 * (4 - t) + 6))
  }
})

test('padding changes nothing: not the loss, not the gradient', () => {
  for (const pool of ['each', 'last', 'mean', 'max']) {
    const model = engine.createModel({ ...SIZE, cell: 'gru', bidirectional: true, pool, outputs: 3 })
    const [inputs, targets] = [[1, 2, 3], pool === 'each' ? [0, 1, 2] : [2]]
    const short = model.backward({ batch: 1, steps: 3, inputs, targets, fresh: true })
    const gradient = model.getGradient('rnn.weight_hh_l1_reverse')
    const padded = { batch: 1, steps: 5, inputs: [...inputs, 6, 6], targets: pool === 'each' ? [...targets, 1, 1] : targets, lengths: [3], fresh: true }
    assertClose(model.backward(padded).loss, short.loss, 1e-6, pool)
    model.getGradient('rnn.weight_hh_l1_reverse').forEach((g, i) => assertClose(g, gradient[i], 1e-6, pool))
  }
})

test('what comes out once a sequence, labels and numbers can be learned', () => {
  /** @type {{ config: import('./helpers.js').Config, batch: object }[]} */
  const kinds = [
    { config: { pool: 'last', outputs: 2 }, batch: { targets: [0, 1] } },
    { config: { pool: 'mean', outputs: 3, loss: 'binary', headLayers: 1 }, batch: { values: [1, 0, 1, 0, 0, 1] } },
    { config: { pool: 'max', outputs: 2, loss: 'squared' }, batch: { values: [0.5, -0.25, -0.5, 0.75] } },
  ]
  for (const { config, batch } of kinds) {
    const model = engine.createModel({ ...SIZE, ...config, input: 'embedding', inputSize: 4, dropout: 0.1, bidirectional: true, learningRate: 0.02, seed: 3 })
    const all = { batch: 2, steps: 5, inputs: [0, 1, 2, 3, 4, 4, 3, 2, 1, 0], ...batch }
    const before = model.forward(all).loss
    for (let i = 0; i < 200; i++) model.step(all)
    assert.ok(model.forward(all).loss < 0.05 * before, `${JSON.stringify(config)}: ${before} → ${model.forward(all).loss}`)
    const again = engine.loadModel(model.save())
    assert.equal(again.step(all).loss, model.step(all).loss)
  }
})

test('dropout leaves out other numbers at each update, none when the loss is only asked for, and the same with the same seed', () => {
  const [a, b] = [1, 1].map((seed) => engine.createModel({ ...SIZE, hidden: 32, dropout: 0.5, learningRate: 0, seed }))
  const batch = { ...randomBatch(2, 5, 7), fresh: true }
  const asked = a.forward(batch).loss
  const losses = Array.from({ length: 20 }, () => a.step(batch).loss)
  assert.deepEqual(Array.from({ length: 20 }, () => b.step(batch).loss), losses)
  assert.equal(new Set(losses).size, 20)
  assert.equal(a.forward(batch).loss, asked)
  assertClose(losses.reduce((sum, loss) => sum + loss, 0) / 20, asked, 0.1, 'their mean')
})

test('a frozen embedding stays as it is while all else learns', () => {
  const model = engine.createModel({ ...SIZE, input: 'embedding', inputSize: 5, freezeEmbedding: true })
  const before = model.parameters.map(({ name }) => model.getParameter(name))
  const { gradientNorm } = model.backward(randomBatch(2, 5, 7))
  const squares = model.parameters.flatMap(({ name }) => name === 'embedding.weight' ? [] : [...model.getGradient(name)]).reduce((sum, g) => sum + g * g, 0)
  assertClose(gradientNorm, Math.sqrt(squares), 1e-6 * gradientNorm, 'the norm that clipping sees is without it')
  for (let i = 0; i < 3; i++) model.step(randomBatch(2, 5, 7))
  model.parameters.forEach(({ name }, i) => (name === 'embedding.weight' ? assert.deepEqual : assert.notDeepEqual)(model.getParameter(name), before[i]))
})

test('what cannot be is refused, with what is missing', () => {
  /** @param {object} config  @param {RegExp} message */
  const refuse = (config, message) => assertFails(() => engine.createModel({ ...SIZE, ...config }), 'invalid-config', message)
  refuse({ tie: true }, /tie needs an embedding/)
  refuse({ tie: true, input: 'embedding', inputSize: 7, hidden: 5 }, /^tie needs as many hidden units as an embedding has numbers, not 5 and 7$/)
  refuse({ recompute: true, bidirectional: true }, /recompute/)
  const model = engine.createModel({ ...SIZE, input: 'vector', inputSize: 3, loss: 'squared', outputs: 2 })
  /** @param {object} batch  @param {RegExp} message */
  const lacks = (batch, message) => assertFails(() => model.forward({ batch: 1, steps: 2, ...batch }), 'invalid-batch', message)
  lacks({ values: [1, 2, 3, 4] }, /needs vectors/)
  lacks({ vectors: [1, 2, 3, 4, 5, 6] }, /needs values/)
  lacks({ vectors: [1, 2, 3], values: [1, 2, 3, 4] }, /vectors has 3 numbers.*needs 6/)
  lacks({ vectors: [1, 2, 3, 4, 5, 6], values: [1, 2, 3, 4], lengths: [3] }, /sequence 0 has 3 steps, outside 1 … 2/)
  assertFails(() => model.setText(Uint8Array.of(0, 1, 2)), 'invalid-text', /symbols in one direction/)
  assertFails(() => model.generate({ prompt: [0], length: 1 }), 'invalid-batch', /symbols in one direction/)
})
