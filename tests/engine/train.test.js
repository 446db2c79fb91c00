/** Training along a text: how it is read, what is repeated to the bit, and what happens when learning fails. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVocabulary } from '../../build/unroll/unroll.js'
import { assertClose, assertFails, assertSameBits, bits, CELLS, engine, numbers, OPTIMIZERS, randomBatch, randomText } from './helpers.js'

/** @typedef {import('./helpers.js').Model} Model */

const SIZE = { vocabulary: 6, hidden: 5, batch: 3, steps: 4 }

test('the plan fits the text: as many steps and sequences as asked, fewer when it is short, and it says so', () => {
  const model = engine.createModel({ ...SIZE, batch: 32, steps: 50 })
  for (const [length, batch, steps] of [[2, 1, 1], [10, 1, 9], [51, 1, 50], [100, 1, 50], [101, 2, 50], [1600, 31, 50], [1601, 32, 50], [9999, 32, 50]]) {
    const shrunk = length < 1601
    assert.deepEqual(model.setText(randomText(length, 6)), { length, batch, steps, shrunk })
    assert.equal(model.train(2).symbols > 0, true)
  }
  model.dispose()
})

test('symbols that are told are those that were read', () => {
  const model = engine.createModel(SIZE)
  model.setText(randomText(100, 6))
  assert.equal(model.train(5).symbols, 5 * 12)
  assert.equal(model.train(1).symbols, 6 * 12)
  assert.equal(model.iteration, 6)
  model.setText(randomText(3, 6))
  assert.equal(model.train(1).symbols, 6 * 12 + 2)
  model.dispose()
})

test('texts that cannot be learned are refused, and the text before goes on', () => {
  const model = engine.createModel(SIZE)
  assertFails(() => model.train(), 'invalid-text', /no text/)
  const text = randomText(100, 6)
  model.setText(text)
  model.train(3)
  const before = bits(model)
  assertFails(() => model.setText(new Uint8Array([])), 'invalid-text', /2 symbols.*0/)
  assertFails(() => model.setText(new Uint8Array([3])), 'invalid-text', /2 symbols.*1/)
  assertFails(() => model.setText(new Uint8Array([1, 2, 6])), 'invalid-text', /symbol 6 at position 2.*6/)
  assertFails(() => model.setText(new Uint16Array([1, 300])), 'invalid-text', /symbol 300 at position 1/)
  // @ts-expect-error only bytes and pairs of bytes are symbols
  assertFails(() => model.setText(new Int32Array([1, 2, 3])), 'invalid-text', /not Int32Array/)
  // @ts-expect-error
  assertFails(() => model.setText([1, 2, 3]), 'invalid-text')
  for (const wrong of [0, -1, 1.5, NaN, Infinity]) assertFails(() => model.train(wrong), 'invalid-batch')
  assert.ok(bits(model).equals(before))
  const other = engine.createModel(SIZE)
  other.setText(text)
  other.train(4)
  model.train(1)
  assertSameBits(model, other)
  model.dispose()
  other.dispose()
})

test('the caller may change the text it gave: the model reads a copy', () => {
  const [a, b] = [engine.createModel(SIZE), engine.createModel(SIZE)]
  const text = randomText(100, 6)
  a.setText(text)
  b.setText(text.slice())
  text.fill(0)
  a.train(5)
  b.train(5)
  assertSameBits(a, b)
  a.dispose()
  b.dispose()
})

test('a part of a larger buffer is a text', () => {
  const [a, b] = [engine.createModel(SIZE), engine.createModel(SIZE)]
  const text = Uint16Array.from(randomText(100, 6))
  a.setText(text.subarray(20, 70))
  b.setText(Uint8Array.from(text.slice(20, 70)))
  assert.deepEqual([a.train(5).loss, a.train(5).loss], [b.train(5).loss, b.train(5).loss])
  a.dispose()
  b.dispose()
})

/** The window of a text at a position of its streams. @param {Uint8Array | Uint16Array} text  @param {number} position  @param {number} [B]  @param {number} [T] */
function windowOf(text, position, B = 3, T = 4) {
  const stream = Math.floor((text.length - 1) / B)
  const at = Array.from({ length: B * T }, (_, i) => Math.floor(i / T) * stream + position + i % T)
  return { batch: B, steps: T, inputs: at.map((i) => text[i]), targets: at.map((i) => text[i + 1]) }
}

for (const { name, config } of CELLS) {
  for (const carry of [true, false]) {
    test(`training ${name} ${carry ? 'with the state carried' : 'without carrying'} is stepping by hand through the windows`, () => {
      const [trained, stepped] = [1, 2].map(() => engine.createModel({ ...SIZE, ...config, layers: 2, carry, learningRate: 0.01 }))
      const text = randomText(38, 6) // three streams of 12: three windows each, nothing left over
      trained.setText(text)
      for (let i = 0; i < 10; i++) {
        const told = trained.train()
        const { loss, gradientNorm } = stepped.step(windowOf(text, i % 3 * 4))
        if (i % 3 === 2) stepped.resetState()
        assert.deepEqual([told.loss, told.gradientNorm], [loss, gradientNorm], `iteration ${i}`)
      }
      for (const { name } of trained.parameters) assert.deepEqual(trained.getParameter(name), stepped.getParameter(name), name)
      trained.dispose()
      stepped.dispose()
    })
  }
}

test('what the windows leave over is read in other rounds, which start at an offset', () => {
  const text = randomText(43, 6) // three streams of 14: windows begin at 0, 1 or 2
  const model = engine.createModel({ ...SIZE, learningRate: 0.01 })
  model.setText(text)
  const offsets = []
  for (let round = 0; round < 30; round++) {
    const losses = [0, 1, 2].map((offset) => model.forward({ ...windowOf(text, offset), fresh: true }).loss)
    offsets.push(losses.indexOf(model.train().loss))
    model.train(2)
  }
  assert.equal(offsets[0], 0)
  for (const offset of [0, 1, 2]) assert.ok(offsets.filter((one) => one === offset).length >= 4, String(offsets))
  assert.ok(!offsets.includes(-1), String(offsets))
  model.dispose()
})

test('more than 256 symbols are read as they are', () => {
  const next = numbers(1)
  const text = Uint16Array.from({ length: 60 }, () => Math.floor((next() + 1) * 150))
  assert.ok(text.some((symbol) => symbol > 255))
  const model = engine.createModel({ ...SIZE, vocabulary: 300 })
  model.setText(text)
  const { loss } = model.forward({ ...windowOf(text, 0), fresh: true })
  assert.equal(model.train().loss, loss)
  model.dispose()
})

test('one distinct letter is learned: nothing else can come', () => {
  const vocabulary = createVocabulary('aaaa')
  const { symbols } = vocabulary.encode('aaaa')
  const model = engine.createModel({ vocabulary: vocabulary.size, hidden: 3 })
  assert.deepEqual(model.setText(symbols), { length: 4, batch: 1, steps: 3, shrunk: true })
  assert.equal(model.train(5).loss, 0)
  assert.equal(vocabulary.decode(model.generate({ prompt: [0], length: 3 }).symbols), 'aaa')
  const wider = engine.createModel({ vocabulary: 2, hidden: 3, learningRate: 0.1 })
  wider.setText(symbols)
  assert.ok(wider.train().loss > 0.1)
  assert.ok(wider.train(100).loss < 0.01)
  model.dispose()
  wider.dispose()
})

test('a text that repeats itself is learned by every cell with every optimizer', () => {
  const text = new TextEncoder().encode('the cat sat. '.repeat(20)).map((code) => code % 32)
  /** @type {Record<string, number>} */
  const rates = { sgd: 1, adagrad: 0.1, rmsprop: 0.01, adam: 0.02 }
  for (const { name, config } of CELLS) {
    for (const optimizer of OPTIMIZERS) {
      // What no nonlinearity bounds needs smaller steps.
      const learningRate = (rates[optimizer] ?? 0.01) * (config.activation === 'identity' ? 0.3 : 1)
      const model = engine.createModel({ ...config, vocabulary: 32, hidden: 24, batch: 4, steps: 12, optimizer, learningRate, clipAt: 1, seed: 2 })
      model.setText(text)
      const before = model.train().loss
      const after = model.train(500).loss
      assert.ok(before > 3 && after < 0.15, `${name}, ${optimizer}: ${before} → ${after}`)
      model.dispose()
    }
  }
})

test('training 50 iterations at once is training one 50 times, to the bit, for every cell and optimizer', () => {
  for (const { name, config } of CELLS) {
    for (const optimizer of OPTIMIZERS) {
      const [once, often] = [1, 2].map(() => engine.createModel({ ...SIZE, ...config, optimizer, momentum: 0.5, layers: 2, seed: 9 }))
      const text = randomText(101, 6)
      once.setText(text)
      often.setText(text)
      const last = once.train(50)
      let other = often.train()
      for (let i = 1; i < 50; i++) other = often.train()
      assert.deepEqual(last, other)
      assertSameBits(once, often, `${name}, ${optimizer}`)
      once.dispose()
      often.dispose()
    }
  }
})

test('looking does not disturb: forward, backward, trace, generate and save leave the run as it was', () => {
  const [watched, alone] = [1, 2].map(() => engine.createModel({ ...SIZE, layers: 2 }))
  const text = randomText(101, 6)
  watched.setText(text)
  alone.setText(text)
  for (let i = 0; i < 20; i++) {
    watched.forward(randomBatch(2, 3, 6))
    watched.backward(randomBatch(3, 4, 6))
    watched.trace({ ...randomBatch(1, 9, 6), fresh: true })
    watched.generate({ prompt: [1], length: 20 })
    watched.save()
    watched.train()
    alone.train()
  }
  assertSameBits(watched, alone)
  watched.dispose()
  alone.dispose()
})

for (const clip of ['none', 'value']) {
  test(`a run that diverges (clip ${clip}) says so, and the model is as it was before the step that failed`, () => {
    const model = engine.createModel({
      vocabulary: 6, hidden: 16, batch: 1, steps: 200, cell: 'vanilla', activation: 'relu', optimizer: 'sgd', learningRate: 100, clip, clipAt: 5,
    })
    const text = randomText(500, 6)
    model.setText(text)
    let before = bits(model)
    let done = 0
    assertFails(() => {
      for (; done < 1000; done++) {
        before = bits(model)
        model.train()
      }
    }, 'diverged', /the (loss|gradient norm) became .*smaller learning rate/)
    assert.ok(done > 0 && model.iteration === done)
    assert.ok(bits(model).equals(before))
    for (const { name } of model.parameters) assert.ok(model.getParameter(name).every(Number.isFinite), name)
    assertFails(() => model.train(), 'diverged')
    assert.ok(bits(model).equals(before))
    model.dispose()
  })
}

test('a divergence among many iterations keeps those before it', () => {
  const make = () => {
    const model = engine.createModel({
      vocabulary: 6, hidden: 16, batch: 1, steps: 200, cell: 'vanilla', activation: 'relu', optimizer: 'sgd', learningRate: 100, clip: 'none',
    })
    model.setText(randomText(500, 6))
    return model
  }
  const [at, one] = [make(), make()]
  assertFails(() => at.train(1000), 'diverged')
  assert.ok(at.iteration > 0 && at.iteration < 1000)
  one.train(at.iteration)
  assertSameBits(at, one)
  at.dispose()
  one.dispose()
})

test('weights that overflow are a divergence for forward, backward and step', () => {
  for (const size of [3e38, 1e20]) {
    const model = engine.createModel({ ...SIZE, cell: 'vanilla', activation: 'relu' })
    for (const name of ['rnn.weight_hh_l0', 'output.weight']) model.setParameter(name, model.getParameter(name).map((_, i) => i % 2 ? size : -size))
    const before = bits(model)
    for (const run of [model.forward, model.backward, model.step]) assertFails(() => run.call(model, randomBatch(3, 4, 6)), 'diverged')
    assert.ok(bits(model).equals(before))
    model.dispose()
  }
})

test('a loss beyond 1e12 is a divergence, even where it is finite; one below is not', () => {
  for (const [size, diverges] of /** @type {const} */ ([[1e10, false], [1e16, true]])) {
    const model = engine.createModel(SIZE)
    model.setParameter('output.bias', [size, 0, 0, 0, 0, 0])
    const batch = { batch: 1, steps: 1, inputs: [0], targets: [1] }
    if (diverges) assertFails(() => model.forward(batch), 'diverged', /the loss became 1e\+16/)
    else assertClose(model.forward(batch).loss, size, 1, 'loss')
    model.dispose()
  }
})

test('the loss that is told is the mean over the window', () => {
  const model = engine.createModel(SIZE)
  const text = randomText(100, 6)
  model.setText(text)
  const each = model.trace({ ...windowOf(text, 0), fresh: true }).get('loss').data
  assertClose(model.train().loss, each.reduce((sum, loss) => sum + loss, 0) / 12, 1e-6, 'mean')
  model.dispose()
})

test('evaluating a text finds the loss that training then finds, and changes nothing', () => {
  const text = randomText(301, 5)
  const model = engine.createModel({ vocabulary: 5, hidden: 9, batch: 3, steps: 100 })
  model.setText(text)
  const before = bits(model)
  const { loss, symbols } = model.evaluate(text)
  assert.equal(symbols, 300)
  assert.ok(bits(model).equals(before), 'the model changed')
  assert.ok(Math.abs(loss - model.train().loss) < 1e-12) // one window holds all of the text
  assertFails(() => model.evaluate(Uint8Array.of(1)), 'invalid-text', /at least 2/)
  assertFails(() => model.evaluate(Uint8Array.of(1, 7)), 'invalid-text', /outside the vocabulary/)
})
