/** Links that hold a run: what is written is read again, and nothing else is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTrainer } from '../../build/unroll/unroll.js'
import { fingerprintOf } from '../../web/engine/fingerprint.js'
import { differences, readLink, SHORT, writeLink } from '../../web/page/link.js'
import { nextOf, replay, withoutFirst } from '../../web/page/repeat.js'
import { presetFor, presets } from '../../web/presets.js'
import { engine } from './helpers.js'

/** @typedef {import('../../web/page/types.js').Field} Field */

const fields = /** @type {readonly Field[]} */ (engine.fields)
const SEEDS = 500
const LETTERS = [...'ab&=#+% é😀\n:"<']

/** mulberry32: independent of the engine's own. @param {number} seed */
const randomFrom = (seed) => () => {
  seed = (seed + 0x6D2B79F5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), seed | 1)
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

/** @param {Field} field @param {() => number} random */
function anyValue(field, random) {
  if (field.kind === 'flag') return random() < 0.5
  if (field.kind === 'choice') return field.choices?.[Math.floor(random() * field.choices.length)] ?? field.default
  const value = field.minimum + (field.maximum - field.minimum) * random() ** 4
  return field.kind === 'integer' ? Math.round(value) : value
}

test('any configuration comes back from a link as it was, with its text, changes and round', () => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const random = randomFrom(seed)
    const names = Object.keys(presets)
    const preset = names[Math.floor(random() * names.length)]
    const text = preset === 'own' ? Array.from({ length: 2 + Math.floor(random() * 60) }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join('') : presets[preset].text ?? ''
    const base = preset === 'own' ? presetFor(text).config : presets[preset].config
    /** @type {Record<string, string | number | boolean>} */
    const config = { ...Object.fromEntries(fields.map((field) => [field.name, field.default])), ...base }
    for (const field of fields) if (random() < 0.2 && !['task', 'vocabulary'].includes(field.name)) config[field.name] = anyValue(field, random)
    const link = {
      preset, ...(preset === 'own' && { text }), config: differences(config, base, fields),
      sampling: random() < 0.5 ? {} : { temperature: random() * 2, seed: Math.floor(random() * 1000), ...(random() < 0.5 && { topK: 3, minP: random(), typicalP: 0.5 }) },
      changes: random() < 0.5 ? [] : [{ iteration: 3, name: 'learningRate', value: random() }, { iteration: 4, name: 'radius.1.i', value: random() * 3 }, { iteration: 5, name: 'radius.0', value: 'learned' }, { iteration: 7, name: 'rnn.weight_hh_l0', index: 5, value: random() - 0.5 }],
      ...(random() < 0.5 && { round: { iteration: Math.floor(random() * 1e6), loss: random() * 5, weights: fingerprintOf(text) } }),
    }
    const hash = writeLink(link)
    assert.equal(new URL(hash, 'https://example.org/').hash, hash, 'an address keeps it as it is')
    const read = readLink(hash, fields)
    assert.deepEqual(read, link)
    assert.deepEqual({ ...Object.fromEntries(fields.map((field) => [field.name, field.default])), ...base, ...read.config }, config)
  }
})

test('a link is short: it says only what is not as usual', () => {
  const config = { ...Object.fromEntries(fields.map((field) => [field.name, field.default])), ...presets.hello.config, hidden: 5 }
  assert.equal(writeLink({ preset: 'hello', config: differences(config, presets.hello.config, fields), sampling: {}, changes: [] }), '#v=1&preset=hello&hidden=5')
})

test('what is no link of this page is refused, each with what is wrong', () => {
  for (const [hash, why] of /** @type {[string, RegExp][]} */ ([
    ['#nonsense', /does not say/], ['#v=2&preset=hello', /version 2/], ['#v=1&preset=goodbye', /no preset “goodbye”/], ['#v=1&preset=constructor', /no preset/], ['#v=1', /no preset/],
    ['#v=1&preset=own', /no preset “own”/], ['#v=1&preset=hello&hidden=99999', /hidden goes from/], ['#v=1&preset=hello&hidden=three', /hidden needs a number/],
    ['#v=1&preset=hello&hidden=2.5', /whole/], ['#v=1&preset=hello&hidden=', /hidden needs a number/], ['#v=1&preset=hello&cell=brain', /cell is “brain”/], ['#v=1&preset=hello&carry=yes', /carry is “yes”/],
    ['#v=1&preset=hello&hidden=3&hidden=4', /hidden twice/], ['#v=1&preset=hello&__proto__=1', /no setting/], ['#v=1&preset=hello&vocabulary=9', /no setting/],
    [`#v=1&text=${'x'.repeat(SHORT + 1)}`, /too long/], ['#v=1&text=x', /too short/], ['#v=1&preset=hello&round=1e99:1:abc', /round is/], ['#v=1&preset=hello&round=5:NaN:abc', /loss is/],
    ['#v=1&preset=hello&round=5:1:<b>', /fingerprint is/], ['#v=1&preset=hello&at=5:hidden', /round of a change/], ['#v=1&preset=hello&at=5:nothing:3', /no setting/],
    ['#v=1&preset=hello&at=5:radius.0:-1', /spectral radius/], ['#v=1&preset=hello&at=5:radius.x:1', /no setting/], ['#v=1&preset=hello&at=5:radius.0:none', /spectral radius/],
    ['#v=1&preset=hello&at=9:learningRate:1&at=5:learningRate:1', /order/], ['#v=1&preset=hello&sample=3:1', /temperature/], ['#v=1&file=book', /file is/],
  ])) assert.throws(() => readLink(hash, fields), (error) => error instanceof Error && why.test(error.message) && error.message.length < 120, hash)
})

/** Does a run again from what its identity tells. @param {import('../../build/unroll/unroll.js').Trainer} trainer @param {import('../../web/engine/session.js').Identity} identity */
async function repeat(trainer, { origin, iteration, weights, figures }) {
  assert.ok(origin && figures)
  await trainer.start({ config: origin.config, text: 'hello' })
  let goal = { iteration, weights, loss: figures.loss, changes: origin.changes }
  for (let at = 0; ;) {
    const next = nextOf(goal, at)
    if (next === 'there') break
    if ('rounds' in next) at = (await trainer.step(next.rounds)).iteration
    else {
      await replay(trainer, next.change)
      goal = withoutFirst(goal)
    }
  }
}

test('a run that was changed by hand is repeated from what its identity tells, to the last bit', async (t) => {
  const [first, second] = [await createTrainer(), await createTrainer()]
  t.after(() => { first.dispose(); second.dispose() })
  await first.start({ config: presets.hello.config, text: 'hello' })
  await first.configure({ learningRate: 0.2 })
  await first.step(10)
  await first.configure({ learningRate: 0.01 })
  await first.step(5)
  await first.poke('output.bias', 1, 0.25)
  await first.poke('output.bias', 1, 0.5)
  await first.step(20)
  const { origin, weights, iteration, figures } = await first.identity()
  assert.ok(origin && figures)
  assert.equal(iteration, 35)
  assert.deepEqual(origin.changes.map(({ iteration, name }) => [iteration, name]), [[0, 'learningRate'], [10, 'learningRate'], [15, 'output.bias']])

  await repeat(second, { iteration, weights, figures, origin })
  assert.deepEqual(await second.identity(), { iteration, figures, origin, weights })
  await second.rewind(34)
  assert.notEqual((await second.identity()).weights, weights, 'other weights have another fingerprint')
  await second.rewind(12)
  assert.deepEqual((await second.identity()).origin?.changes.length, 2, 'what was changed later is not part of it')
})

test('recurrent weights that were scaled by hand are so again, to the last bit, in whatever order', async (t) => {
  const trainers = await Promise.all([createTrainer(), createTrainer()])
  const [first, second] = trainers
  t.after(() => trainers.forEach((trainer) => trainer.dispose()))
  const scale = (/** @type {string} */ gate, /** @type {number | undefined} */ radius) => first.scale({ layer: 0, gate, ...(radius !== undefined && { radius }) })
  const poke = (/** @type {number} */ value) => first.poke('rnn.weight_hh_l0', 2, value)
  /** @type {[(() => Promise<unknown>)[], number][]} what is done, and how many changes tell it */
  const ways = [
    [[() => scale('i', 2), () => scale('i', 1.3), () => scale('i', 0.7)], 1], // each is of what was learned
    [[() => scale('i', 2), () => scale('i', undefined)], 1],
    [[() => scale('i', 2), () => poke(0.5), () => scale('i', 0.9)], 3],
    [[() => poke(0.1), () => scale('i', 2), () => poke(0.5)], 3],
    [[() => poke(0.1), () => poke(0.5), () => scale('i', 2)], 2],
    [[() => scale('i', 2), () => scale('f', 1.1), () => scale('i', 0.4)], 3],
    [[() => scale('i', 1.7), () => first.configure({ learningRate: 0.01 })], 2],
  ]
  for (const [way, told] of ways) {
    await first.start({ config: { ...presets.hello.config, cell: 'lstm' }, text: 'hello' })
    await first.step(7)
    const before = (await first.identity()).weights
    for (const act of way) await act()
    const after = await first.identity()
    assert.equal(after.origin?.changes.length, told, JSON.stringify(after.origin?.changes))
    if (told > 1 || way.length > 2) assert.notEqual(after.weights, before)
    await first.step(6)
    const identity = await first.identity()
    await repeat(second, identity)
    assert.deepEqual(await second.identity(), identity)
  }
})

test('what a scaling was of is not told where it has been forgotten, by a look back or another visit', async (t) => {
  const trainer = await createTrainer()
  t.after(() => trainer.dispose())
  await trainer.start({ config: presets.hello.config, text: 'hello' })
  await trainer.step(7)
  await trainer.scale({ layer: 0, radius: 2 })
  const { bytes, origin } = await trainer.copy()
  await trainer.load({ bytes, text: 'hello', origin })
  assert.ok((await trainer.identity()).origin)
  await trainer.scale({ layer: 0, radius: 1.5 })
  assert.equal((await trainer.identity()).origin, undefined)
  await trainer.step(1)
  await trainer.scale({ layer: 0, radius: 1.5 })
  assert.equal((await trainer.identity()).origin, undefined)
})
