/**
 * The identity-recurrent network (Le, Jaitly and Hinton 2015): relu units whose weights from state to state start as the
 * identity learn the adding problem, where those that start small and random do not.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engine, numbers } from './helpers.js'

const [T, B, STEPS] = [40, 32, 400]

/** Numbers in [0, 1) beside marks; the target is the sum of the two that are marked, one in each half. @param {() => number} next */
function additions(next) {
  const uniform = () => Math.fround((next() + 1) / 2)
  /** @type {{ vectors: number[], values: number[] }} */
  const { vectors, values } = { vectors: [], values: [] }
  for (let b = 0; b < B; b++) {
    const marked = [0, T / 2].map((from) => from + Math.min(T / 2 - 1, Math.floor(uniform() * T / 2)))
    const terms = Array.from({ length: T }, uniform)
    vectors.push(...terms.flatMap((term, t) => [term, Number(marked.includes(t))]))
    values.push(terms[marked[0]] + terms[marked[1]])
  }
  return { batch: B, steps: T, vectors, values, fresh: true }
}

/** The mean squared error of the last 50 steps. @param {string} initialization */
function learned(initialization) {
  const model = engine.createModel({
    cell: 'vanilla', activation: 'relu', initialization, hidden: 24, input: 'vector', inputSize: 2, outputs: 1, loss: 'squared', pool: 'last',
    batch: B, steps: T, carry: false, optimizer: 'adam', learningRate: 0.003, clip: 'norm', clipAt: 1,
  })
  const next = numbers(7)
  const losses = Array.from({ length: STEPS }, () => model.step(additions(next)).loss)
  model.dispose()
  return losses.slice(-50).reduce((sum, loss) => sum + loss, 0) / 50
}

test('a relu network that starts with the identity learns to add over 40 steps, one that starts at random does not', () => {
  const constant = 1 / 6 // the error of always saying 1
  const [identity, uniform] = ['identity', 'uniform'].map(learned)
  assert.ok(identity < constant / 5, `from the identity: ${identity}`)
  assert.ok(uniform > constant * 0.8, `from uniform weights: ${uniform}`)
})

test('without clipping an update takes the gradient as it is, however long', () => {
  const config = { cell: 'vanilla', vocabulary: 5, hidden: 8, batch: 2, steps: 6, optimizer: 'sgd', learningRate: 1, clipAt: 1e-6 }
  const next = numbers(3)
  const symbols = () => Array.from({ length: 12 }, () => Math.floor((next() + 1) / 2 * 5))
  const batch = { batch: 2, steps: 6, inputs: symbols(), targets: symbols(), fresh: true }
  const model = engine.createModel({ ...config, clip: 'none' })
  const { gradientNorm } = model.backward(batch)
  assert.ok(gradientNorm > 0.1)
  const wanted = model.parameters.map(({ name }) => {
    const [values, gradient] = [model.getParameter(name), model.getGradient(name)]
    return values.map((value, i) => value - gradient[i])
  })
  model.step(batch)
  model.parameters.forEach(({ name }, i) => assert.deepEqual(model.getParameter(name), wanted[i], name))
  model.dispose()
  const clipped = engine.createModel({ ...config, clip: 'norm' })
  const before = clipped.getParameter('output.weight')
  clipped.step(batch)
  const moved = Math.hypot(...clipped.getParameter('output.weight').map((value, i) => value - before[i]))
  assert.ok(moved < 2e-6, `with it, at 1e-6: ${moved}`)
  clipped.dispose()
})
