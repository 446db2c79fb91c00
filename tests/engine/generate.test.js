/** Writing: greedy, and drawn from the distribution that the model and the temperature make. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertClose, assertFails, CELLS, engine, randomText } from './helpers.js'

const SIZE = { vocabulary: 6, hidden: 8, batch: 2, steps: 8 }

/** @param {import('./helpers.js').Config} config */
function trained(config) {
  const model = engine.createModel({ ...SIZE, ...config, layers: 2, learningRate: 0.02 })
  model.setText(randomText(200, 6))
  model.train(60)
  return model
}

test('greedy text is repeatable, whatever the seed, and always the likeliest symbol', () => {
  for (const { name, config } of CELLS) {
    const model = trained(config)
    const [a, b] = [1, 2].map((seed) => model.generate({ prompt: [0, 1], length: 50, strategy: 'greedy', seed, distributions: true }))
    assert.deepEqual(a, b)
    a.symbols.forEach((symbol, i) => {
      const p = a.distributions?.subarray(6 * i, 6 * i + 6) ?? []
      assert.ok(p.every((other) => other <= p[symbol]), `${name}, symbol ${i}`)
    })
    model.dispose()
  }
})

test('the same seed draws the same text, another seed another one, and a longer text begins as a shorter one', () => {
  const model = trained({})
  const text = (/** @type {number} */ seed, length = 200) => [...model.generate({ prompt: [0], length, seed }).symbols]
  assert.deepEqual(text(1), text(1))
  assert.notDeepEqual(text(1), text(2))
  assert.notDeepEqual(text(1), text(4294967295))
  assert.deepEqual(text(7, 1000).slice(0, 200), text(7))
  model.dispose()
})

test('texts side by side are those that their seeds alone would write, to the bit', () => {
  for (const { config } of CELLS) {
    const model = trained(config)
    for (const count of [1, 3, 4, 9]) {
      const together = model.generate({ prompt: [0, 2], length: 30, count, seed: 5, temperature: 0.8, distributions: true })
      for (let i = 0; i < count; i++) {
        const alone = model.generate({ prompt: [0, 2], length: 30, seed: 5 + i, temperature: 0.8, distributions: true })
        assert.deepEqual(together.symbols.subarray(30 * i, 30 * i + 30), alone.symbols, `${i} of ${count}`)
        assert.deepEqual(together.probabilities.subarray(30 * i, 30 * i + 30), alone.probabilities)
        assert.deepEqual(together.distributions?.subarray(180 * i, 180 * i + 180), alone.distributions)
      }
    }
    model.dispose()
  }
})

test('probabilities are those of the symbols written, and each distribution sums to 1', () => {
  for (const { name, config } of CELLS) {
    const model = trained(config)
    const { symbols, probabilities, distributions } = model.generate({ prompt: [3], length: 100, temperature: 0.3, distributions: true })
    assert.equal(distributions?.length, 600)
    for (let i = 0; i < 100; i++) {
      /** @type {number[]} */
      const p = Array.from(distributions.subarray(6 * i, 6 * i + 6))
      assertClose(p.reduce((sum, one) => sum + one, 0), 1, 1e-6, name)
      assert.ok(p.every((one) => one > 0 && one < 1))
      assert.equal(probabilities[i], p[symbols[i]])
    }
    const other = model.generate({ prompt: [3], length: 100, temperature: 0.3 })
    assert.deepEqual([other.symbols, other.probabilities, other.distributions], [symbols, probabilities, undefined])
    model.dispose()
  }
})

test('what is written has the probabilities that a trace of the same text tells', () => {
  for (const { name, config } of CELLS) {
    const model = trained(config)
    const prompt = [...randomText(5, 6, 3)]
    const { symbols, distributions } = model.generate({ prompt, length: 20, distributions: true })
    const inputs = [...prompt, ...symbols].slice(0, -1)
    const p = model.trace({ batch: 1, steps: 24, inputs, targets: [...inputs.slice(1), symbols[19]], fresh: true }).get('p').data
    distributions?.forEach((one, i) => assertClose(one, p[4 * 6 + i], 1e-6, `${name}, number ${i}`))
    assert.ok(new Set(p).size > 100)
    model.dispose()
  }
})

test('writing begins from zero state, wherever training stands', () => {
  const model = trained({})
  const before = model.generate({ prompt: [0], length: 30, distributions: true })
  model.resetState()
  assert.deepEqual(model.generate({ prompt: [0], length: 30, distributions: true }), before)
  model.dispose()
})

for (const temperature of [0.5, 1, 2]) {
  test(`at temperature ${temperature}, symbols come as often as p^(1/${temperature}) says (χ²)`, () => {
    const p = [0.4, 0.3, 0.15, 0.1, 0.05]
    const model = engine.createModel({ vocabulary: 5, hidden: 3 })
    model.setParameter('output.weight', new Float32Array(15))
    model.setParameter('output.bias', Float32Array.from(p, Math.log))
    const weights = p.map((one) => one ** (1 / temperature))
    const whole = weights.reduce((sum, one) => sum + one, 0)
    const count = 20000
    for (const seed of [1, 2, 3]) {
      const { symbols, probabilities } = model.generate({ prompt: [0], length: count, temperature, seed })
      const seen = p.map((_, k) => symbols.filter((symbol) => symbol === k).length)
      const chi2 = seen.reduce((sum, observed, k) => sum + (observed - count * weights[k] / whole) ** 2 / (count * weights[k] / whole), 0)
      assert.ok(chi2 < 18.47, `χ² ${chi2} with 4 degrees of freedom: one in a thousand is above 18.47`)
      assert.ok(chi2 > 0.09, `χ² ${chi2}: one in a thousand is below 0.09`)
      // Pairs too: each symbol is drawn without regard to the one before.
      const repeats = symbols.filter((symbol, i) => i && symbol === symbols[i - 1]).length
      const chance = weights.reduce((sum, one) => sum + (one / whole) ** 2, 0)
      assertClose(repeats / (count - 1), chance, 4 * Math.sqrt(chance * (1 - chance) / count), 'repeats')
      assertClose(probabilities[0], p[symbols[0]], 1e-6, 'probability before temperature')
    }
    model.dispose()
  })
}

test('a low temperature is greedy, a high one is even', () => {
  const model = trained({})
  assert.deepEqual(model.generate({ prompt: [0], length: 60, temperature: 1e-7 }).symbols, model.generate({ prompt: [0], length: 60, strategy: 'greedy' }).symbols)
  const { symbols } = model.generate({ prompt: [0], length: 6000, temperature: 1e4 })
  for (let k = 0; k < 6; k++) assertClose(symbols.filter((symbol) => symbol === k).length, 1000, 120, `symbol ${k}`)
  model.dispose()
})

test('texts that cannot be written are refused with the numbers', () => {
  const model = engine.createModel(SIZE)
  const refuse = (/** @type {object} */ options, /** @type {RegExp} */ message) =>
    assertFails(() => model.generate({ prompt: [0], length: 5, ...options }), 'invalid-batch', message)
  refuse({ prompt: [] }, /empty.*1 symbol/)
  refuse({ prompt: [0, 6] }, /symbol 6 at place 1.*6/)
  refuse({ prompt: [-1] }, /symbol -1/)
  for (const length of [-1, 1.5, NaN, Infinity]) refuse({ length }, /length of/)
  for (const count of [0, 1.5, -3]) refuse({ count }, /texts cannot be written/)
  for (const temperature of [0, -1, NaN]) refuse({ temperature }, /temperature .* not above 0/)
  refuse({ strategy: 'beam' }, /"beam"/)
  assert.deepEqual(model.generate({ prompt: [0], length: 0 }).symbols.length, 0)
  assert.equal(model.generate({ prompt: [0], length: 2, strategy: 'greedy', temperature: 0 }).symbols.length, 2)
  model.dispose()
})
