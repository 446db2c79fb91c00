/** What symbols mean to a network: their principal components, by definition and in closed form, and their nearest neighbours, by hand. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTrainer, loadEngine } from '../../build/unroll/unroll.js'
import { assertClose, assertFails, CELLS, engine, numbers } from './helpers.js'

/** @typedef {import('./helpers.js').Model} Model */

/** A model that embeds each symbol as one of these rows. @param {readonly (readonly number[])[]} rows */
function embedding(rows) {
  const model = engine.createModel({ vocabulary: rows.length, hidden: 2, input: 'embedding', inputSize: rows[0].length })
  model.setParameter('embedding.weight', rows.flat())
  return model
}

/** Rows that look random, whose columns differ in how much they vary. @param {number} V @param {number} E @param {(column: number) => number} scale @param {number} [seed] */
function randomRows(V, E, scale, seed = 1) {
  const next = numbers(seed)
  return Array.from({ length: V }, () => Array.from({ length: E }, (_, j) => scale(j) * (next() + next() + next()) + 3))
}

/** The covariance, from what the model has in float32. @param {Model} model @param {number} E */
function covarianceOf(model, E) {
  const values = model.getParameter('embedding.weight')
  const V = values.length / E
  const mean = Array.from({ length: E }, (_, j) => Array.from({ length: V }, (_, i) => values[i * E + j]).reduce((a, b) => a + b) / V)
  return Array.from({ length: E }, (_, a) => Array.from({ length: E }, (_, b) => {
    let sum = 0
    for (let i = 0; i < V; i++) sum += (values[i * E + a] - mean[a]) * (values[i * E + b] - mean[b])
    return sum / V
  }))
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
const dot = (a, b) => Array.from(a, (value, i) => value * b[i]).reduce((sum, one) => sum + one, 0)

/** Checks that these are eigenvectors of the covariance, and its largest. @param {Model} model @param {number} E @param {number} components @param {string} what */
function assertPrincipal(model, E, components, what) {
  const told = model.projection({ components })
  assert.equal(told.components, components, what)
  const axes = Array.from({ length: components }, (_, k) => told.axes.subarray(k * E, (k + 1) * E))
  const C = covarianceOf(model, E)
  const largest = told.variances[0]
  axes.forEach((axis, k) => {
    axes.forEach((other, j) => assertClose(dot(axis, other), Number(j === k), 1e-9, `${what}: axes ${k} and ${j}`))
    const rest = C.map((row, i) => dot(row, axis) - told.variances[k] * axis[i])
    assert.ok(Math.sqrt(dot(rest, rest)) <= 1e-9 * largest, `${what}: ${Math.sqrt(dot(rest, rest)) / largest} is left of axis ${k}`)
    const along = Array.from({ length: told.coordinates.length / components }, (_, i) => told.coordinates[i * components + k])
    assertClose(along.reduce((a, b) => a + b) / along.length, 0, 1e-9 * Math.sqrt(largest), `${what}: the mean along ${k}`)
    assertClose(dot(along, along) / along.length, told.variances[k], 1e-9 * largest, `${what}: the variance along ${k}`)
    assert.ok(k === 0 || told.variances[k] <= told.variances[k - 1], `${what}: the largest first`)
    const ends = [Math.max(...axis), -Math.min(...axis)]
    assert.ok(ends[0] >= ends[1], `${what}: the sign of axis ${k}`)
  })
  const trace = C.reduce((sum, row, i) => sum + row[i], 0)
  told.shares.forEach((share, k) => assertClose(share, told.variances[k] / trace, 1e-12, `${what}: share ${k}`))
  return { ...told, C, trace }
}

test('principal components are orthonormal eigenvectors of the covariance, for tables of every shape', () => {
  /** @type {[V: number, E: number, scale: (column: number) => number][]} */
  const tables = [[2, 2, () => 1], [4, 3, () => 1], [3, 9, () => 1], [60, 24, (j) => 1 / (j + 1)], [200, 70, () => 1], [30, 130, () => 1], [90, 40, (j) => (j < 2 ? 1e-3 : 1)]]
  for (const [V, E, scale] of tables) {
    const model = embedding(randomRows(V, E, scale))
    assertPrincipal(model, E, 2, `${V} × ${E}`)
    model.dispose()
  }
})

test('no other two directions have more variance, and all components together have all of it', () => {
  const [V, E] = [150, 50]
  const model = embedding(randomRows(V, E, () => 1, 2))
  const all = assertPrincipal(model, E, E, 'all components')
  assertClose(all.variances.reduce((a, b) => a + b), all.trace, 1e-9 * all.trace, 'the sum of the variances')
  assertClose(all.shares.reduce((a, b) => a + b), 1, 1e-9, 'the sum of the shares')
  const two = model.projection()
  for (const k of [0, 1]) assertClose(two.variances[k], all.variances[k], 1e-9 * all.variances[0], `variance ${k} of two and of all`)
  model.dispose()
})

test('a picture that is known comes out: a stretched cross, turned and moved', () => {
  const model = embedding([[4, 0], [-4, 0], [0, 1], [0, -1]].map(([x, y]) => [0.6 * x + 0.8 * y + 5, 0.8 * x - 0.6 * y - 7, 2]))
  const { axes, coordinates, variances, shares } = model.projection()
  // In float32, the rows are off by up to 2⁻²⁴ of their numbers.
  ;[0.6, 0.8, 0, 0.8, -0.6, 0].forEach((value, i) => assertClose(axes[i], value, 1e-6, `axis ${i}`))
  ;[4, 0, -4, 0, 0, 1, 0, -1].forEach((value, i) => assertClose(coordinates[i], value, 1e-5, `coordinate ${i}`))
  ;[8, 0.5].forEach((value, k) => assertClose(variances[k], value, 1e-5, `variance ${k}`))
  ;[16 / 17, 1 / 17].forEach((value, k) => assertClose(shares[k], value, 1e-6, `share ${k}`))
  model.dispose()
})

test('equal variances, equal rows and rows of one number have components too', () => {
  const square = embedding([[1, 1], [-1, 1], [-1, -1], [1, -1]])
  assert.deepEqual([...assertPrincipal(square, 2, 2, 'a square').variances].map((v) => Math.round(v * 1e12) / 1e12), [1, 1])
  const corners = embedding(Array.from({ length: 40 }, (_, i) => Array.from({ length: 40 }, (_, j) => Number(i === j))))
  const { variances } = assertPrincipal(corners, 40, 2, 'forty corners')
  for (const variance of variances) assertClose(variance, 1 / 40, 1e-12, 'each direction is like any other')
  const same = embedding(Array.from({ length: 5 }, () => [1, 2, 3]))
  const told = same.projection()
  assert.deepEqual([[...told.coordinates], [...told.variances], [...told.shares]], [Array(10).fill(0), [0, 0], [0, 0]])
  const line = embedding([[3], [5], [10]])
  const only = line.projection()
  assert.deepEqual([only.components, [...only.axes], [...only.shares], [...only.coordinates]], [1, [1], [1], [-3, -1, 4]])
  for (const model of [square, corners, same, line]) model.dispose()
})

test('the same weights have the same picture, to the last bit', () => {
  const model = engine.createModel({ vocabulary: 30, hidden: 40, cell: 'lstm', seed: 3 })
  const again = engine.loadModel(model.save())
  const told = model.projection()
  assert.deepEqual([again.projection(), model.projection()], [told, told])
  told.coordinates.fill(0)
  const weights = model.getParameter('rnn.weight_ih_l0')
  assert.deepEqual(model.projection(), again.projection())
  model.setParameter('rnn.weight_ih_l0', weights.map((value) => -value))
  assert.notDeepEqual(model.projection().coordinates, again.projection().coordinates)
  model.setParameter('rnn.weight_ih_l0', weights)
  assert.deepEqual(model.projection(), again.projection())
  model.dispose()
  again.dispose()
})

/** What a symbol's row is, by what the network reads then. @param {Model} model @param {number} symbol */
function readBy(model, symbol) {
  const { bidirectional, layers, vocabulary } = model.config
  assert.equal(layers, 1)
  return ['rnn.weight_ih_l0', ...bidirectional ? ['rnn.weight_ih_l0_reverse'] : []].flatMap((name) =>
    Array.from(model.getParameter(name)).filter((_, i) => i % Number(vocabulary) === symbol))
}

test('neighbours are those that a search by hand finds, for every cell, one-hot and embedded, in one direction and two', () => {
  const V = 12
  /** @type {import('./helpers.js').Config[]} */
  const ways = [{}, { bidirectional: true }, { input: 'embedding', inputSize: 5 }]
  for (const { name, config } of CELLS) {
    for (const how of ways) {
      const model = engine.createModel({ vocabulary: V, hidden: 6, carry: false, ...config, ...how })
      const rows = Array.from({ length: V }, (_, symbol) => ('input' in how ? Array.from(model.getParameter('embedding.weight').subarray(symbol * 5, symbol * 5 + 5)) : readBy(model, symbol)))
      for (const by of /** @type {const} */ (['cosine', 'distance'])) {
        const told = model.neighbours({ symbol: 4, count: V, by })
        assert.deepEqual(told.map(({ symbol }) => symbol).sort((a, b) => a - b), [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11], name)
        told.forEach(({ symbol, cosine, distance }, i) => {
          const [own, other] = [rows[4], rows[symbol]]
          assertClose(cosine, dot(own, other) / Math.sqrt(dot(own, own) * dot(other, other)), 1e-12, `${name}: cosine of ${symbol}`)
          assertClose(distance, Math.hypot(...own.map((value, j) => value - other[j])), 1e-12, `${name}: distance of ${symbol}`)
          if (i) assert.ok(by === 'cosine' ? cosine <= told[i - 1].cosine : distance >= told[i - 1].distance, `${name}: in order`)
        })
        assert.deepEqual(model.neighbours({ symbol: 4, count: 3, by }), told.slice(0, 3))
      }
      model.dispose()
    }
  }
})

test('of a network with an encoder, the symbols of its decoder are compared', async () => {
  const both = await loadEngine({ seq2seq: true })
  const config = { vocabulary: 4, hidden: 3, sourceSteps: 2, sourceVocabulary: 6, carry: false }
  for (const [options, name] of /** @type {const} */ ([[{ input: 'embedding', inputSize: 2 }, 'decoder.embedding.weight'], [{ input: 'one-hot' }, 'decoder.rnn.weight_ih_l0']])) {
    const model = both.createModel({ ...config, ...options })
    const values = Array.from(model.getParameter(name))
    const [own, other] = [0, 3].map((symbol) => values.filter((_, i) => (options.input === 'embedding' ? Math.floor(i / 2) : i % 4) === symbol))
    const found = model.neighbours({ symbol: 0 }).find(({ symbol }) => symbol === 3)
    assertClose(found?.distance ?? NaN, Math.hypot(...own.map((value, j) => value - other[j])), 1e-12, name)
    assert.equal(model.projection().coordinates.length, 8)
    model.dispose()
  }
})

test('a row of zeros has no direction, and symbols that are equally close come in their order', () => {
  const model = embedding([[1, 0], [0, 0], [0, 2], [0, 2], [3, 0]])
  assert.deepEqual(model.neighbours({ symbol: 0 }).map(({ symbol, cosine }) => [symbol, cosine]), [[4, 1], [1, 0], [2, 0], [3, 0]])
  assert.deepEqual(model.neighbours({ symbol: 0, by: 'distance' }).map(({ symbol }) => symbol), [1, 4, 2, 3])
  model.dispose()
})

test('a trainer answers the same, while it trains', async () => {
  const config = { hidden: 5, batch: 1, steps: 4 }
  const trainer = await createTrainer()
  await trainer.start({ text: 'hello', config })
  const model = engine.createModel({ ...config, vocabulary: 4 })
  model.setText(Uint8Array.of(0, 1, 2, 2, 3))
  model.train(3)
  for await (const _ of trainer.train({ iterations: 3 })) continue
  assert.deepEqual(await trainer.inspect('projection', {}), model.projection())
  assert.deepEqual(await trainer.inspect('neighbours', { symbol: 1, count: 2 }), { symbol: 1, count: 2, neighbours: model.neighbours({ symbol: 1, count: 2 }) })
  trainer.dispose()
  model.dispose()
})

test('what cannot be told is refused', () => {
  const model = embedding([[1, 0], [0, 1], [1, 1]])
  assertFails(() => model.neighbours({ symbol: 3 }), 'invalid-config', /no symbol 3 among 3/)
  assertFails(() => model.neighbours({ symbol: -1 }), 'invalid-config', /symbol -1/)
  assertFails(() => model.neighbours({ symbol: 0, count: 1.5 }), 'invalid-config', /count 1.5/)
  // @ts-expect-error
  assertFails(() => model.neighbours({ symbol: 0, by: 'dot' }), 'invalid-config', /not by dot/)
  for (const components of [0, 1.5, NaN]) assertFails(() => model.projection({ components }), 'invalid-config', new RegExp(`${components} components`))
  model.dispose()
  const reads = engine.createModel({ task: 'language-model', vocabulary: 4, input: 'vector', inputSize: 3, hidden: 2 })
  for (const ask of [() => reads.projection(), () => reads.neighbours({ symbol: 0 })]) assertFails(ask, 'invalid-config', /reads numbers/)
  reads.dispose()
  assertFails(() => reads.projection(), 'disposed')
})
