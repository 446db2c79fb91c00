/** Layer normalisation through the engine; that its numbers are right, tests/c says by PyTorch's and by differences. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toOnnx, toPyTorch } from '../../build/unroll/export.js'
import { assertFails, assertSameBits, engine, randomBatch, randomText } from './helpers.js'

/** @type {readonly import('./helpers.js').Config[]} */
const FORMS = [{ cell: 'vanilla' }, { cell: 'lstm' }, { cell: 'lstm', candidate: 'sigmoid', peephole: true }, { cell: 'gru' }, { cell: 'gru', reset: 'before' }]
const SIZE = { layerNorm: true, vocabulary: 7, hidden: 13, layers: 2, batch: 3, steps: 11 }

test('normalised cells have gains of 1 at first, named and shaped as the cell', () => {
  for (const [form, gates] of /** @type {const} */ ([[FORMS[0], 1], [FORMS[1], 4], [FORMS[3], 3]])) {
    const model = engine.createModel({ ...SIZE, ...form, bidirectional: true })
    for (const [name, rows] of /** @type {const} */ ([['norm_ih', gates * 13], ['norm_hh', gates * 13], ['norm_c', 13]]))
      for (const strand of ['l0', 'l0_reverse', 'l1', 'l1_reverse']) {
        if (name === 'norm_c' && form.cell !== 'lstm') continue
        assert.deepEqual([...model.getParameter(`rnn.${name}_${strand}.weight`)], new Array(rows).fill(1))
        if (name === 'norm_c') assert.deepEqual([...model.getParameter(`rnn.norm_c_${strand}.bias`)], new Array(13).fill(0))
      }
    model.dispose()
  }
})

test('scaling all weights of a normalised layer changes what it says by little more than rounding', () => {
  const model = engine.createModel({ ...SIZE, layers: 1, hidden: 32, cell: 'gru', steps: 4 })
  const batch = { ...randomBatch(3, 4, 7), fresh: true }
  for (const name of ['rnn.weight_ih_l0', 'rnn.weight_hh_l0']) model.setParameter(name, model.getParameter(name).map((x) => 16 * x))
  const before = model.forward(batch).loss
  for (const name of ['rnn.weight_ih_l0', 'rnn.weight_hh_l0']) model.setParameter(name, model.getParameter(name).map((x) => 4 * x))
  const after = model.forward(batch).loss
  assert.ok(Math.abs(after / before - 1) < 1e-3, `${before} became ${after}`) // ε counts a little less
  model.dispose()
})

test('a normalised network learns, continues from a checkpoint bit for bit, and writes the same again', () => {
  const text = randomText(200, 7)
  for (const form of FORMS) {
    const model = engine.createModel({ ...SIZE, ...form, learningRate: 0.01 })
    model.setText(text)
    const { loss: first } = model.train(1)
    const { loss } = model.train(60)
    assert.ok(loss < 0.9 * first, `${JSON.stringify(form)}: ${first} became ${loss}`)
    const again = engine.loadModel(model.save())
    again.setText(text)
    for (const one of [model, again]) one.train(3)
    assertSameBits(model, again, JSON.stringify(form))
    const written = [model, again].map((one) => [...one.generate({ prompt: [1], length: 20, seed: 3 }).symbols])
    assert.deepEqual(written[0], written[1])
    for (const one of [model, again]) one.dispose()
  }
})

test('one sequence after another is what a whole batch is, step for step', () => {
  for (const form of FORMS) {
    const model = engine.createModel({ ...SIZE, ...form })
    const { inputs, targets } = randomBatch(3, 11, 7)
    const read = (/** @type {number} */ b) => {
      const trace = model.trace({ batch: 1, steps: 11, inputs: inputs.slice(11 * b, 11 * (b + 1)), targets: targets.slice(11 * b, 11 * (b + 1)), fresh: true })
      return [...trace.get('logits').data]
    }
    const whole = model.trace({ batch: 3, steps: 11, inputs, targets, fresh: true }).get('logits').data
    assert.deepEqual([...whole], [0, 1, 2].flatMap(read))
    model.dispose()
  }
})

test('weights with gains are read back, and formats that lack them refuse them by name', () => {
  const model = engine.createModel({ ...SIZE, cell: 'lstm' })
  const again = engine.importWeights(model.exportWeights(), { batch: 3, steps: 11 })
  assert.equal(again.config.layerNorm, true)
  const batch = { ...randomBatch(3, 11, 7), fresh: true }
  assert.equal(again.forward(batch).loss, model.forward(batch).loss)
  assertFails(() => toOnnx(model), 'unsupported', /layerNorm true/)
  assertFails(() => toPyTorch(model, { file: 'weights.safetensors' }), 'unsupported', /layerNorm true/)
  for (const one of [model, again]) one.dispose()
})

test('what cannot be normalised is refused by name', () => {
  for (const cell of ['mingru', 'minlstm']) assertFails(() => engine.createModel({ ...SIZE, cell }), 'invalid-config', /layer_norm needs the cell vanilla, lstm or gru/)
  assertFails(() => engine.createModel({ ...SIZE, cell: 'gru', skip: 3 }), 'invalid-config', /layer_norm needs skip to be 0/)
  assertFails(() => engine.createModel({ ...SIZE, cell: 'gru', hidden: 1 }), 'invalid-config', /hidden to be at least 2/)
  const model = engine.createModel({ ...SIZE, cell: 'lstm' })
  assertFails(() => model.generate({ prompt: [1], length: 2, clamp: [{ layer: 0, unit: 2, state: 'c', value: 1 }] }), 'invalid-config', /c of unit 2 cannot be held with layer_norm/)
  assert.equal(model.generate({ prompt: [1], length: 2, clamp: [{ layer: 0, unit: 2, value: 1 }] }).symbols.length, 2)
  model.dispose()
})
