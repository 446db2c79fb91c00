/**
 * The engine, in float32, against PyTorch in float64: tests/golden, where generate.py says how its files were made.
 */
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { loadEngine } from '../../build/unroll/unroll.js'

/** @typedef {Map<string, number[]>} Records */
/** @typedef {Record<string, string | number | boolean>} Config */

// Relative to the norm of what is compared. Measured at most: 6.0e-7 for a gradient (PyTorch's own float32: 4.1e-7),
// 1.7e-7 for logits and states, 3.6e-7 for the losses of 20 updates (PyTorch's own: 4.1e-7). Rounding grows with
// further updates: within 100, PyTorch's float32 parts from its float64 by up to 3 %. The engine computes the same
// bits on every machine, so little room is needed.
const WINDOW_ERROR = 1e-6
const TRAJECTORY_ERROR = 1e-6

const FOLDER = new URL('../golden/', import.meta.url)
const BATCHES = 3
const UPDATES = 20

const engine = await loadEngine()

/** @param {string} file @returns {Records} */
function read(file) {
  const lines = readFileSync(new URL(file, FOLDER), 'utf8').trimEnd().split('\n')
  return new Map(lines.map((line) => {
    const [name, count, ...values] = line.split(' ')
    assert.equal(values.length, Number(count), `${file}: ${name}`)
    return [name, values.map(Number)]
  }))
}

/** @param {Records} records @param {string} name */
function get(records, name) {
  const values = records.get(name)
  assert(values, `there is a record ${name}`)
  return values
}

/** The fields under a prefix, by the engine's names and choices. @param {Records} records @param {string} prefix @returns {Config} */
function fields(records, prefix) {
  const found = engine.fields.flatMap(({ name, choices }) => {
    const record = records.get(prefix + name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    return record ? [[name, choices.length ? choices[record[0]] : record[0]]] : []
  })
  return Object.fromEntries(found)
}

/** @param {Records} records @param {string} [trajectory] */
function createModel(records, trajectory) {
  const model = engine.createModel({ ...fields(records, 'config.'), ...(trajectory && fields(records, `${trajectory}.config.`)) })
  for (const { name } of model.parameters) model.setParameter(name, get(records, `parameter.${name}`))
  return model
}

/** @param {Records} records @param {number} index */
function batch(records, index) {
  const [[batch], [steps]] = ['batch', 'steps'].map((name) => get(records, `config.${name}`))
  const [inputs, targets] = ['inputs', 'targets'].map((name) => get(records, name).slice(index * batch * steps, (index + 1) * batch * steps))
  return { batch, steps, inputs, targets }
}

/** ‖a − b‖ ≤ limit · ‖b‖, where b is not all zero. @param {string} name @param {ArrayLike<number>} a @param {number[]} b @param {number} limit */
function assertNear(name, a, b, limit) {
  assert.equal(a.length, b.length, name)
  const error = Math.hypot(...b.map((value, i) => a[i] - value)) / Math.hypot(...b)
  assert(error <= limit, `${name} is off by ${error.toExponential(1)}, allowed are ${limit}`)
}

const files = readdirSync(FOLDER).filter((file) => file.endsWith('.txt'))
assert(files.length > 0, 'there are golden files')

for (const file of files) {
  const records = read(file)
  const cell = file.replace('.txt', '')

  test(`${cell}: loss, logits and states are PyTorch's`, () => {
    const model = createModel(records)
    assertNear('loss', [model.forward(batch(records, 0)).loss], get(records, 'loss'), WINDOW_ERROR)
    const trace = model.trace(batch(records, 0))
    const names = [...records.keys()].filter((name) => /^(logits|[hc]_l\d)$/.test(name))
    assert(names.includes('logits') && names.includes('h_l0'))
    for (const name of names) assertNear(name, trace.get(name).data, get(records, name), WINDOW_ERROR)
    model.dispose()
  })

  test(`${cell}: every gradient is PyTorch's`, () => {
    const model = createModel(records)
    const { gradientNorm } = model.backward(batch(records, 0))
    for (const { name } of model.parameters) {
      const gradient = model.getGradient(name)
      assert(gradient.some((value) => Math.abs(value) > 1e-6), `${name} is not zero`)
      assertNear(name, gradient, get(records, `gradient.${name}`), WINDOW_ERROR)
    }
    assertNear('gradient norm', [gradientNorm], get(records, 'gradient_norm'), WINDOW_ERROR)
    model.dispose()
  })

  const trajectories = [...records.keys()].filter((name) => name.endsWith('.losses')).map((name) => name.replace('.losses', ''))
  assert(trajectories.length >= 5, `${cell} has its trajectories`)
  for (const trajectory of trajectories) {
    test(`${cell}: ${UPDATES} updates by ${trajectory} are PyTorch's`, () => {
      const model = createModel(records, trajectory)
      const losses = get(records, `${trajectory}.losses`)
      for (let i = 0; i < UPDATES; i++) {
        assertNear(`loss ${i}`, [model.step(batch(records, i % BATCHES)).loss], [losses[i]], TRAJECTORY_ERROR)
      }
      model.dispose()
    })
  }
}
