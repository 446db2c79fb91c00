/**
 * Karpathy's min-char-rnn: the preset takes the course of a twin in NumPy that was written from its description,
 * tests/golden/min_char_rnn.py.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { createVocabulary } from '../../build/unroll/unroll.js'
import { presets } from '../../web/presets.js'
import { engine } from './helpers.js'

/** @type {{ text: string, published: number[], gentle: number[] }} */
const golden = JSON.parse(readFileSync(new URL('../golden/min_char_rnn.json', import.meta.url), 'utf8'))
const { config } = presets['min-char-rnn']
const WINDOW = 25

// Every loss of 600 windows, relative: measured 1.9e-6, of NumPy's own float32 4.7e-7.
const GENTLE_ERROR = 2e-6
// At the published rate the first updates of ±0.1 blow a network of 0.01s up, and rounding with it: after ten windows two
// precisions share no digit. The smoothed loss does not hang on it: measured 2.0 %, of NumPy's own with ε beside the
// root 2.9 %, in float32 0.3 %.
const SMOOTH_ERROR = 0.03

/** As the golden file's, its weights drawn the same. @param {Record<string, number>} [changes] */
function make(changes) {
  const vocabulary = createVocabulary(golden.text)
  const model = engine.createModel({ ...config, ...changes, vocabulary: vocabulary.size })
  let state = 1
  const uniform = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  const normal = () => Array.from({ length: 12 }, uniform).reduce((sum, one) => sum + one, 0) - 6
  for (const { name } of [...model.parameters]) model.setParameter(name, model.getParameter(name).map(name.includes('bias') ? () => 0 : () => 0.01 * normal()))
  // min-char-rnn begins anew where one letter is left, the engine where none is.
  model.setText(vocabulary.encode(golden.text).symbols.slice(0, -1))
  return model
}

/** Losses as sums over windows. The second bias is kept at zero, since min-char-rnn has one. @param {Record<string, number>} [changes] */
function lossesOf(changes) {
  const model = make(changes)
  const zeros = new Float32Array(Number(config.hidden))
  const losses = golden.published.map(() => {
    const { loss } = model.train()
    model.setParameter('rnn.bias_hh_l0', zeros)
    return WINDOW * loss
  })
  model.dispose()
  return losses
}

/** @param {readonly number[]} losses */
function smooth(losses) {
  let value = WINDOW * Math.log(new Set(golden.text).size)
  return losses.map((loss) => (value = 0.999 * value + 0.001 * loss))
}

test('at a gentle learning rate every loss is the twin\'s: windows, carried state, clipping, Adagrad', () => {
  const losses = lossesOf({ learningRate: 0.02 })
  assert.ok(losses[599] < losses[0] * 0.6)
  for (const [i, loss] of losses.entries()) {
    const error = Math.abs(loss / golden.gentle[i] - 1)
    assert.ok(error <= GENTLE_ERROR, `window ${i}: ${loss} is not ${golden.gentle[i]}, by ${error}`)
  }
})

test("at the published learning rate the smoothed loss takes the twin's course", () => {
  const [ours, theirs] = [smooth(lossesOf()), smooth(golden.published)]
  assert.ok(theirs[599] < 0.95 * theirs[0])
  for (const [i, value] of ours.entries()) assert.ok(Math.abs(value / theirs[i] - 1) <= SMOOTH_ERROR, `window ${i}: ${value} is not ${theirs[i]}`)
})

test('the preset is the published network', () => {
  const model = make()
  const { cell, activation, hidden, layers, batch, steps, carry, optimizer, learningRate, clip, clipAt } = model.config
  assert.deepEqual([cell, activation, hidden, layers, batch, steps, carry], ['vanilla', 'tanh', 100, 1, 1, 25, true])
  assert.deepEqual([optimizer, learningRate, clip, Number(clipAt) * WINDOW], ['adagrad', 0.1, 'value', 5])
  model.dispose()
})
