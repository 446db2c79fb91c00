/** One model: parameters in and out, batches, what is refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertClose, assertFails, assertSameBits, bits, CELLS, engine, numbers, parametersOf, randomBatch } from './helpers.js'

const SIZE = { vocabulary: 7, hidden: 5, batch: 2, steps: 3 }

for (const { name, config } of CELLS) {
  for (const layers of [1, 2, 3]) {
    test(`parameters of ${name}, ${layers} layers, have PyTorch's names and shapes, and are given back as they were set`, () => {
      const model = engine.createModel({ ...SIZE, ...config, layers })
      assert.deepEqual(model.parameters, [
        ...Array.from({ length: layers }, (_, l) => parametersOf(config, 7, 5, l).map(({ name, shape }) => ({ name: `rnn.${name}_l${l}`, shape }))).flat(),
        { name: 'output.weight', shape: [7, 5] }, { name: 'output.bias', shape: [7] },
      ])
      const next = numbers(layers)
      const wanted = model.parameters.map(({ name, shape }) =>
        /** @type {const} */ ([name, Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next)]))
      const before = model.forward(randomBatch(2, 3, 7)).loss
      for (const [name, values] of wanted) model.setParameter(name, values)
      for (const [name, values] of wanted) assert.deepEqual(model.getParameter(name), values, name)
      assert.notEqual(model.forward(randomBatch(2, 3, 7)).loss, before)
      model.dispose()
    })
  }
}

test('weights start within ±1/√H, all different, and the forget gate at its bias', () => {
  const model = engine.createModel({ vocabulary: 9, hidden: 16, cell: 'lstm', forgetBias: 1 })
  for (const { name } of model.parameters) {
    if (name.includes('bias')) continue
    const values = model.getParameter(name)
    assert.ok(values.every((x) => Math.abs(x) <= 0.25), name)
    assert.ok(new Set(values).size > values.length * 0.99, name)
    assert.ok(values.some((x) => x > 0.2) && values.some((x) => x < -0.2), name)
  }
  const [ih, hh] = ['rnn.bias_ih_l0', 'rnn.bias_hh_l0'].map((name) => model.getParameter(name))
  for (let u = 16; u < 32; u++) assertClose(ih[u] + hh[u], 1, 0.5, 'forget bias')
  for (const u of [0, 15, 32, 63]) assert.ok(Math.abs(ih[u] + hh[u]) <= 0.5)
  model.dispose()
})

test('results are copies', () => {
  const model = engine.createModel(SIZE)
  const values = model.getParameter('output.bias')
  const before = [...values]
  values.fill(9)
  assert.deepEqual([...model.getParameter('output.bias')], before)
  model.backward(randomBatch(2, 3, 7))
  const gradient = model.getGradient('output.bias')
  const kept = [...gradient]
  model.backward(randomBatch(2, 3, 7, 5))
  assert.deepEqual([...gradient], kept)
  assert.notDeepEqual([...model.getGradient('output.bias')], kept)
  model.dispose()
})

test('wrong parameters are refused and change nothing', () => {
  const model = engine.createModel(SIZE)
  const before = bits(model)
  assertFails(() => model.getParameter('output.biass'), 'invalid-config', /"output\.biass".*output\.bias/)
  assertFails(() => model.getGradient('toString'), 'invalid-config', /"toString"/)
  assertFails(() => model.setParameter('output.bias', new Float32Array(6)), 'invalid-config', /output\.bias has 7 numbers, got 6/)
  for (const wrong of [NaN, Infinity, -Infinity, 1e39]) {
    assertFails(() => model.setParameter('output.bias', [1, 2, 3, 4, 5, 6, wrong]), 'invalid-config', /number 6 of output\.bias is not finite/)
  }
  assert.ok(bits(model).equals(before))
  model.dispose()
})

test('forward tells the loss of the model as it is, and changes nothing', () => {
  const model = engine.createModel(SIZE)
  const before = bits(model)
  const batch = randomBatch(2, 3, 7)
  const { loss } = model.forward(batch)
  assert.equal(model.backward(batch).loss, loss)
  assert.equal(model.forward(batch).loss, loss)
  assert.ok(bits(model).equals(before))
  assert.equal(model.step(batch).loss, loss)
  assert.equal(model.iteration, 1)
  model.resetState()
  assert.ok(model.forward(batch).loss < loss)
  model.dispose()
})

test('a network of zeros knows nothing: its loss is the logarithm of the vocabulary', () => {
  for (const vocabulary of [2, 7, 81]) {
    const model = engine.createModel({ ...SIZE, vocabulary })
    for (const { name } of model.parameters) model.setParameter(name, model.getParameter(name).fill(0))
    assertClose(model.forward(randomBatch(2, 3, vocabulary)).loss, Math.log(vocabulary), 1e-6, `${vocabulary} symbols`)
    model.dispose()
  }
})

test('the state is carried from step to step, unless the batch is fresh or the configuration says no', () => {
  const batch = randomBatch(2, 3, 7)
  const losses = [true, false].map((carry) => {
    const model = engine.createModel({ ...SIZE, carry, learningRate: 0 })
    const first = model.step(batch).loss
    const second = model.step(batch).loss
    assert.equal(model.step({ ...batch, fresh: true }).loss, first)
    model.resetState()
    assert.equal(model.step(batch).loss, first)
    model.dispose()
    return [first, second]
  })
  assert.notEqual(losses[0][1], losses[0][0])
  assert.equal(losses[1][1], losses[1][0])
})

test('each sequence of a batch is read by itself: their mean loss is the loss of the batch', () => {
  for (const { config } of CELLS) {
    const model = engine.createModel({ ...SIZE, ...config, batch: 3, steps: 4, layers: 2 })
    const batch = randomBatch(3, 4, 7)
    const alone = [0, 1, 2].map((b) => model.forward({
      batch: 1, steps: 4, inputs: batch.inputs.slice(4 * b, 4 * b + 4), targets: batch.targets.slice(4 * b, 4 * b + 4), fresh: true,
    }).loss)
    assert.ok(new Set(alone).size === 3)
    assertClose(model.forward(batch).loss, (alone[0] + alone[1] + alone[2]) / 3, 1e-6, String(config.cell))
    model.dispose()
  }
})

test('masked targets and targets of −1 do not count, in the loss and in the gradient', () => {
  const model = engine.createModel(SIZE)
  const batch = randomBatch(2, 3, 7)
  const mask = [1, 0, 1, 1, 0, 1]
  const { loss } = model.backward({ ...batch, mask })
  const gradient = model.getGradient('rnn.weight_hh_l0')
  const skipped = { ...batch, targets: Array.from(batch.targets, (y, i) => mask[i] ? y : -1) }
  assert.equal(model.backward(skipped).loss, loss)
  assert.deepEqual(model.getGradient('rnn.weight_hh_l0'), gradient)
  const each = model.trace(batch).get('loss').data
  assertClose(loss, (each[0] + each[2] + each[3] + each[5]) / 4, 1e-6, 'mean over those that count')
  assert.notEqual(model.forward(batch).loss, loss)
  model.dispose()
})

test('batches that cannot be are refused with the numbers, and change nothing', () => {
  const model = engine.createModel(SIZE)
  const batch = randomBatch(2, 3, 7)
  model.step(batch)
  const before = bits(model)
  /** @type {[Partial<import('./helpers.js').Batch>, RegExp][]} */
  const wrong = [
    [randomBatch(3, 3, 7), /3 sequences.*1 … 2/],
    [randomBatch(2, 4, 7), /4 steps.*1 … 3/],
    [{ inputs: [0, 1, 2, 7, 0, 0] }, /input 7 of sequence 1, step 0.*7/],
    [{ inputs: [0, 1, -1, 0, 0, 0] }, /input -1 of sequence 0, step 2/],
    [{ targets: [0, 1, 2, 3, 4, 7] }, /target 7 of sequence 1, step 2/],
    [{ targets: [-2, 1, 2, 3, 4, 5] }, /target -2/],
    [{ targets: [-1, -1, -1, -1, -1, -1] }, /none of the 6/],
    [{ mask: [0, 0, 0, 0, 0, 0] }, /none of the 6/],
    [{ mask: [1, 1] }, /mask has 2.*6/],
    [{ inputs: [0, 1] }, /inputs has 2.*6/],
    [{ targets: [0, 1, 2, 3, 4, 5, 6] }, /targets has 7.*6/],
    [{ batch: 0 }, /0 × 3/], [{ steps: -1 }, /2 × -1/], [{ batch: 1.5 }, /1\.5 × 3/], [{ steps: NaN }, /NaN/],
  ]
  for (const [change, message] of wrong) {
    for (const run of [model.forward, model.backward, model.step]) {
      assertFails(() => run.call(model, { ...batch, ...change }), 'invalid-batch', message)
    }
  }
  for (const [change, message] of wrong.slice(2)) assertFails(() => model.trace({ ...batch, ...change }), 'invalid-batch', message)
  assert.ok(bits(model).equals(before))
  model.dispose()
})

test('a disposed model says so, whatever is asked of it', () => {
  const model = engine.createModel(SIZE)
  const other = engine.createModel(SIZE)
  model.dispose()
  model.dispose()
  const batch = randomBatch(2, 3, 7)
  for (const use of [
    () => model.config, () => model.iteration, () => model.getParameter('output.bias'), () => model.setParameter('output.bias', new Float32Array(7)),
    () => model.getGradient('output.bias'), () => model.forward(batch), () => model.backward(batch), () => model.step(batch),
    () => model.setText(new Uint8Array([0, 1])), () => model.train(), () => model.trace(batch), () => model.generate({ prompt: [0], length: 1 }),
    () => model.resetState(), () => model.save(), () => model.configure({ learningRate: 1 }),
  ]) assertFails(use, 'disposed')
  other.step(batch)
  assert.equal(other.iteration, 1)
  other.dispose()
})

test('the same seed gives the same bits, another seed others, and one model does not touch another', () => {
  const [a, b, c] = [3, 3, 4].map((seed) => engine.createModel({ ...SIZE, seed }))
  assertSameBits(a, b)
  assert.notDeepEqual(a.getParameter('output.weight'), c.getParameter('output.weight'))
  const before = bits(b)
  a.step(randomBatch(2, 3, 7))
  assert.ok(bits(b).equals(before))
  b.step(randomBatch(2, 3, 7))
  assertSameBits(a, b)
  for (const model of [a, b, c]) model.dispose()
})
