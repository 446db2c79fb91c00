/**
 * Weights from PyTorch and back: tests/golden/state_dict, whose files state_dict.py made from torch.nn models.
 */
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { assertFails, engine } from './helpers.js'
import { batchFor, makeNetwork, NETWORKS } from './networks.js'

/**
 * @typedef {import('./helpers.js').Config} Config
 * @typedef {{ config: Config, asked: Config, rename: Record<string, string>, inputs: number[][], targets: number[][], logits: number[][][], loss: number }} Case
 */

// Float32 against PyTorch's float64, relative to the norm; measured at most 1.4e-7 for logits, 1.1e-8 for losses.
const TOLERANCE = 3e-7

const FOLDER = new URL('../golden/state_dict/', import.meta.url)
const names = readdirSync(FOLDER).filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5))

/** @param {string} name @returns {{ bytes: Uint8Array, told: Case }} */
const read = (name) => ({
  bytes: Uint8Array.from(readFileSync(new URL(`${name}.safetensors`, FOLDER))),
  told: JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')),
})

/** @param {ArrayLike<number>} actual  @param {ArrayLike<number>} expected */
function distance(actual, expected) {
  assert.equal(actual.length, expected.length)
  return Math.hypot(...Array.from(actual, (number, i) => number - expected[i])) / Math.hypot(...Array.from(expected))
}

/** @param {Uint8Array} bytes */
function parts(bytes) {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  return { header: JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))), data: bytes.slice(8 + length) }
}

/** @param {Uint8Array} bytes  @param {(header: any, data: Uint8Array) => void} change */
function edited(bytes, change) {
  const { header, data } = parts(bytes)
  change(header, data)
  const text = new TextEncoder().encode(JSON.stringify(header))
  const file = new Uint8Array(8 + text.length + data.length)
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true)
  file.set(text, 8)
  file.set(data, 8 + text.length)
  return file
}

assert.ok(names.length >= 9)

for (const name of names) {
  const { bytes, told } = read(name)
  const [batch, steps] = [told.inputs.length, told.inputs[0].length]

  test(`${name}: a state_dict tells its model, which computes what PyTorch's did`, () => {
    const model = engine.importWeights(bytes, { ...told.asked, batch, steps }, { rename: told.rename })
    for (const [field, value] of Object.entries({ ...told.config, ...told.asked })) assert.equal(model.config[field], value, field)
    const window = { batch, steps, inputs: told.inputs.flat(), targets: told.targets.flat(), fresh: true }
    const { loss } = model.forward(window)
    assert.ok(Math.abs(loss - told.loss) <= TOLERANCE * told.loss, `loss ${loss} is not ${told.loss}`)
    const error = distance(model.trace(window).get('logits').data, told.logits.flat(2))
    assert.ok(error <= TOLERANCE, `logits differ by ${error}`)
    model.dispose()
  })

  test(`${name}: exported weights are the state_dict, number by number`, () => {
    const model = engine.importWeights(bytes, told.asked, { rename: told.rename })
    const written = model.exportWeights()
    const [mine, theirs] = [parts(written), parts(bytes)]
    const entries = Object.entries(theirs.header).filter(([key]) => key !== '__metadata__')
    if (entries.every(([, { dtype }]) => dtype === 'F32')) {
      assert.deepEqual(mine.header, theirs.header)
      assert.deepEqual(Object.keys(mine.header), Object.keys(theirs.header))
      assert.deepEqual(mine.data, theirs.data)
    } else {
      assert.deepEqual(new Float64Array(Float32Array.from(new Float32Array(mine.data.buffer))), new Float64Array(theirs.data.buffer))
    }
    const again = engine.importWeights(written, told.asked)
    assert.deepEqual(again.exportWeights(), written)
    for (const one of [model, again]) one.dispose()
  })
}

test('the weights of every network go out and come back', () => {
  for (const { name, config } of NETWORKS) {
    const model = makeNetwork(config)
    const again = engine.importWeights(model.exportWeights(), config)
    assert.deepEqual(again.config, model.config, name)
    const batch = batchFor(model.config, 3, 17, 5)
    assert.deepEqual(again.forward(batch), model.forward(batch), name)
    for (const one of [model, again]) one.dispose()
  }
})

test('imported weights train on, and a text continues from a checkpoint of them', () => {
  const { bytes } = read('lstm_tied')
  const model = engine.importWeights(bytes, { batch: 2, steps: 5, learningRate: 0.01 })
  model.setText(Uint8Array.from({ length: 61 }, (_, i) => i * i % 9))
  const before = model.train().loss
  const { loss } = model.train(150)
  assert.ok(loss < before / 2, `${before} fell to ${loss}`)
  const loaded = engine.loadModel(model.save())
  assert.deepEqual(loaded.exportWeights(), model.exportWeights())
  for (const one of [model, loaded]) one.dispose()
})

test('a tied state_dict may lack the output, as safetensors.torch.save_model writes it; what differs is not tied', () => {
  const { bytes } = read('lstm_tied')
  const whole = engine.importWeights(bytes)
  const { header, data } = parts(bytes)
  const [start, end] = header['output.weight'].data_offsets
  const lacking = edited(bytes, (header) => {
    delete header['output.weight']
    header['output.bias'].data_offsets = header['output.bias'].data_offsets.map((/** @type {number} */ offset) => offset - (end - start))
  })
  const cut = Uint8Array.from([...lacking.subarray(0, lacking.length - data.length), ...data.subarray(0, start), ...data.subarray(end)])
  const model = engine.importWeights(cut)
  assert.equal(model.config.tie, true)
  assert.deepEqual(model.exportWeights(), whole.exportWeights())
  const other = edited(bytes, (header, data) => { data[header['output.weight'].data_offsets[0]] ^= 1 })
  const untied = engine.importWeights(other)
  assert.equal(untied.config.tie, false)
  assertFails(() => engine.importWeights(other, { tie: true }), 'bad-checkpoint', /output\.weight is not embedding\.weight/)
  for (const one of [whole, model, untied]) one.dispose()
})

test('what cannot be is refused, with the tensor and its shape, and leaves no memory behind', () => {
  const { bytes } = read('gru_bidirectional')
  /** @type {[what: RegExp, change: (header: any, data: Uint8Array) => void][]} */
  const changes = [
    [/rnn\.weight_hh_l0 is missing; there are embedding\.weight/, (header) => { rename(header, 'rnn.weight_hh_l0', 'x') }],
    [/rnn\.bias_hh_l1_reverse \(15\) is missing/, (header) => { rename(header, 'rnn.bias_hh_l1_reverse', 'rnn.bias') }],
    [/rnn\.weight_ih_l1 is \(10 × 15\), the model's \(15 × 10\)/, (header) => { header['rnn.weight_ih_l1'].shape.reverse() }],
    [/rnn\.weight_hh_l0 \(25 × 3\) is of no known cell/, (header) => { header['rnn.weight_hh_l0'].shape = [25, 3] }],
    [/output\.weight \(70\) is not a matrix/, (header) => { header['output.weight'].shape = [70] }],
    [/rnn\.extra \(0\) is no tensor of this model/, (header) => { header['rnn.extra'] = { dtype: 'F32', shape: [0], data_offsets: [0, 0] } }],
    [/output\.bias has type BF16, not F32 or F64/, (header) => { header['output.bias'].dtype = 'BF16' }],
    [/output\.bias has no shape/, (header) => { header['output.bias'].shape = [-7] }],
    [/output\.bias has no data_offsets/, (header) => { header['output.bias'].data_offsets = [3] }],
    [/output\.bias has type undefined/, (header) => { header['output.bias'] = null }],
    [/output\.bias \(8\) lies at \d+ … \d+ of \d+ bytes/, (header) => { header['output.bias'].shape = [8] }],
    [/output\.bias holds NaN/, (header, data) => { new DataView(data.buffer).setFloat32(header['output.bias'].data_offsets[0], NaN, true) }],
    [/embedding\.weight begins at byte 0, and what is before it ends at 28/, (header) => { header['output.bias'].data_offsets = [0, 28] }],
  ]
  /** @param {any} header  @param {string} from  @param {string} to */
  function rename(header, from, to) {
    header[to] = header[from]
    delete header[from]
  }
  for (const [what, change] of changes) assertFails(() => engine.importWeights(edited(bytes, change)), 'bad-checkpoint', what)
  /** @type {Config[]} */
  const asked = [{ hidden: 6 }, { layers: 3 }, { cell: 'lstm' }, { bidirectional: false }, { inputSize: 5 }, { vocabulary: 8 }, { input: 'one-hot' }]
  for (const wrong of asked) {
    const [[field, value]] = Object.entries(wrong)
    assertFails(() => engine.importWeights(bytes, wrong), 'bad-checkpoint', field === 'cell' ? /is \(15 × 9\), the model's \(20 × 9\)/ : new RegExp(`its ${field} is .*, not ${value}`))
  }
  assertFails(() => engine.importWeights(bytes, {}, { rename: { 'rnn.': 'output.', 'output.': 'output.' } }), 'bad-checkpoint', /rnn\.weight_hh_l0 is missing/)
  assertFails(() => engine.importWeights(bytes, {}, { rename: { 'rnn.bias_ih': 'rnn.bias', 'rnn.bias_hh': 'rnn.bias' } }), 'bad-checkpoint', /two tensors would be named rnn\.bias_l0/)
  assertFails(() => engine.importWeights(engine.createModel({ batch: 1 }).save()), 'bad-checkpoint', /optimizer\.exp_avg\..* is no tensor of this model/)
  for (const length of [0, 7, 8, 100, bytes.length - 1]) assertFails(() => engine.importWeights(bytes.slice(0, length)), 'bad-checkpoint')
  assertFails(() => engine.importWeights(Uint8Array.from([...bytes, 0])), 'bad-checkpoint', /fill \d+ of \d+ bytes/)
  // Each asks for 200 MB before it fails: together more than there can be.
  const large = edited(bytes, (header) => { rename(header, 'output.bias', 'bias') })
  assert.ok(engine.modelSize({ input: 'embedding', inputSize: 9, hidden: 5, cell: 'gru', bidirectional: true, layers: 2, vocabulary: 7, batch: 64, steps: 4096 }) > 2e8)
  for (let i = 0; i < 40; i++) assertFails(() => engine.importWeights(large, { batch: 64, steps: 4096 }), 'bad-checkpoint', /output\.bias \(7\) is missing/)
})
