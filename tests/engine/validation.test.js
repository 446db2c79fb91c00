/** Early stopping: against a loop by hand that trains, evaluates and remembers. */
import assert from 'node:assert/strict'
import { after, test as plainTest } from 'node:test'
import { createTrainer, createVocabulary, RnnError, Validation } from '../../build/unroll/unroll.js'
import { assertFails, engine, randomText } from './helpers.js'

/** @typedef {import('./helpers.js').Model} Model */
/** @typedef {import('../../build/unroll/types/session.js').Progress} Progress */

/** Of a text drawn at random nothing can be learned but by heart, which is soon worse for the part that is held out. */
const TEXT = String.fromCharCode(...randomText(700, 6, 3).map((symbol) => 97 + symbol))
const CONFIG = { cell: 'gru', hidden: 12, batch: 4, steps: 10, learningRate: 0.02 }
const VALIDATION = { share: 0.25, every: 6, patience: 4 }
const HELD = 175

/** What goes wrong here may well be an endless wait. @param {string} name  @param {() => Promise<void> | void} run */
const test = (name, run) => plainTest(name, { timeout: 60_000 }, run)

const trainer = await createTrainer()
after(() => trainer.dispose())

const vocabulary = createVocabulary(TEXT)
const { symbols } = vocabulary.encode(TEXT)

/** All numbers of a model's weights. @param {Model} model */
const weightsOf = (model) => model.parameters.map(({ name }) => [name, [...model.getParameter(name)]])

async function weightsThere() {
  const { frame } = await trainer.look({ trace: true, parameters: true })
  return Object.entries(frame?.parameters ?? {}).map(([name, { data }]) => [name, [...data]])
}

/** The loop by hand: a new model, or one to go on with. */
function byHand(model = engine.createModel({ ...CONFIG, vocabulary: vocabulary.size })) {
  model.setText(symbols.subarray(0, symbols.length - HELD))
  const losses = []
  let best = { iteration: -1, loss: Infinity, weights: weightsOf(model) }
  for (let misses = 0; misses < VALIDATION.patience;) {
    model.train(VALIDATION.every)
    const { loss } = model.evaluate(symbols.subarray(symbols.length - HELD))
    losses.push(model.iteration, loss)
    misses++
    if (loss < best.loss) {
      best = { iteration: model.iteration, loss, weights: weightsOf(model) }
      misses = 0
    }
  }
  const last = model.iteration
  model.dispose()
  return { losses, best, last }
}

const HAND = byHand()

/** Trains to the stop. @param {import('../../build/unroll/types/trainer.js').TrainOptions} [options] */
async function toTheEnd(options) {
  /** @type {Progress[]} */
  const reports = []
  for await (const report of trainer.train({ iterations: 5000, ...options })) reports.push(report)
  return reports
}

/** @param {Progress[]} reports */
const curve = (reports) => reports.flatMap(({ validation }) => [...validation?.losses ?? []])

test('the loop by hand sees the loss fall and rise again', () => {
  assert.ok(HAND.best.iteration > 2 * VALIDATION.every && HAND.losses[1] > HAND.best.loss)
  assert.equal(HAND.last, HAND.best.iteration + VALIDATION.every * VALIDATION.patience)
})

for (const interval of [0, 3, 1000]) {
  test(`training stops when the loop by hand does, with its best weights, reporting each ${interval} ms`, async () => {
    const run = await trainer.start({ config: CONFIG, text: TEXT, validation: VALIDATION })
    assert.deepEqual(run.validation, { ...VALIDATION, symbols: HELD })
    assert.equal(run.plan.length, TEXT.length - HELD)
    const reports = await toTheEnd({ interval })
    const { iteration, validation } = reports[reports.length - 1]
    assert.deepEqual(curve(reports), HAND.losses)
    assert.deepEqual([validation?.stopped, validation?.bestIteration, validation?.best, iteration], [true, HAND.best.iteration, HAND.best.loss, HAND.best.iteration])
    assert.equal(validation?.iteration, HAND.last)
    assert.ok(reports.slice(0, -1).every(({ validation }) => !validation?.stopped))
    assert.equal(reports.reduce((sum, { iterations }) => sum + iterations, 0), HAND.last)
    assert.deepEqual(await weightsThere(), HAND.best.weights)
  })
}

test('who goes on after the stop has patience anew, and the same happens again', async () => {
  await trainer.start({ config: CONFIG, text: TEXT, validation: VALIDATION })
  await toTheEnd()
  const again = await toTheEnd()
  const rest = HAND.losses.slice(HAND.losses.indexOf(HAND.best.iteration) + 2)
  assert.deepEqual(curve(again), rest)
  assert.equal(again[again.length - 1].iteration, HAND.best.iteration)
})

test('who goes back finds the best weights and the patience of then', async () => {
  await trainer.start({ config: CONFIG, text: TEXT, validation: VALIDATION })
  const middle = HAND.best.iteration - VALIDATION.every - 2
  await trainer.step(middle - 3)
  await trainer.step(HAND.last - 1 - middle + 3) // one before the stop
  assert.equal((await trainer.rewind(middle)).iteration, middle)
  const reports = await toTheEnd()
  assert.deepEqual(curve(reports), HAND.losses.slice(HAND.losses.findIndex((number, i) => i % 2 === 0 && number > middle)))
  assert.deepEqual(await weightsThere(), HAND.best.weights)
})

test('a checkpoint keeps the best loss and the patience; it has the best weights if it was saved with them', async () => {
  for (const [at, kept] of [[HAND.best.iteration - 1, true], [HAND.best.iteration, true], [HAND.best.iteration + VALIDATION.every + 1, false]]) {
    await trainer.start({ config: CONFIG, text: TEXT, validation: VALIDATION })
    await trainer.step(Number(at))
    const bytes = await trainer.save()
    const run = await trainer.load({ bytes, text: TEXT })
    assert.deepEqual(run.validation, { ...VALIDATION, symbols: HELD })
    const reports = await toTheEnd()
    const { iteration, validation } = reports[reports.length - 1]
    assert.deepEqual(curve(reports), HAND.losses.slice(HAND.losses.findIndex((number, i) => i % 2 === 0 && number > Number(at))))
    assert.deepEqual([validation?.best, validation?.bestIteration], [HAND.best.loss, HAND.best.iteration])
    assert.equal(iteration, kept ? HAND.best.iteration : HAND.last)
    if (kept) assert.deepEqual(await weightsThere(), HAND.best.weights)
  }
})

test('of another text, a checkpoint\'s best loss is none; and what is asked anew goes before what was saved', async () => {
  await trainer.start({ config: CONFIG, text: TEXT, validation: VALIDATION })
  await trainer.step(VALIDATION.every * 2)
  const bytes = await trainer.save()
  const other = [...TEXT].reverse().join('')
  const { validation } = await trainer.load({ bytes, text: other, validation: { patience: 2 } })
  assert.deepEqual(validation, { ...VALIDATION, patience: 2, symbols: HELD })
  const { iteration, validation: first } = await trainer.step(VALIDATION.every)
  assert.equal(first?.bestIteration, iteration)
})

test('nothing is held out where nothing is asked', async () => {
  const run = await trainer.start({ config: CONFIG, text: TEXT })
  assert.equal(run.validation, undefined)
  assert.equal(run.plan.length, TEXT.length)
  assert.equal((await trainer.step(20)).validation, undefined)
})

test('by default a tenth is held out, and an evaluation takes a tenth of the time', async () => {
  const { validation } = await trainer.start({ config: { ...CONFIG, batch: 2, steps: 5 }, text: TEXT.repeat(20), validation: {} })
  assert.deepEqual(validation, { share: 0.1, every: Math.ceil(1400 / 3), patience: 10, symbols: 1400 })
})

test('what cannot be is refused with the numbers, and the model before stays', async () => {
  await trainer.start({ config: CONFIG, text: TEXT, validation: VALIDATION })
  const cases = /** @type {const} */ ([
    [{ share: 1 }, TEXT, 'invalid-config', /share 1 is outside 0\.001 … 0\.9/],
    [{ share: NaN }, TEXT, 'invalid-config', /share NaN/],
    [{ every: 0 }, TEXT, 'invalid-config', /every 0 is outside 1 … 1000000000/],
    [{ every: 2.5 }, TEXT, 'invalid-config', /every 2\.5 is not a whole number/],
    [{ patience: 0 }, TEXT, 'invalid-config', /patience 0 is outside 1 … 1000000/],
    [/** @type {{}} */ ({ patients: 3 }), TEXT, 'invalid-config', /no "patients"; it has share, every, patience/],
    [{ share: 0.1 }, 'hello hello', 'invalid-text', /holds out 1 of 11 symbols/],
    [{ share: 0.9 }, 'hello hell', 'invalid-text', /holds out 9 of 10 symbols/],
  ])
  for (const [validation, text, code, message] of cases) {
    const started = trainer.start({ config: CONFIG, text, validation })
    await assert.rejects(started, (error) => error instanceof RnnError && error.code === code && message.test(error.message), message.source)
  }
  for (const saved of ['', 'null', '{}', '{"share":0.1,"every":1,"patience":1,"text":-1,"misses":0}', '{"share":7,"every":1,"patience":1,"text":1,"misses":0}']) {
    const model = engine.createModel({ ...CONFIG, vocabulary: vocabulary.size })
    assertFails(() => Validation.resume(saved, undefined, symbols, model, () => model.save()), 'bad-checkpoint', /validation cannot be read/)
    model.dispose()
  }
})
