/** The terminal program, as it is run. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { toOnnx, toPyTorch } from '../../build/unroll/export.js'
import { tasks } from '../../build/unroll/tasks.js'
import { createVocabulary, Vocabulary } from '../../build/unroll/unroll.js'
import { engine, field, randomText } from './helpers.js'

const folder = mkdtempSync(join(tmpdir(), 'unroll-cli-'))
after(() => rmSync(folder, { recursive: true }))
const program = fileURLToPath(new URL('../../web/cli.js', import.meta.url))
const hello = join(folder, 'hello.safetensors')

/** @param {string[]} args */
function start(args) {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder })
  const result = { child, out: '', err: '', code: /** @type {number | null} */ (null) }
  child.stdout.setEncoding('utf8').on('data', (text) => { result.out += text })
  child.stderr.setEncoding('utf8').on('data', (text) => { result.err += text })
  return result
}

/** @param {string[]} args  @param {string} [input] */
async function run(args, input = '') {
  const result = start(args)
  result.child.stdin.on('error', () => {}).end(input)
  const [code] = await once(result.child, 'close')
  return { out: result.out, err: result.err, code: Number(code) }
}

/** One sentence on stderr and nothing else. @param {number} code  @param {string[]} args  @param {RegExp} message  @param {string} [input] */
async function assertFails(code, args, message, input) {
  const result = await run(args, input)
  assert.equal(result.code, code, `unroll ${args.join(' ')}: ${result.out}${result.err}`)
  assert.match(result.err, /^unroll: [^\n]+\n$/)
  assert.match(result.err, message)
  assert.doesNotMatch(result.err, /\bat .*:\d+:\d+/)
}

test('the package that npm makes has all that the program needs', async () => {
  const packed = spawn('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: fileURLToPath(new URL('../..', import.meta.url)) })
  const [name] = await once(packed.stdout.setEncoding('utf8'), 'data')
  await once(packed, 'close')
  execFileSync('tar', ['xzf', name.trim()], { cwd: folder })
  const out = execFileSync(process.execPath, ['package/web/cli.js', 'train', 'hello'], { cwd: folder, encoding: 'utf8' })
  assert.match(out, /^Learned in \d+ rounds/m)
  for (const preset of ['moby-dick', 'spam']) execFileSync(process.execPath, ['package/web/cli.js', 'train', '--preset', preset, '--iterations', '1', '--hidden', '4'], { cwd: folder })
  for (const made of [name.trim(), 'package']) rmSync(join(folder, made), { recursive: true })
})

test('"train hello" ends when it is learned, shows what it writes on the way, and saves it', async () => {
  const { out, err, code } = await run(['train', 'hello', '--out', hello])
  assert.deepEqual([code, err], [0, ''])
  const rows = [...out.matchAll(/^ +(\d+) +(\d\.\d+) .* (\S{4})$/gm)].map(([, round, loss, written]) => ({ round: Number(round), loss: Number(loss), written }))
  assert.ok(rows.length > 4 && rows.length < 20)
  assert.ok(rows[0].round === 1 && rows[0].loss > 1 && rows[0].written !== 'ello')
  const last = rows[rows.length - 1]
  assert.ok(last.loss <= 0.05 && last.written === 'ello')
  assert.match(out, new RegExp(`^Learned in ${last.round} rounds: after "h", the network writes "ello"\\.$`, 'm'))
  assert.ok(!out.includes('\x1b') && !out.includes('\r'), 'no escape codes where there is no terminal')
  const model = engine.loadModel(readFileSync(hello))
  assert.equal(model.iteration, last.round)
  model.dispose()
  assert.deepEqual(readdirSync(folder), ['hello.safetensors'])
})

test('fused mode trains and samples; the file tells', async () => {
  const fuses = Number(process.versions.node.split('.')[0]) >= 20 // 18 has no relaxed SIMD, and says so
  const file = join(folder, 'fused.safetensors')
  assert.equal((await run(['train', 'hello', '--mode', 'fused', '--out', file])).code, 0)
  assert.match((await run(['info', file])).out, fuses ? /^arithmetic +fused$/m : /^arithmetic +strict$/m)
  assert.match((await run(['info', hello])).out, /^arithmetic +strict$/m)
  const { out, err, code } = await run(['generate', file, '--mode', 'fused', '--prompt', 'h', '--length', '4', '--strategy', 'greedy'])
  assert.deepEqual([out, code], ['hello\n', 0])
  assert.match(err, fuses ? /^$/ : /no fused mode, so the mode is strict/)
  await assertFails(2, ['train', 'hello', '--mode', 'quick'], /--mode is strict or fused/)
  rmSync(file)
})

test('what was learned is written after a prompt, on stdout and nowhere else', async () => {
  assert.deepEqual(await run(['generate', hello, '--prompt', 'h', '--length', '4', '--strategy', 'greedy']), { out: 'hello\n', err: '', code: 0 })
  assert.deepEqual(await run(['generate', hello, '--prompt=he', '--length=0']), { out: 'he\n', err: '', code: 0 })
  const [a, b, c] = await Promise.all([['--seed', '5'], ['--seed', '5'], ['--seed', '6']].map((seed) => run(['generate', hello, '--length', '3000', '--temperature', '2', ...seed])))
  assert.equal(a.out, b.out)
  assert.notEqual(a.out, c.out)
  assert.equal(a.out.length, 3002)
  const model = engine.loadModel(readFileSync(hello))
  const direct = model.generate({ prompt: [0], length: 3000, temperature: 2, seed: 5 }).symbols
  assert.equal(a.out, `h${Array.from(direct, (symbol) => 'helo'[symbol]).join('')}\n`)
  model.dispose()
})

test('a saved model is exported, in each format that is named', async () => {
  const names = { onnx: 'hello.onnx', pytorch: 'hello.py', weights: 'weights.safetensors' }
  const { out, err, code } = await run(['export', hello, ...Object.entries(names).flatMap(([name, file]) => [`--${name}`, file])])
  assert.deepEqual([code, err], [0, ''])
  const [onnx, program, weights] = Object.values(names).map((name) => readFileSync(join(folder, name)))
  for (const [i, name] of Object.values(names).entries()) assert.ok(out.includes(`Wrote ${name} (${[onnx, program, weights][i].length.toLocaleString('en')} bytes).`))
  const [model, again] = [engine.loadModel(readFileSync(hello)), engine.importWeights(weights)]
  assert.deepEqual(again.exportWeights(), model.exportWeights())
  assert.ok(Buffer.from(onnx).equals(toOnnx(model)))
  assert.equal(program.toString(), toPyTorch(model, { file: 'hello.safetensors' }))
  for (const one of [model, again]) one.dispose()
  for (const name of Object.values(names)) rmSync(join(folder, name))
  await assertFails(2, ['export', hello], /name a file with --onnx, --pytorch, --weights/)
  await assertFails(1, ['export', 'none.safetensors', '--onnx', 'x.onnx'], /none\.safetensors: there is no such file/)
  await assertFails(1, ['export', hello, '--onnx', 'none/x.onnx'], /there is no such file or folder/)
})

test('weights from PyTorch become a model that writes', async () => {
  const weights = fileURLToPath(new URL('../golden/state_dict/lstm_renamed.safetensors', import.meta.url))
  const rename = ['--rename', 'lstm.=rnn.,encoder.=embedding.,decoder.=output.']
  writeFileSync(join(folder, 'letters.json'), JSON.stringify([...'abcdefg']))
  writeFileSync(join(folder, 'wrong.json'), '["a","b"]')
  writeFileSync(join(folder, 'none.json'), '{"a":1}')
  const { out, err, code } = await run(['import', weights, '--out', 'imported.safetensors', '--letters', 'letters.json', ...rename, '--batch', '2', '--learning-rate', '0.01'])
  assert.deepEqual([code, err], [0, ''])
  assert.match(out, /^Saved lstm with 1 × 5 hidden units to imported\.safetensors \([\d,]+ bytes\)\.$/m)
  const model = engine.loadModel(readFileSync(join(folder, 'imported.safetensors')))
  assert.deepEqual([model.config.input, model.config.inputSize, model.config.batch, model.config.learningRate], ['embedding', 4, 2, 0.01])
  const { symbols } = model.generate({ prompt: [2], length: 30, strategy: 'greedy' })
  const written = await run(['generate', 'imported.safetensors', '--prompt', 'c', '--length', '30', '--strategy', 'greedy'])
  assert.equal(written.out, `c${Array.from(symbols, (symbol) => 'abcdefg'[symbol]).join('')}\n`)
  model.dispose()
  const asked = ['import', weights, '--out', 'x.safetensors', '--letters', 'letters.json']
  await assertFails(1, asked, /rnn\.weight_ih_l0 is missing; there are encoder\.weight/)
  await assertFails(1, [...asked, ...rename, '--hidden', '6'], /its hidden is 5, not 6/)
  await assertFails(1, ['import', weights, '--out', 'x.safetensors', '--letters', 'wrong.json', ...rename], /wrong\.json: it has 2 letters for a network of 7/)
  await assertFails(1, ['import', weights, '--out', 'x.safetensors', '--letters', 'none.json', ...rename], /not a vocabulary/)
  await assertFails(2, ['import', weights, '--letters', 'letters.json'], /--out is missing/)
  await assertFails(2, ['import', weights, '--out', 'x.safetensors'], /--letters is missing/)
  await assertFails(2, [...asked, '--rename', 'lstm'], /--rename is OLD=NEW/)
  assert.ok(!existsSync(join(folder, 'x.safetensors')))
})

test('a reader that leaves early ends the writing quietly', async () => {
  const { child, ...result } = start(['generate', hello, '--length', '100000000'])
  let err = ''
  child.stderr.on('data', (text) => { err += text })
  await once(child.stdout, 'data')
  child.stdout.destroy()
  const [code] = await once(child, 'close')
  assert.deepEqual([code, err, result.err], [0, '', ''])
})

test('a saved model is described', async () => {
  const { out, err, code } = await run(['info', hello])
  assert.deepEqual([code, err], [0, ''])
  for (const row of [/^iteration +\d+$/m, /^parameters +43$/m, /^letters +helo$/m, /^cell +vanilla$/m, /^learning-rate +0\.05$/m, /^rnn\.weight_ih_l0 +3 × 4$/m, /^carry +yes$/m]) assert.match(out, row)
})

test('a text from a file or from standard input is learned with the options given', async () => {
  const text = 'the cat sat on the mat. '.repeat(30)
  writeFileSync(join(folder, 'cat.txt'), text)
  const options = ['--iterations', '30', '--cell', 'gru', '--reset', 'before', '--hidden', '12', '--layers', '2', '--batch', '2', '--steps', '9', '--no-carry', '--learning-rate', '0.01', '--seed', '7', '--forget-bias', '-1', '--sample-every', '10']
  const [fromFile, fromInput] = await Promise.all([
    run(['train', 'cat.txt', ...options, '--out', 'a.safetensors']), run(['train', '-', ...options, '--out', 'b.safetensors'], text),
  ])
  assert.deepEqual([fromFile.code, fromFile.err, fromInput.code, fromInput.err], [0, '', 0, ''])
  assert.equal([...fromFile.out.matchAll(/^(10|20|30) │ t/gm)].length, 3)
  assert.match(fromFile.out, /^30 iterations in .* chars\/s: loss \d\.\d+ nats, \d\.\d+ bits\/char$/m)
  const bytes = readFileSync(join(folder, 'a.safetensors'))
  assert.ok(bytes.equals(readFileSync(join(folder, 'b.safetensors'))))
  const model = engine.loadModel(bytes)
  const { cell, reset, hidden, layers, batch, steps, carry, learningRate, seed, forgetBias } = model.config
  assert.deepEqual([cell, reset, hidden, layers, batch, steps, carry, learningRate, seed, forgetBias], ['gru', 'before', 12, 2, 2, 9, false, 0.01, 7, -1])
  assert.equal(model.iteration, 30)
  model.dispose()
})

test('resumed, training ends where it would have without the break; live options may change', async () => {
  const options = ['--hidden', '12', '--batch', '2', '--steps', '9']
  await run(['train', 'cat.txt', ...options, '--iterations', '50', '--out', 'whole.safetensors'])
  await run(['train', 'cat.txt', ...options, '--iterations', '20', '--out', 'part.safetensors'])
  const { out, code } = await run(['train', 'cat.txt', '--resume', 'part.safetensors', '--hidden', '12', '--iterations', '30', '--out', 'part.safetensors'])
  assert.equal(code, 0)
  assert.match(out, /after iteration 20/)
  assert.ok(readFileSync(join(folder, 'part.safetensors')).equals(readFileSync(join(folder, 'whole.safetensors'))))
  await run(['train', 'cat.txt', '--resume', 'part.safetensors', '--learning-rate', '0.5', '--iterations', '1', '--out', 'part.safetensors'])
  const model = engine.loadModel(readFileSync(join(folder, 'part.safetensors')))
  assert.deepEqual([model.config.learningRate, model.iteration], [0.5, 51])
  model.dispose()
  await assertFails(2, ['train', 'cat.txt', '--resume', 'part.safetensors', '--hidden', '13', '--cell', 'gru'], /cell lstm.*hidden 12|hidden 12.*cell lstm/)
})

test('training stops when the loss on what is held out falls no more, and saves the weights that had the lowest', async () => {
  const text = String.fromCharCode(...randomText(600, 6, 4).map((symbol) => 97 + symbol))
  writeFileSync(join(folder, 'noise.txt'), text)
  const config = { cell: 'gru', hidden: 12, batch: 4, steps: 10, learningRate: 0.02 }
  const options = Object.entries(config).flatMap(([name, value]) => [`--${name.replace('R', '-r')}`, String(value)])
  const asked = ['--validation', '0.25', '--patience', '3', '--validation-every', '5', '--sample-every', '0']
  const vocabulary = createVocabulary(text)
  const { symbols } = vocabulary.encode(text)
  const model = engine.createModel({ ...config, vocabulary: vocabulary.size })
  model.setText(symbols.subarray(0, 450))
  let best = { iteration: 0, loss: Infinity, weights: Buffer.of() }
  while (model.iteration < best.iteration + 15) {
    const { loss } = (model.train(5), model.evaluate(symbols.subarray(450)))
    if (loss < best.loss) best = { iteration: model.iteration, loss, weights: Buffer.from(model.exportWeights()) }
  }
  assert.ok(best.iteration > 10)

  const { out, err, code } = await run(['train', 'noise.txt', ...options, ...asked, '--out', 'best.safetensors'])
  assert.deepEqual([code, err], [0, ''])
  assert.match(out, /^150 more are held out to validate, every 5 iterations, with a patience of 3\.$/m)
  assert.equal([...out.matchAll(/│ held out: loss/g)].length, model.iteration / 5)
  assert.match(out, new RegExp(`^Stopped: 3 evaluations without a lower loss than ${best.loss.toFixed(3)}, of iteration ${best.iteration}, whose weights are back\\.$`, 'm'))
  assert.match(out, new RegExp(`^Saved iteration ${best.iteration} to best`, 'm'))
  assert.ok(best.weights.equals(engine.loadModel(readFileSync(join(folder, 'best.safetensors'))).exportWeights()))

  // Broken off and resumed, it ends as it would have.
  assert.equal((await run(['train', 'noise.txt', ...options, ...asked, '--iterations', '8', '--out', 'noise.safetensors'])).code, 0)
  const resumed = await run(['train', 'noise.txt', '--resume', 'noise.safetensors', '--sample-every', '0', '--out', 'noise.safetensors'])
  assert.match(resumed.out, new RegExp(`of iteration ${best.iteration}, whose weights are back`))
  assert.ok(best.weights.equals(engine.loadModel(readFileSync(join(folder, 'noise.safetensors'))).exportWeights()))
  model.dispose()
  await assertFails(2, ['train', 'noise.txt', '--patience', '3'], /--patience and --validation-every are for --validation/)
  await assertFails(2, ['train', 'noise.txt', '--validation', '1'], /--validation 1 is outside 0\.001 … 0\.9/)
  await assertFails(1, ['train', 'hello', '--validation', '0.1'], /holds out 0 of 5 symbols/)
})

test('letters that a resumed model has never read are counted and named', async () => {
  const { out, code } = await run(['train', '-', '--resume', hello, '--iterations', '2'], 'hexxo hello😀')
  assert.equal(code, 0)
  assert.match(out, /never read.*"x" \(2\).*" " \(1\).*"😀" \(1\)/)
})

test('a short text is learned in smaller pieces, and this is told', async () => {
  const { out, code } = await run(['train', '-', '--iterations', '3', '--batch', '8', '--steps', '25'], 'a short text')
  assert.equal(code, 0)
  assert.match(out, /short: 1 × 11 .* instead of 8 × 25/)
})

test('Ctrl-C saves what has been learned and ends cleanly', async () => {
  const result = start(['train', 'cat.txt', '--iterations', '1000000000', '--sample-every', '100', '--out', 'stopped.safetensors'])
  while (!result.out.includes('│')) await once(result.child.stdout, 'data')
  result.child.kill('SIGINT')
  const [code] = await once(result.child, 'close')
  assert.deepEqual([code, result.err], [0, ''])
  const [, told] = /Saved iteration ([\d,]+) to stopped\.safetensors/.exec(result.out) ?? []
  const model = engine.loadModel(readFileSync(join(folder, 'stopped.safetensors')))
  assert.equal(model.iteration, Number(told.replaceAll(',', '')))
  assert.ok(model.iteration >= 100)
  model.dispose()
})

test('a training that diverges fails, and saves the model as it was before', async () => {
  const options = ['--cell', 'vanilla', '--activation', 'relu', '--optimizer', 'sgd', '--learning-rate', '100', '--clip', 'none', '--steps', '200', '--batch', '1']
  const { out, err, code } = await run(['train', 'cat.txt', ...options, '--out', 'far.safetensors'])
  assert.equal(code, 1)
  assert.match(err, /^unroll: the .* became .*\n$/)
  assert.match(out, /Saved iteration/)
  engine.loadModel(readFileSync(join(folder, 'far.safetensors'))).dispose()
})

test('what is typed wrongly is told in a sentence, with what may have been meant: exit code 2', async () => {
  await Promise.all([
    assertFails(2, ['trian', 'hello'], /"trian" \(did you mean train\?\)/),
    assertFails(2, ['train'], /TEXT is missing/),
    assertFails(2, ['generate'], /FILE is missing/),
    assertFails(2, ['train', 'hello', 'again'], /"again" is one argument too many/),
    assertFails(2, ['train', 'hello', '--hiden', '3'], /no option --hiden \(did you mean --hidden\?\)/),
    assertFails(2, ['train', 'hello', '--learningrate', '3'], /did you mean --learning-rate\?/),
    assertFails(2, ['train', 'hello', '--zzzzzz'], /no option --zzzzzz\n/),
    assertFails(2, ['train', 'hello', '--vocabulary', '9'], /no option --vocabulary/),
    assertFails(2, ['train', 'hello', '-x'], /no option -x/),
    assertFails(2, ['train', 'hello', '--hidden', 'many'], /--hidden is a number, not "many"/),
    assertFails(2, ['train', 'hello', '--hidden', ''], /--hidden is a number, not ""/),
    assertFails(2, ['train', 'hello', '--hidden', '2049'], /--hidden 2049 is outside 1 … 2048/),
    assertFails(2, ['train', 'hello', '--hidden', '2.5'], /--hidden 2\.5 is not a whole number/),
    assertFails(2, ['train', 'hello', '--iterations', '0'], /--iterations 0 is outside 1/),
    assertFails(2, ['train', 'hello', '--hidden', '--layers', '2'], /--hidden needs a value/),
    assertFails(2, ['train', 'hello', '--out'], /--out needs a value/),
    assertFails(2, ['train', 'hello', '--cell', 'ltsm'], /--cell is vanilla, lstm, gru, mingru or minlstm, not "ltsm" \(did you mean lstm\?\)/),
    assertFails(2, ['train', 'hello', '--carry=no'], /--carry takes no value/),
    assertFails(2, ['generate', hello, '--temperature', '0'], /--temperature 0 is outside/),
    assertFails(2, ['generate', hello, '--width', '3'], /--width is for --strategy beam, not sample/),
    assertFails(2, ['generate', hello, '--strategy', 'beam', '--top-p', '0.5'], /--top-p is for --strategy sample, not beam/),
    assertFails(2, ['evaluate', hello], /TEXT is missing/),
    assertFails(2, ['train', '--preset', 'helo'], /did you mean hello\?/),
    assertFails(2, ['help', 'everything'], /no command "everything"/),
  ])
})

test('what cannot be done is told in a sentence: exit code 1', async () => {
  writeFileSync(join(folder, 'empty.txt'), '')
  writeFileSync(join(folder, 'cut.safetensors'), readFileSync(hello).subarray(0, -4))
  writeFileSync(join(folder, 'damaged.safetensors'), readFileSync(hello).fill(0xff, 40, 50))
  const mute = engine.createModel({ vocabulary: 4, hidden: 3 })
  writeFileSync(join(folder, 'mute.safetensors'), mute.save())
  writeFileSync(join(folder, 'other.safetensors'), mute.save({ vocabulary: '["a","b"]' }))
  mute.dispose()
  await Promise.all([
    assertFails(1, ['train', 'hallo'], /no file hallo \(did you mean hello\?\)/),
    assertFails(1, ['train', 'nothing.txt'], /no file nothing\.txt\n/),
    assertFails(1, ['train', 'empty.txt'], /the text is empty/),
    assertFails(1, ['train', '-'], /at least 2 symbols.*has 1/, 'x'),
    assertFails(1, ['train', folder], /folder/),
    assertFails(1, ['train', 'hello', '--out', 'missing/folder.safetensors'], /missing/),
    assertFails(1, ['train', 'hello', '--out', folder], /cannot be saved there/),
    assertFails(1, ['train', 'hello', '--resume', 'nothing.safetensors'], /nothing\.safetensors: there is no such file/),
    assertFails(1, ['train', 'hello', '--hidden', '2048', '--batch', '1024', '--steps', '65536'], /no room for \d+ MiB/),
    assertFails(1, ['generate', 'nothing.safetensors'], /nothing\.safetensors: there is no such file/),
    assertFails(1, ['generate', 'cut.safetensors'], /cut\.safetensors: this is not a checkpoint/),
    assertFails(1, ['info', 'damaged.safetensors'], /damaged\.safetensors: this is not a checkpoint/),
    assertFails(1, ['info', program], /this is not a checkpoint/),
    assertFails(1, ['generate', 'mute.safetensors'], /without its letters/),
    assertFails(1, ['generate', 'other.safetensors'], /2 letters for a network of 4/),
    assertFails(1, ['generate', hello, '--prompt', 'hexé x'], /never read: "x" \(2\), "é" \(1\), " " \(1\)/),
  ])
  assert.ok(!existsSync(join(folder, 'missing')))
})

/** What a command tells machines. @param {string[]} args */
async function lines(args) {
  const { out, err, code } = await run([...args, '--json'])
  assert.deepEqual([code, err], [0, ''])
  const told = out.trim().split('\n').map((line) => JSON.parse(line))
  assert.deepEqual(told.map(({ done }) => done === true), told.map((_, i) => i === told.length - 1))
  return told
}

test('machines are told an object a line, the last with what came of it', async () => {
  const [trained, short, evaluated, searched] = await Promise.all([
    lines(['train', '--preset', 'hello']), lines(['train', 'cat.txt', '--iterations', '20', '--validation', '0.2', '--validation-every', '10']),
    lines(['evaluate', hello, 'hello']), lines(['generate', hello, '--strategy', 'beam', '--prompt', 'h', '--length', '4', '--best', '3']),
  ])
  const last = trained.at(-1)
  assert.deepEqual([last.preset, last.metrics.accuracy, last.iterations], ['hello', 1, trained.length - 1])
  assert.deepEqual(trained.at(-2), { iteration: last.iterations, ...last.metrics, text: 'hello' })
  assert.ok(last.seconds > 0 && last.metrics.loss < 0.06)
  assert.ok(short.at(-1).metrics.validationLoss > 0 && Math.abs(short.at(-1).metrics.bitsPerCharacter * Math.LN2 - short.at(-1).metrics.loss) < 1e-12)
  assert.ok(Math.abs(Math.log(evaluated[0].metrics.perplexity) - evaluated[0].metrics.loss) < 1e-12)
  const texts = searched.slice(0, -1)
  assert.equal(texts[0].text, 'hello')
  // What follows h, e, l, l is as likely as the whole word is: the mean loss on it times its four letters.
  assert.ok(Math.abs(texts[0].logProbability + 4 * evaluated[0].metrics.loss) < 1e-4)
  assert.ok(texts.length === 3 && texts.every(({ score }, i) => i === 0 || score <= texts[i - 1].score))
})

test('rules hold while a text is written piece by piece', async () => {
  const file = join(folder, 'cat.safetensors')
  await run(['train', 'cat.txt', '--iterations', '30', '--out', file])
  const model = engine.loadModel(readFileSync(file))
  const vocabulary = Vocabulary.fromJSON(model.extra.vocabulary)
  const { symbols: prompt } = vocabulary.encode('c')
  const wanted = vocabulary.decode(model.generate({ prompt, length: 700, topP: 0.9, minP: 0.02, temperature: 1.5, seed: 4, ban: vocabulary.encode('t').symbols }).symbols)
  const rules = ['--prompt', 'c', '--length', '700', '--top-p', '0.9', '--min-p', '0.02', '--temperature', '1.5', '--seed', '4', '--ban', 't']
  assert.equal((await run(['generate', file, ...rules])).out, `c${wanted}\n`)
  const stop = wanted.slice(300, 303)
  assert.equal((await run(['generate', file, ...rules, '--stop', stop])).out, `c${wanted.slice(0, wanted.indexOf(stop) + 3)}\n`)
  model.dispose()
})

test('a task is learned, told to people and machines, saved, and gone on with to the same bits', async () => {
  const small = ['train', '--task', 'copy', '--delay', '3', '--length=2', '--symbols', '4', '--hidden', '6', '--batch', '4']
  const [plain, told, whole] = await Promise.all([
    run([...small, '--iterations', '8', '--out', 'part.task']), lines([...small, '--iterations', '20', '--evaluate-every', '8']), run([...small, '--iterations', '20', '--out', 'whole.task']),
  ])
  assert.deepEqual([plain.code, plain.err, whole.code], [0, '', 0])
  assert.match(plain.out, /^copy: .* \(length 2, symbols 4, delay 3\)$/m)
  assert.match(plain.out, /^[a-d]{2}, and 3 steps later it says [a-d]{2}$/m)
  assert.equal([...plain.out.matchAll(/│ loss \d\.\d{4} {2}held out: accuracy \d\.\d+, precision/g)].length, 8)
  assert.deepEqual(told.map(({ iteration }) => iteration), [undefined, 8, 16, 20, undefined])
  assert.deepEqual(told[0], { task: 'copy', fields: { length: 2, symbols: 4, delay: 3 } })
  const { seconds, ...last } = told[4]
  assert.deepEqual(last, { done: true, preset: 'copy', task: 'copy', metrics: told[3].metrics, iterations: 20 })
  assert.ok(seconds > 0 && told[3].metrics.accuracy > 0 && told[3].loss > 0)
  const odd = engine.createModel({ vocabulary: 4, hidden: 3 })
  for (const [i, task] of ['{', 'null', '{"name":"copy"}', '{"name":"copy","fields":{"length":"2"}}'].entries()) {
    writeFileSync(join(folder, 'odd.task'), odd.save({ task }))
    await assertFails(1, i ? ['info', 'odd.task'] : ['train', '--task', 'copy', '--resume', 'odd.task'], /what the model says of its task cannot be read/)
  }
  odd.dispose()
  const resumed = await run(['train', '--task', 'copy', '--resume', 'part.task', '--iterations', '12', '--out', 'part.task'])
  assert.match(resumed.out, /^Going on after iteration 8\.$/m)
  assert.match((await run(['info', 'part.task'])).out, /^learned +copy, length 2, symbols 4, delay 3$/m)
  assert.ok(readFileSync(join(folder, 'part.task')).equals(readFileSync(join(folder, 'whole.task'))))
  await Promise.all([
    assertFails(2, ['train', '--task', 'copi'], /--task is language-model, .* not "copi" \(did you mean copy\?\)/),
    assertFails(2, ['train', '--task', 'copy', '--lag', '3'], /no option --lag/), assertFails(2, ['train', 'hello', '--delay', '3'], /no option --delay/),
    assertFails(2, ['train', '--task', 'copy', '--delay', '0'], /--delay 0 is outside 1 … 2000/), assertFails(1, ['train', '--task', 'copy', '--pool', 'last'], /pool last does not fit the task copy/),
    assertFails(2, ['train', 'hello', '--task', 'copy'], /"hello" is one argument too many: the task copy reads no text/), assertFails(2, ['train', '--task', 'copy', '--patience', '3'], /--patience is for a text/),
    assertFails(2, ['train', 'hello', '--data', 'x.csv'], /--data is for a --task/), assertFails(2, ['train', '--task', 'copy', '--resume', 'part.task', '--delay', '4'], /has delay 3, which only a new one/),
    assertFails(2, ['train', '--task', 'adding', '--resume', 'part.task'], /learned the task copy, not adding/), assertFails(1, ['train', '--task', 'copy', '--resume', hello], /not saved by a task/),
  ])
})

test('a task learns from a file, and tells which line of it is wrong', async () => {
  writeFileSync(join(folder, 'words.csv'), `word,kind\n${Array.from({ length: 40 }, (_, i) => `${i.toString(2)}${i % 2 ? 'x,odd' : 'y,even'}`).join('\n')}\n1x,even\n`)
  writeFileSync(join(folder, 'wrong.csv'), 'word,kind\na,x\nb\n')
  writeFileSync(join(folder, 'latin.csv'), Buffer.from('word,kind\n\xe9,x\n', 'latin1'))
  const [first, ...rest] = await lines(['train', '--task', 'names', '--data', 'words.csv', '--iterations', '40', '--hidden', '8', '--batch', '8'])
  assert.deepEqual(first.counts, { examples: 31, heldOut: 8, classes: 2, ambiguous: 1, repeated: 0, unknownLetters: 0 })
  assert.equal(rest.at(-1).metrics.accuracy, 1)
  await Promise.all([
    assertFails(1, ['train', '--task', 'names', '--data', 'wrong.csv'], /wrong\.csv: line 3 of the data has 1 columns, the header has 2/),
    assertFails(1, ['train', '--task', 'mackey-glass', '--data', 'words.csv'], /words\.csv: line 2 of the data has "0y" in the column word, where a number should be/),
    assertFails(1, ['train', '--task', 'names', '--data', 'latin.csv'], /latin\.csv: it is not UTF-8/), assertFails(1, ['train', '--task', 'names', '--data', 'none.csv'], /none\.csv: there is no such file/),
    assertFails(2, ['train', '--task', 'parity', '--data', 'words.csv'], /makes its sequences.*those that do are names and mackey-glass/),
  ])
})

test('the fields of tasks have names of their own, and help tells them', async () => {
  const { out } = await run(['help', 'train'])
  const groups = new Map(out.split('\n\n').map((part) => [part.slice(0, part.indexOf(':\n')), part]))
  const taken = new Set([...out.slice(0, out.indexOf('\ntask ')).matchAll(/^  --([a-z0-9-]+)/gm), ...[...groups].filter(([name]) => !name.startsWith('task ')).flatMap(([, part]) => [...part.matchAll(/^  --([a-z0-9-]+)/gm)])].map(([, name]) => name))
  assert.ok(taken.has('hidden') && taken.has('iterations'))
  for (const { name, fields } of Object.values(tasks)) {
    for (const field of fields) assert.ok(groups.get(`task ${name}`)?.includes(`  --${field.name} `) && !taken.has(field.name), `${name}: ${field.name}`)
  }
})

test('help names every command and every option, and fits 80 columns', async () => {
  const [overview, train, sample, flag] = await Promise.all([run(['help']), run(['help', 'train']), run(['generate', '--help']), run([])])
  for (const { code, err, out } of [overview, train, sample]) {
    assert.deepEqual([code, err], [0, ''])
    assert.deepEqual(out.split('\n').filter((line) => line.length > 80), [])
  }
  assert.equal(flag.out, overview.out)
  for (const command of ['train [TEXT]', 'generate FILE', 'evaluate FILE [TEXT]', 'info FILE', 'export FILE', 'import FILE', 'help']) assert.ok(overview.out.includes(command), command)
  for (const { name } of engine.fields) {
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    assert.equal(new RegExp(`^  ${option}\\b`, 'm').test(train.out), name !== 'vocabulary', option)
  }
  assert.ok(train.out.replace(/\s+/g, ' ').includes(field('hidden').help))
  for (const option of ['--out', '--resume', '--iterations', '--sample-every', '--validation', '--patience', '--carry, --no-carry']) assert.ok(train.out.includes(`  ${option}`), option)
  for (const option of ['--prompt', '--length', '--temperature', '--strategy', '--seed', '--top-p', '--width']) assert.ok(sample.out.includes(`  ${option}`), option)
})
