/** Word vectors from GloVe's text files, in an embedding. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseVectors, readVectors } from '../../build/unroll/unroll.js'
import { assertFails, engine, numbers } from './helpers.js'

// As in GloVe's files: exponents, a word with spaces, letters of all kinds, numbers as words.
const FILE = 'the 0.418 -0.24968 1e-3\n, -1 2.5 .125\n. . . 1 2 3\nnaïve 0 -0 7\n2004 4 5 6\ncat 9 8 7\n'

test('every line is a word and its numbers', () => {
  const { dimension, vectors, read } = parseVectors(FILE)
  assert.deepEqual([dimension, read], [3, 6])
  assert.deepEqual([...vectors.keys()], ['the', ',', '. . .', 'naïve', '2004', 'cat'])
  assert.deepEqual(vectors.get('the'), Float32Array.of(0.418, -0.24968, 1e-3))
  assert.deepEqual(vectors.get('. . .'), Float32Array.of(1, 2, 3))
  assert.deepEqual(parseVectors(`6 3\n${FILE}`), parseVectors(FILE), 'with the header of word2vec')
  assert.deepEqual(parseVectors(FILE.replaceAll('\n', ' \r\n')), parseVectors(FILE), 'with spaces at the ends of lines')
  assert.deepEqual(parseVectors(FILE.trimEnd()), parseVectors(FILE))
  const some = parseVectors(FILE, ['cat', 'dog', 'the'])
  assert.deepEqual([[...some.vectors.keys()], some.read], [['the', 'cat'], 6])
})

test('a stream is read the same, wherever it is cut', async () => {
  const bytes = new TextEncoder().encode(FILE)
  for (let size = 1; size <= bytes.length; size++) {
    const stream = (async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
    })()
    assert.deepEqual(await readVectors(stream), parseVectors(FILE), `pieces of ${size} bytes`)
  }
  await assert.rejects(readVectors((async function* () { yield bytes; yield Uint8Array.of(120) })()), /line 7 of the word vectors has 0 numbers, not 3/)
})

test('a malformed line is refused by its number', () => {
  /** @type {[text: string, message: RegExp][]} */
  const wrong = [
    ['', /line 1 .* has 0 numbers, not one or more/], ['a\n', /line 1 .* has 0 numbers/], ['a 1 2\n\nb 1 2', /line 2 .* has 0 numbers, not 2/],
    ['a 1 2\nb 1\n', /line 2 .* has 1 numbers, not 2/], ['a 1 2\nb 1 2 3\n', /line 2 .* has 3 numbers, not 2/], ['a 1 2\nb 1 2 3 4\n', /line 2 .* has 4 numbers, not 2/],
    ['a 1 2\nb 1 x\n', /line 2 .* has "x" where a number should be/], ['a 1  2\n', /line 1 .* has "" where a number should be/],
    ['a 1 2\nb 1 nan\n', /line 2 .* has "nan"/], ['a 1 2\nb 1e99 1\n', /line 2 .* has "1e99"/], ['a 1 2\nb 1 2\na 3 4\n', /line 3 .* has "a" again/],
    ['3 2\na 1\n', /line 2 .* has 1 numbers, not 2/], ['3 2\n', /there are no word vectors/],
  ]
  for (const [text, message] of wrong) assertFails(() => parseVectors(text), 'invalid-text', message)
})

/** @param {object} [config] */
const make = (config) => engine.createModel({ vocabulary: 4, input: 'embedding', inputSize: 3, hidden: 5, cell: 'gru', batch: 2, steps: 6, learningRate: 0.05, ...config })

test('an embedding takes the vectors of its symbols; what has none is told and keeps its own', () => {
  const model = make()
  const before = model.getParameter('embedding.weight')
  assert.deepEqual(model.setEmbedding(parseVectors(FILE), ['cat', 'zebra', 'the', '🦓']), { found: 2, missing: ['zebra', '🦓'] })
  const after = model.getParameter('embedding.weight')
  assert.deepEqual(after, Float32Array.of(9, 8, 7, ...before.slice(3, 6), 0.418, -0.24968, 1e-3, ...before.slice(9)))
  model.dispose()
})

for (const freezeEmbedding of [true, false]) {
  test(`training ${freezeEmbedding ? 'leaves a frozen embedding as it is' : 'moves an embedding that is not frozen'}`, () => {
    const model = make({ freezeEmbedding })
    model.setEmbedding(parseVectors(FILE), ['cat', 'zebra', 'the', ','])
    const before = [model.getParameter('embedding.weight'), model.getParameter('rnn.weight_ih_l0')]
    const next = numbers(3)
    model.setText(Uint8Array.from({ length: 60 }, () => (next() + 1) * 2))
    model.train(20)
    const after = [model.getParameter('embedding.weight'), model.getParameter('rnn.weight_ih_l0')]
    if (freezeEmbedding) assert.deepEqual(after[0], before[0])
    else assert.ok(after[0].every((number, i) => number !== before[0][i]))
    assert.ok(after[1].some((number, i) => number !== before[1][i]))
    model.dispose()
  })
}

test('vectors that do not fit are refused with both numbers, and nothing changes', () => {
  const model = make()
  const before = model.getParameter('embedding.weight')
  assertFails(() => model.setEmbedding(parseVectors('cat 1 2\n'), ['a', 'b', 'c', 'd']), 'invalid-config', /have 2 numbers, the embedding 3/)
  assertFails(() => model.setEmbedding(parseVectors(FILE), ['cat', 'the']), 'invalid-config', /2 symbols were named, the vocabulary has 4/)
  assert.deepEqual(model.getParameter('embedding.weight'), before)
  const other = make({ input: 'one-hot' })
  assertFails(() => other.setEmbedding(parseVectors(FILE), ['a', 'b', 'c', 'd']), 'invalid-config', /need input embedding, not one-hot/)
  for (const one of [model, other]) one.dispose()
})
