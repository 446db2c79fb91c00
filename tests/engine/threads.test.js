/** Threads: as many as asked for, and the same bits as with one. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Worker } from 'node:worker_threads'
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

test('a trainer has threads of its own, and ends them', async (t) => {
  const trainer = await createTrainer({ threads: 3 })
  const text = String.fromCharCode(...randomText(2000, 26).map((symbol) => symbol + 97))
  const run = await trainer.start({ text, config: { hidden: 64, batch: 16, steps: 20 } })
  assert.equal(run.threads, 3)
  const { loss } = await trainer.step(10)
  const terminate = t.mock.method(Worker.prototype, 'terminate')
  trainer.dispose()
  await new Promise((next) => setTimeout(next))
  const ended = await Promise.all(terminate.mock.calls.map(({ result }) => result))
  assert.equal(ended.length, 3)
  const alone = await createTrainer()
  await alone.start({ text, config: { hidden: 64, batch: 16, steps: 20 } })
  assert.equal((await alone.step(10)).loss, loss)
  alone.dispose()
})

test('where a thread cannot start, a trainer does with one, and keeps no other', { timeout: 60_000 }, async (t) => {
  const terminate = t.mock.method(Worker.prototype, 'terminate')
  const { postMessage } = Worker.prototype
  t.mock.method(Worker.prototype, 'postMessage', /** @this {Worker} @param {any} message */ function (message) {
    // The last of three finds no memory in its place.
    postMessage.call(this, message.index === 2 ? { ...message, memory: null } : message)
  })
  const trainer = await createTrainer({ threads: 3 })
  while (terminate.mock.callCount() < 2) await new Promise((next) => setTimeout(next))
  const run = await trainer.start({ text: 'hello', config: { steps: 4, batch: 1 } })
  assert.equal(run.threads, 1)
  trainer.dispose()
})
