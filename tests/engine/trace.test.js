/** Every number of a step, by name: the arithmetic is done again here, in double, from the parameters and the symbols. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertClose, assertFails, bits, CELLS, engine, numbers, randomBatch } from './helpers.js'

/** @typedef {import('./helpers.js').Model} Model */
/** @typedef {number[]} Vector */

const [V, H, B, T] = [6, 5, 2, 4]

const sigmoid = (/** @type {number} */ x) => 1 / (1 + Math.exp(-x))
/** @type {Record<string, (x: number) => number>} */
const ACTIVATIONS = { tanh: Math.tanh, sigmoid, relu: (x) => Math.max(0, x), identity: (x) => x }

/** @param {import('./helpers.js').Config} config  @param {number} layers */
function make(config, layers) {
  const model = engine.createModel({ ...config, vocabulary: V, hidden: H, layers, batch: B, steps: T })
  const next = numbers(5)
  const scale = config.activation === 'identity' ? 0.4 : 1 // else its states grow
  for (const { name } of model.parameters) model.setParameter(name, model.getParameter(name).map(() => scale * next()))
  return model
}

/** Rows of a matrix, one for each gate's units. @param {Model} model  @param {string} name  @param {number} gate */
function gateOf(model, name, gate) {
  const { shape } = model.parameters.find((parameter) => parameter.name === name) ?? { shape: [0] }
  const columns = shape[1] ?? 1
  const data = Array.from(model.getParameter(name))
  return Array.from({ length: H }, (_, u) => data.slice((gate * H + u) * columns, (gate * H + u + 1) * columns))
}

/** @param {Vector[]} matrix  @param {ArrayLike<number>} vector */
const times = (matrix, vector) => matrix.map((row) => row.reduce((sum, w, k) => sum + w * vector[k], 0))
/** @param {Vector[]} vectors */
const plus = (...vectors) => vectors[0].map((_, k) => vectors.reduce((sum, vector) => sum + vector[k], 0))
/** @param {(...values: number[]) => number} f  @param {ArrayLike<number>[]} vectors */
const map = (f, ...vectors) => Array.from(vectors[0], (_, k) => f(...vectors.map((vector) => vector[k])))

/**
 * One step of a layer in double: everything that a trace tells of it, without the layer's number.
 * @param {Model} model  @param {number} l  @param {ArrayLike<number>} x  @param {ArrayLike<number>} h  @param {ArrayLike<number>} c
 * @returns {Record<string, Vector>}
 */
function stepOf(model, l, x, h, c) {
  const { cell, activation, reset, candidate, peephole } = model.config
  const input = (/** @type {number} */ gate) => plus(times(gateOf(model, `rnn.weight_ih_l${l}`, gate), x), gateOf(model, `rnn.bias_ih_l${l}`, gate).flat())
  if (cell === 'mingru') {
    const [z, n] = [input(0).map(sigmoid), input(1)]
    return { a_z: input(0), a_n: n, z, n, h: map((z, n, h) => h + z * (n - h), z, n, h) }
  }
  if (cell === 'minlstm') {
    const [f, i, g] = [input(0).map(sigmoid), input(1).map(sigmoid), input(2)]
    return { a_f: input(0), a_i: input(1), a_g: g, f, i, g, h: map((f, i, g, h) => f / (f + i) * h + i / (f + i) * g, f, i, g, h) }
  }
  const bias = (/** @type {number} */ gate) => gateOf(model, `rnn.bias_hh_l${l}`, gate).flat()
  const recurrent = (/** @type {number} */ gate, /** @type {ArrayLike<number>} */ from) => plus(times(gateOf(model, `rnn.weight_hh_l${l}`, gate), from), bias(gate))
  const a = (/** @type {number} */ gate) => plus(input(gate), recurrent(gate, h))
  if (cell === 'vanilla') return { a: a(0), h: a(0).map(ACTIVATIONS[String(activation)]) }
  if (cell === 'lstm') {
    const peep = (/** @type {number} */ which, /** @type {ArrayLike<number>} */ seen) =>
      peephole ? map((p, c) => p * c, gateOf(model, `rnn.weight_peephole_l${l}`, which).flat(), seen) : new Array(H).fill(0)
    const [i, f, g] = [plus(a(0), peep(0, c)).map(sigmoid), plus(a(1), peep(1, c)).map(sigmoid), a(2).map(ACTIVATIONS[String(candidate)])]
    const after = map((i, f, g, c) => f * c + i * g, i, f, g, c)
    const o = plus(a(3), peep(2, after)).map(sigmoid)
    const tanh_c = after.map(Math.tanh)
    return { a_i: a(0), a_f: a(1), a_g: a(2), a_o: a(3), i, f, g, o, c: after, tanh_c, h: map((o, t) => o * t, o, tanh_c) }
  }
  assert.equal(cell, 'gru')
  const [r, z] = [a(0).map(sigmoid), a(1).map(sigmoid)]
  const after = reset === 'after'
  const hidden = recurrent(2, h)
  const reset_h = map((r, h) => r * h, r, h)
  const a_n = after ? input(2) : plus(input(2), recurrent(2, reset_h))
  const n = (after ? map((a, r, u) => a + r * u, a_n, r, hidden) : a_n).map(Math.tanh)
  return { a_r: a(0), a_z: a(1), a_n, r, z, n, ...(after ? { hidden_n: hidden } : { reset_h }), h: map((n, z, h) => (1 - z) * n + z * h, n, z, h) }
}

/** @param {string} cell  @param {string} form */
const namesOf = (cell, form) => /** @type {Record<string, string[]>} */ ({
  vanilla: ['a', 'da'],
  mingru: [...'zn'].flatMap((gate) => [`a_${gate}`, `da_${gate}`, gate]),
  minlstm: [...'fig'].flatMap((gate) => [`a_${gate}`, `da_${gate}`, gate]),
  lstm: [...'ifgo'].flatMap((gate) => [`a_${gate}`, `da_${gate}`, gate]).concat('c', 'dc', 'tanh_c', 'initial_c', 'dinitial_c'),
  gru: [...'rzn'].flatMap((gate) => [`a_${gate}`, `da_${gate}`, gate]).concat(form === 'after' ? ['hidden_n', 'dhidden_n'] : ['reset_h', 'dreset_h']),
})[cell]

for (const { name, config } of CELLS) {
  for (const layers of [1, 3]) {
    test(`a trace of ${name}, ${layers} layers, has every name and shape`, () => {
      const model = make(config, layers)
      const trace = model.trace(randomBatch(B, T, V))
      const own = [...namesOf(String(config.cell), String(config.reset)), 'h', 'dh', 'initial_h', 'dinitial_h']
      const layered = Array.from({ length: layers }, (_, l) => own.map((name) => `${name}_l${l}`)).flat()
      const shared = ['x', 'logits', 'dlogits', 'p', 'loss']
      assert.deepEqual([...trace.names].sort(), [...layered, ...shared].sort())
      for (const name of trace.names) {
        const { shape, data } = trace.get(name)
        const wanted = name === 'loss' ? [B, T] : shared.includes(name) ? [B, T, V] : name.includes('initial') ? [B, H] : [B, T, H]
        assert.deepEqual([shape, data.length], [wanted, wanted.reduce((a, b) => a * b, 1)], name)
      }
      assertFails(() => trace.get('toString'), 'invalid-batch', /"toString".*logits/)
      model.dispose()
    })

    test(`the numbers in a trace of ${name}, ${layers} layers, follow from each other`, () => {
      const model = make(config, layers)
      model.configure({ learningRate: 0 })
      model.step(randomBatch(B, T, V, 8)) // a state to come from
      const batch = randomBatch(B, T, V)
      const trace = model.trace(batch)
      const at = (/** @type {string} */ name, /** @type {number} */ b, /** @type {number} */ t, n = H) => trace.get(name).data.subarray((b * T + t) * n, (b * T + t + 1) * n)
      const initial = (/** @type {string} */ name, /** @type {number} */ b) => trace.names.includes(name) ? trace.get(name).data.subarray(b * H, (b + 1) * H) : new Float32Array(H)
      let compared = 0
      const same = (/** @type {string} */ what, /** @type {ArrayLike<number>} */ told, /** @type {Vector} */ wanted) => {
        assert.equal(told.length, wanted.length)
        wanted.forEach((value, k) => assertClose(told[k], value, 1e-6 * Math.max(1, Math.abs(value)), `${what}[${k}]`))
        compared += wanted.length
      }
      const output = Array.from({ length: V }, (_, k) => Array.from(model.getParameter('output.weight').subarray(k * H, (k + 1) * H)))
      for (let b = 0; b < B; b++) {
        for (let t = 0; t < T; t++) {
          const [x, y] = [batch.inputs[b * T + t], batch.targets[b * T + t]]
          /** @type {ArrayLike<number>} */
          let below = Array.from({ length: V }, (_, k) => Number(k === x))
          assert.deepEqual([...at('x', b, t, V)], below)
          for (let l = 0; l < layers; l++) {
            const before = (/** @type {string} */ part) => t ? at(`${part}_l${l}`, b, t - 1) : initial(`initial_${part}_l${l}`, b)
            assert.ok(t > 0 || before('h').some((value) => value !== 0), 'a state came from the step before')
            const step = stepOf(model, l, below, before('h'), config.cell === 'lstm' ? before('c') : [])
            for (const [part, values] of Object.entries(step)) same(`${part}_l${l} of ${b}, ${t}`, at(`${part}_l${l}`, b, t), values)
            below = at(`h_l${l}`, b, t)
          }
          same(`logits of ${b}, ${t}`, at('logits', b, t, V), plus(times(output, below), Array.from(model.getParameter('output.bias'))))
          const powers = Array.from(at('logits', b, t, V), Math.exp)
          const p = powers.map((power) => power / powers.reduce((sum, one) => sum + one, 0))
          same(`p of ${b}, ${t}`, at('p', b, t, V), p)
          same(`loss of ${b}, ${t}`, at('loss', b, t, 1), [-Math.log(p[y])])
          same(`dlogits of ${b}, ${t}`, at('dlogits', b, t, V), p.map((one, k) => (one - Number(k === y)) / (B * T)))
        }
      }
      assert.ok(compared > B * T * (3 * V + 2 * H * layers))
      model.dispose()
    })

    test(`the gradients in a trace of ${name}, ${layers} layers, add up to those of the parameters`, () => {
      const model = make(config, layers)
      const batch = { ...randomBatch(B, T, V), fresh: true }
      model.backward(batch)
      const trace = model.trace(batch)
      const sums = (/** @type {string} */ name, n = H) => Array.from({ length: n }, (_, k) => trace.get(name).data.reduce((sum, value, i) => i % n === k ? sum + value : sum, 0))
      const same = (/** @type {string} */ name, /** @type {number[]} */ wanted) => {
        const told = model.getGradient(name)
        assert.ok(told.some((value) => Math.abs(value) > 1e-4), `${name} is not zero`)
        told.forEach((value, k) => assertClose(value, wanted[k], 1e-6, `${name}[${k}]`))
      }
      same('output.bias', sums('dlogits', V))
      const gates = /** @type {Record<string, string[]>} */ ({ vanilla: ['da'], lstm: ['da_i', 'da_f', 'da_g', 'da_o'], gru: ['da_r', 'da_z', 'da_n'], mingru: ['da_z', 'da_n'], minlstm: ['da_f', 'da_i', 'da_g'] })[String(config.cell)]
      for (let l = 0; l < layers; l++) {
        same(`rnn.bias_ih_l${l}`, gates.flatMap((gate) => sums(`${gate}_l${l}`)))
        if (!model.parameters.some(({ name }) => name === `rnn.weight_hh_l${l}`)) continue
        const recurrent = config.reset === 'after' ? ['da_r', 'da_z', 'dhidden_n'] : gates
        same(`rnn.bias_hh_l${l}`, recurrent.flatMap((gate) => sums(`${gate}_l${l}`)))
        // What reaches a weight is the sum of da · h over all steps.
        const dw = model.getGradient(`rnn.weight_hh_l${l}`)
        const [da, h] = [trace.get(`${gates[0]}_l${l}`).data, trace.get(`h_l${l}`).data]
        for (const [u, k] of [[0, 0], [3, 4], [4, 1]]) {
          let sum = 0
          for (let b = 0; b < B; b++) for (let t = 1; t < T; t++) sum += da[(b * T + t) * H + u] * h[(b * T + t - 1) * H + k]
          assertClose(dw[u * H + k], sum, 1e-6, `weight_hh_l${l} ${u}, ${k}`)
        }
      }
      model.dispose()
    })
  }
}

test('dh is what comes from the output and from the step after; dc what comes through h and the forget gate', () => {
  const model = make({ cell: 'lstm' }, 1)
  const trace = model.trace({ ...randomBatch(B, T, V), fresh: true })
  const [dh, dc, o, f, tanh_c, dlogits] = ['dh_l0', 'dc_l0', 'o_l0', 'f_l0', 'tanh_c_l0', 'dlogits'].map((name) => trace.get(name).data)
  const [w, whh] = ['output.weight', 'rnn.weight_hh_l0'].map((name) => model.getParameter(name))
  for (let b = 0; b < B; b++) {
    for (let t = 0; t < T; t++) {
      for (let u = 0; u < H; u++) {
        const at = (b * T + t) * H + u
        let fromAbove = 0
        for (let k = 0; k < V; k++) fromAbove += w[k * H + u] * dlogits[(b * T + t) * V + k]
        let fromAfter = 0
        if (t < T - 1) ['i', 'f', 'g', 'o'].forEach((gate, g) => {
          const da = trace.get(`da_${gate}_l0`).data
          for (let j = 0; j < H; j++) fromAfter += whh[(g * H + j) * H + u] * da[(b * T + t + 1) * H + j]
        })
        assertClose(dh[at], fromAbove + fromAfter, 1e-6, `dh ${b}, ${t}, ${u}`)
        assertClose(dc[at], dh[at] * o[at] * (1 - tanh_c[at] ** 2) + (t < T - 1 ? dc[at + H] * f[at + H] : 0), 1e-6, `dc ${b}, ${t}, ${u}`)
      }
    }
  }
  model.dispose()
})

test('a trace starts from the carried state, or from zero when fresh, and changes nothing', () => {
  const model = make({ cell: 'lstm' }, 2)
  const [one, two] = [randomBatch(B, T, V), randomBatch(B, T, V, 4)]
  const first = model.trace(one)
  model.step(one)
  model.backward(two)
  const gradient = model.getGradient('rnn.weight_hh_l0')
  const before = bits(model)
  const second = model.trace(two)
  for (const part of ['h_l0', 'c_l0', 'h_l1', 'c_l1']) {
    const left = first.get(part).data
    const wanted = [0, 1].flatMap((b) => [...left.subarray((b * T + T - 1) * H, (b * T + T) * H)])
    assert.deepEqual([...second.get(`initial_${part}`).data], wanted)
    assert.ok(wanted.some((value) => value !== 0))
    assert.ok(model.trace({ ...two, fresh: true }).get(`initial_${part}`).data.every((value) => value === 0))
  }
  assert.ok(bits(model).equals(before))
  assert.deepEqual(model.getGradient('rnn.weight_hh_l0'), gradient)
  model.dispose()
})

test('a trace may be longer and wider than the batches of training', () => {
  const model = make({ cell: 'gru' }, 1)
  const batch = { ...randomBatch(3, 20, V), fresh: true }
  const { shape, data } = model.trace(batch).get('loss')
  assert.deepEqual(shape, [3, 20])
  const wide = engine.createModel({ ...model.config, batch: 3, steps: 20 })
  for (const { name } of model.parameters) wide.setParameter(name, model.getParameter(name))
  assertClose(wide.forward(batch).loss, data.reduce((sum, loss) => sum + loss, 0) / 60, 1e-6, 'loss')
  model.dispose()
  wide.dispose()
})

test('what does not count has no loss and no gradient', () => {
  const model = make({}, 1)
  const batch = { ...randomBatch(B, T, V), mask: [1, 1, 1, 1, 0, 0, 0, 0] }
  const trace = model.trace(batch)
  const [loss, dlogits] = [trace.get('loss').data, trace.get('dlogits').data]
  assert.ok(loss.subarray(0, T).every((value) => value > 0) && loss.subarray(T).every((value) => value === 0))
  assert.ok(dlogits.subarray(0, T * V).some((value) => value !== 0) && dlogits.subarray(T * V).every((value) => value === 0))
  model.dispose()
})

for (const { name, config } of CELLS) {
  test(`${name}: the gradient of the initial state is what two halves hand over to each other`, () => {
    const [B, T] = [1, 6]
    const whole = randomBatch(B, T, V, 9)
    const half = (/** @type {number} */ from) => ({
      batch: B, steps: T / 2, inputs: Array.from(whole.inputs).slice(from, from + T / 2), targets: Array.from(whole.targets).slice(from, from + T / 2),
    })
    const model = engine.createModel({ ...config, vocabulary: V, hidden: H, batch: B, steps: T, learningRate: 0 })
    const all = model.trace({ ...whole, fresh: true })
    const first = model.trace({ ...half(0), fresh: true })
    model.step({ ...half(0), fresh: true }) // nothing is learned, but the state is carried
    const second = model.trace(half(T / 2))
    for (let u = 0, at = (T / 2 - 1) * H; u < H; u++, at++) {
      const told = (/** @type {string} */ name) => all.get(name).data[at]
      const dh = (first.get('dh_l0').data[at] + second.get('dinitial_h_l0').data[u]) / 2
      assertClose(dh, told('dh_l0'), 1e-7, `dh of unit ${u}`)
      assert.ok(Math.abs(second.get('dinitial_h_l0').data[u]) > 1e-5)
      if (config.cell !== 'lstm') continue
      const peep = config.peephole ? told('da_o_l0') * model.getParameter('rnn.weight_peephole_l0')[2 * H + u] : 0
      const dc = dh * told('o_l0') * (1 - told('tanh_c_l0') ** 2) + peep + second.get('dinitial_c_l0').data[u] / 2
      assertClose(dc, told('dc_l0'), 1e-7, `dc of unit ${u}`)
    }
  })
}
