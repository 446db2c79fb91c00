/** What the page says of which letters may come is what the core lets come. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chances } from '../../web/page/choosing.js'
import { makeNetwork } from './networks.js'

const V = 12
const RULES = [
  {}, { topK: 3 }, { topP: 0.6 }, { minP: 0.3 }, { typicalP: 0.5 }, { topK: 8, topP: 0.9, minP: 0.05 }, { topP: 0.95, typicalP: 0.7 }, { topK: 1 }, { topP: 0.05 },
]

for (const temperature of [0.4, 1, 1.7]) {
  test(`at temperature ${temperature} letters come as often as is told, and others never`, () => {
    const model = makeNetwork({ cell: 'gru', vocabulary: V, hidden: 9, seed: 4 })
    const count = 3000
    for (const rules of RULES) {
      const { symbols, distributions = [] } = model.generate({ prompt: [3, 1, 4], length: 1, count, temperature, ...rules, distributions: true, seed: 7 })
      const told = chances(distributions.slice(0, V), { temperature, ...rules })
      const came = new Float64Array(V)
      for (const symbol of symbols) came[symbol] += 1
      told.forEach((p, k) => {
        const spread = 5 * Math.sqrt(count * p * (1 - p)) // beyond which one in a million lies
        assert.ok(Math.abs(came[k] - count * p) <= spread, `${JSON.stringify(rules)}: letter ${k} came ${came[k]} times, not ${count * p}`)
      })
      assert.ok(Math.abs(told.reduce((sum, p) => sum + p, 0) - 1) < 1e-12)
    }
    model.dispose()
  })
}

test('at temperature 0 the best letter comes, whatever the rules', () => {
  for (const rules of RULES) assert.deepEqual([...chances([0.2, 0.5, 0.3], { temperature: 0, ...rules })], [0, 1, 0])
})
