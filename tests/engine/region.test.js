/** Parts of parameters, and texts written with a unit held, as the page asks the trainer for them. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTrainer, createVocabulary, RnnError } from '../../build/unroll/unroll.js'
import { engine } from './helpers.js'

const TEXT = 'she said "hello" (or so) and left.\n'.repeat(4)
const CONFIG = { cell: 'lstm', hidden: 5, layers: 2, batch: 2, steps: 8, seed: 3 }

const trainer = await createTrainer()
after(() => trainer.dispose())

/** The same model, without a worker. @param {import('../../build/unroll/types/fields.js').Config} config @param {number} rounds */
function direct(config, rounds) {
  const vocabulary = createVocabulary(TEXT)
  const model = engine.createModel({ ...config, vocabulary: vocabulary.size })
  model.setText(vocabulary.encode(TEXT).symbols)
  if (rounds) model.train(rounds)
  return { model, vocabulary }
}

test('a part of a parameter comes with the gradient that the last window had', async () => {
  await trainer.start({ config: CONFIG, text: TEXT })
  assert.ok((await trainer.inspect('parameters', { name: 'rnn.weight_hh_l1' })).gradients.every((one) => one === 0), 'nothing was learned yet')
  await trainer.step(7)
  const { model } = direct(CONFIG, 7)
  const values = model.getParameter('rnn.weight_hh_l1')
  const gradients = model.getGradient('rnn.weight_hh_l1')
  assert.ok(gradients.some((one) => one !== 0))
  const whole = await trainer.inspect('parameters', { name: 'rnn.weight_hh_l1' })
  assert.deepEqual([whole.shape, whole.each], [[20, 5], [1, 1]])
  assert.deepEqual([whole.values, whole.gradients], [values, gradients])
  const part = await trainer.inspect('parameters', { name: 'rnn.weight_hh_l1', row: 5, rows: 3, column: 2, columns: 2 })
  assert.deepEqual(part.values, Float32Array.of(values[27], values[28], values[32], values[33], values[37], values[38]))
  assert.deepEqual(part.gradients, Float32Array.of(gradients[27], gradients[28], gradients[32], gradients[33], gradients[37], gradients[38]))
  const bias = await trainer.inspect('parameters', { name: 'output.bias' })
  assert.deepEqual([bias.shape[1], bias.values], [1, model.getParameter('output.bias')])
  model.dispose()
})

test('a thinned part keeps of neighbours the value farthest from zero, and counts all values', async () => {
  await trainer.start({ config: CONFIG, text: TEXT })
  await trainer.step(3)
  const { model } = direct(CONFIG, 3)
  const values = model.getParameter('rnn.weight_hh_l0')
  const gradients = model.getGradient('rnn.weight_hh_l0')
  const thin = await trainer.inspect('parameters', { name: 'rnn.weight_hh_l0', row: 5, rows: 10, most: 3 })
  assert.deepEqual([thin.shape, thin.each], [[3, 3], [4, 2]])
  thin.values.forEach((value, at) => {
    const block = Array.from(values.keys()).filter((i) => {
      const [row, column] = [Math.floor(i / 5) - 5, i % 5]
      return row >= 0 && row < 10 && Math.floor(row / 4) === Math.floor(at / 3) && Math.floor(column / 2) === at % 3
    })
    const largest = block.reduce((best, i) => (Math.abs(values[i]) > Math.abs(values[best]) ? i : best))
    assert.deepEqual([value, thin.gradients[at]], [values[largest], gradients[largest]])
  })
  const region = values.subarray(25, 75)
  assert.equal(thin.limit, Math.max(...region.map(Math.abs)))
  const width = 2 * thin.limit / thin.counts.length
  thin.counts.forEach((count, part) => {
    const low = -thin.limit + part * width
    const inside = region.filter((value) => value >= low && (value < low + width || part === thin.counts.length - 1)).length
    assert.ok(Math.abs(count - inside) <= 1, `part ${part} counts ${count}, not ${inside}`)
  })
  assert.equal(thin.counts.reduce((sum, count) => sum + count), 50)
  model.dispose()
})

test('regions that are not there are refused with the numbers', async () => {
  await trainer.start({ config: CONFIG, text: TEXT })
  for (const region of [{ row: 20 }, { row: -1 }, { row: 3, rows: 18 }, { columns: 6 }, { column: 0.5 }, { most: 0 }]) {
    await assert.rejects(trainer.inspect('parameters', { name: 'rnn.weight_hh_l0', ...region }), (error) => error instanceof RnnError && error.code === 'invalid-config')
  }
  await assert.rejects(trainer.inspect('parameters', { name: 'nothing' }), /there is no parameter "nothing"/)
})

for (const cell of ['vanilla', 'lstm', 'gru', 'mingru']) {
  test(`a unit of the ${cell} cell is held while the trainer writes, with the same dice`, async () => {
    const config = { ...CONFIG, cell, layers: 1 }
    await trainer.start({ config, text: TEXT })
    await trainer.step(30)
    const { model, vocabulary } = direct(config, 30)
    const options = { length: 60, seed: 4, temperature: 0.8 }
    const prompt = vocabulary.encode('she').symbols
    const clamp = [{ layer: 0, unit: 2, value: 2.5 }]
    const held = await trainer.inspect('sample', { prompt: 'she', ...options, clamp })
    assert.deepEqual(held.symbols, Array.from(model.generate({ prompt, ...options, clamp }).symbols))
    assert.deepEqual((await trainer.generate({ prompt: 'she', ...options, clamp })).text, held.text)
    assert.notEqual(held.text, (await trainer.inspect('sample', { prompt: 'she', ...options })).text)
    await assert.rejects(trainer.inspect('sample', { prompt: 'she', ...options, clamp: [{ layer: 0, unit: 5, value: 1 }] }), /unit 5/)
    model.dispose()
  })
}

test('of one unit alone, activations are its own column', async () => {
  await trainer.start({ config: CONFIG, text: TEXT })
  const place = { from: 4, length: 20, layer: 1 }
  const all = await trainer.inspect('activations', place)
  const one = await trainer.inspect('activations', { ...place, unit: 3 })
  assert.equal(createVocabulary(TEXT).decode(await trainer.inspect('passage', place)), TEXT.slice(4, 24))
  assert.deepEqual(one, { shape: [20, 1], data: all.data.filter((_, i) => i % 5 === 3) })
})
