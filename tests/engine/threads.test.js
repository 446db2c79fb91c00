/** Threads: as many as asked for, and the same bits as with one. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTrainer, loadEngine } from '../../build/unroll/unroll.js'
import { assertFails, assertSameBits, CELLS, engine, randomText } from './helpers.js'

const together = await loadEngine({ threads: 3 })
after(() => together.dispose())

/** Large enough that the core calls its team. */
const SIZE = { vocabulary: 11, hidden: 70, layers: 2, batch: 16, steps: 20 }

test('an engine has the threads that were asked for', async () => {
  assert.equal(together.threads, 3)
  assert.equal(engine.threads, 1)
  for (const threads of [0, 1.5, 65, NaN]) await assert.rejects(loadEngine({ threads }), { code: 'invalid-config' })
})

for (const { name, config } of CELLS) {
  test(`${name} learns to the same bits with three threads as with one`, () => {
    const [one, three] = [engine, together].map((each) => {
      const model = each.createModel({ ...SIZE, ...config })
      model.setText(randomText(3000, 11))
      for (let i = 0; i < 8; i++) model.train()
      return model
    })
    assertSameBits(one, three)
  })
}

test('a saved model goes on with threads, bit for bit', () => {
  const text = randomText(3000, 11)
  const model = engine.createModel({ ...SIZE, recompute: true })
  model.setText(text)
  model.train(3)
  const resumed = together.loadModel(model.save())
  resumed.setText(text)
  model.train(5)
  resumed.train(5)
  assertSameBits(model, resumed)
  assert.equal(model.evaluate(text).loss, resumed.evaluate(text).loss)
})

test('a failure on a team is a failure, and the team goes on', () => {
  const model = together.createModel({ ...SIZE, cell: 'vanilla', activation: 'relu', steps: 60, optimizer: 'sgd', learningRate: 100, clip: 'none' })
  model.setText(randomText(3000, 11))
  assertFails(() => model.train(200), 'diverged')
  const next = together.createModel(SIZE)
  next.setText(randomText(3000, 11))
  assert.ok(Number.isFinite(next.train(3).loss))
})

test('a trainer has threads of its own, and ends them', async () => {
  const trainer = await createTrainer({ threads: 2 })
  const text = String.fromCharCode(...randomText(2000, 26).map((symbol) => symbol + 97))
  const run = await trainer.start({ text, config: { hidden: 64, batch: 16, steps: 20 } })
  assert.equal(run.threads, 2)
  const { loss } = await trainer.step(10)
  trainer.dispose()
  const alone = await createTrainer()
  await alone.start({ text, config: { hidden: 64, batch: 16, steps: 20 } })
  assert.equal((await alone.step(10)).loss, loss)
  alone.dispose()
})
