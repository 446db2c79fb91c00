/** What the tests of the engine share: the cells there are, made-up numbers, and a model's bits. */
import assert from 'node:assert/strict'
import { loadEngine, RnnError } from '../../build/unroll/unroll.js'

/** @typedef {import('../../build/unroll/unroll.js').Model} Model */
/** @typedef {import('../../build/unroll/types/fields.js').Config} Config */
/** @typedef {import('../../build/unroll/types/model.js').Batch} Batch */

export const engine = await loadEngine()

/** The same with encoders. */
export const encoders = await loadEngine({ seq2seq: true })

/** @param {string} name */
export function field(name) {
  const found = engine.fields.find((row) => row.name === name)
  assert.ok(found, `there is a field ${name}`)
  return found
}

/** What the forms of a cell differ in. @type {Record<string, string[]>} */
const FORMS = { vanilla: ['activation'], lstm: ['candidate', 'peephole'], gru: ['reset'] }

/** Each config with each value of a field. @param {Config[]} configs  @param {string} name */
const each = (configs, name) => configs.flatMap((config) => (field(name).kind === 'flag' ? [false, true] : field(name).choices).map((value) => ({ ...config, [name]: value })))

/** @param {Config} config */
function nameOf({ cell, ...forms }) {
  const told = Object.entries(forms).filter(([, value]) => value !== false).map(([name, value]) => value === true ? name : value)
  return told.length ? `${cell} (${told.join(', ')})` : String(cell)
}

/** Every cell in each of its forms: new rows of the tables are tested by themselves. @type {readonly { name: string, config: Config }[]} */
export const CELLS = field('cell').choices.flatMap((cell) => (FORMS[cell] ?? []).reduce(each, [{ cell }]).map((config) => ({ name: nameOf(config), config })))

/** A layer's parameters without "rnn." and its number, as PyTorch orders them. @param {Config} config @param {number} V @param {number} H @param {number} l */
export function parametersOf({ cell, peephole }, V, H, l) {
  const rows = { vanilla: 1, lstm: 4, gru: 3, mingru: 2, minlstm: 3 }[String(cell)] ?? NaN
  const recurs = !String(cell).startsWith('min')
  return [
    { name: 'weight_ih', shape: [rows * H, l ? H : V] }, ...recurs ? [{ name: 'weight_hh', shape: [rows * H, H] }] : [],
    { name: 'bias_ih', shape: [rows * H] }, ...recurs ? [{ name: 'bias_hh', shape: [rows * H] }] : [],
    ...peephole ? [{ name: 'weight_peephole', shape: [3 * H] }] : [],
  ]
}

/** Letters of a cell's gates as a trace names them, [''] where there is one only. @param {Model} model */
export function gatesOf(model) {
  const { names } = model.trace({ batch: 1, steps: 1, inputs: [0], targets: [0], fresh: true, ...(model.config.sourceSteps && { sourceSteps: 1, ...(model.config.sourceSize ? { sourceVectors: Array(Number(model.config.sourceSize)).fill(0) } : { sources: [0] }) }) })
  return names.flatMap((name) => /^a(?:_([a-z]))?_l0$/.exec(name)?.slice(1).map((gate) => gate ?? '') ?? [])
}

export const OPTIMIZERS = field('optimizer').choices

/** Numbers that look random, the same each time: from −1 to 1. @param {number} seed */
export function numbers(seed) {
  let state = seed * 2654435761 + 1 >>> 0
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 31 - 1
  }
}

/** @param {number} length  @param {number} vocabulary  @param {number} [seed] */
export function randomText(length, vocabulary, seed = 1) {
  const next = numbers(seed)
  return Uint8Array.from({ length }, () => Math.floor((next() + 1) / 2 * vocabulary))
}

/** Numbers in plain arrays. @param {number} B  @param {number} T  @param {number} vocabulary  @param {number} [seed] */
export function randomBatch(B, T, vocabulary, seed = 1) {
  return { batch: B, steps: T, inputs: [...randomText(B * T, vocabulary, seed)], targets: [...randomText(B * T, vocabulary, seed + 1)] }
}

/** All that a model is, as bytes: weights, optimizer, states, counters, generator. @param {Model} model */
export const bits = (model) => Buffer.from(model.save())

/** @param {Model} a  @param {Model} b  @param {string} [what] */
export function assertSameBits(a, b, what = 'the models') {
  assert.ok(bits(a).equals(bits(b)), `${what} differ`)
}

/**
 * @param {() => unknown} action
 * @param {string} code
 * @param {RegExp} [message]
 */
export function assertFails(action, code, message = /./) {
  assert.throws(action, (error) => {
    assert.ok(error instanceof RnnError, `not an RnnError: ${error}`)
    assert.equal(error.name, 'RnnError')
    assert.equal(error.code, code, error.message)
    assert.match(error.message, message)
    return true
  })
}

/** @param {number} actual  @param {number} expected  @param {number} tolerance  @param {string} what */
export function assertClose(actual, expected, tolerance, what) {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} is not ${expected} ± ${tolerance}`)
}
