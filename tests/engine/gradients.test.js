/**
 * The gradient that comes out of WebAssembly against differences of the loss, for every number of every parameter.
 *
 * Differences are (−f(2ε) + 8f(ε) − 8f(−ε) + f(−2ε)) / 12ε, whose error is of the order ε⁴. The forward pass is in
 * float, so each loss is off by about 1e-7, which ε = 1/64 turns into less than 1e-5. A kink of relu within 2ε would
 * make the difference wrong: there ε is smaller, the tolerance larger for it, and the weights are some without a kink
 * that near. The same check in double, with a tolerance of 1e-6, is among the tests of the C core.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CELLS, engine, numbers, randomBatch } from './helpers.js'

for (const { name, config } of CELLS) {
  for (const layers of [1, 2, 3]) {
    test(`the gradient of ${name}, ${layers} layers, is the slope of the loss`, () => {
      const kinks = config.activation === 'relu'
      const epsilon = kinks ? 2 ** -9 : 2 ** -6
      const tolerance = kinks ? 1e-4 : 2e-5
      const model = engine.createModel({ ...config, vocabulary: 6, hidden: 5, layers, batch: 2, steps: 4, seed: 3 })
      const next = numbers(kinks ? 8 : 7)
      // States that nothing bends grow; gradients fade behind sigmoids.
      const scale = config.activation === 'identity' ? 0.4 : config.cell === 'minlstm' ? 0.6 : config.candidate === 'sigmoid' ? 1.3 : 0.9
      for (const { name } of model.parameters) model.setParameter(name, model.getParameter(name).map(() => scale * next()))
      model.configure({ learningRate: 0 })
      model.step(randomBatch(2, 4, 6, 9)) // so that there is a state to come from
      const batch = randomBatch(2, 4, 6)
      const { gradientNorm } = model.backward(batch)
      let squares = 0
      for (const { name } of model.parameters) {
        const gradient = model.getGradient(name)
        const values = model.getParameter(name)
        /** @param {number} i  @param {number} by */
        const lossAt = (i, by) => {
          model.setParameter(name, values.map((value, j) => j === i ? value + by : value))
          return model.forward(batch).loss
        }
        let largest = 0
        for (let i = 0; i < values.length; i++) {
          const slope = (8 * (lossAt(i, epsilon) - lossAt(i, -epsilon)) - (lossAt(i, 2 * epsilon) - lossAt(i, -2 * epsilon))) / (12 * epsilon)
          assert.ok(Math.abs(slope - gradient[i]) <= tolerance, `${name}[${i}]: ${gradient[i]}, the slope is ${slope}`)
          largest = Math.max(largest, Math.abs(gradient[i]))
          squares += gradient[i] ** 2
        }
        model.setParameter(name, values)
        assert.ok(largest > 10 * tolerance, `the gradient of ${name} is at most ${largest}`)
      }
      assert.ok(Math.abs(Math.sqrt(squares) - gradientNorm) < 1e-5, `its norm is ${Math.sqrt(squares)}, told ${gradientNorm}`)
      model.dispose()
    })
  }
}

test('clipping limits the step, not the gradient that is told', () => {
  const batch = randomBatch(2, 4, 6)
  /** @param {string} clip  @param {number} clipAt */
  const stepOf = (clip, clipAt) => {
    const model = engine.createModel({ vocabulary: 6, hidden: 5, batch: 2, steps: 4, optimizer: 'sgd', learningRate: 1, clip, clipAt })
    const before = model.parameters.map(({ name }) => model.getParameter(name))
    const { gradientNorm } = model.step(batch)
    const move = model.parameters.flatMap(({ name }, k) => Array.from(model.getParameter(name), (value, i) => value - before[k][i]))
    model.dispose()
    return { gradientNorm, length: Math.hypot(...move), largest: Math.max(...move.map(Math.abs)) }
  }
  const free = stepOf('none', 0.01)
  const byNorm = stepOf('norm', 0.01)
  const byValue = stepOf('value', 0.01)
  const loose = stepOf('norm', 1000)
  assert.ok(free.gradientNorm > 0.1 && free.largest > 0.02)
  assert.equal(byNorm.gradientNorm, free.gradientNorm)
  assert.equal(byValue.gradientNorm, free.gradientNorm)
  assert.ok(Math.abs(free.length - free.gradientNorm) < 1e-5)
  assert.ok(Math.abs(byNorm.length - 0.01) < 1e-5, String(byNorm.length))
  assert.ok(Math.abs(byValue.largest - 0.01) < 1e-6 && byValue.length > 0.011)
  assert.deepEqual(loose, free)
})
