/** Slices of the loss surface, and recurrent weights scaled by hand: through a trainer, against the model itself. */
import assert from 'node:assert/strict'
import { after, test as plainTest } from 'node:test'
import { createTrainer, createVocabulary, RnnError } from '../../build/unroll/unroll.js'
import { engine } from './helpers.js'

const TEXT = 'the sea, the sea, and the same sea again.\n'.repeat(3)

/** @param {string} name  @param {() => Promise<void>} run */
const test = (name, run) => plainTest(name, { timeout: 60_000 }, run)

const trainer = await createTrainer()
after(() => trainer.dispose())

const { symbols, size } = (() => {
  const vocabulary = createVocabulary(TEXT)
  return { symbols: vocabulary.encode(TEXT).symbols, size: vocabulary.size }
})()

/** A model of its own and the trainer's, after the same rounds. @param {import('../../build/unroll/types/fields.js').Config} config @param {number} rounds */
async function pair(config, rounds) {
  await trainer.start({ config, text: TEXT })
  await trainer.step(rounds)
  const model = engine.createModel({ ...config, vocabulary: size })
  model.setText(symbols)
  model.train(rounds)
  return model
}

const PLACE = { from: 5, length: 8 }
const BATCH = { batch: 1, steps: 8, inputs: symbols.subarray(5, 13), targets: symbols.subarray(6, 14), fresh: true }
const GRU = { cell: 'gru', hidden: 5, layers: 2, batch: 2, steps: 8, seed: 3, accumulate: 3, learningRate: 0.02 }

/** @param {number} actual @param {number} expected @param {number} [tolerance] of itself: float32 along the way */
const near = (actual, expected, tolerance = 2e-6) => assert.ok(Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)), `${actual} is not ${expected}`)

test('a slice along two weights has the losses of a model with these weights', async () => {
  const model = await pair(GRU, 7)
  const lines = /** @type {const} */ ([
    { along: 'weight', name: 'rnn.weight_hh_l1', index: 12, from: -3, to: 3 }, { along: 'weight', name: 'output.bias', index: 2, from: 0, to: 2 },
  ])
  const slice = await trainer.inspect('lossSlice', { ...PLACE, lines, points: 4, steps: [{ rate: 20 }, { rate: 20, clip: 0.01 }, { rate: 0 }] })
  assert.equal(slice.loss, model.forward(BATCH).loss)
  assert.equal(slice.losses.length, 16)
  const spread = Math.max(...slice.losses) - Math.min(...slice.losses)
  assert.ok(spread > 0.05, `the slice is flat: ${spread}`)
  const start = lines.map(({ name, index }) => ({ name, index, values: model.getParameter(name) }))
  const lossAt = (/** @type {number[]} */ distances) => {
    start.forEach(({ name, index, values }, i) => model.setParameter(name, values.map((value, k) => (k === index ? value + distances[i] : value))))
    return model.forward(BATCH).loss
  }
  for (const [i, loss] of slice.losses.entries()) near(loss, lossAt([-3 + 2 * (i % 4), Math.floor(i / 4) * 2 / 3]))
  lossAt([0, 0])
  const { gradientNorm } = model.backward(BATCH)
  assert.equal(slice.gradientNorm, gradientNorm)
  assert.ok(gradientNorm > 0.01)
  const slopes = lines.map(({ name, index }) => model.getGradient(name)[index])
  for (const [i, rate] of [20, 20 * 0.01 / gradientNorm, 0].entries()) {
    slopes.forEach((slope, k) => near(slice.steps[i].distances[k], -rate * slope))
    near(slice.steps[i].loss, lossAt(slopes.map((slope) => -rate * slope)))
  }
  lossAt([0, 0])
  model.backward(BATCH)
  slice.lines.forEach(({ here, values, slope }, i) => {
    const { name, index } = lines[i]
    assert.equal(here, model.getParameter(name)[index])
    near(values[0], here + lines[i].from)
    near(slope, model.getGradient(name)[index])
  })
  model.dispose()
})

test('a slice along the gradient begins to fall as steeply as the gradient is long; the random line stands at a right angle to it', async () => {
  for (const cell of ['vanilla', 'lstm', 'mingru']) {
    const model = await pair({ ...GRU, cell, accumulate: 1 }, 4)
    const step = 0.02
    const lines = /** @type {const} */ ([{ along: 'gradient', from: -step, to: step }, { along: 'random', seed: 5, from: -1, to: 1 }])
    const slice = await trainer.inspect('lossSlice', { ...PLACE, lines, points: 3 })
    near((slice.losses[5] - slice.losses[3]) / (2 * step), slice.gradientNorm, 2e-3)
    near(slice.lines[0].slope, slice.gradientNorm, 1e-5)
    assert.ok(Math.abs(slice.lines[1].slope) < 1e-5 * slice.gradientNorm)
    assert.equal(slice.losses[4], slice.loss)
    assert.notEqual(slice.losses[1], slice.loss)
    // A step of gradient descent, done by hand.
    const { gradientNorm } = model.backward(BATCH)
    const gradients = model.parameters.map(({ name }) => ({ name, gradient: model.getGradient(name), values: model.getParameter(name) }))
    for (const { name, gradient, values } of gradients) model.setParameter(name, values.map((value, i) => value - step / gradientNorm * gradient[i]))
    near(slice.losses[3], model.forward(BATCH).loss)
    const again = await trainer.inspect('lossSlice', { ...PLACE, lines, points: 3 })
    assert.deepEqual(again, slice)
    const other = await trainer.inspect('lossSlice', { ...PLACE, lines: [lines[0], { ...lines[1], seed: 6 }], points: 3 })
    assert.notEqual(other.losses[0], slice.losses[0])
    model.dispose()
  }
})

test('slices leave weights, gathered gradients and all that is learned later as they were', async () => {
  const model = await pair(GRU, 7)
  const before = await trainer.save()
  const { gradients } = await trainer.inspect('parameters', { name: 'rnn.weight_hh_l0' })
  await trainer.inspect('lossSlice', { ...PLACE, lines: [{ along: 'gradient', from: -9, to: 9 }, { along: 'random', from: -9, to: 9 }], points: 5 })
  assert.deepEqual(await trainer.save(), before)
  assert.deepEqual((await trainer.inspect('parameters', { name: 'rnn.weight_hh_l0' })).gradients, gradients)
  assert.ok(gradients.some((value) => value !== 0))
  assert.equal((await trainer.step(5)).loss, model.train(5).loss)
  model.dispose()
})

test('a slice takes fewer points where time is short, and refuses what is no line', async () => {
  await trainer.start({ config: GRU, text: TEXT })
  const lines = /** @type {const} */ ([{ along: 'gradient', from: -1, to: 1 }, { along: 'random', from: -1, to: 1 }])
  const { losses, lines: [{ values }] } = await trainer.inspect('lossSlice', { ...PLACE, lines, points: 30, budget: 0 })
  assert.deepEqual([losses.length, values.length], [25, 5])
  /** @type {[object, RegExp][]} */
  const wrong = [
    [{ lines: [] }, /one or two lines, not 0/], [{ lines, points: 1 }, /1 points make no line/], [{ lines: [{ along: 'moon', from: 0, to: 1 }] }, /not "moon"/],
    [{ lines: [{ along: 'weight', name: 'output.bias', index: 99, from: 0, to: 1 }] }, /has \d+ numbers, none at 99/],
  ]
  for (const [options, message] of wrong) {
    await assert.rejects(trainer.inspect('lossSlice', /** @type {any} */ ({ ...PLACE, ...options })), (error) => error instanceof RnnError && message.test(error.message))
  }
})

test('recurrent weights take the radius that they are given, and give back what was learned', async () => {
  for (const [config, which] of /** @type {const} */ ([
    [{ cell: 'vanilla', hidden: 6 }, { layer: 0 }], [{ cell: 'lstm', hidden: 5, layers: 2 }, { layer: 1, gate: 'g' }],
    [{ cell: 'gru', hidden: 4 }, { layer: 0, gate: 'n' }],
  ])) {
    await trainer.start({ config: { batch: 2, steps: 8, ...config }, text: TEXT })
    await trainer.step(3)
    const learned = await trainer.inspect('eigenvalues', which)
    const before = await trainer.save()
    const other = await trainer.inspect('eigenvalues', { ...which, gate: config.cell === 'vanilla' ? '' : config.cell === 'gru' ? 'r' : 'f' })
    for (const radius of [3, 0, 0.7]) {
      near((await trainer.scale({ ...which, radius })).learned, learned.radius)
      const { real, radius: now } = await trainer.inspect('eigenvalues', which)
      near(now, radius, 1e-6)
      real.forEach((value, i) => near(value, learned.real[i] * radius / learned.radius, 1e-5))
    }
    if (config.cell !== 'vanilla') assert.deepEqual(await trainer.inspect('eigenvalues', { ...which, gate: config.cell === 'gru' ? 'r' : 'f' }), other)
    assert.notDeepEqual(await trainer.save(), before)
    await trainer.scale(which)
    assert.deepEqual(await trainer.save(), before)
  }
})

test('a slice along the radius has the loss of the scaled network, from where training goes on and whence one can go back', async () => {
  const config = { cell: 'vanilla', hidden: 6, batch: 2, steps: 8 }
  const model = await pair(config, 5)
  const { losses, lines: [{ here, values }] } = await trainer.inspect('lossSlice', { ...PLACE, lines: [{ along: 'radius', from: -1, to: 2 }], points: 7 })
  near(here, model.eigenvalues().radius)
  near(values[6], 3 * here)
  near(values[0], 0)
  await trainer.step(1)
  await trainer.rewind(5)
  await trainer.scale({ radius: values[6] })
  const { loss } = await trainer.inspect('lossSlice', { ...PLACE, lines: [{ along: 'radius', from: 0, to: 1 }], points: 2 })
  near(loss, losses[6])
  model.setParameter('rnn.weight_hh_l0', model.getParameter('rnn.weight_hh_l0').map((value) => value * 3))
  near(loss, model.forward(BATCH).loss)
  near((await trainer.step(1)).loss, model.train(1).loss)
  await trainer.rewind(0)
  await trainer.step(5)
  const again = await trainer.inspect('eigenvalues', {})
  near(again.radius, here)
  await assert.rejects(trainer.scale({ radius: -1 }), /a spectral radius of -1 cannot be/)
  await assert.rejects(trainer.scale({ layer: 3 }), /there is no layer 3/)
  model.dispose()
})

test('what has no recurrent weights, or too many, cannot be scaled', async () => {
  for (const [config, gate, why] of /** @type {const} */ ([[{ cell: 'mingru', hidden: 4 }, 'n', /no recurrent weights/], [{ cell: 'vanilla', hidden: 520 }, '', /1 … 512 units, not 520/]])) {
    await trainer.start({ config: { batch: 1, steps: 4, ...config }, text: TEXT })
    const before = await trainer.save()
    await assert.rejects(trainer.scale({ gate, radius: 1 }), why)
    assert.deepEqual(await trainer.save(), before)
  }
})
