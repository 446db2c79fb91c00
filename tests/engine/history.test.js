/** Going back to what a model was, setting a number by hand, and looking deeper into a model that trains in a worker. */
import assert from 'node:assert/strict'
import { after, test as plainTest } from 'node:test'
import { createTrainer, createVocabulary, featuresOf, RnnError } from '../../build/unroll/unroll.js'
import { History } from '../../web/engine/history.js'
import { presets } from '../../web/presets.js'
import { engine } from './helpers.js'

const HELLO = { config: presets.hello.config, text: 'hello' }
const WATCH = { trace: /** @type {const} */ (true), parameters: true }

/** @param {string} name  @param {() => Promise<void> | void} run */
const test = (name, run) => plainTest(name, { timeout: 60_000 }, run)

const trainer = await createTrainer()
after(() => trainer.dispose())

/** A model that has done so many rounds without going back. @param {number} rounds  @param {import('../../build/unroll/types/fields.js').Config} [config] */
function direct(rounds, config = HELLO.config) {
  const model = engine.createModel({ ...config, vocabulary: 4 })
  model.setText(createVocabulary('hello').encode('hello').symbols)
  if (rounds) model.train(rounds)
  return model
}

/** @param {ReturnType<typeof direct>} model */
const weightsOf = (model) => model.parameters.map(({ name }) => [name, [...model.getParameter(name)]])

async function weightsThere() {
  const { frame } = await trainer.look(WATCH)
  return Object.entries(frame?.parameters ?? {}).map(([name, { data }]) => [name, [...data]])
}

test('an earlier round is as it was, to the last bit, and training goes on from it as it did', async () => {
  await trainer.start(HELLO)
  for (let i = 0; i < 30; i++) await trainer.step(7)
  for (const round of [12, 205, 0, 77, 210, 1]) {
    const { iteration } = await trainer.rewind(round)
    assert.equal(iteration, round)
    assert.deepEqual(await weightsThere(), weightsOf(direct(round)), `the weights of round ${round}`)
  }
  assert.equal((await trainer.step(9)).loss, direct(0).train(10).loss)
  assert.equal((await trainer.rewind(210)).iteration, 10, 'what came later is forgotten')
})

test('changes by hand are part of what one goes back to', async () => {
  await trainer.start(HELLO)
  await trainer.step(10)
  await trainer.configure({ learningRate: 0.01 })
  await trainer.step(10)
  await trainer.poke('output.bias', 2, 0.5)
  await trainer.step(10)
  const changed = direct(10)
  changed.configure({ learningRate: 0.01 })
  changed.train(5)
  const { config } = await trainer.rewind(15)
  assert.equal(config.learningRate, changed.config.learningRate)
  assert.deepEqual(await weightsThere(), weightsOf(changed))
  changed.train(5)
  const bias = changed.getParameter('output.bias')
  bias[2] = 0.5
  changed.setParameter('output.bias', bias)
  changed.train(4)
  await trainer.rewind(24)
  assert.deepEqual(await weightsThere(), weightsOf(changed))
  for (const [name, index] of /** @type {const} */ ([['output.bias', 4], ['output.bias', -1], ['output.bias', 0.5], ['nothing', 0]])) {
    await assert.rejects(trainer.poke(name, index, 1), (error) => error instanceof RnnError && error.code === 'invalid-config')
  }
})

test('copies keep to their budget, evenly spread, the first and the last among them', () => {
  const history = new History(100)
  for (let i = 0; i <= 1000; i++) history.add({ iteration: i, bytes: new Uint8Array(10) })
  const { iterations } = history
  assert.ok(iterations.length >= 8 && iterations.length <= 10, `${iterations}`)
  assert.deepEqual([iterations[0], iterations.at(-1)], [0, 1000])
  const gaps = iterations.slice(1).map((iteration, i) => iteration - iterations[i])
  assert.ok(Math.max(...gaps.slice(0, -1)) <= 4 * Math.min(...gaps.slice(0, -1)), `${gaps}`)
  assert.equal(history.before(iterations[3] + 1)?.iteration, iterations[3])
  assert.equal(history.after(iterations[3] + 1)?.iteration, iterations[4])
  history.forget(iterations[3])
  assert.deepEqual(history.iterations, iterations.slice(0, 4))
})

test('what is asked of the model in the worker is what the model itself tells', async () => {
  const text = 'she said "hello" (or so) and left.\n'.repeat(4)
  const config = { cell: 'lstm', hidden: 5, layers: 2, batch: 2, steps: 8, seed: 3 }
  await trainer.start({ config, text })
  await trainer.step(20)
  const vocabulary = createVocabulary(text)
  const { symbols } = vocabulary.encode(text)
  const model = engine.createModel({ ...config, vocabulary: vocabulary.size })
  model.setText(symbols)
  model.train(20)
  const place = { from: 3, length: 12 }
  const inputs = symbols.subarray(3, 15)
  const batch = { batch: 1, steps: 12, inputs, targets: symbols.subarray(4, 16), fresh: true }
  const { matrices, ...norms } = model.jacobians({ inputs }, { layer: 1, state: 'c' })
  assert.deepEqual(await trainer.inspect('eigenvalues', { layer: 1, gate: 'f' }), model.eigenvalues({ layer: 1, gate: 'f' }))
  assert.deepEqual(await trainer.inspect('gradientNorms', { ...place, of: 'last' }), model.gradientNorms(batch, { from: 'last' }))
  assert.deepEqual(await trainer.inspect('jacobians', { ...place, layer: 1, state: 'c' }), norms)
  assert.deepEqual(await trainer.inspect('jacobians', { ...place, layer: 1, state: 'c', matrices: true }), { ...norms, matrices })
  assert.deepEqual(await trainer.inspect('sensitivity', { ...place, step: 2, matrices: true }), model.sensitivity({ inputs }, { step: 2 }))
  assert.deepEqual(await trainer.inspect('activations', { ...place, layer: 1, state: 'o' }), model.activations(inputs, { layer: 1, state: 'o' }))
  assert.deepEqual(await trainer.inspect('gateStatistics', { ...place, below: 0.4 }), model.gateStatistics(inputs, { below: 0.4 }))
  assert.deepEqual(await trainer.inspect('correlations', { from: 0, length: 1e6 }), model.correlations(symbols, featuresOf(text)))
  const window = { ...batch, steps: 8, inputs: inputs.subarray(0, 8), targets: batch.targets.subarray(0, 8) }
  assert.deepEqual(await trainer.inspect('checkGradients', { ...place, length: 8, samples: 7 }), model.checkGradients({ batch: window, samples: 7 }))
  await assert.rejects(trainer.inspect(/** @type {any} */ ('toString'), {}), /there is no inspection "toString"/)
})

test('a question that has no answer does not end the training', async () => {
  await trainer.start(HELLO)
  const questions = /** @type {const} */ ([{ name: 'gateStatistics', options: { from: 0, length: 4 } }, { name: 'eigenvalues', options: {} }])
  const { iteration, inspections } = await trainer.step(3, { inspect: { questions } })
  assert.equal(iteration, 3)
  assert.match(inspections?.[0].error ?? '', /has no gates/)
  assert.deepEqual(inspections?.[1], { name: 'eigenvalues', result: direct(3).eigenvalues() })
})
