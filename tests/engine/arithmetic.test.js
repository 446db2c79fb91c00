/** The arithmetic shown for a number of the score adds up to the number that the core computed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explain, facing, largestTerms, productOf } from '../../web/page/arithmetic/index.js'
import { openTask, Practice, tasks } from '../../build/unroll/tasks.js'
import { CELLS, encoders, engine, gatesOf } from './helpers.js'
import { makeNetwork } from './networks.js'

const SIZE = { vocabulary: 5, hidden: 6, layers: 3, batch: 1, steps: 7, seed: 3 }
const BATCH = { batch: 1, steps: 7, inputs: [0, 1, 2, 2, 4, 3, 1], targets: [1, 2, 2, 4, 3, 1, 0], fresh: true }

/** @typedef {import('./helpers.js').Config} Config */

/** @type {{ name: string, config: Config }[]} */
const NETWORKS = [
  ...CELLS,
  ...['vanilla', 'lstm', 'gru', 'mingru'].map((cell) => ({ name: `${cell} in both directions`, config: { cell, bidirectional: true } })),
  { name: 'lstm with an embedding', config: { cell: 'lstm', input: 'embedding', inputSize: 4 } },
  { name: 'gru with tied embeddings', config: { cell: 'gru', input: 'embedding', inputSize: 6, tie: true } },
  { name: 'vanilla with smoothed labels', config: { cell: 'vanilla', labelSmoothing: 0.1 } },
  ...CELLS.flatMap(({ name, config }) => [
    { name: `${name} with a skip`, config: { ...config, skip: 2 } },
    ...(String(config.cell).startsWith('min') ? [] : [{ name: `${name}, normalised`, config: { ...config, layerNorm: true } }]),
  ]),
  ...['vanilla', 'lstm', 'gru', 'mingru'].map((cell) => ({ name: `${cell} with all options at once`, config: { cell, skip: 2, residual: true, bidirectional: true, headLayers: 2, headSize: 7 } })),
  { name: 'residual gru that reads numbers of its size', config: { cell: 'gru', input: 'embedding', inputSize: 6, residual: true, headLayers: 1, headSize: 6 } },
  { name: 'residual gru with tied embeddings', config: { cell: 'gru', input: 'embedding', inputSize: 6, residual: true, tie: true } },
  { name: 'lstm in both directions, normalised', config: { cell: 'lstm', bidirectional: true, layerNorm: true } },
  { name: 'residual lstm in both directions, normalised', config: { cell: 'lstm', input: 'embedding', inputSize: 12, residual: true, bidirectional: true, layerNorm: true } },
].map(({ name, config }) => ({ name, config: { ...SIZE, ...config } }))

/** Networks that read a source before. @type {{ name: string, config: Config }[]} */
const DECODERS = /** @type {{ name: string, config: Record<string, string | number | boolean> }[]} */ ([
  ...['vanilla', 'lstm', 'gru', 'mingru', 'minlstm'].flatMap((cell) => ['none', 'additive', 'multiplicative'].map((attention) => ({ name: `${cell} with attention ${attention}`, config: { cell, attention } }))),
  { name: 'gru whose source comes at each step', config: { cell: 'gru', context: 'each' } },
  { name: 'lstm of one layer, with all of both directions', config: { cell: 'lstm', layers: 1, context: 'each', attention: 'multiplicative', sourceBidirectional: true, sourceHidden: 4 } },
  { name: 'gru of a source in both directions', config: { cell: 'gru', reset: 'before', attention: 'additive', attentionSize: 5, sourceBidirectional: true, sourceHidden: 3 } },
  { name: 'lstm that is fed the end of both directions', config: { cell: 'lstm', context: 'each', sourceBidirectional: true, sourceHidden: 3 } },
  { name: 'residual lstm whose source comes at each step', config: { cell: 'lstm', context: 'each', residual: true } },
  { name: 'residual lstm that reads embeddings of its size', config: { cell: 'lstm', input: 'embedding', inputSize: 6, attention: 'multiplicative', residual: true } },
  { name: 'gru that is fed vectors', config: { cell: 'gru', context: 'each', sourceSize: 3 } },
  { name: 'residual gru that looks at vectors of its size', config: { cell: 'gru', attention: 'additive', residual: true, sourceSize: 6 } },
  ...['vanilla', 'gru'].flatMap((cell) => ['additive', 'multiplicative'].flatMap((attention) => [
    { name: `residual ${cell} with a head, attention ${attention}`, config: { cell, attention, residual: true, headLayers: 2, headSize: 7 } },
    { name: `normalised ${cell} with attention ${attention}`, config: { cell, attention, layerNorm: true } },
  ])),
]).map(({ name, config }) => ({ name, config: { ...SIZE, layers: 2, sourceVocabulary: 4, sourceSteps: 5, ...config } }))

/** @param {Config} config */
const sourceFor = ({ sourceSteps = 0, sourceSize = 0 }) => sourceSteps ? { sourceSteps: 5, ...(sourceSize ? { sourceVectors: Array.from({ length: 5 * Number(sourceSize) }, (_, i) => (i * 37 % 23) / 10 - 1) } : { sources: [3, 0, 2, 1, 1] }) } : {}

/** @param {import('./helpers.js').Model} model @param {readonly import('../../web/page/types.js').Hold[]} [hold] @returns {import('../../web/page/types.js').Frame} */
function frameOf(model, hold) {
  const traced = model.trace({ ...BATCH, ...sourceFor(model.config) }, { hold })
  return {
    iteration: 0, ...(hold && { hold }), inputs: BATCH.inputs, targets: BATCH.targets, values: Object.fromEntries(traced.names.map((name) => [name, traced.get(name)])),
    parameters: Object.fromEntries(model.parameters.map(({ name, shape }) => [name, { shape, data: model.getParameter(name) }])),
  }
}

/**
 * How near a sum has to be. Blame is small: what adds up to it must be near in its own measure. Of what is normalised
 * together, that is the measure of all.
 * @param {import('../../web/page/arithmetic/index.js').Sum} sum @param {number} value @param {ArrayLike<number>} row @param {Config} config
 */
function toleranceOf(sum, value, row, config) {
  if (!sum.gradient) return 1e-5 * Math.max(1, Math.abs(value))
  const measures = [...sum.terms.map(productOf), ...(config.layerNorm ? Array.from(row) : [])].map(Math.abs)
  return Math.max(1e-9, 1e-5 * Math.max(...measures, 0))
}

/** Every number of a trace, with its place and the others of its step. @param {import('../../web/page/types.js').Frame} frame @param {number} [steps] */
function* numbersOf(frame, steps = BATCH.steps) {
  for (const [full, { shape, data }] of Object.entries(frame.values)) {
    const [, initial, name, layer, reverse] = /^(d?initial_)?(.*?)(?:_l(\d+)(_reverse)?)?$/.exec(full) ?? []
    const n = full === 'loss' ? 1 : shape[shape.length - 1]
    for (let k = 0; k < data.length; k++) {
      const step = !initial ? Math.floor(k / n) : reverse ? steps : -1
      yield { full, value: data[k], row: data.subarray(k - k % n, k - k % n + n), spot: { name: initial?.startsWith('d') ? `d${name}` : name, layer: Number(layer ?? 0), step, index: k % n, reverse: Boolean(reverse) } }
    }
  }
}

for (const { name, config } of [...NETWORKS, ...DECODERS]) {
  test(`every number of ${name} is the sum of its terms, forward and backward`, () => {
    const model = config.sourceSteps ? encoders.createModel(config) : makeNetwork(config)
    const frame = frameOf(model)
    const explained = new Set()
    for (const { full, value, row, spot } of numbersOf(frame)) {
      const sum = explain(frame, model.config, spot)
      if (!sum) continue
      assert.ok(Math.abs(sum.value - value) <= toleranceOf(sum, value, row, config), `${full} at step ${spot.step}, ${spot.index}: ${sum.value}, the core has ${value}`)
      explained.add(full.replace(/_l\d.*/, ''))
    }
    const gates = gatesOf(model)
    const expected = ['logits', 'dlogits', 'p', 'loss', 'h', 'dh', 'dinitial_h', ...gates.flatMap((gate) => (gate ? [gate, `da_${gate}`] : ['a', 'da']))]
    if (config.cell === 'lstm') expected.push('c', 'tanh_c', 'dc', 'dinitial_c')
    if (config.attention === 'additive') expected.push('context')
    if (config.attention === 'multiplicative') expected.push('context', 'attended', 'da_attended')
    for (let m = 0; m < Number(config.headLayers ?? 0); m++) expected.push(`head_${m}`, `dhead_${m}`)
    assert.deepEqual(expected.filter((name) => !explained.has(name)), [])
    model.dispose()
  })
}

for (const name of Object.keys(tasks)) {
  test(`every number of the task ${name} that is explained is the sum of its terms, and so is what it answers`, async () => {
    const practice = new Practice(encoders, { task: await openTask(name), config: { hidden: 6, batch: 4 } })
    practice.train(3)
    const { model } = practice
    const { inputs, targets = [], values: wanted, mask, ...batch } = practice.batchAt({ from: 1, length: 0 })
    const traced = model.trace({ inputs, targets: wanted ? undefined : targets, values: wanted, mask, ...batch })
    const T = batch.steps
    const frame = {
      iteration: 0, inputs: Array.from(inputs ?? Array(T).fill(-1)), targets, wanted, mask, values: Object.fromEntries(traced.names.map((one) => [one, traced.get(one)])),
      parameters: Object.fromEntries(model.parameters.map((one) => [one.name, { shape: one.shape, data: model.getParameter(one.name) }])),
    }
    /** @type {Record<string, number>} */
    const explained = {}
    for (const { full, value, row, spot } of numbersOf(frame, T)) {
      const once = ['logits', 'dlogits', 'p', 'loss'].includes(full) && traced.get('logits').data.length === Number(model.config.outputs)
      const sum = explain(frame, model.config, once ? { ...spot, step: T - 1 } : spot)
      if (!sum) continue
      assert.ok(Math.abs(sum.value - value) <= toleranceOf(sum, value, row, model.config), `${full} at step ${spot.step}, ${spot.index}: ${sum.value}, the core has ${value}`)
      const kind = full.replace(/_l\d.*/, '')
      explained[kind] = (explained[kind] ?? 0) + 1
    }
    const answers = practice.model.config.pool === 'each' ? Array.from(targets.length ? targets : mask ?? Array(T).fill(1)).filter((one) => (targets.length ? one !== -1 : one)).length : 1
    assert.equal(explained.loss, answers)
    assert.equal(explained.dlogits, answers * (Number(model.config.outputs) || Number(model.config.vocabulary)))
    assert.equal(explained.logits, (model.config.pool === 'each' ? T : 1) * (Number(model.config.outputs) || Number(model.config.vocabulary)))
    assert.ok(explained.h >= T * 6 && explained.dh >= T * 6)
    model.dispose()
  })
}

for (const { name, config } of NETWORKS.filter(({ config }) => !config.bidirectional)) {
  test(`where numbers of ${name} are held, those say so and every other is the sum of its terms`, () => {
    const model = makeNetwork(config)
    const gates = config.peephole || config.layerNorm ? [] : model.gates // that the core can hold
    const states = [...gates, ...(config.cell === 'lstm' && gates.length ? ['c'] : []), 'h']
    for (const several of [false, true]) {
      const hold = states.map((state, k) => ({ state, layer: several ? 1 : k % 3, step: several ? 3 : 1 + k, unit: several ? 2 : k, value: 0.35 + 0.1 * k }))
      const frame = frameOf(model, hold)
      let held = 0
      for (const { full, value, row, spot } of numbersOf(frame)) {
        const sum = explain(frame, model.config, spot)
        if (!sum) continue
        assert.ok(Math.abs((sum.held ?? sum.value) - value) <= toleranceOf(sum, value, row, config), `${full} at step ${spot.step}, ${spot.index}: ${sum.held ?? sum.value}, the core has ${value}`)
        if (sum.held !== undefined) held++
      }
      assert.equal(held, hold.length + gates.length, 'each number that is held, and the gradient of each gate')
    }
    model.dispose()
  })
}

test('without parameters, only what needs none is explained', () => {
  const model = engine.createModel({ ...SIZE, cell: 'lstm' })
  const { parameters, ...frame } = frameOf(model)
  assert.ok(parameters)
  assert.equal(explain(frame, model.config, { name: 'i', layer: 0, step: 1, index: 0 }), null)
  assert.ok(explain(frame, model.config, { name: 'c', layer: 0, step: 1, index: 0 }))
  model.dispose()
})

test('a number and its blame stand at the same place', () => {
  const spot = { layer: 1, step: 2, index: 3 }
  for (const [name, blame] of [['h', 'dh'], ['c', 'dc'], ['logits', 'dlogits'], ['f', 'da_f'], ['n', 'da_n']]) {
    assert.deepEqual(facing({ ...spot, name }, 'backward'), { ...spot, name: blame })
    assert.deepEqual(facing({ ...spot, name: blame }, 'forward'), { ...spot, name })
    assert.deepEqual(facing({ ...spot, name }, 'forward'), { ...spot, name })
  }
  assert.deepEqual(facing({ ...spot, name: 'p' }, 'backward'), { ...spot, name: 'p' })
})

test('of many terms the largest are kept, in their order, and the bias', () => {
  const terms = [3, -9, 0.5, 4, 1, -2, 0.25].map((value, k) => ({ label: String(k), factors: [{ value }], bias: k === 6 }))
  assert.deepEqual(largestTerms(terms, 5), [0, 1, 3, 6])
  assert.deepEqual(largestTerms(terms, 7), [0, 1, 2, 3, 4, 5, 6])
})
