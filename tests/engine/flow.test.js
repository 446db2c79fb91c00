/** What flows back through time, against torch.autograd in float64: tests/golden/diagnostics, where flow.py says how its files were made. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { assertFails, CELLS, engine, numbers, randomBatch } from './helpers.js'

// Relative to the norm of what is compared.
const ERROR = 1e-6

/** @typedef {Map<string, number[]>} Records */

/** @param {string} cell @returns {Records} */
const read = (cell) => new Map(readFileSync(new URL(`../golden/diagnostics/flow_${cell}.txt`, import.meta.url), 'utf8').trimEnd().split('\n').map((line) => {
  const [name, , ...values] = line.split(' ')
  return [name, values.map(Number)]
}))

/** @param {Records} records  @param {string} name */
function get(records, name) {
  const values = records.get(name)
  assert.ok(values, `there is a record ${name}`)
  return values
}

/** ‖a − b‖ ≤ ERROR · ‖b‖, where b is not all zero. @param {string} name  @param {ArrayLike<number>} a  @param {number[]} b  @param {number} [limit] */
function assertNear(name, a, b, limit = ERROR) {
  assert.equal(a.length, b.length, name)
  const norm = Math.hypot(...b)
  assert.ok(norm > 0, `${name} is not zero`)
  const error = Math.hypot(...b.map((value, i) => a[i] - value)) / norm
  assert.ok(error <= limit, `${name} is off by ${error.toExponential(1)}, allowed are ${limit}`)
}

/** @param {string} cell  @param {Records} records */
function create(cell, records) {
  const [vocabulary, hidden, layers, steps] = ['vocabulary', 'hidden', 'layers', 'steps'].map((name) => get(records, `config.${name}`)[0])
  const model = engine.createModel({ cell, vocabulary, hidden, layers, batch: 1, steps })
  for (const { name } of model.parameters) model.setParameter(name, get(records, `parameter.${name}`))
  return model
}

for (const cell of ['lstm', 'gru']) {
  const records = read(cell)
  const [inputs, targets] = ['inputs', 'targets'].map((name) => get(records, name))

  test(`${cell}: Jacobians of states, and their norms, are PyTorch's`, () => {
    const model = create(cell, records)
    const [T, H] = [inputs.length, Number(model.config.hidden)]
    let compared = 0
    for (const name of records.keys()) {
      const [, state, layer] = /^jacobian\.([hc])_l(\d)/.exec(name) ?? []
      if (!state) continue
      const { matrices, frobenius, spectral } = model.jacobians({ inputs }, { layer: Number(layer), state: state === 'h' ? 'h' : 'c' })
      assert.deepEqual(matrices.shape, [T, H, H])
      assertNear(name, matrices.data, get(records, name))
      const squares = Array.from(frobenius, (_, t) => Math.hypot(...get(records, name).slice(t * H * H, (t + 1) * H * H)))
      assertNear(`${name}, Frobenius`, frobenius, squares)
      assertNear(`${name}, spectral`, spectral, get(records, name.replace('jacobian', 'spectral')), 1e-5)
      compared++
    }
    assert.equal(compared, cell === 'lstm' ? 4 : 2)
    model.dispose()
  })

  test(`${cell}: the sensitivity of outputs to an input is PyTorch's`, () => {
    const model = create(cell, records)
    const [step] = get(records, 'step')
    const { matrices, norms } = model.sensitivity({ inputs }, { step })
    assertNear('matrices', matrices.data, get(records, 'sensitivity'))
    const size = matrices.shape[1] * matrices.shape[2]
    assertNear('norms', norms, Array.from(norms, (_, t) => Math.hypot(...get(records, 'sensitivity').slice(t * size, (t + 1) * size))))
    assert.ok(norms.every((norm, t) => (norm > 0) === (t >= step)))
    model.dispose()
  })

  test(`${cell}: the length of each state's gradient is PyTorch's, from all losses and from the last`, () => {
    const model = create(cell, records)
    const batch = { batch: 1, steps: inputs.length, inputs, targets, fresh: true }
    for (const from of /** @type {const} */ (['all', 'last'])) {
      const norms = model.gradientNorms(batch, { from })
      assert.equal(norms.length, 2)
      norms.forEach((of, l) => assertNear(`${from} ${l}`, of, get(records, `norms_${from}.l${l}`)))
    }
    model.dispose()
  })
}

test('the lengths of gradients are those of a trace, in both directions, with padding and a mask', () => {
  const [B, T, H] = [3, 5, 6]
  for (const { name, config } of CELLS) {
    const model = engine.createModel({ ...config, vocabulary: 7, hidden: H, layers: 2, bidirectional: true, batch: B, steps: T })
    const lengths = [5, 2, 3]
    const batch = { ...randomBatch(B, T, 7), lengths, mask: Array.from({ length: B * T }, (_, i) => Number(i !== 1)) }
    const last = Array.from({ length: B * T }, (_, i) => Number(i % T === lengths[Math.floor(i / T)] - 1 && i !== 1))
    for (const [from, traced] of /** @type {const} */ ([['all', batch], ['last', { ...batch, mask: last }]])) {
      const norms = model.gradientNorms(batch, { from })
      const trace = model.trace(traced)
      const names = ['dh_l0', 'dh_l0_reverse', 'dh_l1', 'dh_l1_reverse']
      norms.forEach((of, i) => of.forEach((norm, t) => {
        const dh = trace.get(names[i]).data.filter((_, k) => Math.floor(k / H) % T === t)
        assert.ok(Math.abs(norm - Math.hypot(...dh)) <= 1e-6 * Math.max(...of), `${name}: ${from}, ${names[i]} at ${t}`)
      }))
      assert.equal(norms.length, names.length)
    }
    model.dispose()
  }
})

test('a reversed Jacobian is that of the reversed sequence read forwards', () => {
  const size = { vocabulary: 7, hidden: 9, batch: 1, steps: 6 }
  const next = numbers(3)
  for (const { name, config } of CELLS) {
    const both = engine.createModel({ ...config, ...size, bidirectional: true })
    const one = engine.createModel({ ...config, ...size })
    for (const { name } of one.parameters.filter(({ name }) => name.startsWith('rnn'))) {
      const values = one.getParameter(name).map(next)
      one.setParameter(name, values)
      both.setParameter(`${name}_reverse`, values)
    }
    const inputs = [1, 5, 2, 2, 0, 6]
    const reversed = both.jacobians({ inputs }, { direction: 'reverse' })
    const forward = one.jacobians({ inputs: [...inputs].reverse() })
    for (let t = 0; t < 6; t++) {
      assert.deepEqual(reversed.matrices.data.subarray(t * 81, (t + 1) * 81), forward.matrices.data.subarray((5 - t) * 81, (6 - t) * 81), `${name}, step ${t}`)
      assert.ok(reversed.frobenius[t] > 0)
    }
    for (const model of [both, one]) model.dispose()
  }
})

test('looking deeper changes nothing, and what is not there is refused', () => {
  const model = engine.createModel({ cell: 'gru', vocabulary: 4, hidden: 3, layers: 2, batch: 1, steps: 4 })
  const batch = randomBatch(1, 4, 4)
  const before = Buffer.from(model.save())
  model.jacobians(batch)
  model.sensitivity(batch)
  model.gradientNorms(batch)
  assert.ok(before.equals(Buffer.from(model.save())))
  assertFails(() => model.jacobians(batch, { layer: 3 }), 'invalid-config', /no layer 3; there are 2/)
  assertFails(() => model.jacobians(batch, { state: 'c' }), 'invalid-config', /gru cell has no c/)
  assertFails(() => model.jacobians(batch, { direction: 'reverse' }), 'invalid-config', /direction 1/)
  assertFails(() => model.jacobians({ inputs: [] }), 'invalid-batch', /1 × 0/)
  assertFails(() => model.jacobians({ inputs: [0, 9] }), 'invalid-batch', /9.*vocabulary/)
  assertFails(() => model.sensitivity(batch, { step: 4 }), 'invalid-batch', /no step 4; there are 4/)
  assertFails(() => model.sensitivity(batch, { step: -1 }), 'invalid-config', /step -1/)
  model.dispose()
})
