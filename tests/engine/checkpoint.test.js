/** Saving and loading: exact resume, and files that are not what they seem. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RnnError } from '../../build/unroll/unroll.js'
import { assertFails, assertSameBits, bits, CELLS, engine, OPTIMIZERS, randomBatch, randomText } from './helpers.js'

/** @typedef {{ dtype: string, shape: number[], data_offsets: number[] }} Entry */
/** @typedef {{ __metadata__: Record<string, string> } & Record<string, Entry>} Header */

const SIZE = { vocabulary: 6, hidden: 5, batch: 3, steps: 4 }

/** @param {Uint8Array} bytes */
function headerOf(bytes) {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length))
  return { length, text, header: /** @type {Header} */ (JSON.parse(text)), data: bytes.slice(8 + length) }
}

/** @param {Header} header */
const tensorsOf = (header) => /** @type {[name: string, entry: Entry][]} */ (Object.entries(header).filter(([name]) => name !== '__metadata__'))

/** A file of a header and data. @param {string | Uint8Array} header  @param {Uint8Array} data  @param {bigint} [length] */
function fileOf(header, data, length) {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header
  const file = new Uint8Array(8 + text.length + data.length)
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(text.length), true)
  file.set(text, 8)
  file.set(data, 8 + text.length)
  return file
}

/** @param {Uint8Array} bytes  @param {(header: Header, data: Uint8Array) => void | Uint8Array} change */
function edited(bytes, change) {
  const { header, data } = headerOf(bytes)
  const other = change(header, data)
  return fileOf(JSON.stringify(header), other ?? data)
}

function small(config = {}) {
  const model = engine.createModel({ vocabulary: 4, hidden: 3, batch: 1, steps: 4, cell: 'vanilla', ...config })
  model.setText(Uint8Array.of(0, 1, 2, 2, 3))
  model.train(3)
  return model
}

for (const { name, config } of CELLS) {
  test(`resuming ${name} from a checkpoint continues bit for bit, with each optimizer`, () => {
    for (const optimizer of OPTIMIZERS) {
      for (const carry of [true, false]) {
        const text = randomText(103, 6) // with symbols left over, so that offsets are drawn
        const model = engine.createModel({ ...SIZE, ...config, optimizer, carry, momentum: 0.7, layers: 2, learningRate: 0.02 })
        model.setText(text)
        model.train(13)
        model.configure({ learningRate: 0.03 })
        const saved = model.save()
        const loaded = engine.loadModel(saved)
        assert.ok(bits(loaded).equals(saved), `${optimizer}: saved again, it is the same file`)
        assert.deepEqual(loaded.config, model.config)
        assert.equal(loaded.config.learningRate, 0.03)
        loaded.setText(text)
        assert.deepEqual(loaded.train(25), model.train(25), `${optimizer}, carry ${carry}`)
        assertSameBits(loaded, model, `${optimizer}, carry ${carry}: the models`)
        assert.ok(!bits(loaded).equals(saved))
        model.dispose()
        loaded.dispose()
      }
    }
  })
}

test('another text after loading is read from its beginning, from zero state', () => {
  const model = engine.createModel({ ...SIZE, learningRate: 0 })
  model.setText(randomText(103, 6))
  model.train(3)
  const loaded = engine.loadModel(model.save())
  const fresh = engine.loadModel(model.save())
  fresh.resetState()
  const other = randomText(103, 6, 7)
  loaded.setText(other)
  fresh.setText(other)
  assert.equal(loaded.train().loss, fresh.train().loss)
  assert.equal(loaded.iteration, 4)
  for (const one of [model, loaded, fresh]) one.dispose()
})

test('a checkpoint is safetensors with the names and numbers of the parameters', () => {
  const model = engine.createModel({ ...SIZE, cell: 'lstm', optimizer: 'adam' })
  model.step(randomBatch(3, 4, 6))
  const bytes = model.save()
  const { header, data, length } = headerOf(bytes)
  assert.equal(length % 8, 0)
  const view = new DataView(data.buffer, data.byteOffset)
  for (const { name, shape } of model.parameters) {
    const { dtype, shape: told, data_offsets: [from, to] } = header[name]
    assert.deepEqual([dtype, told], ['F32', shape])
    assert.deepEqual(Float32Array.from({ length: (to - from) / 4 }, (_, i) => view.getFloat32(from + 4 * i, true)), model.getParameter(name))
    for (const slot of ['exp_avg', 'exp_avg_sq']) assert.deepEqual(header[`optimizer.${slot}.${name}`].shape, shape)
  }
  assert.deepEqual(header['state.h_l0'].shape, [3, 5])
  assert.deepEqual(header['state.c_l0'].shape, [3, 5])
  assert.equal(Object.keys(header).length, 1 + 3 * model.parameters.length + 2)
  const ends = tensorsOf(header).map(([, { data_offsets: [, end] }]) => end)
  assert.equal(Math.max(...ends), data.length)
  model.dispose()
})

test("the caller's strings come back, whatever is in them", () => {
  const extra = { note: 'ends with \\ and "quotes"', empty: '', 'ключ 😀': '\u0000\n\u2028 é 😀 \ud800', '"': '}],{', vocabulary: '["h","é"]', __proto__x: 'y' }
  const model = small()
  const loaded = engine.loadModel(model.save(extra))
  assert.deepEqual({ ...loaded.extra }, extra)
  assert.deepEqual({ ...engine.loadModel(loaded.save()).extra }, extra, 'kept when saved again')
  assert.deepEqual(engine.loadModel(loaded.save({})).extra, {})
  for (const name of ['format', 'version', 'iteration', 'config.hidden', 'text.hash', 'random']) {
    assertFails(() => model.save({ [name]: 'x' }), 'bad-checkpoint', new RegExp(`"${name}"`))
  }
  assertFails(() => model.save(/** @type {any} */ ({ number: 3 })), 'bad-checkpoint', /"number"/)
  assertFails(() => model.save({ long: 'x'.repeat(2 ** 20) }), 'bad-checkpoint', /1 MiB/)
  const long = { long: 'x'.repeat(2 ** 20 - 5000) }
  assert.deepEqual(engine.loadModel(model.save(long)).extra, long)
  model.dispose()
  loaded.dispose()
})

// ---- Files that are damaged

const bystander = small()
const unharmed = bits(bystander)

/**
 * Loading fails with bad-checkpoint and leaves other models alone.
 * @param {string} what
 * @param {Uint8Array} bytes
 */
function assertRefused(what, bytes) {
  try {
    engine.loadModel(bytes)
  } catch (error) {
    assert.ok(error instanceof RnnError, `${what}: ${error}`)
    assert.equal(error.code, 'bad-checkpoint', `${what}: ${error.message}`)
    assert.match(error.message, /^this is not a checkpoint that can be read: \S/, what)
    return
  }
  assert.fail(`${what}: was loaded`)
}

const saved = (() => {
  const model = small({ optimizer: 'adam' })
  return model.save({ note: 'kept' })
})()

test('a file cut anywhere is refused, and so is one with more at its end', () => {
  assert.equal(engine.loadModel(saved).iteration, 3)
  for (let length = 0; length < saved.length; length++) assertRefused(`${length} bytes`, saved.slice(0, length))
  for (const more of [1, 3, 4, 8, 4096]) assertRefused(`${more} more`, Uint8Array.from([...saved, ...new Uint8Array(more)]))
})

test('a flipped bit in the header is refused, unless it is inside a value, which then is another value', () => {
  const { length, text } = headerOf(saved)
  /** Which bytes are inside strings that may differ: values of the metadata and the caller's name. @type {boolean[]} */
  const free = new Array(length).fill(false)
  const end = text.indexOf('}')
  for (const match of text.slice(0, end).matchAll(/(?<=:")[^"]*(?=")|note/g)) free.fill(true, match.index, match.index + match[0].length)
  assert.ok(free.filter(Boolean).length > 100 && free.filter((one) => !one).length > 1000)
  let loads = 0
  for (let at = 0; at < 8 + length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const bytes = saved.slice()
      bytes[at] ^= 1 << bit
      const what = `bit ${bit} of byte ${at} (${text.slice(Math.max(0, at - 20), at + 12)})`
      if (!free[at - 8]) {
        assertRefused(what, bytes)
        continue
      }
      try {
        const model = engine.loadModel(bytes)
        assert.ok(model.save().length > 1000)
        model.dispose()
        loads++
      } catch (error) {
        assert.ok(error instanceof RnnError && error.code === 'bad-checkpoint', `${what}: ${error}`)
      }
    }
  }
  assert.ok(loads > 50, `${loads} still make sense`)
  assert.ok(bits(bystander).equals(unharmed))
})

test('bytes that are no checkpoint at all are refused', () => {
  const none = new Uint8Array(0)
  for (const header of ['', '{', '{}', 'null', '[]', '"', '{"__metadata__":{}}', '{"__metadata__":{"format":"unroll"', '{"a":1}', '['.repeat(100000), '{"__metadata__":'.repeat(5000), ' '.repeat(2 ** 20), '\u0000'.repeat(64)]) {
    assertRefused(header.slice(0, 40), fileOf(header, none))
  }
  for (let seed = 1; seed < 200; seed++) assertRefused(`noise ${seed}`, randomText(seed * 7, 256, seed))
  assertRefused('text', new TextEncoder().encode('Call me Ishmael. '.repeat(100)))
})

test('lengths that are too great for the file, or for 32 bits, are refused', () => {
  const { text, data, length } = headerOf(saved)
  for (const wrong of [0n, 1n, BigInt(length - 8), BigInt(length + 8), BigInt(saved.length), 2n ** 20n, 2n ** 20n + 8n, 2n ** 31n, 2n ** 32n, 2n ** 32n + BigInt(length), 2n ** 53n, 2n ** 63n + BigInt(length), 2n ** 64n - 8n, 2n ** 64n - 1n]) {
    assertRefused(`a header of ${wrong}`, fileOf(text, data, wrong))
  }
  for (const by of [2 ** 32, 2 ** 52, 2 ** 53, 1e20]) {
    for (const which of [[0], [1], [0, 1]]) {
      assertRefused(`offsets ${which} greater by ${by}`, edited(saved, (header) => which.forEach((i) => { header['output.bias'].data_offsets[i] += by })))
    }
    assertRefused(`a shape greater by ${by}`, edited(saved, (header) => { header['output.bias'].shape[0] += by }))
  }
})

test('headers whose tensors are not those of the model are refused', () => {
  /** @type {Record<string, (header: Header) => void>} */
  const changes = {
    'another shape': (header) => { header['rnn.weight_ih_l0'].shape = [4, 3] },
    'a flat shape': (header) => { header['rnn.weight_ih_l0'].shape = [12] },
    'a third dimension': (header) => { header['rnn.weight_ih_l0'].shape = [3, 4, 1] },
    'no dimension': (header) => { header['output.bias'].shape = [] },
    'a second dimension': (header) => { header['output.bias'].shape = [4, 1] },
    'a shape that is not whole': (header) => { header['output.bias'].shape = [4.5] },
    'a negative shape': (header) => { header['output.bias'].shape = [-4] },
    'another type': (header) => { header['output.bias'].dtype = 'F64' },
    'a missing parameter': (header) => { delete header['output.bias'] },
    'a missing slot': (header) => { delete header['optimizer.exp_avg.output.bias'] },
    'a missing state': (header) => { delete header['state.h_l0'] },
    'an unknown tensor': (header) => { header['output.extra'] = { dtype: 'F32', shape: [0], data_offsets: [0, 0] } },
    'a tensor of another optimizer': (header) => { header['optimizer.sum.output.bias'] = header['optimizer.exp_avg.output.bias']; delete header['optimizer.exp_avg.output.bias'] },
    'a tensor of another layer': (header) => { header['rnn.weight_ih_l1'] = header['rnn.weight_hh_l0'] },
    'no offsets': (header) => { Reflect.deleteProperty(header['output.bias'], 'data_offsets') },
    'no type': (header) => { Reflect.deleteProperty(header['output.bias'], 'dtype') },
    'offsets the wrong way round': (header) => { header['output.bias'].data_offsets.reverse() },
    'one offset': (header) => { header['output.bias'].data_offsets.pop() },
    'three offsets': (header) => { header['output.bias'].data_offsets.push(0) },
    'offsets too near': (header) => { header['output.bias'].data_offsets[1] -= 4 },
    'offsets outside': (header) => { header['output.bias'].data_offsets = [saved.length, saved.length + 16] },
    'overlapping tensors': (header) => { header['rnn.bias_ih_l0'].data_offsets = header['rnn.bias_hh_l0'].data_offsets },
    'tensors that overlap in part': (header) => { header['output.bias'].data_offsets = header['output.bias'].data_offsets.map((offset) => offset - 4) },
    'an unknown key': (header) => { Reflect.set(header['output.bias'], 'strides', [1]) },
    'a tensor that is a number': (header) => { Reflect.set(header, 'output.bias', 3) },
    'a tensor that is a list': (header) => { Reflect.set(header, 'output.bias', []) },
    'no metadata': (header) => { Reflect.deleteProperty(header, '__metadata__') },
    'metadata that is a string': (header) => { Reflect.set(header, '__metadata__', 'x') },
    'metadata with a number': (header) => { Reflect.set(header.__metadata__, 'note', 3) },
    'metadata with an object': (header) => { Reflect.set(header.__metadata__, 'note', {}) },
  }
  for (const [what, change] of Object.entries(changes)) assertRefused(what, edited(saved, change))
  const { text, data } = headerOf(saved)
  const bias = /"output\.bias":\{.*?\}/.exec(text)?.[0]
  assertRefused('a tensor twice', fileOf(text.replace(/\}\s*$/, `,${bias}}`), data))
  assertRefused('a key of a tensor twice', fileOf(text.replace('"dtype":"F32"', '"dtype":"F32","dtype":"F32"'), data))
  assertRefused('metadata twice', fileOf(text.replace(/\}\s*$/, ',"__metadata__":{}}'), data))
  assertRefused('more after the end', fileOf(`${text}{}`, data))
  assertRefused('a comma too many', fileOf(text.replace(/\}\s*$/, ',}'), data))
  assertRefused('a gap in the data', edited(saved, (header, data) => {
    header['state.h_l0'].data_offsets = header['state.h_l0'].data_offsets.map((offset) => offset + 8)
    return Uint8Array.from([...data, ...new Uint8Array(8)])
  }))
  const reordered = edited(saved, (header, data) => {
    // Tensors may lie in another order in the file: two of the same size change places.
    const [a, b] = [header['rnn.bias_ih_l0'], header['rnn.bias_hh_l0']]
    const [first, second] = [data.slice(...a.data_offsets), data.slice(...b.data_offsets)]
    data.set(second, a.data_offsets[0])
    data.set(first, b.data_offsets[0])
    ;[a.data_offsets, b.data_offsets] = [b.data_offsets, a.data_offsets]
  })
  assert.deepEqual(engine.loadModel(reordered).getParameter('rnn.bias_ih_l0'), engine.loadModel(saved).getParameter('rnn.bias_ih_l0'))
  assert.ok(bits(bystander).equals(unharmed))
})

test('metadata that cannot be is refused', () => {
  /** @type {[name: string, value: string][]} */
  const wrong = [
    ['format', 'pt'], ['version', '2'], ['version', ''], ['iteration', '-1'], ['iteration', '1.5'], ['iteration', '1e3'], ['iteration', ''], ['iteration', '01'],
    ['iteration', '18446744073709551616'], ['symbols', 'x'], ['random', '0'.repeat(32)], ['random', '1'], ['random', 'g'.repeat(32)], ['random', '1'.repeat(33)],
    ['text.length', '-5'], ['text.hash', 'xyz'], ['text.position', '9007199254740993'],
    ...engine.fields.flatMap(({ name, kind, maximum }) => {
      const key = `config.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`
      return ['', 'x', '1x', '-11', 'nan', 'inf', '0x1', ' 1', '1e999', String(maximum + 1), ...(kind === 'real' ? [] : ['0.5'])].map((value) => /** @type {[string, string]} */ ([key, value]))
    }),
  ]
  for (const [name, value] of wrong) {
    assertRefused(`${name} "${value}"`, edited(saved, ({ __metadata__ }) => {
      assert.ok(name in __metadata__, name)
      __metadata__[name] = value
    }))
  }
  for (const name of Object.keys(headerOf(saved).header.__metadata__).filter((name) => name !== 'note')) {
    assertRefused(`no ${name}`, edited(saved, ({ __metadata__ }) => { delete __metadata__[name] }))
    assertRefused(`${name} twice`, fileOf(headerOf(saved).text.replace('"note":"kept"', `"${name}":"1"`), headerOf(saved).data))
  }
  const { text, data } = headerOf(saved)
  const bytes = new TextEncoder().encode(text)
  bytes[text.indexOf('kept')] = 0xff
  assertRefused('a string that is not UTF-8', fileOf(bytes, data))
  assertRefused('a raw line end in a string', fileOf(text.replace('kept', 'ke\nt'), data))
  assertRefused('an escape that is none', fileOf(text.replace('kept', 'k\\xt'), data))
  assert.ok(bits(bystander).equals(unharmed))
})

test('numbers that are not finite are refused, in every tensor', () => {
  for (const [name, { data_offsets: [from, to] }] of tensorsOf(headerOf(saved).header)) {
    for (const wrong of [NaN, Infinity, -Infinity]) {
      for (const at of [from, to - 4]) {
        assertRefused(`${wrong} in ${name}`, edited(saved, (_, data) => { new DataView(data.buffer).setFloat32(at, wrong, true) }))
      }
    }
  }
})

test('a position in the text that cannot be is not believed', () => {
  for (const position of ['4', '100', '4294967296', '9007199254740991']) {
    const model = engine.loadModel(edited(saved, ({ __metadata__ }) => { __metadata__['text.position'] = position }))
    model.setText(Uint8Array.of(0, 1, 2, 2, 3))
    assert.ok(model.train(3).loss > 0)
    model.dispose()
  }
})

test('refused files leave no memory behind', () => {
  // A small file that asks for a large model: 40 of them together are more than the 4 GiB there can be.
  const large = small({ batch: 4, hidden: 64, steps: 65536 })
  assert.ok(engine.modelSize(large.config) > 2 ** 27, String(engine.modelSize(large.config)))
  const bytes = large.save({ note: 'kept' })
  large.dispose()
  const { text, data } = headerOf(bytes)
  const header = new TextEncoder().encode(text)
  header[text.indexOf('kept')] = 0xff
  for (let i = 0; i < 40; i++) assertRefused('not UTF-8', fileOf(header, data))
  for (let i = 0; i < 40; i++) assertRefused('cut', bytes.subarray(0, bytes.length - 4))
  engine.loadModel(bytes).dispose()
})
