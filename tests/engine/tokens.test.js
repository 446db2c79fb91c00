/** Texts as words and as bytes: cut and joined, learned, written, and read with what each symbol costs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTrainer, createVocabulary, measureText, surprises, Vocabulary } from '../../build/unroll/unroll.js'
import { assertClose, assertFails, engine, numbers } from './helpers.js'

const TEXT = 'The cat sat on the mat; the dog didn’t.\n\n“The cat,” said the dog, “sat—on the mat.” '.repeat(6)

/** Alphabets from which texts are drawn, with what is hard in them: spaces in a row, marks, emoji, scripts without spaces, halves of surrogates. */
const ALPHABETS = [[...'ab \'’\n\t.,—é'], [...'e\u0301नि한글🙂 👩‍👩‍👧 7²'], ['\ud83d', '\ude42', 'x', ' ', '\u0000', '\ufeff', '\r\n'], [...'漢字かな交じり文。']]

/** @param {number} seed */
function randomString(seed) {
  const next = numbers(seed)
  const alphabet = ALPHABETS[seed % ALPHABETS.length]
  return Array.from({ length: 1 + seed % 90 }, () => alphabet[Math.floor((next() + 1) / 2 * alphabet.length) % alphabet.length]).join('')
}

test('whatever a text is cut into, joined it is the text again; what is saved cuts and joins alike', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const text = randomString(seed)
    for (const tokens of /** @type {const} */ (['characters', 'words', 'bytes'])) {
      const vocabulary = createVocabulary(text, { tokens })
      const { symbols, unknown } = vocabulary.encode(text)
      const wanted = tokens === 'bytes' ? Buffer.from(text).toString() : text // which has U+FFFD for half a surrogate pair
      assert.equal(vocabulary.decode(symbols), wanted)
      assert.equal(vocabulary.spell(symbols).join(''), wanted)
      const read = [...vocabulary.read(text)]
      assert.deepEqual([read.map(({ symbol }) => symbol), read.map((part) => part.text).join('')], [[...symbols], wanted])
      assert.equal([...unknown.values()].reduce((sum, count) => sum + count, 0), tokens === 'bytes' ? text.match(/\p{Cs}/gu)?.length ?? 0 : 0)
      const saved = Vocabulary.fromJSON(JSON.stringify(vocabulary))
      assert.deepEqual([saved.tokens, saved.symbols, [...saved.encode(text).symbols]], [tokens, vocabulary.symbols, [...symbols]])
      const speller = saved.speller()
      assert.equal(Array.from(symbols, (symbol) => speller([symbol])).join('') + speller(), wanted)
    }
  }
})

/** The rule as README tells it, letter by letter. @param {string} text */
function wordsByHand(text) {
  /** @type {string[]} */
  const parts = []
  const letters = [...text]
  const isLetter = (/** @type {string | undefined} */ letter) => letter !== undefined && /^[\p{L}\p{M}\p{N}'’]$/u.test(letter)
  for (let at = 0; at < letters.length;) {
    let word = letters[at] === ' ' && isLetter(letters[at + 1]) ? letters[at++] : ''
    if (!isLetter(letters[at])) { parts.push(letters[at++]); continue }
    for (let i = 0; i < 40 && isLetter(letters[at]); i++) word += letters[at++]
    parts.push(word)
  }
  return parts
}

test('words are what the rule says, and numbered by how often they come', () => {
  for (const text of [TEXT, 'a'.repeat(95), TEXT.repeat(300), `${'b'.repeat(40)} 🙂`.repeat(4000), `${'x '.repeat(32767)}🙂 and on`, ...Array.from({ length: 200 }, (_, seed) => randomString(seed))]) {
    const parts = wordsByHand(text)
    const vocabulary = createVocabulary(`${text} `, { tokens: 'words' })
    assert.deepEqual([...vocabulary.read(text)].map((part) => part.text), parts)
  }
  const { symbols } = createVocabulary('b a a a c c b, d', { tokens: 'words' })
  assert.deepEqual([...symbols], ['⟨?⟩', ' a', ' c', 'b', ' b', ',', ' d'])
})

test('words beyond the most frequent are one, counted and named; characters are left out, in the order that they had', () => {
  const words = createVocabulary('a a a b b c d', { tokens: 'words', maximum: 3 })
  assert.deepEqual([...words.symbols], ['⟨?⟩', ' a', ' b'])
  const { symbols, unknown } = words.encode('a b a c b')
  assert.deepEqual([[...symbols], [...unknown]], [[0, 2, 1, 0, 2], [['a', 1], [' c', 1]]])
  assert.equal(words.decode(symbols), '⟨?⟩ b a⟨?⟩ b')
  assert.deepEqual([...createVocabulary('xyzzy xyz', { maximum: 2 }).symbols], ['y', 'z'])
  assertFails(() => createVocabulary('ab', { maximum: 1 }), 'invalid-config', /at most 1 symbols is outside 2 … 65535/)
  assertFails(() => createVocabulary('', { tokens: 'words' }), 'invalid-text', /empty/)
  const crowd = Array.from({ length: 30000 }, (_, i) => `漢字かな交じり文の例${i}`).join(' ')
  assertFails(() => createVocabulary(crowd, { tokens: 'words', maximum: 65535 }), 'invalid-text', /30001 words take \d+ bytes, and a saved model has 900000/)
  for (const json of ['{"tokens":"words"}', '{"tokens":"words","symbols":["a"]}', '{"tokens":"words","symbols":["⟨?⟩","a b"]}', '{"tokens":"words","symbols":["⟨?⟩","a","a"]}', '{"tokens":"letters","symbols":["a"]}', '{"tokens":"characters","symbols":"a"}']) {
    assertFails(() => Vocabulary.fromJSON(json), 'invalid-text')
  }
})

/** Learns a text for a while. @param {string} text  @param {Vocabulary} vocabulary  @param {import('./helpers.js').Config} [config] */
function learned(text, vocabulary, config) {
  const model = engine.createModel({ vocabulary: vocabulary.size, cell: 'gru', hidden: 12, batch: 1, steps: 10, learningRate: 0.02, ...config })
  model.setText(vocabulary.encode(text).symbols)
  model.train(60)
  return model
}

test('a model of bytes is one of characters, to the last bit, where each character is a byte', () => {
  const text = TEXT.replace(/[^\0-\x7f]/g, '-')
  const [bytes, characters] = [createVocabulary(text, { tokens: 'bytes' }), new Vocabulary(Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)))]
  const [a, b] = [bytes, characters].map((vocabulary) => learned(text, vocabulary))
  assert.ok(Buffer.from(a.save()).equals(Buffer.from(b.save())))
  assert.deepEqual(measureText(a, bytes, text), measureText(b, characters, text))
  assert.deepEqual([...surprises(a, bytes, text)], [...surprises(b, characters, text)])
  for (const model of [a, b]) model.dispose()
})

/** log₂ of a sum of powers of e. @param {number[]} logits */
function logSum(logits) {
  const most = Math.max(...logits)
  return (most + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0))) / Math.LN2
}

test('surprise, perplexity and bits per character are those of the network’s own logits, for characters, words and bytes', () => {
  const other = 'the dog sat on the cat.\nThe “mat” was, oh! on the dog’s cat'
  for (const tokens of /** @type {const} */ (['characters', 'words', 'bytes'])) {
    const vocabulary = createVocabulary(TEXT, { tokens, ...(tokens === 'words' && { maximum: 12 }) })
    const model = learned(TEXT, vocabulary, { steps: 100, layers: 2, cell: 'lstm' })
    const symbols = [...vocabulary.encode(other).symbols]
    const T = symbols.length - 1
    const trace = model.trace({ batch: 1, steps: T, inputs: symbols.slice(0, -1), targets: symbols.slice(1), fresh: true })
    const V = vocabulary.size
    const logits = Array.from({ length: T }, (_, t) => Array.from(trace.get('logits').data.subarray(t * V, (t + 1) * V)))
    const bits = logits.map((row, t) => logSum(row) - row[symbols[t + 1]] / Math.LN2)
    const told = [...surprises(model, vocabulary, other, { alternatives: 3 })]
    assert.ok(Number.isNaN(told[0].probability) && told[0].expected.length === 0)
    told.slice(1).forEach((one, t) => {
      assertClose(one.bits, bits[t], 1e-4, `${tokens}: bits of symbol ${t}`)
      const order = [...logits[t].keys()].sort((a, b) => logits[t][b] - logits[t][a] || a - b).slice(0, 3)
      assert.deepEqual(one.expected.map(({ symbol }) => symbol), order)
      assertClose(one.expected[0].probability, 2 ** (logits[t][order[0]] / Math.LN2 - logSum(logits[t])), 1e-5, `${tokens}: what was likeliest`)
    })
    const all = bits.reduce((sum, one) => sum + one, 0)
    // Characters by hand: of words that are known, or those whose last byte comes after the first symbol.
    const parts = tokens === 'words' ? wordsByHand(other).slice(1).filter((word) => vocabulary.symbols.includes(word)) : [[...other].slice(1).filter((letter) => tokens === 'bytes' || TEXT.includes(letter)).join('')]
    const characters = [...parts.join('')].length
    const measured = measureText(model, vocabulary, other)
    assert.deepEqual([measured.symbols, measured.characters], [T, characters])
    assertClose(measured.bitsPerCharacter, all / characters, 1e-5, `${tokens}: bits per character`)
    assertClose(measured.bitsPerSymbol, all / T, 1e-5, `${tokens}: bits per symbol`)
    assertClose(measured.perplexity, 2 ** (all / T), 1e-3, `${tokens}: perplexity`)
    const left = tokens === 'words' ? wordsByHand(other).filter((word) => !vocabulary.symbols.includes(word)).length : tokens === 'characters' ? [...other].filter((letter) => !TEXT.includes(letter)).length : 0
    assert.equal(measured.unknown, left)
    assert.ok(tokens === 'bytes' || left > 0)
    model.dispose()
  }
})

test('a text of any length is read as it comes, piece by piece as whole, and nothing is left behind', () => {
  const vocabulary = createVocabulary(TEXT, { tokens: 'words' })
  const model = learned(TEXT, vocabulary)
  const { symbols } = vocabulary.encode(TEXT)
  const [whole, pieces] = [model.openReader(), model.openReader()]
  const all = whole.read(symbols)
  assert.deepEqual([...pieces.read(symbols.subarray(0, 1)), ...pieces.read(symbols.subarray(1, 40)), ...pieces.read(symbols.subarray(40))], all)
  assertFails(() => whole.read([0, vocabulary.size]), 'invalid-text', new RegExp(`symbol ${vocabulary.size} at position 1 is outside the vocabulary of ${vocabulary.size}`))
  assert.deepEqual(whole.read([symbols[0]])[0].expected.length, 1)
  for (const reader of [whole, pieces]) reader.dispose()
  assertFails(() => whole.read([0]), 'disposed')
  // A text of 20 MB is begun at once: nothing of it is read before it is asked for.
  const endless = surprises(model, vocabulary, TEXT.repeat(Math.ceil(2e7 / TEXT.length)))
  const first = Array.from({ length: 50 }, () => endless.next().value)
  endless.return()
  assert.deepEqual(first.map((one) => one?.probability), all.slice(0, 50).map(({ probability }) => probability))
  model.dispose()
})

test('the unknown word is written only when one asks for it', async () => {
  const trainer = await createTrainer()
  try {
    const run = await trainer.start({ text: TEXT, tokens: 'words', maximum: 4, config: { cell: 'gru', hidden: 8, batch: 1, steps: 10 } })
    assert.deepEqual([run.vocabulary.tokens, run.vocabulary.symbols.length, run.unknown.length > 4], ['words', 4, true])
    await trainer.step(40)
    const options = { prompt: 'The zebra ', length: 200, temperature: 1.5, seed: 3 }
    const [usual, asked] = [await trainer.generate(options), await trainer.generate({ ...options, unknown: true })]
    assert.deepEqual(usual.given, [run.vocabulary.symbols.indexOf('The') < 0 ? 0 : run.vocabulary.symbols.indexOf('The'), 0])
    assert.ok(!usual.text.includes('⟨?⟩') && asked.text.includes('⟨?⟩'))
    const beam = await trainer.inspect('beam', { prompt: 'The cat', length: 5, width: 3 })
    assert.ok(beam.texts.every(({ text }) => !text.includes('⟨?⟩')) && beam.rows.flat().every(({ symbol }) => run.vocabulary.symbols.includes(symbol)))
  } finally {
    trainer.dispose()
  }
})

test('a worker that was told what symbols are goes on with them from a file, and tells of words and characters alike', async () => {
  const trainer = await createTrainer()
  try {
    for (const tokens of /** @type {const} */ (['words', 'bytes'])) {
      const started = await trainer.start({ text: TEXT, tokens, config: { cell: 'gru', hidden: 8, batch: 1, steps: 10 } })
      const vocabulary = createVocabulary(TEXT, { tokens })
      assertClose(started.charactersPerSymbol, [...TEXT].length / vocabulary.encode(TEXT).symbols.length, 1e-12, tokens)
      await trainer.step(10)
      const bytes = await trainer.save()
      const told = await trainer.inspect('surprise', { from: 7, length: 30 })
      const loaded = await trainer.load({ bytes, text: TEXT })
      assert.deepEqual([loaded.vocabulary, loaded.iteration], [started.vocabulary, 10])
      assert.deepEqual(await trainer.inspect('surprise', { from: 7, length: 30 }), told)
      const own = await trainer.inspect('surprise', { from: 0, length: 30, text: vocabulary.decode(vocabulary.encode(TEXT).symbols.subarray(0, 300)).slice(0, 90) })
      assert.deepEqual([own.read.length, own.parts.length, own.symbols], [own.parts.length, own.read.length, own.read.length - 1])
      await assert.rejects(trainer.inspect('surprise', { from: 0, length: 30, text: tokens === 'words' ? 'x' : '' }), /needs at least 2 symbols/)
      const model = engine.loadModel(bytes)
      assert.deepEqual(told.read.map(({ probability }) => probability), model.openReader().read(vocabulary.encode(TEXT).symbols.subarray(7, 37)).map(({ probability }) => probability))
      model.dispose()
      const { length } = await trainer.inspect('correlations', { from: 0, length: 60 })
      assert.equal(length, 8 * 8)
    }
  } finally {
    trainer.dispose()
  }
})
