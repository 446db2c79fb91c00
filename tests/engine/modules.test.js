/** The modules that are made from the core, and the modes that they give. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { createTrainer, loadEngine, supportedModes } from '../../build/unroll/unroll.js'
import { Engine } from '../../web/engine/engine.js'
import { Memory } from '../../web/engine/memory.js'
import { assertFails, CELLS, engine, randomText } from './helpers.js'

setFlagsFromString('--experimental-wasm-relaxed-simd') // Node 20 needs it

/** What this Node has: 18 lacks relaxed SIMD, and there fused falls back to strict. The browsers' tests have it anyway. */
const FASTEST = supportedModes().at(-1)
const FUSES = FASTEST === 'fused'
const ALL = ['rnn', 'rnn-fused', 'rnn-threads', 'rnn-fused-threads']
const LARGE = 'rnn-seq2seq'
const NAMES = ALL.filter((name) => FUSES || !name.includes('fused')) // that can be compiled here
/** @param {string} name */
const bytesOf = (name) => readFileSync(`build/unroll/${name}.wasm`)
/** @param {string} name */
const compile = (name) => new WebAssembly.Module(bytesOf(name))

/** One more instance of a module for threads. @param {WebAssembly.Module} module  @param {WebAssembly.Memory} memory */
function instantiate(module, memory) {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  return /** @type {import('../../web/engine/memory.js').Exports & { __stack_pointer: WebAssembly.Global<'i32'> }} */ (/** @type {unknown} */ ({ ...exports, memory }))
}

/** The first instance in a memory, which sets up what the others find. @param {WebAssembly.Module} module  @param {WebAssembly.Memory} memory */
function initialize(module, memory) {
  const first = instantiate(module, memory)
  first._initialize()
  return first
}

/** Of a module that has a memory of its own. @param {string} name */
function engineOf(name) {
  const { exports } = new WebAssembly.Instance(compile(name))
  const functions = /** @type {import('../../web/engine/memory.js').Exports} */ (/** @type {unknown} */ (exports))
  functions._initialize()
  return new Engine(new Memory(functions))
}

const newMemory = () => new WebAssembly.Memory({ initial: 16, maximum: 65536, shared: true })

/** A checkpoint of each cell, after some training. @param {Engine} engine */
const checkpoints = (engine) => CELLS.map(({ config }) => {
  const model = engine.createModel({ vocabulary: 29, hidden: 35, layers: 2, batch: 6, steps: 11, ...config })
  model.setText(randomText(2000, 29))
  model.train(20)
  const saved = Buffer.from(model.save())
  model.dispose()
  return saved
})

test('modules import nothing, or the memory that threads share, and export the same functions', () => {
  /** Without Emscripten's own. @param {string} name */
  const functions = (name) => WebAssembly.Module.exports(compile(name)).filter(({ kind }) => kind === 'function').map((one) => one.name)
    .filter((one) => !/^(stack|_)/.test(one)).sort()
  assert.ok(functions('rnn').includes('model_train'))
  for (const name of NAMES) {
    const shared = name.endsWith('threads')
    assert.deepEqual(WebAssembly.Module.imports(compile(name)), shared ? [{ module: 'env', name: 'memory', kind: 'memory' }] : [], name)
    assert.deepEqual(functions(name), functions('rnn'), name)
    assert.equal(WebAssembly.Module.exports(compile(name)).some(({ name, kind }) => name === '__stack_pointer' && kind === 'global'), shared)
  }
  assert.deepEqual(WebAssembly.Module.imports(compile(LARGE)), [])
  assert.deepEqual(functions(LARGE), [...functions('rnn'), 'stream_read_source'].sort())
})

test('no module is larger than 100 KB, but for the one with encoders', () => {
  for (const name of ALL) assert.ok(bytesOf(name).length <= 100_000, `${name}.wasm has ${bytesOf(name).length} bytes`)
  assert.ok(bytesOf(LARGE).length <= 125_000, `${LARGE}.wasm has ${bytesOf(LARGE).length} bytes`)
})

test('where there is no encoder, the module with encoders computes the same bits', async () => {
  const [plain, large] = [engineOf('rnn'), engineOf(LARGE)]
  assert.deepEqual([large.seq2seq, large.mode, plain.seq2seq], [true, 'strict', false])
  const expected = checkpoints(plain)
  checkpoints(large).forEach((file, i) => assert.ok(file.equals(expected[i]), CELLS[i].name))
})

test('only the fused modules hold fused instructions', () => {
  const instruction = Buffer.of(253, 133, 2) // f32x4.relaxed_madd
  for (const name of [...ALL, LARGE]) {
    let count = 0
    for (let at = 0; (at = bytesOf(name).indexOf(instruction, at) + 1);) count++
    assert.ok(name.includes('fused') ? count >= 18 : count === 0, `${name}.wasm has ${count}`) // at least the 8 + 8 + 2 of the tiles
  }
})

test('the modules for threads compute, in one instance, the checkpoints of the others to the last bit', async () => {
  for (const [alone, shared] of [['rnn', 'rnn-threads'], ...(FUSES ? [['rnn-fused', 'rnn-fused-threads']] : [])]) {
    const expected = checkpoints(engineOf(alone))
    const actual = checkpoints(new Engine(new Memory(initialize(compile(shared), newMemory()))))
    expected.forEach((checkpoint, i) => assert.ok(checkpoint.equals(actual[i]), `${shared}, ${CELLS[i].name}`))
  }
})

test('a second instance shares the memory as it finds it, with a stack of its own', () => {
  const module = compile('rnn-threads')
  const memory = newMemory()
  const first = initialize(module, memory)
  const engine = new Engine(new Memory(first))
  const [expected] = checkpoints(engine)
  const second = instantiate(module, memory)
  const stack = first.allocate(65536)
  second.__stack_pointer.value = stack + 65536
  assert.notEqual(first.__stack_pointer.value, second.__stack_pointer.value)
  assert.ok(checkpoints(engine)[0].equals(expected))
  // The second computes on a configuration of the first, in memory that the first has made grow.
  const config = first.config_new()
  const size = first.model_size(config)
  const block = first.allocate(size)
  assert.ok(memory.buffer.byteLength > 4e6)
  const model = second.model_init(block, config)
  assert.ok(second.parameter_count(model) > 0)
  assert.equal(second.parameter_count(model), first.parameter_count(model))
  assert.equal(second.__stack_pointer.value, stack + 65536)
  assert.ok(new Uint8Array(memory.buffer, stack, 65536).some((byte) => byte !== 0), 'it used no stack')
})

test('an engine is strict unless it is asked otherwise, and tells its mode', async () => {
  assert.equal(engine.mode, 'strict')
  assert.equal(FUSES, Number(process.versions.node.split('.')[0]) >= 20)
  assert.equal((await loadEngine({ mode: 'fused' })).mode, FASTEST)
  assert.equal((await loadEngine({ mode: 'strict' })).mode, 'strict')
  if (FUSES) assert.equal((await loadEngine({ wasm: bytesOf('rnn-fused') })).mode, 'fused')
  // @ts-expect-error
  await assert.rejects(loadEngine({ mode: 'quick' }), { code: 'invalid-config', message: /quick/ })
})

test('a trainer has the mode it was given', async () => {
  for (const mode of supportedModes()) {
    const trainer = await createTrainer({ mode })
    assert.equal((await trainer.start({ text: 'hello', config: { hidden: 3, batch: 1, steps: 4 } })).mode, mode)
    trainer.dispose()
  }
})

test('where there is no relaxed SIMD, fused falls back to strict', async (t) => {
  t.mock.method(WebAssembly, 'validate', () => false)
  assert.deepEqual(supportedModes(), ['strict'])
  assert.equal((await loadEngine({ mode: 'fused' })).mode, 'strict')
})

test('a checkpoint tells the arithmetic of all that it has learned', async () => {
  const fused = await loadEngine({ mode: 'fused' })
  const config = { vocabulary: 4, hidden: 3 }
  const [exact, fast] = [engine.createModel(config), fused.createModel(config)]
  assert.deepEqual([exact.arithmetic, fast.arithmetic], ['strict', FASTEST])
  assert.match(Buffer.from(exact.save()).toString('latin1'), /"arithmetic":"strict"/)
  const saved = fast.save({ note: 'é' })
  assert.ok(Buffer.from(saved).toString('latin1').includes(`"arithmetic":"${FASTEST}"`))
  assert.equal(fused.loadModel(exact.save()).arithmetic, FASTEST)
  assert.equal(engine.loadModel(exact.save()).arithmetic, 'strict')
  const back = engine.loadModel(saved) // trained on in strict mode, it still is not the same everywhere
  assert.deepEqual([back.arithmetic, back.extra], [FASTEST, { note: 'é' }])
  assert.deepEqual(back.save(), saved)
  assertFails(() => exact.save({ arithmetic: 'fused' }), 'bad-checkpoint', /arithmetic/)
})
