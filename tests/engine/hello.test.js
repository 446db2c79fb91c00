/** The first thing that anybody sees: "hello" is learned, whatever the seed and the cell. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVocabulary } from '../../build/unroll/unroll.js'
import { presets } from '../../web/presets.js'
import { CELLS, engine } from './helpers.js'

/** At 8 rounds a second, the slowest takes less than a minute. */
const { iterations: ROUNDS } = /** @type {import('../../web/presets.js').Goal} */ (presets.hello.goal)
const vocabulary = createVocabulary('hello')
const { symbols } = vocabulary.encode('hello')

/**
 * The round after which the likeliest letters from "h" are "ello" for the first time, and the one with a loss of 0.05.
 * @param {import('./helpers.js').Config} config
 */
function learn(config) {
  const model = engine.createModel({ ...presets.hello.config, ...config, vocabulary: vocabulary.size })
  model.setText(symbols)
  let first = 0
  try {
    for (let round = 1; round <= ROUNDS; round++) {
      const { loss } = model.train()
      const right = vocabulary.decode(model.generate({ prompt: [0], length: 4, strategy: 'greedy' }).symbols) === 'ello'
      if (right && !first) first = round
      if (right && loss <= 0.05) return { first, low: round }
    }
    return { first, low: Infinity }
  } finally {
    model.dispose()
  }
}

for (const { name, config } of CELLS) {
  test(`${name} learns to write "ello" after "h" within ${ROUNDS} rounds, from each of 20 seeds`, () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { low } = learn({ ...config, seed })
      assert.ok(low <= ROUNDS, `seed ${seed} does not`)
    }
  })
}

test('the preset takes some tens of rounds, so that learning can be watched', () => {
  const { first, low } = learn({})
  assert.ok(first >= 10 && low > first && low <= 100, `${first}, ${low}`)
})
