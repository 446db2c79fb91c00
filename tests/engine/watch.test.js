/** What units say along a text, units that are held while writing, and gradients checked by differences. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { featuresOf } from '../../build/unroll/unroll.js'
import { assertClose, assertFails, CELLS, engine, gatesOf, randomBatch, randomText } from './helpers.js'

const [V, H] = [6, 9]
const SIZE = { vocabulary: V, hidden: H, layers: 2, batch: 1, steps: 40 }
/** @param {import('./helpers.js').Config} config */
const make = (config) => engine.createModel({ ...SIZE, ...config })
/** @param {ArrayLike<number>} text  @returns {import('./helpers.js').Batch} */
const batchOf = (text) => ({ batch: 1, steps: text.length, inputs: Array.from(text), targets: Array.from(text), fresh: true })

test('what units say along a text is what a trace of it tells', () => {
  const text = randomText(40, V)
  for (const { name, config } of CELLS) {
    const model = make(config)
    const trace = model.trace(batchOf(text))
    const told = ['h', ...trace.names.includes('c_l1') ? ['c'] : [], ...gatesOf(model).filter((gate) => gate)]
    for (const state of told) {
      const { shape, data } = model.activations(text, { layer: 1, state })
      assert.deepEqual(shape, [40, H])
      assert.deepEqual(data, trace.get(`${state}_l1`).data, `${name}: ${state}`)
      const some = model.activations(text, { layer: 1, state, from: 7, to: 31 })
      assert.deepEqual([some.shape, some.data], [[24, H], data.slice(7 * H, 31 * H)])
    }
    model.dispose()
  }
})

test('a text longer than any piece of it is read as one', () => {
  const text = randomText(5000, V)
  const model = engine.createModel({ ...SIZE, steps: 5000 })
  const { data } = model.trace(batchOf(text)).get('h_l0')
  assert.deepEqual(model.activations(text, { from: 2000, to: 4990 }).data, data.slice(2000 * H, 4990 * H))
  model.dispose()
})

test('gate statistics are those of what the gates say', () => {
  const text = randomText(3000, V)
  for (const { name, config } of CELLS) {
    const model = make(config)
    for (const parameter of model.parameters) model.setParameter(parameter.name, model.getParameter(parameter.name).map((w) => 8 * w))
    const gates = gatesOf(model).join('')
    if (!gates) assertFails(() => model.gateStatistics(text), 'invalid-config', /vanilla cell has no gates/)
    const [below, above] = [0.2, 0.7]
    const statistics = gates ? model.gateStatistics(text, { layer: 1, below, above }) : []
    assert.equal(statistics.map(({ gate }) => gate).join(''), gates)
    for (const one of statistics) {
      const { data } = model.activations(text, { layer: 1, state: one.gate })
      for (let u = 0; u < H; u++) {
        const said = Array.from(data.filter((_, i) => i % H === u))
        const share = (/** @type {(value: number) => boolean} */ holds) => said.filter(holds).length / said.length
        assertClose(one.mean[u], said.reduce((sum, value) => sum + value, 0) / said.length, 1e-9, `${name}: mean of ${one.gate}`)
        assertClose(one.below[u], share((value) => value < below), 1e-9, `${name}: below, ${one.gate}`)
        assertClose(one.above[u], share((value) => value > above), 1e-9, `${name}: above, ${one.gate}`)
      }
    }
    for (const share of /** @type {const} */ (['below', 'above'])) {
      assert.ok(!gates || statistics.some((one) => one[share].some((often) => often > 0)), `${name}: some are ${share}`)
    }
    model.dispose()
  }
})

test('features of a text', () => {
  const text = 'A "b (c)" 1,\nIt’s “x”\n\n"é\n\nz'
  const features = featuresOf(text)
  const wanted = {
    insideQuotes: '0011111100000 000001100 0 111 0 0',
    bracketDepth: '0000011000000 000000000 0 000 0 0',
    positionInWord: '0000000000000 012300000 0 000 0 0',
    isSpace: '0100100001001',
  }
  for (const [name, row] of Object.entries(wanted)) {
    const digits = row.replaceAll(' ', '')
    assert.equal([...features[name]].slice(0, digits.length).join(''), digits, name)
  }
  assert.deepEqual([...features.positionInLine], [...'A "b (c)" 1,\n'].map((_, i) => i).concat([...'It’s “x”\n'].map((_, i) => i), [0], [0, 1, 2], [0], [0]))
  for (const [name, letters] of Object.entries({ isUppercase: 'AI', isDigit: '1', isPunctuation: '"(),’“”' })) {
    assert.deepEqual([...features[name]], [...text].map((symbol) => Number(letters.includes(symbol))), name)
  }
})

/** Pearson's r, in two passes. @param {ArrayLike<number>} a  @param {ArrayLike<number>} b */
function pearson(a, b) {
  const mean = (/** @type {ArrayLike<number>} */ x) => Array.from(x).reduce((sum, value) => sum + value, 0) / x.length
  const [x, y] = [a, b].map((one) => { const middle = mean(one); return Array.from(one, (value) => value - middle) })
  const dot = (/** @type {number[]} */ p, /** @type {number[]} */ q) => p.reduce((sum, value, i) => sum + value * q[i], 0)
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y))
}

test('correlations are Pearson\'s, the closest first, and 0 for what never changes', () => {
  const model = make({ cell: 'gru' })
  const text = randomText(3000, V)
  const features = { isTwo: Array.from(text, (x) => Number(x === 2)), place: Array.from(text, (_, i) => i % 17), constant: Array.from(text, () => 3) }
  const ranking = model.correlations(text, features, { layer: 1 })
  assert.equal(ranking.length, 3 * H)
  const { data } = model.activations(text, { layer: 1 })
  ranking.forEach(({ unit, feature, correlation }, i) => {
    if (feature === 'constant') assert.equal(correlation, 0)
    else assertClose(correlation, pearson(data.filter((_, k) => k % H === unit), features[/** @type {'place'} */ (feature)]), 1e-7, `${feature}, unit ${unit}`)
    if (i) assert.ok(Math.abs(correlation) <= Math.abs(ranking[i - 1].correlation))
  })
  assert.ok(Math.abs(ranking[0].correlation) > 0.1 && ranking[0].feature === 'isTwo')
  assertFails(() => model.correlations(text, { short: [1] }), 'invalid-text', /short has 1 numbers, the text 3000/)
  model.dispose()
})

test('watching refuses what there is not', () => {
  const model = make({ cell: 'gru' })
  assertFails(() => model.activations([0, V]), 'invalid-text', /symbol 6.*vocabulary of 6/)
  assertFails(() => model.activations([0], { layer: 2 }), 'invalid-config', /no layer 2; there are 2/)
  assertFails(() => model.activations([0], { state: 'c' }), 'invalid-config', /gru.*"hrzn"/)
  assertFails(() => model.activations([0], { from: 1, to: 2 }), 'invalid-text', /1 … 2.*text of 1/)
  const both = make({ bidirectional: true })
  assertFails(() => both.activations([0]), 'invalid-config', /one direction/)
  for (const one of [model, both]) one.dispose()
})

/** Sets some numbers of a parameter. @param {import('./helpers.js').Model} model  @param {string} name  @param {(row: number, column: number) => number | undefined} value */
function doctor(model, name, value) {
  const columns = model.parameters.find((parameter) => parameter.name === name)?.shape[1] ?? 1
  model.setParameter(name, model.getParameter(name).map((w, i) => value(Math.floor(i / columns), i % columns) ?? w))
}

/** Lets a unit's gate say the same whatever it reads. @param {import('./helpers.js').Model} model  @param {number} gate  @param {number} layer  @param {number} unit  @param {number} bias */
function fix(model, gate, layer, unit, bias) {
  const row = gate * H + unit
  for (const name of ['weight_ih', 'weight_hh', 'bias_hh']) doctor(model, `rnn.${name}_l${layer}`, (r) => r === row ? 0 : undefined)
  doctor(model, `rnn.bias_ih_l${layer}`, (r) => r === row ? bias : undefined)
}

// A unit that is held is one whose weights let it say nothing else: sigmoid(±40) is 1 and, but for 1e-17, 0.
/** @type {{ name: string, config: import('./helpers.js').Config, value: number, state: 'h' | 'c', fixed: [number, number][] }[]} */
const HELD = [
  { name: 'vanilla h', config: { cell: 'vanilla', activation: 'relu' }, value: 0.75, state: 'h', fixed: [[0, 0.75]] },
  { name: 'gru h', config: { cell: 'gru' }, value: Math.tanh(0.5), state: 'h', fixed: [[1, -40], [2, 0.5]] },
  { name: 'lstm h', config: { cell: 'lstm' }, value: 0, state: 'h', fixed: [[3, -40]] },
  { name: 'lstm c', config: { cell: 'lstm' }, value: Math.tanh(0.5), state: 'c', fixed: [[0, 40], [1, -40], [2, 0.5]] },
]

test('a unit that is held writes as one whose weights let it say nothing else', () => {
  for (const { name, config, value, state, fixed } of HELD) {
    for (const layer of [0, 1]) {
      const [model, other] = [make(config), make(config)]
      for (const one of [model, other]) {
        one.setText(randomText(300, V))
        one.configure({ learningRate: 0.02 })
        one.train(30)
      }
      for (const [gate, bias] of fixed) fix(other, gate, layer, 3, bias)
      const options = { prompt: [0, 2, 1], length: 60, count: 3, distributions: true }
      const held = model.generate({ ...options, clamp: [{ layer, unit: 3, value, state }] })
      const doctored = other.generate(options)
      held.distributions?.forEach((p, i) => assertClose(p, doctored.distributions?.[i] ?? NaN, 1e-5, `${name} of layer ${layer}, ${i}`))
      assert.notDeepEqual(held.probabilities, model.generate(options).probabilities, `${name}: it matters`)
      for (const one of [model, other]) one.dispose()
    }
  }
})

test('a clamp on what there is not is refused, and nothing stays held', () => {
  const model = make({ cell: 'gru' })
  const write = (/** @type {import('../../build/unroll/types/writing.js').Clamp[]} */ ...clamp) => model.generate({ prompt: [0], length: 20, clamp })
  const free = model.generate({ prompt: [0], length: 20 })
  assertFails(() => write({ layer: 3, unit: 0, value: 1 }), 'invalid-config', /no layer 3; there are 2/)
  assertFails(() => write({ layer: 0, unit: 200, value: 1 }), 'invalid-config', /no unit 200; there are 9/)
  assertFails(() => write({ layer: 0, unit: 0, value: 1, state: 'c' }), 'invalid-config', /gru cell has no c/)
  assertFails(() => write({ layer: 0, unit: 0, value: NaN }), 'invalid-config', /NaN/)
  write({ layer: 0, unit: 0, value: 1 }, { layer: 1, unit: 8, value: -1 })
  assert.deepEqual(model.generate({ prompt: [0], length: 20 }), free)
  model.dispose()
})

test('gradients agree with differences of the loss, for every cell, and the model stays as it is', () => {
  for (const { name, config } of CELLS) {
    const model = engine.createModel({ vocabulary: V, hidden: H, layers: 2, batch: 3, steps: 8, ...config })
    const batch = randomBatch(3, 8, V)
    const before = Buffer.from(model.save())
    const { samples, worst, agrees } = model.checkGradients({ batch, samples: 60 })
    assert.ok(before.equals(Buffer.from(model.save())), name)
    assert.equal(new Set(samples.map((sample) => sample.name)).size, model.parameters.length)
    for (const sample of samples) assert.equal(Math.fround(sample.analytic), model.getGradient(sample.name)[sample.index], sample.name)
    if (!Object.values(config).includes('relu')) assert.ok(agrees && worst < 2e-3, `${name}: ${worst}`)
    assert.ok(samples.some(({ analytic, uncertainty }) => Math.abs(analytic) > 10 * uncertainty), `${name}: there is something to see`)
    assert.deepEqual(model.checkGradients({ batch, samples: 60 }), { samples, worst, agrees })
    assert.notDeepEqual(model.checkGradients({ batch, samples: 60, seed: 2 }).samples, samples)
    model.dispose()
  }
})

test('a check of gradients refuses bad batches and counts', () => {
  const model = make({})
  assertFails(() => model.checkGradients({ batch: randomBatch(1, 4, V), samples: 0 }), 'invalid-batch', /0 samples/)
  assertFails(() => model.checkGradients({ batch: { ...randomBatch(1, 4, V), inputs: [0, 1, 2, 9] } }), 'invalid-batch', /9.*vocabulary/)
  model.dispose()
})
