/** Numbers of a trace held by hand, against a plain loop in double that holds the same. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertClose, assertFails, bits, CELLS, engine, numbers, randomBatch } from './helpers.js'

/** @typedef {import('./helpers.js').Model} Model */
/** @typedef {import('../../build/unroll/types/model.js').Hold} Hold */
/** @typedef {Record<string, number[]>} Step   what a layer says at one step, by its name in a trace */

const [V, H, T] = [5, 3, 6]
const sigmoid = (/** @type {number} */ x) => 1 / (1 + Math.exp(-x))
/** @type {Record<string, (x: number) => number>} */
const ACTIVATIONS = { tanh: Math.tanh, sigmoid, relu: (x) => Math.max(0, x), identity: (x) => x }
const UNITS = Array.from({ length: H }, (_, u) => u)

/** @param {import('./helpers.js').Config} config */
function make(config) {
  const model = engine.createModel({ vocabulary: V, hidden: H, layers: 2, batch: 1, steps: T, ...config })
  const next = numbers(7)
  for (const { name } of model.parameters) model.setParameter(name, model.getParameter(name).map(() => 0.9 * next()))
  return model
}

/**
 * One step of one layer of the plain twin: each number is asked for by name, so that a held one takes its place.
 * @param {Model} model  @param {number} l  @param {ArrayLike<number>} x  @param {Step} before  @param {(name: string, unit: number) => number | undefined} held
 */
function twinStep(model, l, x, before, held) {
  const { cell, activation, reset, candidate } = model.config
  const get = (/** @type {string} */ name) => (model.parameters.some((one) => one.name === `rnn.${name}_l${l}`) ? model.getParameter(`rnn.${name}_l${l}`) : new Float32Array(4 * H * H))
  const [wi, wh, bi, bh] = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map(get)
  const I = x.length
  const input = (/** @type {number} */ g, /** @type {number} */ u) => Array.from(x).reduce((sum, value, k) => sum + wi[(g * H + u) * I + k] * value, bi[g * H + u])
  const recurrent = (/** @type {number} */ g, /** @type {number} */ u, /** @type {number[]} */ h) => h.reduce((sum, value, k) => sum + wh[(g * H + u) * H + k] * value, bh[g * H + u])
  const a = (/** @type {number} */ g, /** @type {number} */ u) => input(g, u) + recurrent(g, u, before.h)
  /** @type {Step} */
  const now = {}
  const say = (/** @type {string} */ name, /** @type {(u: number) => number} */ f) => { now[name] = UNITS.map((u) => held(name, u) ?? f(u)) }
  const gate = (/** @type {string} */ name, /** @type {number} */ g, f = sigmoid) => say(name, (u) => f(a(g, u)))
  if (cell === 'vanilla') gate('h', 0, ACTIVATIONS[String(activation)])
  if (cell === 'lstm') {
    gate('i', 0), gate('f', 1), gate('g', 2, ACTIVATIONS[String(candidate)]), gate('o', 3)
    say('c', (u) => now.f[u] * before.c[u] + now.i[u] * now.g[u])
    say('h', (u) => now.o[u] * Math.tanh(now.c[u]))
  }
  if (cell === 'gru') {
    gate('r', 0), gate('z', 1)
    const seen = before.h.map((h, u) => now.r[u] * h)
    say('n', (u) => Math.tanh(input(2, u) + (reset === 'before' ? recurrent(2, u, seen) : now.r[u] * recurrent(2, u, before.h))))
    say('h', (u) => (1 - now.z[u]) * now.n[u] + now.z[u] * before.h[u])
  }
  if (cell === 'mingru') {
    gate('z', 0), gate('n', 1, (x) => x)
    say('h', (u) => (1 - now.z[u]) * before.h[u] + now.z[u] * now.n[u])
  }
  if (cell === 'minlstm') {
    gate('f', 0), gate('i', 1), gate('g', 2, (x) => x)
    say('h', (u) => (now.f[u] * before.h[u] + now.i[u] * now.g[u]) / (now.f[u] + now.i[u]))
  }
  return now
}

/** All steps of the twin: by name, (T, n). @param {Model} model  @param {ArrayLike<number>} inputs  @param {readonly Hold[]} holds */
function twin(model, inputs, holds) {
  /** @type {Map<string, number[]>} */
  const told = new Map()
  const tell = (/** @type {string} */ name, /** @type {number[]} */ values) => told.set(name, [...told.get(name) ?? [], ...values])
  /** @type {Step[]} */
  const states = [0, 1].map(() => ({ h: UNITS.map(() => 0), c: UNITS.map(() => 0) }))
  const [w, b] = ['output.weight', 'output.bias'].map((name) => model.getParameter(name))
  for (let t = 0; t < T; t++) {
    let below = Array.from({ length: V }, (_, k) => Number(k === inputs[t]))
    states.forEach((before, l) => {
      states[l] = twinStep(model, l, below, before, (name, unit) => holds.find((hold) => hold.layer === l && hold.step === t && hold.unit === unit && hold.state === name)?.value)
      for (const [name, values] of Object.entries(states[l])) tell(`${name}_l${l}`, values)
      below = states[l].h
    })
    const logits = Array.from({ length: V }, (_, k) => below.reduce((sum, h, u) => sum + w[k * H + u] * h, b[k]))
    tell('logits', logits)
    const sum = logits.reduce((sum, x) => sum + Math.exp(x), 0)
    tell('p', logits.map((x) => Math.exp(x) / sum))
  }
  return told
}

const TWINNED = CELLS.filter(({ config }) => !config.peephole)

/** One of each kind, and several together, some of them in one unit. @param {Model} model  @returns {Hold[][]} */
function manyHolds(model) {
  const states = [...model.gates, ...(model.config.cell === 'lstm' ? ['c'] : []), 'h']
  const one = states.flatMap((state, k) => [0, 1].map((layer) => [{ layer, state, step: 1 + (k + 2 * layer) % (T - 1), unit: k % H, value: 0.3 + 0.1 * k }]))
  const unit = states.map((state, k) => ({ layer: 0, state, step: 2, unit: 1, value: 0.2 + 0.15 * k }))
  return [...one, unit, unit.slice(0, -1), one.flat()].filter((holds) => holds.length > 0)
}

for (const { name, config } of TWINNED) {
  test(`${name}: what is held is held, and every number after it follows`, () => {
    const model = make(config)
    const batch = { ...randomBatch(1, T, V), fresh: true }
    const free = model.trace(batch)
    let moved = 0
    for (const hold of manyHolds(model)) {
      const trace = model.trace(batch, { hold })
      for (const { layer, state, step, unit, value } of hold) assert.equal(trace.get(`${state}_l${layer}`).data[step * H + unit], Math.fround(value))
      for (const [part, values] of twin(model, batch.inputs, hold)) {
        const { data } = trace.get(part)
        values.forEach((value, k) => assertClose(data[k], value, 2e-6 * Math.max(1, Math.abs(value)), `${part}[${k}] with ${JSON.stringify(hold)}`))
        const first = Math.min(...hold.map(({ step }) => step)) * (data.length / T)
        assert.deepEqual(data.subarray(0, first), free.get(part).data.subarray(0, first), 'nothing before it changes')
      }
      const p = free.get('p').data
      if (trace.get('p').data.some((value, k) => Math.abs(value - p[k]) > 1e-6)) moved++
    }
    assert.equal(moved, manyHolds(model).length, 'each of them changed what it says')
    model.dispose()
  })

  test(`${name}: what is held at what it is changes no bit, forward or backward before it`, () => {
    const model = make(config)
    const batch = { ...randomBatch(1, T, V), fresh: true }
    const before = bits(model)
    const free = model.trace(batch)
    for (const state of [...model.gates, ...(config.cell === 'lstm' ? ['c'] : []), 'h']) {
      const value = free.get(`${state}_l0`).data[3 * H + 1]
      const held = model.trace(batch, { hold: [{ state, step: 3, unit: 1, value }] })
      for (const part of free.names.filter((part) => !part.startsWith('d'))) assert.deepEqual(held.get(part).data, free.get(part).data, `${part}, ${state} held`)
      for (const part of free.names.filter((part) => /^d/.test(part) && !part.includes('initial'))) {
        const n = free.get(part).data.length / T
        assert.deepEqual(held.get(part).data.subarray(4 * n), free.get(part).data.subarray(4 * n), `${part} after it, ${state} held`)
      }
    }
    assert.ok(bits(model).equals(before), 'the model stays as it is')
    model.dispose()
  })
}

test('in both directions and in a row of layers with other options, h is held too', () => {
  for (const config of /** @type {import('./helpers.js').Config[]} */ ([{ cell: 'lstm', peephole: true }, { cell: 'gru', layerNorm: true }, { cell: 'vanilla', skip: 2 }, { cell: 'lstm', bidirectional: true }])) {
    const model = make(config)
    const batch = { ...randomBatch(1, T, V), fresh: true }
    const directions = /** @type {('forward' | 'reverse')[]} */ (config.bidirectional ? ['forward', 'reverse'] : ['forward'])
    for (const direction of directions) {
      const trace = model.trace(batch, { hold: [{ direction, step: 1, unit: 2, value: 0.75 }] })
      const name = `h_l0${direction === 'reverse' ? '_reverse' : ''}`
      const free = model.trace(batch)
      assert.equal(trace.get(name).data[H + 2], 0.75)
      const changed = Array.from({ length: T }, (_, t) => trace.get(name).data.subarray(t * H, (t + 1) * H).some((value, u) => value !== free.get(name).data[t * H + u]))
      assert.deepEqual(changed, Array.from({ length: T }, (_, t) => (direction === 'reverse' ? t <= 1 : t >= 1)), `${JSON.stringify(config)} ${direction}`)
    }
    model.dispose()
  }
})

test('what cannot be held is refused, and says why', () => {
  const model = make({ cell: 'gru' })
  const batch = { ...randomBatch(1, T, V), fresh: true }
  /** @param {Partial<Hold>} hold  @param {RegExp} message */
  const refused = (hold, message, of = model, within = batch) =>
    assertFails(() => of.trace(within, { hold: [{ step: 1, unit: 0, value: 0.5, ...hold }] }), 'invalid-config', message)
  refused({ layer: 2 }, /no layer 2/)
  refused({ unit: 3 }, /no unit 3/)
  refused({ step: 6 }, /hold 0 cannot be: .* one of its 6 steps/)
  refused({ direction: 'reverse' }, /no direction 1/)
  refused({ state: 'c' }, /what this cell can hold/)
  refused({ state: 'f' }, /gru cell has no "f"/)
  refused({ state: '' }, /has no ""/)
  refused({ value: NaN }, /NaN/)
  refused({ step: -1 }, /step -1/)
  refused({}, /one sequence/, model, { ...randomBatch(2, T, V), fresh: true })
  refused({ state: 'z' }, /what this cell can hold/, make({ cell: 'gru', layerNorm: true }))
  refused({ state: 'c' }, /what this cell can hold/, make({ cell: 'lstm', peephole: true }))
  refused({ state: 'i', value: 0 }, /what this cell can hold/, make({ cell: 'minlstm' }))
  model.dispose()
})
