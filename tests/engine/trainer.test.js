/** A model that trains in a worker: here on a thread of Node. */
import assert from 'node:assert/strict'
import { after, test as plainTest } from 'node:test'
import { createTrainer, createVocabulary, RnnError } from '../../build/unroll/unroll.js'
import { thin } from '../../web/engine/progress.js'
import { presets } from '../../web/presets.js'
import { engine, randomText } from './helpers.js'

/** @typedef {import('../../build/unroll/unroll.js').Trainer} Trainer */
/** @typedef {import('../../build/unroll/types/session.js').Progress} Progress */

const HELLO = { config: presets.hello.config, text: 'hello' }
/** Slow enough that an interval holds few iterations. */
const SLOW = { config: { hidden: 128, batch: 16, steps: 32 }, text: String.fromCharCode(...randomText(3000, 26).map((symbol) => 97 + symbol)) }

/** What goes wrong here may well be an endless wait. @param {string} name  @param {() => Promise<void> | void} run */
const test = (name, run) => plainTest(name, { timeout: 60_000 }, run)

const trainer = await createTrainer()
after(() => trainer.dispose())

/** @param {Promise<unknown>} promise  @param {string} code  @param {RegExp} [message] */
async function assertRejects(promise, code, message = /./) {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof RnnError, `not an RnnError: ${error}`)
    assert.equal(error.code, code, error.message)
    assert.match(error.message, message)
    return true
  })
}

/** @param {Trainer} trainer  @param {import('../../build/unroll/types/trainer.js').TrainOptions} options */
async function collect(trainer, options) {
  /** @type {Progress[]} */
  const reports = []
  for await (const report of trainer.train(options)) reports.push(report)
  return reports
}

test('starting tells what was made', async () => {
  const run = await trainer.start(HELLO)
  assert.deepEqual([run.vocabulary.symbols, run.iteration, run.unknown], [['h', 'e', 'l', 'o'], 0, []])
  assert.deepEqual(run.plan, { length: 5, batch: 1, steps: 4, shrunk: false })
  assert.deepEqual(run.config, engine.completeConfig({ ...HELLO.config, vocabulary: 4 }))
  assert.equal(run.bytes, engine.modelSize({ ...run.config }))
  assert.deepEqual(run.fields, engine.fields)
  assert.deepEqual(run.parameters[0], { name: 'rnn.weight_ih_l0', shape: [3, 4] })
  const known = await trainer.start({ ...HELLO, text: 'hello, help', vocabulary: ['l', 'h', 'e', 'o'] })
  assert.deepEqual([known.vocabulary.symbols, known.unknown], [['l', 'h', 'e', 'o'], [[',', 1], [' ', 1], ['p', 1]]])
})

test('as many iterations are done as were asked for, with the same bits as without a worker', async () => {
  await trainer.start(HELLO)
  const model = engine.createModel({ ...HELLO.config, vocabulary: 4 })
  model.setText(createVocabulary('hello').encode('hello').symbols)
  const reports = await collect(trainer, { iterations: 1234, interval: 1 })
  const last = reports[reports.length - 1]
  assert.equal(last.iteration, 1234)
  assert.equal(reports.reduce((sum, { iterations }) => sum + iterations, 0), 1234)
  const direct = model.train(1234)
  assert.deepEqual([last.loss, last.gradientNorm, last.symbols], [direct.loss, direct.gradientNorm, direct.symbols])
  const loaded = engine.loadModel(await trainer.save())
  for (const { name } of model.parameters) assert.deepEqual(loaded.getParameter(name), model.getParameter(name), name)
  assert.deepEqual(loaded.extra, { vocabulary: '["h","e","l","o"]' })
  model.dispose()
  loaded.dispose()
  assert.deepEqual(await collect(trainer, { iterations: 0 }), [])
})

test('progress goes forward: iterations, symbols and losses in order, at most 64 of them a report', async () => {
  await trainer.start({ ...HELLO, config: { ...HELLO.config, hidden: 64, learningRate: 0.01 } }) // a few microseconds a step
  const reports = await collect(trainer, { iterations: 3000, interval: 2 })
  assert.ok(reports.length > 1)
  let iteration = 0
  let symbols = 0
  for (const report of reports) {
    assert.ok(report.iteration > iteration && report.symbols > symbols && report.iterations > 0)
    assert.equal(report.symbols, 4 * report.iteration)
    assert.ok(report.losses.length >= 2 && report.losses.length <= 128 && report.losses.length % 2 === 0)
    const told = report.losses.filter((_, i) => i % 2 === 0)
    told.reduce((before, one) => (assert.ok(one > before, `${one} after ${before}`), one), iteration)
    assert.equal(told[told.length - 1], report.iteration)
    assert.ok(report.losses.filter((_, i) => i % 2 === 1).every((loss) => loss > 0 && loss < 3))
    assert.ok(report.charactersPerSecond >= 0)
    iteration = report.iteration
    symbols = report.symbols
  }
  assert.ok(reports.some(({ charactersPerSecond }) => charactersPerSecond > 100))
  assert.ok(reports[0].losses[1] > 1 && reports[reports.length - 1].loss < 0.01)
})

test('where there are too many losses, neighbours share their mean, at the last iteration among them', () => {
  assert.deepEqual([...thin([1, 2.5, 2, 1.5], 2)], [1, 2.5, 2, 1.5])
  assert.deepEqual([...thin([1, 3, 2, 1, 3, 8, 4, 6], 2)], [2, 2, 4, 7])
  assert.deepEqual([...thin([1, 3, 2, 5, 3, 7, 4, 6, 5, 2], 2)], [2, 4, 5, 5])
})

test('a signal ends the training quietly, and nothing is trained afterwards', async () => {
  await trainer.start(SLOW)
  const stop = new AbortController()
  let last = 0
  let count = 0
  for await (const { iteration } of trainer.train({ interval: 10, signal: stop.signal })) {
    last = iteration
    if (++count === 3) stop.abort()
  }
  assert.ok(count >= 3 && count <= 4, `${count} reports`)
  assert.equal((await trainer.step()).iteration, last + 1)
  assert.deepEqual(await collect(trainer, { signal: AbortSignal.abort() }), [])
  assert.equal((await trainer.step()).iteration, last + 2)
})

test('a signal ends the pause between slow iterations at once', async () => {
  await trainer.start(HELLO)
  const stop = new AbortController()
  const start = performance.now()
  let count = 0
  for await (const _ of trainer.train({ rate: 0.01, signal: stop.signal })) { // one in 100 s
    count++
    setTimeout(() => stop.abort(), 20)
  }
  assert.equal(count, 1)
  assert.ok(performance.now() - start < 50000)
})

test('leaving the loop ends the training within one interval', async () => {
  await trainer.start(SLOW)
  let seen = 0
  for await (const { iteration } of trainer.train({ interval: 10 })) {
    seen = iteration
    break
  }
  const { iteration } = await trainer.step()
  assert.ok(iteration >= seen + 1)
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.equal((await trainer.step()).iteration, iteration + 1)
})

test('the rate limits iterations per second', async () => {
  await trainer.start(HELLO)
  const start = performance.now()
  const reports = await collect(trainer, { iterations: 21, rate: 50 })
  const seconds = (performance.now() - start) / 1000
  assert.equal(reports[reports.length - 1].iteration, 21)
  assert.ok(seconds > 0.3, `21 iterations at 50 a second took ${seconds} s`)
  assert.ok(reports.every(({ iterations }) => iterations <= 3))
})

test('frames and samples come when they are watched, and looking trains nothing', async () => {
  await trainer.start(HELLO)
  const watch = /** @type {const} */ ({ trace: true, parameters: true, sample: { prompt: 'h', length: 4, strategy: 'greedy' } })
  const { frame, sample, iteration } = await trainer.step(200, watch)
  assert.equal(iteration, 200)
  assert.deepEqual([frame?.iteration, frame?.inputs, frame?.targets], [200, [0, 1, 2, 2], [1, 2, 2, 3]])
  assert.deepEqual([frame?.values.h_l0.shape, frame?.values.p.shape, frame?.parameters?.['output.weight'].shape], [[1, 4, 3], [1, 4, 4], [4, 3]])
  assert.equal(sample?.text, 'ello')
  assert.deepEqual([sample?.symbols, sample?.probabilities.length, sample?.distributions], [[1, 2, 2, 3], 4, undefined])
  const seen = await trainer.look({ ...watch, trace: { from: 1, length: 2 }, sample: { ...watch.sample, distributions: true } })
  assert.deepEqual([seen.frame?.inputs, seen.frame?.targets], [[1, 2], [2, 2]])
  assert.deepEqual(seen.sample?.distributions?.map((p) => p.length), [4, 4, 4, 4])
  assert.deepEqual(await trainer.look({}), {})
  assert.equal((await trainer.step()).iteration, 201)
  const beyond = await trainer.look({ trace: { from: 100, length: 100 } })
  assert.deepEqual([beyond.frame?.inputs, beyond.frame?.targets], [[2], [3]])
  const plain = await trainer.step()
  assert.ok(!('frame' in plain) && !('sample' in plain))
})

test('a watch may be looked at less often than progress is told', async () => {
  await trainer.start(HELLO)
  const often = await collect(trainer, { iterations: 10, rate: 100, interval: 10, watch: { trace: true, sample: { prompt: 'h', length: 1 } } })
  assert.ok(often.length >= 5 && often.every(({ frame, sample }) => frame && sample))
  const seldom = await collect(trainer, { iterations: 10, rate: 100, interval: 10, watch: { trace: true, every: 1e6, sample: { prompt: 'h', length: 1, every: 1e6 } } })
  assert.ok(seldom.length >= 5 && seldom.every(({ frame, sample }) => !frame && !sample))
})

test('generating tells the text and the probabilities; unknown letters of the prompt are passed over', async () => {
  await trainer.start(HELLO)
  await trainer.step(200)
  const sample = await trainer.generate({ prompt: 'h', length: 4, strategy: 'greedy' })
  assert.equal(sample.text, 'ello')
  assert.ok(sample.probabilities.every((p) => p > 0.8))
  assert.deepEqual(await trainer.generate({ prompt: 'Xh😀', length: 4, strategy: 'greedy' }), sample)
  assert.deepEqual(await trainer.generate({ prompt: '', length: 4, strategy: 'greedy' }), sample, 'an empty prompt starts as the text does')
  assert.equal((await trainer.generate({ prompt: 'h', length: 30, seed: 3 })).text, (await trainer.generate({ prompt: 'h', length: 30, seed: 3 })).text)
})

test('live fields change during training, others do not', async () => {
  await trainer.start(HELLO)
  assert.equal((await trainer.configure({ learningRate: 0.125 })).learningRate, 0.125)
  let iteration = 0
  for await (const report of trainer.train({ iterations: 40, interval: 1, rate: 500 })) {
    iteration = report.iteration
    await trainer.configure({ learningRate: 0 })
  }
  assert.equal(iteration, 40)
  const before = (await trainer.look({ trace: true, parameters: true })).frame?.parameters
  await trainer.step(5)
  assert.deepEqual((await trainer.look({ trace: true, parameters: true })).frame?.parameters, before)
  await assertRejects(trainer.configure({ hidden: 4 }), 'not-live', /hidden/)
  await assertRejects(trainer.configure({ learningRate: -1 }), 'invalid-config', /learningRate -1/)
})

test('saved here and loaded elsewhere, training goes on bit for bit', async () => {
  await trainer.start(SLOW)
  await trainer.step(7)
  const bytes = await trainer.save({ note: 'é' })
  const other = await createTrainer()
  try {
    const run = await other.load({ bytes, text: SLOW.text })
    assert.deepEqual([run.iteration, run.vocabulary.symbols, run.unknown], [7, createVocabulary(SLOW.text).symbols, []])
    const [here, there] = [await trainer.step(9), await other.step(9)]
    assert.deepEqual([there.iteration, there.loss, there.gradientNorm, there.symbols], [16, here.loss, here.gradientNorm, here.symbols])
    assert.deepEqual(Buffer.from(await other.save({ note: 'é' })), Buffer.from(await trainer.save({ note: 'é' })))
    assert.equal(engine.loadModel(bytes).extra.note, 'é')
  } finally {
    other.dispose()
  }
})

test('errors come with their codes, and the run before goes on', async () => {
  await trainer.start(HELLO)
  await trainer.step(3)
  await assertRejects(trainer.start({ config: { hidden: 0 }, text: 'hello' }), 'invalid-config', /hidden 0/)
  await assertRejects(trainer.start({ config: {}, text: '' }), 'invalid-text', /empty/)
  await assertRejects(trainer.start({ config: {}, text: 'h' }), 'invalid-text', /2 symbols/)
  await assertRejects(trainer.start({ ...HELLO, vocabulary: ['x', 'y'] }), 'invalid-text')
  await assertRejects(trainer.start({ config: { hidden: 2048, batch: 1024, steps: 65536 }, text: 'hello' }), 'out-of-memory')
  await assertRejects(trainer.load({ bytes: new Uint8Array(100), text: 'hello' }), 'bad-checkpoint')
  const bytes = await trainer.save()
  await assertRejects(trainer.load({ bytes: bytes.slice(0, -1), text: 'hello' }), 'bad-checkpoint')
  await assertRejects(trainer.load({ bytes, text: 'XYZ' }), 'invalid-text')
  await assertRejects(trainer.generate({ prompt: 'h', length: -1 }), 'invalid-batch')
  assert.equal((await trainer.step()).iteration, 4)
  assert.deepEqual((await trainer.generate({ prompt: 'h', length: 4 })).text.length, 4)
})

test('a divergence ends the loop with its code, and the model is still there', async () => {
  await trainer.start({
    config: { cell: 'vanilla', activation: 'relu', hidden: 16, batch: 1, steps: 200, optimizer: 'sgd', learningRate: 100, clip: 'none' }, text: SLOW.text,
  })
  let last = 0
  await assert.rejects(async () => {
    for await (const { iteration } of trainer.train({ interval: 1 })) last = iteration
  }, { code: 'diverged' })
  const model = engine.loadModel(await trainer.save())
  assert.ok(model.iteration >= last)
  model.dispose()
})

test('a trainer that has no model yet, or is disposed of, says so', async () => {
  const fresh = await createTrainer()
  await assertRejects(fresh.step(), 'disposed', /no model yet/)
  await assertRejects(fresh.save(), 'disposed')
  await fresh.start(SLOW)
  const [running, waiting] = [fresh.step(1e9), fresh.look({})]
  setTimeout(() => fresh.dispose(), 20)
  await Promise.all([assertRejects(running, 'disposed', /has been disposed/), assertRejects(waiting, 'disposed')])
  await assertRejects(fresh.step(), 'disposed')
  fresh.dispose()
})

test('a worker that cannot be loaded is an error, not a wait', async () => {
  await assertRejects(createTrainer({ worker: new URL('./missing.js', import.meta.url) }), 'worker-failed', /missing/)
})

test('a worker that ends by itself is told of, also where nothing was asked', async () => {
  const script = `import { parentPort } from 'node:worker_threads'; parentPort.on('message', ({ id, name }) => name === 'look' ? process.exit(0) : parentPort.postMessage({ id }))`
  const brief = await createTrainer({ worker: new URL(`data:text/javascript,${encodeURIComponent(script)}`) })
  assert.equal(brief.ended, false)
  await assertRejects(brief.look({}), 'worker-failed', /it was ended/)
  assert.equal((await brief.death).code, 'worker-failed')
  assert.equal(brief.ended, true)
  await assertRejects(brief.look({}), 'worker-failed')
  const kept = await createTrainer()
  kept.dispose()
  assert.equal(await Promise.race([kept.death, new Promise((next) => setTimeout(next, 300, 'nothing'))]), 'nothing')
})

test('one message is on its way at any time, and answers come in the order of the questions', async () => {
  // In place of the worker: it answers after a while, and tells what was still unanswered when a question came.
  const script = `
    const { parentPort } = require('node:worker_threads')
    let open = 0
    parentPort.on('message', ({ id, name, options }) => {
      const others = open++
      setTimeout(() => { open--; parentPort.postMessage({ id, result: { name, others, iterations: 1, iteration: id, options } }) }, 5)
    })`
  const slow = await createTrainer({ worker: new URL(`data:text/javascript,${encodeURIComponent(`import { createRequire } from 'node:module'; const require = createRequire('file:///'); ${script}`)}`) })
  try {
    const reports = /** @type {unknown[]} */ ([])
    const training = (async () => {
      for await (const report of slow.train({ iterations: 5 })) reports.push(report)
    })()
    const asked = [slow.look({}), slow.save(), slow.step(3), slow.configure({})]
    const answers = [...await Promise.all(asked), ...(await training, reports)]
    assert.deepEqual(answers.map((answer) => Reflect.get(Object(answer), 'others')), new Array(9).fill(0))
    assert.deepEqual(answers.slice(0, 4).map((answer) => Reflect.get(Object(answer), 'name')), ['look', 'save', 'train', 'configure'])
    const ids = answers.slice(0, 4).map((answer) => Number(Reflect.get(Object(answer), 'iteration')))
    assert.deepEqual(ids, [...ids].sort((a, b) => a - b))
  } finally {
    slow.dispose()
  }
})
