/** Rules for the next symbol, texts in pieces, and beam search, as a caller of the module has them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertClose, assertFails, CELLS, engine, randomText } from './helpers.js'

const V = 6

/** @param {import('./helpers.js').Config} [config] */
function trained(config = {}) {
  const model = engine.createModel({ vocabulary: V, hidden: 8, batch: 2, steps: 8, layers: 2, learningRate: 0.02, ...config })
  model.setText(randomText(200, V))
  model.train(60)
  return model
}

/** ln p of what comes after a text, from a trace of all of it. @param {ReturnType<typeof trained>} model @param {number[]} text */
function logsAfter(model, text) {
  const { data } = model.trace({ batch: 1, steps: text.length, inputs: Int32Array.from(text), targets: new Int32Array(text.length).fill(-1).fill(0, -1), fresh: true }).get('logits')
  const logits = [...data.slice(-V)]
  const whole = Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0))
  return logits.map((x) => x - whole)
}

test('a writer goes on where it stopped, for every cell', () => {
  for (const { name, config } of CELLS) {
    const model = trained(config)
    const how = { temperature: 0.9, topP: 0.9, repetitionPenalty: 1.1 }
    const whole = model.generate({ prompt: [1, 2], length: 40, count: 2, seed: 3, ...how })
    const writer = model.openWriter({ count: 2 })
    const pieces = [writer.write({ prompt: [1, 2], length: 15, seed: 3, ...how }), writer.write({ length: 25, ...how })]
    for (const i of [0, 1]) {
      const text = [...pieces[0].symbols.subarray(15 * i, 15 * i + 15), ...pieces[1].symbols.subarray(25 * i, 25 * i + 25)]
      assert.deepEqual(text, [...whole.symbols.subarray(40 * i, 40 * i + 40)], name)
    }
    writer.dispose()
    writer.dispose()
    assertFails(() => writer.write({ length: 1 }), 'disposed', /writer has been disposed/)
    model.dispose()
  }
})

test('rules leave what they say', () => {
  const model = trained()
  const options = { prompt: [0], length: 400, seed: 9 }
  assert.deepEqual(model.generate({ ...options, topK: 1 }).symbols, model.generate({ ...options, strategy: 'greedy' }).symbols)
  assert.deepEqual(model.generate({ ...options, topK: 0, topP: 1, minP: 0, typicalP: 1, repetitionPenalty: 1, bias: {}, ban: [] }), model.generate(options))
  assert.ok(!model.generate({ ...options, ban: [2, 4] }).symbols.some((symbol) => symbol === 2 || symbol === 4))
  assert.ok(model.generate({ ...options, bias: { 3: 50 } }).symbols.every((symbol) => symbol === 3))
  const ended = model.generate({ ...options, ban: [5], bias: { 1: 2 }, stops: [[1, 1], [9]] }).symbols
  const end = ended.indexOf(-1)
  assert.ok(end > 1 && ended.subarray(end).every((symbol) => symbol === -1))
  assert.deepEqual([...ended.subarray(end - 2, end)], [1, 1])
  model.dispose()
})

test('entropies are those of the distributions, before any rule', () => {
  const model = trained()
  const { entropies, distributions } = model.generate({ prompt: [0], length: 30, distributions: true, entropies: true, topK: 2, temperature: 3 })
  assert.equal(entropies?.length, 30)
  entropies?.forEach((entropy, i) => {
    const bets = [...(distributions ?? []).slice(V * i, V * i + V)]
    assertClose(entropy, bets.reduce((sum, p) => sum - p * Math.log(p), 0), 1e-6, `entropy ${i}`)
  })
  model.dispose()
})

test('a beam of every width tells the likelihood of its texts, wider ones no worse texts; of width 1 it is greedy', () => {
  for (const { name, config } of CELLS) {
    const model = trained(config)
    const best = [1, 2, 5, 40].map((width) => {
      const { texts } = model.search({ prompt: [2, 0], length: 6, width })
      for (const { symbols, logProbability, score } of texts.slice(0, 3)) {
        const wanted = symbols.reduce((sum, symbol, i) => sum + logsAfter(model, [2, 0, ...symbols.slice(0, i)])[symbol], 0)
        assert.ok(Math.abs(wanted - logProbability) < 1e-5, `${name}: ${logProbability}, not ${wanted}`)
        assert.equal(score, logProbability)
      }
      return texts[0]
    })
    assert.deepEqual(best[0].symbols, [...model.generate({ prompt: [2, 0], length: 6, strategy: 'greedy' }).symbols], name)
    assert.ok(best[3].logProbability >= best[0].logProbability)
    model.dispose()
  }
})

test('with stops and a length penalty, longer texts have their chance', () => {
  const model = trained()
  const search = (/** @type {number} */ lengthPenalty) => model.search({ prompt: [0], length: 8, width: 300, stops: [[1]], lengthPenalty })
  const [short, long] = [search(0), search(2)]
  const length = (/** @type {typeof short} */ { texts }) => texts.slice(0, 10).reduce((sum, { symbols }) => sum + symbols.length, 0)
  assert.ok(length(long) > length(short), `${length(long)} > ${length(short)}`)
  for (const { texts } of [short, long]) {
    for (const { symbols } of texts) assert.ok(symbols.length === 8 || symbols.indexOf(1) === symbols.length - 1)
    assert.ok(texts.every(({ score }, i) => i === 0 || score <= texts[i - 1].score))
  }
  assert.equal(long.texts[0].score, long.texts[0].logProbability / ((5 + long.texts[0].symbols.length) / 6) ** 2)
  model.dispose()
})

test('what cannot be is refused, and nothing is lost', () => {
  const model = trained()
  const options = { prompt: [0], length: 3 }
  assertFails(() => model.generate({ ...options, topP: 0 }), 'invalid-batch', /topP 0 is not above 0/)
  assertFails(() => model.generate({ ...options, typicalP: 1.5 }), 'invalid-batch', /typicalP cannot be 1.5/)
  assertFails(() => model.generate({ ...options, minP: -0.5 }), 'invalid-batch', /minP cannot be -0.5/)
  assertFails(() => model.generate({ ...options, topK: 1.5 }), 'invalid-batch', /topK 1.5 is not a whole number/)
  assertFails(() => model.generate({ ...options, ban: [V] }), 'invalid-batch', /symbol 6 is outside the vocabulary of 6/)
  assertFails(() => model.generate({ ...options, ban: [0, 1, 2, 3, 4, 5] }), 'invalid-batch', /every symbol is banned/)
  assertFails(() => model.generate({ ...options, stops: [[]] }), 'invalid-batch', /a stop of 0 symbols is outside 1 … 32/)
  assertFails(() => model.search({ ...options, width: 0 }), 'invalid-batch', /width 0 is not/)
  assertFails(() => model.search({ ...options, prompt: [] }), 'invalid-batch', /prompt is empty/)
  assertFails(() => model.openWriter().write({ length: 1 }), 'invalid-batch', /prompt is empty/)
  assert.equal(model.generate(options).symbols.length, 3)
  model.dispose()
})
