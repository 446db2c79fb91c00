/** Configurations: the table, the defaults, what is refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertFails, bits, engine, field } from './helpers.js'

test('every field has a default of its own kind and within its range, and a sentence of help', () => {
  assert.ok(engine.fields.length > 15)
  assert.equal(new Set(engine.fields.map(({ name }) => name)).size, engine.fields.length)
  for (const { name, kind, default: initial, minimum, maximum, choices, help } of engine.fields) {
    assert.match(name, /^[a-z]+([A-Z][a-z]*)*\d*$/)
    assert.match(help, /^[A-Z].*\.$/)
    if (kind === 'choice') {
      assert.ok(choices.includes(String(initial)), name)
      assert.deepEqual([minimum, maximum], [0, choices.length - 1])
    } else if (kind === 'flag') {
      assert.equal(typeof initial, 'boolean')
    } else {
      assert.ok(Number(initial) >= minimum && Number(initial) <= maximum, name)
      if (kind === 'integer') assert.ok([initial, minimum, maximum].every(Number.isInteger), name)
    }
  }
})

test("a model's configuration is complete and frozen, with defaults where nothing was given", () => {
  const model = engine.createModel({ vocabulary: 7, hidden: 5, cell: 'gru', reset: 'before', carry: false, learningRate: 0.125 })
  const given = { vocabulary: 7, hidden: 5, cell: 'gru', reset: 'before', carry: false, learningRate: 0.125 }
  const expected = { ...Object.fromEntries(engine.fields.map(({ name, default: initial }) => [name, initial])), ...given }
  assert.deepEqual(model.config, expected)
  assert.deepEqual(engine.completeConfig(given), expected)
  assert.throws(() => Object.assign(model.config, { hidden: 6 }), TypeError)
  assert.throws(() => Object.assign(engine.fields[0], { name: 'other' }), TypeError)
  assert.equal(model.config.hidden, 5)
  model.dispose()
})

test('undefined leaves a field at its default', () => {
  assert.equal(engine.completeConfig({ hidden: /** @type {any} */ (undefined) }).hidden, field('hidden').default)
})

for (const { name, kind, minimum, maximum } of engine.fields) {
  if (kind === 'choice') {
    test(`${name} refuses a choice that it does not have, and names those it has`, () => {
      assertFails(() => engine.createModel({ [name]: 'nonsense' }), 'invalid-config', new RegExp(`^${name} .*${field(name).choices.join('.*')}.*"nonsense"`))
      assertFails(() => engine.createModel({ [name]: 0 }), 'invalid-config')
      assertFails(() => engine.createModel({ [name]: '' }), 'invalid-config')
    })
    continue
  }
  test(`${name} outside its range is refused with the value and both ends`, () => {
    const step = kind === 'real' ? Math.max(1e-6, maximum * 1e-6) : 1
    for (const value of [minimum - step, maximum + step, -1e300, 1e300, Infinity, -Infinity]) {
      assertFails(() => engine.createModel({ [name]: value }), 'invalid-config', new RegExp(`^${name} `))
      /** @type {number[]} */
      let said = []
      try { engine.modelSize({ [name]: value }) } catch (error) {
        said = (/** @type {Error} */ (error).message.slice(name.length).match(/-?(\d[\d.]*(e[-+]?\d+)?|inf)/g) ?? []).map((text) => Number(text.replace('inf', 'Infinity')))
      }
      assert.equal(said.length, 3)
      for (const [i, expected] of [value, minimum, maximum].entries()) {
        assert.ok(said[i] === expected || Math.abs(said[i] - expected) < 1e-6 * Math.abs(expected), `${said[i]} for ${expected}`)
      }
    }
    assertFails(() => engine.createModel({ [name]: NaN }), 'invalid-config', new RegExp(`^${name} `))
    assertFails(() => engine.createModel({ [name]: 'many' }), 'invalid-config', new RegExp(`^${name} .*"many"`))
    assert.equal(Number(engine.completeConfig({ [name]: minimum })[name]), minimum)
    assert.equal(Number(engine.completeConfig({ [name]: maximum })[name]), maximum)
    if (kind === 'integer') assertFails(() => engine.createModel({ [name]: minimum + 0.5 }), 'invalid-config', /whole number/)
  })
}

test('a name that is no field is refused, and told', () => {
  assertFails(() => engine.createModel({ hiden: 3 }), 'invalid-config', /"hiden".*hidden/)
  assertFails(() => engine.createModel({ learning_rate: 1 }), 'invalid-config', /"learning_rate"/)
  assertFails(() => engine.modelSize({ toString: 1 }), 'invalid-config', /"toString"/)
})

test('only live fields change while a model trains; if one change fails, none is made', () => {
  const model = engine.createModel({ vocabulary: 3, hidden: 2, batch: 1, steps: 2 })
  for (const { name, live, kind, minimum, maximum, choices } of engine.fields) {
    const value = kind === 'choice' ? choices[choices.length - 1] : kind === 'flag' ? false : kind === 'integer' ? maximum : (minimum + maximum) / 2
    if (live) {
      model.configure({ [name]: value })
      assert.equal(model.config[name], value)
    } else {
      const before = bits(model)
      assertFails(() => model.configure({ [name]: value }), 'not-live', new RegExp(`^${name} `))
      assert.ok(bits(model).equals(before), name)
    }
  }
  const before = model.config
  assertFails(() => model.configure({ learningRate: 0.5, clipAt: 2, momentum: 7 }), 'invalid-config', /momentum 7 /)
  assert.deepEqual(model.config, before)
  assertFails(() => model.configure({ learningRate: 0.5, hidden: 9 }), 'not-live', /hidden/)
  assert.deepEqual(model.config, before)
  assertFails(() => model.configure({ learningRate: 0.5, nonsense: 9 }), 'invalid-config', /nonsense/)
  assert.deepEqual(model.config, before)
  model.dispose()
})

test('a changed learning rate changes the next step, by its ratio', () => {
  const batch = { batch: 1, steps: 2, inputs: [0, 1], targets: [1, 2] }
  const moves = [0.25, 0.5].map((learningRate) => {
    const model = engine.createModel({ vocabulary: 3, hidden: 2, batch: 1, steps: 2, optimizer: 'sgd', learningRate: 1, clip: 'none' })
    model.configure({ learningRate })
    const before = model.getParameter('output.bias')
    model.step(batch)
    const after = model.getParameter('output.bias')
    model.dispose()
    return after.map((value, i) => value - before[i])
  })
  assert.ok(Math.abs(moves[0][0]) > 1e-3)
  for (const [i, move] of moves[0].entries()) assert.ok(Math.abs(2 * move - moves[1][i]) < 1e-6)
})

test('the smallest network of all trains', () => {
  const model = engine.createModel({ vocabulary: 1, hidden: 1, layers: 1, batch: 1, steps: 1 })
  const { loss, gradientNorm } = model.step({ batch: 1, steps: 1, inputs: [0], targets: [0] })
  assert.deepEqual({ loss, gradientNorm }, { loss: 0, gradientNorm: 0 })
  assert.equal(model.iteration, 1)
  model.dispose()
})

test('a model too large for memory is refused, and the engine goes on', () => {
  const config = { vocabulary: 65535, hidden: 2048, layers: 8, batch: 1024, steps: 65536 }
  assert.ok(engine.modelSize(config) > 2 ** 40)
  assertFails(() => engine.createModel(config), 'out-of-memory', /MiB/)
  const model = engine.createModel({ vocabulary: 3, hidden: 2 })
  assert.equal(model.iteration, 0)
  model.dispose()
})

test('model sizes are those that models take: many are made and disposed of in the same memory', () => {
  const config = { vocabulary: 100, hidden: 256, batch: 64, steps: 500 }
  const size = engine.modelSize(config)
  assert.ok(size > 2 ** 28, String(size))
  for (let i = 0; i < 20; i++) engine.createModel(config).dispose() // together more than the 4 GiB there can be
})
