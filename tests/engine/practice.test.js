/** Tasks in a trainer's worker: as they are learned without one, resumed, rewound, looked into and refused. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { learn, openTask, Practice, tasks } from '../../build/unroll/tasks.js'
import { createTrainer } from '../../build/unroll/unroll.js'
import { encoders as engine } from './helpers.js'

const trainer = await createTrainer()
after(() => trainer.dispose())

/** What a trainer refuses. @param {() => Promise<unknown>} action @param {string} code @param {RegExp} message */
const assertRefuses = (action, code, message) => assert.rejects(action, (error) => {
  assert.equal(/** @type {{ code?: string }} */ (error).code, code, String(error))
  assert.match(String(error), message)
  return true
})

const SMALL = { hidden: 6, batch: 4 }

/** @param {string} name @param {number} rounds @param {Record<string, number>} [fields] */
async function twin(name, rounds, fields = {}) {
  const learning = learn(engine, await openTask(name), { fields, config: SMALL })
  for (let i = 0; i < rounds; i++) learning.step()
  return learning
}

for (const [name, task] of Object.entries(tasks)) {
  test(`${name} in a worker gives the same bits as without, and what is held out is measured alike`, async () => {
    await trainer.start({ task: name, text: '', config: SMALL })
    const every = Math.ceil(task.goal.iterations / 20)
    const { loss, iteration, validation } = await trainer.step(every)
    const learning = await twin(name, every)
    assert.deepEqual([iteration, validation?.iteration], [every, every])
    assert.deepEqual(validation?.metrics, learning.metrics())
    const copied = engine.loadModel((await trainer.copy()).bytes)
    assert.ok(Buffer.from(copied.save({})).equals(Buffer.from(learning.model.save({}))))
    assert.equal(String(loss), String((await trainer.identity()).figures?.loss))
    for (const model of [copied, learning.model]) model.dispose()
  })

  test(`${name}: what can be chosen are its own fields and what its sequences leave open, and a choice is kept`, async () => {
    const fields = await trainer.fields({ task: name })
    const names = fields.map((field) => field.name)
    for (const field of task.fields) assert.ok(names.includes(field.name))
    for (const fixed of ['task', 'vocabulary', 'outputs', 'loss', 'steps', 'carry']) assert.ok(!names.includes(fixed))
    const { config, fields: told } = await trainer.start({ task: name, text: '', config: {} })
    assert.deepEqual(told, fields)
    for (const field of fields) assert.equal(field.default, config[field.name], field.name)
    await assertRefuses(() => trainer.start({ task: name, text: '', config: { steps: Number(config.steps) + 1 } }), 'invalid-config', /steps/)
  })
}

test('a task goes on from a copy, and is as it was when it is rewound', async () => {
  const fields = { lag: 2, length: 12 }
  await trainer.start({ task: 'parity', text: '', config: { ...SMALL, ...fields } })
  const first = await trainer.step(7)
  const { bytes, origin } = await trainer.copy()
  const later = await trainer.step(5)
  await trainer.rewind(7)
  assert.equal((await trainer.step(5)).loss, later.loss)
  const run = await trainer.load({ bytes, origin, text: '', task: 'parity' })
  assert.deepEqual([run.iteration, run.config.lag, run.config.length], [first.iteration, 2, 12])
  assert.equal((await trainer.step(5)).loss, later.loss)
  const { config } = /** @type {import('../../web/engine/origin.js').Origin} */ ((await trainer.identity()).origin)
  assert.equal(config.lag, 2)
  const learning = await twin('parity', 11, fields)
  assert.equal(learning.step().loss, later.loss)
  learning.model.dispose()
})

test('what comes once is believed after each step, as if the sequence ended there', async () => {
  await trainer.start({ task: 'names', text: '', config: SMALL })
  await trainer.step(3)
  const { frame } = await trainer.look({ trace: { from: 4, length: 1 } })
  const learning = await twin('names', 3)
  const { held, model } = learning
  assert.ok(frame?.beliefs && held.inputs)
  const [steps, symbols] = [Number(held.lengths?.[4]), Array.from(held.inputs).slice(4 * held.steps, 5 * held.steps)]
  assert.deepEqual(frame.inputs, symbols.slice(0, steps))
  for (let length = 1; length <= steps; length++) {
    const p = model.trace({ batch: 1, steps: length, inputs: symbols.slice(0, length), targets: [0], fresh: true }).get('p').data
    assert.deepEqual(Array.from(frame.beliefs.subarray(2 * (length - 1), 2 * length)), Array.from(p), `after ${length}`)
  }
  model.dispose()
})

test('a table of one\'s own is learned from, and a malformed one is refused by its line with the old run left as it was', async () => {
  await trainer.start({ task: 'mackey-glass', text: '', config: SMALL })
  const before = await trainer.step(2)
  const table = `a,b\n${Array.from({ length: 300 }, (_, i) => `${Math.sin(i / 5)},${i % 7}`).join('\n')}\n`
  await assertRefuses(() => trainer.start({ task: 'mackey-glass', text: table.replace('\n0,0\n', '\n0,zero\n'), config: {} }), 'invalid-text', /line 2/)
  await assertRefuses(() => trainer.start({ task: 'sine', text: table, config: {} }), 'invalid-text', /makes its sequences/)
  await assertRefuses(() => trainer.start({ task: 'nothing', text: '', config: {} }), 'invalid-config', /there is no task "nothing"/)
  assert.equal((await trainer.identity()).iteration, before.iteration)
  const run = await trainer.start({ task: 'mackey-glass', text: table, config: SMALL })
  assert.deepEqual([run.config.inputSize, run.task?.counts.columns], [2, 2])
  await trainer.step(2)
  const series = await trainer.inspect('series', { column: 1 })
  assert.equal(series.truth.length, Number(run.config.steps) + series.horizon)
  const { bytes } = await trainer.copy()
  await assertRefuses(() => trainer.load({ bytes, text: '', task: 'mackey-glass' }), 'bad-checkpoint', /other data/)
  assert.equal((await trainer.load({ bytes, text: table, task: 'mackey-glass' })).iteration, 2)
  await assertRefuses(() => trainer.load({ bytes, text: '', task: 'names' }), 'bad-checkpoint', /not learned the task names/)
})

test('only a task can be asked what it confuses, and only a series how it goes on', async () => {
  await trainer.start({ config: { hidden: 3, steps: 4 }, text: 'hello' })
  await assertRefuses(() => trainer.inspect('confusion', {}), 'invalid-config', /only tasks/)
  await trainer.start({ task: 'adding', text: '', config: SMALL })
  await assertRefuses(() => trainer.inspect('confusion', {}), 'invalid-config', /numbers, not classes/)
  await assertRefuses(() => trainer.inspect('series', {}), 'invalid-config', /not of a series/)
})

test('the digits that are shown are those that are measured', () => {
  const practice = new Practice(engine, { task: tasks.digits, config: SMALL })
  const { lengths = [] } = practice.held
  assert.deepEqual(practice.shown, Array.from(lengths).flatMap((length, b) => (length === 8 ? [b] : [])))
  assert.equal(practice.told().sequences, practice.shown.length)
  for (let from = 0; from < 20; from++) assert.equal(practice.batchAt({ from, length: 1 }).steps, 8)
  practice.model.dispose()
})
