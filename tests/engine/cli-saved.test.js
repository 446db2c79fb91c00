/** The terminal program with texts of words and bytes, and with models that have learned tasks. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { learn, mackeyGlassSeries } from '../../build/unroll/tasks.js'
import { measureText, Vocabulary } from '../../build/unroll/unroll.js'
import { assertClose, encoders, engine } from './helpers.js'

const folder = mkdtempSync(join(tmpdir(), 'unroll-saved-'))
after(() => rmSync(folder, { recursive: true }))
const program = fileURLToPath(new URL('../../web/cli.js', import.meta.url))

const TEXT = 'The cat sat on the mat, and the dog — grüß Gott — sat by the cat. '.repeat(12)
writeFileSync(join(folder, 'text.txt'), TEXT)
writeFileSync(join(folder, 'other.txt'), 'The dog sat on the cat, the zebra by the mat.')

/** @param {string[]} args */
async function run(args) {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder })
  const result = { out: '', err: '', code: NaN }
  child.stdout.setEncoding('utf8').on('data', (text) => { result.out += text })
  child.stderr.setEncoding('utf8').on('data', (text) => { result.err += text })
  const [code] = await once(child, 'close')
  return { ...result, code: Number(code) }
}

/** @param {string[]} args */
async function lines(args) {
  const { out, err, code } = await run([...args, '--json'])
  assert.deepEqual([code, err], [0, ''])
  const told = out.trim().split('\n').map((line) => JSON.parse(line))
  const last = told.at(-1)
  assert.ok(last.done && 'preset' in last && Object.values(last.metrics).every(Number.isFinite) && Number.isInteger(last.iterations) && last.seconds > 0)
  return told
}

/** @param {number} code  @param {string[]} args  @param {RegExp} message */
async function assertFails(code, args, message) {
  const result = await run(args)
  assert.deepEqual([result.code, result.out], [code, ''], result.err)
  assert.match(result.err, /^unroll: [^\n]+\n$/)
  assert.match(result.err, message)
}

const SMALL = ['--cell', 'gru', '--hidden', '12', '--batch', '2', '--steps', '12', '--iterations', '80']
/** @param {string} tokens  @param {string[]} more */
const trained = (tokens, more = []) => lines(['train', 'text.txt', '--tokens', tokens, '--out', `${tokens}.model`, ...SMALL, ...more])
/** @param {string} tokens */
function opened(tokens) {
  const model = engine.loadModel(readFileSync(join(folder, `${tokens}.model`)))
  return { model, vocabulary: Vocabulary.fromJSON(model.extra.vocabulary) }
}

test('words and bytes are learned, measured and told symbol by symbol, as the engine does', async () => {
  const other = readFileSync(join(folder, 'other.txt'), 'utf8')
  for (const [tokens, more] of /** @type {const} */ ([['words', ['--max-vocabulary', '9']], ['bytes', []], ['characters', []]])) {
    const last = (await trained(tokens, [...more])).at(-1)
    assert.deepEqual([last.preset, last.iterations, Math.log(last.metrics.perplexity).toFixed(6)], ['own', 80, last.metrics.loss.toFixed(6)])
    const { model, vocabulary } = opened(tokens)
    assert.deepEqual([vocabulary.tokens, tokens === 'words' ? vocabulary.size : 9], [tokens, 9])
    const characters = [...TEXT].length - (tokens === 'words' ? [...vocabulary.encode(TEXT).unknown].reduce((sum, [word, count]) => sum + count * word.length, 0) : 0)
    assertClose(last.metrics.bitsPerCharacter, last.metrics.loss / Math.LN2 * vocabulary.encode(TEXT).symbols.length / characters, 1e-9, `${tokens}: bits per character while training`)
    const { symbols, characters: counted, unknown, ...metrics } = measureText(model, vocabulary, other)
    const [evaluated] = await lines(['evaluate', `${tokens}.model`, 'other.txt', '--tokens', tokens])
    assert.deepEqual([evaluated.metrics, evaluated.symbols, evaluated.characters, evaluated.unknown, evaluated.tokens], [metrics, symbols, counted, unknown, tokens])
    assert.equal(unknown > 0, tokens !== 'bytes')
    const told = await lines(['evaluate', `${tokens}.model`, 'other.txt', '--surprise'])
    const each = told.slice(0, -1)
    assert.equal(each.map(({ text }) => text).join(''), tokens === 'characters' ? [...other].filter((letter) => TEXT.includes(letter)).join('') : other)
    assert.ok(each[0].bits === undefined && each.slice(1).every(({ bits, probability }) => Math.abs(2 ** -bits - probability) < 1e-6))
    assertClose(told.at(-1).metrics.bitsPerSymbol, each.slice(1).reduce((sum, { bits }) => sum + bits, 0) / (each.length - 1), 1e-9, `${tokens}: mean of all`)
    const trace = model.trace({ batch: 1, steps: 5, inputs: vocabulary.encode(other).symbols.slice(0, 5), targets: vocabulary.encode(other).symbols.slice(1, 6), fresh: true }).get('p')
    const best = [...trace.data.subarray(4 * vocabulary.size)].reduce((most, p, k, all) => p > all[most] ? k : most, 0)
    assert.equal(each[5].expected, vocabulary.symbols[best])
    model.dispose()
  }
  await Promise.all([
    assertFails(2, ['evaluate', 'words.model', 'other.txt', '--tokens', 'bytes'], /the saved model reads words, not bytes/), assertFails(2, ['generate', 'bytes.model', '--tokens', 'words'], /reads bytes, not words/),
    assertFails(2, ['train', 'text.txt', '--resume', 'words.model', '--tokens', 'characters'], /reads words, not characters/), assertFails(2, ['train', 'text.txt', '--resume', 'words.model', '--max-vocabulary', '5'], /--max-vocabulary is for a new model/),
    assertFails(2, ['train', 'text.txt', '--tokens', 'word'], /--tokens is characters, words or bytes, not "word" \(did you mean words\?\)/), assertFails(2, ['train', 'text.txt', '--max-vocabulary', '1'], /--max-vocabulary 1 is outside 2 … 65535/),
    assertFails(2, ['evaluate', 'words.model', 'other.txt', '--data', 'x.csv'], /--data is for a model that has learned a task/), assertFails(2, ['evaluate', 'words.model'], /TEXT is missing/),
    assertFails(2, ['train', 'adding', '--tokens', 'words'], /--tokens is for a text/),
  ])
})

test('words are written whole, banned and stopped at as words, and unknown ones only when asked for', async () => {
  const [{ out: plain }, { out: unknown }] = await Promise.all([[], ['--unknown']].map((more) => run(['generate', 'words.model', '--prompt', 'The ', '--length', '400', '--temperature', '2', ...more])))
  assert.ok(plain.startsWith('The') && !plain.startsWith('The  ') && !plain.includes('⟨?⟩') && unknown.includes('⟨?⟩'))
  const { model, vocabulary } = opened('words')
  const word = vocabulary.symbols.find((symbol) => / \w/.test(symbol))?.trim() ?? ''
  assert.ok(new RegExp(`\\b${word}\\b`).test(plain))
  const banned = await run(['generate', 'words.model', '--prompt', 'The', '--length', '400', '--temperature', '2', '--ban', word])
  assert.ok(!new RegExp(`\\b${word}\\b`).test(banned.out.slice(4)))
  const stopped = await run(['generate', 'words.model', '--prompt', 'The', '--length', '400', '--temperature', '2', '--stop', word])
  assert.match(stopped.out, new RegExp(`^The[^]*\\b${word}\\n$`))
  assert.equal(stopped.out.slice(4).match(new RegExp(`\\b${word}\\b`, 'g'))?.length, 1)
  const { err, code } = await run(['generate', 'words.model', '--prompt', ' cat zebra', '--length', '3'])
  assert.deepEqual([err, code], ['unroll: Read as one unknown word: " zebra" (1).\n', 0])
  await assertFails(1, ['generate', 'words.model', '--stop', 'zebra'], /--stop has words that this model has never read: "zebra" \(1\)/)
  model.dispose()
})

test('bytes make whole characters, wherever the pieces end in which they are written', async () => {
  const { model, vocabulary } = opened('bytes')
  const prompt = vocabulary.encode('The').symbols
  const { symbols } = model.generate({ prompt, length: 700, strategy: 'sample', temperature: 1.2, seed: 3 })
  const { out } = await run(['generate', 'bytes.model', '--prompt', 'The', '--length', '700', '--temperature', '1.2', '--seed', '3'])
  assert.equal(out, `${Buffer.from([...prompt, ...symbols]).toString()}\n`)
  assert.ok([...symbols].some((byte) => byte > 127))
  await assertFails(2, ['generate', 'bytes.model', '--ban', 'ü'], /--ban takes ASCII characters/)
  model.dispose()
})

/** What a series goes on as, from what is known, by traces of windows. @param {import('./helpers.js').Model} model  @param {number[]} known  @param {number} count  @param {number} horizon */
function freely(model, known, count, horizon) {
  const all = [...known]
  for (let i = 0; i < count; i++) {
    const window = all.slice(0, all.length - horizon + 1).slice(-Number(model.config.steps))
    const { data } = model.trace({ batch: 1, steps: window.length, vectors: window, values: window, fresh: true }).get('logits')
    all.push(data[window.length - 1])
  }
  return all.slice(known.length)
}

test('a series goes on by itself, in the units of its data, beside the truth', async () => {
  const series = mackeyGlassSeries(17, 700).slice(300)
  writeFileSync(join(folder, 'series.csv'), `x\n${series.join('\n')}\n`)
  const small = ['--hidden', '8', '--batch', '4', '--length', '20', '--lead', '5', '--horizon', '3', '--iterations', '60']
  await Promise.all([lines(['train', '--preset', 'mackey-glass', '--out', 'glass.model', ...small]), lines(['train', '--task', 'mackey-glass', '--data', 'series.csv', '--out', 'own.model', ...small]), lines(['train', 'adding', '--iterations', '5', '--out', 'adding.model'])])
  const [told, own] = await Promise.all([lines(['generate', 'glass.model', '--length', '25']), lines(['generate', 'own.model', '--data', 'series.csv', '--length', '10', '--lead', '30'])])
  const model = engine.loadModel(readFileSync(join(folder, 'own.model')))
  const [{ mean, deviation }] = JSON.parse(model.extra.task).encoding.columns
  const wanted = freely(model, series.slice(-30).map((x) => (x - mean) / deviation), 10, 3).map((x) => x * deviation + mean)
  own.slice(0, -1).forEach(({ values: [value] }, i) => assertClose(value, wanted[i], 1e-5, `step ${i}`))
  assert.ok(told.length === 26 && told.slice(0, -1).every(({ truth }) => truth.length === 1) && own[0].truth === undefined)
  const errors = told.slice(0, -1).map(({ values, truth }) => ((values[0] - truth[0]) / deviationOf('glass.model')) ** 2)
  assertClose(told[25].metrics.meanSquaredError, errors.reduce((sum, one) => sum + one, 0) / 25, 1e-9, 'its error, in units of the variance')
  await Promise.all([
    assertFails(2, ['generate', 'adding.model'], /learned the task adding, whose answers do not make the next sequence/), assertFails(2, ['generate', 'own.model'], /learned from data of its own/),
    assertFails(2, ['generate', 'glass.model', '--prompt', 'x'], /--prompt is for a model that writes text/), assertFails(2, ['generate', 'words.model', '--lead', '3'], /--lead is for a model that has learned a series/),
    assertFails(1, ['generate', 'glass.model', '--data', 'text.txt'], /text\.txt: /), assertFails(1, ['generate', 'glass.model', '--lead', '1'], /a series of 1 is too short to go on from, 3 steps ahead/),
  ])
  model.dispose()
})

/** @param {string} file */
function deviationOf(file) {
  const model = engine.loadModel(readFileSync(join(folder, file)))
  model.dispose()
  return JSON.parse(model.extra.task).encoding.columns[0].deviation
}

test('whatever is done with a saved model, machines are told in the end', async () => {
  const [[info], exported] = await Promise.all([lines(['info', 'words.model']), lines(['export', 'bytes.model', '--weights', 'weights.safetensors'])])
  assert.deepEqual([info.preset, info.iterations, info.tokens, info.symbols, info.config.hidden], ['own', 80, 'words', 9, 12])
  assert.deepEqual(exported[0], { format: 'weights', file: 'weights.safetensors', bytes: readFileSync(join(folder, 'weights.safetensors')).length })
  writeFileSync(join(folder, 'letters.json'), '{"tokens":"bytes"}')
  assert.equal((await lines(['import', 'weights.safetensors', '--letters', 'letters.json', '--out', 'imported.model', '--batch', '2', '--steps', '12']))[0].file, 'imported.model')
  const [before, after] = await Promise.all(['bytes.model', 'imported.model'].map((file) => lines(['evaluate', file, 'other.txt'])))
  assertClose(after[0].metrics.loss, before[0].metrics.loss, 1e-6, 'the imported weights read as the exported ones')
})

test('what a saved model has learned is measured again on what it held out, or on other data', async () => {
  const trained = (await lines(['train', '--preset', 'copy', '--delay', '2', '--length', '2', '--hidden', '8', '--iterations', '20', '--out', 'copy.model'])).at(-1)
  assert.deepEqual([trained.preset, trained.task], ['copy', 'copy'])
  const [again] = await lines(['evaluate', 'copy.model'])
  assert.deepEqual([again.metrics, again.preset, again.iterations], [trained.metrics, 'copy', 20])
  const names = (await lines(['train', 'names', '--hidden', '8', '--iterations', '30', '--out', 'names.model'])).at(-1)
  assert.deepEqual((await lines(['evaluate', 'names.model']))[0].metrics, names.metrics)
  const learning = learn(engine, 'names', { model: engine.loadModel(readFileSync(join(folder, 'names.model'))) })
  const said = /is (\w+), and it says (\w+)/.exec(learning.show()) ?? []
  const [name] = /[^"]+/.exec(learning.show()) ?? []
  for (const [label, right] of [[said[2], 1], [said[2] === 'male' ? 'female' : 'male', 0]]) {
    writeFileSync(join(folder, 'one.csv'), `name,list\n${name},${label}\n`)
    const [one] = await lines(['evaluate', 'names.model', '--data', 'one.csv'])
    assert.deepEqual([one.metrics.accuracy, one.sequences], [right, 1])
  }
  learning.model.dispose()
  writeFileSync(join(folder, 'bird.csv'), 'name,list\nAnna,bird\n')
  writeFileSync(join(folder, 'long.csv'), `name,list\n${'a'.repeat(99)},male\n`)
  await Promise.all([
    assertFails(1, ['evaluate', 'names.model', '--data', 'bird.csv'], /bird\.csv: the class "bird" is not one of those that the model tells apart: female, male/), assertFails(1, ['evaluate', 'names.model', '--data', 'long.csv'], /has 99 letters, and the model reads at most \d+/),
    assertFails(2, ['evaluate', 'copy.model', '--data', 'bird.csv'], /makes its sequences, so it takes no --data/), assertFails(2, ['evaluate', 'own.model'], /learned from data of its own/),
    assertFails(2, ['evaluate', 'copy.model', 'text.txt'], /"text\.txt" is for a model that reads text/), assertFails(2, ['evaluate', 'copy.model', '--tokens', 'words'], /"--tokens" is for a model that reads text/),
  ])
  const [series] = await lines(['evaluate', 'own.model', '--data', 'series.csv'])
  assert.ok(series.metrics.meanSquaredError > 0 && series.sequences === 19)
})

test('what reads one sequence before another answers to the prompt: by the likeliest symbols, by a search, or drawn', async () => {
  const file = 'translation.safetensors'
  await lines(['train', '--preset', 'translation', '--iterations', '120', '--out', file])
  const model = encoders.loadModel(new Uint8Array(readFileSync(join(folder, file))))
  const { reads, writes } = JSON.parse(model.extra.task).encoding
  const source = ['small', 'cat'].map((word) => reads.indexOf(word))
  const [start, end] = [writes.length, writes.length + 1]
  const options = { source, prompt: [start], length: Number(model.config.steps), stops: [[end]] }
  /** @param {Iterable<number>} symbols */
  const words = (symbols) => Array.from(symbols).filter((symbol) => symbol >= 0 && symbol < start).map((symbol) => writes[symbol]).join(' ')
  const ask = ['generate', file, '--prompt', 'small cat']

  const likeliest = words(model.generate({ ...options, strategy: 'greedy' }).symbols)
  assert.equal((await run(ask)).out.trim(), likeliest)
  const found = model.search({ ...options, width: 4 }).texts.slice(0, 3)
  const told = (await lines([...ask, '--strategy', 'beam', '--width', '4', '--best', '3'])).slice(0, -1)
  assert.deepEqual(told, found.map(({ symbols, logProbability }) => ({ source: 'small cat', text: words(symbols), logProbability })))
  assert.equal((await run([...ask, '--strategy', 'sample', '--seed', '7'])).out.trim(), words(model.generate({ ...options, temperature: 1, seed: 7 }).symbols))
  model.dispose()

  await assertFails(2, ['generate', file], /--prompt is what it reads before it writes/)
  await assertFails(1, ['generate', file, '--prompt', 'small red cat'], /a source of 3 symbols is outside 1 … 2/)
  await assertFails(2, [...ask, '--length', '3'], /--length is for texts or series/)
  writeFileSync(join(folder, 'pairs.csv'), `english,deutsch\nsmall cat,${likeliest}\nsmall cat,das Haus\n`)
  const [measured] = await lines(['evaluate', file, '--data', 'pairs.csv'])
  assert.deepEqual([measured.metrics, measured.sequences], [{ exact: 1, errorRate: 0 }, 2])
  writeFileSync(join(folder, 'pairs.csv'), 'english,deutsch\nsmall cat,das Haus\nsmall bird,der Vogel\n')
  writeFileSync(join(folder, 'wide.csv'), `number,deutsch,english\n1,${likeliest},small cat\n`)
  for (const columns of ['english,deutsch', '3,2']) assert.deepEqual((await lines(['evaluate', file, '--data', 'wide.csv', '--columns', columns]))[0].metrics, { exact: 1, errorRate: 0 })
  await assertFails(1, ['evaluate', file, '--data', 'wide.csv', '--columns', 'english,german'], /wide\.csv: the data has no column "german"; its columns are number, deutsch, english/)
  await assertFails(2, ['evaluate', file, '--columns', 'english,deutsch'], /--columns is for --data/)
  await assertFails(1, ['evaluate', file, '--data', 'pairs.csv'], /pairs\.csv: line 3 of the data has "bird", which is nothing that the model reads/)
  await assertFails(2, ['train', '--task', 'reversal', '--threads', '2'], /computed strictly and by one thread/)
})

test('tasks whose data is a file beside the program are learned, measured on all that is held out, and asked', async () => {
  const [counted, , , trained] = await lines(['train', '--preset', 'cmudict', '--hidden', '8', '--share', '0.01', '--iterations', '4', '--evaluate-every', '2', '--out', 'cmudict.model'])
  assert.deepEqual([trained.preset, trained.iterations, counted.counts.measured], ['cmudict', 4, 500])
  const [whole] = await lines(['evaluate', 'cmudict.model'])
  assert.equal(whole.sequences, counted.counts.heldOut)
  assert.ok(whole.sequences > 1200 && whole.metrics.errorRate > 0.5)
  const model = encoders.loadModel(readFileSync(join(folder, 'cmudict.model')))
  const { reads, writes } = JSON.parse(model.extra.task).encoding
  model.dispose()
  assert.deepEqual([reads.length, writes.length], [28, 39])
  const asked = await run(['generate', 'cmudict.model', '--prompt', 'Cat', '--strategy', 'sample'])
  assert.deepEqual([asked.err, asked.code], ['', 0])
  assert.deepEqual(asked.out.trim().split(' ').filter((phoneme) => !writes.includes(phoneme)), [])

  const spam = (await lines(['train', '--preset', 'spam', '--hidden', '8', '--iterations', '10', '--out', 'spam.model'])).at(-1)
  assert.deepEqual((await lines(['evaluate', 'spam.model']))[0].metrics, spam.metrics)
  const [first, second, told] = await lines(['generate', 'spam.model', '--prompt', 'Buy now'])
  assert.deepEqual([[first.label, second.label].sort(), first.source, told.metrics], [['ham', 'spam'], 'Buy now', { answers: 2 }])
  assert.ok(first.share >= second.share && Math.abs(first.share + second.share - 1) < 1e-6)
  await assertFails(2, ['generate', 'spam.model'], /--prompt is what it reads before it answers/)
  await assertFails(2, ['generate', 'spam.model', '--prompt', 'Buy now', '--strategy', 'beam'], /--strategy is for models that write, and this model has learned spam/)
  await assertFails(1, ['generate', 'spam.model', '--prompt', '?'], /the text has nothing to read/)

  await lines(['train', '--preset', 'tagging', '--hidden', '8', '--iterations', '10', '--out', 'tagging.model'])
  assert.match((await run(['generate', 'tagging.model', '--prompt', 'Rose met Will.'])).out, /^ +\d+\.\d %  Rose\n +\d+\.\d %  met\n +\d+\.\d %  Will\n +\d+\.\d %  \.\n$/)
  writeFileSync(join(folder, 'mail.csv'), 'mail,class\nBuy now,spam\n')
  assert.equal((await lines(['evaluate', 'spam.model', '--data', 'mail.csv']))[0].sequences, 1)
})
